use super::*;
use crate::session::tests::{
    CENTRE, at_worklist, enter, findings, names, one, opened, problem, reading, request, sign_in, told, write,
};

#[test]
fn who_enters_sees_the_worklist_and_what_was_open() {
    let mut state = State::default();
    let known = KnownCentre {
        name: CENTRE.into(),
        url: "https://island".into(),
        user: None,
        method: Method::Password,
    };
    let centres = vec![known];
    one(&mut state, Event::Known { centres, needs_passphrase: true, first_run: true });
    assert_eq!((state.sign_in.centres.len(), state.sign_in.needs_passphrase), (1, true));
    assert_eq!(names(&sign_in(&mut state, CENTRE)), ["list", "look", "recall"]);
    assert_eq!((state.shell.screen, state.sign_in.first_run), (Screen::Worklist, false));
    assert_eq!(state.sign_in.signed_in().unwrap().centre, CENTRE);
}

#[test]
fn who_is_not_let_in_stays_and_sees_why() {
    let mut state = State::default();
    let old = request(&one(&mut state, enter()), "enter");
    let new = request(&one(&mut state, enter()), "enter");
    let answer = |id| Event::Entered { id, outcome: Err(problem("centre-wrong-password")) };
    one(&mut state, answer(old));
    assert!(state.sign_in.entered.is_pending(), "an answer to the attempt before");
    assert_eq!(names(&one(&mut state, answer(new))), [""; 0]);
    assert_eq!(state.shell.screen, Screen::SignIn);
    assert!(matches!(&state.sign_in.entered, Remote::Failed { problem, previous: None }
        if problem.id == "centre-wrong-password"));
    assert_eq!(told(&state), [], "it stands beside the field");
}

#[test]
fn leaving_keeps_the_case_and_leaves_nothing_of_the_centre_on_screen() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    assert_eq!(names(&one(&mut state, Command::Leave)), ["keep", "close", "leave"]);
    assert_eq!((opened(&state), state.shell.screen), (None, Screen::SignIn));
    assert_eq!((&state.worklist, &state.sign_in.entered), (&Worklist::default(), &Remote::NotAsked));
    assert_eq!(names(&one(&mut at_worklist(), Command::Leave)), ["leave"]);
}

#[test]
fn a_new_password_costs_nothing_of_the_case() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let id = state.case.as_ref().unwrap().request;
    one(&mut state, case::Event::Arrived { id, outcome: Err(problem("centre-wrong-password")) });
    assert_eq!(names(&sign_in(&mut state, CENTRE)), ["open", "list", "look"], "what had failed goes on");
    assert_eq!((opened(&state), findings(&state)), (Some("1.1"), "one"));
    assert_eq!(state.shell.screen, Screen::Reading);
    assert_eq!(names(&sign_in(&mut state, "elsewhere")), ["keep", "close", "list", "look", "recall"]);
    assert_eq!((opened(&state), state.worklist.visible().len()), (None, 0));
}

/// The dialog over the case, with what the centre said.
fn asks_again(state: &State) -> Option<&str> {
    match &state.shell.dialog {
        Some(Dialog::SignInAgain(why)) => Some(why.as_ref().map_or("", |problem| problem.id.as_ref())),
        _ => None,
    }
}

#[test]
fn a_centre_that_ends_the_sign_in_asks_for_a_new_one_over_the_case() {
    for id in ["centre-wrong-password", "centre-sign-in-ended", "centre-token-refused", "work-no-sign-in"] {
        let mut state = reading("1.1");
        one(&mut state, write("one"));
        let request = state.case.as_ref().unwrap().request;
        one(&mut state, case::Event::Arrived { id: request, outcome: Err(problem(id)) });
        assert_eq!(asks_again(&state), Some(id));
        assert_eq!((opened(&state), findings(&state)), (Some("1.1"), "one"));
        assert_eq!(names(&sign_in(&mut state, CENTRE)), ["open", "list", "look"], "what had failed goes on");
        assert_eq!((asks_again(&state), told(&state)), (None, Vec::new()), "what was told of it is over");
        assert_eq!((findings(&state), state.shell.screen), ("one", Screen::Reading));
    }
}

#[test]
fn no_other_trouble_and_no_other_centre_asks_for_a_sign_in() {
    let mut state = reading("1.1");
    let id = state.case.as_ref().unwrap().request;
    one(&mut state, case::Event::Arrived { id, outcome: Err(problem("centre-unreachable-timeout")) });
    assert_eq!(asks_again(&state), None);
    let elsewhere = outbox::Report {
        sop_instance: crate::session::tests::uid("2.1"),
        study: crate::session::tests::uid("1.1"),
        centre: "elsewhere".into(),
        state: outbox::State::Saved,
        problem: Some(problem("centre-wrong-password")),
        attempts: 1,
    };
    one(&mut state, outbox::Event::Changed(elsewhere.clone()));
    assert_eq!(asks_again(&state), None, "a report for another centre");
    one(&mut state, outbox::Event::Changed(outbox::Report { centre: CENTRE.into(), ..elsewhere }));
    assert_eq!(asks_again(&state), Some("centre-wrong-password"));
}

#[test]
fn the_browser_is_waited_for_until_it_answers_or_the_reader_breaks_off() {
    let browser =
        || Browser { address: Secret(Zeroizing::new("https://id/auth?state=x".into())), opened: true };
    let mut state = State::default();
    let old = request(&one(&mut state, enter()), "enter");
    let id = request(&one(&mut state, enter()), "enter");
    one(&mut state, Event::InBrowser { id: old, browser: browser() });
    assert_eq!(state.sign_in.browser, None, "of the attempt before");
    one(&mut state, Event::InBrowser { id, browser: browser() });
    assert_eq!(state.sign_in.browser, Some(browser()));
    assert!(!format!("{state:?}").contains("state=x"));
    assert_eq!(names(&one(&mut state, Command::BreakOff)), ["break off"]);
    assert_eq!((&state.sign_in.browser, &state.sign_in.entered), (&None, &Remote::NotAsked));
    let late = SignedIn { centre: CENTRE.into(), user: None, demo: false };
    one(&mut state, Event::Entered { id, outcome: Ok(late) });
    assert_eq!(state.shell.screen, Screen::SignIn, "a late answer");
    assert_eq!(names(&one(&mut state, Command::BreakOff)), [""; 0], "nothing is under way");

    let mut state = reading("1.1");
    let id = request(&one(&mut state, enter()), "enter");
    one(&mut state, Event::InBrowser { id, browser: browser() });
    one(&mut state, Command::BreakOff);
    assert_eq!(state.sign_in.centre(), Some(CENTRE), "who was signed in still is");
}
