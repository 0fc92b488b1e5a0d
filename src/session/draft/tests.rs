use std::sync::Arc;

use glam::DVec2;

use super::*;
use crate::dicom::Uid;
use crate::imaging::measure::Shape;
use crate::session::Effect;
use crate::session::case::Event as CaseEvent;
use crate::session::drawings::Drawing;
use crate::session::kept::KeptDrawing;
use crate::session::settings::Identity;
use crate::session::study;
use crate::session::tests::{
    CENTRE, complete, fetched, findings, kept, multiframe, names, one, opened, problem, reading, request,
    tick, told, uid, write,
};
use crate::session::worklist::ReadingState;

fn phi(text: &str) -> Phi<String> {
    Phi::new(text.to_owned())
}

fn frame(image: &str, frame: u32) -> FrameKey {
    FrameKey { sop_instance: uid(image), frame }
}

/// Draws without the viewer: a length on an image, an arrow.
fn draw(state: &mut State, id: u64, on: FrameKey, figure: Figure) {
    let drawing = Drawing {
        id,
        on,
        series: uid("1.1.9"),
        figure,
        label: phi("lesion"),
        values: Remote::NotAsked,
        real_world: Vec::new(),
        awaited: 0,
    };
    state.case.as_mut().unwrap().drawings.all.push(drawing);
}

fn length() -> Figure {
    Figure::Shape(Shape::Length([DVec2::ZERO, DVec2::ONE]))
}

fn draft(state: &State) -> &Draft {
    &state.case.as_ref().unwrap().draft
}

fn revision(state: &State) -> u64 {
    state.case.as_ref().unwrap().keeping.revision
}

fn signed(sop: &str) -> Signed {
    Signed { sop_instance: uid(sop), measurements: Vec::new(), state: outbox::State::Saved }
}

