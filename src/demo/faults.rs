//! What shall go wrong: a typed list that a test fills and requests use up.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};

/// One thing that goes wrong, for which requests and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which requests.
    pub on: On,
    /// How many matching requests pass unharmed first.
    pub skip: u32,
    /// How many matching requests it then strikes.
    pub times: u32,
    /// What happens to them.
    pub kind: FaultKind,
}

impl Fault {
    /// Strikes the next request that matches, once.
    pub fn once(on: On, kind: FaultKind) -> Self {
        Self { on, skip: 0, times: 1, kind }
    }

    /// Strikes every request that matches.
    pub fn always(on: On, kind: FaultKind) -> Self {
        Self { on, skip: 0, times: u32::MAX, kind }
    }
}

/// Which requests a fault strikes: those that have signed in and match both parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct On {
    /// The method, or any.
    pub method: Option<Method>,
    /// The path below the base URL, without the query.
    pub path: PathMatch,
}

/// Which paths a fault strikes, as in `/studies/1.2.3/metadata`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PathMatch {
    /// All of them.
    #[default]
    Any,
    /// Those that contain the text.
    Contains(String),
    /// Those that end with the text.
    EndsWith(String),
}

impl On {
    /// Any request.
    pub fn any() -> Self {
        Self::default()
    }

    /// GET of a path that contains `text`.
    pub fn get(text: &str) -> Self {
        Self { method: Some(Method::GET), path: PathMatch::Contains(text.to_owned()) }
    }

    /// GET of a path that ends with `text`.
    pub fn get_ending(text: &str) -> Self {
        Self { method: Some(Method::GET), path: PathMatch::EndsWith(text.to_owned()) }
    }

    /// Any POST under `/studies`: STOW-RS.
    pub fn store() -> Self {
        Self { method: Some(Method::POST), path: PathMatch::Contains("/studies".to_owned()) }
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let path_matches = match &self.path {
            PathMatch::Any => true,
            PathMatch::Contains(text) => path.contains(text),
            PathMatch::EndsWith(text) => path.ends_with(text),
        };
        path_matches && self.method.as_ref().is_none_or(|wanted| wanted == method)
    }
}

/// What happens to a request that a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The answer waits.
    Delay(Duration),
    /// The body trickles.
    RateLimit {
        /// Bytes a second, at least 1.
        bytes_per_second: u64,
    },
    /// The TCP connection goes away, without a TLS goodbye, after this much of the body.
    DropAfter {
        /// Bytes of the body that are sent first.
        body_bytes: u64,
    },
    /// This status instead of the answer; nothing is done.
    Status {
        /// As in 401, 409, 429, 503.
        code: StatusCode,
        /// The Retry-After header, in seconds.
        retry_after_secs: Option<u32>,
    },
    /// A multipart answer ends, cleanly as HTTP goes, after so many whole parts and half of the next,
    /// without its final boundary. With as many as there are, only that boundary is missing.
    EndEarly {
        /// Parts that come whole.
        whole_parts: usize,
    },
    /// Content-Type names another boundary than the body uses.
    WrongBoundary,
    /// A captive portal: an HTML page with status 200; nothing is done.
    LoginPage,
    /// The request is carried out (an object is stored), but the connection goes away before the answer.
    LostAnswer,
    /// A retrieve answers with an instance of another study in the place of the first.
    WrongInstance,
    /// Pixel data comes with half of its bytes, in objects that are otherwise whole.
    ShortPixels,
}

/// The list, shared between the centre and who tests against it. Faults on one request add up.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<VecDeque<Fault>>>);

impl Faults {
    /// Adds one.
    pub fn add(&self, fault: Fault) {
        self.list().push_back(fault);
    }

    /// Nothing more goes wrong.
    pub fn clear(&self) {
        self.list().clear();
    }

    /// How many faults have strikes left.
    pub fn left(&self) -> usize {
        self.list().len()
    }

    /// The faults that strike this request; each counts one down.
    pub(super) fn take(&self, method: &Method, path: &str) -> Vec<FaultKind> {
        let mut struck = Vec::new();
        self.list().retain_mut(|fault| {
            if !fault.on.matches(method, path) {
                return true;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                return true;
            }
            if fault.times > 0 {
                struck.push(fault.kind.clone());
            }
            if fault.times != u32::MAX {
                fault.times = fault.times.saturating_sub(1);
            }
            fault.times > 0
        });
        struck
    }

    fn list(&self) -> std::sync::MutexGuard<'_, VecDeque<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The faults that concern how an answer is made (the others concern its way out).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// See [`FaultKind::EndEarly`].
    pub(super) end_after_parts: Option<usize>,
    /// See [`FaultKind::WrongBoundary`].
    pub(super) wrong_boundary: bool,
    /// See [`FaultKind::WrongInstance`].
    pub(super) wrong_instance: bool,
    /// See [`FaultKind::ShortPixels`].
    pub(super) short_pixels: bool,
}

impl Damage {
    /// Picks them out.
    pub(super) fn of(faults: &[FaultKind]) -> Self {
        let mut damage = Self::default();
        for fault in faults {
            match fault {
                FaultKind::EndEarly { whole_parts } => damage.end_after_parts = Some(*whole_parts),
                FaultKind::WrongBoundary => damage.wrong_boundary = true,
                FaultKind::WrongInstance => damage.wrong_instance = true,
                FaultKind::ShortPixels => damage.short_pixels = true,
                FaultKind::Delay(_)
                | FaultKind::RateLimit { .. }
                | FaultKind::DropAfter { .. }
                | FaultKind::Status { .. }
                | FaultKind::LoginPage
                | FaultKind::LostAnswer => {}
            }
        }
        damage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_what_it_names_after_its_skips_and_is_then_used_up() {
        let faults = Faults::default();
        let fault = Fault { skip: 1, times: 2, ..Fault::once(On::get("/metadata"), FaultKind::LoginPage) };
        faults.add(fault);
        let struck = |method: &Method, path: &str| faults.take(method, path).len();
        assert_eq!(struck(&Method::GET, "/studies"), 0);
        assert_eq!(struck(&Method::POST, "/studies/1/metadata"), 0);
        let strikes: Vec<_> = (0..5).map(|_| struck(&Method::GET, "/studies/1/metadata")).collect();
        assert_eq!(strikes, [0, 1, 1, 0, 0]);
        assert_eq!(faults.left(), 0);
    }

    #[test]
    fn faults_that_match_the_same_request_add_up() {
        let faults = Faults::default();
        faults.add(Fault::always(On::any(), FaultKind::ShortPixels));
        faults.add(Fault::once(On::get_ending("/studies"), FaultKind::WrongBoundary));
        assert_eq!(faults.take(&Method::GET, "/studies").len(), 2);
        let second = Damage::of(&faults.take(&Method::GET, "/studies"));
        assert_eq!(second, Damage { short_pixels: true, ..Damage::default() });
    }
}
