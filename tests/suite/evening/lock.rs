//! Nobody is at the desk: nothing is to be read there, what was on its way goes on, the keys go, and who comes back
//! finds everything as it was.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use dokuei::demo::phantom::{self, PhantomStudy};
use dokuei::demo::{Fault, FaultKind, On};
use dokuei::report::Heading;
use dokuei::session::Remote;
use dokuei::session::lock::Way;
use dokuei::session::settings::Language;
use dokuei::session::shell::Screen;
use dokuei::session::viewer::Tool;
use dokuei::text::{Explain as _, Message};
use dokuei::vault::{OpenOptions, Unlock, Vault};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use zeroize::Zeroizing;

use super::reader::{FIRST, Reader};
use super::town::{self, PASSPHRASE, PASSWORD, Part, Town};

/// The default of the profile.
const IDLE: Duration = Duration::from_mins(10);

impl Reader {
    fn is_locked(&self) -> bool {
        self.state().lock.is_closed()
    }

    fn holds_keys(&self) -> bool {
        self.state().lock.closed.is_some_and(|closed| closed.holds_keys)
    }

    fn until_locked(&mut self) {
        self.until("the lock", |reader| {
            reader.state().lock.closed.is_some_and(|closed| closed.way.is_some())
        });
        self.step();
    }

    /// The open study is here. A made-up ultrasound takes its time where nothing is optimised.
    fn until_whole(&mut self) {
        let begun = std::time::Instant::now();
        while !self.case().arrived.latest().is_some_and(|fetched| fetched.is_complete()) {
            assert!(begun.elapsed() < Duration::from_mins(4), "never: {:?}", self.words());
            self.wait(Duration::from_millis(20));
        }
    }

    fn until_keys_gone(&mut self) {
        self.until("the keys go", |reader| !reader.holds_keys());
    }

    /// Types into the only field, which has the keyboard by itself, and presses Enter.
    fn answer(&mut self, word: &str) {
        self.event(Event::Text(word.to_owned()));
        self.key(Key::Enter);
        self.until("an answer", |reader| {
            reader.state().lock.closed.is_none_or(|closed| !closed.opened.is_pending())
        });
        self.step();
    }
}

/// Some images of the phantom's study of this modality and day.
fn part(which: impl Fn(&PhantomStudy) -> bool, images: std::ops::Range<usize>) -> Part {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let study = phantom::studies(day).into_iter().find(which).unwrap();
    Part { study, images, undecodable: None }
}

/// Every word of the names of all patients of the list, their IDs and what their studies are called.
fn canaries(reader: &Reader) -> BTreeSet<String> {
    let state = reader.state();
    let rows = &state.worklist.list.latest().unwrap().rows;
    assert!(!rows.is_empty());
    let of = |row: &dokuei::session::worklist::Row| {
        let name = row.patient.name.reveal();
        let writings = [&name.alphabetic, &name.ideographic, &name.phonetic];
        let words = writings.into_iter().flat_map(|writing| writing.split(['^', ' ']).map(str::to_owned));
        let more = [row.patient.id.reveal().clone(), row.description.clone()];
        words.chain(more).filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}

/// Neither the windows, what a screen reader says, the titles nor the state name anybody, and no pixel is left.
fn assert_nothing_to_read(reader: &Reader, canaries: &BTreeSet<String>) {
    let state = reader.state();
    assert!(state.case.is_none() && state.worklist.list.latest().is_none());
    let (words, dump) = (reader.words().join("\n"), format!("{state:?}"));
    for canary in canaries {
        assert!(!words.contains(canary.as_str()), "{canary} on screen: {words}");
        assert!(!dump.contains(canary.as_str()), "{canary} in the state");
        assert!(!reader.asked.contains(canary.as_str()), "{canary} in a title");
    }
    assert_eq!((reader.stores.frames.len(), reader.stores.frames.bytes()), (0, 0));
}

/// The records of the audit trail, after the program has ended.
fn audit(home: &Path) -> Vec<String> {
    let unlock = Unlock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()));
    let vault = Vault::open(&home.join("vault"), unlock, OpenOptions::default()).unwrap();
    let records = vault.audit().unwrap();
    records.iter().map(|one| String::from_utf8_lossy(&one.record).into_owned()).collect()
}

fn count(records: &[String], what: &str) -> usize {
    records.iter().filter(|record| record.contains(&format!("\"what\":\"{what}\""))).count()
}

