//! A file cut short is never taken for the whole (R7).

use dokuei::dicom::part10;

use crate::data;

/// Small images of every form: native and encapsulated, implicit, deflated, big-endian.
const IMAGES: [&str; 8] = [
    "modality/CT_small.dcm",
    "transfer-syntax/MR_small_RLE.dcm",
    "transfer-syntax/MR_small_implicit.dcm",
    "transfer-syntax/MR_small_bigendian.dcm",
    "transfer-syntax/MR_small_jp2klossless.dcm",
    "transfer-syntax/SC_rgb_small_odd_jpeg.dcm",
    "transfer-syntax/image_dfl.dcm",
    "objects/rtdose.dcm",
];

#[test]
fn ten_thousand_cuts_give_an_error_or_an_object_that_has_no_picture() {
    for name in IMAGES {
        let Some(bytes) = data::read(name) else { continue };
        let whole = part10::read(bytes.clone().into()).unwrap().0;
        assert!(whole.pixels.is_some(), "{name}");
        for cut in (0..1250).map(|step| bytes.len() * step / 1250) {
            let Ok((object, _)) = part10::read(bytes[..cut].to_vec().into()) else { continue };
            // What lies behind the pixel data may be missing (padding, a signature): they may not.
            assert!(object.pixels.is_none() || object.pixels == whole.pixels, "{name} cut to {cut} bytes");
        }
    }
}
