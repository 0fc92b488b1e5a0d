use std::sync::Arc;

use super::*;
use crate::dicom::sop_class::DocumentKind;
use crate::dicom::{Instance, Phi};
use crate::session::case::Origin;
use crate::session::kept::{KeptCase, KeptWindow};
use crate::session::made::{self, arrive, at, end, key, send, series, series_uid, slice};
use crate::session::pixels::{Effect as PixelsEffect, Event as PixelsEvent};
use crate::session::{Effect, Event, Message, update};
use glam::DVec2;

fn viewer(state: &State) -> &Viewer {
    &state.case.as_ref().unwrap().viewer
}

fn shown(state: &State, id: ViewportId) -> Option<FrameKey> {
    Some(viewer(state).viewport(id)?.shown.as_ref()?.frame.clone())
}

fn revision(state: &State) -> u64 {
    state.case.as_ref().unwrap().keeping.revision
}

fn kept(state: &State) -> KeptCase {
    let (windows, active) = keep(viewer(state));
    KeptCase {
        form: 1,
        centre: "island".to_owned(),
        study: "1.2.3".to_owned(),
        windows,
        active,
        drawings: Vec::new(),
        sections: Default::default(),
        cited: Vec::new(),
        key_images: Vec::new(),
        is_final: true,
    }
}

fn built(effects: &[Effect], outcome: Result<(), crate::session::Problem>) -> Message {
    let answer = effects.iter().find_map(|effect| match effect {
        Effect::Pixels(PixelsEffect::Build { id, volume, .. }) => Some((*id, volume.clone())),
        _ => None,
    });
    let (id, volume) = answer.unwrap();
    Message::Event(Event::Pixels(PixelsEvent::Built { id, volume, outcome }))
}

#[test]
fn the_first_stack_that_is_no_localiser_comes_up_by_itself() {
    let scout = vec![slice(1, 0, true)];
    let mut state = made::open(scout.clone());
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)), "better than nothing");
    arrive(&mut state, [scout, series(2, 3)].concat());
    assert_eq!(shown(&state, at(0, 0)), Some(key(2, 0)));
}

/// Files may be of several patients: the name on the window is that of the image that is looked at.
#[test]
fn of_files_the_patient_is_the_one_whose_image_is_looked_at() {
    let of = |n: u32, patient: &str| {
        let mut instance = Instance::clone(&slice(n, 0, false));
        instance.study.uid = made::uid(&format!("1.2.3.4.{n}"));
        instance.patient.id = Phi::new(patient.to_owned());
        Arc::new(instance)
    };
    for (origin, expected) in [(Origin::Files(Vec::new()), "B"), (Origin::Centre("island".to_owned()), "A")] {
        let mut state = made::empty();
        let case = state.case.as_mut().unwrap();
        (case.origin, case.study) = (origin, Some(made::uid("1.2.3.4.1")));
        arrive(&mut state, vec![of(1, "A"), of(2, "B")]);
        send(&mut state, Command::Show { viewport: at(0, 0), series: series_uid(2), stack: 0 });
        assert_eq!(state.case.as_ref().unwrap().patient().unwrap().id.reveal(), expected);
    }
}

#[test]
fn a_document_gives_way_to_images_and_what_can_be_read_comes_before_what_is_only_listed() {
    let listed = made::document(1, DocumentKind::Waveform, 4);
    let report = made::document(2, DocumentKind::Report, 9);
    let mut state = made::open(vec![listed.clone()]);
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)), "better than nothing");
    let mut state_of_both = made::open(vec![listed.clone(), report.clone()]);
    assert_eq!(shown(&state_of_both, at(0, 0)), Some(key(2, 0)));
    let documents = vec![listed, report];
    arrive(&mut state, [documents.clone(), series(3, 2)].concat());
    assert_eq!(shown(&state, at(0, 0)), Some(key(3, 0)));
    send(&mut state, Command::Layout(Layout { columns: 2, rows: 1 }));
    assert_eq!(shown(&state, at(0, 1)), None, "no report comes up beside images unasked");
    send(&mut state, Command::NextStack { viewport: at(0, 0), by: 1 });
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)), "documents come after all images");
    arrive(&mut state_of_both, [documents, series(3, 2)].concat());
    assert_eq!(shown(&state_of_both, at(0, 0)), Some(key(3, 0)));
}

#[test]
fn lines_are_scrolled_through_as_images_are_and_their_ends_hold() {
    let mut state = made::open(vec![made::document(1, DocumentKind::Report, 9)]);
    let line = |state: &State| viewer(state).viewport(at(0, 0)).unwrap().shown.as_ref().unwrap().position;
    for (by, expected) in [(3, 3), (100, 8), (-2, 6), (-100, 0)] {
        send(&mut state, Command::Scroll { viewport: at(0, 0), by });
        assert_eq!(line(&state), expected);
    }
}

