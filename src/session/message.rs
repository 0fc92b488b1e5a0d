//! What travels between a person, the state and `work`: plain data, nested per slice.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{outbox, study, worklist};

/// Names one request, so that a late answer to an old question is told apart.
pub type RequestId = u64;

/// A person wants something.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// About the worklist.
    Worklist(worklist::Command),
    /// About the study at hand.
    Study(study::Command),
    /// About reports on their way.
    Outbox(outbox::Command),
}

/// Something for `work` to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask a centre for its worklist.
    Worklist(worklist::Effect),
    /// Bring a study home.
    Study(study::Effect),
    /// Sign or send reports.
    Outbox(outbox::Effect),
}

impl Effect {
    /// The event that ends this effect in failure, whatever it was about to do.
    pub fn failed(&self, problem: Problem) -> Event {
        match self {
            Self::Worklist(worklist::Effect::List { id, .. }) => {
                Event::Worklist(worklist::Event::Listed { id: *id, outcome: Err(problem) })
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
        }
    }
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// About the worklist.
    Worklist(worklist::Event),
    /// About a study being fetched.
    Study(study::Event),
    /// About reports.
    Outbox(outbox::Event),
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
