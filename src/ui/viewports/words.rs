//! Names, dates and numbers as they stand on images.

use crate::dicom::PersonName;
use crate::dicom::catalogue::{SeriesEntry, Stack, StackImage};
use crate::dicom::instance::Patient;
use crate::dicom::person_name::group_for_display;
use crate::imaging::StandardPlane;
use crate::session::settings::Language;
use crate::text::{Message, format, say};

use super::scene::Standing;

/// A number with so many decimals, without a minus before zero.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

/// A number of which nobody says how large it is, to three digits that mean something.
pub(crate) fn three_digits(value: f64) -> String {
    if value == 0.0 || value.abs() >= 1e6 {
        return number(value, 0);
    }
    if value.abs() < 1e-4 {
        return format!("{value:.2e}");
    }
    number(value, (2.0 - value.abs().log10().floor()).clamp(0.0, 6.0) as usize)
}

/// A UCUM code as it is read: without what stands in braces, which has no meaning of its own (UCUM section 2.4).
pub(crate) fn ucum(code: &str) -> String {
    let plain = code.split('{').enumerate().map(|(n, part)| match part.split_once('}') {
        Some((_, after)) if n > 0 => after,
        _ => part,
    });
    match plain.collect::<String>().as_str() {
        "1" => String::new(),
        "[hnsf'U]" => "HU".to_owned(),
        other => other.to_owned(),
    }
}

/// A name in the writing that its reader looks for first: kanji in Japanese, letters in English.
pub(crate) fn name(language: Language, name: &PersonName) -> Option<String> {
    let (letters, kanji, kana) = (&name.alphabetic, &name.ideographic, &name.phonetic);
    let order = match language {
        Language::English => [letters, kanji, kana],
        Language::Japanese => [kanji, kana, letters],
    };
    order.into_iter().map(|group| group_for_display(group)).find(|group| !group.is_empty())
}

/// Name and ID: the line that never leaves an image.
pub(crate) fn identity(language: Language, patient: &Patient) -> String {
    let missing = |id| say(language, &Message::new(id));
    let name = name(language, patient.name.reveal()).unwrap_or_else(|| missing("viewer-no-name"));
    let id = patient.id.reveal();
    let id = if id.is_empty() { missing("viewer-no-id") } else { id.clone() };
    format!("{name}  {id}")
}

/// Age and sex at the study, as far as they are known.
pub(crate) fn age_and_sex(language: Language, patient: &Patient, study_date: &str) -> String {
    let (age, _) = format::age_at_study(language, patient, study_date);
    let sex = format::sex(language, &patient.sex);
    [age, sex].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
}

/// A sentence with a number: `one` for 1, else `many`, which has the number as `$count`.
pub(crate) fn plural(count: usize, one: &'static str, many: &'static str) -> Message {
    if count == 1 { Message::new(one) } else { Message::new(many).with("count", count) }
}

/// What a stack is called: its series' description, else modality and number; its place among several stacks. A
/// document is called by its own title.
pub(crate) fn stack_title(series: &SeriesEntry, index: usize) -> String {
    let document = series.stack(index).and_then(|stack| stack.document());
    let own = document.map(|document| document.title.reveal().trim()).filter(|title| !title.is_empty());
    if let Some(title) = own {
        return title.to_owned();
    }
    let described = series.series.description.trim();
    let mut title = if described.is_empty() { series.series.modality.clone() } else { described.to_owned() };
    let stacks = series.all().count();
    if stacks > 1 {
        title = format!("{title} [{}/{stacks}]", index + 1);
    }
    let name = series.stack(index).and_then(shared_name);
    match name {
        Some(name) => format!("{title}  {name}"),
        None => title,
    }
}

/// What all frames of a stack are called, as in `Anterior`.
fn shared_name(stack: &Stack) -> Option<&str> {
    let (first, others) = stack.images.split_first()?;
    let name = frame_name(first).filter(|name| !name.is_empty())?;
    others.iter().all(|image| frame_name(image) == Some(name)).then_some(name)
}

fn frame_name(image: &StackImage) -> Option<&str> {
    Some(image.instance.image.as_ref()?.frame(image.frame)?.name.as_str())
}

/// The same for an image.
pub(crate) fn title(standing: &Standing<'_>) -> String {
    stack_title(standing.series, standing.index)
}

/// The name of a plane.
pub(crate) fn plane_name(plane: StandardPlane) -> &'static str {
    match plane {
        StandardPlane::Axial => "viewer-plane-axial",
        StandardPlane::Coronal => "viewer-plane-coronal",
        StandardPlane::Sagittal => "viewer-plane-sagittal",
        StandardPlane::Normal(_) => "viewer-plane-oblique",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::Phi;

    #[test]
    fn zero_has_no_sign() {
        assert_eq!([number(-0.04, 1), number(-1.25, 1), number(12.0, 0)], ["0.0", "-1.2", "12"]);
    }

    #[test]
    fn real_world_values_are_as_exact_as_they_are_worth_in_units_that_are_read() {
        let numbers = [5.1234, 0.001_234_5, 123.4, 12.34, -0.5, 0.0, 0.000_012].map(three_digits);
        assert_eq!(numbers, ["5.12", "0.00123", "123", "12.3", "-0.500", "0", "1.20e-5"]);
        let units = ["g/ml{SUVbw}", "{ratio}", "1", "mm2/s", "[hnsf'U]", "{a}ml{b}/min"].map(ucum);
        assert_eq!(units, ["g/ml", "", "", "mm2/s", "HU", "ml/min"]);
    }

    #[test]
    fn each_language_reads_its_own_writing_of_a_name_first() {
        let patient = Patient {
            name: Phi::new(PersonName::parse("Yamada^Tarou=山田^太郎=やまだ^たろう")),
            id: Phi::new("1234".into()),
            birth_date: Phi::new("19800302".into()),
            sex: "M".into(),
            ..Patient::default()
        };
        assert_eq!(identity(Language::English, &patient), "Yamada Tarou  1234");
        assert_eq!(identity(Language::Japanese, &patient), "山田 太郎  1234");
        assert_eq!(age_and_sex(Language::Japanese, &patient, "20260301"), "45歳  男");
        let nobody = identity(Language::English, &Patient::default());
        assert_eq!(nobody, "Name not given  ID not given");
    }
}
