use super::*;
use crate::report::{Heading, ReportState};
use crate::session::shell::{Screen, Weight};
use crate::session::tests::{
    CENTRE, at_worklist, entry, findings, kept, list, names, one, open_study, opened as open, problem,
    reading, request, row, tick, told, uid, write,
};
use crate::session::worklist::{Priority, ReadingState};
use crate::session::{State, draft, outbox, sign_in, study};

const NOTHING: [&str; 0] = [];

/// What a vault has of a case.
fn in_vault(text: &str) -> KeptCase {
    let mut state = reading("1.1");
    one(&mut state, write(text));
    one(&mut state, draft::Command::State(ReportState::Preliminary));
    KeptCase::of(state.case.as_ref().unwrap()).unwrap()
}

fn text_to_keep(effects: &[crate::session::Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            crate::session::Effect::Case(Effect::Keep { case, .. }) => Some(case.sections[3].as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_change_is_ordered_to_be_kept_well_within_two_seconds_however_fast_one_types() {
    let mut state = reading("1.1");
    tick(&mut state, 1_000);
    let mut written = Vec::new();
    for n in 0..40 {
        one(&mut state, write(&"a".repeat(n + 1)));
        let now_ms = 1_000 + 100 * (n as u64 + 1);
        let effects = tick(&mut state, now_ms);
        written.extend(text_to_keep(&effects).iter().map(|text| (now_ms, text.len())));
        if !effects.is_empty() {
            let keeping = &state.case.as_ref().unwrap().keeping;
            assert!(keeping.kept < keeping.revision, "not before the vault says so");
            kept(&mut state, &effects, Ok(()));
        }
    }
    let expected: Vec<_> = (1..=5).map(|n| (1_000 + 700 * n, 7 * n as usize)).collect();
    assert_eq!(written, expected);
    let effects = tick(&mut state, 5_800);
    kept(&mut state, &effects, Ok(()));
    let keeping = &state.case.as_ref().unwrap().keeping;
    assert_eq!((keeping.kept, keeping.revision, keeping.dirty_since_ms), (40, 40, None));
    assert_eq!(names(&tick(&mut state, 9_000)), NOTHING, "nothing has changed");
}

#[test]
fn a_change_made_while_the_vault_writes_is_kept_next() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let first = tick(&mut state, 700);
    tick(&mut state, 1_000);
    one(&mut state, write("two"));
    assert_eq!(names(&tick(&mut state, 1_900)), NOTHING, "one order at a time");
    kept(&mut state, &first, Ok(()));
    let keeping = state.case.as_ref().unwrap().keeping.clone();
    assert_eq!((keeping.kept, keeping.dirty_since_ms), (1, Some(1_000)));
    assert_eq!(text_to_keep(&tick(&mut state, 1_900)), ["two"]);
}

#[test]
fn a_full_disk_is_told_once_and_tried_again_until_it_is_kept() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let mut keep = tick(&mut state, 700);
    for attempt in 0..3 {
        let now_ms = 700 + 5_000 * attempt;
        kept(&mut state, &keep, Err(problem("vault-disk-full")));
        let keeping = &state.case.as_ref().unwrap().keeping;
        assert_eq!(keeping.problem, Some(problem("vault-disk-full")));
        assert_eq!(told(&state), [("vault-disk-full", Weight::Fault)]);
        assert_eq!(state.shell.notices[0].at_ms, 700, "told once");
        assert_eq!(names(&tick(&mut state, now_ms + 4_999)), NOTHING);
        one(&mut state, write("two"));
        keep = tick(&mut state, now_ms + 5_000);
        assert_eq!(text_to_keep(&keep), ["two"], "as it is by then");
    }
    kept(&mut state, &keep, Ok(()));
    let keeping = &state.case.as_ref().unwrap().keeping;
    assert_eq!((&keeping.problem, keeping.dirty_since_ms), (&None, None));
}

#[test]
fn closing_keeps_what_was_made_forgets_what_was_not_and_never_what_it_has_not_seen() {
    type Do = fn(&mut State);
    let cases: [(&str, Do, &[&str]); 4] = [
        ("nothing made", |_| {}, &["forget", "close", "list"]),
        ("only looked at", |state| touched(state), &["forget", "close", "list"]),
        ("written", |state| drop(one(state, write("one"))), &["keep", "close", "list"]),
        (
            "kept already",
            |state| {
                one(state, write("one"));
                let effects = tick(state, 700);
                kept(state, &effects, Ok(()));
            },
            &["close", "list"],
        ),
    ];
    for (what, make, expected) in cases {
        let mut state = reading("1.1");
        make(&mut state);
        assert_eq!(names(&one(&mut state, Command::Close)), expected, "{what}");
        assert_eq!((open(&state), state.shell.screen), (None, Screen::Worklist));
    }
    let mut state = at_worklist();
    open_study(&mut state, "1.1");
    assert_eq!(names(&one(&mut state, Command::Close)), ["close", "list"], "the vault may hold a draft");
}

#[test]
fn a_case_that_only_was_looked_at_comes_back_as_it_hung() {
    let mut state = reading("1.1");
    touched(&mut state);
    assert_eq!(names(&tick(&mut state, 700)), ["keep"]);
}

#[test]
fn the_old_case_is_kept_before_the_new_one_opens_and_an_open_one_is_only_shown() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    assert_eq!(names(&open_study(&mut state, "1.1")), NOTHING);
    assert_eq!(names(&open_study(&mut state, "1.2")), ["keep", "open"]);
    assert_eq!((open(&state), findings(&state)), (Some("1.2"), ""));
    assert_eq!(state.worklist.selected, Some(uid("1.2")));
}

