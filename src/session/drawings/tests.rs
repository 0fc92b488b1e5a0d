use super::*;
use crate::imaging::measure::{Kind, Provenance, Quantity, Unit};
use crate::session::kept::KeptCase;
use crate::session::made::{self, arrive, end, key, series, series_uid};
use crate::session::viewer;
use crate::session::{Effect as Any, Event as AnyEvent, Message, update};
use proptest::prelude::*;

fn send(state: &mut State, command: Command) -> Vec<Any> {
    update(state, Message::Command(super::super::Command::Drawings(command)))
}

fn drawings(state: &State) -> &Drawings {
    &state.case.as_ref().unwrap().drawings
}

fn shape(kind: Kind, points: &[[f64; 2]]) -> Figure {
    let points: Vec<DVec2> = points.iter().copied().map(DVec2::from_array).collect();
    Figure::Shape(Shape::from_points(kind, &points).unwrap())
}

fn length(to: f64) -> Figure {
    shape(Kind::Length, &[[10.0, 10.0], [to, 10.0]])
}

fn circle() -> Figure {
    shape(Kind::Ellipse, &[[20.0, 30.0], [40.0, 30.0], [30.0, 20.0], [30.0, 40.0]])
}

fn add(state: &mut State, figure: Figure) -> Vec<Any> {
    let label = Phi::new(String::new());
    send(state, Command::Add { on: key(1, 1), series: series_uid(1), figure, label })
}

fn asked(effects: &[Any]) -> (RequestId, u64) {
    effects
        .iter()
        .find_map(|effect| match effect {
            Any::Drawings(Effect::Measure { id, drawing, .. }) => Some((*id, *drawing)),
            _ => None,
        })
        .unwrap()
}

fn answer(state: &mut State, (id, drawing): (RequestId, u64), value: f64) {
    let values = vec![Measured {
        quantity: Quantity::Mean,
        value,
        unit: Unit::Hounsfield,
        provenance: Provenance::PixelValues,
    }];
    let event = Event::Measured { id, drawing, outcome: Ok(values), real_world: Vec::new() };
    update(state, Message::Event(AnyEvent::Drawings(event)));
}

fn value(state: &State, id: u64) -> Option<f64> {
    match &drawings(state).get(id)?.values {
        Remote::Ready(values) => values.first().map(|value| value.value),
        _ => None,
    }
}

#[test]
fn a_length_is_there_at_once_and_a_region_waits_for_its_pixels() {
    let mut state = made::open(series(1, 3));
    assert_eq!(add(&mut state, length(30.0)), []);
    assert_eq!(value(&state, 0), Some(10.0), "20 pixels of 0.5 mm");
    let first = asked(&add(&mut state, circle()));
    let figure = drawings(&state).get(1).unwrap().figure.moved(DVec2::ONE);
    let second = asked(&send(&mut state, Command::Change { drawing: 1, figure }));
    answer(&mut state, first, 7.0);
    assert_eq!(value(&state, 1), None, "the answer to what it was before");
    answer(&mut state, second, 8.0);
    assert_eq!(value(&state, 1), Some(8.0));
    let moved = circle();
    send(&mut state, Command::Change { drawing: 1, figure: moved });
    let stale = drawings(&state).get(1).unwrap().values.clone();
    assert!(stale.is_pending() && stale.latest().is_some(), "shown as stale meanwhile");
}

#[test]
fn undo_and_redo_bring_back_values_and_ask_where_there_are_none() {
    let mut state = made::open(series(1, 3));
    let pending = asked(&add(&mut state, circle()));
    send(&mut state, Command::Delete(0));
    answer(&mut state, pending, 5.0);
    let again = asked(&send(&mut state, Command::Undo));
    answer(&mut state, again, 6.0);
    assert_eq!(value(&state, 0), Some(6.0));
    assert_eq!(drawings(&state).history(), (true, true));
    send(&mut state, Command::Redo);
    assert!(drawings(&state).all.is_empty());
}

#[test]
fn what_changes_nothing_is_no_step_and_steps_have_a_limit() {
    let mut state = made::open(series(1, 3));
    add(&mut state, length(30.0));
    send(&mut state, Command::Change { drawing: 0, figure: length(30.0) });
    send(&mut state, Command::Label { drawing: 0, label: Phi::new(String::new()) });
    send(&mut state, Command::Delete(77));
    send(&mut state, Command::Undo);
    assert_eq!(drawings(&state).history(), (false, true));
    for n in 0..300 {
        add(&mut state, length(f64::from(n) / 10.0 + 11.0));
    }
    assert_eq!(drawings(&state).undo.len(), history::MOST);
}

#[test]
fn a_drawing_that_is_gone_is_no_longer_cited_nor_selected() {
    let mut state = made::open(series(1, 3));
    add(&mut state, length(30.0));
    state.case.as_mut().unwrap().draft.cited.push(0);
    send(&mut state, Command::Delete(0));
    let case = state.case.as_ref().unwrap();
    assert!(case.draft.cited.is_empty() && case.drawings.selected.is_none());
}

#[test]
fn visiting_a_drawing_shows_its_image_in_the_active_viewport_also_from_planes() {
    let mut state = made::open([series(1, 3), series(2, 3)].concat());
    add(&mut state, length(30.0));
    let here = made::at(0, 0);
    made::send(&mut state, viewer::Command::NextStack { viewport: here, by: 1 });
    made::send(&mut state, viewer::Command::Mpr(here));
    made::send(&mut state, viewer::Command::Activate(made::at(0, 2)));
    let effects = send(&mut state, Command::Visit(0));
    let viewer = &state.case.as_ref().unwrap().viewer;
    let shown = viewer.viewport(viewer.active).unwrap().shown.as_ref().unwrap();
    assert_eq!((&shown.frame, shown.position), (&key(1, 1), 1));
    assert_eq!(made::wanted(&effects).unwrap()[0], key(1, 1));
}

