//! The TOML form of the report document (`report sign FILE.toml`).

use glam::DVec2;
use toml::de::DeTable;

use super::super::{Expected, Part, ReportError};
use super::keys::{Entry, Table, line_of};
use super::{Heading, KeyImage, Measurement, Reader, Report, ReportLanguage, ReportState, Section};
use crate::dicom::{Phi, Uid};
use crate::imaging::measure::{Kind, Shape};

/// More points than any hand draws; checking a polygon takes the square of it.
const MOST_POINTS: usize = 4096;

/// Reads a report document.
///
/// ```toml
/// study = "1.2.3"                 # Study Instance UID
/// language = "ja-JP"              # en, en-US, ja, ja-JP
/// state = "final"                 # or "preliminary"
/// predecessor = "1.2.4"           # for an addendum or a correction
/// [reader]
/// name = "Yamada^Taro=山田^太郎"
/// id = "yamada"
/// organisation = "読影センター"
/// [sections]
/// findings = "..."                # and clinical_information, technique, comparison, impression
/// [[measurements]]
/// kind = "length"                 # length, bidirectional, angle, ellipse, rectangle, polygon, point
/// image = "1.2.5"                 # SOP Instance UID
/// frame = 1                       # from 1
/// points = [[10.5, 20.5], [30.5, 40.5]]   # column, row; or all in one row, as Graphic Data has them
/// label = "..."
/// [[key_images]]
/// image = "1.2.5"
/// frame = 1
/// note = "..."
/// ```
///
/// # Errors
/// [`ReportError`] naming line and key; unknown keys are refused.
pub fn parse(source: &str) -> Result<Report, ReportError> {
    let root = DeTable::parse(source)
        .map_err(|error| ReportError::Syntax { line: line_of(source, error.span()) })?;
    let mut table = Table::new(source, "", 1, root.get_ref());
    let report = Report {
        study: uid(&table.need("study")?)?,
        language: language(&table.need("language")?)?,
        state: state(&table.need("state")?)?,
        predecessor: table.take("predecessor").map(|e| uid(&e)).transpose()?,
        reader: table.take("reader").map(|e| reader(&e)).transpose()?,
        sections: table.take("sections").map_or(Ok(Vec::new()), |e| sections(&e))?,
        measurements: each(table.take("measurements"), measurement)?,
        key_images: each(table.take("key_images"), key_image)?,
    };
    table.finish()?;
    report.checked()
}

fn each<'a, T>(
    entry: Option<Entry<'a>>,
    read: impl Fn(usize, Table<'a>) -> Result<T, ReportError>,
) -> Result<Vec<T>, ReportError> {
    let items = entry.map_or(Ok(Vec::new()), |e| e.array())?;
    items.iter().enumerate().map(|(index, item)| read(index + 1, item.table()?)).collect()
}

fn uid(entry: &Entry<'_>) -> Result<Uid, ReportError> {
    Uid::parse(entry.text()?).map_err(|_| entry.wrong(Expected::Uid))
}

fn language(entry: &Entry<'_>) -> Result<ReportLanguage, ReportError> {
    ReportLanguage::parse(entry.text()?).ok_or_else(|| entry.wrong(Expected::Language))
}

fn state(entry: &Entry<'_>) -> Result<ReportState, ReportError> {
    match entry.text()? {
        "preliminary" => Ok(ReportState::Preliminary),
        "final" => Ok(ReportState::Final),
        _ => Err(entry.wrong(Expected::State)),
    }
}

fn reader(entry: &Entry<'_>) -> Result<Reader, ReportError> {
    let mut table = entry.table()?;
    let name = table.need("name")?;
    let reader =
        Reader::new(name.text()?, optional(&mut table, "id")?, optional(&mut table, "organisation")?);
    table.finish()?;
    if reader.name.is_empty() { Err(name.wrong(Expected::Name)) } else { Ok(reader) }
}

fn optional<'a>(table: &mut Table<'a>, key: &str) -> Result<&'a str, ReportError> {
    table.take(key).map_or(Ok(""), |entry| entry.text())
}

fn sections(entry: &Entry<'_>) -> Result<Vec<Section>, ReportError> {
    let mut table = entry.table()?;
    let mut sections = Vec::new();
    for heading in Heading::ALL {
        if let Some(entry) = table.take(heading.key()) {
            sections.push(Section { heading, text: Phi::new(entry.text()?.to_owned()) });
        }
    }
    table.finish()?;
    Ok(sections)
}

fn measurement(number: usize, mut table: Table<'_>) -> Result<Measurement, ReportError> {
    let kind = table.need("kind")?;
    let kind = Kind::parse(kind.text()?).ok_or_else(|| kind.wrong(Expected::Kind))?;
    let points = points(&table.need("points")?)?;
    let shape = Shape::from_points(kind, &points)
        .map_err(|error| ReportError::Shape { part: Part::Measurement(number), error })?;
    let measurement = Measurement {
        shape,
        image: uid(&table.need("image")?)?,
        frame: table.take("frame").map(|e| e.count()).transpose()?,
        label: Phi::new(optional(&mut table, "label")?.to_owned()),
    };
    table.finish()?;
    Ok(measurement)
}

fn points(entry: &Entry<'_>) -> Result<Vec<DVec2>, ReportError> {
    let pairs = entry.array()?;
    if pairs.len() > MOST_POINTS {
        return Err(entry.wrong(Expected::FewerPoints));
    }
    if pairs.first().is_some_and(|first| first.number().is_ok()) {
        return in_one_row(entry, &pairs);
    }
    let pair = |pair: &Entry<'_>| match pair.array()?.as_slice() {
        [column, row] => Ok(DVec2::new(column.number()?, row.number()?)),
        _ => Err(pair.wrong(Expected::Point)),
    };
    pairs.iter().map(pair).collect()
}

/// Columns and rows in turn (PS3.3 C.18.6.1.1).
fn in_one_row(entry: &Entry<'_>, numbers: &[Entry<'_>]) -> Result<Vec<DVec2>, ReportError> {
    let point = |pair: &[Entry<'_>]| match pair {
        [column, row] => Ok(DVec2::new(column.number()?, row.number()?)),
        _ => Err(entry.wrong(Expected::Point)),
    };
    numbers.chunks(2).map(point).collect()
}

fn key_image(_number: usize, mut table: Table<'_>) -> Result<KeyImage, ReportError> {
    let key_image = KeyImage {
        image: uid(&table.need("image")?)?,
        frame: table.take("frame").map(|e| e.count()).transpose()?,
        note: Phi::new(optional(&mut table, "note")?.to_owned()),
    };
    table.finish()?;
    Ok(key_image)
}