#[test]
fn what_could_not_be_kept_of_a_closed_case_is_tried_again_and_comes_back_with_it() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let keep = one(&mut state, Command::Close);
    kept(&mut state, &keep, Err(problem("vault-disk-full")));
    assert_eq!(told(&state), [("vault-disk-full", Weight::Fault)]);
    let id = request(&open_study(&mut state, "1.1"), "open");
    one(&mut state, Event::Opened { id, kept: None });
    assert_eq!(findings(&state), "one", "the vault is older than what waits");
    let again = tick(&mut state, 5_000);
    assert_eq!(text_to_keep(&again), ["one"]);
    assert_eq!(names(&kept(&mut state, &again, Ok(()))), NOTHING);
}

#[test]
fn a_case_opened_again_while_it_is_being_written_loses_nothing() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let keep = one(&mut state, Command::Close);
    let id = request(&open_study(&mut state, "1.1"), "open");
    kept(&mut state, &keep, Ok(()));
    one(&mut state, Event::Opened { id, kept: Some(Box::new(in_vault("older"))) });
    assert_eq!(findings(&state), "one");
    let keeping = &state.case.as_ref().unwrap().keeping;
    assert_eq!((keeping.revision, keeping.kept), (0, 0), "the old answer is not about this opening");
}

#[test]
fn an_opened_case_has_its_draft_again_and_only_its_own() {
    let mut state = at_worklist();
    let id = request(&open_study(&mut state, "1.1"), "open");
    one(&mut state, Event::Opened { id: id - 1, kept: Some(Box::new(in_vault("another"))) });
    assert_eq!(findings(&state), "");
    one(&mut state, write("typed before"));
    assert_eq!(names(&tick(&mut state, 2_000)), ["list"; 0], "what the vault has is not known yet");
    one(&mut state, Event::Opened { id, kept: Some(Box::new(in_vault("one"))) });
    assert_eq!(findings(&state), "one\ntyped before");
    let draft = &state.case.as_ref().unwrap().draft;
    assert_eq!((draft.state, draft.text(Heading::Impression)), (ReportState::Preliminary, ""));
    assert_eq!(text_to_keep(&tick(&mut state, 2_100)), ["one\ntyped before"]);
    one(&mut state, Event::Opened { id, kept: Some(Box::new(in_vault("again"))) });
    assert_eq!(findings(&state), "one\ntyped before", "once");
}

