//! Stored values and tables into textures. Stored values stay integers, bit for bit.

use std::borrow::Cow;

use super::{Gpu, RenderError};
use crate::imaging::{Colours, Frame, Samples, Volume, Voxels};

/// Entries of a table texture's line: `TABLE_WIDTH` in shaders/common.wgsl.
const TABLE_WIDTH: u32 = 2048;

/// A texture's extent in texels and what a texel is.
pub(super) struct Shape {
    pub(super) label: &'static str,
    pub(super) size: [u32; 3],
    pub(super) dimension: wgpu::TextureDimension,
    pub(super) format: wgpu::TextureFormat,
}

impl Shape {
    fn flat(label: &'static str, width: u32, height: u32, format: wgpu::TextureFormat) -> Self {
        Self { label, size: [width, height, 1], dimension: wgpu::TextureDimension::D2, format }
    }

    /// An empty texture to be filled and read by shaders.
    ///
    /// # Errors
    /// [`RenderError::TooLarge`] beyond the adapter's limits.
    pub(super) fn create(&self, gpu: &Gpu) -> Result<wgpu::Texture, RenderError> {
        let limit = match self.dimension {
            wgpu::TextureDimension::D3 => gpu.info().max_volume_side,
            wgpu::TextureDimension::D1 | wgpu::TextureDimension::D2 => gpu.info().max_side,
        };
        if let Some(&asked) = self.size.iter().find(|&&side| side > limit) {
            return Err(RenderError::TooLarge { what: self.label, asked: asked.into(), limit: limit.into() });
        }
        let [width, height, depth_or_array_layers] = self.size;
        Ok(gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some(self.label),
            size: wgpu::Extent3d { width, height, depth_or_array_layers },
            mip_level_count: 1,
            sample_count: 1,
            dimension: self.dimension,
            format: self.format,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        }))
    }

    fn filled(&self, gpu: &Gpu, bytes: &[u8]) -> Result<wgpu::Texture, RenderError> {
        let texture = self.create(gpu)?;
        write(gpu, &texture, 0, bytes);
        Ok(texture)
    }
}

/// Fills whole slices of a texture from slice `z` on, as many as `bytes` has.
fn write(gpu: &Gpu, texture: &wgpu::Texture, z: u32, bytes: &[u8]) {
    let size = texture.size();
    let texel = texture.format().block_copy_size(None).unwrap_or(1);
    let line = size.width * texel;
    let slices = (bytes.len() as u64 / (u64::from(line) * u64::from(size.height))) as u32;
    gpu.queue().write_texture(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x: 0, y: 0, z },
            aspect: wgpu::TextureAspect::All,
        },
        bytes,
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(line),
            rows_per_image: Some(size.height),
        },
        wgpu::Extent3d { depth_or_array_layers: slices, ..size },
    );
}

/// A frame's stored samples.
pub(super) fn frame(gpu: &Gpu, frame: &Frame) -> Result<wgpu::Texture, RenderError> {
    let (format, bytes) = match frame.colours() {
        Colours::Rgb | Colours::YbrFull => colour_texels(frame.samples(), frame.bits_stored()),
        Colours::Grey | Colours::Palette(_) => grey_texels(frame.samples()),
    };
    Shape::flat("frame", frame.columns(), frame.rows(), format).filled(gpu, &bytes)
}

fn grey_texels(samples: &Samples) -> (wgpu::TextureFormat, Cow<'_, [u8]>) {
    use wgpu::TextureFormat as F;
    match samples {
        Samples::U8(v) => (F::R8Uint, Cow::Borrowed(v)),
        Samples::I8(v) => (F::R8Sint, bytemuck::cast_slice(v).into()),
        Samples::U16(v) => (F::R16Uint, bytemuck::cast_slice(v).into()),
        Samples::I16(v) => (F::R16Sint, bytemuck::cast_slice(v).into()),
        Samples::U32(v) => (F::R32Uint, bytemuck::cast_slice(v).into()),
        Samples::I32(v) => (F::R32Sint, bytemuck::cast_slice(v).into()),
        Samples::F32(v) => (F::R32Uint, bytemuck::cast_slice(v).into()),
        Samples::F64(v) => {
            (F::R32Uint, v.iter().flat_map(|&x| (x as f32).to_ne_bytes()).collect::<Vec<u8>>().into())
        }
    }
}

