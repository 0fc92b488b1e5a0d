//! One instance as the centre's index knows it.

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use serde_json::{Value, json};

use super::attributes::{Attributes, attribute, key, string, uid};
use super::json::json_of;
use crate::dicom::Uid;

/// One instance: who it is, its attributes, and where its file comes from.
pub(super) struct Entry {
    /// Study Instance UID.
    pub(super) study: Uid,
    /// Series Instance UID.
    pub(super) series: Uid,
    /// SOP Instance UID.
    pub(super) instance: Uid,
    /// SOP Class UID.
    pub(super) sop_class: Uid,
    /// Transfer syntax of the file.
    pub(super) transfer_syntax: String,
    /// Its data set; bulk data stands as `bulkdata/GGGGEEEE`, relative to the instance's URI.
    pub(super) attributes: Attributes,
    /// Where its file comes from.
    pub(super) source: Source,
}

/// Where an instance's file comes from.
pub(super) enum Source {
    /// Computed when asked for.
    MadeUp {
        /// Which study of the archive.
        shelf: usize,
        /// Which of its instances.
        index: usize,
    },
    /// As it was received.
    Stored(Bytes),
}

impl Entry {
    /// An instance of a made-up study, from its data set without pixel data; `None` if a UID is missing.
    pub(super) fn made_up(header: &InMemDicomObject, shelf: usize, index: usize) -> Option<Self> {
        let mut attributes = attributes_of(header);
        if attributes.contains_key(&key(tags::ROWS)) {
            let pixels = json!({ "vr": "OW", "BulkDataURI": bulk_path(tags::PIXEL_DATA) });
            attributes.insert(key(tags::PIXEL_DATA), pixels);
        }
        let source = Source::MadeUp { shelf, index };
        Self::new(attributes, uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned(), source)
    }

    /// An instance that was stored, from its whole data set; `None` if a UID is missing.
    pub(super) fn stored(dataset: &InMemDicomObject, transfer_syntax: &str, file: Bytes) -> Option<Self> {
        let transfer_syntax = transfer_syntax.trim_end_matches(['\0', ' ']).to_owned();
        Self::new(attributes_of(dataset), transfer_syntax, Source::Stored(file))
    }

    fn new(attributes: Attributes, transfer_syntax: String, source: Source) -> Option<Self> {
        Some(Self {
            study: uid(&attributes, tags::STUDY_INSTANCE_UID)?,
            series: uid(&attributes, tags::SERIES_INSTANCE_UID)?,
            instance: uid(&attributes, tags::SOP_INSTANCE_UID)?,
            sop_class: uid(&attributes, tags::SOP_CLASS_UID)?,
            transfer_syntax,
            attributes,
            source,
        })
    }

    /// Its place below the base URL: `/studies/../series/../instances/..`.
    pub(super) fn path(&self) -> String {
        format!("/studies/{}/series/{}/instances/{}", self.study, self.series, self.instance)
    }

    /// Its modality, or nothing.
    pub(super) fn modality(&self) -> &str {
        string(&self.attributes, tags::MODALITY).unwrap_or_default()
    }

    /// The tag of a bulk data element it has, from the element's JSON key.
    pub(super) fn bulk_tag(&self, key: &str) -> Option<Tag> {
        self.attributes.get(key)?.get("BulkDataURI")?;
        let number = u32::from_str_radix(key, 16).ok()?;
        Some(Tag((number >> 16) as u16, number as u16))
    }

    /// Its data set with absolute BulkDataURIs (PS3.18 10.4.1.1.2).
    pub(super) fn metadata(&self, base: &str) -> Value {
        let mut attributes = self.attributes.clone();
        for attribute in attributes.values_mut() {
            if let Some(Value::String(uri)) = attribute.get_mut("BulkDataURI") {
                *uri = format!("{base}{}/{uri}", self.path());
            }
        }
        Value::Object(attributes)
    }
}

/// Which values are bulk data: pixels, encapsulated documents, overlays.
fn is_bulk(tag: Tag) -> bool {
    let overlay = tag.group() & 0xFF00 == 0x6000 && tag.element() == 0x3000;
    tag.group() == 0x7FE0 || tag == tags::ENCAPSULATED_DOCUMENT || overlay
}

fn bulk_path(tag: Tag) -> String {
    format!("bulkdata/{}", key(tag))
}

/// The data set in DICOM JSON, which is UTF-8 whatever the file's character set was.
fn attributes_of(dataset: &InMemDicomObject) -> Attributes {
    let top_level_bulk = |tag: Tag| is_bulk(tag).then(|| bulk_path(tag));
    let mut attributes = match json_of(dataset, &top_level_bulk) {
        Value::Object(attributes) => attributes,
        _ => Attributes::new(),
    };
    if let Some(charset) = attributes.get_mut(&key(tags::SPECIFIC_CHARACTER_SET)) {
        *charset = attribute("CS", [json!("ISO_IR 192")]);
    }
    attributes
}
