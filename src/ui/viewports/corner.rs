//! What the corner text says.

use egui::{Color32, Pos2};

use super::scene::{Standing, plane_value};
use super::viewed::Viewed;
use super::words::{age_and_sex, identity, number, plane_name, three_digits, title, ucum};
use super::{badges, cross};
use crate::imaging::{Frame, Placement, Scene, VoiCurve};
use crate::session::viewer::Mpr;
use crate::text::{Message, format};
use crate::ui::{Panel, theme};

/// A line of corner text.
pub(super) struct Line {
    /// What it says.
    pub(super) text: String,
    /// Its colour.
    pub(super) colour: Color32,
    /// What it means for reading, on hover.
    pub(super) meaning: Option<String>,
}

impl Line {
    pub(super) fn plain(text: String) -> Self {
        Self { text, colour: theme::TEXT, meaning: None }
    }

    pub(super) fn warning(text: String) -> Self {
        Self { text, colour: theme::WARN, meaning: None }
    }
}

/// The four corners, the most important line of each first: that is the outermost one.
#[derive(Default)]
pub(super) struct Corners {
    /// Name and ID: always there where a patient is known.
    pub(super) identity: Option<String>,
    /// That the reader mirrored or turned it: always there where that is so.
    pub(super) placed: Option<String>,
    /// Below it.
    pub(super) top_left: Vec<Line>,
    /// Series and study.
    pub(super) top_right: Vec<Line>,
    /// Image, window, zoom.
    pub(super) bottom_left: Vec<Line>,
    /// Badges.
    pub(super) bottom_right: Vec<Line>,
}

/// What the corners of a viewport say. Without annotations only who it is and what could mislead.
pub(super) fn corners(panel: &Panel<'_>, viewed: &Viewed<'_>, mouse: Option<Pos2>) -> Corners {
    let shows = viewed.standing.is_some() || viewed.mpr().is_some();
    let mut corners = Corners::default();
    if !shows {
        return corners;
    }
    let language = panel.language();
    let entry = viewed.standing.map(|standing| standing.study).or_else(|| viewed.case.entry());
    let patient = entry.map(|entry| &entry.patient).or_else(|| viewed.case.patient());
    corners.identity = patient.map(|patient| identity(language, patient));
    corners.placed = viewed.placement().and_then(|placement| placed(panel, &placement));
    corners.bottom_right = badges::of(panel, viewed);
    if let (Some(standing), Some(_)) = (&viewed.standing, viewed.document()) {
        // The page has the rest of the room.
        corners.bottom_left = vec![Line::plain(counted(panel, false, standing))];
        return corners;
    }
    if !viewed.case.viewer.annotations {
        return corners;
    }
    if let (Some(patient), Some(entry)) = (patient, entry) {
        let date = &entry.study.date;
        let texts = [age_and_sex(language, patient, date), format::date(language, date)];
        corners.top_left = texts.into_iter().filter(|text| !text.is_empty()).map(Line::plain).collect();
    }
    corners.top_right = origin(panel, viewed);
    corners.bottom_left = image(panel, viewed, mouse);
    corners
}

/// How the reader mirrored and turned what is shown; `None` where it lies as the image itself does.
fn placed(panel: &Panel<'_>, placement: &Placement) -> Option<String> {
    let id = match (placement.mirrored, placement.quarter_turns % 4) {
        (false, 0) => return None,
        (false, 1) => "viewer-turned-right",
        (false, 2) => "viewer-turned-over",
        (false, _) => "viewer-turned-left",
        (true, 0) => "viewer-mirrored",
        (true, 1) => "viewer-mirrored-right",
        (true, 2) => "viewer-mirrored-over",
        (true, _) => "viewer-mirrored-left",
    };
    Some(panel.word(id))
}

