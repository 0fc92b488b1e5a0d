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
