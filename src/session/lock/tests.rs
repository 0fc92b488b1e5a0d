use super::*;
use crate::dicom::{PersonName, Phi};
use crate::report::ReportState;
use crate::session::shell::{Command as Shell, Dialog, Screen, Weight};
use crate::session::tests::{
    CENTRE, at_worklist, complete, entry, findings, kept, list, names, one, open_study, opened, problem,
    reading, request, row, tick, told, uid, write,
};
use crate::session::worklist::{Priority, ReadingState, Worklist};
use crate::session::{Message, draft, viewer};

const MINUTE: u64 = 60_000;
/// Stands wherever something of a patient may stand.
const CANARY: &str = "Yamada";

/// Reading, with a name in every place that can hold one, all of it kept.
fn full_of_names() -> State {
    let mut state = at_worklist();
    let mut named = row("1.1", Priority::Stat, ReadingState::Unread);
    named.patient.name = Phi::new(PersonName::parse(CANARY));
    named.description = format!("CT of {CANARY}");
    list(&mut state, vec![named]);
    let id = request(&open_study(&mut state, "1.1"), "open");
    one(&mut state, CaseEvent::Opened { id, kept: None });
    one(&mut state, write(&format!("{CANARY} is well")));
    one(&mut state, worklist::Command::Filter(CANARY.to_owned()));
    let mut refused = problem("work-file-refused");
    refused.args.push(("path".into(), format!("/cd/{CANARY}.dcm")));
    one(&mut state, Shell::Tell(refused, Weight::Warning));
    one(&mut state, Shell::Open(Dialog::Palette));
    state
}

/// Locks, and the parcel lies sealed.
fn lock(state: &mut State) -> (Vec<AnyEffect>, Box<Parcel>) {
    let effects = one(state, Command::Close);
    let seal = effects.iter().find_map(|effect| match effect {
        AnyEffect::Lock(Effect::Seal { id, parcel, .. }) => Some((*id, parcel.clone())),
        _ => None,
    });
    let (id, parcel) = seal.unwrap();
    one(state, Event::Sealed { id, way: Way::Passphrase });
    (effects, parcel)
}

fn unlock(state: &mut State, outcome: Result<Option<Box<Parcel>>, Refusal>) -> Vec<AnyEffect> {
    let id = request(&one(state, Command::Open(Secret::default())), "unseal");
    one(state, Event::Unsealed { id, outcome })
}

fn view(command: viewer::Command) -> Message {
    Message::Command(Any::Viewer(command))
}

fn closed(state: &State) -> &Closed {
    state.lock.closed.as_ref().unwrap()
}

#[test]
fn who_does_not_stir_for_ten_minutes_has_gone_and_who_stirs_has_not() {
    let mut state = reading("1.1");
    tick(&mut state, MINUTE);
    one(&mut state, Event::Stirred);
    tick(&mut state, 11 * MINUTE - 1);
    assert_eq!((state.lock.is_closed(), left(&state)), (false, Some(Duration::from_millis(1))));
    assert_eq!(names(&tick(&mut state, 11 * MINUTE)), ["seal"]);
    assert!(state.lock.is_closed() && left(&state).is_none());
    let mut state = reading("1.1");
    one(&mut state, Shell::LockAfter(200));
    tick(&mut state, 30 * MINUTE - 1);
    assert!(!state.lock.is_closed());
    tick(&mut state, 30 * MINUTE);
    assert!(state.lock.is_closed(), "nobody may have it longer than half an hour");
}

#[test]
fn before_anybody_signs_in_there_is_nothing_to_hide() {
    let mut state = State::default();
    assert_eq!(names(&one(&mut state, Command::Close)), [""; 0]);
    assert_eq!(names(&tick(&mut state, 60 * MINUTE)), [""; 0]);
    assert!(!state.lock.is_closed());
}

#[test]
fn a_locked_state_names_nobody_and_the_draft_is_ordered_to_be_kept_first() {
    let mut state = full_of_names();
    assert!(format!("{state:?}").contains(CANARY), "the canary sings");
    let (effects, parcel) = lock(&mut state);
    assert_eq!(names(&effects), ["keep", "seal"]);
    kept(&mut state, &effects, Ok(()));
    assert!(state.case.is_none() && state.worklist == Worklist::default() && state.keeper.is_idle());
    let dump = format!("{state:?}");
    assert!(!dump.contains(CANARY), "{dump}");
    assert!(!format!("{effects:?}").contains(CANARY) && !format!("{parcel:?}").contains(CANARY));
}

