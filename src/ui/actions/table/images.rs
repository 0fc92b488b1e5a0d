//! How images lie, going through them, how viewports are laid out, and planes.

use egui::{Key as K, Modifiers};

use super::ANY;
use crate::imaging::{Magnification, Over, Placement};
use crate::session::viewer::Command as View;
use crate::ui::actions::keys::Key;
use crate::ui::actions::{Action, Group, Place, deeds, when};
use crate::ui::icons;

const IMAGE: Action = Action { group: Group::Image, place: Place::Reading, enabled: when::showing, ..ANY };
const THROUGH: Action = Action { group: Group::Images, ..IMAGE };
const LAYOUT: Action = Action {
    group: Group::Layout,
    place: Place::Reading,
    enabled: when::reading,
    label: "shell-do-layout",
    ..ANY
};
const PLANES: Action =
    Action { group: Group::Planes, place: Place::Reading, enabled: when::in_planes, ..ANY };

pub(super) const ALL: &[Action] = &[
    Action {
        id: "invert",
        label: "shell-do-invert",
        on: when::inverted,
        icon: Some(icons::INVERT),
        keys: &[Key::alone(K::I)],
        run: |state| deeds::here(state, View::Invert),
        ..IMAGE
    },
    Action {
        id: "fit",
        label: "shell-do-fit",
        icon: Some(icons::FIT),
        keys: &[Key::alone(K::F)],
        run: |state| deeds::magnify(state, Magnification::Fit(1.0)),
        ..IMAGE
    },
    Action {
        id: "native",
        label: "shell-do-native",
        hint: Some("shell-do-native-hint"),
        icon: Some(icons::NATIVE),
        keys: &[Key::alone(K::N)],
        run: |state| deeds::magnify(state, Magnification::Native(1.0)),
        ..IMAGE
    },
    Action {
        id: "turn-left",
        label: "shell-do-turn-left",
        icon: Some(icons::TURN_LEFT),
        keys: &[Key::alone(K::OpenBracket)],
        run: |state| deeds::place(state, |placement| placement.turned(-1)),
        ..IMAGE
    },
    Action {
        id: "turn-right",
        label: "shell-do-turn-right",
        icon: Some(icons::TURN_RIGHT),
        keys: &[Key::alone(K::CloseBracket)],
        run: |state| deeds::place(state, |placement| placement.turned(1)),
        ..IMAGE
    },
    Action {
        id: "mirror",
        label: "shell-do-mirror",
        icon: Some(icons::MIRROR),
        keys: &[Key::alone(K::H)],
        run: |state| deeds::place(state, Placement::mirrored_left_right),
        ..IMAGE
    },
    Action {
        id: "upend",
        label: "shell-do-upend",
        icon: Some(icons::UPEND),
        keys: &[Key::alone(K::J)],
        run: |state| deeds::place(state, Placement::mirrored_top_bottom),
        ..IMAGE
    },
    Action {
        id: "reset",
        label: "shell-do-reset",
        hint: Some("shell-do-reset-hint"),
        icon: Some(icons::RESET),
        keys: &[Key::with(Modifiers::SHIFT, K::R)],
        run: |state| deeds::here(state, View::Reset),
        ..IMAGE
    },
    Action {
        id: "annotations",
        label: "shell-do-annotations",
        enabled: when::reading,
        on: when::annotated,
        icon: Some(icons::ANNOTATIONS),
        keys: &[Key::alone(K::O)],
        run: deeds::annotate,
        ..IMAGE
    },
    Action {
        id: "overlays",
        label: "shell-do-overlays",
        hint: Some("shell-do-overlays-hint"),
        enabled: when::has_overlays,
        on: when::with_overlays,
        icon: Some(icons::OVERLAYS),
        keys: &[Key::with(Modifiers::SHIFT, K::O)],
        run: |state| deeds::over(state, |over| Over { overlays: !over.overlays, ..over }),
        ..IMAGE
    },
    Action {
        id: "shutter",
        label: "shell-do-shutter",
        hint: Some("shell-do-shutter-hint"),
        enabled: when::has_shutter,
        on: when::with_shutter,
        icon: Some(icons::SHUTTER),
        keys: &[Key::with(Modifiers::SHIFT, K::S)],
        run: |state| deeds::over(state, |over| Over { shutter: !over.shutter, ..over }),
        ..IMAGE
    },
    Action {
        id: "previous-image",
        label: "shell-do-previous-image",
        keys: &[Key::alone(K::ArrowUp)],
        run: |state| deeds::scroll(state, -1),
        ..THROUGH
    },
    Action {
        id: "next-image",
        label: "shell-do-next-image",
        keys: &[Key::alone(K::ArrowDown)],
        run: |state| deeds::scroll(state, 1),
        ..THROUGH
    },
    Action {
        id: "ten-back",
        label: "shell-do-page-back",
        keys: &[Key::alone(K::PageUp)],
        run: |state| deeds::scroll(state, -10),
        ..THROUGH
    },
    Action {
        id: "ten-on",
        label: "shell-do-page-on",
        keys: &[Key::alone(K::PageDown)],
        run: |state| deeds::scroll(state, 10),
        ..THROUGH
    },
    Action {
        id: "first-image",
        label: "shell-do-first-image",
        enabled: when::on_image,
        keys: &[Key::alone(K::Home)],
        run: |state| deeds::go_to(state, 0),
        ..THROUGH
    },
    Action {
        id: "last-image",
        label: "shell-do-last-image",
        enabled: when::on_image,
        keys: &[Key::alone(K::End)],
        run: |state| deeds::go_to(state, usize::MAX),
        ..THROUGH
    },
    Action {
        id: "previous-stack",
        label: "shell-do-previous-stack",
        enabled: when::reading,
        keys: &[Key::alone(K::ArrowLeft)],
        run: |state| deeds::next_stack(state, -1),
        ..THROUGH
    },
    Action {
        id: "next-stack",
        label: "shell-do-next-stack",
        enabled: when::reading,
        keys: &[Key::alone(K::ArrowRight)],
        run: |state| deeds::next_stack(state, 1),
        ..THROUGH
    },
    Action {
        id: "layout-1-1",
        args: &[("columns", "1"), ("rows", "1")],
        on: |state| when::has_layout(state, 1, 1),
        keys: &[Key::with(Modifiers::ALT, K::Num1)],
        run: |_| deeds::layout(1, 1),
        ..LAYOUT
    },
    Action {
        id: "layout-2-1",
        args: &[("columns", "2"), ("rows", "1")],
        on: |state| when::has_layout(state, 2, 1),
        keys: &[Key::with(Modifiers::ALT, K::Num2)],
        run: |_| deeds::layout(2, 1),
        ..LAYOUT
    },
    Action {
        id: "layout-3-1",
        args: &[("columns", "3"), ("rows", "1")],
        on: |state| when::has_layout(state, 3, 1),
        keys: &[Key::with(Modifiers::ALT, K::Num3)],
        run: |_| deeds::layout(3, 1),
        ..LAYOUT
    },
    Action {
        id: "layout-1-2",
        args: &[("columns", "1"), ("rows", "2")],
        on: |state| when::has_layout(state, 1, 2),
        run: |_| deeds::layout(1, 2),
        ..LAYOUT
    },
    Action {
        id: "layout-2-2",
        args: &[("columns", "2"), ("rows", "2")],
        on: |state| when::has_layout(state, 2, 2),
        keys: &[Key::with(Modifiers::ALT, K::Num4)],
        run: |_| deeds::layout(2, 2),
        ..LAYOUT
    },
    Action {
        id: "layout-3-2",
        args: &[("columns", "3"), ("rows", "2")],
        on: |state| when::has_layout(state, 3, 2),
        keys: &[Key::with(Modifiers::ALT, K::Num6)],
        run: |_| deeds::layout(3, 2),
        ..LAYOUT
    },
    Action {
        id: "layout-1-3",
        args: &[("columns", "1"), ("rows", "3")],
        on: |state| when::has_layout(state, 1, 3),
        run: |_| deeds::layout(1, 3),
        ..LAYOUT
    },
    Action {
        id: "layout-2-3",
        args: &[("columns", "2"), ("rows", "3")],
        on: |state| when::has_layout(state, 2, 3),
        run: |_| deeds::layout(2, 3),
        ..LAYOUT
    },
    Action {
        id: "layout-3-3",
        args: &[("columns", "3"), ("rows", "3")],
        on: |state| when::has_layout(state, 3, 3),
        keys: &[Key::with(Modifiers::ALT, K::Num9)],
        run: |_| deeds::layout(3, 3),
        ..LAYOUT
    },
    Action {
        id: "second-window",
        label: "shell-do-second-window",
        hint: Some("shell-do-second-window-hint"),
        enabled: when::more_windows,
        icon: Some(icons::MONITOR),
        keys: &[Key::with(Modifiers::COMMAND.plus(Modifiers::SHIFT), K::N).always()],
        run: |_| deeds::view(View::OpenWindow),
        ..LAYOUT
    },
    Action {
        id: "planes",
        label: "shell-do-planes",
        hint: Some("shell-do-planes-hint"),
        enabled: when::has_planes,
        on: when::in_planes,
        icon: Some(icons::PLANES),
        keys: &[Key::alone(K::M)],
        run: |state| deeds::here(state, View::Mpr),
        ..PLANES
    },
    Action {
        id: "thicker",
        label: "shell-do-thicker",
        keys: &[Key::alone(K::Plus), Key::alone(K::Equals)],
        run: |state| deeds::thicken(state, 1.0),
        ..PLANES
    },
    Action {
        id: "thinner",
        label: "shell-do-thinner",
        keys: &[Key::alone(K::Minus)],
        run: |state| deeds::thicken(state, -1.0),
        ..PLANES
    },
    Action {
        id: "slab-mode",
        label: "shell-do-slab-mode",
        hint: Some("shell-do-slab-mode-hint"),
        keys: &[Key::alone(K::X)],
        run: deeds::next_mode,
        ..PLANES
    },
];
