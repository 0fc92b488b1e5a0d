//! Measurements as content items: TID 1400 lengths, TID 1401 areas, TID 1404 the rest.

use glam::DVec2;

use super::super::evidence::Reference;
use super::super::{Code, ReportLanguage, codes};
use super::item::{Graphic, Item, Relationship, Value};
use crate::dicom::instance::SpacingSource;
use crate::imaging::measure::{Angle, Measured, Provenance, Quantity, Scale, Shape, Unit, principal_axes};

/// One NUM item for each value of `shape`, each with its own coordinates: Enhanced SR has no references by
/// identifier, so an item that stands alone repeats them.
pub(super) fn numbers<'a>(
    shape: &Shape,
    values: &[Measured],
    reference: Reference<'a>,
    language: ReportLanguage,
) -> Vec<Item<'a>> {
    let shape = long_axis_first(shape, &reference);
    values.iter().map(|measured| number(&shape, measured, reference, language)).collect()
}

/// A bidirectional measurement with its long axis first; which one that is, is a matter of the spacing.
fn long_axis_first(shape: &Shape, reference: &Reference<'_>) -> Shape {
    match (shape, &reference.image.instance.image) {
        (Shape::Bidirectional(first, second), Some(image)) => {
            let scale = Scale::of(image, reference.frame.unwrap_or(0), &shape.points());
            if scale.first_is_longer(first, second) {
                shape.clone()
            } else {
                Shape::Bidirectional(*second, *first)
            }
        }
        _ => shape.clone(),
    }
}

fn number<'a>(
    shape: &Shape,
    measured: &Measured,
    reference: Reference<'a>,
    language: ReportLanguage,
) -> Item<'a> {
    let modality = reference.image.instance.series.modality.as_str();
    let (concept, derivation) = concept(measured, modality);
    let value = Value::Number { value: measured.value, unit: unit(&measured.unit) };
    let mut item = Item::new(concept, value);
    if let Some(derivation) = derivation {
        let derivation = Item::new(codes::DERIVATION, Value::Code(derivation));
        item = item.with(Relationship::HasConceptModifier, derivation);
    }
    if let Some(sentence) = reservation(measured, language) {
        let comment = Item::new(codes::COMMENT, Value::Text(sentence));
        item = item.with(Relationship::HasProperties, comment);
    }
    for (purpose, graphic, points) in graphics(shape, measured.quantity) {
        let coordinates = Item::new(purpose, Value::Coordinates { graphic, points });
        let image = Item::unnamed(Value::Image(reference));
        item = item.with(Relationship::InferredFrom, coordinates.with(Relationship::SelectedFrom, image));
    }
    item
}

/// The concept of a value and, for a statistic, how it was derived (TID 300 row 4).
fn concept(measured: &Measured, modality: &str) -> (Code, Option<Code>) {
    let intensity = || intensity(&measured.unit, modality);
    match measured.quantity {
        Quantity::Length => (codes::LENGTH, None),
        Quantity::LongAxis => (codes::LONG_AXIS, None),
        Quantity::ShortAxis => (codes::SHORT_AXIS, None),
        Quantity::Angle => (codes::ANGLE, None),
        Quantity::Area => (codes::AREA, None),
        Quantity::Mean => (intensity(), Some(codes::MEAN)),
        Quantity::StandardDeviation => (intensity(), Some(codes::STANDARD_DEVIATION)),
        Quantity::Minimum => (intensity(), Some(codes::MINIMUM)),
        Quantity::Maximum => (intensity(), Some(codes::MAXIMUM)),
        Quantity::PixelCount => (codes::PIXEL_COUNT, None),
        Quantity::Value => (intensity(), None),
    }
}

/// What the pixels of an image mean (CID 7180, CID 7469). Where PS3.16 has no honest name for a modality's
/// values a private concept says just that.
fn intensity(unit: &Unit, modality: &str) -> Code {
    match (unit, modality) {
        (Unit::Hounsfield, _) => codes::ATTENUATION,
        (_, "MR") => codes::MR_SIGNAL,
        (_, "PT") => codes::PET_ACTIVITY,
        _ => codes::MODALITY_VALUE,
    }
}

fn unit(unit: &Unit) -> Code {
    match unit {
        Unit::Millimetre => codes::MILLIMETRE,
        Unit::SquareMillimetre => codes::SQUARE_MILLIMETRE,
        Unit::Degree => codes::DEGREE,
        Unit::Hounsfield => codes::HOUNSFIELD,
        // Rescale Types other than HU are no UCUM units: unity, and the reservation names them.
        Unit::Modality(_) => codes::NO_UNITS,
        Unit::Pixel | Unit::Count => codes::PIXELS,
        Unit::SquarePixel => codes::SQUARE_PIXELS,
    }
}

/// What a reader of the number must know, in the report's language.
fn reservation(measured: &Measured, language: ReportLanguage) -> Option<String> {
    let say = |english: &str, japanese: &str| {
        Some(if language.is_japanese() { japanese.to_owned() } else { english.to_owned() })
    };
    match (&measured.provenance, &measured.unit) {
        (_, Unit::Degree) => None,
        (Provenance::Spacing(SpacingSource::Detector), _) => say(
            "Measured at the detector plane; not corrected for magnification, larger than in the patient.",
            "検出器面での計測値です。拡大率の補正がないため、患者内の実寸より大きくなります。",
        ),
        (Provenance::Spacing(SpacingSource::Unstated), _) => say(
            "The image does not say whether its spacing is at the detector plane or in the patient.",
            "画素間隔が検出器面上のものか患者内のものか、画像に記載がありません。",
        ),
        (Provenance::Spacing(SpacingSource::Magnified), _) => say(
            "Corrected by the magnification that the image estimates; true in one plane of the patient.",
            "画像に記載された推定拡大率で補正した値です。患者内の特定の面でのみ正確です。",
        ),
        (Provenance::Uncalibrated, _) => {
            say("The image has no calibration; in pixels.", "画像に校正情報がないため、画素単位の値です。")
        }
        (_, Unit::Modality(name)) if !name.is_empty() => {
            say(&format!("Unit (Rescale Type): {name}"), &format!("単位（Rescale Type）: {name}"))
        }
        _ => None,
    }
}

/// The coordinates a value was inferred from: purpose, graphic type, points.
fn graphics(shape: &Shape, quantity: Quantity) -> Vec<(Code, Graphic, Vec<DVec2>)> {
    let path = |points: &[DVec2]| (codes::PATH, Graphic::Polyline, points.to_vec());
    let outline = if quantity == Quantity::Area { codes::AREA_OUTLINE } else { codes::IMAGE_REGION };
    match shape {
        Shape::Length(line) => vec![path(line)],
        Shape::Bidirectional(first, second) => {
            vec![path(if quantity == Quantity::LongAxis { first } else { second })]
        }
        Shape::Angle(Angle::Vertex(points)) => vec![path(points)],
        Shape::Angle(Angle::Lines(first, second)) => vec![path(first), path(second)],
        Shape::Ellipse(ends) => vec![(outline, Graphic::Ellipse, principal_axes(*ends).to_vec())],
        Shape::Rectangle(corners) => vec![(outline, Graphic::Polyline, closed(corners))],
        Shape::Polygon(vertices) => vec![(outline, Graphic::Polyline, closed(vertices))],
        Shape::Point(point) => vec![(codes::IMAGE_REGION, Graphic::Point, vec![*point])],
    }
}

/// A closed outline repeats its first point (PS3.3 C.18.6.1.2).
fn closed(vertices: &[DVec2]) -> Vec<DVec2> {
    vertices.iter().chain(vertices.first()).copied().collect()
}
