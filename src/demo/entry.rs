//! One instance as the centre's index knows it.

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use serde_json::{Value, json};

use super::attributes::{Attributes, attribute, key, string, uid};
use crate::dicom::Uid;
use crate::dicom::json::write_dataset;
use crate::dicom::part10::Part10;

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
        let attributes = attributes_of(header, header.get(tags::ROWS).is_some());
        let source = Source::MadeUp { shelf, index };
        Self::new(attributes, uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned(), source)
    }

    /// An instance that was stored, read through the gate; `None` if a UID is missing.
    pub(super) fn stored(object: &Part10, file: Bytes) -> Option<Self> {
        let attributes = attributes_of(&object.dataset, object.pixels.is_some());
        Self::new(attributes, object.transfer_syntax.to_string(), Source::Stored(file))
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

/// The data set in DICOM JSON, which is UTF-8 whatever the file's character set was. It has no pixel data
/// itself: `has_pixels` says whether the file does.
fn attributes_of(dataset: &InMemDicomObject, has_pixels: bool) -> Attributes {
    let refer = |tag: Tag| match tag {
        tags::PIXEL_DATA => has_pixels,
        other => is_bulk(other) && dataset.get(other).is_some(),
    };
    let mut attributes = match write_dataset(dataset, &|tag| refer(tag).then(|| bulk_path(tag))) {
        Value::Object(attributes) => attributes,
        _ => Attributes::new(),
    };
    if let Some(charset) = attributes.get_mut(&key(tags::SPECIFIC_CHARACTER_SET)) {
        *charset = attribute("CS", [json!("ISO_IR 192")]);
    }
    attributes
}
