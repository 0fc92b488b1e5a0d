//! Text and marks over an image: each takes a place of its own, and what finds none is left out. Nothing is
//! ever cut off or written over something else.

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2};

use super::corner::{Corners, Line};
use super::viewed::Viewed;
use super::words::number;
use crate::imaging::measure::Scale;
use crate::imaging::{EdgeLetters, Scene, scale_bar};
use crate::ui::theme;

/// Size of corner text, points.
pub(crate) const TEXT: f32 = 12.0;
/// From the edge of the viewport, points.
const MARGIN: f32 = 6.0;

/// Rooms already taken.
pub(crate) struct Overlay {
    area: Rect,
    taken: Vec<Rect>,
    clear: Vec<Rect>,
    meanings: Vec<(Rect, String)>,
}

impl Overlay {
    /// An empty one.
    pub(crate) fn new(area: Rect) -> Self {
        Self { area: area.shrink(MARGIN), taken: Vec::new(), clear: Vec::new(), meanings: Vec::new() }
    }

    /// Takes this room, if it lies inside and is free.
    pub(crate) fn take(&mut self, rect: Rect) -> bool {
        let free = self.area.expand(0.5).contains_rect(rect)
            && !self
                .taken
                .iter()
                .any(|other| other.expand2(Vec2::new(4.0, 0.0)).intersects(rect.shrink(0.5)));
        if free {
            self.taken.push(rect);
        }
        free
    }

    /// Below all that has been taken.
    pub(crate) fn below(&self) -> f32 {
        self.taken.iter().map(Rect::bottom).fold(self.area.top(), f32::max) + 4.0
    }

    /// A room of `size` whose `anchor` point is `at`.
    fn anchored(&mut self, at: Pos2, anchor: Align2, size: Vec2) -> Option<Rect> {
        let rect = anchor.anchor_size(at, size);
        self.take(rect).then_some(rect)
    }

    /// What the words there mean for reading.
    pub(crate) fn meaning(&self, at: Pos2) -> Option<(Rect, &str)> {
        let there = self.meanings.iter().find(|(rect, _)| rect.contains(at));
        there.map(|(rect, meaning)| (*rect, meaning.as_str()))
    }

    /// What nothing else may cover: who it is, how it lies, and what could mislead.
    pub(super) fn kept_clear(self) -> Vec<Rect> {
        self.clear
    }

    #[cfg(test)]
    fn rects(&self) -> &[Rect] {
        &self.taken
    }
}

/// All around a letter, points: a shadow on four sides leaves bright pixels in the corners of strokes.
const HALO: [Vec2; 8] = [
    Vec2::new(-1.0, -1.0),
    Vec2::new(0.0, -1.0),
    Vec2::new(1.0, -1.0),
    Vec2::new(-1.0, 0.0),
    Vec2::new(1.0, 0.0),
    Vec2::new(-1.0, 1.0),
    Vec2::new(0.0, 1.0),
    Vec2::new(1.0, 1.0),
];

/// Text that reads over bright pixels.
pub(crate) fn shadowed(painter: &Painter, at: Pos2, galley: &Arc<Galley>, colour: Color32) {
    let shadow = Color32::from_black_alpha(170);
    for way in HALO {
        painter.galley_with_override_text_color(at + way, Arc::clone(galley), shadow);
    }
    painter.galley_with_override_text_color(at, Arc::clone(galley), colour);
}

fn font() -> FontId {
    FontId::proportional(TEXT)
}

