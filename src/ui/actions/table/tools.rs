//! What the left mouse button does, and windows by their names.

use egui::{Key as K, Modifiers};

use super::ANY;
use crate::imaging::measure::Kind;
use crate::session::viewer::Tool;
use crate::ui::actions::keys::Key;
use crate::ui::actions::{Action, Group, Place, deeds, presets, when};
use crate::ui::icons;

const TOOL: Action = Action { group: Group::Tools, place: Place::Reading, enabled: when::reading, ..ANY };

pub(super) const TOOLS: &[Action] = &[
    Action {
        id: "window-tool",
        label: "shell-tool-window",
        icon: Some(icons::WINDOW),
        keys: &[Key::alone(K::W)],
        on: |state| when::has_tool(state, Tool::Window),
        run: |_| deeds::tool(Tool::Window),
        ..TOOL
    },
    Action {
        id: "scroll-tool",
        label: "shell-tool-scroll",
        icon: Some(icons::SCROLL),
        keys: &[Key::alone(K::S)],
        on: |state| when::has_tool(state, Tool::Scroll),
        run: |_| deeds::tool(Tool::Scroll),
        ..TOOL
    },
    Action {
        id: "pan-tool",
        label: "shell-tool-pan",
        icon: Some(icons::PAN),
        keys: &[Key::alone(K::P)],
        on: |state| when::has_tool(state, Tool::Pan),
        run: |_| deeds::tool(Tool::Pan),
        ..TOOL
    },
    Action {
        id: "zoom-tool",
        label: "shell-tool-zoom",
        icon: Some(icons::ZOOM),
        keys: &[Key::alone(K::Z)],
        on: |state| when::has_tool(state, Tool::Zoom),
        run: |_| deeds::tool(Tool::Zoom),
        ..TOOL
    },
    Action {
        id: "length-tool",
        label: "shell-tool-length",
        icon: Some(icons::LENGTH),
        keys: &[Key::alone(K::L)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Length)),
        run: |_| deeds::tool(Tool::Measure(Kind::Length)),
        ..TOOL
    },
    Action {
        id: "bidirectional-tool",
        label: "shell-tool-bidirectional",
        hint: Some("shell-tool-bidirectional-hint"),
        icon: Some(icons::BIDIRECTIONAL),
        keys: &[Key::alone(K::B)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Bidirectional)),
        run: |_| deeds::tool(Tool::Measure(Kind::Bidirectional)),
        ..TOOL
    },
    Action {
        id: "angle-tool",
        label: "shell-tool-angle",
        hint: Some("shell-tool-angle-hint"),
        icon: Some(icons::ANGLE),
        keys: &[Key::alone(K::A)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Angle)),
        run: |_| deeds::tool(Tool::Measure(Kind::Angle)),
        ..TOOL
    },
    Action {
        id: "ellipse-tool",
        label: "shell-tool-ellipse",
        icon: Some(icons::ELLIPSE),
        keys: &[Key::alone(K::E)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Ellipse)),
        run: |_| deeds::tool(Tool::Measure(Kind::Ellipse)),
        ..TOOL
    },
    Action {
        id: "rectangle-tool",
        label: "shell-tool-rectangle",
        icon: Some(icons::RECTANGLE),
        keys: &[Key::alone(K::R)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Rectangle)),
        run: |_| deeds::tool(Tool::Measure(Kind::Rectangle)),
        ..TOOL
    },
    Action {
        id: "polygon-tool",
        label: "shell-tool-polygon",
        hint: Some("shell-tool-polygon-hint"),
        icon: Some(icons::POLYGON),
        keys: &[Key::alone(K::G)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Polygon)),
        run: |_| deeds::tool(Tool::Measure(Kind::Polygon)),
        ..TOOL
    },
    Action {
        id: "point-tool",
        label: "shell-tool-point",
        hint: Some("shell-tool-point-hint"),
        icon: Some(icons::POINT),
        keys: &[Key::alone(K::V)],
        on: |state| when::has_tool(state, Tool::Measure(Kind::Point)),
        run: |_| deeds::tool(Tool::Measure(Kind::Point)),
        ..TOOL
    },
    Action {
        id: "arrow-tool",
        label: "shell-tool-arrow",
        icon: Some(icons::ARROW),
        keys: &[Key::alone(K::D)],
        on: |state| when::has_tool(state, Tool::Arrow),
        run: |_| deeds::tool(Tool::Arrow),
        ..TOOL
    },
    Action {
        id: "text-tool",
        label: "shell-tool-text",
        icon: Some(icons::TEXT),
        keys: &[Key::alone(K::T)],
        on: |state| when::has_tool(state, Tool::Text),
        run: |_| deeds::tool(Tool::Text),
        ..TOOL
    },
];

/// Centre and width in Hounsfield units; only for CT.
const PRESET: Action = Action { group: Group::Windows, place: Place::Reading, enabled: when::ct, ..ANY };

