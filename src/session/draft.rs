//! The report being written on the open case.

use super::case::{self, Case, Shortfall};
use super::drawings::{self, Figure};
use super::kept::KeptCase;
use super::outbox::{self, Signed};
use super::settings::{Language, Settings};
use super::shell::{self, Dialog, Weight};
use super::{Problem, Remote, State};
use crate::dicom::Phi;
use crate::imaging::FrameKey;
use crate::report::{Heading, KeyImage, Measurement, Reader, Report, ReportLanguage, ReportState, Section};

/// The report being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The text of each section, in the order of [`Heading::ALL`], lines ending in LF.
    pub sections: [Phi<String>; 5],
    /// The drawings that go into the report, by their names in `drawings`.
    pub cited: Vec<u64>,
    /// The images that go into it.
    pub key_images: Vec<KeyFrame>,
    /// What signing makes of it.
    pub state: ReportState,
    /// The newest signature on this case.
    pub signed: Remote<Signed>,
}

/// An image worth looking at.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyFrame {
    /// Which.
    pub frame: FrameKey,
    /// Why, or empty.
    pub note: Phi<String>,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The whole text of a section as it is now.
    Write {
        /// Which section.
        heading: Heading,
        /// Its text.
        text: Phi<String>,
    },
    /// Put a drawing into the report: among its measurements, and `sentence` at the end of the findings. Once in
    /// it, only the sentence is added.
    Cite {
        /// Which drawing.
        drawing: u64,
        /// What it says, in the language of the report.
        sentence: Phi<String>,
    },
    /// Take a drawing out of the report; the text stays.
    Uncite(u64),
    /// Make an image a key image, or no longer.
    KeyImage {
        /// Which.
        frame: FrameKey,
        /// What it says, in the language of the report; goes to the end of the findings when it becomes one.
        sentence: Phi<String>,
    },
    /// What signing makes of it.
    State(ReportState),
    /// Sign, save, send; then the next case opens. Asks first while images are missing.
    Sign,
    /// Sign though images are missing.
    SignAllTheSame {
        /// What the findings say of it, in the language of the report.
        sentence: Phi<String>,
    },
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            sections: Default::default(),
            cited: Vec::new(),
            key_images: Vec::new(),
            state: ReportState::Final,
            signed: Remote::NotAsked,
        }
    }
}

impl Draft {
    /// The text under a heading.
    pub fn text(&self, heading: Heading) -> &str {
        let place = Heading::ALL.iter().position(|one| *one == heading);
        place.map_or("", |place| self.sections[place].reveal())
    }

    /// Nothing was written, cited or marked.
    pub fn is_empty(&self) -> bool {
        let written = self.sections.iter().any(|text| !text.reveal().trim().is_empty());
        !written && self.cited.is_empty() && self.key_images.is_empty()
    }

    /// A line at the end of the findings.
    fn note(&mut self, sentence: &Phi<String>) {
        let Some(place) = Heading::ALL.iter().position(|one| *one == Heading::Findings) else { return };
        if sentence.reveal().is_empty() {
            return;
        }
        let mut text = std::mem::take(&mut self.sections[place]).into_inner();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(sentence.reveal());
        text.push('\n');
        self.sections[place] = Phi::new(text);
    }

    /// Does what the reader wants, if it changes anything.
    fn apply(&mut self, command: Command) -> bool {
        match command {
            Command::Write { heading, text } => {
                let place = Heading::ALL.iter().position(|one| *one == heading);
                let Some(section) = place.map(|place| &mut self.sections[place]) else { return false };
                let changed = *section != text;
                *section = text;
                changed
            }
            Command::Cite { drawing, sentence } => {
                if !self.cited.contains(&drawing) {
                    self.cited.push(drawing);
                }
                self.note(&sentence);
                true
            }
            Command::Uncite(drawing) => self.forget(drawing),
            Command::KeyImage { frame, sentence } => {
                let before = self.key_images.len();
                self.key_images.retain(|key| key.frame != frame);
                if self.key_images.len() == before {
                    self.key_images.push(KeyFrame { frame, note: Phi::default() });
                    self.note(&sentence);
                }
                true
            }
            Command::State(state) => std::mem::replace(&mut self.state, state) != state,
            Command::Sign | Command::SignAllTheSame { .. } => false,
        }
    }

    fn forget(&mut self, drawing: u64) -> bool {
        let before = self.cited.len();
        self.cited.retain(|cited| *cited != drawing);
        self.cited.len() != before
    }
}

/// While the report is being signed it stays as it is: what is read on screen is what is signed.
pub(super) fn on_command(state: &mut State, command: Command) -> Vec<super::Effect> {
    if let Command::SignAllTheSame { .. } = command {
        state
            .shell
            .dialog
            .take_if(|dialog| matches!(dialog, Dialog::SignIncomplete { .. } | Dialog::SignGrown { .. }));
    }
    let Some(case) = state.case.as_mut().filter(|case| !case.draft.signed.is_pending()) else {
        return Vec::new();
    };
    let absent = |drawing: u64| case.drawings.get(drawing).is_none();
    match command {
        Command::Sign => return sign_complete(state),
        Command::SignAllTheSame { sentence } => return sign_incomplete(state, &sentence),
        Command::Cite { drawing, .. } if absent(drawing) => {}
        command => {
            if case.draft.apply(command) {
                case::touched(state);
            }
        }
    }
    Vec::new()
}

