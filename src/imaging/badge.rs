//! What a reader must know of an image before trusting it: the one table behind viewport and command line.

use glam::DVec2;

use super::measure::{Provenance, Scale};
use crate::dicom::catalogue::{SeriesEntry, Stack, StackImage, StudyEntry};
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{ImageModule, ModalityTransform, SpacingSource};
use crate::dicom::sop_class::{ImageKind, ObjectKind};
use crate::dicom::{Instance, Warning, names};

/// One thing that could mislead.
#[derive(Debug, Clone, PartialEq)]
pub enum Badge {
    /// One study names more than one patient.
    MixedPatients,
    /// Slices of the stack are missing.
    Incomplete {
        /// How many, as far as the gaps tell; `None` where that is not known.
        missing: Option<u32>,
    },
    /// Rescale cannot be trusted: no HU, no other unit.
    RescaleBroken,
    /// Several images at one place, or one that came twice.
    Duplicates,
    /// Lossy Image Compression says that detail was lost, now or before (PS3.3 C.7.6.1.1.5).
    Lossy {
        /// To one, as the object says.
        ratio: Option<f64>,
        /// By its common name, or empty.
        method: String,
    },
    /// The transfer syntax loses, and the object does not say so.
    LossyTransfer {
        /// The transfer syntax by its name, or empty.
        syntax: String,
    },
    /// Text of the object could not be decoded for certain.
    Charset,
    /// Slices without a place in the patient.
    GeometryUnknown,
    /// No millimetres.
    Uncalibrated,
    /// Millimetres at the detector, where the shadow is larger than the patient.
    Detector,
    /// Millimetres of a projection that does not say whether they are the patient's.
    Unstated,
    /// Millimetres by an estimated magnification: true in one plane of the patient.
    Magnified,
    /// Burned In Annotation: text is part of the pixels.
    BurnedIn,
    /// Secondary capture: not the modality's own image.
    Capture,
    /// Image Type says DERIVED: computed of other images.
    Derived,
    /// A localiser.
    Localiser,
}

impl Badge {
    /// As it stands in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MixedPatients => "mixed-patients",
            Self::Incomplete { .. } => "incomplete",
            Self::RescaleBroken => "rescale-broken",
            Self::Duplicates => "duplicates",
            Self::Lossy { .. } => "lossy",
            Self::LossyTransfer { .. } => "lossy-transfer",
            Self::Charset => "charset",
            Self::GeometryUnknown => "geometry-unknown",
            Self::Uncalibrated | Self::Detector | Self::Unstated | Self::Magnified => "uncalibrated",
            Self::BurnedIn => "burned-in",
            Self::Capture | Self::Derived => "derived",
            Self::Localiser => "localiser",
        }
    }

    /// How loudly it is said.
    pub fn weight(&self) -> Weight {
        match self {
            Self::MixedPatients | Self::Incomplete { .. } => Weight::Alarm,
            Self::Magnified | Self::BurnedIn | Self::Capture | Self::Derived | Self::Localiser => {
                Weight::Note
            }
            _ => Weight::Caution,
        }
    }
}

/// How loudly a badge is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Reading on may harm.
    Alarm,
    /// Something cannot be trusted.
    Caution,
    /// Good to know.
    Note,
}

/// The badges of an image where it stands, the heaviest first, each once.
pub fn badges(study: &StudyEntry, series: &SeriesEntry, stack: &Stack, image: &StackImage) -> Vec<Badge> {
    let warned =
        |warnings: &[Warning], code: WarningCode| warnings.iter().any(|warning| warning.code == code);
    let mut all = Vec::new();
    all.extend(warned(&study.warnings, WarningCode::MixedPatients).then_some(Badge::MixedPatients));
    let missing: u32 = stack.geometry.iter().flat_map(|found| &found.missing).map(|gap| gap.count).sum();
    all.extend((missing > 0 && !stack.localiser).then_some(Badge::Incomplete { missing: Some(missing) }));
    let came_twice = [WarningCode::Twice, WarningCode::Conflicting];
    let doubled = warned(&stack.warnings, WarningCode::Duplicates)
        || came_twice.into_iter().any(|code| warned(&series.warnings, code));
    all.extend(doubled.then_some(Badge::Duplicates));
    all.extend(of_instance(&image.instance, image.frame));
    all.extend(stack.localiser.then_some(Badge::Localiser));
    all.sort_by_key(Badge::weight);
    all
}

