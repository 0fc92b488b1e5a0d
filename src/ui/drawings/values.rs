//! Values of drawings in words: beside the figure, in the list, and in the sentences for the report.

use crate::dicom::Phi;
use crate::dicom::instance::SpacingSource;
use crate::imaging::measure::{Kind, Measured, Provenance, Quantity, RealWorld, Unit};
use crate::session::Remote;
use crate::session::State;
use crate::session::drawings::{Drawing, Figure};
use crate::session::settings::Language;
use crate::text::{Message, say};
use crate::ui::viewports::scene::{Standing, standing, standing_of};
use crate::ui::viewports::words::{number, three_digits, ucum};

/// A value without its unit, as exact as it is worth.
fn value(measured: &Measured) -> String {
    let decimals = match measured.quantity {
        Quantity::Area => usize::from(measured.value.abs() < 100.0),
        Quantity::Minimum | Quantity::Maximum | Quantity::Value => usize::from(measured.value.fract() != 0.0),
        Quantity::PixelCount => 0,
        _ => 1,
    };
    number(measured.value, decimals)
}

/// The unit as it is written on screen and in reports.
fn symbol(unit: &Unit) -> &str {
    match unit {
        Unit::SquareMillimetre => "mm²",
        Unit::SquarePixel => "px²",
        Unit::Degree => "°",
        other => other.symbol(),
    }
}

fn with_unit(text: &str, unit: &Unit) -> String {
    match unit {
        Unit::Degree => format!("{text}°"),
        other if symbol(other).is_empty() => text.to_owned(),
        other => format!("{text} {}", symbol(other)),
    }
}

fn find(all: &[Measured], quantity: Quantity) -> Option<&Measured> {
    all.iter().find(|measured| measured.quantity == quantity)
}

fn full(measured: &Measured) -> String {
    with_unit(&value(measured), &measured.unit)
}

/// The principal value: `12.3 mm`, `12.3 × 8.1 mm`, `35.2°`, `123 mm²`.
pub(super) fn principal(all: &[Measured]) -> Option<String> {
    match (find(all, Quantity::LongAxis), find(all, Quantity::ShortAxis)) {
        (Some(long), Some(short)) => Some(format!("{} × {}", value(long), full(short))),
        _ => all.first().map(full),
    }
}

/// Mean and standard deviation of an area.
fn mean(language: Language, all: &[Measured]) -> Option<String> {
    let (mean, deviation) = (find(all, Quantity::Mean)?, find(all, Quantity::StandardDeviation)?);
    let message = Message::new("drawing-mean").with("mean", value(mean)).with("deviation", value(deviation));
    Some(with_unit(&say(language, &message), &mean.unit))
}

fn extremes(language: Language, all: &[Measured]) -> Option<String> {
    let (low, high) = (find(all, Quantity::Minimum)?, find(all, Quantity::Maximum)?);
    let message = Message::new("drawing-range").with("low", value(low)).with("high", value(high));
    Some(with_unit(&say(language, &message), &low.unit))
}

/// What the reader must know of where millimetres come from; nothing where they are the patient's.
pub(super) fn note(language: Language, all: &[Measured]) -> Option<String> {
    // An angle needs no calibration but that of the pixel's sides.
    let about_space = all.first().filter(|first| first.unit != Unit::Degree)?;
    let id = match about_space.provenance {
        Provenance::Uncalibrated => "drawing-uncalibrated",
        Provenance::Spacing(SpacingSource::Detector) => "drawing-detector",
        Provenance::Spacing(SpacingSource::Unstated) => "drawing-unstated",
        Provenance::Spacing(SpacingSource::Magnified) => "drawing-magnified",
        Provenance::Spacing(SpacingSource::Calibrated) => "drawing-calibrated",
        Provenance::Spacing(SpacingSource::Patient)
        | Provenance::UltrasoundRegion
        | Provenance::PixelValues => return None,
    };
    Some(say(language, &Message::new(id)))
}

/// What one of the image's real-world value maps says, with the name that tells it from the modality values.
fn real(language: Language, one: &RealWorld) -> Option<String> {
    let of = |quantity| find(&one.values, quantity).map(|measured| three_digits(measured.value));
    let unit = ucum(one.values.first()?.unit.symbol());
    let message = match of(Quantity::Mean) {
        None => Message::new("drawing-real-value").with("value", of(Quantity::Value)?),
        Some(mean) => Message::new("drawing-real-area")
            .with("mean", mean)
            .with("deviation", of(Quantity::StandardDeviation)?)
            .with("low", of(Quantity::Minimum)?)
            .with("high", of(Quantity::Maximum)?),
    };
    let text = say(language, &message.with("label", &one.label));
    Some(if unit.is_empty() { text.trim().to_owned() } else { format!("{} {unit}", text.trim()) })
}