#[test]
fn three_reports_and_a_study_on_their_way_arrive_then_the_keys_go_and_the_case_comes_back() {
    let slow = part(|study| study.modality == "MR", 0..3);
    let series = slow.series();
    let town = Town::new(vec![
        Part { images: 10..13, ..town::stat() },
        part(|study| study.description.contains("胸腹部"), 100..103),
        part(|study| study.modality == "US", 0..1),
        slow,
    ]);
    let trickle = FaultKind::RateLimit { bytes_per_second: 90_000 };
    town.centre.faults.add(Fault::always(On::get_ending(&series), trickle));
    let late = FaultKind::Delay(Duration::from_millis(800));
    town.centre.faults.add(Fault::always(On::store(), late));
    // The passphrase is typed.
    let mut reader = Reader::with_gpu(town.home(), Language::English, None);
    reader.sign_in();
    let canaries = canaries(&reader);
    reader.open_first();
    for n in 0..3 {
        let study = reader.case().study;
        reader.until_whole();
        reader.write(Role::MultilineTextInput, &reader.say("draft-impression"), "Nothing acute.");
        reader.click(&reader.say("draft-sign-final"));
        reader.until(&format!("the case after {n}"), |reader| reader.case().study != study);
    }
    let findings = reader.say("draft-findings");
    reader.write(Role::MultilineTextInput, &findings, "Half a sentence");
    let before = reader.state();
    assert!(before.outbox.unsent() > 0 && before.case.as_ref().unwrap().arrived.is_pending());

    reader.skip(IDLE);
    reader.until_locked();
    assert!(reader.holds_keys() && reader.sees_the("lock-keys-held"));
    reader.until("the reports and the study", |reader| {
        assert_nothing_to_read(reader, &canaries);
        !reader.holds_keys()
    });
    assert_eq!(town.stored().len(), 3);
    assert!(reader.sees_the("lock-keys-gone"));
    assert_eq!(reader.state().lock.closed.unwrap().way, Some(Way::Passphrase));
    // The vault is closed: its passphrase opens it for another.
    drop(
        Vault::open(
            &town.home().join("vault"),
            Unlock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned())),
            OpenOptions::default(),
        )
        .unwrap(),
    );

    reader.answer("not the passphrase");
    assert!(reader.is_locked());
    assert_nothing_to_read(&reader, &canaries);
    town.centre.faults.clear();
    reader.answer(PASSPHRASE);
    assert!(!reader.is_locked(), "{:?}", reader.words());
    assert_eq!(reader.state().shell.screen, Screen::Reading);
    reader.until("the study again", |reader| {
        reader.case().arrived.latest().is_some_and(|fetched| fetched.resumed == 3 && fetched.is_complete())
    });
    let (was, is) = (before.case.unwrap(), reader.case());
    assert_eq!((&is.study, is.draft.text(Heading::Findings)), (&was.study, "Half a sentence"));
    reader.until("its image", Reader::sees_image);
    // The keyboard is where it was, and the sign-in holds.
    reader.event(Event::Text(" more".to_owned()));
    reader.step();
    assert_eq!(reader.case().draft.text(Heading::Findings), "Half a sentence more");
    reader.until("the list", |reader| {
        reader.state().worklist.list.latest().is_some_and(|list| list.rows.len() == 4)
    });
    drop(reader);
    let records = audit(town.home());
    assert_eq!((count(&records, "locked"), count(&records, "unlocked")), (1, 1), "{records:?}");
    assert!(records.iter().any(|record| record.contains("1 wrong tries before")));
}

#[test]
fn without_a_line_the_last_password_opens_and_that_is_noted() {
    let town = Town::new(vec![town::other()]);
    // The passphrase is at hand: the reader knows only the centre's password.
    let mut reader = Reader::new(town.home(), Language::Japanese);
    reader.sign_in();
    let canaries = canaries(&reader);
    reader.open_first();
    reader.until_all_here();
    reader.key(Key::L);
    reader.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    let before = reader.case();
    assert_eq!(before.viewer.windows.len(), 2);
    reader.press(Modifiers::COMMAND, Key::L);
    assert!(reader.is_locked(), "by key");
    reader.until_locked();
    assert_nothing_to_read(&reader, &canaries);
    assert_eq!(reader.state().lock.closed.unwrap().windows, 2, "both stay, and are blank");
    reader.until_keys_gone();
    let user = town.centre.user.clone();
    assert_eq!(
        reader.state().lock.closed.unwrap().way,
        Some(Way::Password { centre: town::CENTRE.to_owned(), user })
    );

    reader.answer("wrong");
    let refused = reader.state().lock.closed.unwrap().opened;
    let problem = match &refused {
        Remote::Failed { problem, .. } => problem.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problem.id, "centre-wrong-password");
    assert!(reader.sees(&reader.saying(&problem.message())));
    town.cut();
    reader.answer("wrong");
    assert!(reader.is_locked() && reader.sees_the("lock-wrong-password"));
    reader.answer(PASSWORD);
    assert!(!reader.is_locked(), "{:?}", reader.words());
    let after = reader.case();
    assert_eq!(after.viewer.windows.len(), before.viewer.windows.len());
    assert_eq!((after.viewer.tool, after.study), (before.viewer.tool, before.study));
    assert!(matches!(after.viewer.tool, Tool::Measure(_)));
    reader.until("the image from the vault", Reader::sees_image);
    drop(reader);
    let records = audit(town.home());
    assert_eq!((count(&records, "unlocked_offline"), count(&records, "unlocked")), (1, 0), "{records:?}");
}

