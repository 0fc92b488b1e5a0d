//! Frames and volumes that are on the GPU, within a budget.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::{Gpu, RenderError, upload};
use crate::imaging::{
    Colours, Frame, FrameScene, LookupTable, ModalityTransform, PlaneScene, Scene, VoiCurve, Volume,
};

/// Textures of what was drawn before, so that another window, zoom or plane only needs new parameters.
///
/// An entry belongs to one `Arc`: while the entry lives, so does its weak reference, and no other object can
/// have the same address. What nobody holds any more, and past the budget what was drawn longest ago, goes;
/// what is leased stays, since a painting on screen holds its textures anyway.
#[derive(Debug)]
pub struct TextureCache {
    budget_bytes: u64,
    uploaded_bytes: u64,
    clock: u64,
    held: HashMap<Key, Held>,
    voi: Option<(Weak<LookupTable>, wgpu::TextureView)>,
    /// In place of a VOI table where a window is used.
    no_table: Option<wgpu::TextureView>,
}

/// While one of these lives, the textures of its scene are not given up for others.
#[derive(Debug, Clone)]
pub struct Lease {
    _held: Arc<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Frame(usize),
    Volume(usize),
}

#[derive(Debug)]
enum Owner {
    Frame(Weak<Frame>),
    Volume(Weak<Volume>),
}

#[derive(Debug)]
struct Held {
    owner: Owner,
    stored: wgpu::Texture,
    views: Views,
    bytes: u64,
    /// Slices on the GPU so far, and in all.
    uploaded: u32,
    slices: u32,
    last_use: u64,
    leases: Arc<()>,
}

/// What a pass reads of a frame or volume.
#[derive(Debug, Clone)]
pub(super) struct Views {
    /// Stored samples.
    pub(super) stored: wgpu::TextureView,
    /// Modality table, palette or rescale, whatever the pass wants.
    pub(super) side: wgpu::TextureView,
    /// Of a frame: what lies over it, and the colours of a grey one.
    pub(super) over: Option<[wgpu::TextureView; 2]>,
}

impl TextureCache {
    /// An empty cache that keeps about `budget_bytes` of textures.
    pub fn new(budget_bytes: u64) -> Self {
        Self { budget_bytes, uploaded_bytes: 0, clock: 0, held: HashMap::new(), voi: None, no_table: None }
    }

    /// Brings what a scene reads to the GPU: a frame at once, a volume by about `step_bytes` (at least one
    /// slice) a call. `true` when all of it is there.
    ///
    /// # Errors
    /// [`RenderError::TooLarge`] and [`RenderError::OutOfMemory`] for what this GPU does not hold; what
    /// [`RenderError`] says for the rest.
    pub fn upload(&mut self, gpu: &Gpu, scene: &Scene, step_bytes: u64) -> Result<bool, RenderError> {
        let key = key(scene);
        self.clock += 1;
        if !self.held.contains_key(&key) {
            let held = gpu.guarded(|| start(gpu, scene))?;
            self.make_room(held.bytes);
            if let Scene::Frame(_) = scene {
                self.uploaded_bytes += held.bytes;
            }
            self.held.insert(key, held);
        }
        let Some(held) = self.held.get_mut(&key) else { return Ok(false) };
        held.last_use = self.clock;
        let Scene::Plane(PlaneScene { volume, .. }) = scene else { return Ok(true) };
        if held.uploaded == held.slices {
            return Ok(true);
        }
        let slice_bytes = held.bytes / u64::from(held.slices);
        let count = (step_bytes / slice_bytes.max(1)).clamp(1, u64::from(held.slices - held.uploaded)) as u32;
        gpu.guarded(|| {
            upload::volume_slices(gpu, &held.stored, volume, held.uploaded, held.uploaded + count);
            // Hands the staging memory over now, not with the next frame.
            gpu.queue().submit([]);
            Ok(())
        })?;
        held.uploaded += count;
        self.uploaded_bytes += slice_bytes * u64::from(count);
        Ok(held.uploaded == held.slices)
    }

    /// Bytes of frames and volumes held.
    pub fn bytes(&self) -> u64 {
        self.held.values().map(|held| held.bytes).sum()
    }

    /// Bytes of frames and volumes that went up in all: what a frame of the window cost, by difference.
    pub fn uploaded_bytes(&self) -> u64 {
        self.uploaded_bytes
    }

