//! PURE. The application state and its only update function.
//!
//! [`Command`]s come from a person (keys, mouse, command line), [`Event`]s from `work`; [`update`] changes the
//! state and says which [`Effect`]s must run. All three are plain data: a recorded list of messages replays to
//! the same state. Every effect carries a request id; an event whose id is no longer awaited is dropped.

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

/// What the state is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A person did something.
    Command(Command),
    /// `work` reports.
    Event(Event),
}

/// The only function that changes the state.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Command(command) => {
            state.next_request += 1;
            let id = state.next_request;
            match command {
                Command::Worklist(command) => state.worklist.on_command(id, command),
                Command::Study(command) => state.study.on_command(id, command),
                Command::Outbox(command) => state.outbox.on_command(id, command),
            }
        }
        Message::Event(event) => {
            match event {
                Event::Worklist(event) => state.worklist.on_event(event),
                Event::Study(event) => state.study.on_event(event),
                Event::Outbox(event) => state.outbox.on_event(event),
            }
            Vec::new()
        }
    }
}
