//! Overlay planes, display shutters, ICC profiles and real-world value maps (PS3.3 C.9.2, C.7.6.11, C.7.6.15,
//! C.11.15, C.7.6.16.2.11).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::values::{Field, Reader, word_value};
use crate::dicom::PixelFormat;
use crate::dicom::display::{
    DisplayAttributes, Overlay, OverlayData, OverlayKind, RealWorldMap, RealWorldValues, Shutter,
};
use crate::dicom::error::WarningCode;

/// Larger colour profiles than this are none: the largest in use have some 3 MiB.
const LARGEST_PROFILE: usize = 16 << 20;

/// More tags than these has no colour profile: some twenty are usual.
const MOST_PROFILE_TAGS: usize = 256;

/// More corners than these are no shutter: they are looked at for every row of the image.
const MOST_CORNERS: usize = 4096;

/// What holds for the whole instance.
pub(super) fn read(reader: Reader<'_>, format: &PixelFormat) -> DisplayAttributes {
    let overlays = (0x6000..=0x601e_u16).step_by(2).filter_map(|group| overlay(reader, group, format));
    DisplayAttributes { overlays: overlays.collect(), icc_profile: icc_profile(reader) }
}

/// The overlay of one group; `None` where there is none, and, with a warning, where it cannot be drawn.
fn overlay(reader: Reader<'_>, group: u16, format: &PixelFormat) -> Option<Overlay> {
    let tag = |element| Tag(group, element);
    let (rows, columns, data) = (tag(0x0010), tag(0x0011), tag(0x3000));
    if !reader.has(rows) && !reader.has(data) {
        return None;
    }
    let side =
        |tag| reader.integer(tag).and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=65_535).contains(n));
    let kind = match reader.text(tag(0x0040)).as_str() {
        "R" => OverlayKind::Region,
        _ => OverlayKind::Graphics,
    };
    let origin = match reader.numbers(tag(0x0050)) {
        Field::Good(origin) if origin.len() == 2 && origin.iter().all(|n| n.abs() <= 65_535.0) =>
        {
            #[allow(clippy::cast_possible_truncation, reason = "checked above")]
            [origin[0] as i32 - 1, origin[1] as i32 - 1]
        }
        _ => [0, 0],
    };
    let label = Some(reader.text(tag(0x1500))).filter(|label| !label.is_empty());
    let read = || {
        let overlay = Overlay {
            group,
            kind,
            label: label.unwrap_or_else(|| reader.text(tag(0x0022))),
            rows: side(rows)?,
            columns: side(columns)?,
            origin,
            first_frame: reader.integer(tag(0x0051)).map_or(0, |n| n.saturating_sub(1).max(0).unsigned_abs()),
            frames: frames(reader, group, format)?,
            data: OverlayData::InPixels { bit: 0 },
        };
        if reader.has(data) {
            packed(reader, data, overlay)
        } else {
            in_pixels(reader, group, format, overlay)
        }
    };
    let read = read();
    if read.is_none() {
        reader.warn(WarningCode::BadValue, data);
    }
    read
}

/// Number of Frames in Overlay. An overlay of one frame that does not say which belongs to all (PS3.3 C.9.3).
fn frames(reader: Reader<'_>, group: u16, format: &PixelFormat) -> Option<u32> {
    match reader.whole(Tag(group, 0x0015)) {
        Field::Absent => Some(u32::from(reader.has(Tag(group, 0x0051)))),
        Field::Good(1) if format.frames == 1 => Some(0),
        Field::Good(frames) => u32::try_from(frames).ok(),
        Field::Bad => None,
    }
}

fn packed(reader: Reader<'_>, tag: Tag, overlay: Overlay) -> Option<Overlay> {
    let bits = u64::from(overlay.rows) * u64::from(overlay.columns);
    let bits = bits.checked_mul(u64::from(overlay.frames.max(1)))?;
    let bytes = reader.bytes(tag)?;
    (bytes.len() as u64 >= bits.div_ceil(8))
        .then(|| Overlay { data: OverlayData::Packed(bytes.into()), ..overlay })
}