/// A line for each real-world value map.
pub(super) fn real_world(language: Language, all: &[RealWorld]) -> Vec<String> {
    all.iter().filter_map(|one| real(language, one)).collect()
}

/// The lines beside a figure.
pub(super) fn lines(language: Language, all: &[Measured]) -> Vec<String> {
    let lines = [principal(all), mean(language, all), extremes(language, all), note(language, all)];
    lines.into_iter().flatten().collect()
}

/// The same in one line, without the extremes.
pub(crate) fn brief(language: Language, all: &[Measured], real: &[RealWorld]) -> String {
    let parts = [principal(all), mean(language, all)].into_iter().flatten();
    let parts = parts.chain(real_world(language, real)).chain(note(language, all));
    parts.collect::<Vec<_>>().join(" · ")
}

/// What kind of thing was drawn.
pub(crate) fn kind(language: Language, figure: &Figure) -> String {
    let id = match figure {
        Figure::Shape(shape) => match shape.kind() {
            Kind::Length => "drawing-length",
            Kind::Bidirectional => "drawing-bidirectional",
            Kind::Angle => "drawing-angle",
            Kind::Ellipse => "drawing-ellipse",
            Kind::Rectangle => "drawing-rectangle",
            Kind::Polygon => "drawing-polygon",
            Kind::Point => "drawing-point",
        },
        Figure::Arrow(_) => "drawing-arrow",
        Figure::Text(_) => "drawing-text",
    };
    say(language, &Message::new(id))
}

/// What a report says of the values of a shape.
fn said(language: Language, kind: Kind, all: &[Measured]) -> Option<String> {
    let message = match kind {
        Kind::Length => Message::new("drawing-says-length").with("value", principal(all)?),
        Kind::Bidirectional => Message::new("drawing-says-axes")
            .with("long", full(find(all, Quantity::LongAxis)?))
            .with("short", full(find(all, Quantity::ShortAxis)?)),
        Kind::Angle => Message::new("drawing-says-angle").with("value", principal(all)?),
        Kind::Point => Message::new("drawing-says-value").with("value", principal(all)?),
        Kind::Ellipse | Kind::Rectangle | Kind::Polygon => {
            let area = principal(all)?;
            match mean(language, all) {
                Some(mean) => Message::new("drawing-says-area-mean").with("area", area).with("mean", mean),
                None => Message::new("drawing-says-area").with("area", area),
            }
        }
    };
    Some(say(language, &message))
}

/// Where an image is, as another reader finds it again.
pub(super) fn place(language: Language, standing: &Standing<'_>) -> String {
    let image = standing.number();
    let message = match standing.series.series.number {
        Some(series) => Message::new("drawing-where").with("series", series).with("image", image),
        None => Message::new("drawing-where-image").with("image", image),
    };
    say(language, &message)
}

fn sentence(language: Language, what: String, standing: &Standing<'_>) -> Phi<String> {
    let place = place(language, standing);
    let message = Message::new("drawing-sentence").with("what", what).with("place", place);
    Phi::new(say(language, &message))
}

/// The sentence that a drawing puts into the report, in the language of the program: what it is and its values,
/// and where. `None` while its values are being computed or when it has none: no report says what is not so.
pub fn citation(state: &State, drawing: u64) -> Option<Phi<String>> {
    let case = state.case.as_ref()?;
    let drawing = case.drawings.get(drawing)?;
    let language = state.shell.settings.language;
    let standing = standing(case, &drawing.series, &drawing.on)?;
    Some(sentence(language, what(language, drawing)?, &standing))
}

fn what(language: Language, drawing: &Drawing) -> Option<String> {
    let label = drawing.label.reveal().trim();
    let Figure::Shape(shape) = &drawing.figure else {
        return Some(if label.is_empty() { kind(language, &drawing.figure) } else { label.to_owned() });
    };
    let Remote::Ready(values) = &drawing.values else { return None };
    let values_said = said(language, shape.kind(), values)?;
    let notes = real_world(language, &drawing.real_world).into_iter().chain(note(language, values));
    let noted = notes.fold(values_said, |what, note| {
        say(language, &Message::new("drawing-noted").with("what", what).with("note", note))
    });
    if label.is_empty() {
        return Some(noted);
    }
    Some(say(language, &Message::new("drawing-labelled").with("label", label).with("what", noted)))
}

