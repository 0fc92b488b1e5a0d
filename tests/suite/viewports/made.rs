//! A case in code: one CT series of eleven small slices, opened by the session's own messages.

use std::sync::Arc;

use dokuei::dicom::catalogue::studies;
use dokuei::dicom::document::Document;
use dokuei::dicom::instance::{ImageModule, Patient, Series, Study};
use dokuei::dicom::{Instance, PersonName, Phi, Uid};
use dokuei::imaging::{FrameKey, Stores};
use dokuei::session::case::{Command as CaseCommand, Event as CaseEvent};
use dokuei::session::settings::Language;
use dokuei::session::study::{Fetched, Progress};
use dokuei::session::{Command, Effect, Event, Message, State, case, shell, update};
use dokuei::ui::canvas::Canvas;
use dokuei::ui::{Panel, thumbnails, viewports};
use egui::{Pos2, Rect, UiBuilder, Vec2};
use egui_kittest::Harness;

use crate::imaging::made::{self, ramp};

pub(super) const SLICES: usize = 11;

/// What a test drives: the state, its pixels, and every command that came of it.
pub(crate) struct Stage {
    pub(crate) state: State,
    pub(super) stores: Stores,
    canvas: Canvas,
    pub(super) sent: Vec<Command>,
}

pub(super) fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

pub(super) fn key(slice: usize) -> FrameKey {
    FrameKey { sop_instance: uid(&format!("1.2.3.{}", slice + 1)), frame: 0 }
}

/// What a test changes in the images of the series.
pub(super) type Change = fn(&mut ImageModule);

fn instance(slice: usize, change: Change) -> Instance {
    let stack = made::Stack::axial();
    let frame = &stack.frames(ramp)[slice];
    let mut image = made::module(
        frame.columns(),
        frame.rows(),
        dokuei::dicom::pixel::Photometric::Monochrome2,
        frame.samples(),
    );
    image.frames = vec![frame.attributes().clone()];
    change(&mut image);
    Instance {
        sop_class: uid("1.2.840.10008.5.1.4.1.1.2"),
        sop_instance: key(slice).sop_instance,
        transfer_syntax: None,
        charset: Vec::new(),
        patient: Patient {
            name: Phi::new(PersonName::parse("Yamada^Tarou=山田^太郎=やまだ^たろう")),
            id: Phi::new("12345678".into()),
            birth_date: Phi::new("19800302".into()),
            sex: "M".into(),
            ..Patient::default()
        },
        study: Study {
            uid: uid("1.2"),
            date: "20260302".into(),
            time: String::new(),
            id: Phi::default(),
            accession: Phi::default(),
            description: "Chest".into(),
            referring_physician: Phi::default(),
        },
        series: Series {
            uid: uid("1.2.3"),
            modality: "CT".into(),
            number: Some(3),
            description: "CHEST 1.0".into(),
            body_part: String::new(),
            frame_of_reference: Some(uid("1.2.9")),
        },
        instance_number: Some(slice as i32 + 1),
        image: Some(image),
        document: None,
        text_damaged: false,
    }
}

/// An object of the same study in a series of its own, `1.2.4`, that is this document.
pub(super) fn document(document: Document) -> Arc<Instance> {
    let mut instance = instance(0, |_| {});
    instance.sop_instance = uid("1.2.4.1");
    instance.series.uid = uid("1.2.4");
    instance.series.number = Some(9);
    instance.image = None;
    instance.document = Some(document);
    Arc::new(instance)
}

impl Stage {
    /// The case is open and complete, and all of its frames are decoded.
    pub(crate) fn new(language: Language) -> Self {
        Self::with(language, Vec::new())
    }

    /// The same with other objects beside the series.
    pub(super) fn with(language: Language, others: Vec<Arc<Instance>>) -> Self {
        Self::of(language, others, |_| {})
    }

    /// The same with other headers of its images.
    pub(super) fn of(language: Language, others: Vec<Arc<Instance>>, change: Change) -> Self {
        let stores = Stores::new(1 << 24);
        let mut stage = Self { state: State::default(), stores, canvas: Canvas::new(None), sent: Vec::new() };
        stage.tell(Message::Command(Command::Shell(shell::Command::Speak(language))));
        let open = CaseCommand::Open { centre: "island".into(), study: uid("1.2") };
        let effects = stage.tell(Message::Command(Command::Case(open)));
        let opening = |effect: &Effect| match effect {
            Effect::Case(case::Effect::Open { id, .. }) => Some(*id),
            _ => None,
        };
        let id = effects.iter().find_map(opening).unwrap();
        let images = (0..SLICES).map(|slice| Arc::new(instance(slice, change))).chain(others).collect();
        let catalogue = Arc::new(studies(images));
        let count = SLICES as u32;
        let progress = Progress { expected: Some(count), received: count, bytes: 9 };
        let fetched = Fetched {
            skipped: 0,
            expected: count,
            received: count,
            bytes: 9,
            seconds: 1.0,
            first_image_seconds: Some(0.1),
            resumed: 0,
            failures: Vec::new(),
        };
        for event in [
            CaseEvent::Opened { id, kept: None },
            CaseEvent::Catalogued { id, catalogue },
            CaseEvent::Progress { id, progress },
            CaseEvent::Arrived { id, outcome: Ok(fetched) },
        ] {
            stage.tell(Message::Event(Event::Case(event)));
        }
        for slice in 0..SLICES {
            let samples = made::Stack::axial().frames(ramp)[slice].samples().clone();
            let instance = instance(slice, change);
            let frame = made::try_frame(instance.image.as_ref().unwrap(), samples).unwrap();
            stage.stores.frames.insert(key(slice), frame);
        }
        stage
    }

    pub(super) fn tell(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.state, message)
    }

    pub(super) fn command(&mut self, command: Command) {
        self.tell(Message::Command(command));
    }

    /// One frame as the application makes it: input, then the commands, then paint.
    fn ui(&mut self, ui: &mut egui::Ui) {
        let all = ui.max_rect();
        let strip = Rect::from_min_max(all.min, Pos2::new(all.left() + 120.0, all.bottom()));
        let rest = Rect::from_min_max(Pos2::new(strip.right(), all.top()), all.max);
        let mut panel = Panel::new(&self.state, &self.stores, &self.canvas);
        let mut left = ui.new_child(UiBuilder::new().max_rect(strip).id_salt("strip"));
        thumbnails::show(&mut left, &mut panel);
        let mut right = ui.new_child(UiBuilder::new().max_rect(rest).id_salt("images"));
        viewports::input(&mut right, &mut panel, 0);
        let commands = panel.into_commands();
        for command in commands {
            self.sent.push(command.clone());
            self.command(command);
        }
        let mut panel = Panel::new(&self.state, &self.stores, &self.canvas);
        viewports::paint(&mut right, &mut panel, 0);
        assert!(panel.into_commands().is_empty(), "painting wants nothing");
    }
}

/// A window of this size (points) over the stage.
pub(super) fn window(stage: Stage, size: Vec2, pixels_per_point: f32) -> Harness<'static, Stage> {
    let builder = Harness::builder().with_size(size).with_pixels_per_point(pixels_per_point);
    let mut harness =
        builder.allow_missing_glyphs().build_ui_state(|ui, stage: &mut Stage| stage.ui(ui), stage);
    harness.run_steps(2);
    harness.state_mut().sent.clear();
    harness
}
