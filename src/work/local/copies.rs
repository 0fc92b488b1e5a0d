//! Instances that came more than once: copies of one image, or different images under one identifier.

use std::collections::HashMap;
use std::path::PathBuf;

use super::error::LocalError;
use super::place::Place;
use super::{open_again, stopped};
use crate::dicom::Uid;
use crate::work::{WorkError, threads};

/// Of objects in the order in which they came, those that hold something else than the first one under the same
/// SOP Instance UID: it is the first that is shown, and nobody must take the other for it.
pub(in crate::work) fn differing<'a>(
    read: impl Iterator<Item = (&'a Place, &'a Uid)>,
) -> Vec<(PathBuf, WorkError)> {
    let mut first: HashMap<&Uid, &Place> = HashMap::new();
    let mut pairs = Vec::new();
    for (place, uid) in read {
        match first.get(uid) {
            Some(first) => pairs.push((*first, place)),
            None => drop(first.insert(uid, place)),
        }
    }
    let differs = |(one, other): &(&Place, &Place)| {
        let (one, other) = (open_again(one)?, open_again(other)?);
        Ok(one.instance != other.instance || one.pixels != other.pixels)
    };
    let outcomes = threads::map("files", &pairs, differs, || Err(stopped().into()));
    let told = pairs.iter().zip(outcomes).filter_map(|((_, other), outcome)| match outcome {
        Ok(false) => None,
        Ok(true) => Some((other.label(), LocalError::Differs.into())),
        Err(error) => Some((other.label(), error)),
    });
    told.collect()
}
