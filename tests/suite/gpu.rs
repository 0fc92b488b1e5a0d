//! Shaders: valid by naga, and equal to their CPU twins pixel by pixel.
//!
//! Software rasterisers count as GPUs. Without any adapter these tests are skipped by name, unless
//! `DOKUEI_REQUIRE_GPU=1`.

pub(crate) mod agreement;
mod device;
mod frames;
mod phantoms;
mod planes;

use dokuei::render::shaders::Pass;
use dokuei::render::{RenderError, Renderer};

use crate::support::{asked, skip};

/// A renderer, or `None` with a line that says that there is no adapter.
fn renderer() -> Option<Renderer> {
    match Renderer::new() {
        Ok(renderer) => Some(renderer),
        Err(RenderError::NoAdapter { tried }) if !asked("DOKUEI_REQUIRE_GPU") => {
            skip(&format!("a GPU adapter ({tried})"));
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn every_shader_passes_validation() {
    for pass in Pass::ALL {
        let source = pass.source();
        let module = naga::front::wgsl::parse_str(&source)
            .unwrap_or_else(|e| panic!("{pass:?}: {}", e.emit_to_string(&source)));
        let mut validator = naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::empty(),
        );
        validator.validate(&module).unwrap_or_else(|e| panic!("{pass:?}: {}", e.emit_to_string(&source)));
        let stages: Vec<_> =
            module.entry_points.iter().map(|entry| (entry.name.as_str(), entry.stage)).collect();
        assert_eq!(
            stages,
            [("cover", naga::ShaderStage::Vertex), ("draw", naga::ShaderStage::Fragment)],
            "{pass:?}"
        );
    }
}
