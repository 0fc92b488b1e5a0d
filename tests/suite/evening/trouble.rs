//! What goes wrong in the middle of an evening: a sentence on the screen says what and what to do, and reading
//! goes on with the rest.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use dokuei::demo::Study as _;
use dokuei::demo::line::Condition;
use dokuei::report::Heading;
use dokuei::session::Remote;
use dokuei::session::settings::Language;
use dokuei::session::shell::Screen;
use dokuei::text::{Explain as _, Message};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};

use super::reader::{FIRST, LANGUAGES, Reader};
use super::town::{self, PASSWORD, Town};
use crate::support::skip;

/// The sentences of the notices, which must all be on the screen, in the reader's language.
fn told(reader: &Reader) -> Vec<String> {
    let notices = reader.state().shell.notices;
    let sentences: Vec<_> = notices.iter().map(|told| reader.saying(&told.problem.message())).collect();
    let kana = |text: &str| text.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c));
    for sentence in &sentences {
        assert!(reader.sees(sentence), "{sentence}");
        assert_eq!(kana(sentence), reader.language == Language::Japanese, "{sentence}");
        assert!(!sentence.contains("{ $") && !sentence.contains(PASSWORD), "{sentence}");
    }
    sentences
}

/// Whether images still follow the wheel.
fn scrolls(reader: &mut Reader) {
    reader.hover(reader.first_area().center());
    reader.key(Key::Home);
    reader.notch(-1.0);
    assert_eq!(reader.shown().position, 1);
    reader.until("the next image", Reader::sees_image);
}

/// The line goes down in the middle of a transfer: what is here is read, the screen says how much is missing, why,
/// and that it is asked for again.
fn cut_in_mid_transfer(language: Language) -> (Town, Reader) {
    let town = Town::new(vec![town::some_of_stat()]);
    // A thin line, so that the cut falls into the transfer.
    town.line.change(|line| line.bytes_per_second = Some(2 << 20));
    let mut reader = Reader::new(town.home(), language);
    reader.sign_in();
    reader.open_first();
    reader.until("some images", |reader| reader.sees_image() && reader.count() > 3);
    town.cut();
    reader.until("the end of the transfer", |reader| !reader.case().arrived.is_pending());
    reader.step();
    assert!(!told(&reader).is_empty());
    let (here, all) = (reader.count(), town::some_of_stat().len());
    assert!(here < all, "{here}");
    let incomplete = Message::new("shell-incomplete").with("received", here).with("expected", all);
    assert!(reader.sees(&reader.saying(&incomplete)), "{:?}", reader.words());
    let asks_again = |seconds: u64| Message::new("shell-asks-again").with("seconds", seconds);
    assert!((0..=5).any(|s| reader.sees(&reader.saying(&asks_again(s)))), "{:?}", reader.words());
    scrolls(&mut reader);
    (town, reader)
}

/// The line is up: all is here, nothing of the outage is told any more, and the reader was not disturbed.
fn up_again(town: &Town, mut reader: Reader, goes_on: impl Fn(&mut Reader)) {
    let before = reader.shown().frame;
    town.line.change(|line| *line = Condition::default());
    goes_on(&mut reader);
    reader.until_all_here();
    assert_eq!(reader.count(), town::some_of_stat().len());
    assert_eq!(reader.shown().frame, before, "the image stays under the reader's eyes");
    assert_eq!(told(&reader), Vec::<String>::new());
}

#[test]
fn a_line_cut_in_mid_transfer_is_told_and_asking_again_brings_the_rest() {
    let (town, reader) = cut_in_mid_transfer(Language::Japanese);
    up_again(&town, reader, |reader| reader.key(Key::F6));
}

#[test]
fn a_line_that_is_back_brings_the_rest_without_the_readers_doing() {
    let (town, reader) = cut_in_mid_transfer(Language::English);
    up_again(&town, reader, |_| {});
}

