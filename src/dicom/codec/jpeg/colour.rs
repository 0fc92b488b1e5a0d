//! Which colours the components of a JPEG stream are (PS3.5 8.2.1, PS3.3 C.7.6.3.1.2).

use super::markers::Header;
use crate::dicom::PixelFormat;
use crate::dicom::pixel::Photometric;

/// What the decoded samples mean. They are the stream's components as coded, each at full resolution.
///
/// A stream that speaks for itself is believed before the data set, whose Photometric Interpretation is often
/// a leftover of the uncompressed image:
///
/// - RGB say the identifiers `R`, `G`, `B` (in either case) and an Adobe APP14 segment without a transform;
/// - YCbCr say an Adobe APP14 segment with the transform, shared chrominance, and a JFIF segment (T.871; a
///   lossless stream excepted, where encoders write JFIF by habit).
///
/// A stream that says nothing, or both, is what the data set says: an RGB image whose stream has no APP14 is RGB
/// and is converted by nobody.
pub(super) fn photometric(header: &Header, format: &PixelFormat) -> Photometric {
    let frame = &header.frame;
    if frame.components.len() != 3 {
        return format.photometric.clone();
    }
    let lossless = frame.process == 3;
    let shared = frame.components.iter().any(|c| (c.across, c.down) != frame.most_sampling());
    let named = frame.components.iter().map(|component| component.id.to_ascii_uppercase()).eq(*b"RGB");
    let rgb = named || header.adobe_transform == Some(0);
    let ybr = header.adobe_transform == Some(1) || shared || (header.jfif && !lossless);
    match (rgb, ybr) {
        (true, false) => Photometric::Rgb,
        (false, true) => Photometric::YbrFull,
        _ => match &format.photometric {
            // Full resolution now.
            Photometric::YbrFull422 => Photometric::YbrFull,
            other => other.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream's header: process, component identifiers, sampling of the first component, APP14 transform, JFIF.
    type Said = (u8, [u8; 3], u8, Option<u8>, bool);

    fn header((process, ids, sampling, transform, jfif): Said) -> Header {
        let mut bytes = vec![0xFF, 0xD8];
        let mut segment = |marker: u8, body: &[u8]| {
            bytes.extend([0xFF, marker, 0, body.len() as u8 + 2]);
            bytes.extend(body);
        };
        if jfif {
            segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
        }
        if let Some(transform) = transform {
            segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", [transform].as_slice()].concat());
        }
        let [a, b, c] = ids;
        segment(0xC0 + process, &[8, 0, 8, 0, 8, 3, a, sampling, 0, b, 0x11, 0, c, 0x11, 0]);
        segment(0xDA, &[3, a, 0, b, 0, c, 0, 0, 63, 0]);
        Header::read(&bytes).unwrap()
    }

    fn meaning(said: Said, dataset: Photometric) -> Photometric {
        let format = PixelFormat {
            rows: 8,
            columns: 8,
            frames: 1,
            samples_per_pixel: 3,
            bits_allocated: 8,
            bits_stored: 8,
            high_bit: 7,
            signed: false,
            photometric: dataset,
            planar: false,
            float: false,
        };
        photometric(&header(said), &format)
    }

    #[test]
    fn a_stream_that_speaks_for_itself_is_believed() {
        let (rgb, ybr) = (Photometric::Rgb, Photometric::YbrFull);
        for (said, meant) in [
            ((0, *b"\x01\x02\x03", 0x11, Some(0), false), &rgb),
            ((0, *b"RGB", 0x11, None, false), &rgb),
            ((0, *b"rgb", 0x11, None, false), &rgb),
            ((3, *b"RGB", 0x11, Some(0), true), &rgb),
            ((0, *b"\x01\x02\x03", 0x11, Some(1), false), &ybr),
            ((0, *b"\x01\x02\x03", 0x11, None, true), &ybr),
            ((0, *b"\0\x01\x02", 0x22, None, false), &ybr),
            ((2, *b"\x01\x02\x03", 0x21, None, true), &ybr),
        ] {
            for dataset in [Photometric::Rgb, Photometric::YbrFull, Photometric::YbrFull422] {
                assert_eq!(&meaning(said, dataset.clone()), meant, "{said:?} as {dataset:?}");
            }
        }
    }

    #[test]
    fn a_stream_that_says_nothing_or_both_is_what_the_data_set_says() {
        for said in [
            (0, *b"\x01\x02\x03", 0x11, None, false),
            (0, *b"\0\x01\x02", 0x11, Some(9), false),
            (3, *b"\x01\x02\x03", 0x11, None, true),
            (0, *b"RGB", 0x11, Some(1), false),
            (0, *b"\x01\x02\x03", 0x11, Some(0), true),
            (0, *b"\x01\x02\x03", 0x22, Some(0), false),
        ] {
            assert_eq!(meaning(said, Photometric::Rgb), Photometric::Rgb, "{said:?}");
            assert_eq!(meaning(said, Photometric::YbrFull422), Photometric::YbrFull, "{said:?}");
        }
    }
}
