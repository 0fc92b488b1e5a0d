//! Which colours the components of a JPEG stream are (PS3.5 8.2.1, PS3.3 C.7.6.3.1.2).

use super::markers::Header;
use crate::dicom::PixelFormat;
use crate::dicom::pixel::Photometric;

/// What the decoded samples mean. They are the stream's components as coded, each at full resolution.
///
/// A stream that speaks for itself is believed before the data set, whose Photometric Interpretation is often
/// a leftover of the uncompressed image: an Adobe APP14 segment says whether there is a colour transform;
/// shared chrominance and a JFIF segment mean YCbCr (a lossless stream excepted, where encoders write JFIF by
/// habit); component identifiers `R`, `G`, `B` mean what they say. A stream that says nothing is what the data
/// set says, so an RGB image whose stream has no APP14 is RGB and is converted by nobody.
pub(super) fn photometric(header: &Header, format: &PixelFormat) -> Photometric {
    let frame = &header.frame;
    if frame.components.len() != 3 {
        return format.photometric.clone();
    }
    let lossless = frame.process == 3;
    let shared = frame.components.iter().any(|c| (c.across, c.down) != frame.most_sampling());
    let named_rgb = frame.components.iter().map(|component| component.id).eq(*b"RGB");
    match header.adobe_transform {
        Some(0) => Photometric::Rgb,
        Some(1) => Photometric::YbrFull,
        _ if shared => Photometric::YbrFull,
        _ if header.jfif && !lossless => Photometric::YbrFull,
        _ if named_rgb => Photometric::Rgb,
        _ => match &format.photometric {
            Photometric::YbrFull422 => Photometric::YbrFull,
            other => other.clone(),
        },
    }
}
