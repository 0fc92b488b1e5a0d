//! DICOM JSON to a data set, element by element: a broken one is left out with a warning, the rest is kept.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use dicom_core::value::{C, DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_object::{InMemDicomObject, mem::InMemElement};
use serde_json::{Map, Value};

use super::DEEPEST;
use crate::dicom::Warning;
use crate::dicom::error::WarningCode;
use crate::dicom::gate::{MOST_WARNINGS, tag_name};
use crate::dicom::text;

/// A value that a centre keeps elsewhere (PS3.18 F.2.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkUri {
    /// Sequences and items on the way (tag, index from 0), then the element.
    pub path: Vec<(Tag, usize)>,
    /// The element.
    pub tag: Tag,
    /// The reference as given: absolute or relative to the reply. Whoever follows it checks where it leads.
    pub uri: String,
}

/// One object of a QIDO or metadata reply. Values under BulkDataURI are absent from the data set (see
/// [`bulk_uris`]); something that is no JSON object gives an empty data set and a warning.
pub fn read_dataset(json: &Value) -> (InMemDicomObject, Vec<Warning>) {
    let mut warnings = Warnings::default();
    let dataset = match json {
        Value::Object(elements) => object(elements, 0, &mut warnings),
        _ => {
            warnings.note(WarningCode::BadValue, "JSON");
            InMemDicomObject::new_empty()
        }
    };
    (dataset, warnings.0)
}

/// What was noted: each once, and as many at most as at the gate, since a reply can have a million broken elements.
#[derive(Default)]
struct Warnings(Vec<Warning>);

impl Warnings {
    fn note(&mut self, code: WarningCode, about: impl Into<String>) {
        let warning = Warning::new(code, about);
        if self.0.len() < MOST_WARNINGS && !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }
}

/// Every BulkDataURI of an object, in the order of the reply.
pub fn bulk_uris(json: &Value) -> Vec<BulkUri> {
    let mut found = Vec::new();
    if let Value::Object(elements) = json {
        collect_uris(elements, &mut Vec::new(), &mut found);
    }
    found
}

fn collect_uris(elements: &Map<String, Value>, path: &mut Vec<(Tag, usize)>, found: &mut Vec<BulkUri>) {
    for (key, element) in elements {
        let Some(tag) = parse_tag(key) else { continue };
        if let Some(uri) = element.get("BulkDataURI").and_then(Value::as_str) {
            found.push(BulkUri { path: path.clone(), tag, uri: uri.to_owned() });
        }
        let items = element.get("Value").and_then(Value::as_array);
        for (index, item) in items.into_iter().flatten().enumerate() {
            if let (Value::Object(inner), true) =
                (item, path.len() < DEEPEST && vr_of(element) == Some(VR::SQ))
            {
                path.push((tag, index));
                collect_uris(inner, path, found);
                path.pop();
            }
        }
    }
}

fn object(elements: &Map<String, Value>, depth: usize, warnings: &mut Warnings) -> InMemDicomObject {
    let mut dataset = InMemDicomObject::new_empty();
    for (key, json) in elements {
        let Some(tag) = parse_tag(key) else {
            warnings.note(WarningCode::BadValue, "JSON");
            continue;
        };
        if tag.element() == 0 || tag.group() == 0x0002 {
            continue;
        }
        if tag == dicom_dictionary_std::tags::SPECIFIC_CHARACTER_SET {
            // What is held from here on is UTF-8 (PS3.18 F.2), and is written so.
            dataset.put(DataElement::new(tag, VR::CS, PrimitiveValue::from("ISO_IR 192")));
            continue;
        }
        match element(tag, json, depth, warnings) {
            Ok(Some(element)) => {
                dataset.put(element);
            }
            Ok(None) => {}
            Err(Unusable) => warnings.note(WarningCode::BadValue, tag_name(tag)),
        }
    }
    dataset
}

/// An element's JSON cannot be understood.
struct Unusable;

/// One element; `None` when its value is elsewhere.
fn element(
    tag: Tag,
    json: &Value,
    depth: usize,
    warnings: &mut Warnings,
) -> Result<Option<InMemElement>, Unusable> {
    let vr = vr_of(json).ok_or(Unusable)?;
    if let Some(inline) = json.get("InlineBinary") {
        let bytes = base64(inline.as_str().ok_or(Unusable)?)?;
        return Ok(Some(DataElement::new(tag, vr, binary(vr, bytes)?)));
    }
    if let Some(uri) = json.get("BulkDataURI") {
        return if uri.is_string() { Ok(None) } else { Err(Unusable) };
    }
    let values = match json.get("Value") {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(values)) => values,
        Some(_) => return Err(Unusable),
    };
    if vr == VR::SQ {
        return sequence(tag, values, depth, warnings).map(Some);
    }
    let value = if values.is_empty() { PrimitiveValue::Empty } else { primitive(tag, vr, values, warnings)? };
    Ok(Some(DataElement::new(tag, vr, value)))
}

fn sequence(
    tag: Tag,
    values: &[Value],
    depth: usize,
    warnings: &mut Warnings,
) -> Result<InMemElement, Unusable> {
    if depth >= DEEPEST {
        return Err(Unusable);
    }
    let mut items = C::new();
    for value in values {
        items.push(match value {
            Value::Object(elements) => object(elements, depth + 1, warnings),
            Value::Null => InMemDicomObject::new_empty(),
            _ => return Err(Unusable),
        });
    }
    let sequence = DataSetSequence::new(items, Length::UNDEFINED);
    Ok(DataElement::new(tag, VR::SQ, dicom_core::value::Value::Sequence(sequence)))
}

