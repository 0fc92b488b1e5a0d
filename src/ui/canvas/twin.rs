//! Pictures of the CPU twin as egui textures, one texel a physical pixel.

use egui::{Color32, ColorImage, Mesh, Rect, Shape, TextureHandle, TextureOptions, pos2};

use super::Place;
use crate::imaging::{Scene, draw};
use crate::render::RenderError;

/// The scene's picture as a texture: in `before`, if there is one.
///
/// # Errors
/// [`RenderError::TooLarge`] for a picture beyond the largest texture of this window.
pub(super) fn draw_texture(
    context: &egui::Context,
    scene: &Scene,
    before: Option<TextureHandle>,
) -> Result<TextureHandle, RenderError> {
    let size = scene.size();
    let limit = context.input(|input| input.max_texture_side) as u64;
    let asked = u64::from(size.width().max(size.height()));
    if asked > limit {
        return Err(RenderError::TooLarge { what: "picture", asked, limit });
    }
    // Opaque: premultiplied or not is the same.
    let sides = [size.width() as usize, size.height() as usize];
    let image = ColorImage::from_rgba_premultiplied(sides, &draw(scene).rgba);
    Ok(match before {
        Some(mut texture) => {
            texture.set(image, TextureOptions::NEAREST);
            texture
        }
        None => context.load_texture("twin", image, TextureOptions::NEAREST),
    })
}

/// The texture at its place. A bare mesh: rectangles of egui's have soft edges.
pub(super) fn shape(place: Place, texture: &TextureHandle) -> Shape {
    let mut mesh = Mesh::with_texture(texture.id());
    mesh.add_rect_with_uv(place.rect, Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)), Color32::WHITE);
    Shape::mesh(mesh)
}
