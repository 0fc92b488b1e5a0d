//! What the mouse does.

use dokuei::imaging::measure::{Kind, Shape};
use dokuei::imaging::{FrameView, PictureSize, Placement};
use dokuei::session::Command;
use dokuei::session::drawings::{Command as Draw, Figure};
use dokuei::session::settings::Language;
use dokuei::session::viewer::{Command as View, Layout, Tool, ViewportId};
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use glam::DVec2;

use super::made::{Stage, key, uid, window};

const FIRST: ViewportId = ViewportId { window: 0, place: 0 };

fn english(size: Vec2, pixels_per_point: f32) -> Harness<'static, Stage> {
    window(Stage::new(Language::English), size, pixels_per_point)
}

fn area(harness: &Harness<'_, Stage>) -> egui::Rect {
    harness.get_by_label_contains("Viewport 1").rect()
}

fn views(harness: &Harness<'_, Stage>) -> Vec<View> {
    let views = harness.state().sent.iter().filter_map(|command| match command {
        Command::Viewer(command) => Some(command.clone()),
        _ => None,
    });
    views.collect()
}

fn button(harness: &mut Harness<'_, Stage>, at: Pos2, button: PointerButton, pressed: bool) {
    harness.event(Event::PointerMoved(at));
    harness.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
    harness.run_steps(1);
}

fn drag(harness: &mut Harness<'_, Stage>, from: Pos2, to: Pos2, with: PointerButton) {
    harness.event(Event::PointerMoved(from));
    harness.run_steps(1);
    button(harness, from, with, true);
    for share in [0.5, 1.0] {
        harness.event(Event::PointerMoved(from.lerp(to, share)));
        harness.run_steps(1);
    }
    button(harness, to, with, false);
}

fn wheel(harness: &mut Harness<'_, Stage>, lines: f32, modifiers: Modifiers) {
    harness.event_modifiers(
        Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, lines),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers,
        },
        modifiers,
    );
    harness.run_steps(1);
}

#[test]
fn a_notch_is_one_image_and_shows_in_the_same_frame() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    let middle = area(&harness).center();
    harness.event(Event::PointerMoved(middle));
    harness.run_steps(1);
    let before = harness.state().state.case.as_ref().unwrap().viewer.viewport(FIRST).unwrap().shown.clone();
    let before = before.unwrap().position;
    wheel(&mut harness, -1.0, Modifiers::NONE);
    assert_eq!(views(&harness), [View::Scroll { viewport: FIRST, by: 1 }]);
    let shown = harness.state().state.case.as_ref().unwrap().viewer.viewport(FIRST).unwrap().shown.clone();
    assert_eq!(shown.unwrap().position, before + 1);
    for _ in 0..3 {
        wheel(&mut harness, 0.25, Modifiers::NONE);
    }
    assert_eq!(views(&harness).len(), 1, "less than a notch waits");
    wheel(&mut harness, 0.25, Modifiers::NONE);
    assert_eq!(views(&harness)[1], View::Scroll { viewport: FIRST, by: -1 });
}

#[test]
fn the_wheel_with_ctrl_enlarges_about_the_mouse() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    let at = area(&harness).center() + vec2(60.0, 30.0);
    harness.event(Event::PointerMoved(at));
    harness.run_steps(1);
    wheel(&mut harness, 1.0, Modifiers::CTRL);
    let placed = views(&harness);
    assert!(
        matches!(&placed[..], [View::Place { placement, .. }] if *placement != Placement::default()),
        "{placed:?}"
    );
}

#[test]
fn the_left_button_windows_the_middle_one_pans_and_the_right_one_zooms() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    let middle = area(&harness).center();
    let to = middle + vec2(80.0, 0.0);
    drag(&mut harness, middle, to, PointerButton::Primary);
    let last = views(&harness).pop();
    assert_eq!(last, Some(View::Window { viewport: FIRST, window: Some([40.0, 500.0]) }));
    for with in [PointerButton::Middle, PointerButton::Secondary] {
        harness.state_mut().sent.clear();
        let before = harness.state().state.case.as_ref().unwrap().viewer.look(FIRST).unwrap().placement;
        drag(&mut harness, middle, middle + vec2(40.0, -40.0), with);
        let after = harness.state().state.case.as_ref().unwrap().viewer.look(FIRST).unwrap().placement;
        assert!(views(&harness).iter().all(|command| matches!(command, View::Place { .. })), "{with:?}");
        assert_eq!(before.magnification == after.magnification, with == PointerButton::Middle);
        assert_ne!(before, after, "{with:?}");
    }
}

