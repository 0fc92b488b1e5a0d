//! Turns the wheel without a window: commands in, effects run, events back, until the state has settled.

use super::context::Failure;
use crate::session::{Command, Message, Remote, State, update};
use crate::work::{Work, WorkError};

/// Gives `command` to the state and drains events until `settled`; `watch` sees the state after each.
pub(crate) fn until(
    work: &mut Work,
    state: &mut State,
    command: Command,
    settled: impl Fn(&State) -> bool,
    mut watch: impl FnMut(&State),
) {
    for effect in update(state, Message::Command(command)) {
        work.run(effect);
    }
    while !settled(state) {
        let Some(event) = work.next_event() else { return };
        update(state, Message::Event(event));
        watch(state);
    }
}

/// The answer, or why there is none. Work that ended without one is a failure: it must never look like an
/// empty answer.
pub(crate) fn settled<T>(remote: Remote<T>) -> Result<T, Failure> {
    match remote {
        Remote::Ready(value) => Ok(value),
        Remote::Failed { problem, .. } => Err(problem.into()),
        Remote::NotAsked | Remote::Pending { .. } => Err(WorkError::Stopped.into()),
    }
}

/// Whether an answer has come, good or bad.
pub(crate) fn answered<T>(remote: &Remote<T>) -> bool {
    !remote.is_pending()
}
