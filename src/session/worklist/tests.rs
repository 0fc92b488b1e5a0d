use super::*;
use crate::dicom::Uid;
use crate::session::case;
use crate::session::study::Progress;
use crate::session::tests::{
    CENTRE, at_worklist, list, names, one, open_study, opened, problem, reading, request, row, tick, told,
    uid,
};
use Priority as P;
use ReadingState as R;

fn shown(state: &State) -> Vec<&str> {
    state.worklist.visible().iter().map(|row| row.study.as_str()).collect()
}

fn selected(state: &State) -> Option<&str> {
    state.worklist.selected.as_ref().map(Uid::as_str)
}

#[test]
fn stat_comes_first_whatever_its_date_and_newer_before_older() {
    let mut state = State::default();
    let rows = [
        ("1.1", P::Unknown, "20260105"),
        ("1.2", P::High, "20260101"),
        ("1.3", P::High, "20260102"),
        ("1.4", P::Stat, "20250101"),
    ];
    let rows =
        rows.map(|(study, priority, date)| Row { date: date.into(), ..row(study, priority, R::Unread) });
    list(&mut state, rows.to_vec());
    assert_eq!(shown(&state), ["1.4", "1.3", "1.2", "1.1"]);
}

#[test]
fn a_late_answer_is_dropped_and_a_failure_keeps_what_was_shown() {
    let mut state = State::default();
    list(&mut state, vec![row("1.1", P::Low, R::Unread)]);
    let old = request(&one(&mut state, Command::Refresh { centre: CENTRE.into() }), "list");
    let new = request(&one(&mut state, Command::Refresh { centre: CENTRE.into() }), "list");
    one(&mut state, Event::Listed { id: old, outcome: Ok(List::default()) });
    assert!(state.worklist.list.is_pending(), "the answer to an old question does not settle the new one");
    one(&mut state, Event::Listed { id: new, outcome: Err(problem("centre-unreachable-dns")) });
    assert_eq!(shown(&state), ["1.1"]);
    assert!(told(&state).is_empty(), "the list itself says that it is old");
}

#[test]
fn the_list_is_asked_for_every_thirty_seconds_while_somebody_is_signed_in() {
    let mut state = at_worklist();
    assert_eq!(names(&tick(&mut state, 29_999)), [""; 0]);
    let id = request(&tick(&mut state, 30_000), "list");
    assert_eq!(names(&tick(&mut state, 99_000)), [""; 0], "one question at a time");
    one(&mut state, Event::Listed { id, outcome: Err(problem("centre-unreachable-dns")) });
    assert_eq!(names(&tick(&mut state, 99_100)), ["list"]);
    assert_eq!(names(&tick(&mut State::default(), 99_000)), [""; 0], "nobody is signed in");
}

#[test]
fn keys_move_among_the_rows_that_are_shown_and_stay_on_their_study() {
    let mut state = at_worklist();
    let steps = [(1, "1.1"), (1, "1.2"), (5, "1.3"), (-1, "1.2"), (-9, "1.1")];
    for (by, expected) in steps {
        one(&mut state, Command::Step(by));
        assert_eq!(selected(&state), Some(expected), "{by}");
    }
    one(&mut state, Command::Select(None));
    one(&mut state, Command::Step(-1));
    assert_eq!(selected(&state), Some("1.3"), "up from nowhere is the end");

    let named = |study, name: &str| Row { description: name.into(), ..row(study, P::Low, R::Unread) };
    list(&mut state, vec![row("1.0", P::Stat, R::Unread), named("1.3", "knee"), named("1.4", "knee")]);
    assert_eq!(selected(&state), Some("1.3"), "it follows the study, not the place");
    one(&mut state, Command::Filter("knee".into()));
    one(&mut state, Command::Step(-1));
    assert_eq!((selected(&state), shown(&state)), (Some("1.3"), vec!["1.3", "1.4"]));
    one(&mut state, Command::Filter("stat".into()));
    assert_eq!(selected(&state), Some("1.0"), "what is typed selects what is found");
    list(&mut state, vec![row("1.4", P::Low, R::Unread)]);
    assert_eq!(selected(&state), None, "its study is gone");
}

