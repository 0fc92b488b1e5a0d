//! The background and the growing study, as a window drives them: `Work` alone, against the demo centre.

mod many;
mod ward;

use dokuei::demo::{Fault, FaultKind, On};
use dokuei::dicom::Uid;
use dokuei::session::case::{Effect as CaseEffect, Event as CaseEvent, Late};
use dokuei::session::worklist::{
    Claim, Effect as ListEffect, Event as ListEvent, List, ReadingState, Row, Stage,
};
use dokuei::session::{Effect, Event, Problem};
use http::Method;

use crate::reading::Desk;
use ward::{Small, Ward};

fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// Asks for the list.
fn list(desk: &mut Desk, or_kept: bool) -> Result<List, Problem> {
    let id = desk.next_id();
    desk.work.run(Effect::Worklist(ListEffect::List { id, centre: ward::CENTRE.into(), or_kept }));
    desk.until(|event| match event {
        Event::Worklist(ListEvent::Listed { id: of, outcome }) if *of == id => Some(outcome.clone()),
        _ => None,
    })
}

fn rows(desk: &mut Desk, studies: &[&str]) -> Vec<Row> {
    let list = list(desk, true).unwrap();
    let row = |study: &&str| list.rows.iter().find(|row| row.study.as_str() == *study).unwrap().clone();
    studies.iter().map(row).collect()
}

fn prefetch(desk: &mut Desk, rows: Vec<Row>) -> u64 {
    let id = desk.next_id();
    desk.work.run(Effect::Worklist(ListEffect::Prefetch { id, centre: ward::CENTRE.into(), rows }));
    id
}

fn rested(desk: &mut Desk, id: u64) {
    desk.until(|event| match event {
        Event::Worklist(ListEvent::Rested { id: of, outcome }) if *of == id => Some(outcome.clone()),
        _ => None,
    })
    .unwrap();
}

/// The next word on this study.
fn came(desk: &mut Desk, study: &str) -> Stage {
    let study = uid(study);
    desk.until(|event| match event {
        Event::Worklist(ListEvent::Came { study: of, stage, .. }) if *of == study => Some(stage.clone()),
        _ => None,
    })
}

#[test]
fn what_is_wanted_comes_in_its_order_and_relevant_priors_of_the_same_patient_after_it() {
    let head = |uid: &str, date: &str| Small::new(uid, "7", date, "CT HEAD", 3);
    let ward = Ward::new(vec![
        head("1.1", "20261122"),
        Small::new("1.2", "8", "20261122", "CT CHEST", 2),
        head("1.3", "20250101"),
        Small::new("1.4", "7", "20250202", "CT ABDOMEN", 2),
        Small::new("1.5", "9", "20250303", "CT HEAD", 2),
    ]);
    let mut desk = ward.desk();
    let wanted = rows(&mut desk, &["1.2", "1.1"]);
    let id = prefetch(&mut desk, wanted.clone());
    rested(&mut desk, id);
    let here = desk.told.iter().filter_map(|event| match event {
        Event::Worklist(ListEvent::Came { study, stage: Stage::Here, progress }) => {
            Some((study.to_string(), progress.received))
        }
        _ => None,
    });
    let here: Vec<_> = here.collect();
    assert_eq!(here, [("1.2".into(), 2), ("1.1".into(), 3), ("1.3".to_owned(), 3)]);
    let asked = |ward: &Ward| ward.centre.requests.count(&Method::GET, "/series/");
    let before = asked(&ward);
    let id = prefetch(&mut desk, wanted);
    rested(&mut desk, id);
    assert_eq!(asked(&ward), before, "what is here is not asked for again");
    let received: Vec<u32> =
        rows(&mut desk, &["1.1", "1.2", "1.3", "1.4"]).iter().map(|row| row.received).collect();
    assert_eq!(received, [3, 2, 3, 0]);
}

