//! What happens with a case: it opens, its images come, what was made on it is kept, and the next one follows.

use std::path::PathBuf;

use super::{Case, Command, Effect, Event, Origin, again, growth};
use crate::dicom::Uid;
use crate::session::Effect as Any;
use crate::session::keeper::{self, Order};
use crate::session::kept::KeptCase;
use crate::session::shell::{self, Screen, Weight};
use crate::session::study::{Fetched, Pace};
use crate::session::{Problem, RequestId, State, draft, drawings, lock, pixels, sign_in, viewer, worklist};

/// The reader changed something of the open case: it is kept before two seconds have passed. Cheap: nothing is
/// looked at or copied.
pub(in crate::session) fn touched(state: &mut State) {
    let now_ms = state.shell.now_ms;
    if let Some(case) = state.case.as_mut().filter(|case| case.centre().is_some()) {
        case.keeping.changed(now_ms);
    }
}

pub(in crate::session) fn on_command(state: &mut State, command: Command) -> Vec<Any> {
    match command {
        Command::Open { centre, study } => open(state, centre, study),
        Command::OpenFiles(paths) => open_files(state, paths),
        Command::Retry => {
            let mut effects = retry(state);
            effects.extend(pixels::retry(state));
            effects
        }
        Command::Close => close(state),
        Command::Next => {
            if let Some(study) = state.case.as_ref().and_then(|case| case.study.clone()) {
                worklist::pass(state, study);
            }
            let mut effects = settle(state);
            effects.extend(go_on(state));
            effects
        }
    }
}

/// Opens a study; what was open before is kept first. The case that is open already is only shown.
fn open(state: &mut State, centre: String, study: Uid) -> Vec<Any> {
    let is_open = |case: &Case| case.centre() == Some(&centre) && case.study.as_ref() == Some(&study);
    if state.case.as_ref().is_some_and(is_open) {
        state.shell.screen = Screen::Reading;
        return Vec::new();
    }
    let mut effects = settle(state);
    effects.push(begin(state, centre, study));
    effects
}

fn begin(state: &mut State, centre: String, study: Uid) -> Any {
    worklist::note_received(state);
    state.keeper.hold(&study);
    let id = state.request();
    let row = state.worklist.row(&study).cloned();
    let case = Case::new(Origin::Centre(centre.clone()), id, state.shell.now_ms);
    state.case = Some(Case { study: Some(study.clone()), row, ..case });
    state.worklist.selected = Some(study.clone());
    state.shell.screen = Screen::Reading;
    Any::Case(Effect::Open { id, centre, study })
}

fn open_files(state: &mut State, paths: Vec<PathBuf>) -> Vec<Any> {
    let mut effects = settle(state);
    worklist::note_received(state);
    let id = state.request();
    state.case = Some(Case::new(Origin::Files(paths.clone()), id, state.shell.now_ms));
    state.shell.screen = Screen::Reading;
    effects.push(Any::Case(Effect::OpenFiles { id, paths }));
    effects
}

/// Asks again for what has not come; what is here and what was made stays.
pub(in crate::session) fn retry(state: &mut State) -> Vec<Any> {
    let id = state.request();
    let Some(case) = state.case.as_mut().filter(|case| !case.arrived.is_pending()) else {
        return Vec::new();
    };
    case.request = id;
    case.arrived.ask();
    case.again.at_ms = None;
    case.refused.clear();
    case.pace = None;
    let effect = match (&case.origin, &case.study) {
        (Origin::Centre(centre), Some(study)) => {
            Effect::Open { id, centre: centre.clone(), study: study.clone() }
        }
        (Origin::Files(paths), _) => Effect::OpenFiles { id, paths: paths.clone() },
        (Origin::Centre(_), None) => return Vec::new(),
    };
    vec![Any::Case(effect)]
}

/// Has what the reader made kept, or forgets a case on which nothing was made.
pub(in crate::session) fn settle(state: &mut State) -> Vec<Any> {
    let Some(case) = state.case.as_ref().filter(|case| case.centre().is_some()) else {
        return Vec::new();
    };
    let keeping = &case.keeping;
    let (known, due) = (keeping.opened, keeping.revision > keeping.kept);
    let being_written = keeping.writing.is_some_and(|(_, revision)| revision == keeping.revision);
    let order = match &case.study {
        Some(study) if case.is_bare() => known.then(|| Order::Forget(study.clone())),
        _ if due && !being_written => case.keep_order(),
        _ => None,
    };
    order.map(|order| keeper::order(state, order)).unwrap_or_default()
}

