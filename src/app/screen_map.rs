//! Where everything is on screen, by its accessible name, for a driver that sends real mouse and key events. Only
//! the demo writes it: its patients are made up.

use std::fmt::Write;
use std::path::PathBuf;

use accesskit::Node;
use egui::{Context, FullOutput, ViewportId};

/// Writes the map whenever it has changed.
pub(super) struct ScreenMap {
    file: PathBuf,
    written: String,
}

impl ScreenMap {
    /// Writes to `file`, in one step: a reader never sees half a map.
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, written: String::new() }
    }

    fn write(&mut self, map: String) {
        if map == self.written {
            return;
        }
        let beside = self.file.with_extension("part");
        let done = std::fs::write(&beside, &map).and_then(|()| std::fs::rename(&beside, &self.file));
        match done {
            Ok(()) => self.written = map,
            Err(error) => tracing::warn!(%error, "screen map"),
        }
    }
}

impl egui::Plugin for ScreenMap {
    fn debug_name(&self) -> &'static str {
        "screen map"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        if ctx.viewport_id() != ViewportId::ROOT {
            return;
        }
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let nodes = update.nodes.iter().map(|(_, node)| node);
        self.write(map(nodes, f64::from(ctx.pixels_per_point())));
    }
}

/// A line for everything that has a name: left, top, width and height in pixels, then the name.
fn map<'a>(nodes: impl Iterator<Item = &'a Node>, pixels_per_point: f64) -> String {
    let mut map = String::new();
    for node in nodes {
        let named = node.label().or_else(|| node.value()).filter(|name| !name.is_empty());
        let (Some(name), Some(rect)) = (named, node.bounds()) else { continue };
        let [x, y, width, height] =
            [rect.x0, rect.y0, rect.width(), rect.height()].map(|points| points * pixels_per_point);
        let name = name.replace(['\n', '\r'], " ");
        let _ = writeln!(map, "{x} {y} {width} {height} {name}");
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_pixels_and_the_name_on_one_line() {
        let mut node = Node::new(accesskit::Role::Button);
        node.set_label("Sign as\nfinal");
        node.set_bounds(accesskit::Rect { x0: 3.0, y0: 4.0, x1: 13.0, y1: 6.0 });
        let unnamed = Node::new(accesskit::Role::Button);
        assert_eq!(map([&node, &unnamed].into_iter(), 2.0), "6 8 20 4 Sign as final\n");
    }
}
