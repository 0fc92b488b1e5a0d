//! WADO-RS: files, metadata, frames and bulk data (PS3.18 10.4).
//!
//! Nothing is transcoded: what is stored in another transfer syntax than the Accept header allows is 406.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use futures_util::{Stream, StreamExt, stream};
use http::StatusCode;
use serde_json::Value;

use super::accept::MediaType;
use super::answer::{Ask, offload};
use super::archive::Archive;
use super::attributes::key;
use super::body::{LineCut, whole};
use super::entry::Entry;
use super::faults::Damage;
use super::multipart::{Part, related};
use super::pixels::{OCTETS, Pixels, bulk_value, with_short_pixels};
use super::reply::{Refusal, Reply, json, with_type};
use super::route::Scope;
use crate::dicom::Uid;

/// The media type of a Part 10 file.
pub(super) const DICOM: &str = "application/dicom";

/// Files that are computed ahead of the one on the wire: memory is bounded by these.
const AHEAD: usize = 2;

/// The instances of a study, a series, or one, as files.
///
/// # Errors
/// 404 when there are none, 406 when one of them is not stored as the Accept header wants it.
pub(super) async fn instances(archive: &Arc<Archive>, scope: Scope, ask: &Ask) -> Result<Reply, Refusal> {
    let one = scope.instance.is_some();
    let (keeper, damage) = (archive.clone(), ask.damage);
    let entries = offload(move || found(&keeper, &scope, damage)).await??;
    match form_of_files(&ask.accept, &entries, one).ok_or(Refusal::NotAcceptable)? {
        Form::Parts => Ok(related(DICOM, files(archive.clone(), entries, damage), damage)),
        Form::Single => {
            let part =
                files(archive.clone(), entries, damage).boxed().next().await.ok_or(Refusal::NotFound)??;
            Ok(with_type(StatusCode::OK, &part.content_type, whole(part.body)))
        }
    }
}

/// The data sets of a study, a series, or one instance as DICOM JSON.
///
/// # Errors
/// 404 when there are none, 406 when JSON is not wanted.
pub(super) async fn metadata(archive: &Arc<Archive>, scope: Scope, ask: &Ask) -> Result<Reply, Refusal> {
    ask.wants_json()?;
    let (archive, base, damage) = (archive.clone(), ask.base.clone(), ask.damage);
    let rows = offload(move || {
        let entries = found(&archive, &scope, damage)?;
        Ok::<_, Refusal>(Value::Array(entries.iter().map(|entry| entry.metadata(&base)).collect()))
    });
    Ok(json(StatusCode::OK, &rows.await??))
}

/// Some frames of an instance.
///
/// # Errors
/// 404 for an instance or a frame that is not there, 406 when the Accept header wants another form.
pub(super) async fn frames(
    archive: &Arc<Archive>,
    scope: Scope,
    numbers: Vec<u32>,
    ask: &Ask,
) -> Result<Reply, Refusal> {
    let (archive, accept, base, damage) = (archive.clone(), ask.accept.clone(), ask.base.clone(), ask.damage);
    offload(move || {
        let entry = one(&archive, &scope, damage)?;
        let pixels = Pixels::read(&archive.file(&entry))?;
        let parts = frame_parts(&entry, &pixels, &numbers, &base, damage)?;
        parts_reply(&entry, &pixels, parts, &accept, damage)
    })
    .await?
}

/// A bulk data element of an instance.
///
/// # Errors
/// 404 for what is not there or is not bulk data, 406 when the Accept header wants another form.
pub(super) async fn bulk(
    archive: &Arc<Archive>,
    scope: Scope,
    wanted: String,
    ask: &Ask,
) -> Result<Reply, Refusal> {
    let (archive, accept, base, damage) = (archive.clone(), ask.accept.clone(), ask.base.clone(), ask.damage);
    offload(move || {
        let entry = one(&archive, &scope, damage)?;
        let tag = entry.bulk_tag(&wanted).ok_or(Refusal::NotFound)?;
        let file = archive.file(&entry);
        if tag == tags::PIXEL_DATA {
            let pixels = Pixels::read(&file)?;
            if !pixels.is_native() {
                let all: Vec<u32> = (1..).take(pixels.frames()).collect();
                let parts = frame_parts(&entry, &pixels, &all, &base, damage)?;
                return parts_reply(&entry, &pixels, parts, &accept, damage);
            }
        }
        octets_reply(&entry, tag, bulk_value(&file, tag)?, &accept, &base, damage)
    })
    .await?
}

/// How an answer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One payload.
    Single,
    /// multipart/related.
    Parts,
}

/// The first form of the Accept header that fits all of the files.
fn form_of_files(accept: &[MediaType], entries: &[Arc<Entry>], one: bool) -> Option<Form> {
    accept.iter().find_map(|range| {
        if range.essence == "*/*" || range.essence == "multipart/*" {
            return Some(Form::Parts);
        }
        if !entries.iter().all(|entry| range.allows_transfer_syntax(&entry.transfer_syntax)) {
            return None;
        }
        let single = one && range.covers(DICOM);
        if range.covers_parts(DICOM) { Some(Form::Parts) } else { single.then_some(Form::Single) }
    })
}

