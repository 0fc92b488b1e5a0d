//! Attributes frame by frame: from the root, or from the functional groups (PS3.3 C.7.6.16).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::grey::{self, Stored};
use super::values::Reader;
use super::{display, geometry, weight};
use crate::dicom::DicomError;
use crate::dicom::display::RealWorldMap;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{FrameAttributes, ModalityTransform};

/// Dimensions of one object that separate its frames (PS3.3 C.7.6.17); more are not looked at.
const MOST_DIMENSIONS: usize = 16;
/// The functional groups that hold Frame Type and Pixel Presentation (PS3.3 C.8.13.5.1, C.8.15.3.1, C.8.22.5.1).
const FRAME_TYPES: [Tag; 3] =
    [tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::PET_FRAME_TYPE_SEQUENCE];

/// One entry that holds for all frames, or one a frame, out of a file of `file_bytes`.
///
/// # Errors
/// [`DicomError::Malformed`] where a small file asks for more than it may ([`weight`]).
pub(super) fn read(
    reader: Reader<'_>,
    frames: u32,
    stored: &Stored,
    file_bytes: usize,
) -> Result<Vec<FrameAttributes>, DicomError> {
    let shared = reader.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    let per_frame = reader.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    if shared.is_none() && per_frame.len() == 0 {
        return from_root(reader, frames, stored, file_bytes);
    }
    if per_frame.len() == frames as usize {
        let each = per_frame.map(|own| Groups { own: Some(own), shared, root: reader }.frame(stored));
        return weight::collect(each, file_bytes);
    }
    let mut common = Groups { own: None, shared, root: reader }.frame(stored);
    if per_frame.len() > 0 {
        // Whose item is whose is not known: nothing of them is used, and no value pretends to be in HU.
        reader.warn(WarningCode::BadValue, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        reader.warn(WarningCode::RescaleBroken, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        common.modality = ModalityTransform::Broken;
        common.plane = None;
    }
    Ok(vec![common])
}

/// The root's attributes. They place a single frame; several lie at one place only if nothing says otherwise,
/// and then the place is not known (except for dose grids, which list their offsets).
fn from_root(
    reader: Reader<'_>,
    frames: u32,
    stored: &Stored,
    file_bytes: usize,
) -> Result<Vec<FrameAttributes>, DicomError> {
    let modality = grey::modality(reader, stored);
    let one = FrameAttributes {
        plane: geometry::plane(reader, reader),
        spacing: geometry::spacing(reader, reader),
        thickness_mm: geometry::thickness(reader),
        voi: grey::voi(reader, stored, &modality),
        modality,
        real_world: display::real_world(reader, stored.signed),
        shutter: display::shutter(reader),
        supplemental_colour: reader.text(tags::PIXEL_PRESENTATION) == "COLOR",
        name: String::new(),
        discriminators: Vec::new(),
    };
    if frames == 1 {
        return Ok(vec![one]);
    }
    let offsets = reader.numbers(tags::GRID_FRAME_OFFSET_VECTOR).good();
    match (offsets, one.plane) {
        (Some(offsets), Some(plane)) if offsets.len() == frames as usize => {
            let normal = plane.row_direction.cross(plane.column_direction);
            // Relative offsets begin with 0; else they are patient z of a transversal grid (PS3.3 C.8.8.3.2).
            let start = if offsets[0] == 0.0 { 0.0 } else { plane.origin_mm.dot(normal) };
            let shifted = |offset: f64| plane.origin_mm + normal * (offset - start);
            let each = offsets.iter().map(|&offset| {
                let plane = crate::dicom::instance::PlanePosition { origin_mm: shifted(offset), ..plane };
                FrameAttributes { plane: Some(plane), ..one.clone() }
            });
            weight::collect(each, file_bytes)
        }
        _ => Ok(vec![FrameAttributes { plane: None, ..one }]),
    }
}

/// Where the groups of one frame are looked up: its own item, then the shared one (PS3.3 C.7.6.16.1.1), and
/// last the root, where some writers leave what belongs in a group.
#[derive(Clone, Copy)]
struct Groups<'a> {
    own: Option<Reader<'a>>,
    shared: Option<Reader<'a>>,
    root: Reader<'a>,
}

impl<'a> Groups<'a> {
    /// The item of a functional group.
    fn group(self, sequence: Tag) -> Option<Reader<'a>> {
        let of = |item: Option<Reader<'a>>| item.and_then(|item| item.item(sequence));
        of(self.own).or_else(|| of(self.shared))
    }

    fn frame(self, stored: &Stored) -> FrameAttributes {
        let group = |sequence| self.group(sequence).unwrap_or(self.root);
        let measures = group(tags::PIXEL_MEASURES_SEQUENCE);
        let values = group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
        let in_beam = self.group(tags::PROJECTION_PIXEL_CALIBRATION_SEQUENCE).and_then(geometry::in_beam);
        let modality = grey::modality(values, stored);
        let voi = grey::voi(group(tags::FRAME_VOILUT_SEQUENCE), stored, &modality);
        FrameAttributes {
            plane: geometry::plane(
                group(tags::PLANE_POSITION_SEQUENCE),
                group(tags::PLANE_ORIENTATION_SEQUENCE),
            ),
            spacing: in_beam.or_else(|| geometry::spacing(measures, self.root)),
            thickness_mm: geometry::thickness(measures),
            modality,
            voi,
            real_world: self.real_world(stored),
            shutter: display::shutter(group(tags::FRAME_DISPLAY_SHUTTER_SEQUENCE)),
            supplemental_colour: self.pixel_presentation() == "COLOR",
            name: String::new(),
            discriminators: self.discriminators(),
        }
    }

    /// The maps of this frame. The group's sequence holds the maps themselves.
    fn real_world(self, stored: &Stored) -> Vec<RealWorldMap> {
        let has = |item: &Reader<'a>| item.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE).len() > 0;
        let holder = [self.own, self.shared].into_iter().flatten().find(has).unwrap_or(self.root);
        display::real_world(holder, stored.signed)
    }

    /// Pixel Presentation (0008,9205) of the frame's type, else of the image.
    fn pixel_presentation(self) -> String {
        let of_frame = FRAME_TYPES
            .iter()
            .filter_map(|sequence| Some(self.group(*sequence)?.text(tags::PIXEL_PRESENTATION)))
            .find(|text| !text.is_empty());
        of_frame.unwrap_or_else(|| self.root.text(tags::PIXEL_PRESENTATION))
    }

    /// Stack ID, temporal position, echo, b-value and direction, segment, frame type, and the dimension indices.
    fn discriminators(self) -> Vec<String> {
        let of = |sequence: Tag, tag: Tag| {
            self.group(sequence).map(|item| item.texts(tag).join("\\")).unwrap_or_default()
        };
        let frame_type =
            [FRAME_TYPES[0], FRAME_TYPES[1]].map(|sequence| of(sequence, tags::FRAME_TYPE)).concat();
        let mut all = vec![
            of(tags::FRAME_CONTENT_SEQUENCE, tags::STACK_ID),
            of(tags::FRAME_CONTENT_SEQUENCE, tags::TEMPORAL_POSITION_INDEX),
            of(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME),
            of(tags::MR_DIFFUSION_SEQUENCE, tags::DIFFUSION_B_VALUE),
            self.gradient(),
            of(tags::SEGMENT_IDENTIFICATION_SEQUENCE, tags::REFERENCED_SEGMENT_NUMBER),
            frame_type,
        ];
        let content = self.group(tags::FRAME_CONTENT_SEQUENCE);
        let dimensions = content.and_then(|item| item.numbers(tags::DIMENSION_INDEX_VALUES).good());
        let dimensions = dimensions.unwrap_or_default();
        all.extend(dimensions.into_iter().take(MOST_DIMENSIONS).map(|index| index.to_string()));
        if all.iter().all(String::is_empty) { Vec::new() } else { all }
    }

    /// Diffusion Gradient Orientation, one item deeper.
    fn gradient(self) -> String {
        let direction = self
            .group(tags::MR_DIFFUSION_SEQUENCE)
            .and_then(|item| item.item(tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE));
        direction.map(|item| item.texts(tags::DIFFUSION_GRADIENT_ORIENTATION).join("\\")).unwrap_or_default()
    }
}
