//! The typed modules of one SOP instance: what the rooms above know of DICOM.

use glam::DVec3;

use super::display::{DisplayAttributes, RealWorldMap, Shutter};
use super::document::Document;
use super::sop_class::{self, ObjectKind};
use super::{PersonName, Phi, PixelFormat, Uid};

/// One SOP instance, parsed once at the edge from Part 10 or DICOM JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// SOP Class UID.
    pub sop_class: Uid,
    /// SOP Instance UID.
    pub sop_instance: Uid,
    /// Transfer syntax UID of the stored object; `None` in metadata from a centre that does not say.
    pub transfer_syntax: Option<Uid>,
    /// Specific Character Set (0008,0005), its values as given.
    pub charset: Vec<String>,
    /// Patient module.
    pub patient: Patient,
    /// General Study module.
    pub study: Study,
    /// General Series module.
    pub series: Series,
    /// Instance Number.
    pub instance_number: Option<i32>,
    /// What is specific to images; `None` for reports, key objects and the rest.
    pub image: Option<ImageModule>,
    /// What is read as a page: reports, PDF, and what is listed by name. A segmentation is one and has pixels.
    pub document: Option<Document>,
    /// Some of its text could not be decoded for certain; the places are marked.
    pub text_damaged: bool,
}

impl Instance {
    /// What it is.
    pub fn kind(&self) -> ObjectKind {
        sop_class::kind_of(&self.sop_class, self.image.is_some(), &self.series.modality)
    }
}

/// Patient module (PS3.3 C.7.1.1). Identity is the ID with its issuer, never the name alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patient {
    /// Patient's Name.
    pub name: Phi<PersonName>,
    /// Patient ID.
    pub id: Phi<String>,
    /// Issuer of Patient ID.
    pub issuer: Phi<String>,
    /// Patient's Birth Date, `YYYYMMDD` or empty.
    pub birth_date: Phi<String>,
    /// Patient's Sex, `M`, `F`, `O` or empty.
    pub sex: String,
    /// Patient's Age at the study, as in `034Y`, or empty.
    pub age: String,
}

/// General Study module (PS3.3 C.7.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Study Instance UID.
    pub uid: Uid,
    /// Study Date, `YYYYMMDD` or empty.
    pub date: String,
    /// Study Time, `HHMMSS.FFFFFF` or a prefix, or empty.
    pub time: String,
    /// Study ID.
    pub id: Phi<String>,
    /// Accession Number.
    pub accession: Phi<String>,
    /// Study Description.
    pub description: String,
    /// Referring Physician's Name.
    pub referring_physician: Phi<PersonName>,
}

/// General Series and Frame of Reference modules (PS3.3 C.7.3.1, C.7.4.1), with the equipment's maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Series Instance UID.
    pub uid: Uid,
    /// Modality, as in `CT`.
    pub modality: String,
    /// Series Number.
    pub number: Option<i32>,
    /// Series Description.
    pub description: String,
    /// Body Part Examined.
    pub body_part: String,
    /// Frame of Reference UID.
    pub frame_of_reference: Option<Uid>,
}

/// The image modules: pixels and, frame by frame, their place and their meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageModule {
    /// Layout of the pixel data.
    pub format: PixelFormat,
    /// Image Type, value by value.
    pub image_type: Vec<String>,
    /// Attributes that may differ by frame: one entry that holds for all frames, or one a frame.
    pub frames: Vec<FrameAttributes>,
    /// Colour tables of PALETTE COLOR, or the supplemental ones of a monochrome image (PS3.3 C.7.6.19).
    pub palette: Option<Palette>,
    /// Overlays and colour profile.
    pub display: DisplayAttributes,
    /// Pixel Padding Value and, if a range, its limit, as stored values (PS3.3 C.7.5.1.1.2).
    pub padding: Option<PixelPadding>,
    /// Presentation LUT Shape is INVERSE.
    pub presentation_inverse: bool,
    /// Somewhere in its life the image was compressed with loss.
    pub lossy: Option<Lossy>,
    /// Burned In Annotation is `YES`: the pixels carry text, perhaps names (PS3.3 C.7.6.1).
    pub burned_in: bool,
    /// Regions of an ultrasound image (PS3.3 C.8.5.5).
    pub ultrasound_regions: Vec<UltrasoundRegion>,
    /// Pixel Aspect Ratio, vertical : horizontal, where no spacing is given.
    pub pixel_aspect: Option<(u32, u32)>,
    /// Patient Orientation (PS3.3 C.7.6.1.1.1): the letters of the patient's side towards which rows run (to the
    /// right), then columns (down), as in `L`, `F`. `None` where it is absent, unusable, or of an animal.
    pub patient_orientation: Option<[String; 2]>,
    /// Image Laterality, else the series' Laterality: `L`, `R`, `B`, `U`, or empty.
    pub laterality: String,
    /// View Position, as in `PA` or `MLO`, or empty.
    pub view_position: String,
    /// Acquisition Number and what else separates stacks: echo, b-value, temporal position. Compared for
    /// equality only.
    pub stack_discriminators: Vec<String>,
}

impl ImageModule {
    /// The attributes of frame `n` (from 0).
    pub fn frame(&self, n: u32) -> Option<&FrameAttributes> {
        match self.frames.as_slice() {
            [one] => Some(one),
            many => many.get(n as usize),
        }
    }
}

