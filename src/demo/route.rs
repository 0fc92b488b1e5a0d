//! From method and path to what is meant (PS3.18 10.1, 11.1).

use http::Method;
use percent_encoding::percent_decode_str;

use super::reply::Refusal;
use crate::dicom::Uid;

/// The path of the base URL.
pub(super) const BASE_PATH: &str = "/dicom-web";

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    /// QIDO-RS: which level, below what.
    Search(Level, Scope),
    /// WADO-RS: DICOM files.
    Instances(Scope),
    /// WADO-RS: data sets as DICOM JSON.
    Metadata(Scope),
    /// WADO-RS: frames of an instance, from 1.
    Frames(Scope, Vec<u32>),
    /// WADO-RS: a bulk data element of an instance, by its JSON key.
    Bulk(Scope, String),
    /// WADO-RS: a picture of an instance's frame, from 1.
    Rendered(Scope, u32),
    /// STOW-RS: any study, or only one.
    Store(Option<Uid>),
    /// UPS-RS: search.
    Workitems,
    /// UPS-RS: retrieve.
    Workitem(Uid),
    /// UPS-RS: create.
    CreateWorkitem,
    /// UPS-RS: update.
    UpdateWorkitem(Uid),
    /// UPS-RS: change state.
    WorkitemState(Uid),
}

/// The level of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Studies.
    Study,
    /// Series.
    Series,
    /// Instances.
    Instance,
}

/// A study, series or instance, or everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// Study Instance UID.
    pub(super) study: Option<Uid>,
    /// Series Instance UID.
    pub(super) series: Option<Uid>,
    /// SOP Instance UID.
    pub(super) instance: Option<Uid>,
}

impl Scope {
    fn parse(uids: &[&str]) -> Result<Self, Refusal> {
        let uid = |n: usize| uids.get(n).map(|text| self::uid(text)).transpose();
        Ok(Self { study: uid(0)?, series: uid(1)?, instance: uid(2)? })
    }
}

/// Finds the resource that a path (below the base URL) and a method mean.
///
/// # Errors
/// 404 for no such path, 405 for another method, 400 for a UID or a frame list that is none.
pub(super) fn route(method: &Method, path: &str) -> Result<Resource, Refusal> {
    let decoded: Vec<_> = path
        .trim_start_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    match *method {
        Method::GET => get(&segments),
        Method::POST => match segments.as_slice() {
            ["studies"] => Ok(Resource::Store(None)),
            ["studies", study] => Ok(Resource::Store(Some(uid(study)?))),
            ["workitems"] => Ok(Resource::CreateWorkitem),
            ["workitems", item] => Ok(Resource::UpdateWorkitem(uid(item)?)),
            other => Err(other_method(other)),
        },
        Method::PUT => match segments.as_slice() {
            ["workitems", item, "state"] => Ok(Resource::WorkitemState(uid(item)?)),
            other => Err(other_method(other)),
        },
        _ => Err(other_method(&segments)),
    }
}

fn get(segments: &[&str]) -> Result<Resource, Refusal> {
    use Resource as R;
    let nothing = Scope::default;
    Ok(match *segments {
        ["studies"] => R::Search(Level::Study, nothing()),
        ["series"] => R::Search(Level::Series, nothing()),
        ["instances"] => R::Search(Level::Instance, nothing()),
        ["studies", s, "series"] => R::Search(Level::Series, Scope::parse(&[s])?),
        ["studies", s, "instances"] => R::Search(Level::Instance, Scope::parse(&[s])?),
        ["studies", s, "series", e, "instances"] => R::Search(Level::Instance, Scope::parse(&[s, e])?),
        ["studies", s] => R::Instances(Scope::parse(&[s])?),
        ["studies", s, "series", e] => R::Instances(Scope::parse(&[s, e])?),
        ["studies", s, "metadata"] => R::Metadata(Scope::parse(&[s])?),
        ["studies", s, "series", e, "metadata"] => R::Metadata(Scope::parse(&[s, e])?),
        ["studies", s, "series", e, "instances", i, ref rest @ ..] => {
            instance(Scope::parse(&[s, e, i])?, rest)?
        }
        ["workitems"] => R::Workitems,
        ["workitems", item] => R::Workitem(uid(item)?),
        ref other => return Err(other_method(other)),
    })
}

