//! DICOMDIR: the files that a medium holds (PS3.3 F.3, PS3.10 8).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

/// Media Storage Directory Storage.
pub const SOP_CLASS: &str = "1.2.840.10008.1.3.10";

/// The File IDs of all directory records in their order, each as the names of folders and file below the folder
/// of the DICOMDIR. One whose components could lead elsewhere is left out: a component is
/// 1 to 64 letters, digits, `_`, `-` or `.` (PS3.10 8.2 allows fewer) and neither `.` nor `..`.
pub fn file_ids(dataset: &InMemDicomObject) -> Vec<Vec<String>> {
    let records = dataset.get(tags::DIRECTORY_RECORD_SEQUENCE).and_then(|element| element.items());
    let file_id = |record: &InMemDicomObject| {
        let value = record.get(tags::REFERENCED_FILE_ID)?.value().primitive()?.to_multi_str().into_owned();
        let parts: Vec<String> = value.iter().map(|part| part.trim_matches([' ', '\0']).to_owned()).collect();
        (!parts.is_empty() && parts.iter().all(|part| is_safe(part))).then_some(parts)
    };
    records.unwrap_or_default().iter().filter_map(file_id).collect()
}

fn is_safe(part: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=64).contains(&part.len()) && part.bytes().all(allowed) && part.bytes().any(|byte| byte != b'.')
}