/// Attributes of one frame: from the root of a single-frame image, or from the shared and per-frame
/// functional groups, looked up for that frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrameAttributes {
    /// Where the frame lies in the patient.
    pub plane: Option<PlanePosition>,
    /// Distances between pixel centres.
    pub spacing: Option<PixelSpacing>,
    /// Slice Thickness, mm.
    pub thickness_mm: Option<f64>,
    /// Stored values to modality values.
    pub modality: ModalityTransform,
    /// Modality values to grey levels, in the order given; the first is the default.
    pub voi: Vec<Voi>,
    /// Stored values to real-world values, in the order given (PS3.3 C.7.6.16.2.11).
    pub real_world: Vec<RealWorldMap>,
    /// What of the frame is to be shown.
    pub shutter: Option<Shutter>,
    /// Pixel Presentation is COLOR: stored values from the first one of the supplemental palette on are colours
    /// (PS3.3 C.8.16.2.1.1.1).
    pub supplemental_colour: bool,
    /// What the frame is called, where its object names detectors, energies or phases; else empty.
    pub name: String,
    /// What separates this frame from others at its place: stack, temporal position, echo, b-value, segment
    /// (from the functional groups; empty for a single-frame image). Compared for equality only.
    pub discriminators: Vec<String>,
}

/// Image Position (Patient) and Image Orientation (Patient) (PS3.3 C.7.6.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanePosition {
    /// Centre of the first pixel, patient coordinates, mm.
    pub origin_mm: DVec3,
    /// Unit vector along a row: towards the next column.
    pub row_direction: DVec3,
    /// Unit vector along a column: towards the next row.
    pub column_direction: DVec3,
}

/// Distances between pixel centres and where they were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelSpacing {
    /// Between rows (vertical), mm: the first value of Pixel Spacing.
    pub between_rows_mm: f64,
    /// Between columns (horizontal), mm: the second value.
    pub between_columns_mm: f64,
    /// What the millimetres mean.
    pub source: SpacingSource,
}

/// Where a spacing comes from (PS3.3 10.7.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpacingSource {
    /// In the patient: Pixel Spacing of a cross-sectional image.
    Patient,
    /// Pixel Spacing of a projection, corrected for magnification or by a fiducial: it says so, or differs from
    /// Imager Pixel Spacing.
    Calibrated,
    /// Imager Pixel Spacing divided by the magnification that the object estimates, or Object Pixel Spacing in Center
    /// of Beam (PS3.3 C.8.7.5, C.8.19.6.9): true in one plane of the patient.
    Magnified,
    /// Pixel Spacing alone of a projection: in the patient or at the detector, the object does not say.
    Unstated,
    /// Imager Pixel Spacing: at the detector, larger than in the patient.
    Detector,
}

/// Stored values to modality values (PS3.3 C.11.1).
#[derive(Debug, Clone, Default, PartialEq)]
pub enum ModalityTransform {
    /// Nothing is given: stored values are the modality values, without a unit.
    #[default]
    Identity,
    /// value = slope x stored + intercept.
    Rescale {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept.
        intercept: f64,
        /// Rescale Type, as in `HU` (PS3.3 C.11.1.1.2), or empty.
        unit: String,
    },
    /// Modality LUT Sequence.
    Table(LookupTable),
    /// Slope or intercept is unusable: no modality values, no HU (never silently 1 and 0).
    Broken,
}

/// Modality values to grey levels (PS3.3 C.11.2).
#[derive(Debug, Clone, PartialEq)]
pub enum Voi {
    /// Window Center and Window Width.
    Window {
        /// Window Center.
        center: f64,
        /// Window Width.
        width: f64,
        /// VOI LUT Function.
        function: VoiFunction,
        /// Window Center & Width Explanation, or empty.
        explanation: String,
    },
    /// VOI LUT Sequence.
    Table {
        /// The table.
        table: LookupTable,
        /// LUT Explanation, or empty.
        explanation: String,
    },
}

/// VOI LUT Function (PS3.3 C.11.2.1.2 and C.11.2.1.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum VoiFunction {
    /// The default, with its half-unit shifts.
    #[default]
    Linear,
    /// Without the shifts.
    LinearExact,
    /// A logistic curve.
    Sigmoid,
}

/// A lookup table with its descriptor (PS3.3 C.11.1.1, C.11.2.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupTable {
    /// The first input value that is mapped; lower inputs take the first entry.
    pub first: i32,
    /// Bits of an entry: the third descriptor value, 8 to 16.
    pub bits: u16,
    /// The entries.
    pub entries: Vec<u16>,
    /// LUT Explanation or Modality LUT Type, or empty.
    pub explanation: String,
}

/// Palette colour tables, one per colour (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6), segments expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Red.
    pub red: LookupTable,
    /// Green.
    pub green: LookupTable,
    /// Blue.
    pub blue: LookupTable,
}

/// Pixel Padding Value and Pixel Padding Range Limit, or those of float pixels, in stored values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PixelPadding {
    /// One end.
    pub value: f64,
    /// The other end; equal to `value` where no range is given.
    pub limit: f64,
}

impl PixelPadding {
    /// Whether a stored value is padding.
    pub fn contains(self, stored: f64) -> bool {
        stored >= self.value.min(self.limit) && stored <= self.value.max(self.limit)
    }
}

/// Lossy Image Compression (0028,2110) is `01`, or the transfer syntax loses.
#[derive(Debug, Clone, PartialEq)]
pub struct Lossy {
    /// Lossy Image Compression Ratio, the last value.
    pub ratio: Option<f64>,
    /// Lossy Image Compression Method, the last value.
    pub method: String,
    /// Lossy Image Compression says so; else only the transfer syntax does.
    pub declared: bool,
}

/// One region of an ultrasound image and its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UltrasoundRegion {
    /// Left, top, right, bottom pixel, inclusive.
    pub bounds: [u32; 4],
    /// Region Data Type: 1 is tissue.
    pub data_type: u16,
    /// Centimetres a pixel in x and y, where Physical Units X and Y are cm.
    pub delta_cm: Option<(f64, f64)>,
}