#[test]
fn a_cut_line_leaves_what_is_here_and_what_was_made_and_asks_again() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let id = state.case.as_ref().unwrap().request;
    one(&mut state, Event::Catalogued { id, catalogue: Arc::new(vec![entry("1.1")]) });
    assert_eq!(names(&one(&mut state, Command::Retry)), NOTHING, "it is still coming");
    one(&mut state, Event::Arrived { id, outcome: Err(problem("centre-cut-off")) });
    assert_eq!(told(&state), [("centre-cut-off", Weight::Fault)]);
    let again = request(&one(&mut state, Command::Retry), "open");
    one(&mut state, Event::Opened { id: again, kept: Some(Box::new(in_vault("older"))) });
    let case = state.case.as_ref().unwrap();
    assert_eq!((findings(&state), case.catalogue.len(), case.arrived.is_pending()), ("one", 1, true));
    one(&mut state, Event::Catalogued { id, catalogue: Arc::default() });
    assert_eq!(state.case.as_ref().unwrap().catalogue.len(), 1, "the old request is over");
}

#[test]
fn a_line_that_comes_back_is_found_by_itself_and_an_outage_is_told_once() {
    let mut state = reading("1.1");
    let arrived = |state: &mut State, outcome: Result<Fetched, Problem>| {
        let id = state.case.as_ref().unwrap().request;
        one(state, Event::Arrived { id, outcome });
    };
    arrived(&mut state, Err(problem("centre-cut-off")));
    let mut now_ms = 0;
    for pause_ms in [5_000, 10_000, 20_000, 30_000, 30_000] {
        assert_eq!(state.case.as_ref().unwrap().again.at_ms, Some(now_ms + pause_ms));
        assert!(!names(&tick(&mut state, now_ms + pause_ms - 1)).contains(&"open"), "too early");
        now_ms += pause_ms;
        assert!(names(&tick(&mut state, now_ms)).contains(&"open"));
        assert_eq!(state.case.as_ref().unwrap().again.at_ms, None, "it is being done");
        arrived(&mut state, Err(problem("centre-unreachable-refused")));
    }
    assert_eq!(told(&state), [("centre-cut-off", Weight::Fault)], "the outage is known");
    tick(&mut state, now_ms + 30_000);
    let whole = Fetched {
        skipped: 0,
        expected: 4,
        received: 4,
        bytes: 9,
        seconds: 1.0,
        first_image_seconds: None,
        resumed: 2,
        failures: Vec::new(),
    };
    arrived(&mut state, Ok(whole));
    assert_eq!((told(&state), state.case.as_ref().unwrap().again.at_ms), (Vec::new(), None));

    let mut state = reading("1.1");
    arrived(&mut state, Err(problem("centre-wrong-password")));
    assert_eq!(state.case.as_ref().unwrap().again.at_ms, None, "a person must do something");
}

#[test]
fn what_is_missing_is_told_by_kind_not_by_image() {
    let mut state = reading("1.1");
    let id = state.case.as_ref().unwrap().request;
    let refused =
        |image: &str| Problem { id: "work-stand-in".into(), args: vec![("image".into(), image.into())] };
    one(&mut state, Event::Refused { id, problems: vec![refused("1"), refused("2")] });
    one(&mut state, Event::Refused { id, problems: vec![refused("3")] });
    assert_eq!(told(&state), [("work-stand-in", Weight::Warning)]);
    assert_eq!(state.case.as_ref().unwrap().refused.len(), 3);
    let missing = |n: u32| study::Failure {
        instance: Some(uid(&format!("1.{n}"))),
        problem: problem("work-not-given"),
    };
    let fetched = Fetched {
        skipped: 0,
        expected: 4,
        received: 2,
        bytes: 9,
        seconds: 1.0,
        first_image_seconds: None,
        resumed: 0,
        failures: vec![missing(1), missing(2)],
    };
    one(&mut state, Event::Arrived { id, outcome: Ok(fetched) });
    assert_eq!(told(&state)[1..], [("work-not-given", Weight::Warning)]);
    let progress = state.case.as_ref().unwrap().progress;
    assert_eq!((progress.received, progress.expected), (2, Some(4)));
}

