//! What was asked of the centre, for tests and for the newcomer's curiosity.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Method, Request, StatusCode, Version, header::ACCEPT};

use crate::dicom::Phi;

/// Requests that are remembered; the oldest go first.
const KEPT: usize = 10_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its method.
    pub method: Method,
    /// Its path below the base URL (with UIDs, without names), or the whole path if it is elsewhere.
    pub path: String,
    /// Its query, which may name a patient.
    pub query: Phi<String>,
    /// Its Accept header.
    pub accept: String,
    /// HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// The status it was answered with; `None` while it is worked on, or when the answer was lost on purpose.
    pub status: Option<StatusCode>,
}

/// The requests so far, shared with who tests against the centre.
#[derive(Debug, Clone, Default)]
pub struct RequestLog(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    seen: VecDeque<Seen>,
    dropped: u64,
}

/// A place in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket(u64);

impl RequestLog {
    /// All that are remembered, in the order of their arrival.
    pub fn all(&self) -> Vec<Seen> {
        self.kept().seen.iter().cloned().collect()
    }

    /// How many requests had this method and a path that contains `path`.
    pub fn count(&self, method: &Method, path: &str) -> usize {
        self.kept().seen.iter().filter(|seen| seen.method == *method && seen.path.contains(path)).count()
    }

    /// Forgets all.
    pub fn clear(&self) {
        let mut kept = self.kept();
        kept.dropped += kept.seen.len() as u64;
        kept.seen.clear();
    }

    /// Notes a request as it arrives.
    pub(super) fn open<B>(&self, request: &Request<B>, path: &str) -> Ticket {
        let accept: Vec<_> =
            request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
        let mut kept = self.kept();
        if kept.seen.len() >= KEPT {
            kept.seen.pop_front();
            kept.dropped += 1;
        }
        kept.seen.push_back(Seen {
            method: request.method().clone(),
            path: path.to_owned(),
            query: Phi::new(request.uri().query().unwrap_or_default().to_owned()),
            accept: accept.join(", "),
            version: request.version(),
            status: None,
        });
        Ticket(kept.dropped + kept.seen.len() as u64 - 1)
    }

    /// Notes the answer.
    pub(super) fn answered(&self, ticket: Ticket, status: StatusCode) {
        let mut kept = self.kept();
        let place = ticket.0.checked_sub(kept.dropped).and_then(|place| usize::try_from(place).ok());
        if let Some(seen) = place.and_then(|place| kept.seen.get_mut(place)) {
            seen.status = Some(status);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
