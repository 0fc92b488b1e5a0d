//! Names of unique identifiers, as PS3.6 annex A has them.

use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

/// The name of a transfer syntax; `None` for one that is not in the dictionary.
pub fn transfer_syntax(uid: &str) -> Option<&'static str> {
    TransferSyntaxRegistry.get(uid.trim_end_matches(['\0', ' '])).map(|syntax| syntax.name())
}

#[cfg(test)]
mod tests {
    #[test]
    fn transfer_syntaxes_have_their_names() {
        assert_eq!(super::transfer_syntax("1.2.840.10008.1.2.1"), Some("Explicit VR Little Endian"));
        assert_eq!(super::transfer_syntax("1.2.840.10008.1.2.4.110"), Some("JPEG XL Lossless"));
        assert_eq!(super::transfer_syntax("1.2.3"), None);
    }
}
