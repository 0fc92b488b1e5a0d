//! The code stream's samples by openjp2, a Rust port of OpenJPEG: High-Throughput JPEG 2000.
//!
//! openjp2 is ported C with raw pointers inside; what it is given has passed [`super::header`], so that sizes,
//! tiles, precincts and layers are known to be sane, and its strict mode makes missing data an error.

use openjp2::{CODEC_FORMAT, Codec, opj_dparameters};

use super::source;
use crate::dicom::codec::fault::Fault;

const GAVE_UP: Fault = Fault::Damaged("the HTJ2K decoder found the code stream damaged");

/// What `take` makes of all components at full resolution.
pub(super) fn decode<T>(bytes: &[u8], take: impl FnOnce(&[&[i32]]) -> Result<T, Fault>) -> Result<T, Fault> {
    let mut stream = source::Source::new(bytes);
    let mut codec = Codec::new_decoder(CODEC_FORMAT::OPJ_CODEC_J2K).ok_or(GAVE_UP)?;
    let ready =
        codec.setup_decoder(&mut opj_dparameters::default()) == 1 && codec.decoder_set_strict_mode(1) == 1;
    let mut image = if ready { codec.read_header(stream.get()) } else { None }.ok_or(GAVE_UP)?;
    if codec.decode(stream.get(), &mut image) != 1 || codec.end_decompress(stream.get()) != 1 {
        return Err(GAVE_UP);
    }
    let components = image.comps().ok_or(GAVE_UP)?;
    let planes: Option<Vec<&[i32]>> = components.iter().map(|component| component.data()).collect();
    take(&planes.ok_or(GAVE_UP)?)
}
