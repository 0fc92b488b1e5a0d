//! Textures back into memory.

use std::sync::mpsc;
use std::time::Duration;

use super::{Gpu, RenderError};

/// A driver that has not finished by then hangs; software rasterisers need a while for thick slabs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A texture of four-byte texels on its way back.
pub(super) struct Readback {
    buffer: wgpu::Buffer,
    line: usize,
    padded_line: usize,
}

impl Readback {
    /// Adds the copy of all of `texture` (four bytes a texel) to the commands.
    ///
    /// # Errors
    /// [`RenderError::TooLarge`] when the picture needs a larger buffer than the adapter allows.
    pub(super) fn record(
        gpu: &Gpu,
        commands: &mut wgpu::CommandEncoder,
        texture: &wgpu::Texture,
    ) -> Result<Self, RenderError> {
        let size = texture.size();
        let line = 4 * size.width;
        let padded_line = line.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let bytes = u64::from(padded_line) * u64::from(size.height);
        let limit = gpu.device().limits().max_buffer_size;
        if bytes > limit {
            return Err(RenderError::TooLarge { what: "picture", asked: bytes, limit });
        }
        let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size: bytes,
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        commands.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(padded_line),
                    rows_per_image: Some(size.height),
                },
            },
            size,
        );
        Ok(Self { buffer, line: line as usize, padded_line: padded_line as usize })
    }

    /// Waits for the GPU and takes the texels, line by line without padding.
    ///
    /// # Errors
    /// [`RenderError::DeviceLost`] or [`RenderError::Failed`] when they do not come.
    pub(super) fn bytes(self, gpu: &Gpu) -> Result<Vec<u8>, RenderError> {
        let (sender, mapped) = mpsc::sync_channel(1);
        self.buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // The receiver is gone only when its caller has given up already.
            let _ = sender.try_send(result);
        });
        let wait = wgpu::PollType::Wait { submission_index: None, timeout: Some(PATIENCE) };
        gpu.device().poll(wait).map_err(|error| failed(&error))?;
        match mapped.try_recv() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) => return Err(RenderError::Failed { what: "the picture did not come back".to_owned() }),
        }
        let view = self.buffer.get_mapped_range(..).map_err(|error| failed(&error))?;
        Ok(view.chunks_exact(self.padded_line).flat_map(|line| &line[..self.line]).copied().collect())
    }
}

fn failed(error: &dyn std::fmt::Display) -> RenderError {
    RenderError::Failed { what: error.to_string() }
}