#[test]
fn a_stack_the_reader_chose_stays_even_if_it_is_a_localiser() {
    let scout = vec![slice(1, 0, true)];
    let mut state = made::open(scout.clone());
    send(&mut state, Command::Show { viewport: at(0, 0), series: series_uid(1), stack: 0 });
    arrive(&mut state, [scout, series(2, 3)].concat());
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)));
}

#[test]
fn the_image_on_screen_stays_while_slices_arrive_before_it() {
    let all = series(1, 9);
    let mut state = made::open(all[4..6].to_vec());
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 4)));
    send(&mut state, Command::Scroll { viewport: at(0, 0), by: 0 });
    arrive(&mut state, all);
    let now = viewer(&state).viewport(at(0, 0)).unwrap().shown.clone().unwrap();
    assert_eq!((now.frame, now.position), (key(1, 4), 4));
}

#[test]
fn until_the_reader_acts_reading_begins_at_the_first_image_of_the_first_series() {
    let all = [series(1, 4), series(2, 4)].concat();
    for acted in [false, true] {
        let mut state = made::open(all[6..].to_vec());
        assert_eq!(shown(&state, at(0, 0)), Some(key(2, 2)), "what came first");
        arrive(&mut state, all[2..].to_vec());
        assert_eq!(shown(&state, at(0, 0)), Some(key(1, 2)));
        send(&mut state, Command::Activate(at(0, 0)));
        if acted {
            send(&mut state, Command::Invert(at(0, 0)));
        }
        arrive(&mut state, all.clone());
        assert_eq!(shown(&state, at(0, 0)), Some(key(1, if acted { 2 } else { 0 })));
    }
}

#[test]
fn a_tool_that_draws_shows_what_it_draws() {
    let draws =
        [(Tool::Measure(Kind::Length), true), (Tool::Arrow, true), (Tool::Text, true), (Tool::Zoom, false)];
    for (tool, shown) in draws {
        let mut state = made::open(series(1, 2));
        send(&mut state, Command::Annotations(false));
        send(&mut state, Command::Tool(tool));
        assert_eq!(viewer(&state).annotations, shown, "{tool:?}");
    }
}

#[test]
fn planes_meet_in_the_middle_of_the_image_that_was_being_read() {
    let mut state = made::open(series(1, 11));
    send(&mut state, Command::GoTo { viewport: at(0, 0), position: 8 });
    send(&mut state, Command::Mpr(at(0, 0)));
    let crosshair = viewer(&state).windows[0].mpr.as_ref().unwrap().crosshair_mm;
    assert_eq!(crosshair, Some(DVec3::new(25.0, 20.0, 16.0)));
}

#[test]
fn scrolling_stops_at_both_ends_and_only_a_change_is_kept() {
    let mut state = made::open(series(1, 5));
    for (by, position) in [(3, 3), (3, 4), (i32::MAX, 4), (-1, 3), (i32::MIN, 0)] {
        send(&mut state, Command::Scroll { viewport: at(0, 0), by });
        assert_eq!(shown(&state, at(0, 0)), Some(key(1, position)));
    }
    let before = revision(&state);
    send(&mut state, Command::Scroll { viewport: at(0, 0), by: -1 });
    assert_eq!(revision(&state), before);
    send(&mut state, Command::GoTo { viewport: at(0, 0), position: 99 });
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 4)));
    assert_eq!(revision(&state), before + 1);
}

#[test]
fn a_smaller_layout_hides_viewports_and_a_larger_one_brings_them_back() {
    let mut state = made::open([series(1, 2), series(2, 2), series(3, 2)].concat());
    send(&mut state, Command::Layout(Layout { columns: 2, rows: 2 }));
    let firsts = [Some(key(1, 0)), Some(key(2, 0)), Some(key(3, 0)), None];
    assert_eq!([0, 1, 2, 3].map(|place| shown(&state, at(0, place))), firsts);
    send(&mut state, Command::Activate(at(0, 1)));
    send(&mut state, Command::Scroll { viewport: at(0, 1), by: 1 });
    send(&mut state, Command::Layout(Layout::SINGLE));
    assert_eq!((viewer(&state).active, viewer(&state).viewport(at(0, 1))), (at(0, 0), None));
    send(&mut state, Command::Layout(Layout { columns: 9, rows: 0 }));
    assert_eq!(viewer(&state).windows[0].layout, Layout { columns: 3, rows: 1 });
    assert_eq!(shown(&state, at(0, 1)), Some(key(2, 1)));
}

#[test]
fn the_next_stack_is_the_next_of_the_study_and_the_ends_hold() {
    let mut state = made::open([series(1, 2), series(2, 2)].concat());
    for (by, expected) in [(1, 2), (1, 2), (-1, 1), (-5, 1), (7, 2)] {
        send(&mut state, Command::NextStack { viewport: at(0, 0), by });
        assert_eq!(shown(&state, at(0, 0)), Some(key(expected, 0)));
    }
}

