//! First run and sign-in.

use dokuei::session::settings::Language;
use dokuei::session::sign_in::{Browser, CentreChoice, Command, KnownCentre, Method, Secret};
use dokuei::session::{self, Remote, State, shell};
use dokuei::ui::sign_in;
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;

use super::desk::{Shown, assert_named, assert_spoken, desk, problem, says, sized, speaking};

fn known() -> State {
    let centre = KnownCentre {
        name: "Harbour".into(),
        url: "https://pacs.harbour.example/dicom-web".into(),
        user: Some("sato".into()),
        method: Method::Password,
    };
    let mut state = speaking(Language::English);
    state.sign_in.centres.push(centre);
    state
}

pub(super) fn first_run(language: Language) -> State {
    let mut state = speaking(language);
    (state.sign_in.first_run, state.sign_in.needs_passphrase) = (true, true);
    state
}

fn type_into(shown: &mut Shown, field: (Role, &str), text: &str) {
    shown.get_by_role_and_label(field.0, field.1).focus();
    shown.step();
    shown.get_by_role_and_label(field.0, field.1).type_text(text);
    shown.step();
}

fn entered(shown: &Shown) -> Option<&Command> {
    shown.state().sent.iter().find_map(|command| match command {
        session::Command::SignIn(command) => Some(command),
        _ => None,
    })
}

#[test]
fn the_first_run_asks_for_language_and_centre_in_both_languages() {
    for (language, demo, other) in [
        (Language::English, "Try with the demo centre (made-up patients)", "日本語"),
        (Language::Japanese, "デモ施設で試す（架空の患者）", "English"),
    ] {
        for size in [[1366.0, 768.0], [683.0, 384.0]] {
            let mut shown = sized(first_run(language), sign_in::show, size);
            assert_spoken(&shown);
            assert_named(&shown);
            shown.get_by_label(demo).scroll_to_me();
            shown.get_by_role_and_label(Role::Button, other).click();
            shown.run_steps(4);
            let asked = shown.state().sent.iter().any(|command| {
                matches!(command, session::Command::Shell(shell::Command::Speak(to)) if *to != language)
            });
            assert!(asked);
        }
    }
}

#[test]
fn user_and_password_and_enter_sign_in_and_the_password_is_shown_nowhere() {
    let mut shown = desk(known(), sign_in::show);
    type_into(&mut shown, (Role::PasswordInput, "Password"), "open sesame");
    assert!(!says(&shown, "open sesame"));
    shown.key_press(Key::Enter);
    shown.run_steps(4);
    let Some(Command::Enter { centre, user, password, passphrase, .. }) = entered(&shown) else {
        panic!("nothing was sent: {:?}", shown.state().sent)
    };
    assert_eq!(*centre, CentreChoice::Known("Harbour".into()));
    assert_eq!((user.as_str(), password.0.as_str()), ("sato", "open sesame"));
    assert!(passphrase.is_none());
    assert!(!format!("{:?}", shown.state().sent).contains("sesame"));
    let field = shown.get_by_role_and_label(Role::PasswordInput, "Password").value();
    assert!(field.unwrap_or_default().is_empty(), "the field lets go of what was sent");
}

#[test]
fn a_new_vault_asks_for_its_passphrase_twice_and_says_why() {
    let mut shown = desk(first_run(Language::English), sign_in::show);
    shown.get_by_role_and_label(Role::RadioButton, "Try with the demo centre (made-up patients)").click();
    shown.run_steps(4);
    assert!(says(&shown, "cannot be recovered"));
    type_into(&mut shown, (Role::PasswordInput, "Vault passphrase"), "correct horse");
    shown.key_press(Key::Enter);
    shown.run_steps(4);
    assert!(entered(&shown).is_none() && says(&shown, "are not the same"));
    type_into(&mut shown, (Role::PasswordInput, "The same passphrase again"), "correct horse");
    shown.get_by_role_and_label(Role::Button, "Open the demo centre").click();
    shown.run_steps(4);
    let Some(Command::Enter { centre: CentreChoice::Demo, passphrase: Some(phrase), .. }) = entered(&shown)
    else {
        panic!("{:?}", shown.state().sent)
    };
    assert_eq!(phrase.0.as_str(), "correct horse");
}

