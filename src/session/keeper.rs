//! What is on its way into the vault: one order at a time, in the order given, so that an older write never
//! overtakes a newer one. What cannot be written is not let go: it is tried again.

use super::kept::KeptCase;
use super::shell::{self, Weight};
use super::{Effect, Problem, RequestId, State, case};
use crate::dicom::Uid;

/// How old a change may become before it is written, ms.
const AUTOSAVE_MS: u64 = 700;
/// How long to wait after a failure, ms.
const RETRY_MS: u64 = 5_000;

/// The orders and how far they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Keeper {
    waiting: Vec<Order>,
    in_flight: Option<(RequestId, Order)>,
    not_before_ms: u64,
    /// Why the last order failed: told once, not at every attempt.
    problem: Option<Problem>,
    /// What the newest order says of a case that is being opened; the vault may still answer with an older one.
    held: Option<(Uid, Option<Box<KeptCase>>)>,
}

/// Something that the vault must do.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Order {
    /// Keep a case, as it was at this revision.
    Keep {
        study: Uid,
        case: Box<KeptCase>,
        revision: u64,
    },
    Forget(Uid),
}

impl Order {
    fn study(&self) -> &Uid {
        match self {
            Self::Keep { study, .. } | Self::Forget(study) => study,
        }
    }

    fn kept(&self) -> Option<Box<KeptCase>> {
        match self {
            Self::Keep { case, .. } => Some(case.clone()),
            Self::Forget(_) => None,
        }
    }
}

impl Keeper {
    /// Nothing is being written and nothing waits.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty()
    }

    /// A case is about to be opened: what is still on its way counts, not what the vault has.
    pub(super) fn hold(&mut self, study: &Uid) {
        let in_flight = self.in_flight.as_ref().map(|(_, order)| order);
        let newest = self.waiting.iter().chain(in_flight).find(|order| order.study() == study);
        self.held = newest.map(|order| (study.clone(), order.kept()));
    }

    /// What was on its way when this case was opened.
    pub(super) fn take_held(&mut self, study: &Uid) -> Option<Option<Box<KeptCase>>> {
        self.held.take().filter(|(held, _)| held == study).map(|(_, kept)| kept)
    }

    /// In place of an older order about the same study.
    fn put(&mut self, order: Order) {
        match self.waiting.iter_mut().find(|waiting| waiting.study() == order.study()) {
            Some(waiting) => *waiting = order,
            None => self.waiting.push(order),
        }
    }
}

/// Whether something that the reader made is not durable.
pub(super) fn owes(state: &State) -> bool {
    let unsaved = |case: &case::Case| case.keeping.revision > case.keeping.kept;
    !state.keeper.is_idle() || state.case.as_ref().is_some_and(unsaved)
}

/// Carries an order out as soon as those before it are done, whatever failed before.
pub(super) fn order(state: &mut State, order: Order) -> Vec<Effect> {
    state.keeper.not_before_ms = 0;
    state.keeper.put(order);
    next(state)
}

/// Writes what has been changed for long enough, and what could not be written before.
pub(super) fn tick(state: &mut State) -> Vec<Effect> {
    let now_ms = state.shell.now_ms;
    if state.keeper.in_flight.is_some() || now_ms < state.keeper.not_before_ms {
        return Vec::new();
    }
    let due = |case: &&case::Case| {
        let since = case.keeping.dirty_since_ms.filter(|_| case.keeping.opened);
        since.is_some_and(|since| now_ms >= since + AUTOSAVE_MS)
    };
    if let Some(order) = state.case.as_ref().filter(due).and_then(case::Case::keep_order) {
        state.keeper.put(order);
    }
    next(state)
}

fn next(state: &mut State) -> Vec<Effect> {
    let idle = state.keeper.in_flight.is_none() && state.shell.now_ms >= state.keeper.not_before_ms;
    if !idle || state.keeper.waiting.is_empty() {
        return Vec::new();
    }
    let order = state.keeper.waiting.remove(0);
    let id = state.request();
    let effect = match &order {
        Order::Keep { study, case, revision } => {
            if let Some(open) = state.case.as_mut().filter(|open| open.study.as_ref() == Some(study)) {
                open.keeping.writing = Some((id, *revision));
            }
            case::Effect::Keep { id, case: case.clone() }
        }
        Order::Forget(study) => case::Effect::Forget { id, study: study.clone() },
    };
    state.keeper.in_flight = Some((id, order));
    vec![Effect::Case(effect)]
}

/// The vault has answered.
pub(super) fn answered(state: &mut State, id: RequestId, outcome: Result<(), Problem>) -> Vec<Effect> {
    let Some((_, order)) = state.keeper.in_flight.take_if(|(awaited, _)| *awaited == id) else {
        return Vec::new();
    };
    match outcome {
        Ok(()) => {
            state.keeper.problem = None;
            state.keeper.not_before_ms = 0;
            if let Some(case) = &mut state.case {
                case.keeping.written(id);
            }
        }
        Err(problem) => failed(state, (id, order), problem),
    }
    let mut effects = next(state);
    effects.extend(shell::kept_all(state));
    effects
}

fn failed(state: &mut State, (id, order): (RequestId, Order), problem: Problem) {
    state.keeper.not_before_ms = state.shell.now_ms + RETRY_MS;
    let open = state.case.as_mut().filter(|case| case.keeping.is_writing(id));
    match open {
        // The case itself will be kept as it is then.
        Some(case) => case.keeping.failed(problem.clone()),
        None if state.keeper.waiting.iter().all(|waiting| waiting.study() != order.study()) => {
            state.keeper.waiting.push(order);
        }
        None => {}
    }
    if state.keeper.problem.as_ref() != Some(&problem) {
        state.keeper.problem = Some(problem.clone());
        shell::tell(state, problem, Weight::Fault);
    }
    shell::not_kept(state);
}
