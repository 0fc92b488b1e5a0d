//! PURE. The application state and its only update function.
//!
//! [`Command`]s come from a person (keys, mouse, command line), [`Event`]s from `work`; [`update`] changes the
//! state and says which [`Effect`]s must run. All three are plain data: a recorded list of messages replays to
//! the same state. Every effect carries a request id; an event whose id is no longer awaited is dropped.

pub mod case;
pub mod draft;
pub mod drawings;
mod find;
mod keeper;
pub mod kept;
pub mod lock;
#[cfg(test)]
mod made;
pub mod message;
pub mod outbox;
pub mod pixels;
pub mod remote;
pub mod settings;
pub mod shell;
pub mod sign_in;
pub mod study;
pub mod trail;
pub mod viewer;
pub mod worklist;

pub use message::{Command, Effect, Event, Problem, RequestId};
pub use remote::Remote;

/// The application state, a slice a concern.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Screens, dialogs, notices, settings.
    pub shell: shell::Shell,
    /// Who reads for which centre.
    pub sign_in: sign_in::SignIn,
    /// The list of what waits to be read.
    pub worklist: worklist::Worklist,
    /// A study being brought home without being opened.
    pub study: study::OpenStudy,
    /// The open case.
    pub case: Option<case::Case>,
    /// Reports on their way to the centre.
    pub outbox: outbox::Outbox,
    /// Whether somebody is there.
    pub lock: lock::Lock,
    /// The audit trail, while somebody looks at it.
    pub trail: trail::Trail,
    keeper: keeper::Keeper,
    next_request: RequestId,
}

impl State {
    /// A name for a new request.
    fn request(&mut self) -> RequestId {
        self.next_request += 1;
        self.next_request
    }
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
        Message::Command(command) if !lock::lets(state, &command) => Vec::new(),
        Message::Event(event) if !lock::hears(state, &event) => Vec::new(),
        Message::Command(command) => match command {
            Command::Shell(command) => shell::on_command(state, command),
            Command::SignIn(command) => sign_in::on_command(state, command),
            Command::Case(command) => case::on_command(state, command),
            Command::Viewer(command) => viewer::on_command(state, command),
            Command::Drawings(command) => drawings::on_command(state, command),
            Command::Draft(command) => draft::on_command(state, command),
            Command::Worklist(command) => worklist::on_command(state, command),
            Command::Study(command) => study::on_command(state, command),
            Command::Outbox(command) => outbox::on_command(state, command),
            Command::Lock(command) => lock::on_command(state, command),
            Command::Trail(command) => trail::on_command(state, command),
        },
        Message::Event(event) => match event {
            Event::Shell(event) => shell::on_event(state, event),
            Event::SignIn(event) => sign_in::on_event(state, event),
            Event::Case(event) => case::on_event(state, event),
            Event::Pixels(event) => pixels::on_event(state, event),
            Event::Drawings(event) => drawings::on_event(state, event),
            Event::Worklist(event) => worklist::on_event(state, event),
            Event::Study(event) => study::on_event(state, event),
            Event::Outbox(event) => outbox::on_event(state, event),
            Event::Lock(event) => lock::on_event(state, event),
            Event::Trail(event) => trail::on_event(state, event),
        },
    }
}

#[cfg(test)]
mod tests;
