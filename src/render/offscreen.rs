//! Scenes into pictures, without a window.

use super::cache::view;
use super::passes::VALUES;
use super::readback::Readback;
use super::{Gpu, GpuInfo, Painting, Passes, RenderError, TextureCache};
use crate::imaging::{Picture, PictureSize, Scene};

/// Textures kept between pictures: several large volumes on the adapters that have the room.
const CACHE_BYTES: u64 = 2 << 30;
/// A volume's share of one upload: staging memory stays small beside the volume.
const STEP_BYTES: u64 = 32 << 20;
/// Levels as they are: no sRGB conversion on the way.
const COLOUR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// Draws scenes on a GPU of its own. After [`RenderError::DeviceLost`] it is of no more use: make a new one.
#[derive(Debug)]
pub struct Renderer {
    gpu: Gpu,
    passes: Passes,
    cache: TextureCache,
}

impl Renderer {
    /// On the first adapter that gives a device ([`Gpu::probe`]).
    ///
    /// # Errors
    /// [`RenderError::NoAdapter`].
    pub fn new() -> Result<Self, RenderError> {
        Gpu::probe().map(Self::on)
    }

    /// On a given device.
    pub fn on(gpu: Gpu) -> Self {
        Self { gpu, passes: Passes::new(COLOUR, true), cache: TextureCache::new(CACHE_BYTES) }
    }

    /// What it draws on.
    pub fn info(&self) -> &GpuInfo {
        self.gpu.info()
    }

    /// The device.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Draws a scene, as [`crate::imaging::draw`] does: the same levels within 1, the same modality values
    /// within 0.01 stored unit.
    ///
    /// # Errors
    /// [`RenderError`]; the CPU twin draws the scene all the same.
    pub fn draw(&mut self, scene: &Scene) -> Result<Picture, RenderError> {
        let size = scene.size();
        let limit = self.gpu.info().max_side;
        let asked = size.width().max(size.height());
        if asked > limit {
            return Err(RenderError::TooLarge { what: "picture", asked: asked.into(), limit: limit.into() });
        }
        while !self.cache.upload(&self.gpu, scene, STEP_BYTES)? {}
        let painting = Painting::new(&self.gpu, &mut self.passes, &mut self.cache, scene, [0, 0])?
            .ok_or_else(|| RenderError::Failed { what: "textures left the cache".to_owned() })?;
        let (rgba, values) = self.gpu.guarded(|| paint(&self.gpu, &painting, size))?;
        let values = bytemuck::pod_collect_to_vec::<u8, f32>(&values);
        Ok(Picture { size, rgba, values: scene.has_values().then_some(values) })
    }
}

/// Levels and modality values of a painting, four bytes a pixel each.
fn paint(gpu: &Gpu, painting: &Painting, size: PictureSize) -> Result<(Vec<u8>, Vec<u8>), RenderError> {
    let [colour, values] = [COLOUR, VALUES].map(|format| target(gpu, size, format));
    let mut commands = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
    {
        let views = [&colour, &values].map(view);
        let attachments = views.each_ref().map(|view| {
            Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })
        });
        let mut pass = commands.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("offscreen"),
            color_attachments: &attachments,
            ..wgpu::RenderPassDescriptor::default()
        });
        painting.paint(&mut pass);
    }
    let colour = Readback::record(gpu, &mut commands, &colour)?;
    let values = Readback::record(gpu, &mut commands, &values)?;
    gpu.queue().submit([commands.finish()]);
    Ok((colour.bytes(gpu)?, values.bytes(gpu)?))
}

fn target(gpu: &Gpu, size: PictureSize, format: wgpu::TextureFormat) -> wgpu::Texture {
    gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: Some("target"),
        size: wgpu::Extent3d { width: size.width(), height: size.height(), depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}
