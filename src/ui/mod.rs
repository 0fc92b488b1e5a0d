//! egui: reads the state, returns commands; owns no application state.
//!
//! Panels are free functions over a [`Panel`]: the state, the pixels, the canvas, and where commands go. What a
//! person types into a field before it is sent lives in egui's own memory.

pub mod canvas;
pub mod drawings;
pub mod report;
pub mod sign_in;
pub mod theme;
pub mod thumbnails;
mod typing;
pub mod viewports;
pub mod worklist;

use crate::imaging::Stores;
use crate::session::settings::Language;
use crate::session::{Command, Problem, State};
use crate::text::{self, Explain, Message};
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
}

impl<'a> Panel<'a> {
    /// A panel over this state.
    pub fn new(state: &'a State, stores: &'a Stores, canvas: &'a Canvas) -> Self {
        Self { state, stores, canvas, commands: Vec::new() }
    }

    /// A person wants this; it is done before the next frame.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
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

    /// The sentence of a problem.
    pub fn explain(&self, problem: &Problem) -> String {
        self.say(&problem.message())
    }
}