/// Has what the reader made kept, if the vault has not got it.
pub(in crate::session) fn keep_now(state: &mut State) -> Vec<Any> {
    let order = state.case.as_ref().and_then(|case| {
        let keeping = &case.keeping;
        let being_written = keeping.writing.is_some_and(|(_, revision)| revision == keeping.revision);
        let due = keeping.opened && keeping.revision > keeping.kept && !being_written;
        due.then(|| case.keep_order()).flatten()
    });
    order.map(|order| keeper::order(state, order)).unwrap_or_default()
}

/// A case that has just been opened is as it was kept, before the vault says so.
pub(in crate::session) fn restored(state: &mut State, kept: Box<KeptCase>) -> Vec<Any> {
    opened(state, Some(kept))
}

/// Keeps the case and closes it.
pub(in crate::session) fn end(state: &mut State) -> Vec<Any> {
    let mut effects = settle(state);
    worklist::note_received(state);
    if state.case.take().is_some() {
        effects.push(Any::Case(Effect::Close { id: state.request() }));
    }
    effects
}

fn close(state: &mut State) -> Vec<Any> {
    if state.case.is_none() {
        return Vec::new();
    }
    let mut effects = end(state);
    let signed_in = state.sign_in.signed_in().is_some();
    state.shell.screen = if signed_in { Screen::Worklist } else { Screen::SignIn };
    effects.extend(worklist::refresh(state));
    effects
}

/// The next case of the list that is not read, in place of the open one, which is kept or done; else the list.
pub(in crate::session) fn go_on(state: &mut State) -> Vec<Any> {
    let current = state.case.as_ref().and_then(|case| case.study.clone());
    let next = worklist::next_unread(state, current.as_ref());
    let centre = state.sign_in.centre().map(str::to_owned);
    match (centre, next) {
        (Some(centre), Some(study)) => vec![begin(state, centre, study)],
        _ => {
            // What was to be kept has been ordered: closing must not order it anew.
            worklist::note_received(state);
            let was_open = state.case.take().is_some();
            let mut effects = Vec::new();
            if was_open {
                effects.push(Any::Case(Effect::Close { id: state.request() }));
            }
            let signed_in = state.sign_in.signed_in().is_some();
            state.shell.screen = if signed_in { Screen::Worklist } else { Screen::SignIn };
            effects.extend(worklist::refresh(state));
            effects
        }
    }
}

/// Asks which case was open when the program last died.
pub(in crate::session) fn recall(state: &mut State) -> Any {
    Any::Case(Effect::Recall { id: state.request() })
}

pub(in crate::session) fn on_event(state: &mut State, event: Event) -> Vec<Any> {
    let now_ms = state.shell.now_ms;
    lock::note(state, &event);
    match event {
        Event::Kept { id, outcome } | Event::Forgotten { id, outcome } => {
            return keeper::answered(state, id, outcome);
        }
        Event::Recalled { outcome, .. } => return recalled(state, outcome),
        Event::Closed { id } => shell::closed(state, id),
        Event::Looked { id, outcome } => {
            growth::looked(state, id, outcome);
            return viewer::settled(state);
        }
        Event::Offline { id } if is_awaited(state, id) => {
            let problem = Problem { id: "growth-offline".into(), args: Vec::new() };
            shell::tell(state, problem, Weight::Note);
        }
        Event::Opened { id, kept } if is_awaited(state, id) => return opened(state, kept),
        Event::Arrived { id, outcome } if is_awaited(state, id) => {
            arrived(state, outcome);
            return viewer::settled(state);
        }
        Event::Catalogued { id, catalogue } => {
            if let Some(case) = awaited(state, id) {
                let first = catalogue.first().map(|entry| entry.study.uid.clone());
                case.study = case.study.take().or(first);
                case.catalogue = catalogue;
                return viewer::catalogued(state);
            }
        }
        Event::Progress { id, progress } => {
            if let Some(case) = awaited(state, id) {
                case.progress = progress;
                case.pace.get_or_insert(Pace { since_ms: now_ms, received: progress.received });
            }
        }
        Event::Refused { id, problems } => {
            if let Some(case) = awaited(state, id) {
                case.refused.extend(problems.iter().cloned());
                refused(state, &problems);
            }
        }
        Event::Opened { .. } | Event::Arrived { .. } | Event::Offline { .. } => {}
    }
    Vec::new()
}

