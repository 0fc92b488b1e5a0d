//! Video (PS3.5 8.2.5 to 8.2.9): not decoded here, but its stream can be taken out as its maker wrote it.

use crate::dicom::{PixelData, Uid, names};

/// The stream of a video: all fragments in order. `None` for what is not video.
pub fn video_stream(transfer_syntax: &Uid, pixels: &PixelData) -> Option<Vec<u8>> {
    match pixels {
        PixelData::Encapsulated { fragments, .. } if names::is_video(transfer_syntax) => {
            Some(fragments.concat())
        }
        _ => None,
    }
}

/// What a file of the stream is named by: its container where the first bytes tell, else what the transfer
/// syntax makes likely.
pub fn video_extension(transfer_syntax: &Uid, stream: &[u8]) -> &'static str {
    const PACKET_BYTES: usize = 188;
    match stream {
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "mp4",
        [0x47, rest @ ..] if rest.get(PACKET_BYTES - 1) == Some(&0x47) => "ts",
        [0, 0, 1, 0xBA, ..] => "mpg",
        [0, 0, 1, 0xB3, ..] => "m2v",
        [0, 0, 1, ..] | [0, 0, 0, 1, ..] => elementary(transfer_syntax),
        _ => usual(transfer_syntax),
    }
}

/// By the transfer syntax alone.
pub(super) fn usual(transfer_syntax: &Uid) -> &'static str {
    if kind(transfer_syntax) < 102 { "mpg" } else { "mp4" }
}

/// A stream in no container at all.
fn elementary(transfer_syntax: &Uid) -> &'static str {
    match kind(transfer_syntax) {
        ..102 => "m2v",
        102..107 => "h264",
        _ => "h265",
    }
}

/// The number that tells MPEG-2 (100, 101), H.264 (102 to 106) and H.265 (107, 108) apart.
fn kind(transfer_syntax: &Uid) -> u32 {
    let last =
        transfer_syntax.as_str().strip_prefix("1.2.840.10008.1.2.4.").and_then(|rest| rest.split('.').next());
    last.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_named_by_its_container_or_by_its_transfer_syntax() {
        let packets = [[0x47; 1].as_slice(), &[0; 187], &[0x47]].concat();
        for (last, stream, expected) in [
            ("102", b"\0\0\0\x18ftypisom".as_slice(), "mp4"),
            ("100", b"\0\0\x01\xBA", "mpg"),
            ("100", b"\0\0\x01\xB3", "m2v"),
            ("103", &packets, "ts"),
            ("106.1", b"\0\0\0\x01\x67", "h264"),
            ("107", b"\0\0\0\x01\x40", "h265"),
            ("101", b"?", "mpg"),
            ("108", b"", "mp4"),
        ] {
            let uid = Uid::parse(&format!("1.2.840.10008.1.2.4.{last}")).unwrap();
            assert_eq!(video_extension(&uid, stream), expected, "{last}");
        }
    }

    #[test]
    fn only_video_has_a_stream_and_its_fragments_stay_in_order() {
        let fragments = [&b"ab"[..], b"cd"].map(bytes::Bytes::from_static).to_vec();
        let pixels = PixelData::Encapsulated { offsets: Vec::new(), fragments };
        let uid = |last: &str| Uid::parse(&format!("1.2.840.10008.1.2.4.{last}")).unwrap();
        assert_eq!(video_stream(&uid("102"), &pixels).as_deref(), Some(&b"abcd"[..]));
        assert_eq!(video_stream(&uid("50"), &pixels), None);
    }
}
