//! Where everything is on screen, by its accessible name, for a driver that sends real mouse and key events. Only
//! the demo writes it: its patients are made up.

use std::path::PathBuf;

use accesskit::Node;
use egui::{Context, FullOutput, ViewportId};
use serde_json::{Map, Value, json};

/// Writes the map whenever it has changed.
pub(super) struct ScreenMap {
    file: PathBuf,
    written: Value,
}

impl ScreenMap {
    /// Writes to `file`, in one step: a reader never sees half a map.
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, written: Value::Null }
    }

    fn write(&mut self, map: Value) {
        if map == self.written {
            return;
        }
        let beside = self.file.with_extension("part");
        let done =
            std::fs::write(&beside, map.to_string()).and_then(|()| std::fs::rename(&beside, &self.file));
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
        let nodes = map(update.nodes.iter().map(|(_, node)| node));
        self.write(json!({ "pixels_per_point": ctx.pixels_per_point(), "widgets": nodes }));
    }
}

/// Name to `[left, top, right, bottom]` in points. Further widgets of the same name are `name#2` and so on.
fn map<'a>(nodes: impl Iterator<Item = &'a Node>) -> Map<String, Value> {
    let mut map = Map::new();
    for node in nodes {
        let (Some(name), Some(rect)) = (node.label().or_else(|| node.value()), node.bounds()) else {
            continue;
        };
        let mut key = name.to_owned();
        let mut count = 1;
        while map.contains_key(&key) {
            count += 1;
            key = format!("{name}#{count}");
        }
        map.insert(key, json!([rect.x0, rect.y0, rect.x1, rect.y1]));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widgets_of_the_same_name_are_told_apart() {
        let node = |name: &str, x0: f64| {
            let mut node = Node::new(accesskit::Role::Button);
            node.set_label(name);
            node.set_bounds(accesskit::Rect { x0, y0: 0.0, x1: x0 + 1.0, y1: 2.0 });
            node
        };
        let map = map([node("Fit", 1.0), node("Fit", 5.0), Node::new(accesskit::Role::Label)].iter());
        assert_eq!(Value::Object(map), json!({ "Fit": [1.0, 0.0, 2.0, 2.0], "Fit#2": [5.0, 0.0, 6.0, 2.0] }));
    }
}
