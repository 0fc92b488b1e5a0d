use super::*;
use crate::session::tests::{
    CENTRE, complete, kept, names, one, problem, reading, request, tick, told, uid, write,
};
use crate::session::{Effect as Any, draft};

const NOTHING: [&str; 0] = [];

#[test]
fn notes_go_by_themselves_and_the_rest_when_it_is_dismissed() {
    let mut state = State::default();
    tick(&mut state, 1_000);
    tell(&mut state, problem("note"), Weight::Note);
    tell(&mut state, problem("warning"), Weight::Warning);
    tick(&mut state, 5_000);
    tell(&mut state, problem("note"), Weight::Note);
    assert_eq!(told(&state), [("warning", Weight::Warning), ("note", Weight::Note)], "the same stands once");
    tick(&mut state, 12_999);
    assert_eq!(state.shell.notices.len(), 2, "eight seconds since it was told last");
    tick(&mut state, 13_000);
    assert_eq!(told(&state), [("warning", Weight::Warning)]);
    one(&mut state, Command::Tell(problem("warning"), Weight::Note));
    assert_eq!(told(&state), [("warning", Weight::Warning)], "what is worse stays");
    let id = state.shell.notices[0].id;
    one(&mut state, Command::Dismiss(id));
    assert_eq!(told(&state), []);
    tick(&mut state, 1);
    assert_eq!(state.shell.now_ms, 13_000, "time does not go back");
}

#[test]
fn choices_hold_at_once_and_are_remembered() {
    let mut state = State::default();
    let reader = Identity { name: "Sato".into(), ..Identity::default() };
    let commands =
        [Command::Speak(Language::Japanese), Command::SignAs(reader.clone()), Command::Sound(false)];
    for command in commands {
        let effects = one(&mut state, command);
        let [Any::Shell(Effect::Remember { id, settings })] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(**settings, state.shell.settings);
        one(&mut state, Event::Remembered { id: *id, outcome: Err(problem("site-unreadable")) });
    }
    let expected = Settings { language: Language::Japanese, reader, sound: false, ..Settings::default() };
    assert_eq!(state.shell.settings, expected);
    assert_eq!(told(&state), [("site-unreadable", Weight::Note)]);
    one(&mut state, Event::Settings(Box::default()));
    assert_eq!(state.shell.settings, Settings::default());
}

#[test]
fn reading_is_shown_only_with_a_case() {
    let mut state = State::default();
    one(&mut state, Command::Show(Screen::Reading));
    assert_eq!(state.shell.screen, Screen::SignIn);
    let mut state = reading("1.1");
    for screen in [Screen::Worklist, Screen::Reading] {
        one(&mut state, Command::Show(screen));
        assert_eq!(state.shell.screen, screen);
    }
}

#[test]
fn leaving_asks_about_reports_that_have_not_arrived() {
    let report = |sop: &str, stage| outbox::Report {
        sop_instance: uid(sop),
        study: uid("1.1"),
        centre: CENTRE.into(),
        state: stage,
        problem: None,
        attempts: 0,
    };
    let mut state = State::default();
    for (sop, stage) in [
        ("2.1", outbox::State::Saved),
        ("2.2", outbox::State::Sent),
        ("2.3", outbox::State::Confirmed),
        ("2.4", outbox::State::Failed),
    ] {
        one(&mut state, outbox::Event::Changed(report(sop, stage)));
    }
    one(&mut state, Command::Leave);
    assert_eq!((&state.shell.dialog, state.shell.leaving), (&Some(Dialog::Leave { unsent: 3 }), false));
    one(&mut state, Command::CloseDialog);
    assert!(!state.shell.leaving);
    one(&mut state, Command::LeaveAnyway);
    assert!(state.shell.leaving);
}

#[test]
fn the_window_closes_when_what_was_made_is_kept_and_the_case_is_closed() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let keep = one(&mut state, Command::Leave);
    assert_eq!((names(&keep), state.shell.leaving), (vec!["keep"], false));
    one(&mut state, write("two"));
    let keep = kept(&mut state, &keep, Ok(()));
    assert_eq!((names(&keep), state.shell.leaving), (vec!["keep"], false), "changed meanwhile");
    let close = kept(&mut state, &keep, Ok(()));
    assert_eq!((names(&close), state.shell.leaving), (vec!["close"], false));
    let id = request(&close, "close");
    one(&mut state, case::Event::Closed { id });
    assert!(state.shell.leaving);

    let mut nothing_made = reading("1.1");
    let forget = one(&mut nothing_made, Command::Leave);
    assert_eq!(names(&kept(&mut nothing_made, &forget, Ok(()))), ["close"]);
    let mut nothing_open = State::default();
    assert_eq!(names(&one(&mut nothing_open, Command::Leave)), NOTHING);
    assert!(nothing_open.shell.leaving);
}

#[test]
fn what_cannot_be_kept_holds_the_window_once_and_not_for_ever() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let keep = one(&mut state, Command::Leave);
    kept(&mut state, &keep, Err(problem("vault-disk-full")));
    let expected = [("vault-disk-full", Weight::Fault), ("draft-leave-not-kept", Weight::Fault)];
    assert_eq!((&told(&state)[..], state.shell.leaving), (&expected[..], false));
    let mut mended = state.clone();
    one(&mut state, Command::Leave);
    assert!(state.shell.leaving, "the reader has been told");

    let keep = tick(&mut mended, 5_000);
    kept(&mut mended, &keep, Ok(()));
    assert!(!mended.shell.leaving, "nobody asked again");
    assert_eq!(names(&one(&mut mended, Command::Leave)), ["close"]);

    let mut hanging = reading("1.1");
    one(&mut hanging, write("one"));
    one(&mut hanging, Command::Leave);
    one(&mut hanging, Command::Leave);
    assert!(hanging.shell.leaving, "a vault that does not answer holds nobody");
}

#[test]
fn a_report_that_is_being_signed_has_not_arrived() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    complete(&mut state);
    one(&mut state, draft::Command::Sign);
    one(&mut state, Command::Leave);
    assert_eq!(state.shell.dialog, Some(Dialog::Leave { unsent: 1 }));
}
