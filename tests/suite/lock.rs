//! What a locked workstation shows.

use std::time::Duration;

use dokuei::session::lock::{Command, Effect, Event, Refusal, Way};
use dokuei::session::settings::Language;
use dokuei::session::shell::Screen;
use dokuei::session::sign_in::SignedIn;
use dokuei::session::{self, Message, Remote, State, update};
use dokuei::ui::lock;

use crate::panels::desk::{Shown, assert_spoken, desk, problem, says, sized};

/// Signed in and locked, to be opened so.
fn locked(language: Language, way: Way) -> State {
    let mut state = State::default();
    state.shell.settings.language = language;
    state.shell.settings.reader.name = "Sato^Hanako=佐藤^花子".to_owned();
    state.shell.screen = Screen::Worklist;
    let (centre, user) = ("island".to_owned(), Some("sato".to_owned()));
    state.sign_in.entered = Remote::Ready(SignedIn { centre, user, demo: way == Way::Button });
    let effects = update(&mut state, Message::Command(session::Command::Lock(Command::Close)));
    let [session::Effect::Lock(Effect::Seal { id, .. })] = &effects[..] else { panic!("{effects:?}") };
    let sealed = Event::Sealed { id: *id, way };
    update(&mut state, Message::Event(session::Event::Lock(sealed)));
    state
}

fn ways() -> [Way; 4] {
    let password = Way::Password { centre: "island".to_owned(), user: "sato".to_owned() };
    [Way::Passphrase, password, Way::Button, Way::SignIn]
}

/// What was sent to open it.
fn opened(shown: &Shown) -> usize {
    let is_open = |sent: &&session::Command| matches!(sent, session::Command::Lock(Command::Open(_)));
    shown.state().sent.iter().filter(is_open).count()
}

#[test]
fn it_says_whose_it_is_and_how_to_open_it_in_both_languages_and_on_a_small_screen() {
    for (language, name) in [(Language::English, "Sato Hanako"), (Language::Japanese, "佐藤 花子")] {
        for way in ways() {
            for size in [[1366.0, 768.0], [960.0, 600.0]] {
                let shown = sized(locked(language, way.clone()), lock::show, size);
                assert_spoken(&shown);
                assert!(says(&shown, name) && says(&shown, "island") && says(&shown, "Dokuei"), "{way:?}");
            }
        }
    }
}

#[test]
fn what_is_typed_goes_into_the_field_and_is_sent_with_enter_and_nothing_is_sent_empty() {
    let mut shown = desk(locked(Language::English, Way::Passphrase), lock::show);
    shown.key_press(egui::Key::Enter);
    shown.run_steps(2);
    assert_eq!(opened(&shown), 0, "nothing was typed");
    shown.event(egui::Event::Text("word".to_owned()));
    shown.run_steps(2);
    shown.key_press(egui::Key::Enter);
    shown.run_steps(2);
    assert_eq!(opened(&shown), 1);
    assert!(says(&shown, "Checking"));
}

#[test]
fn who_must_wait_is_told_how_long() {
    let mut state = locked(Language::Japanese, Way::Passphrase);
    let secret = session::sign_in::Secret::default();
    let effects = update(&mut state, Message::Command(session::Command::Lock(Command::Open(secret))));
    let [session::Effect::Lock(Effect::Unseal { id, .. })] = &effects[..] else { panic!("{effects:?}") };
    let refusal = Refusal { problem: problem("vault-wrong-passphrase"), wait: Duration::from_secs(30) };
    let event = Event::Unsealed { id: *id, outcome: Err(refusal) };
    update(&mut state, Message::Event(session::Event::Lock(event)));
    let shown = desk(state, lock::show);
    assert_spoken(&shown);
    assert!(says(&shown, "あと30秒"), "{:?}", crate::panels::desk::words(&shown));
}
