//! The machine room without a window: fetches, signs and sends.

use std::time::{Duration, Instant};

use dokuei::dicom::Uid;
use dokuei::report;
use dokuei::session::outbox::{self, Report};
use dokuei::session::study::{self, Fetched};
use dokuei::session::{Effect, Event, Problem};
use dokuei::site::{Centre, Home, Profile};
use dokuei::work::{Secrets, Work};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::scene::{NAME, PASSWORD, STUDY, uid};

struct Known;

impl Secrets for Known {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new("a passphrase for tests".to_owned()))
    }

    fn password(&self, _: &Centre, _: &str) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(PASSWORD.to_owned()))
    }
}

/// Work on a home of its own.
pub(super) struct Desk {
    pub(super) work: Work,
    requests: u64,
    _home: TempDir,
}

impl Desk {
    pub(super) fn new(centre: Centre) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::in_folder(folder.path());
        let work = Work::start(home, Profile::default(), Some(centre), Box::new(Known)).unwrap();
        Self { work, requests: 0, _home: folder }
    }

    /// Reads events until one gives an answer.
    fn until<T>(&mut self, patience: Duration, answer: impl Fn(Event) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < patience, "it hangs");
            match self.work.try_next_event() {
                Some(event) => {
                    if let Some(found) = answer(event) {
                        return found;
                    }
                }
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    /// Brings the study home, as far as it comes.
    pub(super) fn fetch(&mut self, patience: Duration) -> Result<Fetched, Problem> {
        self.requests += 1;
        let id = self.requests;
        self.work.run(Effect::Study(study::Effect::Fetch { id, centre: NAME.to_owned(), study: uid(STUDY) }));
        self.until(patience, |event| match event {
            Event::Study(study::Event::Fetched { outcome, .. }) => Some(outcome),
            _ => None,
        })
    }

    /// Signs a report of these words.
    pub(super) fn sign(&mut self, impression: &str) -> Uid {
        let document = format!(
            "study = \"{STUDY}\"\nlanguage = \"en-US\"\nstate = \"final\"\n[reader]\nname = \"Sato^Hanako\"\n\
             id = \"1\"\norganisation = \"Island\"\n[sections]\nimpression = \"{impression}\"\n"
        );
        self.requests += 1;
        let (id, document) = (self.requests, Box::new(report::parse(&document).unwrap()));
        let sign = outbox::Effect::Sign { id, centre: NAME.to_owned(), document, images: None };
        self.work.run(Effect::Outbox(sign));
        let signed = self.until(Duration::from_secs(60), |event| match event {
            Event::Outbox(outbox::Event::Signed { outcome, .. }) => Some(outcome),
            _ => None,
        });
        signed.unwrap().sop_instance
    }

    /// Walks every report as far as it goes; all of them as they stand then.
    pub(super) fn send(&mut self) -> Vec<Report> {
        self.requests += 1;
        let id = self.requests;
        self.work.run(Effect::Outbox(outbox::Effect::Send { id, centre: None }));
        let listed = self.until(Duration::from_secs(120), |event| match event {
            Event::Outbox(outbox::Event::Listed { id: of, outcome }) if of == id => Some(outcome),
            _ => None,
        });
        listed.unwrap()
    }
}
