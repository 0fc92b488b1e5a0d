//! Windows of the system: which GPU, and what happens when it goes away.

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use eframe::egui_wgpu::WgpuSetupCreateNew;
use eframe::wgpu::{Backends, InstanceFlags};
use eframe::{NativeOptions, Renderer};
use egui::ViewportBuilder;

use super::windows::TITLE;
use super::{App, Core, DRAIN, Outcome, lock};
use crate::session::sign_in::{CentreChoice, Command as SignIn, Secret};
use crate::session::{Command, Problem, State, case, shell};
use crate::text::{self, Explain, Language, Message};
use crate::ui::canvas::{PROBES, device_descriptor};
use crate::work::{self, Launch, Opening};

/// How long the end of the program waits for what is not durable yet.
const PATIENCE: Duration = Duration::from_secs(5);
/// A GPU that is lost sooner after a window opened is not tried again.
const SOON: Duration = Duration::from_secs(10);
/// Names a file that the demo's driver reads (see `screen_map`).
const SCREEN_MAP: &str = "DOKUEI_SCREEN_MAP";

/// Opens the workstation and returns when the reader has left.
pub fn run(launch: Launch) -> ExitCode {
    let language = launch.language;
    let demo = launch.opening == Opening::Demo;
    let screen_map = std::env::var_os(SCREEN_MAP).filter(|_| demo).map(Into::into);
    let first = first(&launch);
    let (work, _) = match launch.begin() {
        Ok(begun) => begun,
        Err(error) => return complain(language, &error.message()),
    };
    let mut state = State::default();
    // The settings are told a little later; the first frame speaks the right language already.
    state.shell.settings.language = language;
    let mut core = Core::with_state(work, state).with_screen_map(screen_map);
    if let Some(command) = first {
        core.command(command);
    }
    let core = Arc::new(Mutex::new(core));
    let shown = show_until_left(&core);
    lock(&core).settle(PATIENCE);
    let language = lock(&core).state().shell.settings.language;
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => complain(language, &Message::new("shell-no-window").with("why", why)),
    }
}

/// What a person would do first: where the one centre's password is at hand, sign in.
fn first(launch: &Launch) -> Option<Command> {
    let enter = |centre, user, password| {
        let (passphrase, certificate_password) = (None, None);
        Some(Command::SignIn(SignIn::Enter { centre, user, password, passphrase, certificate_password }))
    };
    match &launch.opening {
        Opening::Files(paths) => Some(Command::Case(case::Command::OpenFiles(paths.clone()))),
        Opening::Demo => enter(CentreChoice::Demo, String::new(), Secret::default()),
        Opening::Workstation => {
            let [centre] = launch.profile.centres.as_slice() else { return None };
            let user = centre.user.clone()?;
            let password = launch.secrets.password(centre, &user)?;
            enter(CentreChoice::Known(centre.name.clone()), user, Secret(password))
        }
    }
}

/// One window after another over the same core, until the reader leaves. Each backend is tried until one gives a
/// window; a backend whose GPU is lost soon gives way to the next.
fn show_until_left(core: &Arc<Mutex<Core>>) -> Result<(), String> {
    let mut tried = Vec::new();
    let mut probes = PROBES.into_iter().peekable();
    while let Some(backends) = probes.peek().copied() {
        let opened = Instant::now();
        match show(core, backends) {
            Ok(Outcome::Left) => return Ok(()),
            Ok(Outcome::GpuLost) => {
                let mut core = lock(core);
                core.settle(PATIENCE);
                let problem = Problem::from(Message::new("shell-gpu-lost"));
                core.command(Command::Shell(shell::Command::Tell(problem, shell::Weight::Note)));
                if opened.elapsed() < SOON {
                    tried.push(format!("{backends:?}: lost"));
                    probes.next();
                }
            }
            Err(error) => {
                tracing::warn!(?backends, %error, "no window");
                tried.push(format!("{backends:?}: {error}"));
                probes.next();
            }
        }
    }
    Err(tried.join("; "))
}

fn show(core: &Arc<Mutex<Core>>, backends: Backends) -> eframe::Result<Outcome> {
    let outcome = Arc::<Mutex<Outcome>>::default();
    let (held, told) = (Arc::clone(core), Arc::clone(&outcome));
    let ahead = Ahead::of(core);
    eframe::run_native(
        TITLE,
        options(backends),
        Box::new(move |cc| {
            drop(ahead);
            Ok(Box::new(App::over(cc, held, told)))
        }),
    )?;
    let outcome = *lock(&outcome);
    Ok(outcome)
}

/// Turns the wheel while the system makes the window, which takes a while: the first frame may show the worklist.
/// Ends when it is dropped.
struct Ahead(Arc<AtomicBool>);

impl Ahead {
    fn of(core: &Arc<Mutex<Core>>) -> Self {
        let over = Arc::<AtomicBool>::default();
        let (core, ended) = (Arc::clone(core), Arc::clone(&over));
        work::repeat("ahead", DRAIN, move || {
            lock(&core).drain(DRAIN);
            !ended.load(Ordering::Relaxed)
        });
        Self(over)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn options(backends: Backends) -> NativeOptions {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    setup.instance_descriptor.backends = backends;
    // Driver validation layers are for debugging drivers; wgpu's own checks are always on.
    setup.instance_descriptor.flags = InstanceFlags::empty();
    setup.device_descriptor = Arc::new(device_descriptor);
    let mut options = NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title(TITLE)
            .with_app_id("dokuei")
            .with_inner_size([1366.0, 768.0])
            .with_maximized(true)
            .with_min_inner_size([960.0, 600.0]),
        renderer: Renderer::Wgpu,
        // Grey levels reach the screen as they were computed.
        dithering: false,
        multisampling: 0,
        persist_window: false,
        ..NativeOptions::default()
    };
    options.wgpu_options.wgpu_setup = setup.into();
    options
}

/// Says why there is no window where it can be seen.
fn complain(language: Language, message: &Message) -> ExitCode {
    let sentence = text::say(language, message);
    tracing::error!(id = message.id(), "no window");
    let _ = writeln!(std::io::stderr(), "{sentence}");
    if cfg!(windows) {
        // A GUI program has no console there.
        let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error);
        dialog.set_title(TITLE).set_description(sentence).show();
    }
    ExitCode::FAILURE
}
