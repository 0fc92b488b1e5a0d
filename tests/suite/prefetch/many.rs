//! A long worklist, at Orthanc: listed whole, searched here. A few dozen studies in the suite; with
//! `DOKUEI_MANY_STUDIES=5000` as many, and what it takes is printed beside what the centre itself takes.

use std::time::{Duration, Instant};

use dokuei::centre::{Client, Credentials, StudyQuery};
use dokuei::demo::Study as _;
use dokuei::dicom::{PersonName, Phi};
use dokuei::session::worklist::{Claim, Command, Event as Told, Folded, List, Priority, ReadingState, Row};
use dokuei::session::{Command as Any, Event, Message, State, update};
use dokuei::site::Centre;

use super::ward::Small;
use crate::support::orthanc::{Orthanc, PASSWORD, USER};
use crate::support::{note, skip};

const USUAL: usize = 40;

fn wanted() -> usize {
    let asked = std::env::var("DOKUEI_MANY_STUDIES").ok();
    asked.map_or(USUAL, |text| text.parse().unwrap_or_else(|_| panic!("DOKUEI_MANY_STUDIES={text}")))
}

/// The least of three times.
fn least(mut run: impl FnMut() -> Duration) -> Duration {
    (0..3).map(|_| run()).min().unwrap()
}

#[test]
fn a_long_worklist_is_listed_to_its_end_and_searched_here() {
    let Some(orthanc) = Orthanc::start() else { return skip("Orthanc") };
    let count = wanted();
    for at in 0..count {
        let (uid, patient) = (format!("1.2.{}", at + 1), format!("T{at:06}"));
        let study = Small::new(&uid, &patient, "20261122", ["CT HEAD", "CT CHEST"][at % 2], 1);
        orthanc.add(&study.file(0));
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let credentials = Credentials { user: USER.into(), password: PASSWORD.to_owned().into() };
    let centre = Centre::at(orthanc.url().parse().unwrap());
    let client = Client::new(&centre, Some(credentials)).unwrap();
    let fields = "includefield=StudyDescription&includefield=IssuerOfPatientID&includefield=PatientAge\
                  &includefield=ModalitiesInStudy&limit=5000&offset=0";
    let own = least(|| {
        let begun = Instant::now();
        assert_eq!(orthanc.get(&format!("/dicom-web/studies?{fields}")).unwrap().status, 200);
        begun.elapsed()
    });
    let mut found = None;
    let ours = least(|| {
        let begun = Instant::now();
        found = Some(runtime.block_on(client.search_studies(&StudyQuery::default())).unwrap());
        begun.elapsed()
    });
    let found = found.unwrap();
    assert!(found.complete && found.warnings.is_empty());
    assert_eq!(found.rows.len(), count);

    let rows = found.rows.into_iter().map(|row| Row {
        study: row.study.uid,
        patient: dokuei::dicom::instance::Patient {
            name: Phi::new(PersonName::parse("YAMADA^TAROU=山田^太郎=やまだ^たろう")),
            ..row.patient
        },
        modality: row.modalities.join("\\"),
        description: row.study.description,
        date: row.study.date,
        time: row.study.time,
        instances: row.instances,
        received: 0,
        priority: Priority::Unknown,
        state: ReadingState::Unknown,
        claim: Claim::Nobody,
        grown: 0,
        folded: Folded::default(),
    });
    let list = List { rows: rows.collect(), ..List::default() };
    let mut state = State::default();
    update(&mut state, Message::Command(Any::Worklist(Command::Refresh { centre: "c".into() })));
    update(&mut state, Message::Event(Event::Worklist(Told::Listed { id: 1, outcome: Ok(list) })));
    let filters =
        [("t00000", 10.min(count)), ("ﾔﾏﾀﾞ head", count.div_ceil(2)), ("やまだ ｃｈｅｓｔ", count / 2)];
    let mut slowest = Duration::ZERO;
    for (filter, expected) in filters {
        update(&mut state, Message::Command(Any::Worklist(Command::Filter(filter.into()))));
        let begun = Instant::now();
        let shown = state.worklist.visible().len();
        slowest = slowest.max(begun.elapsed());
        assert_eq!(shown, expected, "{filter}");
    }
    note(&format!(
        "{count} studies: listed in {ours:.0?}, the centre itself {own:.0?} ({:.2} times); searched in {slowest:.1?}\n",
        ours.as_secs_f64() / own.as_secs_f64()
    ));
}
