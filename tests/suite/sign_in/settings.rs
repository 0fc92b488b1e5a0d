//! Settings go into the profile whole, and count from then on.

use dokuei::demo::Study as _;
use dokuei::dicom::Phi;
use dokuei::report::{Heading, KeyImage, Report, ReportLanguage, ReportState, Section};
use dokuei::session::settings::{Identity, Language, Settings};
use dokuei::session::shell::Effect as ShellEffect;
use dokuei::session::{Effect, Event, outbox};
use dokuei::site::{Home, Profile};

use super::desk::{Desk, Island, NAME, USER};

fn chosen() -> Settings {
    let reader = Identity {
        name: "Sato^Hanako=佐藤^花子=さとう^はなこ".to_owned(),
        id: "R-7".to_owned(),
        organisation: "島の診療所".to_owned(),
    };
    Settings { language: Language::Japanese, reader, sound: false, ..Settings::default() }
}

impl Desk {
    fn remember(&mut self, settings: &Settings) -> Result<(), String> {
        let settings = Box::new(settings.clone());
        self.shell(|id| ShellEffect::Remember { id, settings })
    }

    fn sign(&mut self, document: Report, images: &std::path::Path) -> Result<outbox::State, String> {
        let (document, images) = (Box::new(document), Some(images.to_owned()));
        let centre = NAME.to_owned();
        self.ask(
            |id| Effect::Outbox(outbox::Effect::Sign { id, centre, document, images }),
            |event| match event {
                Event::Outbox(outbox::Event::Signed { id, outcome }) => {
                    Some((id, outcome.map(|signed| signed.state)))
                }
                _ => None,
            },
        )
    }
}

#[test]
fn settings_are_kept_beside_the_centres_and_told_at_the_next_start() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let mut desk = Desk::new(home.path());
    assert_eq!(desk.settings(), Settings { language: Language::English, ..Settings::default() });
    desk.enter(island.choice(), USER, "its password").unwrap();
    // A person may edit the file meanwhile.
    let site = Home::in_folder(home.path());
    Profile::change(&site, |profile| profile.centres[0].stat_codes.push("STAT".to_owned())).unwrap();
    desk.remember(&chosen()).unwrap();
    drop(desk);

    let profile = Profile::load(&site).unwrap();
    assert_eq!((profile.language, profile.sound), (Some(Language::Japanese), Some(false)));
    assert_eq!((profile.centres[0].name.as_str(), profile.centres[0].user.as_deref()), (NAME, Some(USER)));
    assert_eq!(profile.centres[0].stat_codes, ["STAT"]);
    let desk = Desk::new(home.path());
    let told = Settings { language: Language::English, ..chosen() };
    assert_eq!(desk.settings(), told, "the language of a run is the command line's to say");
    let files: Vec<_> = std::fs::read_dir(home.path().join("config")).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing half-written stays: {files:?}");
}

#[test]
fn a_profile_that_cannot_be_understood_is_not_written_over() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(home.path());
    let path = home.path().join("config/profile.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "langauge = \"ja-JP\"\n").unwrap();
    assert_eq!(desk.remember(&chosen()).unwrap_err(), "site-invalid");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "langauge = \"ja-JP\"\n");
}

#[test]
fn the_reader_of_the_settings_signs_the_next_report() {
    let (island, home) = (Island::new("its password"), tempfile::tempdir().unwrap());
    let images = tempfile::tempdir().unwrap();
    std::fs::write(images.path().join("0.dcm"), island.study.file(0)).unwrap();
    let mut desk = Desk::new(home.path());
    desk.enter(island.choice(), USER, "its password").unwrap();
    let document = Report {
        study: island.study.uid().clone(),
        language: ReportLanguage::EnglishUs,
        state: ReportState::Final,
        predecessor: None,
        reader: None,
        sections: vec![Section { heading: Heading::Impression, text: Phi::new("Normal.".to_owned()) }],
        measurements: Vec::new(),
        key_images: vec![KeyImage {
            image: island.study.identity(0).sop_instance.clone(),
            frame: Some(1),
            note: Phi::new(String::new()),
        }],
    };
    assert_eq!(desk.sign(document.clone(), images.path()).unwrap_err(), "report-no-reader");
    desk.remember(&chosen()).unwrap();
    assert_eq!(desk.sign(document, images.path()).unwrap(), outbox::State::Saved);
}
