//! Colours, spacing and fonts: dark, calm, dense. Nothing on screen takes a colour from elsewhere.

use egui::style::{Selection, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals,
};

/// The grid of all spacing, points.
pub const GRID: f32 = 4.0;
/// Height of a row: a button, a field, a line of a list, points.
pub const ROW: f32 = 24.0;
/// Text that is read, points. Headings are larger, never bolder.
pub const TEXT_SIZE: f32 = 13.0;
/// Text that is looked up, points.
pub const SMALL_SIZE: f32 = 11.0;
/// Headings, points.
pub const HEADING_SIZE: f32 = 17.0;
/// Corners of what lies on a panel, points.
pub const RADIUS: u8 = 3;

/// Behind images: black, as film is.
pub const FILM: Color32 = Color32::BLACK;
/// Behind panels.
pub const PANEL: Color32 = Color32::from_rgb(22, 24, 27);
/// Behind what lies on a panel: fields, rows under the mouse.
pub const RAISED: Color32 = Color32::from_rgb(34, 37, 41);
/// Between panels.
pub const LINE: Color32 = Color32::from_rgb(52, 56, 62);
/// Text that is read.
pub const TEXT: Color32 = Color32::from_rgb(222, 225, 229);
/// Text that is looked up.
pub const QUIET: Color32 = Color32::from_rgb(150, 156, 164);
/// What is chosen or active.
pub const ACCENT: Color32 = Color32::from_rgb(92, 158, 214);
/// STAT, faults.
pub const ALARM: Color32 = Color32::from_rgb(240, 96, 84);
/// Warnings, badges.
pub const WARN: Color32 = Color32::from_rgb(232, 176, 72);
/// Done, confirmed.
pub const GOOD: Color32 = Color32::from_rgb(104, 190, 132);
/// Drawings on images.
pub const DRAWN: Color32 = Color32::from_rgb(255, 214, 92);

/// Behind a field one types into.
const FIELD: Color32 = Color32::from_rgb(14, 15, 17);
/// Under the mouse.
const HOVERED: Color32 = Color32::from_rgb(46, 50, 56);
/// Behind what is chosen.
const CHOSEN: Color32 = Color32::from_rgb(32, 62, 88);

/// Dresses a window.
pub fn install(ctx: &egui::Context) {
    ctx.set_theme(egui::Theme::Dark);
    ctx.all_styles_mut(|style| *style = dress());
}

/// The frame of a panel at the edge of a window.
pub fn panel() -> egui::Frame {
    egui::Frame::new().fill(PANEL).inner_margin(Margin::symmetric(GRID as i8 * 2, GRID as i8))
}

/// The frame of what lies over a screen.
pub fn sheet() -> egui::Frame {
    let frame = egui::Frame::new().fill(PANEL).stroke(Stroke::new(1.0, LINE));
    frame.corner_radius(CornerRadius::same(RADIUS)).inner_margin(Margin::same(GRID as i8 * 4))
}

fn dress() -> Style {
    let mut style = Style { visuals: visuals(), ..Style::default() };
    let text = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, text(SMALL_SIZE)),
        (TextStyle::Body, text(TEXT_SIZE)),
        (TextStyle::Button, text(TEXT_SIZE)),
        (TextStyle::Heading, text(HEADING_SIZE)),
        (TextStyle::Monospace, FontId::new(TEXT_SIZE, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(GRID * 2.0, GRID);
    spacing.button_padding = Vec2::new(GRID * 2.0, 2.0);
    spacing.interact_size = Vec2::new(ROW, ROW);
    spacing.window_margin = Margin::same(GRID as i8 * 4);
    spacing.menu_margin = Margin::same(GRID as i8);
    spacing.indent = GRID * 4.0;
    spacing.icon_width = GRID * 4.0;
    spacing.text_edit_width = GRID * 60.0;
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.0;
    style
}

fn visuals() -> Visuals {
    Visuals {
        widgets: widgets(),
        selection: Selection { bg_fill: CHOSEN, stroke: Stroke::new(1.0, TEXT) },
        hyperlink_color: ACCENT,
        faint_bg_color: RAISED,
        extreme_bg_color: FIELD,
        text_edit_bg_color: Some(FIELD),
        code_bg_color: FIELD,
        warn_fg_color: WARN,
        error_fg_color: ALARM,
        window_corner_radius: CornerRadius::same(RADIUS),
        menu_corner_radius: CornerRadius::same(RADIUS),
        window_shadow: Shadow::NONE,
        popup_shadow: Shadow::NONE,
        window_fill: PANEL,
        window_stroke: Stroke::new(1.0, LINE),
        panel_fill: PANEL,
        weak_text_color: Some(QUIET),
        ..Visuals::dark()
    }
}

fn widgets() -> Widgets {
    let state = |fill: Color32, edge: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: CornerRadius::same(RADIUS),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let thin = |colour| Stroke::new(1.0, colour);
    Widgets {
        noninteractive: state(PANEL, thin(LINE), TEXT),
        inactive: state(RAISED, thin(LINE), TEXT),
        hovered: state(HOVERED, thin(QUIET), TEXT),
        // What the mouse presses, and what has the focus of the keyboard: the ring must be seen.
        active: state(HOVERED, Stroke::new(1.5, ACCENT), TEXT),
        open: state(RAISED, thin(QUIET), TEXT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.2.
    fn luminance(colour: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn every_text_stands_out_from_all_that_it_may_lie_on() {
        for text in [TEXT, QUIET, ACCENT, ALARM, WARN, GOOD] {
            for ground in [FILM, PANEL, RAISED, FIELD] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
            }
        }
        assert!(contrast(TEXT, CHOSEN) >= 4.5 && contrast(TEXT, HOVERED) >= 4.5);
        assert!(contrast(ACCENT, HOVERED) >= 3.0, "the ring of the focus");
    }
}
