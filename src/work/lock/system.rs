//! The session of the system is locked, or the machine goes to sleep: told by logind over the system's D-Bus
//! (org.freedesktop.login1: `Session.Lock`, `Manager.PrepareForSleep`). Quietly absent where there is none of it.
//!
//! Before a sleep logind is asked to wait a moment (a delay inhibitor), so that nothing is on screen when the machine
//! wakes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{Connection, Proxy};

use crate::session::{Event, lock};
use crate::work::ground::Ground;

const LOGIND: &str = "org.freedesktop.login1";
/// How long a sleep is held up at most; logind itself allows five seconds.
const HOLD_UP: Duration = Duration::from_secs(3);

/// Listens for as long as the system speaks.
pub(in crate::work) async fn heed(ground: Arc<Ground>) {
    let Ok(bus) = Connection::system().await else { return };
    if let Err(error) = listen(&bus, &ground).await {
        tracing::debug!(%error, "no logind: the idle lock stays");
    }
}

async fn listen(bus: &Connection, ground: &Arc<Ground>) -> zbus::Result<()> {
    let manager =
        Proxy::new(bus, LOGIND, "/org/freedesktop/login1", "org.freedesktop.login1.Manager").await?;
    let mut sleeps = manager.receive_signal("PrepareForSleep").await?;
    let session: zbus::Result<OwnedObjectPath> = manager.call("GetSessionByPID", &std::process::id()).await;
    let mut locks = match session {
        Ok(path) => {
            let session = Proxy::new(bus, LOGIND, path, "org.freedesktop.login1.Session").await?;
            session.receive_signal("Lock").await?.boxed()
        }
        // Started by a service manager: no session, but the machine sleeps all the same.
        Err(_) => futures_util::stream::pending().boxed(),
    };
    let mut inhibitor = inhibit(&manager).await;
    loop {
        tokio::select! {
            Some(_) = locks.next() => away(ground).await,
            Some(signal) = sleeps.next() => {
                if signal.body().deserialize::<bool>()? {
                    away(ground).await;
                    blanked(ground).await;
                    inhibitor = None;
                } else if inhibitor.is_none() {
                    inhibitor = inhibit(&manager).await;
                }
            }
            else => return Ok(()),
        }
    }
}

/// Until this is dropped logind waits with a sleep; without the right to it, it does not wait.
async fn inhibit(manager: &Proxy<'_>) -> Option<OwnedFd> {
    let why = ("sleep", "Dokuei", "takes patients' images off the screen", "delay");
    manager.call("Inhibit", &why).await.ok()
}

async fn away(ground: &Ground) {
    ground.tell(Event::Lock(lock::Event::Away)).await;
}

/// Waits until the workstation is locked; one with nothing to hide is never.
async fn blanked(ground: &Ground) {
    let closed = async {
        while !ground.gate().is_closed() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = tokio::time::timeout(HOLD_UP, closed).await;
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::os::unix::net::UnixStream;
    use std::process::{Child, Command, Stdio};
    use std::sync::Mutex;

    use tokio::sync::mpsc;
    use zbus::object_server::SignalEmitter;

    use super::*;
    use crate::session::lock::Way;
    use crate::site::{Centre, Home, Profile};
    use crate::work::Secrets;
    use crate::work::launch::Doors;
    use crate::work::threads::lock as guard;
    use zeroize::Zeroizing;

    const SESSION: &str = "/org/freedesktop/login1/session/_31";

    struct Nothing;

    impl Secrets for Nothing {
        fn passphrase(&self) -> Option<Zeroizing<String>> {
            None
        }

        fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
            None
        }

        fn password(&self, _: &Centre, _: &str) -> Option<Zeroizing<String>> {
            None
        }
    }

    /// A logind of our own. It keeps our end of each inhibitor: that ends when the other is let go.
    #[derive(Clone, Default)]
    struct Manager(Arc<Mutex<Vec<UnixStream>>>);

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl Manager {
        #[zbus(name = "GetSessionByPID")]
        fn session(&self, _pid: u32) -> OwnedObjectPath {
            OwnedObjectPath::try_from(SESSION).unwrap()
        }

        #[zbus(name = "Inhibit")]
        fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> OwnedFd {
            assert_eq!((what, mode), ("sleep", "delay"));
            let (ours, theirs) = UnixStream::pair().unwrap();
            guard(&self.0).push(ours);
            std::os::fd::OwnedFd::from(theirs).into()
        }

        #[zbus(signal, name = "PrepareForSleep")]
        async fn sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
    }

    struct Session;

    #[zbus::interface(name = "org.freedesktop.login1.Session")]
    impl Session {
        #[zbus(signal, name = "Lock")]
        async fn lock(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
    }

    /// A bus of this test's own; ends with it.
    struct Bus(Child, String);

    impl Bus {
        fn start() -> Option<Self> {
            let mut daemon = Command::new("dbus-daemon");
            daemon.args(["--session", "--nofork", "--print-address=1"]);
            let mut child = daemon.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
            let mut address = String::new();
            BufReader::new(child.stdout.take()?).read_line(&mut address).ok()?;
            Some(Self(child, address.trim().to_owned()))
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a case that cannot run says so")]
    fn the_systems_lock_and_its_sleep_are_heard_and_the_sleep_waits_until_nothing_is_on_screen() {
        let Some(bus) = Bus::start() else {
            eprintln!("skipped: no dbus-daemon");
            return;
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let builder = || zbus::connection::Builder::address(bus.1.as_str()).unwrap();
            let logind = Manager::default();
            let manager_path = "/org/freedesktop/login1";
            let system = builder().name(LOGIND).unwrap().serve_at(manager_path, logind.clone()).unwrap();
            let system = system.serve_at(SESSION, Session).unwrap().build().await.unwrap();
            let (events, mut inbox) = mpsc::channel(8);
            let folder = tempfile::tempdir().unwrap();
            let doors = Doors { secrets: Box::new(Nothing), demo: None };
            let home = Home::in_folder(folder.path());
            let ground = Arc::new(Ground::new(home, Profile::default(), None, doors, events));
            let ours = builder().build().await.unwrap();
            let hearing = Arc::clone(&ground);
            drop(tokio::spawn(async move { listen(&ours, &hearing).await }));
            while guard(&logind.0).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let away = Event::Lock(lock::Event::Away);
            Session::lock(&SignalEmitter::new(&system, SESSION).unwrap()).await.unwrap();
            assert_eq!(inbox.recv().await, Some(away.clone()));
            Manager::sleep(&SignalEmitter::new(&system, manager_path).unwrap(), true).await.unwrap();
            assert_eq!(inbox.recv().await, Some(away));
            let mut inhibitor = guard(&logind.0).pop().unwrap();
            inhibitor.set_nonblocking(true).unwrap();
            assert!(inhibitor.read(&mut [0]).is_err(), "it is held until the screen is blank");
            ground.gate().close(1, Way::Button, false);
            inhibitor.set_nonblocking(false).unwrap();
            let released = tokio::task::spawn_blocking(move || inhibitor.read(&mut [0]).unwrap());
            assert_eq!(released.await.unwrap(), 0, "let go");
            Manager::sleep(&SignalEmitter::new(&system, manager_path).unwrap(), false).await.unwrap();
            while guard(&logind.0).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
}
