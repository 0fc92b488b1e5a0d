//! Instances in memory: typed modules and pixel data, cut but not decoded; and the study they form.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;

use super::local::{self, Place};
use super::{WorkError, pages, threads};
use crate::dicom::catalogue::{self, StackImage, StudyEntry};
use crate::dicom::document::Document;
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
    /// The pixel data, if it is an image and they are at hand.
    pub pixels: Option<PixelData>,
    /// The encapsulated document, if it is one.
    pub document: Option<Bytes>,
    /// How the pixel data are encoded.
    pub transfer_syntax: Uid,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
    /// Where its frames lie, found when the first is wanted.
    frame_index: Arc<OnceLock<codec::FrameIndex>>,
    /// Where pixel data or document were left; `None` where they are at hand.
    left_at: Option<Place>,
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

    /// The same without its pixel data or its document, which can be read again there.
    pub(super) fn left_at(self, place: Place) -> Self {
        let holds = self.pixels.is_some() || self.document.is_some();
        Self { left_at: holds.then_some(place), pixels: None, document: None, ..self }
    }

    /// The same object with its pixel data, on the thread of the caller as [`Loaded::read_here`].
    fn brought(&self) -> Result<Option<Self>, WorkError> {
        let Some(place) = &self.left_at else { return Ok(None) };
        let again = local::open_again(place)?;
        again.still_is(&self.instance, place)?;
        Ok(Some(again))
    }

    /// Whether a place holds what it held before: another image must not be shown as the one that was opened.
    ///
    /// # Errors
    /// [`WorkError::FileChanged`].
    pub(super) fn still_is(&self, before: &Instance, place: &Place) -> Result<(), WorkError> {
        let what = |instance: &Instance| {
            let format = instance.image.as_ref().map(|image| image.format.clone());
            let places = instance.document.as_ref().map(Document::positions);
            (instance.sop_instance.clone(), format, places)
        };
        if what(&self.instance) == what(before) {
            Ok(())
        } else {
            Err(WorkError::FileChanged { path: place.label() })
        }
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
        let index = self.frame_index.get_or_init(|| codec::FrameIndex::of(&image.format, pixels));
        codec::decode_indexed(index, &image.format, &self.transfer_syntax, pixels, frame)
    }

    /// One frame (from 0) as it is shown and measured, on the thread of the caller as [`Loaded::read_here`].
    pub(super) fn frame_here(&self, number: u32) -> Result<Frame, WorkError> {
        if let Some(document) = &self.instance.document {
            return pages::draw(document, self.document.as_ref(), number);
        }
        let image = self.instance.image.as_ref().ok_or(DicomError::NoPixelData)?;
        Ok(Frame::new(self.decode_here(number)?, image, number)?)
    }

    /// The stream of a video as its maker wrote it; `None` for what is not video.
    pub fn video_stream(&self) -> Option<Vec<u8>> {
        codec::video_stream(&self.transfer_syntax, self.pixels.as_ref()?)
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
            frame_index: Arc::default(),
            left_at: None,
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
    /// The object of several frames that was brought last, so that it is not read again for each frame.
    brought: Mutex<Option<Arc<Loaded>>>,
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
        let (frames, brought) = (FrameStore::new(FRAMES_BYTES), Mutex::default());
        Self { studies: catalogue::studies(instances), objects, frames, brought }
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
            let frame = self.frame(object.ok_or(DicomError::NoPixelData)?, image.frame)?;
            Ok(self.frames.insert(key, frame))
        };
        threads::map("decode", images, one, || Err(stopped(0).into()))
    }

    fn frame(&self, object: &Loaded, number: u32) -> Result<Frame, WorkError> {
        if object.left_at.is_none() {
            return object.frame_here(number);
        }
        if object.instance.image.as_ref().is_none_or(|image| image.format.frames == 1) {
            return object.brought()?.as_ref().unwrap_or(object).frame_here(number);
        }
        self.many_frames(object)?.frame_here(number)
    }

    /// An object of several frames with its pixel data. Others wait meanwhile: they want the same.
    fn many_frames(&self, object: &Loaded) -> Result<Arc<Loaded>, WorkError> {
        let mut held = threads::lock(&self.brought);
        let is_same = |held: &&Arc<Loaded>| held.instance.sop_instance == object.instance.sop_instance;
        if let Some(same) = held.as_ref().filter(is_same) {
            return Ok(Arc::clone(same));
        }
        *held = None;
        let brought = object.brought()?.ok_or(DicomError::NoPixelData)?;
        Ok(Arc::clone(held.insert(Arc::new(brought))))
    }
}

/// A decoder's panic, as a finding about its frame.
pub(super) fn stopped(frame: u32) -> DicomError {
    DicomError::Codestream { frame, what: "the decoder stopped unexpectedly".to_owned() }
}
