//! egui: reads the state, returns commands; owns no application state.
//!
//! Panels are free functions over a [`Panel`]: the state, the pixels, the canvas, and where commands go. What a
//! person types into a field before it is sent lives in egui's own memory.

pub mod actions;
mod banner;
pub mod canvas;
pub mod drawings;
pub mod fonts;
mod help;
pub mod icons;
mod image_window;
mod leave;
pub mod lock;
mod main_window;
mod menu;
mod notices;
mod palette;
pub mod report;
mod settings;
mod sign_grown;
pub mod sign_in;
mod sign_incomplete;
mod status;
pub mod theme;
pub mod thumbnails;
mod toolbar;
mod trail;
mod typing;
pub mod viewports;
mod waiting;
pub mod worklist;

pub use image_window::{image_window, images};
pub use main_window::main_window;

use std::ffi::OsStr;
use std::path::Path;

use crate::imaging::Stores;
use crate::session::settings::Language;
use crate::session::{Command, Problem, State};
use crate::text::{self, Explain, Message};
use actions::{Action, Deed};
use canvas::Canvas;

/// What a panel gets.
pub struct Panel<'a> {
    /// The state to show.
    pub state: &'a State,
    /// The pixels to show.
    pub stores: &'a Stores,
    /// What paints them.
    pub canvas: &'a Canvas,
    commands: Vec<Command>,
    choice: Option<Choice>,
}

/// What a person wants to choose in a dialog of the system, which only the window can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Files to open.
    Files,
    /// A folder to open.
    Folder,
}

impl<'a> Panel<'a> {
    /// A panel over this state.
    pub fn new(state: &'a State, stores: &'a Stores, canvas: &'a Canvas) -> Self {
        Self { state, stores, canvas, commands: Vec::new(), choice: None }
    }

    /// A person wants this; it is done before the next frame.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// A person wants to choose files or a folder, which are then opened.
    pub fn choose(&mut self, choice: Choice) {
        self.choice = Some(choice);
    }

    /// Does what an action does, if it can be done now.
    pub fn perform(&mut self, action: &Action) {
        for deed in action.deeds(self.state) {
            match deed {
                Deed::Send(command) => self.send(command),
                Deed::Choose(choice) => self.choose(choice),
            }
        }
    }

    /// What a person wants to choose.
    pub fn choice(&self) -> Option<Choice> {
        self.choice
    }

    /// What a person wanted, in order.
    pub fn into_commands(self) -> Vec<Command> {
        self.commands
    }

    /// The language of the program.
    pub fn language(&self) -> Language {
        self.state.shell.settings.language
    }

    /// A sentence of the catalogues.
    pub fn say(&self, message: &Message) -> String {
        text::say(self.language(), message)
    }

    /// The entry `id`, which has no arguments.
    pub fn word(&self, id: &'static str) -> String {
        self.say(&Message::new(id))
    }

    /// The sentence of a problem. One of a file that does not name it is told with the file's name.
    pub fn explain(&self, problem: &Problem) -> String {
        let why = self.say(&problem.message());
        let path = problem.args.iter().find(|(name, _)| name == "path").map(|(_, path)| Path::new(path));
        match path.and_then(Path::file_name).map(OsStr::to_string_lossy) {
            Some(file) if !why.contains(&*file) => {
                self.say(&Message::new("work-file-refused").with("file", file).with("why", why))
            }
            _ => why,
        }
    }
}
