//! The row of tools above the images. Every sign says its name and its key under the mouse and to a screen reader.

use egui::{Button, Role, Separator, Ui, Vec2, WidgetInfo};

use super::actions::{self, Action, Group};
use super::{Panel, icons, menu};

/// Side of a button, points.
const SIDE: f32 = 28.0;

/// What stands in it, group by group.
const ROW: &[&[&str]] = &[
    &["show-list", "next-case"],
    &["window-tool", "scroll-tool", "pan-tool", "zoom-tool"],
    &[
        "length-tool",
        "bidirectional-tool",
        "angle-tool",
        "ellipse-tool",
        "rectangle-tool",
        "polygon-tool",
        "point-tool",
        "arrow-tool",
        "text-tool",
    ],
    &["invert", "fit", "native", "turn-left", "turn-right", "mirror", "upend", "reset"],
    &["annotations", "overlays", "shutter"],
    &["planes", "second-window"],
    &["undo", "redo", "delete"],
    &["cite", "key-image", "sign"],
    &["all-commands", "help", "settings"],
];

/// Between two buttons, points.
const GAP: f32 = 2.0;
/// Width of the line between two groups with its gaps, points.
const LINE: f32 = 5.0 + GAP;
/// After this group stand the lists of windows and layouts.
const LISTS_AFTER: usize = 4;

/// One thing in the row.
#[derive(Clone, Copy)]
enum Piece {
    Line,
    Button(&'static Action),
    List(&'static str, Group),
}

impl Piece {
    fn width(self) -> f32 {
        match self {
            Self::Line => LINE,
            Self::Button(_) | Self::List(..) => SIDE + GAP,
        }
    }
}

/// Draws it, in one row: what has no room stands in a menu at its end.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let pieces = pieces();
    let (shown, rest) = pieces.split_at(fitting(&pieces, ui.available_width()));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        ui.spacing_mut().button_padding.x = GAP;
        for piece in shown {
            match piece {
                Piece::Line => drop(ui.add(Separator::default().spacing(LINE - GAP))),
                Piece::Button(action) => button(ui, panel, action),
                Piece::List(sign, group) => drop_down(ui, panel, sign, *group),
            }
        }
        if !rest.is_empty() {
            more(ui, panel, rest);
        }
    });
}

fn pieces() -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (place, group) in ROW.iter().enumerate() {
        pieces.extend((place > 0).then_some(Piece::Line));
        pieces.extend(group.iter().filter_map(|id| actions::get(id)).map(Piece::Button));
        if place == LISTS_AFTER {
            let lists = [(icons::PRESETS, Group::Windows), (icons::LAYOUT, Group::Layout)];
            pieces.extend(lists.map(|(sign, group)| Piece::List(sign, group)));
        }
    }
    pieces
}

/// How many pieces have room in `width` points, with the menu of the rest where there is a rest.
fn fitting(pieces: &[Piece], width: f32) -> usize {
    let whole: f32 = pieces.iter().map(|piece| piece.width()).sum();
    if whole <= width {
        return pieces.len();
    }
    let ends = pieces.iter().scan(SIDE + GAP, |end, piece| {
        *end += piece.width();
        Some(*end)
    });
    ends.take_while(|end| *end <= width).count()
}

/// What has no room, by name.
fn more(ui: &mut Ui, panel: &mut Panel<'_>, rest: &[Piece]) {
    let label = panel.word("shell-more");
    let opened = ui.menu_button(icons::icon(icons::MORE), |ui| {
        for piece in rest {
            match piece {
                Piece::Line => drop(ui.separator()),
                Piece::Button(action) => {
                    menu::item(ui, panel, action);
                }
                Piece::List(_, group) => {
                    ui.menu_button(panel.word(group.label()), |ui| {
                        for action in actions::of(*group).filter(|action| (action.offered)(panel.state)) {
                            menu::item(ui, panel, action);
                        }
                    });
                }
            }
        }
    });
    let response = opened.response.on_hover_text(&label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
}

/// One action as a sign.
fn button(ui: &mut Ui, panel: &mut Panel<'_>, action: &Action) {
    let Some(sign) = action.icon else { return };
    let (label, tip) = (action.label(panel.language()), action.tooltip(panel.language()));
    let (enabled, on) = ((action.enabled)(panel.state), (action.on)(panel.state));
    let button = Button::selectable(on, icons::icon(sign)).min_size(Vec2::splat(SIDE));
    let response = ui.add_enabled(enabled, button).on_hover_text(&tip).on_disabled_hover_text(&tip);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, &label));
    if response.clicked() {
        panel.perform(action);
    }
}

/// The actions of a group under one sign.
fn drop_down(ui: &mut Ui, panel: &mut Panel<'_>, sign: &str, group: Group) {
    let label = panel.word(group.label());
    let opened = ui.menu_button(icons::icon(sign), |ui| {
        for action in actions::of(group).filter(|action| (action.offered)(panel.state)) {
            menu::item(ui, panel, action);
        }
    });
    let response = opened.response.on_hover_text(&label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fits_on_a_small_screen_and_what_does_not_goes_into_the_menu() {
        let pieces = pieces();
        assert_eq!(fitting(&pieces, 1280.0 - 16.0), pieces.len());
        for width in [1000.0, 640.0, 100.0] {
            let shown = fitting(&pieces, width);
            let taken: f32 = pieces[..shown].iter().map(|piece| piece.width()).sum();
            assert!(shown < pieces.len() && taken + SIDE <= width, "{width}");
        }
        assert_eq!(fitting(&pieces, 10.0), 0);
    }

    #[test]
    fn every_button_has_an_action_with_a_sign() {
        for id in ROW.iter().copied().flatten() {
            assert!(actions::get(id).is_some_and(|action| action.icon.is_some()), "{id}");
        }
    }
}