/// Series and study, from the series that is shown.
fn origin(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Vec<Line> {
    let of_mpr = viewed.mpr().and_then(|mpr| {
        let series = viewed.case.catalogue.iter().flat_map(|study| &study.series);
        series.into_iter().find(|entry| entry.series.uid == mpr.series)
    });
    let Some(series) = viewed.standing.map(|standing| standing.series).or(of_mpr) else { return Vec::new() };
    let name = &series.series;
    let numbered = match name.number {
        Some(number) => panel
            .say(&Message::new("viewer-series-of").with("modality", &name.modality).with("number", number)),
        None => name.modality.clone(),
    };
    let titled = viewed.standing.map_or_else(|| name.description.clone(), |standing| title(&standing));
    let study = viewed.standing.map(|standing| standing.study.study.description.clone());
    let mut texts = vec![titled, numbered];
    texts.extend(viewed.standing.as_ref().map(view_and_side));
    texts.extend(study);
    texts.extend(overlays(panel, viewed));
    texts.dedup();
    texts.into_iter().filter(|text| !text.is_empty()).map(Line::plain).collect()
}

/// What the drawn overlays are called, each once; nothing of one without a name.
fn overlays(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Vec<String> {
    let Ok(Scene::Frame(scene)) = &viewed.scene else { return Vec::new() };
    let mut names: Vec<&str> = scene.frame.overlay_labels().map(str::trim).collect();
    names.retain(|name| scene.over.overlays && !name.is_empty());
    names.dedup();
    let say = |name| panel.say(&Message::new("viewer-overlay").with("name", name));
    names.into_iter().map(say).collect()
}

/// View Position, Laterality and the name of the frame as the modality wrote them, as in `MLO  L` or `Anterior`; empty
/// where it did not.
fn view_and_side(standing: &Standing<'_>) -> String {
    let image = standing.image.instance.image.as_ref();
    let frame = image.and_then(|image| image.frame(standing.image.frame)).map_or("", |frame| &frame.name);
    let parts = image.map(|image| [image.view_position.trim(), image.laterality.trim(), frame]);
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("  ")
}

fn image(panel: &Panel<'_>, viewed: &Viewed<'_>, mouse: Option<Pos2>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(standing) = &viewed.standing {
        lines.push(Line::plain(counted(panel, viewed.case.arrived.is_pending(), standing)));
    }
    if viewed.mpr().is_some()
        && let Some(plane) = Mpr::PLANES.get(usize::from(viewed.id.place))
    {
        let text = panel.word(plane_name(*plane));
        let colour = cross::colour(usize::from(viewed.id.place));
        lines.push(Line { text, colour, meaning: None });
    }
    lines.extend(window(panel, viewed).map(Line::plain));
    lines.extend(zoom(panel, viewed).map(Line::plain));
    lines.extend(depth(panel, viewed).map(Line::plain));
    lines.extend(mouse.and_then(|mouse| value(panel, viewed, mouse)).map(Line::plain));
    lines
}

/// `Image 45 / 300`, with the number that other systems use where that is another one. While images are `coming`
/// the stack's number is not known: that of the images that are here is said as such.
pub(super) fn counted(panel: &Panel<'_>, coming: bool, standing: &Standing<'_>) -> String {
    let (at, count, number) = (standing.position + 1, standing.stack.images.len(), standing.number());
    if standing.stack.document().is_some() {
        let id = if standing.stack.has_pixels() { "document-page" } else { "document-line" };
        return panel.say(&Message::new(id).with("at", at).with("count", count));
    }
    let own = number != at as i64;
    let id = match (coming, own) {
        (true, false) => "viewer-image-so-far",
        (true, true) => "viewer-image-numbered-so-far",
        (false, false) => "viewer-image",
        (false, true) => "viewer-image-numbered",
    };
    let message = Message::new(id).with("at", at).with("count", count);
    panel.say(&if own { message.with("number", number) } else { message })
}

/// Centre and width with their unit, or the table that is used.
pub(super) fn window(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Option<String> {
    let [center, width] = viewed.grey_window()?;
    let (grey, presets) = match viewed.scene.as_ref().ok()? {
        Scene::Frame(scene) => (&scene.grey, scene.frame.presets()),
        Scene::Plane(scene) => (&scene.grey, scene.volume.presets()),
    };
    // The image's own, as long as the reader has not changed it.
    let name = presets.iter().find(|preset| preset.voi == grey.voi).map(|preset| preset.name.trim());
    let name = name.filter(|_| viewed.look().is_some_and(|look| look.window.is_none()));
    if let VoiCurve::Table(_) = &grey.voi {
        let table = Message::new("viewer-window-table").with("name", name.unwrap_or_default());
        return Some(panel.say(&table).trim_end().to_owned());
    }
    let decimals = if width < 10.0 { 2 } else { 0 };
    let message = Message::new("viewer-window")
        .with("center", number(center, decimals))
        .with("width", number(width, decimals));
    let text = panel.say(&message);
    let unit = viewed.unit();
    let text = if unit.is_empty() { text } else { format!("{text} {unit}") };
    let name = name.filter(|name| !name.is_empty());
    Some(name.map_or_else(|| text.clone(), |name| format!("{text}  {name}")))
}

/// Screen pixels for an image pixel or the smallest voxel, in percent.
pub(super) fn zoom(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Option<String> {
    let pixels = match viewed.scene.as_ref().ok()? {
        Scene::Frame(scene) => 1.0 / scene.view.image_from_picture.matrix2.x_axis.length(),
        Scene::Plane(scene) => scene.volume.spacing_mm().min_element() / scene.plane.mm_per_pixel(),
    };
    Some(panel.say(&Message::new("viewer-zoom").with("percent", number(pixels * 100.0, 0))))
}

/// Where the image lies along its normal, and how thick it is.
fn depth(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Option<String> {
    match viewed.scene.as_ref().ok()? {
        Scene::Plane(scene) => {
            let at = scene.plane.origin_mm.dot(scene.plane.normal());
            Some(panel.say(&Message::new("viewer-position").with("mm", number(at, 1))))
        }
        Scene::Frame(scene) => {
            let attributes = scene.frame.attributes();
            let at = attributes.plane.as_ref().map(|plane| {
                number(plane.origin_mm.dot(plane.row_direction.cross(plane.column_direction)), 1)
            });
            let thick = attributes.thickness_mm.filter(|mm| *mm > 0.0).map(|mm| number(mm, 2));
            let message = match (at, thick) {
                (Some(at), Some(thick)) => {
                    Message::new("viewer-position-thickness").with("mm", at).with("thickness", thick)
                }
                (Some(at), None) => Message::new("viewer-position").with("mm", at),
                (None, Some(thick)) => Message::new("viewer-thickness").with("thickness", thick),
                (None, None) => return None,
            };
            Some(panel.say(&message))
        }
    }
}

/// The value under the mouse.
fn value(panel: &Panel<'_>, viewed: &Viewed<'_>, mouse: Pos2) -> Option<String> {
    let unit = viewed.unit();
    let (value, real) = match viewed.scene.as_ref().ok()? {
        Scene::Frame(scene) => {
            let at = viewed.in_image(mouse)?.floor();
            if at.min_element() < 0.0 {
                return None;
            }
            let (column, row) = (at.x as u32, at.y as u32);
            let own = scene.frame.modality_value(column, row);
            let own = own.filter(|_| !scene.frame.is_padding(column, row))?;
            (own, real_world(&scene.frame, column, row))
        }
        Scene::Plane(scene) => {
            let at = viewed.picture(mouse)?.round();
            if at.min_element() < 0.0 {
                return None;
            }
            (plane_value(scene, at.x as u32, at.y as u32)?, String::new())
        }
    };
    // Doses and maps of fractions: one decimal would say nothing.
    let decimals = if viewed.grey_window().is_some_and(|[_, width]| width < 10.0) { 3 } else { 1 };
    let text = number(value, if value.fract() == 0.0 { 0 } else { decimals });
    let text = if unit.is_empty() { text } else { format!("{text} {unit}") };
    Some(format!("{}{real}", panel.say(&Message::new("viewer-value").with("value", text))))
}

/// What the image's own maps make of a pixel, each by its name.
fn real_world(frame: &Frame, column: u32, row: u32) -> String {
    let maps = frame.attributes().real_world.iter().enumerate();
    let said = maps.filter_map(|(n, map)| {
        let value = three_digits(frame.real_world_value(n, column, row)?);
        Some(format!("  {} {value} {}", map.name(), ucum(&map.unit)).trim_end().to_owned())
    });
    said.collect()
}
