use super::*;
use crate::dicom::sop_class::DocumentKind;
use crate::session::made::{self, at, end, key, send, series, series_uid, wanted};
use crate::session::viewer::{Command, Layout};
use crate::session::{Event as Any, Message, State, update};
use proptest::prelude::*;

fn tell(state: &mut State, event: Event) {
    assert_eq!(update(state, Message::Event(Any::Pixels(event))), []);
}

fn scroll(state: &mut State, by: i32) -> Vec<FrameKey> {
    wanted(&send(state, Command::Scroll { viewport: at(0, 0), by })).unwrap()
}

#[test]
fn what_is_on_screen_comes_first_then_thumbnails_then_where_the_wheel_goes() {
    let mut state = made::open([series(1, 6), series(2, 3)].concat());
    let list = scroll(&mut state, 2);
    let expected = [(1, 2), (1, 3), (2, 1), (1, 4), (1, 5), (1, 1), (1, 0)];
    assert_eq!(list, expected.map(|(series, n)| key(series, n)), "the middle of each stack is its thumbnail");
    tell(&mut state, Event::Decoded(vec![key(1, 3), key(2, 1)]));
    let list = scroll(&mut state, -1);
    let expected = [(1, 1), (1, 0), (1, 2), (1, 3), (1, 4), (1, 5), (2, 1)];
    assert_eq!(list, expected.map(|(series, n)| key(series, n)), "thumbnails that have come wait");
}

#[test]
fn pages_are_wanted_as_images_are_and_lines_of_text_never() {
    let text = made::document(1, DocumentKind::Report, 40);
    let pages = made::document(2, DocumentKind::Pdf, 3);
    let page = |frame| FrameKey { sop_instance: key(2, 0).sop_instance, frame };
    let mut state = made::open(vec![text, pages]);
    send(&mut state, Command::Show { viewport: at(0, 0), series: series_uid(1), stack: 0 });
    let effects = send(&mut state, Command::Scroll { viewport: at(0, 0), by: 5 });
    assert_eq!(wanted(&effects), None, "the page's thumbnail is wanted since it came");
    assert_eq!(state.case.as_ref().unwrap().viewer.pixels.wanted, [page(1)]);
    let effects = send(&mut state, Command::Show { viewport: at(0, 0), series: series_uid(2), stack: 0 });
    assert_eq!(wanted(&effects), Some(vec![page(0), page(1), page(2)]));
}

#[test]
fn the_same_is_not_asked_twice_and_planes_ask_for_no_frames() {
    let mut state = made::open(series(1, 3));
    assert_eq!(send(&mut state, Command::Invert(at(0, 0))), []);
    let effects = send(&mut state, Command::Mpr(at(0, 0)));
    assert_eq!(wanted(&effects), Some(vec![key(1, 1)]), "the thumbnail");
    assert_eq!(send(&mut state, Command::Mpr(at(0, 0))).len(), 1, "the stack again");
    let again = send(&mut state, Command::Mpr(at(0, 0)));
    assert!(again.iter().all(|effect| !matches!(effect, super::super::Effect::Pixels(Effect::Build { .. }))));
}

#[test]
fn a_frame_that_cannot_be_shown_is_left_alone_until_the_reader_asks_again() {
    let mut state = made::open(series(1, 3));
    tell(&mut state, Event::Undecodable { frame: key(1, 1), problem: made::stopped() });
    assert_eq!(scroll(&mut state, 1), [key(1, 2), key(1, 0)]);
    let effects = update(&mut state, Message::Command(super::super::Command::Case(case_retry())));
    assert_eq!(wanted(&effects).unwrap()[0], key(1, 1));
}

fn case_retry() -> crate::session::case::Command {
    crate::session::case::Command::Retry
}

#[test]
fn the_first_image_is_the_first_that_is_on_screen_and_it_counts_once() {
    let mut state = made::open(series(1, 9));
    let first = |state: &State| state.case.as_ref().unwrap().first_image_ms;
    for (now_ms, n, expected) in [(10, 5, None), (20, 0, Some(20)), (30, 0, Some(20))] {
        state.shell.now_ms = now_ms;
        tell(&mut state, Event::Decoded(vec![key(1, n)]));
        assert_eq!(first(&state), expected);
    }
    assert_eq!(state.case.as_ref().unwrap().viewer.pixels.generation, 3);
}

#[test]
fn a_late_answer_to_an_old_build_is_dropped() {
    let mut state = made::open(series(1, 3));
    send(&mut state, Command::Mpr(at(0, 0)));
    let volumes = |state: &State| state.case.as_ref().unwrap().viewer.pixels.volumes.clone();
    let volume = volumes(&state).into_keys().next().unwrap();
    tell(&mut state, Event::Built { id: 12345, volume: volume.clone(), outcome: Err(made::stopped()) });
    assert!(volumes(&state)[&volume].is_pending());
}

proptest! {
    #[test]
    fn every_frame_is_wanted_once_whatever_is_on_screen(
        sizes in prop::collection::vec(1..30_u32, 1..5),
        commands in prop::collection::vec((0..6_u8, 0..9_u8, -40..40_i32), 1..12),
    ) {
        let all: Vec<_> = (1..).zip(&sizes).flat_map(|(number, size)| series(number, *size)).collect();
        let mut state = made::open(all);
        for (kind, place, by) in commands {
            let viewport = at(0, place);
            send(&mut state, match kind {
                0 => Command::Layout(Layout { columns: place % 4, rows: 2 }),
                1 => Command::NextStack { viewport, by },
                2 => Command::Mpr(viewport),
                3 => Command::Activate(viewport),
                4 => Command::OpenWindow,
                _ => Command::Scroll { viewport, by },
            });
            let viewer = &state.case.as_ref().unwrap().viewer;
            let wanted = &viewer.pixels.wanted;
            let distinct: HashSet<_> = wanted.iter().collect();
            prop_assert_eq!(distinct.len(), wanted.len());
            if let Some(shown) = viewer.viewport(viewer.active).and_then(|viewport| viewport.shown.as_ref())
                && viewer.windows[usize::from(viewer.active.window)].mpr.is_none()
            {
                prop_assert_eq!(&wanted[0], &shown.frame);
            }
        }
        end(&mut state);
    }
}