/// Writes who it is, and below it how the reader mirrored or turned what is shown. Both take their room before
/// anything else, and are written even where they find none: they are never left out.
pub(super) fn identity(painter: &Painter, overlay: &mut Overlay, corners: &Corners) {
    let area = overlay.area;
    let mut at = area.min;
    if let Some(identity) = &corners.identity {
        // Who it is may take the whole width and as many lines as it needs.
        let galley = painter.layout(identity.clone(), font(), theme::TEXT, area.width());
        let rect = Rect::from_min_size(at, galley.size());
        overlay.taken.push(rect);
        overlay.clear.push(rect);
        shadowed(painter, rect.min, &galley, theme::TEXT);
        at.y = rect.bottom() + 2.0;
    }
    if let Some(placed) = &corners.placed {
        let galley = painter.layout(placed.clone(), font(), theme::WARN, area.width() - 8.0);
        let plate = Rect::from_min_size(at, galley.size() + Vec2::new(8.0, 2.0));
        overlay.taken.push(plate);
        overlay.clear.push(plate);
        painter.rect_filled(plate, 2.0, Color32::from_black_alpha(190));
        painter.rect_stroke(plate, 2.0, Stroke::new(1.0, theme::WARN), StrokeKind::Inside);
        painter.galley(plate.min + Vec2::new(4.0, 1.0), galley, theme::WARN);
    }
}

/// Writes the corners, what could mislead first.
pub(super) fn corners(painter: &Painter, overlay: &mut Overlay, corners: &Corners) {
    let before = overlay.taken.len();
    column(painter, overlay, Align2::RIGHT_BOTTOM, &corners.bottom_right);
    let badges = overlay.taken[before..].to_vec();
    overlay.clear.extend(badges);
    column(painter, overlay, Align2::LEFT_TOP, &corners.top_left);
    column(painter, overlay, Align2::RIGHT_TOP, &corners.top_right);
    column(painter, overlay, Align2::LEFT_BOTTOM, &corners.bottom_left);
}

/// Lines from the edge inwards, until one finds no room. A line that is wider than half the image is broken.
fn column(painter: &Painter, overlay: &mut Overlay, anchor: Align2, lines: &[Line]) {
    let area = overlay.area;
    let corner = anchor.pos_in_rect(&area);
    let inwards = if anchor.y() == egui::Align::Min { 1.0 } else { -1.0 };
    let middle = area.center().y - inwards * (TEXT + 4.0);
    let mut at = corner.y;
    for line in lines {
        let galley = painter.layout(line.text.clone(), font(), line.colour, area.width() * 0.5);
        let step = galley.size().y * inwards;
        // Below the identity, whose line may reach over to this side.
        let tries = [0.0, 1.0, 2.0, 3.0].map(|lines| at + lines * step);
        let rect = tries.into_iter().find_map(|y| {
            let within = (middle - (y + step)) * inwards >= 0.0;
            within.then(|| overlay.anchored(pos2(corner.x, y), anchor, galley.size()))?
        });
        let Some(rect) = rect else { break };
        at = if inwards > 0.0 { rect.bottom() } else { rect.top() };
        shadowed(painter, rect.min, &galley, line.colour);
        overlay.meanings.extend(line.meaning.iter().map(|meaning| (rect, meaning.clone())));
    }
}

/// Where the patient's sides are: by the place of the image in the patient, else as the image itself says.
pub(super) fn letters(painter: &Painter, overlay: &mut Overlay, viewed: &Viewed<'_>) {
    let letters = match &viewed.scene {
        Ok(Scene::Frame(scene)) => scene.view.edge_letters(&scene.frame).or_else(|| {
            let image = viewed.standing.as_ref()?.image.instance.image.as_ref()?;
            Some(EdgeLetters::written(image.patient_orientation.as_ref()?, &scene.view))
        }),
        Ok(Scene::Plane(scene)) => Some(scene.plane.edge_letters()),
        Err(_) => None,
    };
    let Some(EdgeLetters { left, right, top, bottom }) = letters else { return };
    let sides = [
        (left, Align2::LEFT_CENTER),
        (right, Align2::RIGHT_CENTER),
        (top, Align2::CENTER_TOP),
        (bottom, Align2::CENTER_BOTTOM),
    ];
    for (text, anchor) in sides {
        let galley = painter.layout_no_wrap(text, FontId::proportional(TEXT + 2.0), theme::TEXT);
        let at = anchor.pos_in_rect(&overlay.area);
        // The letter at the top stands below the patient's name where that reaches so far.
        let inwards = if anchor == Align2::CENTER_TOP { galley.size().y } else { 0.0 };
        let mut tries = [0.0, 1.0, 2.0, 3.0].into_iter().map(|lines| at + Vec2::new(0.0, lines * inwards));
        if let Some(rect) = tries.find_map(|at| overlay.anchored(at, anchor, galley.size())) {
            shadowed(painter, rect.min, &galley, theme::TEXT);
        }
    }
}