#[test]
fn windows_open_with_what_comes_next_and_close_without_taking_others_along() {
    let mut state = made::open([series(1, 2), series(2, 2)].concat());
    for _ in 0..5 {
        send(&mut state, Command::OpenWindow);
    }
    assert_eq!(viewer(&state).windows.len(), Viewer::MOST_WINDOWS);
    assert_eq!([1, 2].map(|window| shown(&state, at(window, 0))), [Some(key(2, 0)), Some(key(1, 0))]);
    send(&mut state, Command::Activate(at(2, 0)));
    send(&mut state, Command::CloseWindow(0));
    send(&mut state, Command::CloseWindow(1));
    assert_eq!((viewer(&state).windows.len(), viewer(&state).active), (2, at(1, 0)));
    assert_eq!(shown(&state, at(1, 0)), Some(key(1, 0)));
}

#[test]
fn one_of_the_images_own_windows_holds_for_the_stack_and_its_planes_until_the_reader_sets_another() {
    let mut state = made::open(series(1, 11));
    let look = |state: &State, id| {
        let look = viewer(state).look(id).unwrap();
        (look.window, look.preset)
    };
    send(&mut state, Command::Preset { viewport: at(0, 0), place: 2 });
    send(&mut state, Command::Scroll { viewport: at(0, 0), by: 3 });
    assert_eq!(look(&state, at(0, 0)), (None, 2));
    send(&mut state, Command::Mpr(at(0, 0)));
    assert_eq!([0, 1, 2].map(|place| look(&state, at(0, place))), [(None, 2); 3]);
    send(&mut state, Command::Preset { viewport: at(0, 1), place: 1 });
    assert_eq!(look(&state, at(0, 2)), (None, 1));
    send(&mut state, Command::Mpr(at(0, 0)));
    let window = Some([40.0, 80.0]);
    send(&mut state, Command::Window { viewport: at(0, 0), window });
    assert_eq!(look(&state, at(0, 0)), (window, 2));
    send(&mut state, Command::Window { viewport: at(0, 0), window: None });
    assert_eq!(look(&state, at(0, 0)), (None, 0), "the image's own is its first");
    // What was kept before there was such a choice is read all the same.
    let kept: Look = serde_json::from_value(serde_json::json!({
        "window": null, "invert": true, "placement": Placement::default(),
    }))
    .unwrap();
    assert_eq!((kept.preset, kept.invert), (0, true));
}

#[test]
fn one_command_makes_planes_that_share_their_grey_values_and_scroll_by_samples() {
    let mut state = made::open(series(1, 11));
    send(&mut state, Command::Window { viewport: at(0, 0), window: Some([40.0, 400.0]) });
    let effects = send(&mut state, Command::Mpr(at(0, 0)));
    let message = built(&effects, Ok(()));
    update(&mut state, message);
    send(&mut state, Command::Invert(at(0, 2)));
    let looks = &viewer(&state).windows[0].mpr.as_ref().unwrap().looks;
    assert!(looks.iter().all(|look| look.window == Some([40.0, 400.0]) && look.invert));

    // The middle voxel of the first slice is 50, 40, 0; samples are 0.5 x 0.5 x 2 mm.
    let crosshair = |state: &State| viewer(state).windows[0].mpr.as_ref().unwrap().crosshair_mm.unwrap();
    send(&mut state, Command::Scroll { viewport: at(0, 0), by: 2 });
    assert_eq!(crosshair(&state), DVec3::new(25.0, 20.0, 4.0));
    send(&mut state, Command::Scroll { viewport: at(0, 1), by: 3 });
    assert_eq!(crosshair(&state), DVec3::new(25.0, 21.5, 4.0));
    send(&mut state, Command::Scroll { viewport: at(0, 2), by: 1 });
    assert_eq!(crosshair(&state), DVec3::new(24.5, 21.5, 4.0));
    send(&mut state, Command::Scroll { viewport: at(0, 0), by: 99 });
    assert_eq!(crosshair(&state).z, 20.0, "the last slice");
    send(&mut state, Command::Crosshair { window: 0, point_mm: DVec3::new(-9.0, 1e9, 3.0) });
    assert_eq!(crosshair(&state), DVec3::new(0.0, 39.5, 3.0));

    send(&mut state, Command::Mpr(at(0, 1)));
    assert_eq!(viewer(&state).windows[0].mpr, None);
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)));
}

