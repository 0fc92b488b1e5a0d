//! A study that grows while it is read: it is asked for again while it is open, and what came late is told, also to
//! whoever signs.

use super::{Case, Effect};
use crate::session::Effect as Any;
use crate::session::shell::{self, Weight};
use crate::session::study::{Failure, Fetched};
use crate::session::{Problem, Remote, RequestId, State};

/// The centre is asked whether it has more after this long, ms.
const LOOK_MS: u64 = 40_000;
/// The notice of what came late.
const NEW_IMAGES: &str = "growth-new-images";

/// What came after the study was here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Growth {
    /// Images that came late, in all.
    pub images: u32,
    /// As many of them were there when the reader was last asked whether to sign all the same.
    pub(in crate::session) asked: u32,
    looking: Option<RequestId>,
    /// When the centre was asked last, ms.
    looked_ms: u64,
}

/// What the centre has more than it had.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Late {
    /// Instances the centre has.
    pub expected: u32,
    /// Instances that are in the case.
    pub received: u32,
    /// Images that came now.
    pub images: u32,
    /// What is missing all the same, and why.
    pub failures: Vec<Failure>,
}

/// Asks now and then whether the study of the open case has grown. While it is still coming, and where it could not
/// be asked for at all, that is a question of the transfer.
pub(in crate::session) fn tick(state: &mut State) -> Vec<Any> {
    let now_ms = state.shell.now_ms;
    let due = |case: &Case| {
        let settled = matches!(case.arrived, Remote::Ready(_)) && case.growth.looking.is_none();
        settled && now_ms >= case.growth.looked_ms + LOOK_MS
    };
    if !state.case.as_ref().is_some_and(due) || state.sign_in.centre().is_none() {
        return Vec::new();
    }
    let id = state.request();
    let Some(case) = &mut state.case else { return Vec::new() };
    let (Some(centre), Some(study)) = (case.centre().map(str::to_owned), case.study.clone()) else {
        return Vec::new();
    };
    case.growth.looking = Some(id);
    case.growth.looked_ms = now_ms;
    let (opening, known) = (case.request, case.arrived.latest().map_or(0, |fetched| fetched.expected));
    vec![Any::Case(Effect::Look { id, opening, centre, study, known })]
}

/// The transfer has ended: the next look is due a while later.
pub(super) fn arrived(case: &mut Case, now_ms: u64) {
    case.growth.looking = None;
    case.growth.looked_ms = now_ms;
}

/// The centre has answered. That it could not be asked is no news of the study: it is asked again.
pub(super) fn looked(state: &mut State, id: RequestId, outcome: Result<Option<Late>, Problem>) {
    let asked = |case: &&mut Case| case.growth.looking == Some(id);
    let Some(case) = state.case.as_mut().filter(asked) else { return };
    case.growth.looking = None;
    let Ok(Some(late)) = outcome else { return };
    case.progress.expected = Some(late.expected);
    case.progress.received = late.received;
    if let Some(fetched) = case.arrived.latest().cloned() {
        let Late { expected, received, failures, .. } = late;
        case.arrived.answer(Ok(Fetched { expected, received, failures, ..fetched }));
    }
    case.growth.images += late.images;
    if late.images > 0 {
        announce(state, late.images);
    }
}

/// Says how many images came, those of a notice that still stands included.
fn announce(state: &mut State, images: u32) {
    let standing = state.shell.notices.iter().position(|notice| notice.problem.id == NEW_IMAGES);
    let before = standing.map(|place| state.shell.notices.remove(place));
    let before = before.and_then(|notice| notice.problem.args.first()?.1.parse::<u32>().ok());
    let count = images.saturating_add(before.unwrap_or_default());
    let problem = Problem { id: NEW_IMAGES.into(), args: vec![("count".into(), count.to_string())] };
    shell::tell(state, problem, Weight::Warning);
}

