//! Pipelines, made when first needed.

use std::collections::HashMap;

use super::shaders::{Pass, Texel};
use super::{Gpu, RenderError};

/// The pipelines for one kind of target.
#[derive(Debug)]
pub struct Passes {
    colour: wgpu::TextureFormat,
    values: bool,
    made: HashMap<Pass, Pipeline>,
}

/// A pipeline and the layout of what it reads.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) pipeline: wgpu::RenderPipeline,
    pub(super) bindings: wgpu::BindGroupLayout,
}

/// The target of modality values: the bits of f32, since a float target may not be available and need not
/// keep a NaN.
pub(super) const VALUES: wgpu::TextureFormat = wgpu::TextureFormat::R32Uint;

impl Passes {
    /// Passes that paint on a target of format `colour`, so that its bytes are the levels, also where it is an
    /// sRGB format (which encodes what it is given), and with `values` also on a second one of `R32Uint`: the bits of the modality values as f32.
    pub fn new(colour: wgpu::TextureFormat, values: bool) -> Self {
        Self { colour, values, made: HashMap::new() }
    }

    pub(super) fn get(&mut self, gpu: &Gpu, pass: Pass) -> Result<Pipeline, RenderError> {
        if let Some(made) = self.made.get(&pass) {
            return Ok(made.clone());
        }
        let made = gpu.guarded(|| Ok(self.make(gpu.device(), pass)))?;
        self.made.insert(pass, made.clone());
        Ok(made)
    }

    fn make(&self, device: &wgpu::Device, pass: Pass) -> Pipeline {
        let label = Some("dokuei pass");
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label,
            source: wgpu::ShaderSource::Wgsl(pass.source().into()),
        });
        let bindings = device
            .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label, entries: &entries(pass) });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        let target =
            |format| Some(wgpu::ColorTargetState { format, blend: None, write_mask: wgpu::ColorWrites::ALL });
        let targets = [target(self.colour), self.values.then(|| target(VALUES)).flatten()];
        let constants = [("encoding_target", f64::from(u8::from(self.colour.is_srgb())))];
        let compilation_options = wgpu::PipelineCompilationOptions {
            constants: &constants,
            ..wgpu::PipelineCompilationOptions::default()
        };
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label,
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("cover"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("draw"),
                compilation_options,
                targets: &targets[..if self.values { 2 } else { 1 }],
            }),
            multiview_mask: None,
            cache: None,
        });
        Pipeline { pipeline, bindings }
    }
}

/// Bindings 0 to 4: parameters, positions, VOI table, stored samples, and what goes with them; of a frame also 5,
/// what lies over it, and 6, the colours of a grey one.
fn entries(pass: Pass) -> Vec<wgpu::BindGroupLayoutEntry> {
    let (stored, side) = match pass {
        Pass::Plane(_) => {
            (wgpu::TextureViewDimension::D3, wgpu::TextureSampleType::Float { filterable: false })
        }
        Pass::FrameGrey(_) | Pass::FrameColour(_) => {
            (wgpu::TextureViewDimension::D2, wgpu::TextureSampleType::Uint)
        }
    };
    let texel = match pass.texel() {
        Texel::Unsigned => wgpu::TextureSampleType::Uint,
        Texel::Signed => wgpu::TextureSampleType::Sint,
    };
    let flat = wgpu::TextureViewDimension::D2;
    let mut entries = vec![
        entry(
            0,
            wgpu::BindingType::Buffer {
                ty: wgpu::BufferBindingType::Uniform,
                has_dynamic_offset: false,
                min_binding_size: None,
            },
        ),
        entry(1, texture(flat, wgpu::TextureSampleType::Uint)),
        entry(2, texture(flat, wgpu::TextureSampleType::Uint)),
        entry(3, texture(stored, texel)),
        entry(4, texture(flat, side)),
    ];
    if !matches!(pass, Pass::Plane(_)) {
        entries.extend([5, 6].map(|n| entry(n, texture(flat, wgpu::TextureSampleType::Uint))));
    }
    entries
}

fn entry(binding: u32, ty: wgpu::BindingType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::FRAGMENT, ty, count: None }
}

fn texture(
    view_dimension: wgpu::TextureViewDimension,
    sample_type: wgpu::TextureSampleType,
) -> wgpu::BindingType {
    wgpu::BindingType::Texture { sample_type, view_dimension, multisampled: false }
}