#[test]
fn a_new_stat_is_heard_once_and_told_without_the_patient() {
    let stat = |study| row(study, P::Stat, R::Unread);
    let mut state = State::default();
    assert_eq!(names(&list(&mut state, vec![stat("1.1")])), [""; 0], "those of the first list are in sight");
    assert_eq!(names(&list(&mut state, vec![stat("1.1")])), [""; 0]);
    assert_eq!(names(&list(&mut state, vec![stat("1.1"), stat("1.2"), stat("1.3")])), ["chime"]);
    assert_eq!(names(&list(&mut state, vec![])), [""; 0]);
    assert_eq!(names(&list(&mut state, vec![stat("1.2")])), [""; 0], "known already");
    one(&mut state, shell::Command::Sound(false));
    assert_eq!(names(&list(&mut state, vec![stat("1.4")])), [""; 0], "silent, but told");
    assert_eq!(names(&list(&mut state, vec![row("1.5", P::Stat, R::Final)])), [""; 0], "it is read");
    assert_eq!(told(&state), [("worklist-new-stat", Weight::Warning)]);
    let args = &state.shell.notices[0].problem.args;
    assert_eq!(args[..], [("count".into(), "3".to_owned())], "all that were new while the notice stands");
}

#[test]
fn a_lost_sign_in_is_told_once_and_the_case_stays_open() {
    let mut state = reading("1.1");
    let fail = |state: &mut State| {
        let id = request(&one(state, Command::Refresh { centre: CENTRE.into() }), "list");
        one(state, Event::Listed { id, outcome: Err(problem("centre-wrong-password")) });
    };
    fail(&mut state);
    assert_eq!(told(&state), [("centre-wrong-password", Weight::Fault)]);
    let id = state.shell.notices[0].id;
    one(&mut state, shell::Command::Dismiss(id));
    fail(&mut state);
    assert_eq!(told(&state), [], "dismissed, and nothing new");
    assert_eq!((opened(&state), state.shell.screen), (Some("1.1"), Screen::Reading));
}

#[test]
fn the_time_left_is_measured_and_unknown_until_there_is_something_to_measure() {
    let mut state = at_worklist();
    let id = request(&open_study(&mut state, "1.1"), "open");
    let listed = Row { instances: Some(100), received: 10, ..row("1.1", P::Medium, R::Unread) };
    let readiness = |state: &State| {
        let now_ms = state.shell.now_ms;
        let Readiness { received, expected, seconds_left, .. } =
            state.worklist.readiness(&listed, state.case.as_ref(), now_ms);
        (received, expected, seconds_left)
    };
    assert_eq!(readiness(&state), (10, Some(100), None), "what the list says");
    // At ms, instances here -> instances shown, seconds left.
    let steps = [
        (1_000, 10, 10, None),
        (1_500, 20, 20, None),
        (2_000, 30, 30, Some(4)),
        (5_000, 50, 50, Some(5)),
        (9_000, 50, 50, Some(10)),
        (9_500, 100, 100, Some(0)),
    ];
    for (now_ms, received, shown, left) in steps {
        tick(&mut state, now_ms);
        let progress = Progress { expected: Some(100), received, bytes: 1 };
        one(&mut state, case::Event::Progress { id, progress });
        assert_eq!(readiness(&state), (shown, Some(100), left), "at {now_ms} ms");
    }
    one(&mut state, case::Event::Arrived { id, outcome: Err(problem("centre-cut-off")) });
    assert_eq!(readiness(&state), (100, Some(100), None), "nothing runs any more");
    let other = Row { received: 3, ..row("1.2", P::Medium, R::Unread) };
    let other = state.worklist.readiness(&other, state.case.as_ref(), 9_500);
    assert_eq!(other, Readiness { received: 3, expected: None, seconds_left: None, rest: None });
}

#[test]
fn the_next_case_is_the_first_unread_one_from_the_top() {
    let rows = |states: [R; 4]| {
        let studies = ["1.1", "1.2", "1.3", "1.4"].into_iter().zip(states);
        studies.map(|(study, state)| row(study, P::Medium, state)).collect::<Vec<_>>()
    };
    let (f, p, u) = (R::Final, R::Preliminary, R::Unread);
    let cases = [
        ([u, u, u, u], "1.2", Some("1.1")),
        ([f, u, f, R::Claimed], "1.2", Some("1.4")),
        ([R::Draft, u, f, p], "1.2", Some("1.1")),
        ([f, u, R::Unknown, u], "1.2", Some("1.3")),
        ([f, u, p, f], "1.2", None),
        ([u, f, f, f], "9.9", Some("1.1")),
    ];
    for (states, current, expected) in cases {
        let mut state = State::default();
        list(&mut state, rows(states));
        let next = next_unread(&state, Some(&uid(current)));
        assert_eq!(next.as_ref().map(Uid::as_str), expected, "{states:?}");
    }
}

