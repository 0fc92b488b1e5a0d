//! Data that comes from elsewhere and may be late, old or missing.

use super::Problem;

/// The life of a remote value. What was shown before stays readable while a new answer is awaited or after
/// it failed, and is marked stale on screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Remote<T> {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// Asked; perhaps an older answer.
    Pending {
        /// The older answer.
        previous: Option<T>,
    },
    /// Here.
    Ready(T),
    /// Asked in vain; perhaps an older answer.
    Failed {
        /// Why.
        problem: Problem,
        /// The older answer.
        previous: Option<T>,
    },
}

impl<T> Remote<T> {
    /// The newest answer there is, stale or not.
    pub fn latest(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Pending { previous } | Self::Failed { previous, .. } => previous.as_ref(),
            Self::NotAsked => None,
        }
    }

    /// The same, to change it.
    pub(super) fn latest_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Pending { previous } | Self::Failed { previous, .. } => previous.as_mut(),
            Self::NotAsked => None,
        }
    }

    /// Whether an answer is awaited.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending { .. })
    }

    /// Asked again: what was here becomes the previous answer.
    pub fn ask(&mut self) {
        let previous = self.take_latest();
        *self = Self::Pending { previous };
    }

    /// Answered.
    pub fn answer(&mut self, outcome: Result<T, Problem>) {
        *self = match outcome {
            Ok(value) => Self::Ready(value),
            Err(problem) => Self::Failed { problem, previous: self.take_latest() },
        };
    }

    fn take_latest(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Ready(value) => Some(value),
            Self::Pending { previous } | Self::Failed { previous, .. } => previous,
            Self::NotAsked => None,
        }
    }
}