/// A drawing is gone: it is in no report any more. What the reader wrote about it stays.
pub(super) fn forget_drawing(state: &mut State, drawing: u64) {
    if state.case.as_mut().is_some_and(|case| case.draft.forget(drawing)) {
        case::touched(state);
    }
}

/// Signs a case of which every image is here and was here while it was read; else asks first.
fn sign_complete(state: &mut State) -> Vec<super::Effect> {
    let shortfall = state.case.as_ref().and_then(Case::shortfall);
    let grown = case::unasked(state);
    state.shell.dialog = match (shortfall, grown) {
        (Some(Shortfall { received, expected }), _) => Some(Dialog::SignIncomplete { received, expected }),
        (None, Some(images)) => Some(Dialog::SignGrown { images }),
        (None, None) => return sign(state),
    };
    Vec::new()
}

/// Signs all the same; the findings say once how much was not there to be read.
fn sign_incomplete(state: &mut State, sentence: &Phi<String>) -> Vec<super::Effect> {
    let case = state.case.as_mut().filter(|case| case.shortfall().is_some());
    if let Some(case) = case
        && !case.draft.text(Heading::Findings).contains(sentence.reveal().as_str())
    {
        case.draft.note(sentence);
        case::touched(state);
    }
    sign(state)
}

fn sign(state: &mut State) -> Vec<super::Effect> {
    let Some(case) = &mut state.case else { return Vec::new() };
    let Some(centre) = case.centre().map(str::to_owned) else {
        let problem = Problem { id: "draft-files-not-signed".into(), args: Vec::new() };
        shell::tell(state, problem, Weight::Warning);
        return Vec::new();
    };
    let Some(document) = document(case, &state.shell.settings) else { return Vec::new() };
    case.draft.signed.ask();
    outbox::sign_draft(state, &centre, document)
}

/// The report as it is signed; `None` before its study is known.
fn document(case: &Case, settings: &Settings) -> Option<Report> {
    let draft = &case.draft;
    let sections = Heading::ALL.iter().zip(&draft.sections);
    let sections = sections.filter(|(_, text)| !text.reveal().trim().is_empty());
    let measurement = |id: &u64| {
        let drawing = case.drawings.get(*id)?;
        let Figure::Shape(shape) = &drawing.figure else { return None };
        Some(Measurement {
            shape: shape.clone(),
            image: drawing.on.sop_instance.clone(),
            frame: reference(case, &drawing.on),
            label: drawing.label.clone(),
        })
    };
    let key_image = |key: &KeyFrame| KeyImage {
        image: key.frame.sop_instance.clone(),
        frame: reference(case, &key.frame),
        note: key.note.clone(),
    };
    let reader = &settings.reader;
    let named = !reader.name.trim().is_empty();
    Some(Report {
        study: case.study.clone()?,
        language: match settings.language {
            Language::English => ReportLanguage::English,
            Language::Japanese => ReportLanguage::Japanese,
        },
        state: draft.state,
        predecessor: None,
        reader: named.then(|| Reader::new(&reader.name, &reader.id, &reader.organisation)),
        sections: sections.map(|(heading, text)| Section { heading: *heading, text: text.clone() }).collect(),
        measurements: draft.cited.iter().filter_map(measurement).collect(),
        key_images: draft.key_images.iter().map(key_image).collect(),
    })
}

/// Referenced Frame Number, from 1: given only where the image has more than one frame (PS3.3 10.3).
fn reference(case: &Case, key: &FrameKey) -> Option<u32> {
    let stacks = case.catalogue.iter().flat_map(|study| &study.series).flat_map(|series| &series.stacks);
    let mut images = stacks.flat_map(|stack| &stack.images);
    let instance = images.find(|image| image.instance.sop_instance == key.sop_instance);
    let image = instance.and_then(|image| image.instance.image.as_ref());
    let several = image.map_or(key.frame > 0, |image| image.format.frames > 1);
    several.then(|| key.frame + 1)
}

/// What was kept of the draft comes back; what was written in the meantime stays below it.
pub(super) fn restore(state: &mut State, kept: &KeptCase) {
    let Some(case) = &mut state.case else { return };
    let draft = &mut case.draft;
    for (section, kept) in draft.sections.iter_mut().zip(&kept.sections) {
        let mut text = kept.clone();
        let since = section.reveal();
        if !since.is_empty() && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(since);
        *section = Phi::new(text);
    }
    let drawn = drawings::keep(&case.drawings);
    for cited in kept.cited_drawings() {
        let same = drawn.iter().zip(&case.drawings.all).filter(|(drawn, _)| *drawn == cited);
        let id = same.map(|(_, drawing)| drawing.id).find(|id| !draft.cited.contains(id));
        draft.cited.extend(id);
    }
    for key in kept.key_frames() {
        if draft.key_images.iter().all(|known| known.frame != key.frame) {
            draft.key_images.push(key);
        }
    }
    draft.state = kept.report_state();
}

#[cfg(test)]
mod tests;