/// What an instance says of itself; `frame` counts from 0.
pub fn of_instance(instance: &Instance, frame: u32) -> Vec<Badge> {
    let mut all = Vec::new();
    if let Some(image) = instance.image.as_ref().filter(|_| instance.document.is_none()) {
        all.extend(of_image(instance, image, frame));
    }
    all.extend(instance.text_damaged.then_some(Badge::Charset));
    all.sort_by_key(Badge::weight);
    all
}

fn of_image(instance: &Instance, image: &ImageModule, frame: u32) -> impl Iterator<Item = Badge> {
    let kind = instance.kind();
    let attributes = image.frame(frame);
    let is_grey = image.format.photometric.is_monochrome();
    let broken = is_grey && attributes.is_some_and(|frame| frame.modality == ModalityTransform::Broken);
    let captured = kind == ObjectKind::Image(ImageKind::Capture);
    let derived = image.image_type.first().is_some_and(|value| value == "DERIVED");
    let placed = attributes.is_some_and(|frame| frame.plane.is_some());
    let reconstructed = image.image_type.get(2).is_some_and(|value| value.starts_with("RECON"));
    let sliced = match kind {
        ObjectKind::Image(ImageKind::CrossSection | ImageKind::Tomosynthesis | ImageKind::Dose) => true,
        ObjectKind::Image(ImageKind::Nuclear) => reconstructed,
        _ => false,
    };
    [
        broken.then_some(Badge::RescaleBroken),
        lossy(instance, image),
        (sliced && !placed).then_some(Badge::GeometryUnknown),
        scale(image, frame),
        image.burned_in.then_some(Badge::BurnedIn),
        captured.then_some(Badge::Capture),
        (derived && !captured).then_some(Badge::Derived),
    ]
    .into_iter()
    .flatten()
}

fn lossy(instance: &Instance, image: &ImageModule) -> Option<Badge> {
    let lossy = image.lossy.as_ref()?;
    if lossy.declared {
        return Some(Badge::Lossy { ratio: lossy.ratio, method: method(&lossy.method).to_owned() });
    }
    let syntax = instance.transfer_syntax.as_ref().and_then(|uid| names::transfer_syntax(uid.as_str()));
    Some(Badge::LossyTransfer { syntax: syntax.unwrap_or_default().to_owned() })
}

/// Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1) by the name that people use.
fn method(term: &str) -> &str {
    match term {
        "ISO_10918_1" => "JPEG",
        "ISO_14495_1" => "JPEG-LS",
        "ISO_15444_1" | "ISO_15444_2" => "JPEG 2000",
        "ISO_15444_15" => "HTJ2K",
        "ISO_18181_1" => "JPEG XL",
        "ISO_13818_2" => "MPEG-2",
        "ISO_14496_10" => "H.264",
        "ISO_23008_2" => "H.265",
        other => other,
    }
}

/// Whether millimetres are known in the middle of the image, or anywhere where it has calibrated regions.
fn scale(image: &ImageModule, frame: u32) -> Option<Badge> {
    let middle = DVec2::new(f64::from(image.format.columns), f64::from(image.format.rows)) / 2.0;
    if image.ultrasound_regions.iter().any(|region| region.delta_cm.is_some()) {
        return None;
    }
    match Scale::of(image, frame, &[middle]).provenance() {
        Provenance::Uncalibrated => Some(Badge::Uncalibrated),
        Provenance::Spacing(SpacingSource::Detector) => Some(Badge::Detector),
        Provenance::Spacing(SpacingSource::Unstated) => Some(Badge::Unstated),
        Provenance::Spacing(SpacingSource::Magnified) => Some(Badge::Magnified),
        _ => None,
    }
}