#[test]
fn what_is_opened_goes_before_what_comes_in_the_background_and_that_goes_on_afterwards() {
    let ward = Ward::new(vec![
        Small::new("1.1", "7", "20261122", "CT HEAD", 12),
        Small::new("1.2", "8", "20261122", "CT CHEST", 3),
    ]);
    let mut desk = ward.desk();
    let wanted = rows(&mut desk, &["1.1"]);
    let slow = || Fault::always(On::get("1.1.1"), FaultKind::RateLimit { bytes_per_second: 2000 });
    ward.centre.faults.add(slow());
    prefetch(&mut desk, wanted);
    desk.until(|event| match event {
        Event::Worklist(ListEvent::Coming { .. }) => Some(()),
        _ => None,
    });
    let id = desk.open("1.2");
    assert_eq!(came(&mut desk, "1.1"), Stage::Waiting);
    let fetched = desk.arrived(id).unwrap();
    assert!(fetched.is_complete());
    ward.centre.faults.clear();
    assert_eq!(came(&mut desk, "1.1"), Stage::Here);
}

#[test]
fn a_study_that_does_not_come_is_named_and_the_others_come() {
    let ward = Ward::new(vec![
        Small::new("1.1", "7", "20261122", "CT HEAD", 2),
        Small::new("1.2", "8", "20261122", "CT CHEST", 2),
    ]);
    let mut desk = ward.desk();
    let wanted = rows(&mut desk, &["1.1", "1.2"]);
    let refused = FaultKind::Status { code: http::StatusCode::NOT_FOUND, retry_after_secs: None };
    ward.centre.faults.add(Fault::always(On::get_ending("/series/1.1.1"), refused.clone()));
    ward.centre.faults.add(Fault::always(On::get("/series/1.1.1/instances/1"), refused));
    prefetch(&mut desk, wanted);
    assert!(matches!(came(&mut desk, "1.1"), Stage::Failed(_)));
    assert_eq!(came(&mut desk, "1.2"), Stage::Here);
}

#[test]
fn where_the_budget_is_used_up_nothing_comes_and_the_row_says_why() {
    let ward = Ward::new(vec![Small::new("1.1", "7", "20261122", "CT HEAD", 2)]);
    ward.settle("keep_gib = 0\n");
    let mut desk = ward.desk();
    let id = desk.open("1.1");
    desk.arrived(id).unwrap();
    let other = Ward::new(vec![Small::new("1.2", "8", "20261122", "CT CHEST", 2)]);
    drop(other);
    let wanted = rows(&mut desk, &["1.1"]);
    ward.give(&Small::new("1.1", "7", "20261122", "CT HEAD", 4), 2..4);
    let wanted = wanted.into_iter().map(|row| Row { instances: Some(4), ..row }).collect();
    prefetch(&mut desk, wanted);
    let Stage::Failed(problem) = came(&mut desk, "1.1") else { panic!("there is room") };
    assert_eq!(problem.id, "growth-no-room");
}

#[test]
fn an_open_study_grows_by_what_the_centre_was_given_meanwhile_and_nothing_comes_twice() {
    let grown = || Small::new("1.1", "7", "20261122", "CT HEAD", 5);
    let ward = Ward::new(vec![Small::new("1.1", "7", "20261122", "CT HEAD", 2)]);
    let mut desk = ward.desk();
    let opening = desk.open("1.1");
    assert_eq!(desk.arrived(opening).unwrap().expected, 2);
    let look = |desk: &mut Desk, known: u32| -> Option<Late> {
        let (id, study) = (desk.next_id(), uid("1.1"));
        let centre = ward::CENTRE.to_owned();
        desk.work.run(Effect::Case(CaseEffect::Look { id, opening, centre, study, known }));
        desk.until(|event| match event {
            Event::Case(CaseEvent::Looked { id: of, outcome }) if *of == id => Some(outcome.clone()),
            _ => None,
        })
        .unwrap()
    };
    assert_eq!(look(&mut desk, 2), None);
    ward.give(&grown(), 2..5);
    ward.centre.requests.clear();
    let late = look(&mut desk, 2).unwrap();
    assert_eq!((late.expected, late.received, late.images), (5, 5, 3));
    assert!(late.failures.is_empty());
    let again = |sop: &str| ward.centre.requests.count(&Method::GET, &format!("/instances/{sop}"));
    assert_eq!([again("1.1.1.10"), again("1.1.1.11")], [0, 0], "what is here is not asked for");
    let catalogued = desk.told.iter().rev().find_map(|event| match event {
        Event::Case(CaseEvent::Catalogued { id, catalogue }) if *id == opening => Some(catalogue.clone()),
        _ => None,
    });
    let catalogue = catalogued.unwrap();
    assert_eq!(catalogue[0].series[0].stacks[0].images.len(), 5, "late slices stand in their stack");
    assert_eq!(look(&mut desk, 5), None);
}