#[test]
fn everything_comes_back_as_it_was() {
    let mut state = full_of_names();
    one(&mut state, view(viewer::Command::Tool(viewer::Tool::Zoom)));
    one(&mut state, view(viewer::Command::OpenWindow));
    one(&mut state, draft::Command::State(ReportState::Preliminary));
    let before = state.clone();
    let (effects, parcel) = lock(&mut state);
    assert_eq!(closed(&state).windows, 2);
    kept(&mut state, &effects, Ok(()));
    let effects = unlock(&mut state, Ok(Some(parcel)));
    assert_eq!(names(&effects), ["open", "list", "look"]);
    assert!(!state.lock.is_closed());
    let (was, is) = (before.case.as_ref().unwrap(), state.case.as_ref().unwrap());
    assert_eq!((&is.draft, &is.viewer.windows), (&was.draft, &was.viewer.windows));
    assert_eq!((is.viewer.tool, is.viewer.annotations), (was.viewer.tool, was.viewer.annotations));
    assert_eq!((opened(&state), state.shell.screen), (Some("1.1"), Screen::Reading));
    assert_eq!(
        (&state.worklist.filter, &state.worklist.selected),
        (&before.worklist.filter, &before.worklist.selected)
    );
    assert_eq!((told(&state), &state.shell.dialog), (told(&before), &None));
    // What the vault answers now is not put over it.
    let id = is.request;
    one(&mut state, CaseEvent::Opened { id, kept: None });
    assert_eq!(findings(&state), format!("{CANARY} is well"));
    one(&mut state, write("more"));
    assert_eq!(names(&tick(&mut state, MINUTE)), ["keep"]);
}

#[test]
fn what_was_written_before_the_vault_answered_stands_below_what_the_vault_has() {
    let mut state = at_worklist();
    open_study(&mut state, "1.1");
    one(&mut state, write("meanwhile"));
    let (effects, parcel) = lock(&mut state);
    assert_eq!(names(&effects), ["seal"], "nothing is put in the place of what is not known");
    unlock(&mut state, Ok(Some(parcel)));
    let id = state.case.as_ref().unwrap().request;
    let mut before = reading("1.1");
    one(&mut before, write("before"));
    let vaults = Box::new(crate::session::kept::KeptCase::whole(before.case.as_ref().unwrap()));
    one(&mut state, CaseEvent::Opened { id, kept: Some(vaults) });
    assert_eq!(findings(&state), "before\nmeanwhile");
    assert_eq!(names(&tick(&mut state, MINUTE)), ["keep"]);
}

#[test]
fn files_come_back_without_a_vault() {
    let mut state = State::default();
    let path = std::path::PathBuf::from(format!("/cd/{CANARY}.dcm"));
    one(&mut state, case::Command::OpenFiles(vec![path.clone()]));
    one(&mut state, view(viewer::Command::OpenWindow));
    let (effects, parcel) = lock(&mut state);
    assert_eq!(names(&effects), ["seal"]);
    assert!(!format!("{state:?}").contains(CANARY));
    let effects = unlock(&mut state, Ok(Some(parcel)));
    assert_eq!(names(&effects), ["open files"]);
    let case = state.case.as_ref().unwrap();
    assert_eq!((&case.origin, case.viewer.windows.len()), (&case::Origin::Files(vec![path]), 2));
    assert_eq!(state.shell.screen, Screen::Reading);
}

#[test]
fn nothing_that_a_person_or_a_centre_says_reaches_a_locked_state() {
    let mut state = full_of_names();
    let open = state.case.as_ref().unwrap().request;
    let (effects, _) = lock(&mut state);
    kept(&mut state, &effects, Ok(()));
    let before = state.clone();
    for command in [
        Any::Shell(Shell::Show(Screen::Worklist)),
        Any::Shell(Shell::Open(Dialog::Palette)),
        Any::Case(case::Command::OpenFiles(vec![CANARY.into()])),
        Any::Worklist(worklist::Command::Filter(CANARY.to_owned())),
        Any::Draft(write(CANARY)),
    ] {
        assert_eq!(one(&mut state, Message::Command(command)), []);
    }
    let recalled = Ok(Some((CENTRE.to_owned(), uid("1.2"))));
    one(&mut state, CaseEvent::Recalled { id: 1, outcome: recalled });
    one(&mut state, CaseEvent::Catalogued { id: open, catalogue: vec![entry("1.1")].into() });
    assert_eq!(state, before);
}

