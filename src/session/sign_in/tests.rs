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