/// A bar of a round length at the right edge, where millimetres are known.
pub(super) fn bar(painter: &Painter, overlay: &mut Overlay, viewed: &Viewed<'_>) {
    let (Some(mm_per_pixel), Some(place)) = (mm_per_pixel(viewed), viewed.place) else { return };
    let points = f64::from(place.rect.height()) / f64::from(place.size.height());
    let longest = f64::from(overlay.area.height()) * 0.3 / points;
    let Some(bar) = scale_bar(mm_per_pixel, longest) else { return };
    let length = (bar.pixels * points) as f32;
    let text = if bar.length_mm >= 10.0 {
        format!("{} cm", number(bar.length_mm / 10.0, 0))
    } else {
        format!("{} mm", number(bar.length_mm, usize::from(bar.length_mm < 1.0) * 2))
    };
    // Left of the letter at the edge, from the middle of the image downwards and upwards alike.
    let x = overlay.area.right() - 20.0;
    let rect = Rect::from_center_size(pos2(x, overlay.area.center().y), Vec2::new(8.0, length));
    let galley = painter.layout_no_wrap(text, FontId::proportional(TEXT - 1.0), theme::TEXT);
    if !overlay.take(rect) {
        return;
    }
    for (width, colour) in [(3.0, Color32::from_black_alpha(190)), (1.0, theme::TEXT)] {
        let stroke = Stroke::new(width, colour);
        painter.vline(rect.center().x, rect.y_range(), stroke);
        painter.hline(rect.x_range(), rect.top(), stroke);
        painter.hline(rect.x_range(), rect.bottom(), stroke);
    }
    let beside = pos2(rect.left() - 4.0, rect.bottom() + 2.0);
    if let Some(label) = overlay.anchored(beside, Align2::RIGHT_BOTTOM, galley.size()) {
        shadowed(painter, label.min, &galley, theme::TEXT);
    }
}

/// Millimetres for a picture pixel, downwards.
fn mm_per_pixel(viewed: &Viewed<'_>) -> Option<f64> {
    match viewed.scene.as_ref().ok()? {
        Scene::Plane(scene) => Some(scene.plane.mm_per_pixel()),
        Scene::Frame(scene) => {
            let standing = viewed.standing.as_ref()?;
            let image = standing.image.instance.image.as_ref()?;
            let middle = viewed.image_size()? / 2.0;
            let step = Scale::of(image, standing.image.frame, &[middle]).mm_per_pixel()?;
            Some((scene.view.image_from_picture.matrix2.y_axis * step).length())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_left_out_and_nothing_overlaps() {
        for (width, height) in [(200.0, 150.0), (90.0, 40.0), (900.0, 700.0)] {
            let ctx = egui::Context::default();
            let area = Rect::from_min_size(Pos2::ZERO, Vec2::new(width, height));
            let mut taken = Vec::new();
            let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                let mut overlay = Overlay::new(area);
                let lines = |count: usize| {
                    let line =
                        |i| Line { text: format!("a line of words {i}"), colour: theme::TEXT, meaning: None };
                    (0..count).map(line).collect::<Vec<_>>()
                };
                let texts = Corners {
                    identity: Some("Yamada Tarou  12345678".into()),
                    placed: Some("Mirrored, turned".into()),
                    top_left: lines(3),
                    top_right: lines(4),
                    bottom_left: lines(5),
                    bottom_right: lines(6),
                };
                identity(ui.painter(), &mut overlay, &texts);
                corners(ui.painter(), &mut overlay, &texts);
                taken = overlay.rects().to_vec();
            });
            output.drop_without_applying_deltas();
            assert!(taken.len() >= 2, "who it is and how it lies are never left out");
            for (i, a) in taken.iter().enumerate() {
                assert!(i < 2 || area.contains_rect(*a), "{width}: {a}");
                assert!(taken[i + 1..].iter().all(|b| !a.shrink(1.0).intersects(*b)), "{width}: {a}");
            }
        }
    }
}