#[test]
fn whoever_goes_on_and_on_sees_every_case_and_a_new_urgent_one_first() {
    let mut state = reading("1.1");
    let mut seen = Vec::new();
    for _ in 0..5 {
        one(&mut state, case::Command::Next);
        seen.extend(opened(&state).map(str::to_owned));
    }
    assert_eq!(seen, ["1.2", "1.3", "1.1", "1.2", "1.3"]);
    let stat = row("1.9", P::Stat, R::Unread);
    let others = ["1.1", "1.2", "1.3"].map(|study| row(study, P::Medium, R::Unread));
    list(&mut state, [vec![stat], others.to_vec()].concat());
    one(&mut state, case::Command::Next);
    assert_eq!(opened(&state), Some("1.9"));
}

#[test]
fn a_row_knows_what_came_while_its_case_was_open() {
    let leave: [case::Command; 3] =
        [case::Command::Close, case::Command::Next, case::Command::OpenFiles(Vec::new())];
    for leave in leave {
        let mut state = reading("1.1");
        let id = state.case.as_ref().unwrap().request;
        let progress = Progress { expected: Some(9), received: 7, bytes: 1 };
        one(&mut state, case::Event::Progress { id, progress });
        one(&mut state, leave.clone());
        let received = ["1.1", "1.2"].map(|study| state.worklist.row(&uid(study)).unwrap().received);
        assert_eq!(received, [7, 0], "{leave:?}");
    }
}

#[test]
fn the_modalities_of_images_stand_for_the_study() {
    let cases = [("CT\\SR", "CT"), ("PT\\CT\\KO\\PR", "PT CT"), ("SR\\PR", "SR PR"), ("", ""), ("US", "US")];
    for (all, images) in cases {
        let row = Row { modality: all.into(), ..row("1.1", P::Low, R::Unread) };
        assert_eq!(row.image_modalities(), images, "{all}");
    }
}

/// What the effects ask to be brought in the background.
fn wanted(effects: &[crate::session::Effect]) -> Vec<String> {
    let of = |effect: &crate::session::Effect| match effect {
        crate::session::Effect::Worklist(Effect::Prefetch { centre, rows, .. }) if centre == CENTRE => {
            Some(rows.iter().map(|row| row.study.to_string()).collect())
        }
        _ => None,
    };
    effects.iter().find_map(of).unwrap_or_default()
}

#[test]
fn what_is_claimed_or_begun_comes_first_then_the_list_and_never_what_is_read_or_anothers() {
    let mut state = at_worklist();
    let claimed = |study, claim| Row { claim, ..row(study, P::Low, R::Claimed) };
    let rows = vec![
        row("1.1", P::Medium, R::Unread),
        row("1.2", P::Stat, R::Unread),
        row("1.3", P::Low, R::Draft),
        claimed("1.4", Claim::Mine),
        claimed("1.5", Claim::Other(crate::dicom::Phi::default())),
        row("1.6", P::High, R::Final),
        row("1.7", P::Unknown, R::Unknown),
    ];
    let effects = list(&mut state, rows.clone());
    assert_eq!(wanted(&effects), ["1.3", "1.4", "1.2", "1.1", "1.7"]);
    pass(&mut state, uid("1.2"));
    assert_eq!(wanted(&list(&mut state, rows.clone())), ["1.3", "1.4", "1.1", "1.7", "1.2"], "gone on from");

    let id = request(&one(&mut state, Command::Refresh { centre: CENTRE.into() }), "list");
    let kept = List { rows: rows.clone(), kept_at: Some("23:10".into()), ..List::default() };
    let effects = one(&mut state, Event::Listed { id, outcome: Ok(kept) });
    assert_eq!(names(&effects), [""; 0], "without a line nothing is asked for");
    assert_eq!(names(&list(&mut State::default(), rows)), [""; 0], "nobody is signed in");
}

