use super::*;
use crate::session::sign_in;
use crate::session::tests::{
    CENTRE, at_worklist, list, names, one, problem, request, row, sign_in as enter, tick, told, uid,
};
use crate::session::worklist::{Priority, ReadingState as R, Row};

fn report(sop: &str, state: State, problem: Option<Problem>) -> Report {
    let (sop_instance, study) = (uid(sop), uid("1.1"));
    Report { sop_instance, study, centre: CENTRE.into(), state, problem, attempts: 1 }
}

fn known(state: &crate::session::State) -> Vec<(&str, State)> {
    state.outbox.all().iter().map(|report| (report.sop_instance.as_str(), report.state)).collect()
}

#[test]
fn a_change_is_taken_in_whatever_was_asked() {
    let changed = |sop: &str, state| Event::Changed(report(sop, state, None));
    let mut state = crate::session::State::default();
    one(&mut state, changed("2.1", State::Saved));
    one(&mut state, changed("2.1", State::Sent));
    assert_eq!(known(&state), [("2.1", State::Sent)], "nobody asked");
    let id = request(&one(&mut state, Command::Look), "look");
    one(&mut state, changed("2.2", State::Saved));
    assert_eq!(known(&state).len(), 2);
    assert!(state.outbox.reports.is_pending(), "a step is not the answer");
    one(&mut state, Event::Listed { id, outcome: Err(problem("vault-busy-unknown")) });
    one(&mut state, changed("2.3", State::Saved));
    assert_eq!((known(&state).len(), state.outbox.unsent()), (3, 3));

    let mut empty = crate::session::State::default();
    one(&mut empty, Command::Look);
    one(&mut empty, changed("2.1", State::Saved));
    assert_eq!(known(&empty).len(), 1);
}

#[test]
fn arrival_is_noted_and_refusal_told_each_once() {
    let refused = || Some(problem("work-conflict"));
    type Step = (State, State, Option<Problem>, &'static [(&'static str, Weight)]);
    let steps: [Step; 5] = [
        (State::Saved, State::Sent, None, &[]),
        (State::Sent, State::Confirmed, None, &[("draft-report-confirmed", Weight::Note)]),
        (State::Confirmed, State::Confirmed, None, &[]),
        (State::Saved, State::Failed, refused(), &[("work-conflict", Weight::Fault)]),
        (
            State::Saved,
            State::Saved,
            Some(problem("centre-wrong-password")),
            &[("centre-wrong-password", Weight::Fault)],
        ),
    ];
    for (before, after, problem, expected) in steps {
        for by_list in [false, true] {
            let mut state = crate::session::State::default();
            one(&mut state, Event::Changed(report("2.1", before, None)));
            let after = report("2.1", after, problem.clone());
            if by_list {
                let id = request(&one(&mut state, Command::Look), "look");
                one(&mut state, Event::Listed { id, outcome: Ok(vec![after]) });
            } else {
                one(&mut state, Event::Changed(after));
            }
            assert_eq!(told(&state), expected, "{before:?}, by list: {by_list}");
        }
    }
}

#[test]
fn a_report_that_arrived_long_ago_is_no_news() {
    let mut state = crate::session::State::default();
    let id = request(&one(&mut state, Command::Look), "look");
    let old = vec![report("2.1", State::Confirmed, None), report("2.2", State::Failed, None)];
    one(&mut state, Event::Listed { id, outcome: Ok(old) });
    assert_eq!(told(&state), [("draft-report-refused", Weight::Fault)], "a refused one still is");
}

#[test]
fn what_waits_is_offered_every_minute_while_signed_in_at_its_centre() {
    let cases = [
        (CENTRE, State::Saved, true),
        (CENTRE, State::Sent, true),
        (CENTRE, State::Confirmed, false),
        (CENTRE, State::Failed, false),
        ("elsewhere", State::Saved, false),
    ];
    for (centre, stage, expected) in cases {
        let mut state = at_worklist();
        one(&mut state, Event::Changed(Report { centre: centre.into(), ..report("2.1", stage, None) }));
        let effects = tick(&mut state, 100);
        assert_eq!(names(&effects).contains(&"send"), expected, "{centre} {stage:?}");
        if expected {
            let id = request(&effects, "send");
            one(&mut state, Event::Listed { id, outcome: Ok(vec![report("2.1", State::Saved, None)]) });
            assert!(!names(&tick(&mut state, 60_099)).contains(&"send"));
            assert!(names(&tick(&mut state, 60_100)).contains(&"send"));
            assert!(!names(&tick(&mut state, 999_000)).contains(&"send"), "one walk at a time");
        }
    }
    let mut state = crate::session::State::default();
    one(&mut state, Event::Changed(report("2.1", State::Saved, None)));
    assert_eq!(names(&tick(&mut state, 100)), [""; 0], "nobody is signed in");
    enter(&mut state, CENTRE);
    assert!(matches!(state.sign_in.entered, Remote::Ready(sign_in::SignedIn { .. })));
}

#[test]
fn a_report_signed_during_a_walk_makes_another_walk_afterwards() {
    let mut state = at_worklist();
    let walk = request(&one(&mut state, Command::Send { centre: None }), "send");
    assert_eq!(send_soon(&mut state, CENTRE.into()), []);
    let effects = one(&mut state, Event::Listed { id: walk, outcome: Ok(Vec::new()) });
    let again = request(&effects, "send");
    assert_eq!(one(&mut state, Event::Listed { id: again, outcome: Ok(Vec::new()) }), []);
}

#[test]
fn news_of_a_report_says_which_study_it_is_about_where_the_list_knows() {
    let named =
        |date: &str| Row { date: date.into(), time: "025107".into(), ..row("1.1", Priority::Low, R::Draft) };
    let news = [
        (State::Confirmed, None, &[("draft-report-confirmed-of", Weight::Note)][..]),
        (State::Failed, None, &[("draft-report-refused-of", Weight::Fault)]),
        (
            State::Failed,
            Some(problem("work-conflict")),
            &[("work-conflict", Weight::Fault), ("draft-report-refused-of", Weight::Fault)],
        ),
    ];
    for (stage, why, expected) in news {
        let mut state = at_worklist();
        list(&mut state, vec![named("20261122")]);
        one(&mut state, Event::Changed(report("2.1", State::Saved, None)));
        one(&mut state, Event::Changed(report("2.1", stage, why)));
        assert_eq!(told(&state), expected);
        let args = &state.shell.notices.last().unwrap().problem.args;
        assert_eq!(args[..], [("study".into(), "CT 2026-11-22 02:51".to_owned())]);
    }
}
