//! Small cases for the tests of the viewer, the pixels and the drawings.

use std::sync::Arc;

use glam::DVec3;

use super::case::{Case, Keeping, Origin};
use super::viewer::{Command, ViewportId};
use super::{Effect, Message, Remote, State, pixels, update, viewer};
use crate::dicom::catalogue;
use crate::dicom::document::{Document, Label, Line, Style};
use crate::dicom::instance::{
    FrameAttributes, ImageModule, ModalityTransform, Patient, PixelSpacing, PlanePosition, Series,
    SpacingSource, Study,
};
use crate::dicom::pixel::Photometric;
use crate::dicom::sop_class::DocumentKind;
use crate::dicom::{Instance, Phi, PixelFormat, Uid};
use crate::imaging::FrameKey;

pub(super) fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// Slice `n` of series `series`: axial, 100 x 80 pixels of 0.5 mm, slices 2 mm apart.
pub(super) fn slice(series: u32, n: u32, localiser: bool) -> Arc<Instance> {
    let plane = PlanePosition {
        origin_mm: DVec3::new(0.0, 0.0, 2.0 * f64::from(n)),
        row_direction: DVec3::X,
        column_direction: DVec3::Y,
    };
    let spacing =
        PixelSpacing { between_rows_mm: 0.5, between_columns_mm: 0.5, source: SpacingSource::Patient };
    let attributes = FrameAttributes {
        plane: Some(plane),
        spacing: Some(spacing),
        modality: ModalityTransform::Rescale { slope: 1.0, intercept: -1024.0, unit: "HU".to_owned() },
        ..FrameAttributes::default()
    };
    let format = PixelFormat {
        rows: 80,
        columns: 100,
        frames: 1,
        samples_per_pixel: 1,
        bits_allocated: 16,
        bits_stored: 16,
        high_bit: 15,
        signed: true,
        photometric: Photometric::Monochrome2,
        planar: false,
        float: false,
    };
    let kind = if localiser { "LOCALIZER" } else { "AXIAL" };
    let image = ImageModule {
        format,
        image_type: ["ORIGINAL", "PRIMARY", kind].map(str::to_owned).to_vec(),
        frames: vec![attributes],
        palette: None,
        display: crate::dicom::display::DisplayAttributes::default(),
        padding: None,
        presentation_inverse: false,
        lossy: None,
        burned_in: false,
        ultrasound_regions: Vec::new(),
        pixel_aspect: None,
        patient_orientation: None,
        laterality: String::new(),
        view_position: String::new(),
        stack_discriminators: Vec::new(),
    };
    Arc::new(Instance {
        sop_class: uid("1.2.840.10008.5.1.4.1.1.2"),
        sop_instance: key(series, n).sop_instance,
        transfer_syntax: None,
        charset: Vec::new(),
        patient: Patient::default(),
        study: Study {
            uid: uid("1.2.3"),
            date: String::new(),
            time: String::new(),
            id: Default::default(),
            accession: Default::default(),
            description: String::new(),
            referring_physician: Default::default(),
        },
        series: Series {
            uid: series_uid(series),
            modality: "CT".to_owned(),
            number: i32::try_from(series).ok(),
            description: String::new(),
            body_part: String::new(),
            frame_of_reference: Some(uid("1.2.4")),
        },
        instance_number: i32::try_from(n).ok(),
        image: Some(image),
        document: None,
        text_damaged: false,
    })
}

/// A document in a series of its own: text of so many lines, or a PDF of so many pages.
pub(super) fn document(series: u32, kind: DocumentKind, places: u32) -> Arc<Instance> {
    let line = |_| Line {
        level: 0,
        style: Style::Content,
        label: Label::None,
        value: Phi::default(),
        refers_to: None,
    };
    let is_pdf = kind == DocumentKind::Pdf;
    let document = Document {
        kind,
        lines: (0..if is_pdf { 0 } else { places }).map(line).collect(),
        pages: if is_pdf { places } else { 0 },
        ..Document::default()
    };
    let mut instance = Instance::clone(&slice(series, 0, false));
    instance.image = None;
    instance.document = Some(document);
    Arc::new(instance)
}

pub(super) fn series_uid(series: u32) -> Uid {
    uid(&format!("1.2.3.{series}"))
}

pub(super) fn key(series: u32, n: u32) -> FrameKey {
    FrameKey { sop_instance: uid(&format!("1.2.3.{series}.{n}")), frame: 0 }
}

/// A series of so many slices.
pub(super) fn series(series: u32, slices: u32) -> Vec<Arc<Instance>> {
    (0..slices).map(|n| slice(series, n, false)).collect()
}

/// An open case with nothing in it.
pub(super) fn empty() -> State {
    let case = Case {
        study: Some(uid("1.2.3")),
        origin: Origin::Centre("island".to_owned()),
        row: None,
        catalogue: Arc::default(),
        progress: Default::default(),
        began_ms: 0,
        first_image_ms: None,
        arrived: Remote::Pending { previous: None },
        refused: Vec::new(),
        growth: Default::default(),
        viewer: Default::default(),
        drawings: Default::default(),
        draft: Default::default(),
        keeping: Keeping::default(),
        again: super::case::Again::default(),
        pace: None,
        request: 0,
    };
    State { case: Some(case), ..State::default() }
}

/// An open case in which these have come.
pub(super) fn open(instances: Vec<Arc<Instance>>) -> State {
    let mut state = empty();
    arrive(&mut state, instances);
    state
}

/// These are here now.
pub(super) fn arrive(state: &mut State, instances: Vec<Arc<Instance>>) -> Vec<Effect> {
    state.case.as_mut().unwrap().catalogue = Arc::new(catalogue::studies(instances));
    viewer::catalogued(state)
}

/// No more will come.
pub(super) fn end(state: &mut State) -> Vec<Effect> {
    state.case.as_mut().unwrap().arrived = Remote::Failed { problem: stopped(), previous: None };
    viewer::settled(state)
}

pub(super) fn stopped() -> super::Problem {
    super::Problem { id: "work-stopped".into(), args: Vec::new() }
}

pub(super) fn send(state: &mut State, command: Command) -> Vec<Effect> {
    update(state, Message::Command(super::Command::Viewer(command)))
}

pub(super) fn at(window: u8, place: u8) -> ViewportId {
    ViewportId { window, place }
}

/// The frames that were wanted last among `effects`.
pub(super) fn wanted(effects: &[Effect]) -> Option<Vec<FrameKey>> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Pixels(pixels::Effect::Want { frames, .. }) => Some(frames.clone()),
        _ => None,
    })
}
