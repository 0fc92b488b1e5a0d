//! One scene made ready for a render pass.

use super::cache::{Lease, view};
use super::params::{Params, texel};
use super::positions::Positions;
use super::shaders::{Pass, Texel};
use super::{Gpu, Passes, RenderError, TextureCache, upload};
use crate::imaging::{Colours, PlaneInGrid, Scene, Voxels};

/// A scene whose textures are on the GPU, with its parameters: painted into any render pass whose targets are
/// those of the [`Passes`] it was made with.
#[derive(Debug)]
pub struct Painting {
    pipeline: wgpu::RenderPipeline,
    bindings: wgpu::BindGroup,
    _textures: Option<Lease>,
}

impl Painting {
    /// A painting of `scene` whose pixel 0,0 falls on pixel `target` of the target; `None` until
    /// [`TextureCache::upload`] has brought all of it to the GPU.
    ///
    /// The pass's scissor rectangle must keep it to the picture's size.
    ///
    /// # Errors
    /// [`RenderError`] as the device gives it.
    pub fn new(
        gpu: &Gpu,
        passes: &mut Passes,
        cache: &mut TextureCache,
        scene: &Scene,
        target: [i32; 2],
    ) -> Result<Option<Self>, RenderError> {
        let Some(views) = cache.views(scene) else { return Ok(None) };
        let textures = cache.lease(scene);
        let pipeline = passes.get(gpu, pass(scene))?;
        let (params, positions) = numbers(scene, target);
        gpu.guarded(|| {
            let uniforms = gpu.device().create_buffer(&wgpu::BufferDescriptor {
                label: Some("params"),
                size: size_of::<Params>() as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            gpu.queue().write_buffer(&uniforms, 0, bytemuck::bytes_of(&params));
            let positions = view(&upload::positions(gpu, positions.width(), &positions.texels())?);
            let voi = cache.voi(gpu, &grey(scene).voi)?;
            let texture = |binding, view| wgpu::BindGroupEntry {
                binding,
                resource: wgpu::BindingResource::TextureView(view),
            };
            let mut entries = vec![
                wgpu::BindGroupEntry { binding: 0, resource: uniforms.as_entire_binding() },
                texture(1, &positions),
                texture(2, &voi),
                texture(3, &views.stored),
                texture(4, &views.side),
            ];
            if let Some([marks, colours]) = &views.over {
                entries.extend([texture(5, marks), texture(6, colours)]);
            }
            let bindings = gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("painting"),
                layout: &pipeline.bindings,
                entries: &entries,
            });
            Ok(Some(Self { pipeline: pipeline.pipeline.clone(), bindings, _textures: textures }))
        })
    }

    /// Paints into a render pass.
    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bindings, &[]);
        pass.draw(0..3, 0..1);
    }
}

fn pass(scene: &Scene) -> Pass {
    match scene {
        Scene::Frame(scene) if *scene.frame.colours() == Colours::Grey => {
            Pass::FrameGrey(texel(scene.frame.samples()))
        }
        Scene::Frame(scene) => Pass::FrameColour(texel(scene.frame.samples())),
        Scene::Plane(scene) => Pass::Plane(match scene.volume.voxels() {
            Voxels::U16(_) => Texel::Unsigned,
            Voxels::I16(_) => Texel::Signed,
        }),
    }
}

fn numbers(scene: &Scene, target: [i32; 2]) -> (Params, Positions) {
    match scene {
        Scene::Frame(scene) => (Params::of_frame(scene, target), Positions::of_frame(&scene.view)),
        Scene::Plane(scene) => {
            let plane = PlaneInGrid::new(&scene.volume, &scene.plane, scene.slab);
            let size = scene.plane.size;
            let positions = Positions::of_plane(&plane, scene.volume.places(), size.width(), size.height());
            (Params::of_plane(scene, &plane, target), positions)
        }
    }
}

fn grey(scene: &Scene) -> &crate::imaging::GreyMapping {
    match scene {
        Scene::Frame(scene) => &scene.grey,
        Scene::Plane(scene) => &scene.grey,
    }
}