#[test]
fn the_transfer_goes_on_and_is_counted_until_it_ends() {
    let mut state = reading("1.1");
    let id = state.case.as_ref().unwrap().request;
    lock(&mut state);
    let progress = Progress { expected: Some(3), received: 2, bytes: 9 };
    one(&mut state, CaseEvent::Progress { id, progress });
    assert_eq!(closed(&state).receiving, Some(progress));
    one(&mut state, CaseEvent::Arrived { id, outcome: Err(problem("work-stopped")) });
    assert_eq!((closed(&state).receiving, told(&state)), (None, Vec::new()));
}

#[test]
fn a_wrong_word_is_told_and_what_must_be_waited_for_is_waited_for() {
    let mut state = full_of_names();
    lock(&mut state);
    let wrong = |wait| Err(Refusal { problem: problem("vault-wrong-passphrase"), wait });
    unlock(&mut state, wrong(Duration::ZERO));
    assert!(
        matches!(&closed(&state).opened, Remote::Failed { problem, .. } if problem.id == "vault-wrong-passphrase")
    );
    unlock(&mut state, wrong(Duration::from_secs(30)));
    assert_eq!(one(&mut state, Command::Open(Secret::default())), [], "too soon");
    tick(&mut state, 29_999);
    assert_eq!(one(&mut state, Command::Open(Secret::default())), []);
    tick(&mut state, 30_000);
    assert_eq!(names(&unlock(&mut state, Ok(None))), ["open", "list", "look"], "the vault has the case");
    assert_eq!(opened(&state), Some("1.1"));
}

#[test]
fn the_browser_is_waited_for_until_that_is_broken_off() {
    let mut state = full_of_names();
    lock(&mut state);
    let id = request(&one(&mut state, Command::Open(Secret::default())), "unseal");
    let browser = sign_in::Browser { address: Secret::default(), opened: true };
    one(&mut state, sign_in::Event::InBrowser { id: id - 1, browser: browser.clone() });
    assert_eq!(state.sign_in.browser, None, "of an attempt before");
    one(&mut state, sign_in::Event::InBrowser { id, browser });
    assert!(state.sign_in.browser.is_some());
    let effects = one(&mut state, Command::BreakOff);
    assert_eq!(effects, [AnyEffect::SignIn(sign_in::Effect::BreakOff { id })]);
    let refusal = Refusal { problem: problem("work-broken-off"), wait: Duration::ZERO };
    one(&mut state, Event::Unsealed { id, outcome: Err(refusal) });
    assert_eq!(state.sign_in.browser, None);
    assert_eq!(one(&mut state, Command::BreakOff), [], "nothing is waited for");
}

#[test]
fn a_report_that_was_signed_meanwhile_is_not_opened_to_be_signed_again() {
    for answered in [true, false] {
        let mut state = full_of_names();
        complete(&mut state);
        let signing = request(&one(&mut state, draft::Command::Sign), "sign");
        let (_, parcel) = lock(&mut state);
        if answered {
            let (sop_instance, measurements) = (uid("9.9"), Vec::new());
            let signed = outbox::Signed { sop_instance, measurements, state: outbox::State::Saved };
            one(&mut state, outbox::Event::Signed { id: signing, outcome: Ok(signed) });
        }
        unlock(&mut state, Ok(Some(parcel)));
        match answered {
            true => assert_eq!((opened(&state), state.shell.screen), (None, Screen::Worklist)),
            false => assert!(state.case.as_ref().unwrap().draft.signed.is_pending(), "not twice"),
        }
    }
}

#[test]
fn who_signs_out_of_a_locked_workstation_leaves_it_open_for_the_next() {
    let mut state = full_of_names();
    lock(&mut state);
    assert_eq!(names(&one(&mut state, sign_in::Command::Leave)), ["close", "leave"]);
    assert_eq!((state.lock.is_closed(), state.shell.screen), (false, Screen::SignIn));
}
