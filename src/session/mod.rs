//! PURE. The application state and its only update function.
//!
//! [`Command`]s come from a person (keys, mouse, command line), [`Event`]s from `work`; [`State::update`]
//! changes the state and says which [`Effect`]s must run. All three are plain data: a recorded list of
//! messages replays to the same state. Every effect carries a request id; an event whose id is no longer
//! awaited is dropped.

pub mod message;
pub mod outbox;
pub mod remote;
pub mod study;
pub mod worklist;

pub use message::{Command, Effect, Event, Problem, RequestId};
pub use remote::Remote;

/// The application state, a slice a concern.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The list of what waits to be read.
    pub worklist: worklist::Worklist,
    /// The study being brought home.
    pub study: study::OpenStudy,
    /// Reports on their way to the centre.
    pub outbox: outbox::Outbox,
    next_request: RequestId,
}

impl State {
    /// A person did something.
    pub fn on_command(&mut self, command: Command) -> Vec<Effect> {
        self.next_request += 1;
        let id = self.next_request;
        match command {
            Command::Worklist(command) => self.worklist.on_command(id, command),
            Command::Study(command) => self.study.on_command(id, command),
            Command::Outbox(command) => self.outbox.on_command(id, command),
        }
    }

    /// `work` reports.
    pub fn on_event(&mut self, event: Event) {
        match event {
            Event::Worklist(event) => self.worklist.on_event(event),
            Event::Study(event) => self.study.on_event(event),
            Event::Outbox(event) => self.outbox.on_event(event),
        }
    }
}
