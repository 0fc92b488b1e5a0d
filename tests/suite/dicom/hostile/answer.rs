//! What the program makes of one input: an error, or a reading with its first frames.

use dokuei::dicom::part10::{self, Part10};
use dokuei::dicom::{DecodedFrame, DicomError, Instance, Warning, codec, json, parse};

use super::case::{End, Input};

/// An answer: an instance with its warnings and frames, or why not.
pub(super) enum Answer {
    /// Refused by the gate or by the typed modules.
    Error(DicomError),
    /// Not even JSON.
    NotJson,
    /// Read, with the first and the last frame if there are pixels.
    Read { instance: Box<Instance>, warnings: Vec<Warning>, frames: Vec<Result<DecodedFrame, DicomError>> },
}

/// Reads an input as the program does.
pub(super) fn answer(input: Input) -> Answer {
    match input {
        Input::Object(bytes) => match part10::read(bytes.into()) {
            Ok((object, warnings)) => {
                let frames = frames(&object);
                Answer::Read { instance: Box::new(object.instance), warnings, frames }
            }
            Err(error) => Answer::Error(error),
        },
        Input::Json(text) => match serde_json::from_str(&text) {
            Ok(value) => {
                drop(text);
                let (dataset, mut warnings) = json::read_dataset(&value);
                match parse::instance(&dataset, None) {
                    Ok((instance, more)) => {
                        warnings.extend(more);
                        Answer::Read { instance: Box::new(instance), warnings, frames: Vec::new() }
                    }
                    Err(error) => Answer::Error(error),
                }
            }
            Err(_) => Answer::NotJson,
        },
    }
}

fn frames(object: &Part10) -> Vec<Result<DecodedFrame, DicomError>> {
    let (Some(image), Some(pixels)) = (&object.instance.image, &object.pixels) else { return Vec::new() };
    let last = image.format.frames - 1;
    let decode = |frame| codec::decode(&image.format, &object.transfer_syntax, pixels, frame);
    if last == 0 { vec![decode(0)] } else { vec![decode(0), decode(last)] }
}

impl Answer {
    /// The error, if it ended in one: of the file or of its first frame.
    fn error(&self) -> Option<&DicomError> {
        match self {
            Self::Error(error) => Some(error),
            Self::NotJson => None,
            Self::Read { frames, .. } => frames.iter().find_map(|frame| frame.as_ref().err()),
        }
    }

    /// What is not as it must be, if anything.
    pub(super) fn fault(&self, end: &End) -> Option<String> {
        // Less than a tag is left of a file that was cut.
        let excused = |error: &&DicomError| !matches!(error, DicomError::Truncated { .. });
        let unnamed = self.error().filter(excused).filter(|error| error.to_string().contains("tag ?"));
        if let Some(error) = unnamed {
            return Some(format!("an error that names no element: {error}"));
        }
        (!self.is(end)).then(|| format!("{}, should be {end:?}", self.summary()))
    }

    fn is(&self, end: &End) -> bool {
        match (end, self) {
            (End::Bounded, _) => true,
            (End::Refused, Self::NotJson) => true,
            (End::Refused, _) => self.error().is_some(),
            (End::NotDicom, Self::Error(DicomError::NotDicom)) => true,
            (End::Truncated(at), Self::Error(DicomError::Truncated { tag, .. })) => tag == at,
            (End::Malformed(at), Self::Error(DicomError::Malformed { tag, .. })) => tag == at,
            (End::Blank, Self::Read { frames, .. }) => {
                let blank = |frame: &Result<DecodedFrame, DicomError>| {
                    frame
                        .as_ref()
                        .is_ok_and(|f| (f.rows, f.columns) == (4, 4) && f.samples.to_le_bytes() == [0; 32])
                };
                !frames.is_empty() && frames.iter().all(blank)
            }
            (End::Named(name), Self::Read { instance, .. }) => {
                instance.patient.name.reveal().to_dicom() == *name
            }
            (End::Warned(code), Self::Read { warnings, .. }) => {
                warnings.iter().any(|warning| format!("{:?}", warning.code) == *code)
            }
            _ => false,
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Error(error) => format!("{error:?}"),
            Self::NotJson => "no JSON".to_owned(),
            Self::Read { warnings, frames, .. } => {
                let frames: Vec<_> =
                    frames.iter().map(|frame| frame.as_ref().map(|f| (f.rows, f.columns))).collect();
                format!("read with {warnings:?} and {frames:?}")
            }
        }
    }
}