/// Images that came late and that whoever signs has not been asked about.
pub(in crate::session) fn unasked(state: &mut State) -> Option<u32> {
    let growth = &mut state.case.as_mut()?.growth;
    let unasked = growth.images.saturating_sub(growth.asked);
    growth.asked = growth.images;
    (unasked > 0).then_some(unasked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::case::Event;
    use crate::session::shell::Dialog;
    use crate::session::tests::{complete, names, one, problem, reading, request, tick, told, write};
    use crate::session::{draft, outbox, shell};

    fn late(images: u32) -> Option<Late> {
        Some(Late { expected: 2 + images, received: 2 + images, images, failures: Vec::new() })
    }

    /// The centre is asked at this time, and answers.
    fn grow(state: &mut State, now_ms: u64, outcome: Result<Option<Late>, Problem>) {
        let id = request(&tick(state, now_ms), "look for more");
        one(state, Event::Looked { id, outcome });
    }

    fn whole() -> State {
        let mut state = reading("1.1");
        complete(&mut state);
        one(&mut state, write("one"));
        state
    }

    #[test]
    fn an_open_study_is_asked_for_again_when_it_is_here_and_one_question_at_a_time() {
        let mut state = reading("1.1");
        let looks = |effects: &[Any]| names(effects).contains(&"look for more");
        assert!(!looks(&tick(&mut state, 50_000)), "it is still coming");
        complete(&mut state);
        assert!(!looks(&tick(&mut state, 89_999)));
        let id = request(&tick(&mut state, 90_000), "look for more");
        assert!(!looks(&tick(&mut state, 200_000)), "not before the answer");
        one(&mut state, Event::Looked { id, outcome: Err(problem("centre-cut-off")) });
        assert!(told(&state).is_empty(), "that nobody answers is no news of the study");
        assert!(looks(&tick(&mut state, 200_100)));
        one(&mut state, crate::session::case::Command::Close);
        assert!(!looks(&tick(&mut state, 300_000)));
    }

    #[test]
    fn what_came_late_is_counted_told_and_the_transfer_stays_complete() {
        let mut state = whole();
        grow(&mut state, 40_000, Ok(None));
        assert_eq!((told(&state), state.case.as_ref().unwrap().growth.images), (vec![], 0));
        grow(&mut state, 80_000, Ok(late(5)));
        grow(&mut state, 120_000, Ok(late(7)));
        assert_eq!(told(&state), [(NEW_IMAGES, Weight::Warning)]);
        assert_eq!(state.shell.notices[0].problem.args[0].1, "12", "all while the notice stands");
        let case = state.case.as_ref().unwrap();
        assert_eq!((case.growth.images, case.shortfall()), (12, None));
        grow(&mut state, 160_000, Ok(Some(Late { expected: 30, received: 14, ..Late::default() })));
        assert!(state.case.as_ref().unwrap().shortfall().is_some(), "more is there that did not come");
    }

    #[test]
    fn whoever_signs_after_it_grew_is_asked_once() {
        let mut state = whole();
        grow(&mut state, 40_000, Ok(late(12)));
        assert_eq!(names(&one(&mut state, draft::Command::Sign)), [""; 0]);
        assert_eq!(state.shell.dialog, Some(Dialog::SignGrown { images: 12 }));
        one(&mut state, shell::Command::CloseDialog);
        assert_eq!(names(&one(&mut state, draft::Command::Sign)), ["sign"], "they have been looked at");

        let mut state = whole();
        grow(&mut state, 40_000, Ok(late(12)));
        one(&mut state, draft::Command::Sign);
        let effects =
            one(&mut state, draft::Command::SignAllTheSame { sentence: crate::dicom::Phi::default() });
        let id = request(&effects, "sign");
        assert_eq!(state.shell.dialog, None);
        one(&mut state, outbox::Event::Signed { id, outcome: Err(problem("report-no-reader")) });
        grow(&mut state, 90_000, Ok(late(1)));
        one(&mut state, draft::Command::Sign);
        assert_eq!(state.shell.dialog, Some(Dialog::SignGrown { images: 1 }), "what came since");
    }
}
