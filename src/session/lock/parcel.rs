//! What a lock takes away and brings back: the parcel, which may name patients and is sealed, and what stays in the
//! state, which names nobody.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::dicom::Uid;
use crate::session::case::{self, Case, Origin};
use crate::session::kept::KeptCase;
use crate::session::shell::{self, Notice, Screen, Weight};
use crate::session::viewer::Tool;
use crate::session::{Effect, Problem, State, draft, drawings};

/// What may name patients: the draft and the words on the drawings, names of files, what was looked for in the
/// worklist, and what the reader was told. `Debug` shows none of it.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Parcel {
    case: Option<KeptCase>,
    files: Vec<PathBuf>,
    filter: String,
    notices: Vec<(Problem, u8)>,
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parcel(..)")
    }
}

/// What names nobody.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Back {
    screen: Screen,
    selected: Option<Uid>,
    passed: Vec<Uid>,
    known_stat: Vec<Uid>,
    answered_ms: Option<u64>,
    case: Option<OpenBack>,
}

/// The case that was open.
#[derive(Debug, Clone, PartialEq)]
struct OpenBack {
    /// `None` for files.
    centre: Option<String>,
    study: Option<Uid>,
    /// What the vault had of it was known.
    opened: bool,
    /// Its report was being signed.
    signing: bool,
    tool: Tool,
    annotations: bool,
    drawing: Option<usize>,
}

/// How weights are written down.
const WEIGHTS: [Weight; 3] = [Weight::Note, Weight::Warning, Weight::Fault];

/// Both halves of what is there now.
pub(super) fn pack(state: &State) -> (Back, Parcel) {
    let open = state.case.as_ref();
    let back = Back {
        screen: state.shell.screen,
        selected: state.worklist.selected.clone(),
        passed: state.worklist.passed.clone(),
        known_stat: state.worklist.known_stat.clone(),
        answered_ms: state.worklist.answered_ms,
        case: open.map(OpenBack::of),
    };
    let files = match open.map(|case| &case.origin) {
        Some(Origin::Files(paths)) => paths.clone(),
        _ => Vec::new(),
    };
    let weight = |weight| WEIGHTS.iter().position(|one| *one == weight).map_or(0, |at| at as u8);
    let told = |notice: &Notice| (notice.problem.clone(), weight(notice.weight));
    let parcel = Parcel {
        case: open.map(KeptCase::whole),
        files,
        filter: state.worklist.filter.clone(),
        notices: state.shell.notices.iter().map(told).collect(),
    };
    (back, parcel)
}

impl OpenBack {
    fn of(case: &Case) -> Self {
        let drawings = &case.drawings;
        let selected = drawings.selected;
        Self {
            centre: case.centre().map(str::to_owned),
            study: case.study.clone(),
            opened: case.keeping.opened,
            signing: case.draft.signed.is_pending(),
            tool: case.viewer.tool,
            annotations: case.viewer.annotations,
            drawing: selected.and_then(|id| drawings.all.iter().position(|drawing| drawing.id == id)),
        }
    }
}

/// Everything as it was when both halves were made.
pub(super) fn unpack(state: &mut State, back: Back, parcel: Option<Parcel>) -> Vec<Effect> {
    let Parcel { case: kept, files, filter, notices } = parcel.unwrap_or_default();
    let worklist = &mut state.worklist;
    (worklist.filter, worklist.passed) = (filter, back.passed);
    // With both, what has become STAT meanwhile is announced.
    (worklist.known_stat, worklist.answered_ms) = (back.known_stat, back.answered_ms);
    let since = std::mem::take(&mut state.shell.notices);
    for (problem, weight) in notices {
        shell::tell(state, problem, WEIGHTS.get(usize::from(weight)).copied().unwrap_or(Weight::Warning));
    }
    for notice in since {
        shell::tell(state, notice.problem, notice.weight);
    }
    let mut effects = Vec::new();
    let mut screen = back.screen;
    match back.case {
        Some(open) if is_read(state, &open) => {
            effects.push(Effect::Case(case::Effect::Close { id: state.request() }));
            if screen == Screen::Reading {
                screen = Screen::Worklist;
            }
        }
        Some(open) => effects = reopen(state, open, kept, files),
        None if state.sign_in.signed_in().is_some() => effects.push(case::recall(state)),
        None => {}
    }
    if state.case.is_some() || screen != Screen::Reading {
        state.shell.screen = screen;
    }
    state.worklist.selected = back.selected;
    effects
}

/// Its report was signed while nobody was there: it must not be signed again.
fn is_read(state: &State, open: &OpenBack) -> bool {
    let Some(study) = open.study.as_ref().filter(|_| open.signing) else { return false };
    !state.outbox.is_signing(study) && state.outbox.has_report(study)
}

fn reopen(state: &mut State, open: OpenBack, kept: Option<KeptCase>, files: Vec<PathBuf>) -> Vec<Effect> {
    let OpenBack { centre, study, opened, signing, tool, annotations, drawing } = open;
    let of_files = centre.is_none();
    let signing = signing && study.as_ref().is_some_and(|study| state.outbox.is_signing(study));
    let mut effects = match (centre, study) {
        (Some(centre), Some(study)) => case::on_command(state, case::Command::Open { centre, study }),
        _ if !files.is_empty() => case::on_command(state, case::Command::OpenFiles(files)),
        _ => return Vec::new(),
    };
    match kept {
        Some(kept) if opened || of_files => effects.extend(case::restored(state, Box::new(kept))),
        // The vault had not said yet what it has: that comes above what was written meanwhile.
        Some(kept) => {
            effects.extend(drawings::restore(state, &kept));
            draft::restore(state, &kept);
        }
        None => {}
    }
    // What was being written when the lock fell may still be on its way.
    if !state.keeper.is_idle() || !opened {
        case::touched(state);
    }
    if let Some(case) = &mut state.case {
        (case.viewer.tool, case.viewer.annotations) = (tool, annotations);
        case.drawings.selected = drawing.and_then(|at| case.drawings.all.get(at)).map(|drawing| drawing.id);
        if signing {
            case.draft.signed.ask();
        }
    }
    effects
}
