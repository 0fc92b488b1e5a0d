//! The badges in the corner of a viewport: what could mislead, the worst first.

use super::corner::Line;
use super::scene::standing;
use super::viewed::Viewed;
use super::words::number;
use crate::imaging::badge::{self, Badge, Weight};
use crate::imaging::{Scene, SlabMode};
use crate::session::Remote;
use crate::session::viewer::Mpr;
use crate::text::{self, Message};
use crate::ui::{Panel, theme};

/// The badges of what a viewport shows.
pub(super) fn of(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(arrival(panel, viewed));
    if let Some(mpr) = viewed.mpr() {
        lines.extend(slab(panel, mpr));
    }
    lines.extend(uncovered(panel, viewed));
    lines.extend(panel.canvas.is_twin().then(|| Line::plain(panel.word("viewer-twin"))));
    // Planes are made of the images of a stack: what holds for its first one holds for them.
    let behind = viewed.mpr().and_then(|mpr| standing(viewed.case, &mpr.series, &mpr.volume.first));
    let Some(standing) = viewed.standing.or(behind) else { return lines };
    // Gaps in what is still coming say nothing yet.
    let coming = viewed.case.arrived.is_pending();
    let of_image = badge::badges(standing.study, standing.series, standing.stack, standing.image);
    let of_image = of_image.into_iter().filter(|one| !(coming && matches!(one, Badge::Incomplete { .. })));
    lines.extend(of_image.map(|badge| Line {
        text: panel.say(&text::badge::label(&badge)),
        colour: match badge.weight() {
            Weight::Alarm => theme::ALARM,
            Weight::Caution => theme::WARN,
            Weight::Note => theme::TEXT,
        },
        meaning: Some(panel.say(&text::badge::meaning(&badge))),
    }));
    if viewed.case.draft.key_images.iter().any(|key| Some(&key.frame) == viewed.frame()) {
        let (text, colour) = (panel.word("viewer-key-image"), theme::ACCENT);
        lines.push(Line { text, colour, meaning: None });
    }
    lines
}

/// What belongs to the picture and the reader has switched off.
fn uncovered(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Vec<Line> {
    let Ok(Scene::Frame(scene)) = &viewed.scene else { return Vec::new() };
    let mut lines = Vec::new();
    let mut tell = |label, meaning| {
        let meaning = Some(panel.word(meaning));
        lines.push(Line { text: panel.word(label), colour: theme::WARN, meaning });
    };
    if scene.frame.has_shutter() && !scene.over.shutter {
        tell("viewer-shutter-off", "viewer-shutter-off-means");
    }
    if scene.frame.overlay_labels().next().is_some() && !scene.over.overlays {
        tell("viewer-overlays-off", "viewer-overlays-off-means");
    }
    if scene.frame.is_profile_broken() {
        tell("viewer-profile-broken", "viewer-profile-broken-means");
    }
    lines
}

/// Whether all of the study is here.
fn arrival(panel: &Panel<'_>, viewed: &Viewed<'_>) -> Option<Line> {
    let counted = |id, expected: u32, received: u32| {
        panel.say(&Message::new(id).with("received", received).with("expected", expected))
    };
    let progress = viewed.case.progress;
    match &viewed.case.arrived {
        Remote::Ready(fetched) if fetched.is_complete() => None,
        Remote::Ready(fetched) => {
            let text = counted("viewer-incomplete", fetched.expected, fetched.received);
            Some(Line { text, colour: theme::ALARM, meaning: None })
        }
        Remote::Failed { problem, .. } => {
            Some(Line { text: panel.explain(problem), colour: theme::ALARM, meaning: None })
        }
        Remote::NotAsked => None,
        Remote::Pending { .. } => match progress.expected {
            Some(expected) if progress.received >= expected => None,
            Some(expected) => Some(Line::warning(counted("viewer-arriving", expected, progress.received))),
            None => Some(Line::warning(
                panel.say(&Message::new("viewer-arriving-some").with("received", progress.received)),
            )),
        },
    }
}

fn slab(panel: &Panel<'_>, mpr: &Mpr) -> Option<Line> {
    if mpr.thickness_mm <= 0.0 {
        return None;
    }
    let id = match mpr.mode {
        SlabMode::Mip => "viewer-slab-mip",
        SlabMode::MinIp => "viewer-slab-minip",
        SlabMode::Mean => "viewer-slab-mean",
    };
    Some(Line::plain(panel.say(&Message::new(id).with("mm", number(mpr.thickness_mm, 1)))))
}