#[test]
fn a_failure_stands_beside_the_button_and_what_was_typed_stays() {
    let mut shown = desk(known(), sign_in::show);
    type_into(&mut shown, (Role::TextInput, "User"), "h");
    shown.state_mut().state.sign_in.entered = Remote::Pending { previous: None };
    shown.step();
    assert!(says(&shown, "signing in to Harbour"));
    shown.state_mut().state.sign_in.entered =
        Remote::Failed { problem: problem("vault-wrong-passphrase"), previous: None };
    shown.run_steps(4);
    assert!(says(&shown, "passphrase"));
    assert_spoken(&shown);
    let user = shown.get_by_role_and_label(Role::TextInput, "User").value();
    assert!(user.is_some_and(|user| user.contains('h') && user.contains("sato")));
}

fn by(method: Method) -> State {
    let mut state = known();
    state.sign_in.centres[0].method = method;
    state
}

#[test]
fn the_way_in_follows_the_centre() {
    let mut shown = desk(by(Method::Token), sign_in::show);
    assert!(!says(&shown, "Password"));
    type_into(&mut shown, (Role::PasswordInput, "Access token"), "t0ken");
    shown.key_press(Key::Enter);
    shown.run_steps(4);
    let Some(Command::Enter { user, password, .. }) = entered(&shown) else { panic!("nothing was sent") };
    assert_eq!((user.as_str(), password.0.as_str()), ("", "t0ken"));

    let mut shown = desk(by(Method::Browser), sign_in::show);
    assert!(!says(&shown, "Password") && says(&shown, "your browser opens"));
    assert_spoken(&shown);
    assert_named(&shown);
    shown.get_by_role_and_label(Role::Button, "Sign in with the browser").click();
    shown.run_steps(4);
    assert!(matches!(entered(&shown), Some(Command::Enter { user, .. }) if user.is_empty()));
}

#[test]
fn a_browser_that_is_waited_for_can_be_helped_and_broken_off() {
    for (opened, words) in [(true, "No page?"), (false, "No browser could be opened")] {
        let mut state = by(Method::Browser);
        state.sign_in.entered = Remote::Pending { previous: None };
        let address = Secret(zeroize::Zeroizing::new("https://id.example/auth?state=x".to_owned()));
        state.sign_in.browser = Some(Browser { address, opened });
        let mut shown = desk(state, sign_in::show);
        assert!(says(&shown, "Waiting for you") && says(&shown, words));
        assert!(!says(&shown, "id.example"));
        assert_spoken(&shown);
        shown.get_by_role_and_label(Role::Button, "Copy the address").click();
        shown.run_steps(2);
        shown.get_by_role_and_label(Role::Button, "Cancel").click();
        shown.run_steps(4);
        assert_eq!(entered(&shown), Some(&Command::BreakOff));
        assert!(!says(&shown, "Waiting for you"));
    }
}

#[test]
fn a_locked_certificate_file_asks_for_its_password() {
    for id in ["centre-certificate-locked", "centre-certificate-wrong-password"] {
        let mut state = by(Method::Browser);
        state.sign_in.entered = Remote::Failed { problem: problem(id), previous: None };
        let mut shown = desk(state, sign_in::show);
        type_into(&mut shown, (Role::PasswordInput, "Password of the certificate file"), "p12");
        shown.key_press(Key::Enter);
        shown.run_steps(4);
        let sent = entered(&shown);
        let Some(Command::Enter { certificate_password: Some(password), .. }) = sent else {
            panic!("{sent:?}")
        };
        assert_eq!(password.0.as_str(), "p12");
    }
}