#[test]
fn the_fifth_wrong_word_costs_time_also_after_a_restart() {
    let town = Town::new(vec![town::other()]);
    let mut reader = Reader::with_gpu(town.home(), Language::English, None);
    reader.sign_in();
    reader.press(Modifiers::COMMAND, Key::L);
    reader.until_locked();
    for _ in 0..5 {
        assert!(!reader.sees(&wait_words(&reader)), "not yet");
        reader.answer("wrong");
    }
    assert!(reader.sees(&wait_words(&reader)), "{:?}", reader.words());
    reader.event(Event::Text(PASSPHRASE.to_owned()));
    reader.key(Key::Enter);
    assert!(reader.is_locked());
    drop(reader);
    let mut reader = Reader::with_gpu(town.home(), Language::English, None);
    reader.sign_in_with(PASSWORD);
    let told = Message::new("lock-wait").with("seconds", "");
    let told = reader.saying(&told).split(" Wait").next().unwrap().to_owned();
    reader.until_seen(&told);
}

#[test]
fn a_report_that_cannot_leave_does_not_hold_the_keys_beyond_the_policys_limit() {
    let town = Town::new(vec![town::other()]);
    let profile = town.home().join("config/profile.toml");
    let text = std::fs::read_to_string(&profile).unwrap();
    std::fs::write(&profile, text + "[lock]\nsending_minutes = 0\n").unwrap();
    let mut reader = Reader::with_gpu(town.home(), Language::Japanese, None);
    reader.sign_in();
    reader.open_first();
    reader.until_all_here();
    town.cut();
    reader.write(Role::MultilineTextInput, &reader.say("draft-impression"), "異常なし。");
    reader.click(&reader.say("draft-sign-final"));
    reader.until("saved", |reader| reader.state().outbox.unsent() == 1 && reader.state().case.is_none());
    reader.press(Modifiers::COMMAND, Key::L);
    reader.until_locked();
    reader.until_keys_gone();
    reader.until_seen(&reader.saying(&Message::new("lock-waiting").with("count", 1)));
    assert!(town.stored().is_empty());
    town.connect(&town.centre);
    reader.answer(PASSPHRASE);
    // A minute later it is offered again by itself, with the sign-in that was sealed meanwhile.
    reader.skip(Duration::from_mins(1));
    reader.until("confirmed", |reader| reader.state().outbox.unsent() == 0);
    assert_eq!(town.stored().len(), 1);
}

/// How the sentence that tells how long to wait begins.
fn wait_words(reader: &Reader) -> String {
    let told = reader.saying(&Message::new("lock-again-in").with("seconds", "#"));
    told.split('#').next().unwrap().to_owned()
}

#[test]
fn no_key_and_no_drag_reaches_what_is_locked() {
    let town = Town::new(vec![town::other()]);
    let mut reader = Reader::with_gpu(town.home(), Language::English, Some(PASSPHRASE));
    reader.sign_in();
    let canaries = canaries(&reader);
    reader.open_first();
    reader.until_all_here();
    let area = reader.first_area();
    let before = reader.case();
    // In the middle of a drag.
    let middle = area.center();
    reader.hover(middle);
    reader.event(Event::PointerButton {
        pos: middle,
        button: egui::PointerButton::Primary,
        pressed: true,
        modifiers: Modifiers::NONE,
    });
    reader.hover(middle + egui::vec2(30.0, 10.0));
    let dragged = reader.case().viewer.look(FIRST).cloned();
    assert_ne!(dragged.as_ref(), before.viewer.look(FIRST), "the window follows the mouse");
    reader.press(Modifiers::COMMAND, Key::L);
    assert!(reader.is_locked());
    reader.until_locked();
    reader.hover(middle + egui::vec2(90.0, 70.0));
    for key in [Key::W, Key::M, Key::F1, Key::F2, Key::F5, Key::ArrowDown, Key::Delete, Key::Escape, Key::Tab]
    {
        reader.key(key);
    }
    for key in [Key::K, Key::Comma, Key::Enter, Key::Z, Key::L] {
        reader.press(Modifiers::COMMAND, key);
    }
    assert!(reader.is_locked() && reader.state().shell.dialog.is_none());
    assert_nothing_to_read(&reader, &canaries);
    reader.answer(PASSWORD);
    assert!(!reader.is_locked(), "{:?}", reader.words());
    let after = reader.case();
    assert_eq!(after.viewer.look(FIRST).cloned(), dragged);
    assert_eq!((after.viewer.tool, &after.draft), (before.viewer.tool, &before.draft));
    assert_eq!(after.drawings.all, before.drawings.all);
}
