//! Stacks: the images of a series that a reader scrolls through as one.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use glam::DVec3;

use super::measure::{self, StackGeometry};
use super::split;
use crate::dicom::document::Document;
use crate::dicom::error::WarningCode;
use crate::dicom::instance::{ImageModule, ModalityTransform, PixelSpacing, PlanePosition};
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

    /// Slice Thickness, mm.
    pub(super) fn thickness_mm(&self) -> Option<f64> {
        self.instance.image.as_ref()?.frame(self.frame)?.thickness_mm
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
    /// Images that share their place with another one of the stack.
    pub doubled: u32,
    /// What is missing, doubled or at odd distances.
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
    Some(Stack { images, geometry: None, localiser: false, doubled: 0, warnings: Vec::new() })
}

/// What the images of a stack have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    size: (u32, u32, u16),
    /// Index of the pixel spacing among those of the series.
    spacing: Option<usize>,
    /// What the values are: `HU`, `BQML`. Values of two kinds are not compared by scrolling through them.
    unit: String,
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
/// One pixel spacing is written with rounding: it differs by a smaller share.
const SAME_SPACING: f64 = 1e-3;
/// Orientations of one series that are told apart; what comes after these is stacked as if it had no plane.
const MOST_ORIENTATIONS: usize = 512;

/// Images of one kind, before they are sorted.
struct Group {
    kind: Kind,
    localiser: bool,
    images: Vec<StackImage>,
}

/// Spacings and orientations of a series, each with the index by which a [`Kind`] names it.
#[derive(Default)]
struct Known {
    orientations: Vec<(DVec3, DVec3)>,
    spacings: Vec<[f64; 2]>,
}

/// The stacks of a series.
pub(super) fn stacks(instances: Vec<Arc<Instance>>) -> Vec<Stack> {
    let mut known = Known::default();
    let mut index: HashMap<Kind, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for instance in instances {
        let Some(image) = &instance.image else { continue };
        for frame in 0..image.format.frames {
            let kind = kind(&instance, image, frame, &mut known);
            let group = *index.entry(kind.clone()).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Group { kind, localiser: is_localiser(image), images: Vec::new() });
            }
            groups[group].images.push(StackImage { instance: Arc::clone(&instance), frame });
        }
    }
    let mut stacks: Vec<Stack> = turned_together(groups)
        .into_iter()
        .flat_map(|Group { kind, localiser, images }| {
            let placed = kind.orientation.is_some();
            let parts = if placed { split::split(images) } else { vec![by_number(images)] };
            parts.into_iter().map(move |images| stack(images, localiser, placed))
        })
        .collect();
    stacks.sort_by(|a, b| a.localiser.cmp(&b.localiser).then_with(|| a.images[0].by_number(&b.images[0])));
    stacks
}

/// Where each image of a kind has an orientation of its own (a turning projection, the scouts of three planes),
/// there is nothing to sort along: they are one stack in the order of their numbers.
fn turned_together(groups: Vec<Group>) -> Vec<Group> {
    let mut index: HashMap<Kind, usize> = HashMap::new();
    let mut families: Vec<Vec<Group>> = Vec::new();
    for group in groups {
        let kind = Kind { orientation: None, ..group.kind.clone() };
        let family = *index.entry(kind).or_insert(families.len());
        if family == families.len() {
            families.push(Vec::new());
        }
        families[family].push(group);
    }
    families.into_iter().flat_map(turned_one).collect()
}

fn turned_one(mut family: Vec<Group>) -> Vec<Group> {
    let apart = |group: &Group| group.kind.orientation.is_some() && group.images.len() == 1;
    if family.len() < 2 || !family.iter().all(apart) {
        return family;
    }
    let images = family.iter_mut().flat_map(|group| group.images.drain(..)).collect();
    let one =
        family.pop().map(|last| Group { kind: Kind { orientation: None, ..last.kind }, images, ..last });
    one.into_iter().collect()
}

fn kind(instance: &Instance, image: &ImageModule, frame: u32, known: &mut Known) -> Kind {
    let attributes = image.frame(frame);
    let plane = attributes.and_then(|attributes| attributes.plane.as_ref());
    let orientation = plane.and_then(|plane| orientation_index(plane, &mut known.orientations));
    let spacing = attributes.and_then(|attributes| attributes.spacing).filter(|_| orientation.is_some());
    let unit = match attributes.map(|attributes| &attributes.modality) {
        // `US` says that nothing is said (PS3.3 C.11.1.1.2).
        Some(ModalityTransform::Rescale { unit, .. }) if unit != "US" => unit.clone(),
        _ => String::new(),
    };
    let cine = orientation.is_none() && image.format.frames > 1;
    Kind {
        size: (image.format.rows, image.format.columns, image.format.samples_per_pixel),
        spacing: spacing.and_then(|spacing| spacing_index(&spacing, &mut known.spacings)),
        unit,
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

/// As many are told apart as orientations.
fn spacing_index(spacing: &PixelSpacing, known: &mut Vec<[f64; 2]>) -> Option<usize> {
    let pair = [spacing.between_rows_mm, spacing.between_columns_mm];
    let same =
        |other: &[f64; 2]| pair.iter().zip(other).all(|(a, b)| (a - b).abs() <= SAME_SPACING * b.abs());
    let found = known.iter().position(same);
    if found.is_none() && known.len() < MOST_ORIENTATIONS {
        known.push(pair);
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
    let mut doubled = 0;
    if placed {
        doubled = u32::try_from(split::doubled(&images)).unwrap_or(u32::MAX);
        if doubled > 0 {
            warnings.push(Warning::new(WarningCode::Duplicates, doubled.to_string()));
        }
        geometry = measure::measure(&images);
        if let Some(found) = geometry.as_ref().filter(|_| !localiser) {
            if found.missing_count() > 0 {
                warnings.push(Warning::new(WarningCode::Incomplete, found.missing_count().to_string()));
            }
            if found.uneven() {
                let [least, most] = found.spacing_range_mm;
                warnings.push(Warning::new(WarningCode::Uneven, format!("{least:.2}\u{2013}{most:.2} mm")));
            }
        }
    }
    let against = |(first, last): (&StackImage, &StackImage)| first.by_number(last) == Ordering::Greater;
    if placed && images.first().zip(images.last()).is_some_and(against) {
        images.reverse();
        if let Some(geometry) = &mut geometry {
            geometry.turn(images.len());
        }
    }
    Stack { images, geometry, localiser, doubled, warnings }
}