fn awaited(state: &mut State, id: RequestId) -> Option<&mut Case> {
    state.case.as_mut().filter(|case| case.request == id)
}

fn is_awaited(state: &mut State, id: RequestId) -> bool {
    awaited(state, id).is_some()
}

/// What was kept comes back, once: after that, what is here is newer.
fn opened(state: &mut State, kept: Option<Box<KeptCase>>) -> Vec<Any> {
    let Some(case) = state.case.as_mut().filter(|case| !case.keeping.opened) else {
        return Vec::new();
    };
    case.keeping.opened = true;
    let before = case.keeping.clone();
    let held = case.study.as_ref().and_then(|study| state.keeper.take_held(study));
    let Some(kept) = held.unwrap_or(kept) else { return Vec::new() };
    viewer::restore(state, &kept);
    let effects = drawings::restore(state, &kept);
    draft::restore(state, &kept);
    if let Some(case) = &mut state.case {
        case.keeping = before;
    }
    effects
}

/// A centre's by their kind; files in one notice, for their names are beside the thumbnails.
fn refused(state: &mut State, problems: &[Problem]) {
    const MANY: &str = "work-files-refused";
    let Some(case) = &state.case else { return };
    if case.centre().is_some() {
        problems.iter().for_each(|problem| shell::tell_kind(state, problem, Weight::Warning));
        return;
    }
    let is_told = |told: &Problem| told.id == MANY || case.refused.contains(told);
    state.shell.notices.retain(|notice| !is_told(&notice.problem));
    let problem = match &case.refused[..] {
        [] => return,
        [only] => only.clone(),
        many => Problem { id: MANY.into(), args: vec![("count".into(), many.len().to_string())] },
    };
    shell::tell(state, problem, Weight::Warning);
}

fn arrived(state: &mut State, outcome: Result<Fetched, Problem>) {
    let now_ms = state.shell.now_ms;
    let Some(case) = &mut state.case else { return };
    growth::arrived(case, now_ms);
    let troubles: Vec<_> = match &outcome {
        Ok(fetched) => {
            case.progress.expected = Some(fetched.expected);
            case.progress.received = fetched.received;
            fetched.failures.iter().map(|failure| failure.problem.clone()).collect()
        }
        Err(problem) => {
            if !case.keeping.opened {
                // The vault did not even say what it has of the case.
                case.keeping.problem = Some(problem.clone());
            }
            vec![problem.clone()]
        }
    };
    let nothing_came = outcome.is_err();
    case.arrived.answer(outcome);
    let is_known = case.again.is_known();
    again::arrived(case, state.shell.now_ms, &troubles);
    if case.again.at_ms.is_none() {
        // The line is back: what was told of it is no longer so.
        state.shell.notices.retain(|notice| !again::is_of_the_line(&notice.problem));
    }
    let at_own_centre = case.centre() == state.sign_in.centre();
    // An outage is told once, however often the rest is asked for in it.
    for problem in troubles.iter().filter(|problem| !(is_known && again::is_of_the_line(problem))) {
        let fault = nothing_came || shell::is_locked_out(problem);
        shell::tell_kind(state, problem, if fault { Weight::Fault } else { Weight::Warning });
        if at_own_centre {
            sign_in::ask_again(state, problem);
        }
    }
}

/// The case that was open when the program died comes back, unless the reader has gone on or elsewhere.
fn recalled(state: &mut State, outcome: Result<Option<(String, Uid)>, Problem>) -> Vec<Any> {
    match outcome {
        Ok(Some((centre, study))) if state.case.is_none() && state.sign_in.centre() == Some(&centre) => {
            vec![begin(state, centre, study)]
        }
        Ok(_) => Vec::new(),
        Err(problem) => {
            shell::tell(state, problem, Weight::Warning);
            Vec::new()
        }
    }
}