/// Three interleaved samples a pixel as four, since no texture has three. Beyond 16 bits the 16 most
/// significant go up; frames in colour have unsigned samples only ([`Frame::new`]).
fn colour_texels(samples: &Samples, bits_stored: u16) -> (wgpu::TextureFormat, Cow<'_, [u8]>) {
    use wgpu::TextureFormat as F;
    match samples {
        Samples::U8(v) => {
            (F::Rgba8Uint, v.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 0]).collect::<Vec<u8>>().into())
        }
        other => {
            let shift = f64::from(1_u32 << bits_stored.saturating_sub(16).min(16));
            let sample = |i: usize| (other.get(i) / shift) as u16;
            let texels: Vec<u16> = (0..other.len() / 3)
                .flat_map(|p| [sample(3 * p), sample(3 * p + 1), sample(3 * p + 2), 0])
                .collect();
            (F::Rgba16Uint, bytemuck::cast_slice(&texels).to_vec().into())
        }
    }
}

/// An empty texture for a volume's voxels.
pub(super) fn volume(gpu: &Gpu, volume: &Volume) -> Result<wgpu::Texture, RenderError> {
    let format = match volume.voxels() {
        Voxels::U16(_) => wgpu::TextureFormat::R16Uint,
        Voxels::I16(_) => wgpu::TextureFormat::R16Sint,
    };
    Shape { label: "volume", size: volume.size(), dimension: wgpu::TextureDimension::D3, format }.create(gpu)
}

/// Fills slices `from..to` of a volume's texture.
pub(super) fn volume_slices(gpu: &Gpu, texture: &wgpu::Texture, volume: &Volume, from: u32, to: u32) {
    let [columns, rows, _] = volume.size().map(|n| n as usize);
    let range = from as usize * columns * rows..to as usize * columns * rows;
    let bytes: &[u8] = match volume.voxels() {
        Voxels::U16(v) => bytemuck::cast_slice(&v[range]),
        Voxels::I16(v) => bytemuck::cast_slice(&v[range]),
    };
    write(gpu, texture, from, bytes);
}

/// What lies over a frame, a byte a pixel; a single texel where nothing does.
pub(super) fn marks(gpu: &Gpu, frame: &Frame) -> Result<wgpu::Texture, RenderError> {
    let (width, height, bytes) = match frame.marks() {
        Some(marks) => (frame.columns(), frame.rows(), marks),
        None => (1, 1, &[0][..]),
    };
    Shape::flat("marks", width, height, wgpu::TextureFormat::R8Uint).filled(gpu, bytes)
}

/// Slope and intercept of each slice, one texel a slice.
pub(super) fn rescale(gpu: &Gpu, volume: &Volume) -> Result<wgpu::Texture, RenderError> {
    let texels: Vec<[f32; 2]> =
        volume.rescale().iter().map(|line| [line.slope as f32, line.intercept as f32]).collect();
    Shape::flat("rescale", texels.len() as u32, 1, wgpu::TextureFormat::Rg32Float)
        .filled(gpu, bytemuck::cast_slice(&texels))
}

/// A modality or VOI table, in lines of [`TABLE_WIDTH`] entries.
pub(super) fn table(gpu: &Gpu, entries: &[u16]) -> Result<wgpu::Texture, RenderError> {
    lines(gpu, "table", entries, wgpu::TextureFormat::R16Uint)
}

/// Colour tables, in lines of [`TABLE_WIDTH`] entries.
pub(super) fn palette(gpu: &Gpu, entries: &[[u8; 3]]) -> Result<wgpu::Texture, RenderError> {
    let entries: Vec<[u8; 4]> = entries.iter().map(|&[r, g, b]| [r, g, b, 0]).collect();
    lines(gpu, "palette", &entries, wgpu::TextureFormat::Rgba8Uint)
}

fn lines<T: bytemuck::Pod>(
    gpu: &Gpu,
    label: &'static str,
    entries: &[T],
    format: wgpu::TextureFormat,
) -> Result<wgpu::Texture, RenderError> {
    let height = (entries.len() as u32).div_ceil(TABLE_WIDTH).max(1);
    let mut padded = entries.to_vec();
    padded.resize((TABLE_WIDTH * height) as usize, T::zeroed());
    Shape::flat(label, TABLE_WIDTH, height, format).filled(gpu, bytemuck::cast_slice(&padded))
}

/// The positions of one painting ([`super::positions::Positions::texels`]).
pub(super) fn positions(gpu: &Gpu, width: usize, texels: &[[u32; 4]]) -> Result<wgpu::Texture, RenderError> {
    Shape::flat("positions", width as u32, 8, wgpu::TextureFormat::Rgba32Uint)
        .filled(gpu, bytemuck::cast_slice(texels))
}
