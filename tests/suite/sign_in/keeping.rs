//! What the reader made on a case comes back, and nobody else can read it.

use dokuei::demo::Study as _;
use dokuei::dicom::Uid;
use dokuei::session::kept::KeptCase;
use dokuei::session::sign_in::CentreChoice;
use dokuei::session::worklist::ReadingState;
use dokuei::session::{Effect, Event, case, study};
use dokuei::vault::{OpenOptions, Unlock, Vault};
use serde_json::json;
use zeroize::Zeroizing;

use super::desk::{self, Desk, Island, PASSPHRASE};

const FINDINGS: &str = "右中大脳動脈領域に早期虚血変化を認めます。";

fn case_on(study: &Uid) -> KeptCase {
    let viewport = json!({ "window": 0, "place": 0 });
    serde_json::from_value(json!({
        "form": KeptCase::FORM, "centre": "demo", "study": study.as_str(), "windows": [], "active": viewport,
        "drawings": [{
            "series": "1.2", "image": "1.2.3", "frame": 0, "kind": "length",
            "points": [[1.5, 2.25], [0.1, 1e-7]], "label": "canary-label",
        }],
        "sections": ["", "", "", FINDINGS, ""], "cited": [0], "key_images": [["1.2.3", 0, "canary-note"]],
        "is_final": true,
    }))
    .unwrap()
}

impl Desk {
    fn case<T>(
        &mut self,
        make: impl FnOnce(u64) -> case::Effect,
        read: impl Fn(case::Event) -> Option<(u64, Result<T, dokuei::session::Problem>)>,
    ) -> Result<T, String> {
        self.ask(
            |id| Effect::Case(make(id)),
            |event| match event {
                Event::Case(event) => read(event),
                _ => None,
            },
        )
    }

    fn keep(&mut self, kept: &KeptCase) {
        let case = Box::new(kept.clone());
        let kept = self.case(
            |id| case::Effect::Keep { id, case },
            |event| match event {
                case::Event::Kept { id, outcome } => Some((id, outcome)),
                _ => None,
            },
        );
        kept.unwrap();
    }

    fn forget(&mut self, study: Uid) {
        let forgotten = self.case(
            |id| case::Effect::Forget { id, study },
            |event| match event {
                case::Event::Forgotten { id, outcome } => Some((id, outcome)),
                _ => None,
            },
        );
        forgotten.unwrap();
    }

    fn close(&mut self) {
        let closed = self.case(
            |id| case::Effect::Close { id },
            |event| match event {
                case::Event::Closed { id } => Some((id, Ok(()))),
                _ => None,
            },
        );
        closed.unwrap();
    }

    fn recall(&mut self) -> Option<(String, Uid)> {
        let recalled = self.case(
            |id| case::Effect::Recall { id },
            |event| match event {
                case::Event::Recalled { id, outcome } => Some((id, outcome)),
                _ => None,
            },
        );
        recalled.unwrap()
    }

    fn fetch(&mut self, wanted: Uid) {
        let fetched = self.ask(
            |id| Effect::Study(study::Effect::Fetch { id, centre: "demo".to_owned(), study: wanted }),
            |event| match event {
                Event::Study(study::Event::Fetched { id, outcome }) => Some((id, outcome)),
                _ => None,
            },
        );
        assert!(fetched.unwrap().failures.is_empty());
    }

    /// What the worklist says of the one study: instances here, and how far reading has come.
    fn row(&mut self) -> (u32, ReadingState) {
        let list = self.list("demo").unwrap();
        assert!(list.problems.is_empty(), "{:?}", list.problems);
        (list.rows[0].received, list.rows[0].state)
    }
}

/// What lies in the vault under a study, with nobody at the desk.
fn draft(home: &std::path::Path, study: &Uid) -> Option<Vec<u8>> {
    let unlock = Unlock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()));
    let vault = Vault::open(&home.join("vault"), unlock, OpenOptions::default()).unwrap();
    assert_eq!(vault.findings(), []);
    vault.draft(study).unwrap().map(|bytes| bytes.to_vec())
}

#[test]
fn a_case_that_was_open_comes_back_with_all_that_was_made_on_it() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let study = island.study.uid().clone();
    let at_the_desk = || {
        let mut desk = Desk::with_passphrase_at_hand(home.path(), &island);
        desk.enter(CentreChoice::Demo, "", "").unwrap();
        desk
    };
    let mut desk = at_the_desk();
    assert_eq!(desk.recall(), None);
    let before = desk.row().1;
    let looked_at =
        KeptCase { sections: Default::default(), cited: vec![], key_images: vec![], ..case_on(&study) };
    desk.keep(&looked_at);
    assert_eq!(desk.row(), (0, before), "a look at the images is no draft");
    desk.keep(&case_on(&study));
    assert_eq!(desk.row(), (0, ReadingState::Draft));
    desk.fetch(study.clone());
    assert_eq!(desk.row(), (island.study.len() as u32, ReadingState::Draft));
    drop(desk);

    let kept = draft(home.path(), &study).unwrap();
    assert_eq!(serde_json::from_slice::<KeptCase>(&kept).unwrap(), case_on(&study));
    let words = [FINDINGS, "canary-label", "canary-note", study.as_str()];
    assert_eq!(desk::in_the_clear(home.path(), &words), Vec::<String>::new());

    let mut desk = at_the_desk();
    assert_eq!(desk.recall(), Some(("demo".to_owned(), study.clone())));
    desk.close();
    assert_eq!(desk.recall(), None, "it was left properly");
    drop(desk);
    assert!(draft(home.path(), &study).is_some(), "what was made on it stays");

    let mut desk = at_the_desk();
    desk.keep(&case_on(&study));
    let other = Uid::parse("1.2.3.4").unwrap();
    desk.forget(other);
    assert_eq!(desk.recall(), Some(("demo".to_owned(), study.clone())), "another case was forgotten");
    desk.forget(study.clone());
    assert_eq!(desk.recall(), None);
    assert_eq!(desk.row(), (island.study.len() as u32, before));
    drop(desk);
    assert_eq!(draft(home.path(), &study), None);
}

#[test]
fn what_a_later_program_kept_is_not_read_and_not_lost() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let study = island.study.uid().clone();
    let later = KeptCase { form: KeptCase::FORM + 1, ..case_on(&study) };
    for bytes in [serde_json::to_vec(&later).unwrap(), b"\x00 not JSON".to_vec()] {
        let unlock = Unlock::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()));
        let vault = Vault::open(&home.path().join("vault"), unlock, OpenOptions::default()).unwrap();
        vault.save_draft(&study, &bytes).unwrap();
        drop(vault);
        let mut desk = Desk::with_passphrase_at_hand(home.path(), &island);
        desk.enter(CentreChoice::Demo, "", "").unwrap();
        assert_ne!(desk.row().1, ReadingState::Draft);
        drop(desk);
        assert_eq!(draft(home.path(), &study).unwrap(), bytes);
    }
}
