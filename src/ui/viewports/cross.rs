//! Where the other planes of a volume cross the one that is shown.

use egui::{Color32, Painter, Pos2, Stroke, Vec2};
use glam::DVec3;

use super::viewed::Viewed;
use crate::imaging::{PlaneScene, Scene};
use crate::session::Command as Any;
use crate::session::viewer::{Command, Mpr};
use crate::ui::{Panel, theme};

/// Free room around the point where the planes meet, points.
const GAP: f32 = 18.0;
/// From the edge of the viewport: there stand the letters of the patient's sides, points.
const EDGE: f32 = 26.0;
/// So close to a line takes hold of it, points.
const NEAR: f32 = 6.0;

/// A crosshair line on screen: unit direction in the patient and on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    patient: DVec3,
    screen: Vec2,
    place: usize,
}

/// The colour of a plane: its name, its frame and its line in the other planes.
pub(super) fn colour(place: usize) -> Color32 {
    [theme::ACCENT, theme::GOOD, theme::WARN].get(place).copied().unwrap_or(theme::TEXT)
}

fn plane<'v>(viewed: &'v Viewed<'_>) -> Option<&'v PlaneScene> {
    match &viewed.scene {
        Ok(Scene::Plane(scene)) => Some(scene),
        _ => None,
    }
}

/// Where the planes meet, patient mm.
fn centre_mm(viewed: &Viewed<'_>, scene: &PlaneScene) -> DVec3 {
    let given = viewed.mpr().and_then(|mpr| mpr.crosshair_mm);
    given.unwrap_or_else(|| scene.volume.middle_voxel_mm())
}

fn centre(viewed: &Viewed<'_>) -> Option<Pos2> {
    let scene = plane(viewed)?;
    viewed.on_screen(scene.plane.point_on_picture(centre_mm(viewed, scene)))
}

/// The lines of the other two planes.
fn lines(viewed: &Viewed<'_>) -> Vec<Line> {
    let Some(scene) = plane(viewed) else { return Vec::new() };
    let shown = usize::from(viewed.id.place);
    let line = |place: usize| {
        let (right, down) = Mpr::PLANES.get(place)?.directions().ok()?;
        let patient = scene.plane.normal().cross(right.cross(down)).try_normalize()?;
        let along = |step: DVec3| patient.dot(step.normalize_or_zero()) as f32;
        let screen =
            Vec2::new(along(scene.plane.column_step_mm), along(scene.plane.row_step_mm)).normalized();
        Some(Line { patient, screen, place })
    };
    (0..Mpr::PLANES.len()).filter(|place| *place != shown).filter_map(line).collect()
}

/// What a press takes hold of: the centre (`Some(None)`) or one line.
pub(super) fn grabbed(viewed: &Viewed<'_>, at: Pos2) -> Option<Option<Line>> {
    let from = at - centre(viewed)?;
    if from.length() <= GAP {
        return Some(None);
    }
    lines(viewed).into_iter().find(|line| from.dot(line.screen.rot90()).abs() <= NEAR).map(Some)
}

/// Moves the point where the planes meet: a line across itself, the centre anywhere.
pub(super) fn drag(panel: &mut Panel<'_>, viewed: &Viewed<'_>, line: Option<Line>, at: Pos2) {
    let (Some(scene), Some(picture)) = (plane(viewed), viewed.picture(at)) else { return };
    let old_mm = centre_mm(viewed, scene);
    let mut way_mm = scene.plane.point_in_patient(picture) - old_mm;
    // The point stays in the plane that is shown.
    way_mm -= scene.plane.normal() * way_mm.dot(scene.plane.normal());
    if let Some(line) = line {
        way_mm -= line.patient * way_mm.dot(line.patient);
    }
    if way_mm.length() > 1e-6 {
        let point_mm = old_mm + way_mm;
        panel.send(Any::Viewer(Command::Crosshair { window: viewed.id.window, point_mm }));
    }
}

/// Draws it.
pub(super) fn paint(painter: &Painter, viewed: &Viewed<'_>) {
    let Some(centre) = centre(viewed) else { return };
    let inside = painter.clip_rect().intersect(viewed.rect.shrink(EDGE));
    let painter = painter.with_clip_rect(inside);
    let reach = viewed.rect.size().length() + (centre - viewed.rect.center()).length();
    for line in lines(viewed) {
        let stroke = Stroke::new(1.0, colour(line.place).gamma_multiply(0.85));
        for side in [1.0, -1.0] {
            let way = line.screen * side;
            painter.line_segment([centre + way * GAP, centre + way * reach], stroke);
        }
    }
}