fn kept(state: &State) -> KeptCase {
    KeptCase {
        form: 1,
        centre: String::new(),
        study: "1.2.3".to_owned(),
        windows: Vec::new(),
        active: Default::default(),
        drawings: keep(drawings(state)),
        sections: Default::default(),
        cited: Vec::new(),
        key_images: Vec::new(),
        is_final: true,
    }
}

#[test]
fn what_is_kept_comes_back_and_is_measured_when_its_image_is_here() {
    let mut before = made::open(series(1, 3));
    add(&mut before, length(30.0));
    add(&mut before, circle());
    add(&mut before, Figure::Arrow([DVec2::ONE, DVec2::splat(9.0)]));
    send(&mut before, Command::Label { drawing: 2, label: Phi::new("肝".to_owned()) });
    add(&mut before, Figure::Text(DVec2::new(1.5, 2.5)));
    for kind in [Kind::Rectangle, Kind::Polygon, Kind::Bidirectional, Kind::Angle] {
        add(&mut before, shape(kind, &[[1.0, 1.0], [9.0, 1.0], [9.0, 5.0], [1.0, 5.0]]));
    }
    let mut state = made::empty();
    assert_eq!(restore(&mut state, &kept(&before)), [], "no image is here");
    assert_eq!(keep(drawings(&state)), keep(drawings(&before)));
    let effects = arrive(&mut state, series(1, 3));
    let measured = effects.iter().filter(|effect| matches!(effect, Any::Drawings(_))).count();
    assert_eq!((value(&state, 0), measured), (Some(10.0), 3), "ellipse, rectangle and polygon need pixels");
}

#[test]
fn where_an_image_never_comes_the_answer_will_say_so() {
    let mut state = made::empty();
    add(&mut state, length(30.0));
    arrive(&mut state, series(2, 1));
    assert_eq!(asked(&end(&mut state)).1, 0);
    assert_eq!(drawings(&state).all.len(), 1);
}

#[test]
fn handles_keep_an_ellipse_an_ellipse_and_a_rectangle_a_rectangle() {
    let ellipse = circle().with_point(1, DVec2::new(45.0, 99.0)).unwrap();
    let expected = [[15.0, 30.0], [45.0, 30.0], [30.0, 20.0], [30.0, 40.0]].map(DVec2::from_array);
    assert_eq!(ellipse.points(), expected);
    let corners = [[1.0, 1.0], [9.0, 1.0], [9.0, 5.0], [1.0, 5.0]];
    let pulled = shape(Kind::Rectangle, &corners).with_point(2, DVec2::new(20.0, 30.0)).unwrap();
    let expected = [[1.0, 1.0], [20.0, 1.0], [20.0, 30.0], [1.0, 30.0]].map(DVec2::from_array);
    assert_eq!(pulled.points(), expected);
    assert_eq!(shape(Kind::Rectangle, &corners).with_point(2, DVec2::new(1.0, 30.0)), None, "no extent");
    let polygon = shape(Kind::Polygon, &corners);
    assert_eq!(polygon.with_point(0, DVec2::new(20.0, 3.0)), None, "it would cross itself");
    assert_eq!(polygon.with_point(4, DVec2::ONE), None);
}

#[test]
fn the_pointer_meets_what_is_drawn_and_not_what_lies_between() {
    for (figure, pointer, expected) in [
        (length(30.0), [20.0, 13.0], 3.0),
        (length(30.0), [33.0, 14.0], 5.0),
        (circle(), [30.0, 30.0], 10.0),
        (shape(Kind::Rectangle, &[[0.0, 0.0], [8.0, 6.0]]), [4.0, 3.0], 3.0),
        (shape(Kind::Bidirectional, &[[0.0, 0.0], [8.0, 0.0], [4.0, 5.0], [4.0, 9.0]]), [8.0, 5.0], 4.0),
        (Figure::Text(DVec2::ZERO), [3.0, 4.0], 5.0),
    ] {
        let found = distance(&figure, &figure.points(), DVec2::from_array(pointer));
        assert!((found - expected).abs() < 0.01, "{figure:?}: {found}");
    }
    let points = [DVec2::ZERO, DVec2::new(5.0, 0.0)];
    assert_eq!(handle_at(&points, DVec2::new(4.0, 0.0), 3.0), Some(1));
    assert_eq!(handle_at(&points, DVec2::new(2.5, 4.0), 3.0), None);
}

proptest! {
    #[test]
    fn undoing_everything_leaves_nothing_and_redoing_brings_it_all_back(
        steps in prop::collection::vec((0..4_u8, 0..6_u64, 1..60_u32), 1..30),
    ) {
        let mut state = made::open(series(1, 3));
        for (kind, drawing, number) in steps {
            let to = 11.0 + f64::from(number);
            let command = match kind {
                0 => Command::Change { drawing, figure: length(to) },
                1 => Command::Label { drawing, label: Phi::new(number.to_string()) },
                2 => Command::Delete(drawing),
                _ => {
                    add(&mut state, length(to));
                    continue;
                }
            };
            send(&mut state, command);
        }
        let after = drawings(&state).all.clone();
        let count = drawings(&state).undo.len();
        (0..count).for_each(|_| drop(send(&mut state, Command::Undo)));
        prop_assert!(drawings(&state).all.is_empty());
        (0..count).for_each(|_| drop(send(&mut state, Command::Redo)));
        prop_assert_eq!(&drawings(&state).all, &after);
    }
}