#[test]
fn a_password_changed_in_the_middle_of_an_evening_is_told_and_the_new_one_goes_on() {
    for language in LANGUAGES {
        let town = Town::new(vec![town::other()]);
        let changed = town.another(vec![town::other()], "new-password");
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.open_first();
        reader.until_all_here();
        town.connect(&changed);
        reader.key(Key::F2);
        reader.key(Key::F5);
        reader.until("it is told", |reader| !reader.state().shell.notices.is_empty());
        reader.step();
        assert_eq!(told(&reader).len(), 1);
        assert!(reader.sees_the("worklist-stale"), "the list stays");
        assert!(reader.sees_the("worklist-again-about"), "a new sign-in is asked for over it");

        // Not now: the case is read on, and the palette asks again.
        reader.key(Key::Escape);
        reader.key(Key::F3);
        reader.until("the image", Reader::sees_image);
        reader.write(Role::MultilineTextInput, &reader.say("draft-impression"), "Normal.");
        reader.until("kept", |reader| {
            let keeping = reader.case().keeping;
            keeping.revision > 0 && keeping.kept == keeping.revision
        });
        reader.press(Modifiers::COMMAND, Key::K);
        reader.event(Event::Text(reader.say("shell-do-sign-in-again")));
        reader.step();
        reader.key(Key::Enter);
        reader.write(Role::PasswordInput, &reader.say("worklist-password"), "new-password");
        reader.key(Key::Enter);
        reader.until("let in again", |reader| {
            reader.state().shell.dialog.is_none() && matches!(reader.state().worklist.list, Remote::Ready(_))
        });
        assert!(told(&reader).is_empty(), "what was told of it is over");
        assert_eq!(reader.case().draft.text(Heading::Impression), "Normal.", "the draft stood behind it");
        assert!(reader.sees_image());
        // Out and in again by the palette and the new password.
        reader.press(Modifiers::COMMAND, Key::K);
        reader.event(Event::Text(reader.say("shell-do-sign-out")));
        reader.step();
        reader.key(Key::Enter);
        assert_eq!(reader.state().shell.screen, Screen::SignIn);
        reader.sign_in_with("new-password");
        reader.until("the case again", |reader| {
            reader.state().worklist.list.latest().is_some_and(|list| !list.rows.is_empty())
        });
        if reader.state().case.is_none() {
            reader.open_first();
        }
        reader.until("the draft again", |reader| reader.case().draft.text(Heading::Impression) == "Normal.");
        reader.until("the image again", Reader::sees_image);
    }
}

#[test]
fn an_image_that_cannot_be_decoded_says_so_and_the_others_are_read() {
    for language in LANGUAGES {
        let town = Town::new(vec![town::Part { undecodable: Some(4), ..town::some_of_stat() }]);
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.open_first();
        reader.until("all images", |reader| {
            reader.case().arrived.latest().is_some_and(|fetched| fetched.is_complete())
        });
        assert_eq!(reader.count(), town::some_of_stat().len());
        reader.until("one is bad", |reader| reader.case().viewer.pixels.failed.len() == 1);
        let bad = reader.case().viewer.pixels.failed.into_iter().next().unwrap();
        scrolls(&mut reader);
        while reader.shown().frame != bad.0 {
            reader.notch(-1.0);
        }
        reader.step();
        let why = reader.saying(&bad.1.message());
        let at = reader.image_label(reader.shown().position, reader.count());
        assert!(reader.words().contains(&format!("{at}. {why}")), "{:?}", reader.words());
        reader.notch(-1.0);
        reader.until("the image after it", Reader::sees_image);
    }
}

