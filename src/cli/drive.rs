//! Turns the wheel without a window: commands in, effects run, events back, until the state has settled.

use crate::session::{Command, Message, Remote, State, update};
use crate::work::Work;

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

/// Whether an answer has come, good or bad.
pub(crate) fn answered<T>(remote: &Remote<T>) -> bool {
    !remote.is_pending()
}