/// The overlay in a bit of the pixel cells that the samples leave free, frame by frame with the image.
fn in_pixels(reader: Reader<'_>, group: u16, format: &PixelFormat, overlay: Overlay) -> Option<Overlay> {
    let bit = u16::try_from(reader.integer(Tag(group, 0x0102))?).ok()?;
    let of_samples = (format.high_bit + 1).checked_sub(format.bits_stored)?..=format.high_bit;
    let fits = bit < format.bits_allocated && !of_samples.contains(&bit);
    let same_size = (overlay.rows, overlay.columns) == (format.rows, format.columns);
    (fits && same_size && format.samples_per_pixel == 1).then(|| Overlay {
        first_frame: 0,
        frames: format.frames,
        origin: [0, 0],
        data: OverlayData::InPixels { bit },
        ..overlay
    })
}

/// ICC Profile of the image, else of its first optical path (PS3.3 C.8.12.5).
fn icc_profile(reader: Reader<'_>) -> Option<bytes::Bytes> {
    let holder =
        if reader.has(tags::ICC_PROFILE) { reader } else { reader.item(tags::OPTICAL_PATH_SEQUENCE)? };
    if !holder.has(tags::ICC_PROFILE) {
        return None;
    }
    let bytes = holder.bytes(tags::ICC_PROFILE)?;
    if bytes.len() > LARGEST_PROFILE || !is_rgb_profile(&bytes) || !has_colours(&bytes) {
        reader.warn(WarningCode::BadValue, tags::ICC_PROFILE);
        return None;
    }
    Some(bytes.into())
}

/// The fixed fields of an ICC.1 header: its size, `RGB ` as the space of its samples, and the signature.
fn is_rgb_profile(bytes: &[u8]) -> bool {
    let size = bytes.first_chunk::<4>().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    (128..=bytes.len()).contains(&size) && bytes[16..20] == *b"RGB " && bytes[36..40] == *b"acsp"
}

