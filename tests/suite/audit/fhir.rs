//! Copies to a FHIR server: in order, each once, whatever the server and the line do.

use super::certificates::Papers;
use super::receiver::{Deed, Receiver};
use super::{Station, look, until};
use dokuei::site::AuditTarget;

fn target(papers: &Papers, receiver: &Receiver) -> AuditTarget {
    AuditTarget { fhir: Some(receiver.base.parse().unwrap()), ..papers.target() }
}

#[test]
fn a_server_that_refuses_breaks_and_forgets_to_answer_has_every_record_once_and_in_order() {
    let (papers, station) = (Papers::new(), Station::new());
    let receiver = Receiver::start(&papers);
    receiver.will(&[
        Deed::Take,
        Deed::LoseAnswer,
        Deed::Refuse(503),
        Deed::Cut,
        Deed::Take,
        Deed::LoseAnswer,
    ]);
    station.fill(40);
    let mut work = station.work(Some(target(&papers, &receiver)));
    look(&mut work);
    // Start and look are noted after the forty.
    until("the last record", || receiver.numbers().len() == 42);
    assert_eq!(receiver.numbers(), (1..=42).collect::<Vec<_>>());
    let kept = receiver.kept();
    assert_eq!(kept[41]["type"]["code"], "110101", "that the trail was looked at");
    assert_eq!(kept[0]["entity"][1]["name"], "YAMADA^TARO=山田^太郎");
    // What has been proven is remembered: the next start sends the end of this one, its own start and no more.
    drop(work);
    let mut work = station.work(Some(target(&papers, &receiver)));
    look(&mut work);
    until("the next start", || receiver.numbers().len() == 45);
    assert_eq!(receiver.numbers(), (1..=45).collect::<Vec<_>>());
    until("the word that nothing is wrong", || {
        look(&mut work).ways.first().is_some_and(|way| way.problem.is_none())
    });
}

/// What is told where they do not trust us: with TLS 1.3 the refusal comes after the handshake, and may be lost when
/// the connection ends.
const THEIRS: &[&str] = &["trail-untrusted", "trail-cut-off"];

#[test]
fn who_cannot_be_trusted_gets_nothing_and_the_reader_sees_why() {
    let (papers, others, station) = (Papers::new(), Papers::new(), Station::new());
    let receiver = Receiver::start(&papers);
    let ours = target(&papers, &receiver);
    let cases = [
        (
            "their authority is not ours",
            AuditTarget { ca: others.path("ca.pem"), ..ours.clone() },
            &["trail-untrusted"][..],
        ),
        (
            "our authority is not theirs",
            AuditTarget {
                certificate: Some(others.path("station.pem")),
                key: Some(others.path("station.key")),
                ..ours.clone()
            },
            THEIRS,
        ),
        ("we show nothing", AuditTarget { certificate: None, key: None, ..ours.clone() }, THEIRS),
        ("no such file", AuditTarget { ca: papers.path("none.pem"), ..ours.clone() }, &["trail-bad-file"]),
        (
            "not encrypted",
            AuditTarget { fhir: Some("http://127.0.0.1:1/fhir".parse().unwrap()), ..ours },
            &["trail-bad-address"],
        ),
    ];
    for (case, target, expected) in cases {
        let mut work = station.work(Some(target));
        let problem = |list: dokuei::session::trail::List| {
            let way = list.ways.into_iter().next()?;
            Some(way.problem?.id.into_owned())
        };
        until(case, || problem(look(&mut work)).is_some_and(|found| expected.contains(&found.as_str())));
    }
    assert_eq!(receiver.numbers(), Vec::<u64>::new());
}
