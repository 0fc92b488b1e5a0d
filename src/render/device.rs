//! Finding an adapter, and calls on its device that end in a value instead of a panic.

use std::sync::{Arc, Mutex, PoisonError};

use super::RenderError;

/// Backends in the order in which they are tried: the system's own API, then Vulkan, then OpenGL.
pub const PROBES: [wgpu::Backends; 3] = [
    wgpu::Backends::DX12.union(wgpu::Backends::METAL).union(wgpu::Backends::VULKAN),
    wgpu::Backends::VULKAN,
    wgpu::Backends::GL,
];

/// What is asked of an adapter: its own limits, since volumes and radiographs need more than wgpu's defaults.
pub fn device_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    wgpu::DeviceDescriptor {
        label: Some("dokuei"),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    }
}

/// What `doctor` and `--json` say about the adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuInfo {
    /// The adapter's name as its driver gives it.
    pub name: String,
    /// `vulkan`, `metal`, `dx12` or `gl`.
    pub backend: &'static str,
    /// Driver and its version, may be empty.
    pub driver: String,
    /// A software rasteriser: right, but slow.
    pub software: bool,
    /// Longest side of a picture or frame, pixels.
    pub max_side: u32,
    /// Longest side of a volume, voxels.
    pub max_volume_side: u32,
}

/// A device with its queue. Errors that no call caught and the loss of the device are kept for the next call.
#[derive(Debug, Clone)]
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    info: GpuInfo,
    trouble: Arc<Mutex<Option<RenderError>>>,
}

impl Gpu {
    /// The first adapter that gives a device, with the adapter's own limits.
    ///
    /// # Errors
    /// [`RenderError::NoAdapter`] with what each backend said.
    pub fn probe() -> Result<Self, RenderError> {
        let mut tried = Vec::new();
        for backends in PROBES {
            match Self::from_backends(backends) {
                Ok(gpu) => return Ok(gpu),
                Err(why) => tried.push(format!("{backends:?}: {why}")),
            }
        }
        Err(RenderError::NoAdapter { tried: tried.join("; ") })
    }

    fn from_backends(backends: wgpu::Backends) -> Result<Self, String> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = backends;
        // Driver validation layers are for debugging drivers; wgpu's own checks are always on.
        descriptor.flags = wgpu::InstanceFlags::empty();
        let instance = wgpu::Instance::new(descriptor);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let adapter = pollster::block_on(instance.request_adapter(&options)).map_err(|e| e.to_string())?;
        let (device, queue) = pollster::block_on(adapter.request_device(&device_descriptor(&adapter)))
            .map_err(|e| e.to_string())?;
        Ok(Self::from_device(device, queue, &adapter.get_info()))
    }

    /// Over a device that someone else made (a window's). Takes over its callbacks for uncaught errors and
    /// for its loss.
    pub fn from_device(device: wgpu::Device, queue: wgpu::Queue, info: &wgpu::AdapterInfo) -> Self {
        let trouble = Arc::new(Mutex::new(None));
        let uncaught = Arc::clone(&trouble);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let error = from_wgpu(&error);
            tracing::error!(%error, "uncaught GPU error");
            keep(&uncaught, error);
        }));
        let lost = Arc::clone(&trouble);
        device.set_device_lost_callback(move |reason, what| {
            tracing::warn!(?reason, what, "GPU device lost");
            keep(&lost, RenderError::DeviceLost { what });
        });
        let limits = device.limits();
        let info = GpuInfo {
            name: info.name.clone(),
            backend: info.backend.to_str(),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            software: info.device_type == wgpu::DeviceType::Cpu,
            max_side: limits.max_texture_dimension_2d,
            max_volume_side: limits.max_texture_dimension_3d,
        };
        Self { device, queue, info, trouble }
    }

    /// The device.
    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    /// The queue.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// What the adapter is.
    pub fn info(&self) -> &GpuInfo {
        &self.info
    }

    /// Runs calls on the device; whatever they do wrong comes back as an error.
    ///
    /// # Errors
    /// What `work` returns; else the first error that wgpu reported; else what happened unasked since the last
    /// call. [`RenderError::DeviceLost`] stays: such a device is of no more use.
    pub(super) fn guarded<T>(&self, work: impl FnOnce() -> Result<T, RenderError>) -> Result<T, RenderError> {
        self.take_trouble()?;
        let filters =
            [wgpu::ErrorFilter::OutOfMemory, wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::Internal];
        let scopes = filters.map(|filter| self.device.push_error_scope(filter));
        let result = work();
        let mut caught = None;
        for scope in scopes.into_iter().rev() {
            caught = pollster::block_on(scope.pop()).or(caught);
        }
        if caught.is_some() || result.is_err() {
            // Calls on a lost device fail one by one; only a poll tells that it is lost.
            let _ = self.device.poll(wgpu::PollType::Poll);
        }
        self.take_trouble()?;
        match caught {
            Some(error) => Err(from_wgpu(&error)),
            None => result,
        }
    }

    fn take_trouble(&self) -> Result<(), RenderError> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match &*trouble {
            None => Ok(()),
            Some(lost @ RenderError::DeviceLost { .. }) => Err(lost.clone()),
            Some(_) => trouble.take().map_or(Ok(()), Err),
        }
    }
}

/// Keeps the first trouble, but the loss of the device over all else.
fn keep(trouble: &Mutex<Option<RenderError>>, error: RenderError) {
    let mut kept = trouble.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.is_none() || matches!(error, RenderError::DeviceLost { .. }) {
        *kept = Some(error);
    }
}

fn from_wgpu(error: &wgpu::Error) -> RenderError {
    match error {
        wgpu::Error::OutOfMemory { .. } => RenderError::OutOfMemory,
        wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
            RenderError::Failed { what: description.clone() }
        }
    }
}