/// The sentence of a key image.
fn key_sentence(language: Language, standing: &Standing<'_>) -> Phi<String> {
    sentence(language, say(language, &Message::new("drawing-key-image")), standing)
}

/// The sentence that the image of the active viewport puts into the report as a key image, in the language of
/// the program. `None` where it shows no image of a stack.
pub fn key_image_sentence(state: &State) -> Option<Phi<String>> {
    let case = state.case.as_ref()?;
    let active = case.viewer.active;
    let planes = case.viewer.windows.get(usize::from(active.window))?.mpr.is_some();
    let viewport = case.viewer.viewport(active).filter(|_| !planes)?;
    let standing = standing_of(case, viewport.shown.as_ref()?)?;
    Some(key_sentence(state.shell.settings.language, &standing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(quantity: Quantity, value: f64, unit: Unit, provenance: Provenance) -> Measured {
        Measured { quantity, value, unit, provenance }
    }

    #[test]
    fn values_are_as_exact_as_they_are_worth_and_say_where_they_come_from() {
        let patient = Provenance::Spacing(SpacingSource::Patient);
        let axes = [
            measured(Quantity::LongAxis, 12.34, Unit::Millimetre, patient),
            measured(Quantity::ShortAxis, 8.06, Unit::Millimetre, patient),
        ];
        assert_eq!(lines(Language::English, &axes), ["12.3 × 8.1 mm"]);
        let area = [
            measured(Quantity::Area, 123.4, Unit::SquareMillimetre, patient),
            measured(Quantity::Mean, -45.25, Unit::Hounsfield, Provenance::PixelValues),
            measured(Quantity::StandardDeviation, 9.0, Unit::Hounsfield, Provenance::PixelValues),
            measured(Quantity::Minimum, -70.0, Unit::Hounsfield, Provenance::PixelValues),
            measured(Quantity::Maximum, 3.0, Unit::Hounsfield, Provenance::PixelValues),
        ];
        assert_eq!(lines(Language::English, &area), ["123 mm²", "mean -45.2 ± 9.0 HU", "min -70, max 3 HU"]);
        assert_eq!(brief(Language::English, &area, &[]), "123 mm² · mean -45.2 ± 9.0 HU");
        let pixels = [measured(Quantity::Length, 120.0, Unit::Pixel, Provenance::Uncalibrated)];
        assert_eq!(lines(Language::Japanese, &pixels), ["120.0 px", "未校正"]);
        let angle = [measured(Quantity::Angle, 35.25, Unit::Degree, Provenance::Uncalibrated)];
        assert_eq!(lines(Language::English, &angle), ["35.2°"]);
    }

    #[test]
    fn real_world_values_stand_beside_the_others_under_their_own_name() {
        let of = |quantity, value| {
            measured(quantity, value, Unit::Modality("g/ml{SUVbw}".to_owned()), Provenance::PixelValues)
        };
        let map = |values| RealWorld { label: "SUVbw".to_owned(), values };
        let point = [map(vec![of(Quantity::Value, 5.123)])];
        let counts =
            measured(Quantity::Value, 20_480.0, Unit::Modality("BQML".into()), Provenance::PixelValues);
        assert_eq!(brief(Language::English, &[counts], &point), "20480 BQML · SUVbw 5.12 g/ml");
        let area = map(vec![
            of(Quantity::Mean, 4.1),
            of(Quantity::StandardDeviation, 0.321),
            of(Quantity::Minimum, 3.0),
            of(Quantity::Maximum, 6.25),
        ]);
        let both = Language::ALL.map(|language| real(language, &area).unwrap());
        let english = "SUVbw mean 4.10 ± 0.321, min 3.00, max 6.25 g/ml";
        assert_eq!(both, [english, "SUVbw 平均 4.10 ± 0.321、最小 3.00、最大 6.25 g/ml"]);
    }

    #[test]
    fn reports_name_what_was_measured() {
        let patient = Provenance::Spacing(SpacingSource::Patient);
        let length = [measured(Quantity::Length, 12.3, Unit::Millimetre, patient)];
        let both = Language::ALL.map(|language| said(language, Kind::Length, &length).unwrap());
        assert_eq!(both, ["Length 12.3 mm", "長径 12.3 mm"]);
        assert_eq!(said(Language::English, Kind::Length, &[]), None, "no value, no sentence");
    }
}