#[test]
fn a_gpu_that_is_lost_takes_nothing_of_the_case_with_it() {
    let town = Town::new(vec![town::other()]);
    let mut reader = Reader::with_gpu(town.home(), Language::English, Some(town::PASSPHRASE));
    let Some(gpu) = reader.gpu.clone() else {
        return;
    };
    reader.sign_in();
    reader.open_first();
    reader.until_all_here();
    reader.key(Key::I);
    reader.write(Role::MultilineTextInput, &reader.say("draft-impression"), "Normal.");
    reader.until("kept", |reader| reader.case().keeping.kept == reader.case().keeping.revision);
    let before = reader.case();
    assert!(!reader.sees_the("shell-cpu"));
    gpu.device.destroy();
    // The window asks to be closed, so that a new one can take its place.
    reader.until("the window goes", |reader| reader.asked.contains("Close"));
    assert!(!reader.state().shell.leaving, "nobody leaves");
    reader.until("the twin draws", |reader| reader.sees_the("shell-cpu") && reader.sees_image());
    assert_eq!(reader.case(), before);
    assert!(reader.case().viewer.look(FIRST).unwrap().invert);
}

const FULL: &str = "DOKUEI_TEST_FULL_DISK";

#[test]
fn a_disk_that_is_full_is_told_reading_goes_on_and_the_draft_is_kept_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=112m tmpfs \"${FULL}\"");
    if unshared(&format!("{mount} && exit 7"), folder.path()) != Some(7) {
        return skip("unshare and tmpfs");
    }
    let child = format!(
        "{mount} && exec '{}' --exact evening::trouble::a_child_reads_on_a_full_disk --nocapture",
        std::env::current_exe().unwrap().display()
    );
    assert_eq!(unshared(&child, folder.path()), Some(0));
}

/// Runs a script in its own mount namespace; its exit status.
fn unshared(script: &str, folder: &Path) -> Option<i32> {
    let mut command = Command::new("unshare");
    command.args(["-r", "-m", "sh", "-c", script]).env(FULL, folder).stdin(Stdio::null());
    command.status().ok()?.code()
}

/// Not started by the test above, there is nothing to do.
#[test]
fn a_child_reads_on_a_full_disk() {
    let Some(disk) = std::env::var_os(FULL).map(PathBuf::from) else {
        return;
    };
    let language = Language::English;
    let home = disk.join("home");
    let town = Town::new(vec![town::other()]);
    town.settle(&home);
    let mut reader = Reader::new(&home, language);
    reader.sign_in();
    reader.open_first();
    reader.until_all_here();
    let ballast = disk.join("ballast");
    fill(&ballast);
    let impression = reader.say("draft-impression");
    reader.write(Role::MultilineTextInput, &impression, "Nor");
    // The vault has something put by for this; then that is used up too.
    reader.wait(Duration::from_millis(1500));
    fill(&ballast);
    reader.write(Role::MultilineTextInput, &impression, &"mal. ".repeat(20_000));
    reader.until("not kept", |reader| reader.case().keeping.problem.is_some());
    reader.step();
    assert!(told(&reader).contains(&reader.say("vault-disk-full")), "{:?}", told(&reader));
    assert!(reader.sees_the("shell-not-kept"));
    reader.key(Key::F2);
    reader.key(Key::F3);
    assert!(reader.sees_image(), "reading goes on");
    std::fs::remove_file(&ballast).unwrap();
    reader.until("kept", |reader| {
        let keeping = reader.case().keeping;
        keeping.problem.is_none() && keeping.kept == keeping.revision
    });
    assert!(reader.sees_the("shell-kept"));
    drop(reader);
    let mut reader = Reader::new(&home, language);
    reader.sign_in();
    reader.until("the case", |reader| {
        let case = reader.state().case;
        case.is_some_and(|case| case.draft.text(Heading::Impression).starts_with("Normal. mal. "))
    });
    drop(reader);
    std::fs::remove_dir_all(&home).unwrap();
}

/// Writes until nothing more goes on the disk.
fn fill(ballast: &Path) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(ballast).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        while file.write(&vec![7; size]).is_ok() {}
    }
}
