//! Studies that come before they are opened, and a night without a line.

use dokuei::demo::Study as _;
use dokuei::session::outbox::State as Stage;
use dokuei::session::settings::Language;
use dokuei::text::Message;
use egui::Key;
use egui::accesskit::Role;

use super::reader::Reader;
use super::town::{self, Town};

/// How many rows say that their study is here whole.
fn ready(reader: &Reader) -> usize {
    let ready = reader.say("worklist-ready");
    reader.words().iter().filter(|word| **word == ready).count()
}

#[test]
fn what_waits_is_here_before_it_is_opened_and_is_read_and_reported_without_a_line() {
    // One language alone: it is two starts and a night.
    for language in [Language::Japanese] {
        let town = Town::with_prefetch(vec![town::some_of_stat(), town::other()]);
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        reader.until("both are here", |reader| ready(reader) == 2);
        drop(reader);

        town.cut();
        let mut reader = Reader::new(town.home(), language);
        reader.sign_in();
        let kept_at = reader.state().worklist.list.latest().unwrap().kept_at.clone().unwrap();
        reader.until_seen(&reader.saying(&Message::new("growth-no-line").with("time", kept_at)));
        assert_eq!((reader.rows().len(), ready(&reader)), (2, 2));
        reader.open_first();
        assert_eq!(reader.case().study.as_ref(), Some(town::stat().uid()), "the most urgent first");
        reader.until_seen(&reader.say("growth-offline"));
        reader.until_all_here();
        assert_eq!(reader.count(), town::some_of_stat().images.len());
        reader.write(Role::MultilineTextInput, &reader.say("draft-impression"), "Normal.");
        reader.click(&reader.say("draft-sign-final"));
        reader.until("the next case", |reader| {
            reader.state().case.is_some_and(|case| case.study.as_ref() == Some(town::other().uid()))
        });
        reader.until("the image", Reader::sees_image);
        assert!(town.stored().is_empty());

        town.connect(&town.centre);
        reader.key(Key::F2);
        reader.key(Key::F5);
        reader.until("the report has arrived by itself", |reader| {
            let reports = reader.state().outbox.reports.latest().cloned().unwrap_or_default();
            reports.len() == 1 && reports[0].state == Stage::Confirmed
        });
        assert_eq!(town.stored().len(), 1, "once");
        reader.until("its work is done there too", |_| {
            town.centre.requests.count(&http::Method::PUT, "/state") == 2
        });
    }
}

#[test]
fn a_vault_with_nothing_of_the_centre_lets_nobody_in_without_a_line() {
    let town = Town::with_prefetch(vec![town::other()]);
    town.cut();
    let mut reader = Reader::new(town.home(), Language::English);
    reader.sign_in_with(town::PASSWORD);
    reader.until("it is told", |reader| {
        matches!(reader.state().sign_in.entered, dokuei::session::Remote::Failed { .. })
    });
}