#[test]
fn without_a_line_the_list_of_before_and_the_studies_that_are_here_can_be_read() {
    let ward = Ward::new(vec![
        Small::new("1.1", "7", "20261122", "CT HEAD", 2),
        Small::new("1.2", "8", "20261122", "CT CHEST", 2),
    ]);
    let mut desk = ward.desk();
    let before = list(&mut desk, true).unwrap();
    let wanted = rows(&mut desk, &["1.1"]);
    let id = prefetch(&mut desk, wanted);
    rested(&mut desk, id);
    // The first list came before there was a vault.
    list(&mut desk, true).unwrap();
    ward.until_kept(&desk);
    drop(desk);
    ward.centre.stop();
    let mut desk = ward.desk();
    let without = list(&mut desk, true).unwrap();
    assert!(without.kept_at.is_some() && without.problems.len() == 1);
    let studies = |list: &List| list.rows.iter().map(|row| row.study.clone()).collect::<Vec<_>>();
    assert_eq!(studies(&without), studies(&before));
    let row = without.rows.iter().find(|row| row.study.as_str() == "1.1").unwrap();
    assert_eq!((row.received, row.patient.id.reveal().as_str()), (2, "7"));
    assert!(list(&mut desk, false).is_err(), "who asks the centre is not told what it said before");
    let id = desk.open("1.1");
    assert!(desk.arrived(id).unwrap().is_complete());
    // Told before or after what is here: both come from their own work.
    let offline = |event: &Event| matches!(event, Event::Case(CaseEvent::Offline { id: of }) if *of == id);
    if !desk.told.iter().any(offline) {
        desk.until(|event| offline(event).then_some(()));
    }
    let id = desk.open("1.2");
    assert!(desk.arrived(id).is_err(), "nothing of it is here");
}

/// Takes a study, or gives it back; why not, by the id of the sentence.
fn claim(desk: &mut Desk, study: &str, take: bool) -> Result<bool, String> {
    let (id, study, centre) = (desk.next_id(), uid(study), ward::CENTRE.to_owned());
    desk.work.run(Effect::Worklist(ListEffect::Claim { id, centre, study: study.clone(), take }));
    desk.until(|event| match event {
        Event::Worklist(ListEvent::Claimed { study: of, outcome }) if *of == study => Some(outcome.clone()),
        _ => None,
    })
    .map_err(|problem| problem.id.into_owned())
}

fn claimed(desk: &mut Desk, study: &str) -> (Claim, ReadingState) {
    let row = rows(desk, &[study]).remove(0);
    (row.claim, row.state)
}