fn document(effects: &[Effect]) -> &Report {
    match effects {
        [Effect::Outbox(outbox::Effect::Sign { document, centre, images: None, .. })] => {
            assert_eq!(centre, CENTRE);
            document
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn citing_adds_a_line_to_the_findings_and_the_drawing_once() {
    let mut state = reading("1.1");
    draw(&mut state, 7, frame("1.1.1", 0), length());
    one(&mut state, write("Nodule:"));
    let cite = || Command::Cite { drawing: 7, sentence: phi("12 mm") };
    one(&mut state, cite());
    one(&mut state, cite());
    one(&mut state, Command::Cite { drawing: 8, sentence: phi("of nothing") });
    assert_eq!(findings(&state), "Nodule:\n12 mm\n12 mm\n");
    assert_eq!((&draft(&state).cited[..], revision(&state)), (&[7][..], 3));
    one(&mut state, Command::Uncite(7));
    assert_eq!((draft(&state).cited.len(), findings(&state).len()), (0, 20), "the text stays");
    one(&mut state, cite());
    forget_drawing(&mut state, 7);
    assert_eq!(draft(&state).cited, [0; 0]);
    let before = revision(&state);
    one(&mut state, Command::Uncite(7));
    one(&mut state, Command::State(ReportState::Final));
    let same = write(findings(&state));
    one(&mut state, same);
    assert_eq!(revision(&state), before, "nothing was changed");
}

#[test]
fn a_key_image_comes_with_its_sentence_and_goes_without() {
    let mut state = reading("1.1");
    let toggle = || Command::KeyImage { frame: frame("1.1.1", 2), sentence: phi("See image 3.") };
    one(&mut state, toggle());
    assert_eq!((draft(&state).key_images.len(), findings(&state)), (1, "See image 3.\n"));
    one(&mut state, toggle());
    assert_eq!((draft(&state).key_images.len(), findings(&state)), (0, "See image 3.\n"));
}

#[test]
fn the_report_says_what_the_draft_says_and_frames_only_where_there_are_several() {
    let mut state = reading("1.1");
    let id = state.case.as_ref().unwrap().request;
    let catalogue = Arc::new(vec![multiframe("1.1", &[("1.1.1", 1), ("1.1.2", 5)])]);
    one(&mut state, CaseEvent::Catalogued { id, catalogue });
    for (drawing, on, figure) in [
        (1, frame("1.1.1", 0), length()),
        (2, frame("1.1.2", 4), length()),
        (3, frame("1.1.2", 0), Figure::Arrow([DVec2::ZERO; 2])),
    ] {
        draw(&mut state, drawing, on, figure);
        one(&mut state, Command::Cite { drawing, sentence: phi("line") });
    }
    one(&mut state, Command::KeyImage { frame: frame("1.1.2", 0), sentence: phi("") });
    one(&mut state, Command::State(ReportState::Preliminary));
    complete(&mut state);
    let mut unnamed = state.clone();
    let name = Identity { name: "Sato^Hanako".into(), id: "7".into(), organisation: "Island".into() };
    one(&mut state, shell::Command::SignAs(name));
    one(&mut state, shell::Command::Speak(Language::Japanese));

    let effects = one(&mut state, Command::Sign);
    let report = document(&effects);
    assert_eq!((report.study.as_str(), report.language), ("1.1", ReportLanguage::Japanese));
    assert_eq!((report.state, &report.predecessor), (ReportState::Preliminary, &None));
    assert_eq!(report.reader, Some(Reader::new("Sato^Hanako", "7", "Island")));
    let sections: Vec<_> =
        report.sections.iter().map(|one| (one.heading, one.text.reveal().as_str())).collect();
    assert_eq!(sections, [(Heading::Findings, "line\nline\nline\n")]);
    let places: Vec<_> = report.measurements.iter().map(|one| (one.image.as_str(), one.frame)).collect();
    assert_eq!(places, [("1.1.1", None), ("1.1.2", Some(5))], "an arrow is no measurement");
    assert_eq!(report.measurements[0].label.reveal(), "lesion");
    let keys: Vec<_> = report.key_images.iter().map(|one| (one.image.as_str(), one.frame)).collect();
    assert_eq!(keys, [("1.1.2", Some(1))]);

    let effects = one(&mut unnamed, Command::Sign);
    assert_eq!((&document(&effects).reader, document(&effects).language), (&None, ReportLanguage::English));
}

#[test]
fn an_incomplete_study_is_signed_only_by_who_says_so_and_the_report_tells_it() {
    let cut_short = || study::Fetched {
        failures: vec![study::Failure { instance: None, problem: problem("work-list-cut") }],
        ..fetched(2, 2)
    };
    type Coming = Option<Result<study::Fetched, crate::session::Problem>>;
    type Missing = Option<(u32, Option<u32>)>;
    let cases: [(&str, Coming, Missing); 5] = [
        ("it is coming", None, Some((1, Some(4)))),
        ("fewer came", Some(Ok(fetched(3, 4))), Some((3, Some(4)))),
        ("the list is not whole", Some(Ok(cut_short())), Some((2, None))),
        ("the line was cut", Some(Err(problem("centre-cut-off"))), Some((1, Some(4)))),
        ("all came", Some(Ok(fetched(4, 4))), None),
    ];
    for (what, outcome, missing) in cases {
        let mut state = reading("1.1");
        one(&mut state, write("one"));
        let id = state.case.as_ref().unwrap().request;
        let progress = study::Progress { expected: Some(4), received: 1, bytes: 1 };
        one(&mut state, CaseEvent::Progress { id, progress });
        if let Some(outcome) = outcome {
            one(&mut state, CaseEvent::Arrived { id, outcome });
        }
        let effects = one(&mut state, Command::Sign);
        let Some((received, expected)) = missing else {
            assert_eq!((names(&effects), &state.shell.dialog), (vec!["sign"], &None), "{what}");
            continue;
        };
        let dialog = Some(Dialog::SignIncomplete { received, expected });
        assert_eq!((names(&effects), &state.shell.dialog), (vec![], &dialog), "{what}");
        let all_the_same = || Command::SignAllTheSame { sentence: phi("Not all were here.") };
        let effects = one(&mut state, all_the_same());
        assert_eq!(document(&effects).sections[0].text.reveal(), "one\nNot all were here.\n", "{what}");
        assert_eq!(state.shell.dialog, None);
        let id = request(&effects, "sign");
        one(&mut state, outbox::Event::Signed { id, outcome: Err(problem("report-no-reader")) });
        one(&mut state, all_the_same());
        assert_eq!(findings(&state), "one\nNot all were here.\n", "said once");
    }
}

#[test]
fn what_arrived_while_the_reader_was_asked_is_not_called_missing() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    one(&mut state, Command::Sign);
    complete(&mut state);
    let effects = one(&mut state, Command::SignAllTheSame { sentence: phi("Not all were here.") });
    assert_eq!((names(&effects), findings(&state)), (vec!["sign"], "one"));
}

#[test]
fn a_signed_report_goes_on_its_way_and_the_next_case_opens() {
    let mut state = reading("1.1");
    complete(&mut state);
    one(&mut state, write("one"));
    let autosave = tick(&mut state, 700);
    let id = request(&one(&mut state, Command::Sign), "sign");
    assert_eq!(names(&one(&mut state, Command::Sign)), [""; 0], "once");
    one(&mut state, write("typed too late"));
    assert_eq!(findings(&state), "one", "what is signed is what is read");

    let effects = one(&mut state, outbox::Event::Signed { id, outcome: Ok(signed("2.1")) });
    assert_eq!(names(&effects), ["send", "open"], "forgetting waits for what is being written");
    assert_eq!((opened(&state), findings(&state)), (Some("1.2"), ""));
    assert_eq!(names(&kept(&mut state, &autosave, Ok(()))), ["forget"]);
    let reports = state.outbox.reports.latest().unwrap();
    assert_eq!((reports[0].study.as_str(), reports[0].state), ("1.1", outbox::State::Saved));
    let row = state.worklist.row(&uid("1.1")).unwrap();
    assert_eq!(row.state, ReadingState::Draft, "nothing is at the centre yet");

    for (stage, expected) in
        [(outbox::State::Sent, ReadingState::Final), (outbox::State::Confirmed, ReadingState::Final)]
    {
        let report = outbox::Report { state: stage, ..state.outbox.reports.latest().unwrap()[0].clone() };
        one(&mut state, outbox::Event::Changed(report));
        assert_eq!(state.worklist.row(&uid("1.1")).unwrap().state, expected);
    }
    assert_eq!(told(&state), [("draft-report-confirmed", Weight::Note)]);
}

#[test]
fn a_failed_signature_leaves_the_draft_as_it_was() {
    let mut state = reading("1.1");
    complete(&mut state);
    one(&mut state, write("one"));
    let id = request(&one(&mut state, Command::Sign), "sign");
    let failed = outbox::Event::Signed { id, outcome: Err(problem("report-no-reader")) };
    assert_eq!(names(&one(&mut state, failed)), [""; 0]);
    assert_eq!((opened(&state), findings(&state)), (Some("1.1"), "one"));
    assert_eq!(told(&state), [("report-no-reader", Weight::Fault)]);
    assert!(matches!(draft(&state).signed, Remote::Failed { .. }));
    one(&mut state, write("two"));
    assert_eq!(findings(&state), "two");
    assert_eq!(names(&one(&mut state, Command::Sign)), ["sign"]);
}

#[test]
fn a_signature_that_comes_after_the_reader_went_on_disturbs_nobody() {
    let mut state = reading("1.1");
    complete(&mut state);
    one(&mut state, write("one"));
    let id = request(&one(&mut state, Command::Sign), "sign");
    let next = one(&mut state, crate::session::case::Command::Next);
    assert_eq!((names(&next), opened(&state)), (vec!["keep", "open"], Some("1.2")));
    let effects = one(&mut state, outbox::Event::Signed { id, outcome: Ok(signed("2.1")) });
    assert_eq!((names(&effects), opened(&state)), (vec!["send"], Some("1.2")));
    let effects = kept(&mut state, &next, Ok(()));
    assert!(matches!(&effects[..], [Effect::Case(crate::session::case::Effect::Forget { study, .. })]
        if study.as_str() == "1.1"));
}

#[test]
fn foreign_entries_of_a_kept_draft_are_left_out() {
    let mut state = reading("1.1");
    one(&mut state, write("one"));
    let case = state.case.as_ref().unwrap();
    let mut kept = KeptCase::of(case).unwrap();
    let drawing = KeptDrawing {
        series: "no uid".into(),
        image: String::new(),
        frame: 0,
        kind: "cube".into(),
        points: vec![[f64::NAN; 2]],
        label: String::new(),
    };
    kept.drawings = vec![drawing];
    kept.cited = vec![0, 99];
    kept.key_images = vec![("../x".into(), 1, String::new()), ("1.1.1".into(), 2, "why".into())];
    let mut other = reading("1.2");
    restore(&mut other, &kept);
    let keys: Vec<_> = draft(&other).key_images.iter().map(|key| key.frame.clone()).collect();
    assert_eq!(keys, [frame("1.1.1", 2)]);
    assert_eq!((&draft(&other).cited[..], findings(&other)), (&[][..], "one"));
    assert_eq!(Uid::parse(&kept.study), Ok(uid("1.1")));
}
