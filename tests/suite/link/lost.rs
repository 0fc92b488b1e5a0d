//! Answers to a report that are lost on the way: the report is at the centre once, and said to be there only when
//! it is.

use std::time::Duration;

use dokuei::demo::line::{Blow, Condition, Strike};
use dokuei::demo::{Fault, FaultKind, On};
use dokuei::session::outbox::State;
use http::Method;
use tokio::runtime::Runtime;

use super::desk::Desk;
use super::scene::{Scene, Slices};
use super::{Dice, rounds};
use crate::support::note;

/// Sends until a report has arrived, at most.
const SENDS: usize = 6;

#[test]
fn lost_answers_leave_each_report_at_the_centre_exactly_once() {
    let trials = rounds("DOKUEI_LINK_ANSWERS", 12);
    let runtime = Runtime::new().unwrap();
    let scene = runtime.block_on(Scene::new(Slices::new(1, 16), Condition::default(), 1));
    let mut desk = Desk::new(scene.site());
    assert!(desk.fetch(Duration::from_secs(60)).unwrap().is_complete());
    let mut dice = Dice(3);
    let mut sent = [0_u64; SENDS + 1];
    for trial in 0..trials {
        let report = desk.sign(&format!("Trial {trial}."));
        let posts = scene.centre.requests.count(&Method::POST, "/studies");
        let kind = trial % 3;
        match kind {
            // Stored, and the answer never comes.
            0 => scene.centre.faults.add(Fault::once(On::store(), FaultKind::LostAnswer)),
            // The line breaks somewhere on the way there, or on the way back.
            1 => scene.line.strike(Strike::up(dice.below(6_000), Blow::Break)),
            _ => scene.line.strike(Strike::down(dice.below(4_000), Blow::Break)),
        }
        let mut sends = 0;
        loop {
            sends += 1;
            let told = desk.send().into_iter().find(|told| told.sop_instance == report).unwrap();
            let there = scene.stored(&report).len();
            assert!(there <= 1, "trial {trial}: {there} objects");
            match told.state {
                State::Saved => assert!(told.problem.is_some(), "trial {trial}: nobody is told why"),
                State::Sent | State::Confirmed => assert_eq!(there, 1, "trial {trial}: not there at all"),
                State::Failed => panic!("trial {trial}: a lost answer is not a refusal: {told:?}"),
            }
            if kind == 0 && sends == 1 {
                assert_eq!(
                    (told.state, there, told.attempts),
                    (State::Saved, 1, 1),
                    "trial {trial}: {told:?}"
                );
            }
            if told.state == State::Confirmed {
                break;
            }
            assert!(sends < SENDS, "trial {trial}: {told:?}");
        }
        sent[sends] += 1;
        assert_eq!(scene.stored(&report), [desk.work.signed_object(&report).unwrap().to_vec()]);
        if kind == 0 {
            let offered = scene.centre.requests.count(&Method::POST, "/studies") - posts;
            assert_eq!(offered, 1, "trial {trial}: sent again although it was there");
        }
        scene.line.forget_strikes();
        scene.centre.requests.clear();
    }
    assert_eq!(scene.centre.stored().len() as u64, trials);
    note(&format!("{trials} lost answers: each report once at its centre; sends needed: {sent:?}\n"));
}
