//! What travels between a person, the state and `work`: plain data, nested per slice.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{case, draft, drawings, lock, outbox, pixels, shell, sign_in, study, trail, viewer, worklist};

/// Names one request, so that a late answer to an old question is told apart.
pub type RequestId = u64;

/// A person wants something.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// About screens, dialogs, settings and leaving.
    Shell(shell::Command),
    /// About the sign-in.
    SignIn(sign_in::Command),
    /// About the open case.
    Case(case::Command),
    /// About what is on screen.
    Viewer(viewer::Command),
    /// About what is drawn on it.
    Drawings(drawings::Command),
    /// About the report being written.
    Draft(draft::Command),
    /// About the worklist.
    Worklist(worklist::Command),
    /// About the study at hand.
    Study(study::Command),
    /// About reports on their way.
    Outbox(outbox::Command),
    /// About the lock.
    Lock(lock::Command),
    /// About the audit trail.
    Trail(trail::Command),
}

/// Something for `work` to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Settings and sounds.
    Shell(shell::Effect),
    /// Sign in or out.
    SignIn(sign_in::Effect),
    /// Open, keep and close a case.
    Case(case::Effect),
    /// Decode frames, build volumes.
    Pixels(pixels::Effect),
    /// Measure.
    Drawings(drawings::Effect),
    /// Ask a centre for its worklist.
    Worklist(worklist::Effect),
    /// Bring a study home.
    Study(study::Effect),
    /// Sign or send reports.
    Outbox(outbox::Effect),
    /// Seal and unseal.
    Lock(lock::Effect),
    /// Read the audit trail.
    Trail(trail::Effect),
}

impl Effect {
    /// The event that ends this effect in failure, whatever it was about to do.
    pub fn failed(&self, problem: Problem) -> Event {
        let failed = Err(problem.clone());
        match self {
            Self::Shell(shell::Effect::Remember { id, .. }) => {
                Event::Shell(shell::Event::Remembered { id: *id, outcome: failed })
            }
            Self::Shell(shell::Effect::Chime { id }) => {
                Event::Shell(shell::Event::Chimed { id: *id, outcome: failed })
            }
            Self::SignIn(sign_in::Effect::Enter { id, .. }) => {
                Event::SignIn(sign_in::Event::Entered { id: *id, outcome: Err(problem) })
            }
            Self::SignIn(sign_in::Effect::BreakOff { id } | sign_in::Effect::Leave { id }) => {
                Event::SignIn(sign_in::Event::Left { id: *id })
            }
            Self::Case(case::Effect::Open { id, .. } | case::Effect::OpenFiles { id, .. }) => {
                Event::Case(case::Event::Arrived { id: *id, outcome: Err(problem) })
            }
            Self::Case(case::Effect::Look { id, .. }) => {
                Event::Case(case::Event::Looked { id: *id, outcome: Err(problem) })
            }
            Self::Case(case::Effect::Close { id }) => Event::Case(case::Event::Closed { id: *id }),
            Self::Case(case::Effect::Keep { id, .. }) => {
                Event::Case(case::Event::Kept { id: *id, outcome: failed })
            }
            Self::Case(case::Effect::Forget { id, .. }) => {
                Event::Case(case::Event::Forgotten { id: *id, outcome: failed })
            }
            Self::Case(case::Effect::Recall { id }) => {
                Event::Case(case::Event::Recalled { id: *id, outcome: Err(problem) })
            }
            Self::Pixels(pixels::Effect::Want { frames, .. }) => match frames.first() {
                Some(frame) => Event::Pixels(pixels::Event::Undecodable { frame: frame.clone(), problem }),
                None => Event::Pixels(pixels::Event::Decoded(Vec::new())),
            },
            Self::Pixels(pixels::Effect::Build { id, volume, .. }) => {
                Event::Pixels(pixels::Event::Built { id: *id, volume: volume.clone(), outcome: failed })
            }
            Self::Drawings(drawings::Effect::Measure { id, drawing, .. }) => {
                let (id, drawing) = (*id, *drawing);
                Event::Drawings(drawings::Event::Measured {
                    id,
                    drawing,
                    outcome: Err(problem),
                    real_world: Vec::new(),
                })
            }
            Self::Worklist(worklist::Effect::List { id, .. }) => {
                Event::Worklist(worklist::Event::Listed { id: *id, outcome: Err(problem) })
            }
            Self::Worklist(worklist::Effect::Claim { study, .. }) => {
                Event::Worklist(worklist::Event::Claimed { study: study.clone(), outcome: Err(problem) })
            }
            Self::Worklist(worklist::Effect::Prefetch { id, .. }) => {
                Event::Worklist(worklist::Event::Rested { id: *id, outcome: failed })
            }
            Self::Study(study::Effect::Fetch { id, .. }) => {
                Event::Study(study::Event::Fetched { id: *id, outcome: Err(problem) })
            }
            Self::Outbox(outbox::Effect::Sign { id, .. }) => {
                Event::Outbox(outbox::Event::Signed { id: *id, outcome: Err(problem) })
            }
            Self::Outbox(outbox::Effect::Send { id, .. } | outbox::Effect::Look { id }) => {
                Event::Outbox(outbox::Event::Listed { id: *id, outcome: Err(problem) })
            }
            // Nobody must be locked out by it: signing out, or a restart, opens the vault anew.
            Self::Lock(lock::Effect::Seal { id, .. }) => {
                Event::Lock(lock::Event::Sealed { id: *id, way: lock::Way::SignIn })
            }
            Self::Lock(lock::Effect::Unseal { id, .. }) => Event::Lock(lock::Event::Unsealed {
                id: *id,
                outcome: Err(lock::Refusal { problem, wait: std::time::Duration::ZERO }),
            }),
            Self::Trail(trail::Effect::Read { id }) => {
                Event::Trail(trail::Event::Read { id: *id, outcome: Err(problem) })
            }
        }
    }
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Time, settings and sounds.
    Shell(shell::Event),
    /// About the sign-in.
    SignIn(sign_in::Event),
    /// About the open case.
    Case(case::Event),
    /// About frames and volumes.
    Pixels(pixels::Event),
    /// About measurements.
    Drawings(drawings::Event),
    /// About the worklist.
    Worklist(worklist::Event),
    /// About a study being fetched.
    Study(study::Event),
    /// About reports.
    Outbox(outbox::Event),
    /// About the lock.
    Lock(lock::Event),
    /// About the audit trail.
    Trail(trail::Event),
}

/// Why something failed, as an entry of the sentence catalogues: the id and its arguments. Plain data, without
/// patient data; `text` makes the sentence. It is kept with a report that waits, so it can be written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Id of the sentence.
    pub id: Cow<'static, str>,
    /// Its arguments.
    pub args: Vec<(Cow<'static, str>, String)>,
}
