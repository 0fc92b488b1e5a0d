//! The sign-in and what `work` remembers: effects in, events out, against a demo centre.

mod chime;
mod desk;
mod keeping;
mod line;
mod settings;

use dokuei::session::sign_in::CentreChoice;

use desk::{Desk, Island, NAME, PASSPHRASE, USER};

#[test]
fn the_demo_is_entered_without_a_word_and_leaves_no_trace_in_the_profile() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let mut desk = Desk::with_demo(home.path(), &island);
    let signed_in = desk.enter(CentreChoice::Demo, "", "").unwrap();
    assert_eq!((signed_in.centre.as_str(), signed_in.demo), ("demo", true));
    assert_eq!(signed_in.user.as_deref(), Some(USER));
    let list = desk.list("demo").unwrap();
    assert!(!list.rows.is_empty() && list.problems.is_empty(), "{:?}", list.problems);
    assert!(list.rows.iter().all(|row| row.received == 0));
    assert!(!home.path().join("config").exists());
    desk.enter(CentreChoice::Demo, "", "").unwrap();
    let mut plain = Desk::new(tempfile::tempdir().unwrap().path());
    assert_eq!(plain.enter(CentreChoice::Demo, "", "").unwrap_err(), "site-no-demo");
}

#[test]
fn a_new_centre_is_remembered_once_it_has_let_the_reader_in_and_its_password_never() {
    let (island, home) = (Island::new("right-password"), tempfile::tempdir().unwrap());
    let mut desk = Desk::new(home.path());
    let (centres, _, first_run) = desk.introduce();
    assert!(centres.is_empty() && first_run);
    let profile = home.path().join("config/profile.toml");
    assert_eq!(desk.enter(island.choice(), USER, "wrong-password").unwrap_err(), "centre-wrong-password");
    assert_eq!(desk.enter(island.choice(), USER, "").unwrap_err(), "work-no-password");
    assert!(!profile.exists(), "nobody was let in yet");
    assert_eq!(desk.list(NAME).unwrap_err(), "site-no-such-centre");

    let signed_in = desk.enter(island.choice(), &format!(" {USER} "), "right-password").unwrap();
    assert_eq!((signed_in.centre.as_str(), signed_in.demo), (NAME, false));
    assert!(!desk.list(NAME).unwrap().rows.is_empty());
    assert_eq!(desk.enter(island.choice(), USER, "right-password").unwrap_err(), "site-name-taken");
    drop(desk);

    let mut desk = Desk::new(home.path());
    let (centres, _, first_run) = desk.introduce();
    assert!(!first_run);
    let [centre] = &centres[..] else { panic!("{centres:?}") };
    assert_eq!((centre.name.as_str(), centre.url.as_str()), (NAME, island.running().base_url.as_str()));
    assert_eq!(centre.user.as_deref(), Some(USER));
    assert_eq!(desk.list(NAME).unwrap_err(), "work-no-password");
    drop(desk);
    assert_eq!(desk::in_the_clear(home.path(), &["right-password", PASSPHRASE]), Vec::<String>::new());
}

#[test]
fn a_password_changed_at_the_centre_is_asked_for_and_the_new_one_used_from_then_on() {
    let (mut island, home) = (Island::new("old-password"), tempfile::tempdir().unwrap());
    let mut desk = Desk::new(home.path());
    desk.enter(island.choice(), USER, "old-password").unwrap();
    desk.list(NAME).unwrap();
    island.change_password("new-password");
    let known = || CentreChoice::Known(NAME.to_owned());
    desk.list(NAME).unwrap_err();
    assert_eq!(desk.enter(known(), USER, "old-password").unwrap_err(), "centre-wrong-password");
    desk.enter(known(), USER, "new-password").unwrap();
    desk.list(NAME).unwrap();
    desk.leave();
    assert_eq!(desk.list(NAME).unwrap_err(), "work-no-password");
}

#[test]
fn a_centre_that_cannot_be_reached_or_named_is_told_in_a_sentence_and_not_remembered() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(home.path());
    for (name, url, id) in [
        ("", "https://pacs.invalid/dicom-web", "site-name-missing"),
        ("other", "pacs", "site-not-an-address"),
        ("other", "http://pacs.invalid/dicom-web", "site-not-secure"),
        ("other", "https://127.0.0.1:9/dicom-web", "centre-unreachable-refused"),
        ("other", "http://127.0.0.1:9/dicom-web", "centre-unreachable-refused"),
        ("other", "https://pacs.invalid/dicom-web", "centre-unreachable-"),
    ] {
        let choice = CentreChoice::New { name: name.to_owned(), url: url.to_owned(), ca: None };
        let told = desk.enter(choice, "reader", "password").unwrap_err();
        assert!(told.starts_with(id), "{url}: {told}");
    }
    assert_eq!(
        desk.enter(CentreChoice::Known("nowhere".to_owned()), "", "").unwrap_err(),
        "site-no-such-centre"
    );
    assert!(!home.path().join("config").exists());
}

#[test]
fn the_passphrase_is_asked_for_where_it_is_needed_and_a_wrong_one_opens_nothing() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let enter = |desk: &mut Desk, passphrase: Option<&str>| {
        desk.enter_with(CentreChoice::Demo, ["", ""], passphrase).map(|signed_in| signed_in.demo)
    };
    let mut desk = Desk::with_demo(home.path(), &island);
    assert_eq!(enter(&mut desk, Some(PASSPHRASE)), Ok(true));
    desk.leave();
    for (given, outcome) in [
        (Some("wrong"), Err("vault-wrong-passphrase".to_owned())),
        (None, Err("work-no-passphrase".to_owned())),
        (Some(PASSPHRASE), Ok(true)),
    ] {
        assert_eq!(enter(&mut desk, given), outcome, "the vault is open, and still for nobody else");
    }
    drop(desk);

    let mut desk = Desk::with_demo(home.path(), &island);
    let (_, needs_passphrase, _) = desk.introduce();
    assert!(needs_passphrase);
    assert_eq!(enter(&mut desk, Some("wrong")), Err("vault-wrong-passphrase".to_owned()));
    assert_eq!(enter(&mut desk, None), Err("work-no-passphrase".to_owned()));
    assert_eq!(enter(&mut desk, Some(PASSPHRASE)), Ok(true));
    drop(desk);

    let mut desk = Desk::with_passphrase_at_hand(home.path(), &island);
    let (_, needs_passphrase, _) = desk.introduce();
    assert!(!needs_passphrase);
    assert_eq!(enter(&mut desk, None), Ok(true));
}