/// Whether some range of the Accept header fits frames of this type.
fn wants_frames(accept: &[MediaType], media_type: &str, native: bool, transfer_syntax: &str) -> bool {
    accept.iter().any(|range| {
        if range.essence == "*/*" || range.essence == "multipart/*" {
            return true;
        }
        let any_syntax = range.parameter("transfer-syntax") == Some("*");
        if native {
            return range.covers_parts(OCTETS)
                && range.allows_transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
        }
        let unsaid = range.parameter("transfer-syntax").is_none();
        let syntax_fits = unsaid || range.allows_transfer_syntax(transfer_syntax);
        (range.covers_parts(media_type) && syntax_fits) || (range.covers_parts(OCTETS) && any_syntax)
    })
}

fn parts_reply(
    entry: &Entry,
    pixels: &Pixels,
    parts: Vec<Part>,
    accept: &[MediaType],
    damage: Damage,
) -> Result<Reply, Refusal> {
    let media_type = pixels.media_type(&entry.transfer_syntax);
    if !wants_frames(accept, media_type, pixels.is_native(), &entry.transfer_syntax) {
        return Err(Refusal::NotAcceptable);
    }
    Ok(related(media_type, stream::iter(parts.into_iter().map(Ok)), damage))
}

fn octets_reply(
    entry: &Entry,
    tag: Tag,
    value: bytes::Bytes,
    accept: &[MediaType],
    base: &str,
    damage: Damage,
) -> Result<Reply, Refusal> {
    let form = accept.iter().find_map(|range| {
        let parts = range.essence == "*/*" || range.covers_parts(OCTETS);
        if parts { Some(Form::Parts) } else { range.covers(OCTETS).then_some(Form::Single) }
    });
    let location = Some(format!("{base}{}/bulkdata/{}", entry.path(), key(tag)));
    let body = if damage.short_pixels { value.slice(..value.len() / 2) } else { value };
    match form.ok_or(Refusal::NotAcceptable)? {
        Form::Single => Ok(with_type(StatusCode::OK, OCTETS, whole(body))),
        Form::Parts => {
            let part = Part { content_type: OCTETS.to_owned(), location, body };
            Ok(related(OCTETS, stream::iter([Ok(part)]), damage))
        }
    }
}

fn frame_parts(
    entry: &Entry,
    pixels: &Pixels,
    numbers: &[u32],
    base: &str,
    damage: Damage,
) -> Result<Vec<Part>, Refusal> {
    let media_type = pixels.media_type(&entry.transfer_syntax);
    let content_type = match pixels.is_native() {
        true => media_type.to_owned(),
        false => format!("{media_type}; transfer-syntax={}", entry.transfer_syntax),
    };
    let part = |number: &u32| {
        let frame = pixels.frame(*number)?;
        let body = if damage.short_pixels { frame.slice(..frame.len() / 2) } else { frame };
        let location = Some(format!("{base}{}/frames/{number}", entry.path()));
        Ok(Part { content_type: content_type.clone(), location, body })
    };
    numbers.iter().map(part).collect()
}

/// The files of these instances, in order, each computed off the event loop.
fn files(
    archive: Arc<Archive>,
    entries: Vec<Arc<Entry>>,
    damage: Damage,
) -> impl Stream<Item = Result<Part, LineCut>> + Send + 'static {
    let part = move |entry: Arc<Entry>| {
        let archive = archive.clone();
        offload(move || {
            let file = archive.file(&entry);
            let body = if damage.short_pixels { with_short_pixels(&file) } else { file };
            let content_type = format!("{DICOM}; transfer-syntax={}", entry.transfer_syntax);
            Part { content_type, location: None, body }
        })
    };
    stream::iter(entries).map(part).buffered(AHEAD)
}

/// The instances in a scope; with [`Damage::wrong_instance`], the first is one of another study.
fn found(archive: &Archive, scope: &Scope, damage: Damage) -> Result<Vec<Arc<Entry>>, Refusal> {
    let mut entries = archive.entries(scope.study.as_ref());
    let fits = |wanted: &Option<Uid>, uid: &Uid| wanted.as_ref().is_none_or(|wanted| wanted == uid);
    entries.retain(|entry| fits(&scope.series, &entry.series) && fits(&scope.instance, &entry.instance));
    let first = entries.first_mut().ok_or(Refusal::NotFound)?;
    if damage.wrong_instance {
        let others = archive.entries(None);
        if let Some(other) = others.into_iter().find(|entry| entry.study != first.study) {
            *first = other;
        }
    }
    Ok(entries)
}

/// The one instance of a scope.
pub(super) fn one(archive: &Archive, scope: &Scope, damage: Damage) -> Result<Arc<Entry>, Refusal> {
    found(archive, scope, damage)?.into_iter().next().ok_or(Refusal::NotFound)
}
