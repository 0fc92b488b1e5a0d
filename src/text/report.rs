//! Sentences for the pure room `report` and the measurements in it.

use super::{Explain, Message};
use crate::imaging::measure::MeasureError;
use crate::report::{Expected, ReportError};

impl Explain for ReportError {
    fn message(&self) -> Message {
        match self {
            Self::Syntax { line } => Message::new("report-syntax").with("line", line),
            Self::UnknownKey { line, key } => {
                Message::new("report-unknown-key").with("line", line).with("key", key)
            }
            Self::MissingKey { line, key } => {
                Message::new("report-missing-key").with("line", line).with("key", key)
            }
            Self::WrongValue { line, key, expected } => {
                Message::new(wrong_value(*expected)).with("line", line).with("key", key)
            }
            Self::UnsafeCharacter { part, character, line } => Message::new("report-unsafe-character")
                .with("part", part)
                .with("character", format!("U+{character:04X}"))
                .with("line", line),
            Self::TooLong { part, limit } => {
                Message::new("report-too-long").with("part", part).with("limit", limit)
            }
            Self::Empty => Message::new("report-empty"),
            Self::NoReader => Message::new("report-no-reader"),
            Self::NoOrganisation => Message::new("report-no-organisation"),
            Self::OtherStudy => Message::new("report-other-study"),
            Self::UnknownImage { part } => Message::new("report-unknown-image").with("part", part),
            Self::NotAnImage { part } => Message::new("report-not-an-image").with("part", part),
            Self::OtherPatient { part } => Message::new("report-other-patient").with("part", part),
            Self::NoFrame { part, frames } => {
                Message::new("report-no-frame").with("part", part).with("frames", frames)
            }
            Self::NoSuchFrame { part, frame, frames } => Message::new("report-no-such-frame")
                .with("part", part)
                .with("frame", frame)
                .with("frames", frames),
            Self::Shape { part, error } => Message::new(shape(*error)).with("part", part),
            Self::UnknownPredecessor => Message::new("report-unknown-predecessor"),
        }
    }
}

fn wrong_value(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "report-wrong-text",
        Expected::Count => "report-wrong-count",
        Expected::Number => "report-wrong-number",
        Expected::Table => "report-wrong-table",
        Expected::Array => "report-wrong-array",
        Expected::Uid => "report-wrong-uid",
        Expected::Language => "report-wrong-language",
        Expected::State => "report-wrong-state",
        Expected::Kind => "report-wrong-kind",
        Expected::Point => "report-wrong-point",
        Expected::FewerPoints => "report-wrong-points",
        Expected::Name => "report-wrong-name",
    }
}

fn shape(error: MeasureError) -> &'static str {
    match error {
        MeasureError::PointCount { .. } => "report-shape-points",
        MeasureError::NotFinite => "report-shape-not-finite",
        MeasureError::NoArea => "report-shape-no-extent",
        MeasureError::AxesApart => "report-shape-axes",
        MeasureError::NotARectangle => "report-shape-rectangle",
        MeasureError::Crosses => "report-shape-crosses",
        MeasureError::OutsideImage => "report-shape-outside",
        MeasureError::NotAnImage => "report-not-an-image",
        MeasureError::NoSuchFrame { .. } => "report-shape-frame",
        MeasureError::NoValue => "report-shape-no-value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Heading, Part};
    use crate::text::{Language, say};

    #[test]
    fn every_refusal_is_one_whole_sentence_in_both_languages() {
        let part = Part::Section(Heading::Findings);
        let key = || "key".to_owned();
        let mut all = vec![
            ReportError::Syntax { line: 1 },
            ReportError::UnknownKey { line: 1, key: key() },
            ReportError::MissingKey { line: 1, key: key() },
            ReportError::UnsafeCharacter { part, character: 0x1b, line: 1 },
            ReportError::TooLong { part, limit: 64 },
            ReportError::Empty,
            ReportError::NoReader,
            ReportError::NoOrganisation,
            ReportError::OtherStudy,
            ReportError::UnknownImage { part },
            ReportError::NotAnImage { part },
            ReportError::OtherPatient { part },
            ReportError::NoFrame { part, frames: 2 },
            ReportError::NoSuchFrame { part, frame: 3, frames: 2 },
            ReportError::UnknownPredecessor,
        ];
        use Expected as X;
        let expected = [
            X::Text,
            X::Count,
            X::Number,
            X::Table,
            X::Array,
            X::Uid,
            X::Language,
            X::State,
            X::Kind,
            X::Point,
            X::FewerPoints,
            X::Name,
        ];
        all.extend(expected.map(|expected| ReportError::WrongValue { line: 1, key: key(), expected }));
        use MeasureError as M;
        let shapes = [
            M::PointCount { given: 1 },
            M::NotFinite,
            M::NoArea,
            M::AxesApart,
            M::NotARectangle,
            M::Crosses,
            M::OutsideImage,
            M::NotAnImage,
            M::NoSuchFrame { frame: 1, frames: 1 },
            M::NoValue,
        ];
        all.extend(shapes.map(|error| ReportError::Shape { part, error }));
        for error in all {
            let message = error.message();
            for (language, stop) in [(Language::English, '.'), (Language::Japanese, '。')] {
                let sentence = say(language, &message);
                assert_ne!(sentence, message.id());
                let whole = sentence.trim_end_matches('）').ends_with(stop) && !sentence.contains('{');
                assert!(whole, "{sentence}");
            }
        }
    }
}