    /// Keeps what is here of a scene, complete or not, until the lease goes; `None` when nothing is.
    pub fn lease(&self, scene: &Scene) -> Option<Lease> {
        let held = self.held.get(&key(scene))?;
        Some(Lease { _held: Arc::clone(&held.leases) })
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.held.clear();
        self.voi = None;
    }

    pub(super) fn views(&self, scene: &Scene) -> Option<Views> {
        let held = self.held.get(&key(scene))?;
        (held.uploaded == held.slices).then(|| held.views.clone())
    }

    /// The table of a VOI LUT, or a stand-in for a window. The last table is kept.
    pub(super) fn voi(&mut self, gpu: &Gpu, voi: &VoiCurve) -> Result<wgpu::TextureView, RenderError> {
        let VoiCurve::Table(table) = voi else { return self.no_table(gpu) };
        match &self.voi {
            Some((owner, kept)) if owner.as_ptr() == Arc::as_ptr(table) => Ok(kept.clone()),
            _ => {
                let made = view(&upload::table(gpu, &table.entries)?);
                self.voi = Some((Arc::downgrade(table), made.clone()));
                Ok(made)
            }
        }
    }

    fn no_table(&mut self, gpu: &Gpu) -> Result<wgpu::TextureView, RenderError> {
        if let Some(kept) = &self.no_table {
            return Ok(kept.clone());
        }
        let made = view(&upload::table(gpu, &[0])?);
        self.no_table = Some(made.clone());
        Ok(made)
    }

    fn make_room(&mut self, bytes: u64) {
        self.held.retain(|_, held| held.owner.is_alive());
        while self.bytes() + bytes > self.budget_bytes {
            let free = self.held.iter().filter(|(_, held)| !held.is_leased());
            let Some(oldest) = free.min_by_key(|(_, held)| held.last_use).map(|(key, _)| *key) else {
                return;
            };
            self.held.remove(&oldest);
        }
    }
}

impl Held {
    fn is_leased(&self) -> bool {
        Arc::strong_count(&self.leases) > 1
    }
}

impl Owner {
    fn is_alive(&self) -> bool {
        match self {
            Self::Frame(frame) => frame.strong_count() > 0,
            Self::Volume(volume) => volume.strong_count() > 0,
        }
    }
}

fn key(scene: &Scene) -> Key {
    match scene {
        Scene::Frame(scene) => Key::Frame(Arc::as_ptr(&scene.frame).addr()),
        Scene::Plane(scene) => Key::Volume(Arc::as_ptr(&scene.volume).addr()),
    }
}

fn start(gpu: &Gpu, scene: &Scene) -> Result<Held, RenderError> {
    let (owner, stored, side, over, bytes, uploaded, slices) = match scene {
        Scene::Frame(FrameScene { frame, .. }) => {
            let owner = Owner::Frame(Arc::downgrade(frame));
            let over = [upload::marks(gpu, frame)?, supplement(gpu, frame)?];
            (owner, upload::frame(gpu, frame)?, frame_side(gpu, frame)?, Some(over), frame.bytes(), 1, 1)
        }
        Scene::Plane(PlaneScene { volume, .. }) => {
            let owner = Owner::Volume(Arc::downgrade(volume));
            let side = upload::rescale(gpu, volume)?;
            (owner, upload::volume(gpu, volume)?, side, None, volume.bytes(), 0, volume.size()[2])
        }
    };
    let over = over.map(|textures| textures.each_ref().map(view));
    let views = Views { stored: view(&stored), side: view(&side), over };
    Ok(Held {
        owner,
        stored,
        views,
        bytes: bytes as u64,
        uploaded,
        slices,
        last_use: 0,
        leases: Arc::default(),
    })
}

fn frame_side(gpu: &Gpu, frame: &Frame) -> Result<wgpu::Texture, RenderError> {
    match (frame.colours(), &frame.attributes().modality) {
        (Colours::Palette(levels), _) => upload::palette(gpu, levels.entries()),
        (Colours::Grey, ModalityTransform::Table(table)) => upload::table(gpu, &table.entries),
        _ => upload::table(gpu, &[0]),
    }
}

fn supplement(gpu: &Gpu, frame: &Frame) -> Result<wgpu::Texture, RenderError> {
    upload::palette(gpu, frame.supplement().map_or(&[[0; 3]], |levels| levels.entries()))
}

pub(super) fn view(texture: &wgpu::Texture) -> wgpu::TextureView {
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}
