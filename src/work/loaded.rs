//! Instances in memory: typed modules and pixel data, cut but not decoded; and the study they form.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::{WorkError, pages, threads};
use crate::dicom::catalogue::{self, StackImage, StudyEntry};
use crate::dicom::error::WarningCode;
use crate::dicom::{DecodedFrame, DicomError, Instance, PixelData, Uid, Warning, codec, part10};
use crate::imaging::{Frame, FrameKey, FrameStore};
use crate::vault::{InstanceKey, Vault};

/// Decoded frames kept beside their files: a study of 1,000 CT slices.
const FRAMES_BYTES: usize = 512 << 20;

/// One instance, read through the gate. The pixel data are views of the bytes it was read from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The typed modules.
    pub instance: Arc<Instance>,
    /// The pixel data, if it is an image.
    pub pixels: Option<PixelData>,
    /// The encapsulated document, if it is one.
    pub document: Option<Bytes>,
    /// How the pixel data are encoded.
    pub transfer_syntax: Uid,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
}

impl Loaded {
    /// Reads a Part 10 file or a bare data set, on a thread with a deep stack; a panic of a parser becomes an
    /// error.
    ///
    /// # Errors
    /// What the gate or the parser found.
    #[allow(clippy::needless_pass_by_value, reason = "the pixel data keeps views of these bytes")]
    pub fn read(bytes: Bytes) -> Result<Self, DicomError> {
        let stopped =
            || Err(DicomError::Malformed { tag: String::new(), what: "the parser stopped unexpectedly" });
        threads::run("parse", || Self::read_here(bytes.clone()), stopped)
    }

    /// The same on the thread of the caller, which must be one of [`threads`].
    pub(super) fn read_here(bytes: Bytes) -> Result<Self, DicomError> {
        let (mut object, mut warnings) = part10::read(bytes)?;
        warnings.extend(pages::count(&mut object.instance, object.document.as_ref()));
        Ok(Self::from((object, warnings)))
    }

    /// Reads an instance of the vault, on the thread of the caller as [`Loaded::read_here`].
    pub(super) fn of_vault(vault: &Vault, key: &InstanceKey) -> Result<Self, WorkError> {
        let mut bytes = vault.read_instance(key)?;
        Ok(Self::read_here(Bytes::from(std::mem::take(&mut *bytes)))?)
    }

    /// Decodes one frame (from 0), on the thread of the caller as [`Loaded::read_here`].
    pub(super) fn decode_here(&self, frame: u32) -> Result<DecodedFrame, DicomError> {
        let (Some(image), Some(pixels)) = (&self.instance.image, &self.pixels) else {
            return Err(DicomError::NoPixelData);
        };
        codec::decode(&image.format, &self.transfer_syntax, pixels, frame)
    }

    /// One frame (from 0) as it is shown and measured, on the thread of the caller as [`Loaded::read_here`].
    pub(super) fn frame_here(&self, number: u32) -> Result<Frame, WorkError> {
        if let Some(document) = &self.instance.document {
            return pages::draw(document, self.document.as_ref(), number);
        }
        let image = self.instance.image.as_ref().ok_or(DicomError::NoPixelData)?;
        Ok(Frame::new(self.decode_here(number)?, image, number)?)
    }

    /// The same behind the decoding threads' door.
    ///
    /// # Errors
    /// As [`Loaded::decode`], and what cannot be shown.
    pub fn frame(&self, number: u32) -> Result<Frame, WorkError> {
        threads::run("decode", || self.frame_here(number), || Err(stopped(number).into()))
    }

    /// Bytes of the pixel data as they lie in the file.
    pub(super) fn pixel_bytes(&self) -> usize {
        match &self.pixels {
            Some(PixelData::Native { value, .. }) => value.len(),
            Some(PixelData::Encapsulated { fragments, .. }) => fragments.iter().map(Bytes::len).sum(),
            None => self.document.as_ref().map_or(0, Bytes::len),
        }
    }

    /// Decodes one frame (from 0) behind the decoding threads' door.
    ///
    /// # Errors
    /// What the codec door found; a decoder's panic is such a finding.
    pub fn decode(&self, frame: u32) -> Result<DecodedFrame, DicomError> {
        threads::run("decode", || self.decode_here(frame), || Err(stopped(frame)))
    }
}

impl From<(part10::Part10, Vec<Warning>)> for Loaded {
    fn from((object, warnings): (part10::Part10, Vec<Warning>)) -> Self {
        Self {
            instance: Arc::new(object.instance),
            pixels: object.pixels,
            document: object.document,
            transfer_syntax: object.transfer_syntax,
            warnings,
        }
    }
}

/// Instances and the catalogue they form.
#[derive(Debug)]
pub struct Collection {
    /// Studies, series and stacks.
    pub studies: Vec<StudyEntry>,
    objects: HashMap<Uid, Loaded>,
    frames: FrameStore,
}

impl Collection {
    /// Catalogues instances. Of two with the same SOP Instance UID the catalogue warns and the first is shown.
    pub fn new(loaded: impl IntoIterator<Item = Loaded>) -> Self {
        let mut objects: HashMap<Uid, Loaded> = HashMap::new();
        let mut instances = Vec::new();
        for one in loaded {
            instances.push(Arc::clone(&one.instance));
            objects.entry(one.instance.sop_instance.clone()).or_insert(one);
        }
        Self { studies: catalogue::studies(instances), objects, frames: FrameStore::new(FRAMES_BYTES) }
    }

    /// All instances, in no order.
    pub fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.objects.values().map(|object| object.instance.as_ref())
    }

    /// Instances whose identifiers were missing or unusable in the file: what is said of them cannot be tied to
    /// anything at a centre.
    pub fn stand_ins(&self) -> impl Iterator<Item = &Uid> {
        let stands_in = |object: &&Loaded| object.warnings.iter().any(|w| w.code == WarningCode::StandInUid);
        self.objects.values().filter(stands_in).map(|object| &object.instance.sop_instance)
    }

    /// An instance by its SOP Instance UID.
    pub fn object(&self, sop_instance: &Uid) -> Option<&Loaded> {
        self.objects.get(sop_instance)
    }

    /// Decoded images, from the store or decoded now on all cores; the results stand in the images' order.
    pub fn decode(&self, images: &[StackImage]) -> Vec<Result<Arc<Frame>, WorkError>> {
        let one = |image: &StackImage| {
            let key = FrameKey { sop_instance: image.instance.sop_instance.clone(), frame: image.frame };
            if let Some(frame) = self.frames.get(&key) {
                return Ok(frame);
            }
            let object = self.objects.get(&image.instance.sop_instance);
            let frame = object.ok_or(DicomError::NoPixelData)?.frame_here(image.frame)?;
            Ok(self.frames.insert(key, frame))
        };
        threads::map("decode", images, one, || Err(stopped(0).into()))
    }
}

/// A decoder's panic, as a finding about its frame.
pub(super) fn stopped(frame: u32) -> DicomError {
    DicomError::Codestream { frame, what: "the decoder stopped unexpectedly".to_owned() }
}