#[test]
fn next_keeps_the_case_and_opens_the_next_or_shows_the_list() {
    let mut state = reading("1.3");
    one(&mut state, write("one"));
    let effects = one(&mut state, Command::Next);
    assert_eq!((names(&effects), open(&state)), (vec!["keep", "open"], Some("1.1")));
    list(&mut state, vec![row("1.1", Priority::Low, ReadingState::Unread)]);
    kept(&mut state, &effects, Ok(()));
    assert_eq!(names(&one(&mut state, Command::Next)), ["close", "list"]);
    assert_eq!((open(&state), state.shell.screen), (None, Screen::Worklist));
}

#[test]
fn the_case_that_was_open_in_a_kill_comes_back_at_its_own_centre_only() {
    for (centre, expected) in [(CENTRE, Some("1.9")), ("elsewhere", None)] {
        let mut state = at_worklist();
        one(&mut state, Event::Recalled { id: 0, outcome: Ok(Some((centre.into(), uid("1.9")))) });
        assert_eq!(open(&state), expected, "{centre}");
    }
    let mut state = reading("1.1");
    one(&mut state, Event::Recalled { id: 0, outcome: Ok(Some((CENTRE.into(), uid("1.9")))) });
    assert_eq!(open(&state), Some("1.1"), "the reader has gone on");
    list(&mut state, vec![row("1.1", Priority::High, ReadingState::Unread)]);
    let row = state.case.as_ref().unwrap().row.as_ref().unwrap();
    assert_eq!(row.priority, Priority::High, "what the list says of it stays fresh");
}

#[test]
fn files_open_without_sign_in_and_nothing_of_them_is_kept() {
    let mut state = State::default();
    let id = request(&one(&mut state, Command::OpenFiles(vec!["a".into()])), "open files");
    one(&mut state, Event::Catalogued { id, catalogue: Arc::new(vec![entry("1.7"), entry("1.8")]) });
    assert_eq!(open(&state), Some("1.7"), "the first that was found");
    one(&mut state, write("one"));
    assert_eq!(names(&tick(&mut state, 5_000)), NOTHING);
    assert_eq!(state.case.as_ref().unwrap().keeping.dirty_since_ms, None);
    assert_eq!(names(&one(&mut state, draft::Command::Sign)), NOTHING);
    assert_eq!(told(&state), [("draft-files-not-signed", Weight::Warning)]);
    assert_eq!(names(&one(&mut state, Command::Close)), ["close"]);
    assert_eq!(state.shell.screen, Screen::SignIn);
}

#[test]
fn a_signed_study_is_not_the_next_one_again() {
    let mut state = at_worklist();
    let report = outbox::Report {
        sop_instance: uid("2.1"),
        study: uid("1.1"),
        centre: CENTRE.into(),
        state: outbox::State::Saved,
        problem: None,
        attempts: 0,
    };
    one(&mut state, outbox::Event::Changed(report));
    open_study(&mut state, "1.3");
    one(&mut state, Command::Next);
    assert_eq!(open(&state), Some("1.2"));
    assert!(matches!(state.sign_in.entered, Remote::Ready(sign_in::SignedIn { .. })));
}

#[test]
fn many_files_that_cannot_be_opened_are_one_notice_and_a_single_one_says_why() {
    let file =
        |name: &str| Problem { id: "dicom-not-dicom".into(), args: vec![("path".into(), name.into())] };
    let mut state = State::default();
    let id = request(&one(&mut state, Command::OpenFiles(vec!["a".into()])), "open files");
    one(&mut state, Event::Refused { id, problems: vec![file("a")] });
    assert_eq!(told(&state), [("dicom-not-dicom", Weight::Warning)]);
    for (problems, count) in [(vec![file("b"), file("c")], "3"), (vec![problem("work-stand-in")], "4")] {
        one(&mut state, Event::Refused { id, problems });
        assert_eq!(told(&state), [("work-files-refused", Weight::Warning)]);
        assert_eq!(state.shell.notices[0].problem.args, [("count".into(), count.to_owned())]);
    }
    assert_eq!(state.case.as_ref().unwrap().refused.len(), 4);
}