/// The windows that the image brings itself, by the names it gives them.
const OWN: Action = Action { label: "shell-preset-own-nth", ..PRESET };

pub(super) const WINDOWS: &[Action] = &[
    Action {
        id: "own-window",
        label: "shell-preset-own",
        named: Some(presets::name::<0>),
        keys: &[Key::alone(K::Num0)],
        enabled: when::showing,
        on: presets::is_on::<0>,
        run: |state| deeds::window(state, None),
        ..PRESET
    },
    Action {
        id: "own-window-2",
        args: &[("number", "2")],
        named: Some(presets::name::<1>),
        keys: &[Key::with(Modifiers::COMMAND, K::Num2)],
        enabled: presets::has::<1>,
        offered: presets::has::<1>,
        on: presets::is_on::<1>,
        run: deeds::preset::<1>,
        ..OWN
    },
    Action {
        id: "own-window-3",
        args: &[("number", "3")],
        named: Some(presets::name::<2>),
        keys: &[Key::with(Modifiers::COMMAND, K::Num3)],
        enabled: presets::has::<2>,
        offered: presets::has::<2>,
        on: presets::is_on::<2>,
        run: deeds::preset::<2>,
        ..OWN
    },
    Action {
        id: "own-window-4",
        args: &[("number", "4")],
        named: Some(presets::name::<3>),
        keys: &[Key::with(Modifiers::COMMAND, K::Num4)],
        enabled: presets::has::<3>,
        offered: presets::has::<3>,
        on: presets::is_on::<3>,
        run: deeds::preset::<3>,
        ..OWN
    },
    Action {
        id: "own-window-5",
        args: &[("number", "5")],
        named: Some(presets::name::<4>),
        keys: &[Key::with(Modifiers::COMMAND, K::Num5)],
        enabled: presets::has::<4>,
        offered: presets::has::<4>,
        on: presets::is_on::<4>,
        run: deeds::preset::<4>,
        ..OWN
    },
    Action {
        id: "next-own-window",
        label: "shell-preset-own-next",
        hint: Some("shell-preset-own-next-hint"),
        keys: &[Key::with(Modifiers::SHIFT, K::W)],
        enabled: presets::several,
        offered: presets::several,
        run: deeds::next_preset,
        ..OWN
    },
    Action {
        id: "brain-window",
        label: "shell-preset-brain",
        args: &[("centre", "40"), ("width", "80")],
        keys: &[Key::alone(K::Num1)],
        run: |state| deeds::window(state, Some([40.0, 80.0])),
        ..PRESET
    },
    Action {
        id: "subdural-window",
        label: "shell-preset-subdural",
        args: &[("centre", "75"), ("width", "215")],
        keys: &[Key::alone(K::Num2)],
        run: |state| deeds::window(state, Some([75.0, 215.0])),
        ..PRESET
    },
    Action {
        id: "stroke-window",
        label: "shell-preset-stroke",
        args: &[("centre", "35"), ("width", "40")],
        keys: &[Key::alone(K::Num3)],
        run: |state| deeds::window(state, Some([35.0, 40.0])),
        ..PRESET
    },
    Action {
        id: "bone-window",
        label: "shell-preset-bone",
        args: &[("centre", "500"), ("width", "2000")],
        keys: &[Key::alone(K::Num4)],
        run: |state| deeds::window(state, Some([500.0, 2000.0])),
        ..PRESET
    },
    Action {
        id: "lung-window",
        label: "shell-preset-lung",
        args: &[("centre", "-600"), ("width", "1500")],
        keys: &[Key::alone(K::Num5)],
        run: |state| deeds::window(state, Some([-600.0, 1500.0])),
        ..PRESET
    },
    Action {
        id: "mediastinum-window",
        label: "shell-preset-mediastinum",
        args: &[("centre", "50"), ("width", "350")],
        keys: &[Key::alone(K::Num6)],
        run: |state| deeds::window(state, Some([50.0, 350.0])),
        ..PRESET
    },
    Action {
        id: "abdomen-window",
        label: "shell-preset-abdomen",
        args: &[("centre", "50"), ("width", "400")],
        keys: &[Key::alone(K::Num7)],
        run: |state| deeds::window(state, Some([50.0, 400.0])),
        ..PRESET
    },
    Action {
        id: "liver-window",
        label: "shell-preset-liver",
        args: &[("centre", "70"), ("width", "150")],
        keys: &[Key::alone(K::Num8)],
        run: |state| deeds::window(state, Some([70.0, 150.0])),
        ..PRESET
    },
    Action {
        id: "angio-window",
        label: "shell-preset-angio",
        args: &[("centre", "300"), ("width", "600")],
        keys: &[Key::alone(K::Num9)],
        run: |state| deeds::window(state, Some([300.0, 600.0])),
        ..PRESET
    },
];
