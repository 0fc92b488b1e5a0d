//! The whole flow in messages, and the small driver that the slices' tests use too.

use std::sync::Arc;

use super::shell::{Screen, Weight};
use super::worklist::{List, Priority, ReadingState, Row};
use super::*;
use crate::dicom::catalogue::{StudyEntry, studies};
use crate::dicom::instance::{FrameAttributes, ImageModule, Patient, Series, Study};
use crate::dicom::pixel::Photometric;
use crate::dicom::{Instance, Phi, PixelFormat, Uid};
use crate::imaging::FrameKey;
use crate::report::Heading;

pub(super) const CENTRE: &str = "island";

macro_rules! messages {
    ($($slice:ident: $($kind:ident)*),* $(,)?) => { $($(messages!(@ $slice $kind);)*)* };
    (@ $slice:ident Command) => {
        impl From<$slice::Command> for Message {
            fn from(command: $slice::Command) -> Self {
                Self::Command(messages!(# $slice Command command))
            }
        }
    };
    (@ $slice:ident Event) => {
        impl From<$slice::Event> for Message {
            fn from(event: $slice::Event) -> Self {
                Self::Event(messages!(# $slice Event event))
            }
        }
    };
    (# shell $kind:ident $it:ident) => { $kind::Shell($it) };
    (# sign_in $kind:ident $it:ident) => { $kind::SignIn($it) };
    (# case $kind:ident $it:ident) => { $kind::Case($it) };
    (# draft $kind:ident $it:ident) => { $kind::Draft($it) };
    (# worklist $kind:ident $it:ident) => { $kind::Worklist($it) };
    (# outbox $kind:ident $it:ident) => { $kind::Outbox($it) };
    (# study $kind:ident $it:ident) => { $kind::Study($it) };
    (# lock $kind:ident $it:ident) => { $kind::Lock($it) };
}

messages! {
    shell: Command Event, sign_in: Command Event, case: Command Event, worklist: Command Event,
    outbox: Command Event, study: Command Event, draft: Command, lock: Command Event,
}

pub(super) fn run(state: &mut State, messages: impl IntoIterator<Item = Message>) -> Vec<Effect> {
    messages.into_iter().flat_map(|message| update(state, message)).collect()
}

pub(super) fn one(state: &mut State, message: impl Into<Message>) -> Vec<Effect> {
    update(state, message.into())
}

pub(super) fn tick(state: &mut State, now_ms: u64) -> Vec<Effect> {
    one(state, shell::Event::Tick { now_ms })
}

pub(super) fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

pub(super) fn problem(id: &'static str) -> Problem {
    Problem { id: id.into(), args: Vec::new() }
}

pub(super) fn row(study: &str, priority: Priority, state: ReadingState) -> Row {
    Row {
        study: uid(study),
        patient: Patient::default(),
        modality: "CT".into(),
        description: String::new(),
        date: String::new(),
        time: String::new(),
        instances: None,
        received: 0,
        priority,
        state,
        claim: worklist::Claim::Nobody,
        grown: 0,
        folded: worklist::Folded::default(),
    }
}

/// What the open effects are called, in order.
pub(super) fn names(effects: &[Effect]) -> Vec<&'static str> {
    effects.iter().map(name).collect()
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Shell(shell::Effect::Remember { .. }) => "remember",
        Effect::Shell(shell::Effect::Chime { .. }) => "chime",
        Effect::SignIn(sign_in::Effect::Enter { .. }) => "enter",
        Effect::SignIn(sign_in::Effect::Leave { .. }) => "leave",
        Effect::SignIn(sign_in::Effect::BreakOff { .. }) => "break off",
        Effect::Case(case::Effect::Open { .. }) => "open",
        Effect::Case(case::Effect::OpenFiles { .. }) => "open files",
        Effect::Case(case::Effect::Close { .. }) => "close",
        Effect::Case(case::Effect::Look { .. }) => "look for more",
        Effect::Case(case::Effect::Keep { .. }) => "keep",
        Effect::Case(case::Effect::Forget { .. }) => "forget",
        Effect::Case(case::Effect::Recall { .. }) => "recall",
        Effect::Worklist(worklist::Effect::List { .. }) => "list",
        Effect::Worklist(worklist::Effect::Prefetch { .. }) => "prefetch",
        Effect::Worklist(worklist::Effect::Claim { .. }) => "claim",
        Effect::Study(study::Effect::Fetch { .. }) => "fetch",
        Effect::Outbox(outbox::Effect::Sign { .. }) => "sign",
        Effect::Outbox(outbox::Effect::Send { .. }) => "send",
        Effect::Outbox(outbox::Effect::Look { .. }) => "look",
        Effect::Lock(lock::Effect::Seal { .. }) => "seal",
        Effect::Lock(lock::Effect::Unseal { .. }) => "unseal",
        Effect::Trail(_) => "read the trail",
        Effect::Pixels(_) | Effect::Drawings(_) => "image",
    }
}

/// The request of the only effect of that name.
pub(super) fn request(effects: &[Effect], wanted: &str) -> RequestId {
    let mut found = effects.iter().filter(|effect| name(effect) == wanted);
    let id = match found.next() {
        Some(Effect::Case(
            case::Effect::Open { id, .. }
            | case::Effect::OpenFiles { id, .. }
            | case::Effect::Close { id }
            | case::Effect::Look { id, .. }
            | case::Effect::Keep { id, .. }
            | case::Effect::Forget { id, .. },
        ))
        | Some(Effect::Lock(lock::Effect::Seal { id, .. } | lock::Effect::Unseal { id, .. }))
        | Some(Effect::SignIn(sign_in::Effect::Enter { id, .. }))
        | Some(Effect::Worklist(worklist::Effect::List { id, .. }))
        | Some(Effect::Outbox(
            outbox::Effect::Sign { id, .. } | outbox::Effect::Send { id, .. } | outbox::Effect::Look { id },
        )) => *id,
        other => panic!("no {wanted}: {other:?} in {effects:?}"),
    };
    assert!(found.next().is_none(), "{wanted} twice: {effects:?}");
    id
}

/// The vault answers what it was told to keep or to forget.
pub(super) fn kept(state: &mut State, effects: &[Effect], outcome: Result<(), Problem>) -> Vec<Effect> {
    let id = if names(effects).contains(&"keep") { "keep" } else { "forget" };
    let id = request(effects, id);
    one(state, case::Event::Kept { id, outcome })
}

pub(super) fn enter() -> sign_in::Command {
    sign_in::Command::Enter {
        centre: sign_in::CentreChoice::Known(CENTRE.into()),
        user: "reader".into(),
        password: sign_in::Secret::default(),
        passphrase: None,
        certificate_password: None,
    }
}

/// Signs in and answers.
pub(super) fn sign_in(state: &mut State, centre: &str) -> Vec<Effect> {
    let id = request(&one(state, enter()), "enter");
    let signed_in = sign_in::SignedIn { centre: centre.into(), user: None, demo: false };
    one(state, sign_in::Event::Entered { id, outcome: Ok(signed_in) })
}

/// A new answer of the centre.
pub(super) fn list(state: &mut State, rows: Vec<Row>) -> Vec<Effect> {
    let effects = one(state, worklist::Command::Refresh { centre: CENTRE.into() });
    let id = request(&effects, "list");
    one(state, worklist::Event::Listed { id, outcome: Ok(List { rows, ..List::default() }) })
}

/// Signed in, with three studies to read.
pub(super) fn at_worklist() -> State {
    let mut state = State::default();
    let look = request(&sign_in(&mut state, CENTRE), "look");
    one(&mut state, outbox::Event::Listed { id: look, outcome: Ok(Vec::new()) });
    let rows = ["1.1", "1.2", "1.3"].map(|study| row(study, Priority::Medium, ReadingState::Unread));
    list(&mut state, rows.to_vec());
    state
}

pub(super) fn open_study(state: &mut State, study: &str) -> Vec<Effect> {
    one(state, case::Command::Open { centre: CENTRE.into(), study: uid(study) })
}

/// The same with the study open and nothing kept of it.
pub(super) fn reading(study: &str) -> State {
    let mut state = at_worklist();
    let id = request(&open_study(&mut state, study), "open");
    one(&mut state, case::Event::Opened { id, kept: None });
    state
}

/// Every image of the open case has come.
pub(super) fn complete(state: &mut State) {
    let id = state.case.as_ref().unwrap().request;
    let fetched = fetched(2, 2);
    one(state, case::Event::Arrived { id, outcome: Ok(fetched) });
}

/// The end of a transfer in which so many of so many came.
pub(super) fn fetched(received: u32, expected: u32) -> study::Fetched {
    let (bytes, resumed, failures) = (9, 0, Vec::new());
    study::Fetched {
        skipped: 0,
        expected,
        received,
        bytes,
        seconds: 1.0,
        first_image_seconds: None,
        resumed,
        failures,
    }
}

pub(super) fn write(text: &str) -> draft::Command {
    draft::Command::Write { heading: Heading::Findings, text: Phi::new(text.to_owned()) }
}

pub(super) fn findings(state: &State) -> &str {
    state.case.as_ref().unwrap().draft.text(Heading::Findings)
}

pub(super) fn opened(state: &State) -> Option<&str> {
    state.case.as_ref()?.study.as_ref().map(Uid::as_str)
}

/// The ids and weights of what stands.
pub(super) fn told(state: &State) -> Vec<(&str, Weight)> {
    state.shell.notices.iter().map(|notice| (notice.problem.id.as_ref(), notice.weight)).collect()
}

pub(super) fn entry(study: &str) -> StudyEntry {
    let study = Study {
        uid: uid(study),
        date: String::new(),
        time: String::new(),
        id: Phi::default(),
        accession: Phi::default(),
        description: String::new(),
        referring_physician: Phi::default(),
    };
    StudyEntry { patient: Patient::default(), study, series: Vec::new(), warnings: Vec::new() }
}

/// A study with one stack of images, each with so many frames.
pub(super) fn multiframe(study: &str, images: &[(&str, u32)]) -> StudyEntry {
    let entry = entry(study);
    let series = Series {
        uid: uid("1.1.9"),
        modality: "US".into(),
        number: None,
        description: String::new(),
        body_part: String::new(),
        frame_of_reference: None,
    };
    let image = |(image, frames): &(&str, u32)| {
        let format = PixelFormat {
            rows: 8,
            columns: 8,
            frames: *frames,
            samples_per_pixel: 1,
            bits_allocated: 16,
            bits_stored: 16,
            high_bit: 15,
            signed: false,
            photometric: Photometric::Monochrome2,
            planar: false,
            float: false,
        };
        let module = ImageModule {
            format,
            image_type: Vec::new(),
            frames: vec![FrameAttributes::default(); *frames as usize],
            palette: None,
            display: crate::dicom::display::DisplayAttributes::default(),
            padding: None,
            presentation_inverse: false,
            lossy: None,
            burned_in: false,
            ultrasound_regions: Vec::new(),
            pixel_aspect: None,
            patient_orientation: None,
            laterality: String::new(),
            view_position: String::new(),
            stack_discriminators: Vec::new(),
        };
        Arc::new(Instance {
            sop_class: uid("1.2.840.10008.5.1.4.1.1.3.1"),
            sop_instance: uid(image),
            transfer_syntax: None,
            charset: Vec::new(),
            patient: Patient::default(),
            study: entry.study.clone(),
            series: series.clone(),
            instance_number: None,
            image: Some(module),
            document: None,
            text_damaged: false,
        })
    };
    studies(images.iter().map(image).collect()).remove(0)
}

/// What a reader and a centre can do in one evening.
fn evening() -> Vec<Message> {
    let progress = study::Progress { expected: Some(3), received: 1, bytes: 9 };
    let study = uid("1.1");
    let frame = FrameKey { sop_instance: uid("1.1.1"), frame: 0 };
    let sentence = Phi::new("Key image".to_owned());
    let signed_in = sign_in::SignedIn { centre: CENTRE.into(), user: None, demo: false };
    let unreachable = || problem("centre-unreachable-dns");
    let rows = vec![row("1.1", Priority::Stat, ReadingState::Unread)];
    vec![
        worklist::Command::Refresh { centre: CENTRE.into() }.into(),
        study::Command::Fetch { centre: CENTRE.into(), study: study.clone() }.into(),
        study::Event::Progress { id: 2, progress }.into(),
        worklist::Event::Listed { id: 1, outcome: Err(unreachable()) }.into(),
        outbox::Command::Send { centre: None }.into(),
        outbox::Event::Listed { id: 3, outcome: Err(unreachable()) }.into(),
        shell::Event::Tick { now_ms: 100 }.into(),
        shell::Command::Speak(settings::Language::Japanese).into(),
        shell::Command::Sound(false).into(),
        shell::Command::SignAs(settings::Identity::default()).into(),
        shell::Command::Open(shell::Dialog::Help).into(),
        shell::Command::CloseDialog.into(),
        shell::Command::Tell(unreachable(), Weight::Warning).into(),
        shell::Command::Dismiss(1).into(),
        enter().into(),
        sign_in::Event::Entered { id: 7, outcome: Ok(signed_in) }.into(),
        worklist::Event::Listed { id: 8, outcome: Ok(List { rows, ..List::default() }) }.into(),
        worklist::Command::Filter("ct".into()).into(),
        worklist::Command::Step(1).into(),
        case::Event::Recalled { id: 10, outcome: Ok(None) }.into(),
        case::Command::Open { centre: CENTRE.into(), study }.into(),
        case::Event::Opened { id: 11, kept: None }.into(),
        case::Event::Progress { id: 11, progress }.into(),
        case::Event::Catalogued { id: 11, catalogue: Arc::new(vec![entry("1.1")]) }.into(),
        case::Event::Arrived { id: 11, outcome: Err(unreachable()) }.into(),
        case::Command::Retry.into(),
        write("No bleeding.").into(),
        draft::Command::KeyImage { frame, sentence }.into(),
        shell::Event::Tick { now_ms: 900 }.into(),
        draft::Command::Sign.into(),
        draft::Command::SignAllTheSame { sentence: Phi::default() }.into(),
        case::Command::Next.into(),
        case::Command::OpenFiles(vec!["a.dcm".into()]).into(),
        case::Command::Close.into(),
        sign_in::Command::Leave.into(),
        shell::Command::Leave.into(),
        shell::Command::LeaveAnyway.into(),
    ]
}

#[test]
fn a_recorded_list_of_messages_replays_to_the_same_state_and_effects() {
    let replay = || {
        let mut state = State::default();
        let effects = run(&mut state, evening());
        (state, effects)
    };
    let (state, effects) = replay();
    assert_eq!((state.clone(), effects.clone()), replay());
    let expected = [
        "list",
        "fetch",
        "send",
        "remember",
        "remember",
        "remember",
        "enter",
        "list",
        "look",
        "recall",
        "prefetch",
        "open",
        "open",
        "keep",
        "sign",
        "close",
        "list",
        "open files",
        "close",
        "list",
        "leave",
    ];
    assert_eq!(names(&effects), expected);
    assert_eq!(state.study.progress.received, 1);
    assert_eq!(state.shell.screen, Screen::SignIn);
}

#[test]
fn every_effect_can_end_in_failure() {
    let mut state = State::default();
    let mut failed = 0;
    for message in evening() {
        for effect in update(&mut state, message) {
            failed += 1;
            update(&mut state, Message::Event(effect.failed(problem("work-stopped"))));
        }
    }
    assert!(failed > 9, "{failed}");
    let pending = [
        state.worklist.list.is_pending(),
        state.study.fetched.is_pending(),
        state.outbox.reports.is_pending(),
        state.outbox.signed.is_pending(),
        state.sign_in.entered.is_pending(),
        state.case.as_ref().is_some_and(|case| case.arrived.is_pending()),
    ];
    assert_eq!(pending, [false; 6], "nothing waits for ever");
}