#[test]
fn a_drag_stays_with_its_viewport_when_the_pointer_leaves_it() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    harness.state_mut().command(Command::Viewer(View::Layout(Layout { columns: 2, rows: 1 })));
    harness.run_steps(2);
    harness.state_mut().sent.clear();
    let from = area(&harness).center();
    drag(&mut harness, from, from + vec2(400.0, 0.0), PointerButton::Primary);
    let windows = views(&harness);
    assert!(windows.len() > 1, "{windows:?}");
    let of_first = |command: &View| matches!(command, View::Window { viewport, .. } if *viewport == FIRST);
    assert!(windows.iter().all(of_first), "{windows:?}");
}

#[test]
fn a_length_lands_on_the_image_where_it_was_drawn_at_any_scale() {
    for pixels_per_point in [1.0, 2.0] {
        let mut harness = english(vec2(720.0, 500.0), pixels_per_point);
        harness.state_mut().command(Command::Viewer(View::Tool(Tool::Measure(Kind::Length))));
        harness.run_steps(2);
        let rect = area(&harness);
        let (from, to) = (rect.center() - vec2(50.0, 20.0), rect.center() + vec2(70.0, 44.0));
        drag(&mut harness, from, to, PointerButton::Primary);
        let added = harness.state().sent.iter().find_map(|command| match command {
            Command::Drawings(Draw::Add { on, series, figure, .. }) => Some((on, series, figure)),
            _ => None,
        });
        let (on, series, figure) = added.unwrap();
        let shown =
            harness.state().state.case.as_ref().unwrap().viewer.viewport(FIRST).unwrap().shown.clone();
        assert_eq!((on, series), (&shown.unwrap().frame, &uid("1.2.3")));
        let Figure::Shape(Shape::Length(line)) = figure else { panic!("{figure:?}") };
        // From the definition: a pixel of the picture is 1/scale points, the frame fills it as far as it fits.
        let inner = rect.shrink(1.0).size() * pixels_per_point;
        let size = PictureSize::new(inner.x as u32, inner.y as u32).unwrap();
        let frame = harness.state().stores.frames.get(&key(0)).unwrap();
        let view = FrameView::placed(&frame, size, &Placement::default());
        for (end, at) in line.iter().zip([from, to]) {
            let pixels = (at - rect.shrink(1.0).min) * pixels_per_point;
            let picture = DVec2::new(f64::from(pixels.x), f64::from(pixels.y)) - DVec2::splat(0.5);
            let expected = view.point_in_image(picture);
            assert!(end.distance(expected) < 0.05, "{end} is not {expected} at scale {pixels_per_point}");
        }
    }
}

#[test]
fn the_right_button_without_a_drag_opens_the_menu() {
    let mut harness = english(vec2(720.0, 700.0), 1.0);
    let middle = area(&harness).center();
    button(&mut harness, middle, PointerButton::Secondary, true);
    button(&mut harness, middle, PointerButton::Secondary, false);
    harness.run_steps(3);
    harness.get_by_label("Lung -600 / 1500").click();
    harness.run_steps(3);
    let window = Some([-600.0, 1500.0]);
    assert!(views(&harness).contains(&View::Window { viewport: FIRST, window }));
    assert!(harness.query_by_label("Lung -600 / 1500").is_none(), "a choice closes the menu");
}

#[test]
fn a_thumbnail_is_shown_where_it_is_dropped() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    harness.state_mut().command(Command::Viewer(View::Layout(Layout { columns: 2, rows: 1 })));
    harness.run_steps(2);
    harness.state_mut().sent.clear();
    let tile = harness.get_by_label("Series 3, CHEST 1.0, 11 images").rect();
    let second = harness.get_by_label_contains("Viewport 2").rect();
    drag(&mut harness, tile.center(), second.center(), PointerButton::Primary);
    let viewport = ViewportId { window: 0, place: 1 };
    let show = View::Show { viewport, series: uid("1.2.3"), stack: 0 };
    assert!(views(&harness).contains(&show), "{:?}", views(&harness));
}

#[test]
fn a_drawing_that_is_dragged_changes_once() {
    let mut harness = english(vec2(720.0, 500.0), 1.0);
    harness.state_mut().command(Command::Viewer(View::Tool(Tool::Measure(Kind::Length))));
    harness.run_steps(1);
    let middle = area(&harness).center();
    drag(&mut harness, middle, middle + vec2(90.0, 0.0), PointerButton::Primary);
    harness.state_mut().sent.clear();
    let on_line = middle + vec2(45.0, 0.0);
    drag(&mut harness, on_line, on_line + vec2(0.0, 40.0), PointerButton::Primary);
    let changes = harness.state().sent.iter().filter(|c| matches!(c, Command::Drawings(Draw::Change { .. })));
    assert_eq!(changes.count(), 1, "one step undoes it");
    let case = harness.state().state.case.as_ref().unwrap();
    assert_eq!(case.drawings.all.len(), 1, "moved, not drawn anew");
}
