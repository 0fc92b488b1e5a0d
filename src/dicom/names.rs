//! Names of unique identifiers, as PS3.6 annex A has them.

use dicom_core::dictionary::UidDictionary;
use dicom_dictionary_std::StandardSopClassDictionary;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use super::Uid;

/// The name of a transfer syntax; `None` for one that is not in the dictionary.
pub fn transfer_syntax(uid: &str) -> Option<&'static str> {
    let uid = uid.trim_end_matches(['\0', ' ']);
    TransferSyntaxRegistry.get(uid).map(|syntax| syntax.name()).or_else(|| retired(uid))
}

/// The name of a SOP class; `None` for one that is not in the dictionary.
pub fn sop_class(uid: &str) -> Option<&'static str> {
    StandardSopClassDictionary.by_uid(uid.trim_end_matches(['\0', ' '])).map(|entry| entry.name)
}

/// Whether a SOP class is one of images, by its name in PS3.6 annex A (`… Image Storage …`).
pub fn is_image_storage(sop_class: &Uid) -> bool {
    self::sop_class(sop_class.as_str()).is_some_and(|name| name.contains("Image Storage"))
}

/// Whether a transfer syntax is one of video: MPEG-2, MPEG-4 or HEVC (PS3.5 8.2.5 to 8.2.9), in which all frames
/// are one stream.
pub fn is_video(transfer_syntax: &Uid) -> bool {
    let last =
        transfer_syntax.as_str().strip_prefix("1.2.840.10008.1.2.4.").and_then(|rest| rest.split('.').next());
    matches!(last, Some("100" | "101" | "102" | "103" | "104" | "105" | "106" | "107" | "108"))
}

/// JPEG's retired transfer syntaxes, which archives still hold and the registry leaves out.
fn retired(uid: &str) -> Option<&'static str> {
    match uid.strip_prefix("1.2.840.10008.1.2.4.")? {
        "52" => Some("JPEG Extended (Processes 3 & 5)"),
        "53" => Some("JPEG Spectral Selection, Non-Hierarchical (Processes 6 & 8)"),
        "54" => Some("JPEG Spectral Selection, Non-Hierarchical (Processes 7 & 9)"),
        "55" => Some("JPEG Full Progression, Non-Hierarchical (Processes 10 & 12)"),
        "56" => Some("JPEG Full Progression, Non-Hierarchical (Processes 11 & 13)"),
        "58" => Some("JPEG Lossless, Non-Hierarchical (Process 15)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn images_are_told_from_other_objects_by_their_class() {
        let is_image = |uid| super::is_image_storage(&super::Uid::parse(uid).unwrap());
        assert!(is_image("1.2.840.10008.5.1.4.1.1.2") && is_image("1.2.840.10008.5.1.4.1.1.6.1"));
        assert!(!is_image("1.2.840.10008.5.1.4.1.1.88.22") && !is_image("1.2.3"));
    }

    #[test]
    fn video_is_told_by_its_transfer_syntax() {
        let is_video =
            |last: &str| super::is_video(&super::Uid::parse(&format!("1.2.840.10008.1.2.4.{last}")).unwrap());
        assert!(is_video("100") && is_video("102.1") && is_video("108"));
        assert!(!is_video("10") && !is_video("109") && !is_video("110") && !is_video("50"));
    }

    #[test]
    fn transfer_syntaxes_have_their_names() {
        assert_eq!(super::transfer_syntax("1.2.840.10008.1.2.1"), Some("Explicit VR Little Endian"));
        assert_eq!(super::transfer_syntax("1.2.840.10008.1.2.4.110"), Some("JPEG XL Lossless"));
        assert_eq!(super::transfer_syntax("1.2.3"), None);
    }
}
