//! DICOMDIR: the files that a medium holds (PS3.3 F.3, PS3.10 8).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

/// Media Storage Directory Storage.
pub const SOP_CLASS: &str = "1.2.840.10008.1.3.10";

/// What the directory records refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The File IDs in their order, each as the names of folders and file below the folder of the DICOMDIR.
    pub files: Vec<Vec<String>>,
    /// How many File IDs name something elsewhere (`..`, a drive, an absolute path) and are left out.
    pub elsewhere: usize,
}

/// The File IDs of all directory records. A component has at most 8 characters by rule (PS3.10 8.2); longer ones
/// occur, with lower case, spaces, extensions and whole paths in one component.
pub fn listing(dataset: &InMemDicomObject) -> Listing {
    let records = dataset.get(tags::DIRECTORY_RECORD_SEQUENCE).and_then(|element| element.items());
    let mut listing = Listing::default();
    for record in records.unwrap_or_default() {
        let value = record.get(tags::REFERENCED_FILE_ID).and_then(|element| element.value().primitive());
        let Some(value) = value.filter(|value| value.calculate_byte_len() > 0) else { continue };
        let text = value.to_multi_str();
        let parts: Vec<String> = text
            .iter()
            .flat_map(|part| part.split('/'))
            .map(|part| part.trim_matches([' ', '\0']).to_owned())
            .collect();
        if parts.iter().all(|part| is_name(part)) {
            listing.files.push(parts);
        } else {
            listing.elsewhere += 1;
        }
    }
    listing
}

/// A name that stands for something beside the DICOMDIR: it has no separator and is not only points.
fn is_name(part: &str) -> bool {
    let allowed = |byte: u8| (0x20..0x7f).contains(&byte) && !matches!(byte, b'/' | b'\\' | b':');
    (1..=255).contains(&part.len()) && part.bytes().all(allowed) && part.bytes().any(|byte| byte != b'.')
}