/// The tag table of an ICC.1 profile (section 7.3): every tag within the profile, and among them what colours of RGB
/// are computed by, either three primaries with their curves or a table.
fn has_colours(profile: &[u8]) -> bool {
    let word = |at: usize| {
        let bytes = profile.get(at..)?.first_chunk::<4>()?;
        usize::try_from(u32::from_be_bytes(*bytes)).ok()
    };
    let tag = |n: usize| {
        let at = 132 + 12 * n;
        let (offset, length) = (word(at + 4)?, word(at + 8)?);
        let inside = offset >= 128 && offset.checked_add(length)? <= profile.len();
        inside.then(|| profile.get(at..at + 4))?
    };
    let Some(count) = word(128).filter(|count| *count <= MOST_PROFILE_TAGS) else { return false };
    let Some(tags) = (0..count).map(tag).collect::<Option<Vec<&[u8]>>>() else { return false };
    let has = |name: &[u8; 4]| tags.contains(&name.as_slice());
    has(b"A2B0") || [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"].into_iter().all(has)
}

/// A display shutter: of the root, or of a Frame Display Shutter Sequence. A shape that is named and not whole is
/// left out with a warning: what it would hide is shown.
pub(super) fn shutter(reader: Reader<'_>) -> Option<Shutter> {
    let mut shutter = Shutter::default();
    for shape in reader.texts(tags::SHUTTER_SHAPE) {
        let read = match shape.as_str() {
            "RECTANGULAR" => rectangle(reader).map(|edges| shutter.rectangle = Some(edges)),
            "CIRCULAR" => circle(reader).map(|circle| shutter.circle = Some(circle)),
            "POLYGONAL" => polygon(reader).map(|corners| shutter.polygon = Some(corners)),
            "BITMAP" => bitmap(reader).map(|group| shutter.bitmap = Some(group)),
            _ => None,
        };
        if read.is_none() {
            reader.warn(WarningCode::BadValue, tags::SHUTTER_SHAPE);
        }
    }
    let word = |value: i32| u16::try_from(value).ok();
    shutter.presentation = reader.integer(tags::SHUTTER_PRESENTATION_VALUE).and_then(word);
    let lab = tags::SHUTTER_PRESENTATION_COLOR_CIE_LAB_VALUE;
    shutter.presentation_lab = reader.words(lab).and_then(|words| words.try_into().ok());
    let hides = shutter.rectangle.is_some()
        || shutter.circle.is_some()
        || shutter.polygon.is_some()
        || shutter.bitmap.is_some();
    hides.then_some(shutter)
}

fn rectangle(reader: Reader<'_>) -> Option<[i32; 4]> {
    let edges = [
        reader.integer(tags::SHUTTER_LEFT_VERTICAL_EDGE)?,
        reader.integer(tags::SHUTTER_UPPER_HORIZONTAL_EDGE)?,
        reader.integer(tags::SHUTTER_RIGHT_VERTICAL_EDGE)?,
        reader.integer(tags::SHUTTER_LOWER_HORIZONTAL_EDGE)?,
    ];
    (edges[0] <= edges[2] && edges[1] <= edges[3]).then_some(edges)
}

fn circle(reader: Reader<'_>) -> Option<([i32; 2], u32)> {
    let centre = reader.exactly::<2>(tags::CENTER_OF_CIRCULAR_SHUTTER).good()?;
    let radius = u32::try_from(reader.integer(tags::RADIUS_OF_CIRCULAR_SHUTTER)?).ok()?;
    Some((pixel(&centre)?, radius))
}

fn polygon(reader: Reader<'_>) -> Option<Vec<[i32; 2]>> {
    let numbers = reader.numbers(tags::VERTICES_OF_THE_POLYGONAL_SHUTTER).good()?;
    let corners = numbers.chunks(2).map(pixel).collect::<Option<Vec<_>>>()?;
    (3..=MOST_CORNERS).contains(&corners.len()).then_some(corners)
}

/// Row and column, whole numbers of a sensible size.
fn pixel(pair: &[f64]) -> Option<[i32; 2]> {
    let whole = |value: f64| value.fract() == 0.0 && value.abs() <= 1e6;
    match *pair {
        #[allow(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        [row, column] if whole(row) && whole(column) => Some([row as i32, column as i32]),
        _ => None,
    }
}

fn bitmap(reader: Reader<'_>) -> Option<u16> {
    reader.words(tags::SHUTTER_OVERLAY_GROUP)?.first().copied().filter(|group| group & 0xff00 == 0x6000)
}

/// Real World Value Mapping Sequence of the root or of a functional group; an unusable item is left out with a
/// warning.
pub(super) fn real_world(reader: Reader<'_>, signed: bool) -> Vec<RealWorldMap> {
    let mut maps = Vec::new();
    for item in reader.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE) {
        match real_world_map(item, signed) {
            Some(map) => maps.push(map),
            None => item.warn(WarningCode::BadValue, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE),
        }
    }
    maps
}

fn real_world_map(item: Reader<'_>, signed: bool) -> Option<RealWorldMap> {
    let word = |tag| item.words(tag)?.first().map(|word| f64::from(word_value(*word, signed)));
    let end = |tag, double| word(tag).or_else(|| item.number(double).good());
    let range = [
        end(
            tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED,
            tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED,
        )?,
        end(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED)?,
    ];
    let values = match item.numbers(tags::REAL_WORLD_VALUE_LUT_DATA) {
        Field::Good(entries) if entries.len() as f64 > range[1] - range[0] => RealWorldValues::Table(entries),
        Field::Absent => RealWorldValues::Linear {
            slope: item.number(tags::REAL_WORLD_VALUE_SLOPE).good()?,
            intercept: item.number(tags::REAL_WORLD_VALUE_INTERCEPT).good()?,
        },
        Field::Good(_) | Field::Bad => return None,
    };
    let unit = item.item(tags::MEASUREMENT_UNITS_CODE_SEQUENCE)?;
    (range[0] <= range[1]).then(|| RealWorldMap {
        label: item.text(tags::LUT_LABEL),
        unit: unit.text(tags::CODE_VALUE),
        unit_meaning: unit.text(tags::CODE_MEANING),
        range,
        values,
    })
}
