//! Patient Orientation and Laterality (PS3.3 C.7.6.1.1.1, C.7.6.1.1.2): which side of the patient is where, of
//! images that have no place in the patient.

use dicom_dictionary_std::tags;

use super::values::Reader;
use crate::dicom::error::WarningCode;

/// The letters along rows and along columns, of a patient who stands on two legs. The letters of animals mean
/// other directions (PS3.3 C.7.6.1.1.1), so an image of one has none here.
pub(super) fn patient(reader: Reader<'_>) -> Option<[String; 2]> {
    let values = reader.texts(tags::PATIENT_ORIENTATION);
    if values.iter().all(String::is_empty) || reader.text(tags::ANATOMICAL_ORIENTATION_TYPE) == "QUADRUPED" {
        return None;
    }
    let directions = directions(&values);
    if directions.is_none() {
        reader.warn(WarningCode::BadValue, tags::PATIENT_ORIENTATION);
    }
    directions
}

/// Two directions that are not along the same axis.
fn directions(values: &[String]) -> Option<[String; 2]> {
    let [row, column] = values else { return None };
    let (along_row, along_column) = (axes(row)?, axes(column)?);
    (along_row.first() != along_column.first()).then(|| [row.clone(), column.clone()])
}

/// The axis of each letter, the principal one first; `None` where a letter is no direction of a person, or two
/// letters contradict each other.
fn axes(direction: &str) -> Option<Vec<u8>> {
    let axis = |letter| match letter {
        'L' | 'R' => Some(0),
        'A' | 'P' => Some(1),
        'H' | 'F' => Some(2),
        _ => None,
    };
    let axes = direction.chars().map(axis).collect::<Option<Vec<u8>>>()?;
    let once = (1..axes.len()).all(|at| !axes[..at].contains(&axes[at]));
    (!axes.is_empty() && once).then_some(axes)
}

/// Of the image, else of the series.
pub(super) fn laterality(reader: Reader<'_>) -> String {
    let values = [tags::IMAGE_LATERALITY, tags::LATERALITY].map(|tag| reader.text(tag));
    values.into_iter().find(|value| !value.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_directions_of_a_person_that_make_sense_together_are_taken() {
        for (values, taken) in [
            (&["L", "F"][..], true),
            (&["A", "FR"], true),
            (&["PL", "HA"], true),
            (&["L"], false),
            (&["L", "R"], false),
            (&["LR", "F"], false),
            (&["LE", "V"], false),
            (&["HLV", "A"], false),
            (&["", "F"], false),
            (&["L", "F", "H"], false),
        ] {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            assert_eq!(directions(&values).is_some(), taken, "{values:?}");
        }
    }
}
