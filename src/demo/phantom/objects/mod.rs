//! DICOM data sets around the pixels: one file a kind of image, the modules they share in `common`.

mod common;
mod ct;
mod dx;
mod elements;
mod mr;
mod us;

use dicom_core::value::C;
use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use self::elements::Elements;
use super::head::Technique;
use super::slices::Stack;
use super::study::{InstanceIdentity, PhantomStudy, Series};
use super::torso::Occasion;
use super::{echo, film, slices};
use crate::dicom::Uid;

/// What the instances of a series are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Chest and abdomen CT.
    ChestCt(Occasion),
    /// Head CT with the bleed.
    HeadCt,
    /// Head MR.
    HeadMr(Technique),
    /// Chest radiograph.
    Film(Occasion),
    /// Abdominal clip.
    Ultrasound,
}

impl Kind {
    /// The slices, where the kind has any.
    fn stack(self) -> Option<Stack> {
        match self {
            Self::ChestCt(occasion) => Some(Stack::chest(occasion)),
            Self::HeadCt => Some(Stack::head(Technique::BleedCt)),
            Self::HeadMr(technique) => Some(Stack::head(technique)),
            Self::Film(_) | Self::Ultrasound => None,
        }
    }

    /// Instances of a series.
    pub(super) fn count(self) -> u32 {
        self.stack().map_or(1, |stack| stack.slices)
    }

    /// SOP Class UID.
    pub(super) fn sop_class(self) -> Uid {
        let class = match self {
            Self::ChestCt(_) | Self::HeadCt => uids::CT_IMAGE_STORAGE,
            Self::HeadMr(_) => uids::MR_IMAGE_STORAGE,
            Self::Film(_) => uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION,
            Self::Ultrasound => uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE,
        };
        Uid::parse(class).expect("the dictionary's UIDs are UIDs")
    }
}

/// The data set of instance `n` of a series, without Pixel Data.
pub(super) fn header(
    study: &PhantomStudy,
    series: &Series,
    n: u32,
    identity: &InstanceIdentity,
) -> InMemDicomObject {
    let mut e = Elements::new();
    common::patient_and_study(&mut e, study);
    common::series_and_equipment(&mut e, study, series);
    common::instance(&mut e, study, identity, n);
    if let Some(stack) = series.kind.stack() {
        common::plane(&mut e, series, &stack, n);
    }
    match series.kind {
        Kind::ChestCt(_) => ct::chest(&mut e),
        Kind::HeadCt => ct::head(&mut e),
        Kind::HeadMr(technique) => mr::head(&mut e, technique),
        Kind::Film(_) => dx::chest(&mut e),
        Kind::Ultrasound => us::clip(&mut e),
    }
    e.0
}

/// Computes the pixels of instance `n` and puts them into its data set.
pub(super) fn put_pixels(object: &mut InMemDicomObject, kind: Kind, n: u32) {
    let words = |values: C<u16>| (VR::OW, PrimitiveValue::U16(values));
    let stored = |hu: f32, low: f32, high: f32| (hu - ct::INTERCEPT as f32).round().clamp(low, high);
    let (vr, value) = match kind {
        Kind::ChestCt(occasion) => words(
            slices::chest_hu(occasion, n)
                .into_iter()
                .map(|hu| stored(hu, -2048.0, 4095.0) as i16 as u16)
                .collect(),
        ),
        Kind::HeadCt => {
            words(slices::head_hu(n).into_iter().map(|hu| stored(hu, 0.0, 4095.0) as u16).collect())
        }
        Kind::HeadMr(technique) => words(
            slices::head_signal(technique, n)
                .into_iter()
                .map(|v| v.round().clamp(0.0, 4095.0) as u16)
                .collect(),
        ),
        Kind::Film(occasion) => words(film::stored(occasion).into()),
        Kind::Ultrasound => {
            let bytes: Vec<u8> = (0..echo::FRAMES).flat_map(echo::frame).collect();
            (VR::OB, PrimitiveValue::U8(bytes.into()))
        }
    };
    object.put(DataElement::new(tags::PIXEL_DATA, vr, value));
}

/// A Part 10 file in Explicit VR Little Endian (PS3.10 7.1).
pub(super) fn part10(object: InMemDicomObject, identity: &InstanceIdentity) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(identity.sop_class.as_str())
        .media_storage_sop_instance_uid(identity.sop_instance.as_str())
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .implementation_class_uid("2.25.211714276532214853029403521763219047613")
        .implementation_version_name("DOKUEI_DEMO");
    let mut bytes = Vec::new();
    object
        .with_meta(meta)
        .expect("both UIDs are given")
        .write_all(&mut bytes)
        .expect("writing to memory does not fail");
    bytes
}