#[test]
fn a_study_that_one_reader_claims_is_anothers_to_all_others_until_it_is_given_back() {
    let ward = Ward::new(vec![Small::new("1.1", "7", "20261122", "CT HEAD", 1)]);
    let (other_home, mut desk) = (ward.another_home("Suzuki^Jiro"), ward.desk());
    let mut other = Desk::new(other_home.path(), None);
    assert_eq!(claimed(&mut desk, "1.1"), (Claim::Nobody, ReadingState::Unread));
    assert_eq!(claim(&mut desk, "1.1", true), Ok(true));
    assert_eq!(claimed(&mut desk, "1.1"), (Claim::Mine, ReadingState::Claimed));
    let (claim_there, state) = claimed(&mut other, "1.1");
    assert_eq!(state, ReadingState::Claimed);
    assert!(matches!(claim_there, Claim::Other(name) if name.reveal() == "Sato^Hanako"));
    assert_eq!(claim(&mut other, "1.1", true), Err("claim-taken-by-other".into()));
    assert!(matches!(claimed(&mut other, "1.1").0, Claim::Other(_)), "and it is not kept as taken here");

    assert_eq!(claim(&mut desk, "1.1", false), Ok(false));
    assert_eq!(claimed(&mut desk, "1.1"), (Claim::Nobody, ReadingState::Unread));
    assert_eq!(claim(&mut other, "1.1", true), Ok(true));
    assert!(matches!(claimed(&mut desk, "1.1").0, Claim::Other(name) if name.reveal() == "Suzuki^Jiro"));
}

#[test]
fn a_claim_whose_answer_was_lost_or_that_was_made_without_a_line_is_settled_later() {
    let ward = Ward::new(vec![Small::new("1.1", "7", "20261122", "CT HEAD", 1)]);
    let mut desk = ward.desk();
    let put = |ward: &Ward| ward.centre.requests.count(&Method::PUT, "/state");
    list(&mut desk, true).unwrap();
    let lost = On { method: Some(Method::PUT), ..On::any() };
    ward.centre.faults.add(Fault::once(lost, FaultKind::LostAnswer));
    assert_eq!(claim(&mut desk, "1.1", true), Ok(true), "it is the reader's here");
    assert_eq!(put(&ward), 1);
    drop(desk);
    let (other_home, mut desk) = (ward.another_home("Suzuki^Jiro"), ward.desk());
    assert_eq!(claimed(&mut desk, "1.1").0, Claim::Mine, "also after a restart");
    let mut other = Desk::new(other_home.path(), None);
    let named = |claim| matches!(claim, Claim::Other(name) if name.reveal() == "Sato^Hanako");
    for turn in 0.. {
        if named(claimed(&mut other, "1.1").0) {
            break;
        }
        assert!(turn < 1_000, "never settled");
        list(&mut desk, true).unwrap();
    }
    assert_eq!(put(&ward), 2, "the same claim again");
    assert_eq!(claim(&mut desk, "1.1", false), Ok(false), "and it is whole: it can be given back");
}

#[test]
fn a_centre_without_a_worklist_service_is_told_nothing_and_the_claim_is_kept_here() {
    let ward = Ward::new(vec![Small::new("1.1", "7", "20261122", "CT HEAD", 1)]);
    for code in
        [http::StatusCode::NOT_FOUND, http::StatusCode::METHOD_NOT_ALLOWED, http::StatusCode::NOT_IMPLEMENTED]
    {
        ward.centre.faults.clear();
        let none = FaultKind::Status { code, retry_after_secs: None };
        ward.centre.faults.add(Fault::always(
            On { path: dokuei::demo::PathMatch::Contains("/workitems".into()), ..On::any() },
            none,
        ));
        let mut desk = ward.desk();
        let before = list(&mut desk, true).unwrap();
        assert!(before.problems.is_empty(), "{code}: quietly");
        assert_eq!(claim(&mut desk, "1.1", true), Ok(true), "{code}");
        assert_eq!(claimed(&mut desk, "1.1"), (Claim::Mine, ReadingState::Claimed), "{code}");
        assert_eq!(claim(&mut desk, "1.1", false), Ok(false), "{code}");
        assert_eq!(claimed(&mut desk, "1.1").0, Claim::Nobody, "{code}");
    }
}
