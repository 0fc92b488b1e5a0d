//! Stacks: the images of a series that a reader scrolls through as one.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use glam::DVec3;

use super::measure::{self, StackGeometry};
use super::split;
use crate::dicom::document::Document;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{ImageModule, PlanePosition};
use crate::dicom::{Instance, Uid, Warning};

/// One image of a stack: an instance, or one frame of it.
#[derive(Debug, Clone, PartialEq)]
pub struct StackImage {
    /// The instance.
    pub instance: Arc<Instance>,
    /// The frame, from 0.
    pub frame: u32,
}

impl StackImage {
    /// Where it lies.
    pub fn plane(&self) -> Option<&PlanePosition> {
        self.instance.image.as_ref()?.frame(self.frame)?.plane.as_ref()
    }

    /// The `k`th thing that separates images at one place: the frame's own, then the instance's.
    pub(super) fn discriminator(&self, k: usize) -> &str {
        let Some(image) = &self.instance.image else { return "" };
        let own = image.frame(self.frame).map_or(&[][..], |frame| &frame.discriminators);
        let found = own.get(k).or_else(|| image.stack_discriminators.get(k.wrapping_sub(own.len())));
        found.map_or("", String::as_str)
    }

    /// How many of them there are.
    pub(super) fn discriminators(&self) -> usize {
        let Some(image) = &self.instance.image else { return 0 };
        let own = image.frame(self.frame).map_or(0, |frame| frame.discriminators.len());
        own + image.stack_discriminators.len()
    }

    /// The order in which images without a place are read.
    pub(super) fn by_number(&self, other: &Self) -> Ordering {
        let key = |image: &Self| {
            (image.instance.instance_number.is_none(), image.instance.instance_number, image.frame)
        };
        key(self).cmp(&key(other)).then_with(|| self.instance.sop_instance.cmp(&other.instance.sop_instance))
    }
}

/// Images of one size, kind, orientation and frame of reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// Where the places are known, along the normal (row direction x column direction) in the sense in which
    /// instance numbers grow: the first image is the one that other systems show first. Else by instance number
    /// and frame.
    pub images: Vec<StackImage>,
    /// Spacing, tilt and gaps; `None` for a single image or where the places are not known.
    pub geometry: Option<StackGeometry>,
    /// A localiser (scout, topogram): Image Type says LOCALIZER.
    pub localiser: bool,
    /// What is missing or doubled.
    pub warnings: Vec<Warning>,
}

impl Stack {
    /// Pages or lines of a document, not images of a patient.
    pub fn document(&self) -> Option<&Document> {
        self.images.first()?.instance.document.as_ref()
    }

    /// Its images are pixels that can be drawn: images of a patient, or pages.
    pub fn has_pixels(&self) -> bool {
        self.document().is_none_or(Document::has_pages)
    }
}

/// A document as a stack of its pages or lines.
pub(super) fn of_document(instance: &Arc<Instance>) -> Option<Stack> {
    let document = instance.document.as_ref()?;
    let images =
        (0..document.positions()).map(|frame| StackImage { instance: Arc::clone(instance), frame }).collect();
    Some(Stack { images, geometry: None, localiser: false, warnings: Vec::new() })
}

/// What the images of a stack have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    size: (u32, u32, u16),
    /// Image Type's first three values (PS3.3 C.7.6.1.1.2); the maker's own may vary within a stack and count
    /// only where images share a place.
    image_type: Vec<String>,
    frame_of_reference: Option<Uid>,
    /// Index of the orientation among those of the series; `None` without a plane.
    orientation: Option<usize>,
    /// A cine loop without planes is a stack of its own.
    cine: Option<Uid>,
}

/// Cosines of one orientation differ by less.
const SAME_DIRECTION: f64 = 1e-3;
/// Orientations of one series that are told apart; what comes after these is stacked as if it had no plane.
const MOST_ORIENTATIONS: usize = 512;

/// The stacks of a series.
pub(super) fn stacks(instances: Vec<Arc<Instance>>) -> Vec<Stack> {
    let mut orientations = Vec::new();
    let mut index: HashMap<Kind, usize> = HashMap::new();
    let mut groups: Vec<(bool, bool, Vec<StackImage>)> = Vec::new();
    for instance in instances {
        let Some(image) = &instance.image else { continue };
        for frame in 0..image.format.frames {
            let kind = kind(&instance, image, frame, &mut orientations);
            let (localiser, placed) = (is_localiser(image), kind.orientation.is_some());
            let group = *index.entry(kind).or_insert(groups.len());
            if group == groups.len() {
                groups.push((localiser, placed, Vec::new()));
            }
            groups[group].2.push(StackImage { instance: Arc::clone(&instance), frame });
        }
    }
    let mut stacks: Vec<Stack> = groups
        .into_iter()
        .flat_map(|(localiser, placed, images)| {
            let parts = if placed { split::split(images) } else { vec![by_number(images)] };
            parts.into_iter().map(move |images| stack(images, localiser, placed))
        })
        .collect();
    stacks.sort_by(|a, b| a.localiser.cmp(&b.localiser).then_with(|| a.images[0].by_number(&b.images[0])));
    stacks
}

fn kind(
    instance: &Instance,
    image: &ImageModule,
    frame: u32,
    orientations: &mut Vec<(DVec3, DVec3)>,
) -> Kind {
    let plane = image.frame(frame).and_then(|attributes| attributes.plane.as_ref());
    let orientation = plane.and_then(|plane| orientation_index(plane, orientations));
    let cine = orientation.is_none() && image.format.frames > 1;
    Kind {
        size: (image.format.rows, image.format.columns, image.format.samples_per_pixel),
        image_type: image.image_type.iter().take(3).cloned().collect(),
        frame_of_reference: instance.series.frame_of_reference.clone(),
        orientation,
        cine: cine.then(|| instance.sop_instance.clone()),
    }
}

fn orientation_index(plane: &PlanePosition, known: &mut Vec<(DVec3, DVec3)>) -> Option<usize> {
    let same = |a: DVec3, b: DVec3| (a - b).abs().max_element() < SAME_DIRECTION;
    let (row, column) = (plane.row_direction, plane.column_direction);
    let found = known.iter().position(|&(r, c)| same(r, row) && same(c, column));
    if found.is_none() && known.len() < MOST_ORIENTATIONS {
        known.push((row, column));
        return Some(known.len() - 1);
    }
    found
}

fn is_localiser(image: &ImageModule) -> bool {
    image.image_type.iter().any(|value| value == "LOCALIZER")
}

fn by_number(mut images: Vec<StackImage>) -> Vec<StackImage> {
    images.sort_by(StackImage::by_number);
    images
}

fn stack(mut images: Vec<StackImage>, localiser: bool, placed: bool) -> Stack {
    let mut warnings = Vec::new();
    let mut geometry = None;
    if placed {
        let doubled = split::doubled(&images);
        if doubled > 0 {
            warnings.push(Warning::new(WarningCode::Duplicates, doubled.to_string()));
        }
        geometry = measure::measure(&images);
        let missing: u32 = geometry.iter().flat_map(|found| &found.missing).map(|gap| gap.count).sum();
        if missing > 0 && !localiser {
            warnings.push(Warning::new(WarningCode::Incomplete, missing.to_string()));
        }
    }
    let against = |(first, last): (&StackImage, &StackImage)| first.by_number(last) == Ordering::Greater;
    if placed && images.first().zip(images.last()).is_some_and(against) {
        images.reverse();
        if let Some(geometry) = &mut geometry {
            geometry.turn(images.len());
        }
    }
    Stack { images, geometry, localiser, warnings }
}
