//! What the window is started with. This room only says it; `main` hands it on.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::context::{Context, Failure};
use super::demo::{self, Door};
use crate::demo::line::Condition;
use crate::site::{Centre, Home, Profile};
use crate::text::{Explain, Message};
use crate::work::{Launch, Opening, Secrets};

/// Why there is no window.
enum NoWindow {
    /// `dokuei-cli` opens none.
    Console,
    /// The session has no display.
    Display,
}

impl Explain for NoWindow {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::Console => "cli-console-only",
            Self::Display => "cli-no-window",
        })
    }
}

/// The workstation on this home.
pub(crate) fn workstation(context: &Context) -> Result<Launch, Failure> {
    launch(context, Opening::Workstation)
}

/// Files and folders.
pub(crate) fn files(context: &Context, paths: &[PathBuf]) -> Result<Launch, Failure> {
    launch(context, Opening::Files(paths.to_owned()))
}

fn launch(context: &Context, opening: Opening) -> Result<Launch, Failure> {
    check(context)?;
    Ok(Launch {
        home: context.home.clone(),
        profile: context.profile.clone(),
        language: context.out.language,
        opening,
        secrets: Box::new(context.secrets_at_hand()),
        demo: Box::new(Door::new(context.home.demo())),
    })
}

/// The workstation signed in to a fresh demo centre, on a home of this run alone: nothing of made-up patients
/// comes among real ones. Its vault is opened by a passphrase that nobody knows.
///
/// The centre is reached over a line of this condition, where there is one.
pub(crate) fn demo(context: &Context, line: Option<Condition>) -> Result<Launch, Failure> {
    check(context)?;
    let folder = demo::fresh_folder(&context.home.demo())?;
    let (secrets, home) = (OneRun::new(), Home::in_folder(&folder));
    let door = Door::new(context.home.demo()).with_line(line).with_home(folder);
    Ok(Launch {
        home,
        profile: Profile { reader: demo::reader(), ..Profile::default() },
        language: context.out.language,
        opening: Opening::Demo,
        secrets: Box::new(secrets),
        demo: Box::new(door),
    })
}

fn check(context: &Context) -> Result<(), NoWindow> {
    match (context.console, has_display()) {
        (true, _) => Err(NoWindow::Console),
        (false, false) => Err(NoWindow::Display),
        (false, true) => Ok(()),
    }
}

/// Whether a window could be shown.
pub(crate) fn has_display() -> bool {
    let named = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(named)
}

/// A passphrase for one run.
struct OneRun(Zeroizing<String>);

impl OneRun {
    fn new() -> Self {
        Self(Zeroizing::new(uuid::Uuid::new_v4().to_string()))
    }
}

impl Secrets for OneRun {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        Some(self.0.clone())
    }

    fn password(&self, _: &Centre, _: &str) -> Option<Zeroizing<String>> {
        None
    }
}