#[test]
fn a_volume_that_cannot_be_built_gives_way_to_the_stack_and_says_why() {
    let mut state = made::open(series(1, 3));
    let effects = send(&mut state, Command::Mpr(at(0, 0)));
    let message = built(&effects, Err(made::stopped()));
    update(&mut state, message);
    assert_eq!(viewer(&state).windows[0].mpr, None);
    assert_eq!(state.shell.notices.len(), 1);
    let one = &mut made::open(series(1, 1));
    assert_eq!(send(one, Command::Mpr(at(0, 0))), []);
    assert_eq!(one.shell.notices.len(), 1, "one image is no volume");
}

#[test]
fn a_volume_is_built_anew_once_the_transfer_has_ended() {
    let all = series(1, 9);
    let mut state = made::open(all[..4].to_vec());
    let first = send(&mut state, Command::Mpr(at(0, 0)));
    let message = built(&first, Ok(()));
    update(&mut state, message);
    let grown = arrive(&mut state, all);
    assert!(!grown.iter().any(|effect| matches!(effect, Effect::Pixels(PixelsEffect::Build { .. }))));
    let catalogue = state.case.as_ref().unwrap().catalogue.clone();
    let mpr = |state: &State| viewer(state).windows[0].mpr.clone().unwrap();
    assert!(mpr(&state).is_stale(&catalogue[0].series[0].stacks[0]));
    let ended = end(&mut state);
    let message = built(&ended, Ok(()));
    update(&mut state, message);
    assert_eq!(mpr(&state).volume.images, 9);
}

/// A case with two windows, hidden viewports, planes and looks of every kind.
fn busy() -> State {
    let mut state = made::open([series(1, 5), series(2, 4), series(3, 3)].concat());
    end(&mut state);
    let placement = Placement::default().turned(1).mirrored_left_right().moved(DVec2::new(3.0, -2.0));
    for command in [
        Command::Layout(Layout { columns: 2, rows: 1 }),
        Command::Scroll { viewport: at(0, 0), by: 2 },
        Command::Window { viewport: at(0, 1), window: Some([-600.0, 1500.0]) },
        Command::Place { viewport: at(0, 1), placement },
        Command::Layout(Layout::SINGLE),
        Command::OpenWindow,
        Command::Mpr(at(1, 0)),
        Command::Slab { window: 1, thickness_mm: 8.0, mode: SlabMode::MinIp },
        Command::Scroll { viewport: at(1, 2), by: 4 },
        Command::Activate(at(1, 2)),
    ] {
        send(&mut state, command);
    }
    state
}

#[test]
fn what_is_kept_comes_back_as_it_was() {
    let busy = busy();
    let before = kept(&busy);
    let all = [series(1, 5), series(2, 4), series(3, 3)].concat();
    let mut state = made::empty();
    restore(&mut state, &before);
    assert_eq!(kept(&state), before, "nothing has come yet, and nothing is lost");
    arrive(&mut state, all[..1].to_vec());
    assert_eq!(kept(&state), before, "one image has come");
    arrive(&mut state, all);
    let effects = end(&mut state);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Pixels(PixelsEffect::Build { .. }))));
    assert_eq!(kept(&state), before);
    assert_eq!(viewer(&state).windows, viewer(&busy).windows);
}

#[test]
fn damaged_keepings_are_bounded_and_what_never_comes_makes_room() {
    let mut state = made::empty();
    let mut damaged = kept(&state);
    let mut window: KeptWindow = damaged.windows.remove(0);
    window.layout = Layout { columns: 200, rows: 0 };
    window.viewports[0].shown = Some(("x".to_owned(), "1.2.3".to_owned(), 0));
    damaged.windows = vec![window; 7];
    damaged.windows[1].viewports[0].shown = Some(("1.2.3.9".to_owned(), "1.2.3.9.9".to_owned(), 0));
    damaged.active = at(250, 250);
    restore(&mut state, &damaged);
    arrive(&mut state, series(1, 2));
    end(&mut state);
    assert_eq!(viewer(&state).windows.len(), Viewer::MOST_WINDOWS);
    assert_eq!(viewer(&state).active, at(0, 0));
    assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)));
}

#[test]
fn what_did_not_come_comes_back_when_the_line_is_mended() {
    let mut state = made::open(series(1, 9));
    send(&mut state, Command::GoTo { viewport: at(0, 0), position: 7 });
    let before = kept(&state);
    for touched in [false, true] {
        let mut state = made::empty();
        restore(&mut state, &before);
        arrive(&mut state, series(1, 3));
        end(&mut state);
        assert_eq!(shown(&state, at(0, 0)), Some(key(1, 0)), "reading goes on with the rest");
        assert_eq!(kept(&state), before);
        if touched {
            send(&mut state, Command::Scroll { viewport: at(0, 0), by: 1 });
        }
        arrive(&mut state, series(1, 9));
        assert_eq!(shown(&state, at(0, 0)), Some(key(1, if touched { 1 } else { 7 })));
    }
}