fn instance(scope: Scope, rest: &[&str]) -> Result<Resource, Refusal> {
    use Resource as R;
    Ok(match *rest {
        [] => R::Instances(scope),
        ["metadata"] => R::Metadata(scope),
        ["frames", list] => R::Frames(scope, frames(list)?),
        ["frames", frame, "rendered"] => R::Rendered(scope, self::frame(frame)?),
        ["rendered"] => R::Rendered(scope, 1),
        ["bulkdata", key] => R::Bulk(scope, key.to_ascii_uppercase()),
        _ => return Err(Refusal::NotFound),
    })
}

/// 405 where the path means something to another method, else 404.
fn other_method(segments: &[&str]) -> Refusal {
    match *segments {
        ["studies"] | ["studies", _] | ["workitems"] | ["workitems", _] => {
            Refusal::MethodNotAllowed("GET, POST")
        }
        ["workitems", _, "state"] => Refusal::MethodNotAllowed("PUT"),
        ["series" | "instances"] | ["studies", _, "series" | "instances" | "metadata", ..] => {
            Refusal::MethodNotAllowed("GET")
        }
        _ => Refusal::NotFound,
    }
}

fn uid(text: &str) -> Result<Uid, Refusal> {
    Uid::parse(text).map_err(|_| Refusal::BadRequest("not a UID"))
}

fn frame(text: &str) -> Result<u32, Refusal> {
    text.parse().ok().filter(|n| *n >= 1).ok_or(Refusal::BadRequest("frames count from 1"))
}

fn frames(list: &str) -> Result<Vec<u32>, Refusal> {
    list.split(',').map(frame).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_methods_mean_what_the_standard_says() {
        let scope = |uids: &[&str]| Scope::parse(uids).unwrap();
        let table = [
            ("GET", "/studies", Resource::Search(Level::Study, Scope::default())),
            ("GET", "/studies/1.2/series", Resource::Search(Level::Series, scope(&["1.2"]))),
            ("GET", "/studies/1.2/instances", Resource::Search(Level::Instance, scope(&["1.2"]))),
            ("GET", "/studies/1.2", Resource::Instances(scope(&["1.2"]))),
            ("GET", "/studies/1/series/2/instances/3", Resource::Instances(scope(&["1", "2", "3"]))),
            ("GET", "/studies/1/series/2/metadata", Resource::Metadata(scope(&["1", "2"]))),
            (
                "GET",
                "/studies/1/series/2/instances/3/frames/1%2C5",
                Resource::Frames(scope(&["1", "2", "3"]), vec![1, 5]),
            ),
            (
                "GET",
                "/studies/1/series/2/instances/3/bulkdata/7fe00010",
                Resource::Bulk(scope(&["1", "2", "3"]), "7FE00010".to_owned()),
            ),
            (
                "GET",
                "/studies/1/series/2/instances/3/frames/4/rendered",
                Resource::Rendered(scope(&["1", "2", "3"]), 4),
            ),
            ("POST", "/studies", Resource::Store(None)),
            ("PUT", "/workitems/1.2/state", Resource::WorkitemState(uid("1.2").unwrap())),
        ];
        for (method, path, expected) in table {
            assert_eq!(route(&method.parse().unwrap(), path), Ok(expected), "{method} {path}");
        }
    }

    #[test]
    fn what_means_nothing_is_refused_for_the_right_reason() {
        let table = [
            ("GET", "", Refusal::NotFound),
            ("GET", "/nothing", Refusal::NotFound),
            ("GET", "/studies/1/", Refusal::NotFound),
            ("GET", "/studies/1/series/2/instances/3/thumbnail", Refusal::NotFound),
            ("DELETE", "/studies/1", Refusal::MethodNotAllowed("GET, POST")),
            ("POST", "/studies/1/metadata", Refusal::MethodNotAllowed("GET")),
            ("GET", "/studies/..%2F..%2Fetc", Refusal::BadRequest("not a UID")),
            ("GET", "/studies/1.2;id", Refusal::BadRequest("not a UID")),
            ("GET", "/studies/%FF", Refusal::BadRequest("not a UID")),
            ("GET", "/studies/1/series/2/instances/3/frames/0", Refusal::BadRequest("frames count from 1")),
            (
                "GET",
                "/studies/1/series/2/instances/3/frames/1,,2",
                Refusal::BadRequest("frames count from 1"),
            ),
            (
                "GET",
                "/studies/1/series/2/instances/3/frames/99999999999",
                Refusal::BadRequest("frames count from 1"),
            ),
        ];
        for (method, path, expected) in table {
            assert_eq!(route(&method.parse().unwrap(), path), Err(expected), "{method} {path}");
        }
    }
}