#[test]
fn a_row_tells_how_far_its_study_is_in_the_background() {
    let mut state = at_worklist();
    let listed = Row { instances: Some(20), ..row("1.1", P::Low, R::Unread) };
    let here = |state: &State| {
        let here = state.worklist.readiness(&listed, None, state.shell.now_ms);
        (here.received, here.seconds_left, here.rest)
    };
    let coming = |received| Event::Coming {
        study: uid("1.1"),
        progress: Progress { expected: Some(20), received, bytes: 1 },
    };
    let came = |stage, received| Event::Came {
        study: uid("1.1"),
        stage,
        progress: Progress { expected: Some(20), received, bytes: 1 },
    };
    let failed = Stage::Failed(problem("work-list-cut"));
    assert_eq!(here(&state), (0, None, None));
    one(&mut state, Event::Planned(vec![uid("1.2"), uid("1.1")]));
    assert_eq!(here(&state), (0, None, Some(Stage::Waiting)));
    one(&mut state, coming(5));
    tick(&mut state, 2_000);
    one(&mut state, coming(10));
    assert_eq!(here(&state), (10, Some(4), Some(Stage::Arriving)));
    one(&mut state, came(failed.clone(), 12));
    one(&mut state, Event::Planned(vec![uid("1.1")]));
    assert_eq!(here(&state), (12, None, Some(failed)), "until it is tried again");
    one(&mut state, came(Stage::Here, 20));
    assert_eq!(here(&state), (20, None, None));
    list(&mut state, vec![Row { instances: Some(23), received: 20, ..listed.clone() }]);
    assert_eq!(here(&state).0, 0, "the rows say themselves what is here");
    one(&mut state, Event::Planned(vec![uid("1.1")]));
    one(&mut state, Event::Rested { id: 1, outcome: Err(problem("work-stopped")) });
    assert_eq!(here(&state).2, Some(Stage::Failed(problem("work-stopped"))));
}

#[test]
fn a_reported_study_that_grew_is_told_when_it_grows_and_not_again() {
    let mut state = at_worklist();
    let grown = |by| vec![Row { date: "20261122".into(), grown: by, ..row("1.1", P::Low, R::Final) }];
    list(&mut state, grown(0));
    assert!(told(&state).is_empty());
    list(&mut state, grown(12));
    assert_eq!(told(&state), [("growth-after-signing", Weight::Warning)]);
    let args = &state.shell.notices[0].problem.args;
    assert_eq!(args[0].1, "CT 2026-11-22", "nothing of the patient");
    let id = state.shell.notices[0].id;
    one(&mut state, shell::Command::Dismiss(id));
    list(&mut state, grown(12));
    assert!(told(&state).is_empty(), "known");
    list(&mut state, grown(13));
    assert_eq!(told(&state).len(), 1);
}

#[test]
fn a_list_without_a_line_keeps_its_rows_and_says_since_when() {
    let mut state = at_worklist();
    one(&mut state, Command::Select(Some(uid("1.2"))));
    let id = request(&one(&mut state, Command::Refresh { centre: CENTRE.into() }), "list");
    let rows = vec![row("1.2", P::Stat, R::Unread)];
    let kept = List { rows, kept_at: Some("23:10".into()), ..List::default() };
    one(&mut state, Event::Listed { id, outcome: Ok(kept) });
    assert_eq!((shown(&state), selected(&state)), (vec!["1.2"], Some("1.2")));
    assert_eq!(state.worklist.list.latest().unwrap().kept_at.as_deref(), Some("23:10"));
    assert!(told(&state).is_empty(), "an old STAT is no new one");
}

#[test]
fn a_study_that_was_claimed_comes_first_and_one_that_is_anothers_is_told() {
    let mut state = at_worklist();
    assert_eq!(names(&one(&mut state, Command::Claim { study: uid("1.3"), take: true })), ["claim"]);
    assert_eq!(state.worklist.row(&uid("1.3")).unwrap().claim, Claim::Nobody, "not before it is");
    let effects = one(&mut state, Event::Claimed { study: uid("1.3"), outcome: Ok(true) });
    let row = state.worklist.row(&uid("1.3")).unwrap();
    assert_eq!((&row.claim, row.state), (&Claim::Mine, R::Claimed));
    assert_eq!(wanted(&effects), ["1.3", "1.1", "1.2"]);
    one(&mut state, Event::Claimed { study: uid("1.3"), outcome: Ok(false) });
    let row = state.worklist.row(&uid("1.3")).unwrap();
    assert_eq!((&row.claim, row.state), (&Claim::Nobody, R::Unread));
    let taken = Err(problem("claim-taken-by-other"));
    let effects = one(&mut state, Event::Claimed { study: uid("1.2"), outcome: taken });
    assert_eq!(told(&state), [("claim-taken-by-other", Weight::Warning)]);
    assert_eq!(names(&effects), ["list"], "whose it is will be listed");
    let mut nobody = State::default();
    assert_eq!(names(&one(&mut nobody, Command::Claim { study: uid("1.3"), take: true })), [""; 0]);
}
