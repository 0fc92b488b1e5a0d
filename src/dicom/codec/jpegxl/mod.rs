//! JPEG XL (ISO/IEC 18181; transfer syntaxes .110, .111 and .112; PS3.5 8.2.15), by jxl of the libjxl project.
//!
//! The image header is read here first, so that nothing is decoded whose size or depth contradicts the data
//! set. The decoder is then held to that many samples, to one frame, and to a number of steps that follows from
//! the image's size: a code stream may name any number of hidden frames, each as costly as the image.

mod header;

use jxl::api::{
    Endianness, Event, JxlColorType, JxlDataFormat, JxlDecoder, JxlDecoderOptions, JxlOutputBuffer,
    JxlParallelRunner, JxlParallelRunnerFun, JxlPixelFormat, ProfileLevel,
};

use super::fault::{Fault, shielded};
use super::geometry::Geometry;
use super::header::Claims;
use super::stored::{self, Cells};
use crate::dicom::pixel::Photometric;
use crate::dicom::{DecodedFrame, PixelFormat, Uid};
use header::Header;

/// Frames that others refer to (patches) may be larger than a tiny image.
const LEAST_SAMPLE_LIMIT: usize = 1 << 20;

/// Steps of decoding allowed to any image, and to each of its groups of 256 x 256 pixels: a progressive image
/// takes a dozen of the latter.
const FREE_STEPS: usize = 256;
const STEPS_OF_GROUP: usize = 64;
const GROUP_PIXELS: usize = 256 * 256;

/// JPEG XL JPEG Recompression: what was JPEG comes out as RGB or grey.
const RECOMPRESSION: &str = "1.2.840.10008.1.2.4.111";

/// Samples of one code stream or container.
pub(super) fn decode(
    format: &PixelFormat,
    geometry: &Geometry,
    transfer_syntax: &Uid,
    bytes: &[u8],
) -> Result<DecodedFrame, Fault> {
    let header = Header::read(bytes)?;
    let claims = Claims {
        rows: header.rows,
        columns: header.columns,
        // How many there are, the decoder tells before it decodes any.
        components: geometry.samples as u64,
        precision: header.precision.into(),
    };
    claims.check(format, geometry, bytes.len())?;
    if header.precision > 16 {
        return Err(Fault::Pixels(format!("JPEG XL with {} bits", header.precision)));
    }
    if format.signed && header.precision < u32::from(format.bits_stored) {
        return Err(Fault::Pixels("signed samples in JPEG XL without their sign".to_owned()));
    }
    let recompressed = header.from_jpeg || transfer_syntax.as_str() == RECOMPRESSION;
    let photometric = photometric(format, recompressed || header.xyb);
    let cells = shielded(|| decode_cells(format, geometry, header.precision, bytes))?;
    Ok(stored::frame(geometry, photometric, cells.into_samples(&stored::of_codestream(format))))
}

fn decode_cells(
    format: &PixelFormat,
    geometry: &Geometry,
    precision: u32,
    bytes: &[u8],
) -> Result<Cells, Fault> {
    let mut samples = vec![0_u16; geometry.sample_count()];
    let mut decoder = JxlDecoder::new(options(geometry));
    let mut steps = Steps { left: FREE_STEPS + STEPS_OF_GROUP * geometry.pixels().div_ceil(GROUP_PIXELS) };
    let mut input = bytes;
    expect(&mut decoder, &mut input, None, &mut steps, |event| matches!(event, Event::BasicInfo))?;
    check_components(&decoder, geometry)?;
    let kind = if geometry.samples == 1 { JxlColorType::Grayscale } else { JxlColorType::Rgb };
    decoder
        .set_pixel_format(JxlPixelFormat {
            color_type: kind,
            color_data_format: Some(JxlDataFormat::U16 {
                endianness: Endianness::native(),
                bit_depth: precision as u8,
            }),
            extra_channel_format: Vec::new(),
        })
        .map_err(decoder_says)?;
    let row_bytes = geometry.columns * geometry.samples * 2;
    let rows = bytemuck::cast_slice_mut(&mut samples);
    let mut buffers = [JxlOutputBuffer::new(rows, geometry.rows, row_bytes)];
    expect(&mut decoder, &mut input, None, &mut steps, |event| matches!(event, Event::FrameHeader))?;
    expect(&mut decoder, &mut input, Some(&mut buffers), &mut steps, |event| {
        matches!(event, Event::FrameComplete { has_more_frames: false })
    })?;
    Cells::widen(samples, format.bits_allocated)
}

fn options(geometry: &Geometry) -> JxlDecoderOptions {
    let mut options = JxlDecoderOptions::default();
    options.adjust_orientation = false;
    options.max_profile_level = ProfileLevel::Main10;
    // The decoder counts three channels, lines of 16 pixels at least, and refuses what reaches the limit.
    let samples = geometry.rows * geometry.columns.max(16) * 3;
    options.sample_limit = Some(samples.max(LEAST_SAMPLE_LIMIT) + 1);
    options
}

/// Goes on to the next event, which must be the one that an image of one frame has next.
fn expect(
    decoder: &mut JxlDecoder,
    input: &mut &[u8],
    buffers: Option<&mut [JxlOutputBuffer<'_>]>,
    steps: &mut Steps,
    awaited: impl Fn(&Event) -> bool,
) -> Result<(), Fault> {
    match decoder.process(input, buffers, Some(steps)).map_err(decoder_says)? {
        event if awaited(&event) => Ok(()),
        Event::NeedMoreInput { .. } => Err(Fault::Damaged("a JPEG XL code stream is cut short")),
        Event::FrameComplete { .. } => Err(Fault::Pixels("JPEG XL with more than one frame".to_owned())),
        _ => Err(Fault::Damaged("a JPEG XL code stream without an image")),
    }
}

fn check_components(decoder: &JxlDecoder, geometry: &Geometry) -> Result<(), Fault> {
    let found = decoder.current_pixel_format().map_or(0, |format| format.color_type.samples_per_pixel());
    if found == geometry.samples {
        Ok(())
    } else {
        let dataset = geometry.samples as u64;
        Err(Fault::Contradicts { what: "components", stream: found as u64, dataset })
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn decoder_says(error: jxl::error::Error) -> Fault {
    Fault::Decoder(error.to_string())
}

/// Colours of the samples. The decoder undoes XYB and a JPEG's YCbCr; three channels coded as they came mean
/// what the data set says, which cannot be shared chrominance.
fn photometric(format: &PixelFormat, colours_undone: bool) -> Photometric {
    match &format.photometric {
        other if format.samples_per_pixel == 1 => other.clone(),
        Photometric::YbrFull if !colours_undone => Photometric::YbrFull,
        _ => Photometric::Rgb,
    }
}

/// Runs the decoder's steps on this thread one by one, as many as are left.
struct Steps {
    left: usize,
}

impl JxlParallelRunner for Steps {
    fn run(&mut self, num: usize, fun: &JxlParallelRunnerFun<'_>) -> jxl::error::Result<()> {
        self.left = self
            .left
            .checked_sub(num.max(1))
            .ok_or(jxl::error::Error::ApiUsageError("more work than an image of this size takes"))?;
        (0..num).try_for_each(fun)
    }

    fn num_threads(&self) -> usize {
        1
    }

    fn run_ordered(
        &mut self,
        num: usize,
        _max_threads: Option<usize>,
        fun: &JxlParallelRunnerFun<'_>,
    ) -> jxl::error::Result<()> {
        self.run(num, fun)
    }
}