fn primitive(
    tag: Tag,
    vr: VR,
    values: &[Value],
    warnings: &mut Warnings,
) -> Result<PrimitiveValue, Unusable> {
    use PrimitiveValue as P;
    Ok(match vr {
        VR::US => P::U16(integers(values)?),
        VR::SS => P::I16(integers(values)?),
        VR::UL => P::U32(integers(values)?),
        VR::SL => P::I32(integers(values)?),
        VR::UV => P::U64(integers(values)?),
        VR::SV => P::I64(integers(values)?),
        #[allow(clippy::cast_possible_truncation, reason = "an FL is written with the digits of an f32")]
        VR::FL => P::F32(
            values.iter().map(|value| Some(float(value)? as f32)).collect::<Option<_>>().ok_or(Unusable)?,
        ),
        VR::FD => P::F64(values.iter().map(float).collect::<Option<_>>().ok_or(Unusable)?),
        VR::AT => P::Tags(
            values.iter().map(|value| parse_tag(value.as_str()?)).collect::<Option<_>>().ok_or(Unusable)?,
        ),
        VR::OB | VR::OW | VR::OD | VR::OF | VR::OL | VR::OV | VR::UN | VR::SQ => return Err(Unusable),
        _ => {
            let mut clean = true;
            let texts: Option<C<String>> = values.iter().map(|value| string(vr, value, &mut clean)).collect();
            if !clean {
                warnings.note(WarningCode::BadText, tag_name(tag));
            }
            P::Strs(texts.ok_or(Unusable)?)
        }
    })
}

/// A string value; `null` is an empty one (PS3.18 F.2.5). Marked where it could mislead, cut where it is no
/// longer a name.
fn string(vr: VR, value: &Value, clean: &mut bool) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(groups) if vr == VR::PN => {
            let group = |name: &str| groups.get(name).and_then(Value::as_str).unwrap_or_default();
            let all = [group("Alphabetic"), group("Ideographic"), group("Phonetic")];
            // The separator inside a group would push what follows it out of sight.
            *clean &= !all.concat().contains('=');
            all.map(|group| group.replace('=', "\u{fffd}")).join("=").trim_end_matches('=').to_owned()
        }
        _ => return None,
    };
    let mut safe = text::neutralise(text.trim_end_matches(['\0', ' '])).into_owned();
    *clean &= !safe.contains('\u{fffd}') || text.contains('\u{fffd}');
    if safe.len() > text::LONGEST_SHORT_TEXT && !matches!(vr, VR::UC | VR::UT | VR::UR) {
        let mut cut = text::LONGEST_SHORT_TEXT - 4;
        while !safe.is_char_boundary(cut) {
            cut -= 1;
        }
        safe.truncate(cut);
        safe.push('\u{fffd}');
        *clean = false;
    }
    Some(safe)
}

/// Whole numbers that fit; a string of one is understood too (some centres write 64-bit ones so).
fn integers<T: TryFrom<i128>>(values: &[Value]) -> Result<C<T>, Unusable> {
    let integer = |value: &Value| {
        let whole = match value {
            Value::Number(number) => {
                let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
                #[allow(clippy::cast_possible_truncation, reason = "checked to be whole")]
                exact.or_else(|| number.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i128))?
            }
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        T::try_from(whole).ok()
    };
    values.iter().map(integer).collect::<Option<_>>().ok_or(Unusable)
}

/// A number, or one of the three strings for what JSON has no number for (PS3.18 F.2.3).
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" | "inf" => Some(f64::INFINITY),
            "-Infinity" | "-inf" => Some(f64::NEG_INFINITY),
            other => other.parse().ok(),
        },
        _ => None,
    }
}

fn base64(text: &str) -> Result<Vec<u8>, Unusable> {
    STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).map_err(|_| Unusable)
}

/// Bytes under their VR: words are little-endian (PS3.18 F.2.7).
fn binary(vr: VR, bytes: Vec<u8>) -> Result<PrimitiveValue, Unusable> {
    use PrimitiveValue as P;
    fn words<const N: usize, T>(bytes: &[u8], word: fn([u8; N]) -> T) -> Result<Vec<T>, Unusable> {
        let (chunks, rest) = bytes.as_chunks::<N>();
        if rest.is_empty() { Ok(chunks.iter().map(|chunk| word(*chunk)).collect()) } else { Err(Unusable) }
    }
    Ok(match vr {
        VR::OW => P::U16(words(&bytes, u16::from_le_bytes)?.into()),
        VR::OL => P::U32(words(&bytes, u32::from_le_bytes)?.into()),
        VR::OV => P::U64(words(&bytes, u64::from_le_bytes)?.into()),
        VR::OF => P::F32(words(&bytes, f32::from_le_bytes)?.into()),
        VR::OD => P::F64(words(&bytes, f64::from_le_bytes)?.into()),
        VR::OB | VR::UN => P::U8(bytes.into()),
        _ => return Err(Unusable),
    })
}

fn vr_of(json: &Value) -> Option<VR> {
    json.get("vr")?.as_str()?.parse().ok()
}

/// `ggggeeee`: eight hexadecimal digits and nothing else.
fn parse_tag(key: &str) -> Option<Tag> {
    let digits = key.len() == 8 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits.then_some(key)?, 16).ok()?;
    Some(Tag(u16::try_from(number >> 16).ok()?, u16::try_from(number & 0xffff).ok()?))
}
