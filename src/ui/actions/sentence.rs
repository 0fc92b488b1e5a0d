//! What a measurement and a key image say in the report, in the language of the reader.

use crate::dicom::Phi;
use crate::imaging::FrameKey;
use crate::imaging::measure::{Measured, Quantity, Unit};
use crate::session::drawings::Figure;
use crate::session::{Remote, State};
use crate::text::{self, Language, Message};

/// A measurement with its values and its image; `None` while its values are not known.
pub fn of_drawing(state: &State, id: u64, language: Language) -> Option<Phi<String>> {
    let drawing = state.case.as_ref()?.drawings.get(id)?;
    let (Figure::Shape(_), Remote::Ready(values)) = (&drawing.figure, &drawing.values) else { return None };
    let (series, image) = place(state, &drawing.on)?;
    let sentence = Message::new("shell-cited")
        .with("values", values_in_words(values, language)?)
        .with("series", series)
        .with("image", image);
    let sentence = text::say(language, &sentence);
    Some(Phi::new(match drawing.label.reveal().trim() {
        "" => sentence,
        label => format!("{label}: {sentence}"),
    }))
}

/// A key image; `None` for an image that is not in the case.
pub fn of_key_image(state: &State, frame: &FrameKey, language: Language) -> Option<Phi<String>> {
    let (series, image) = place(state, frame)?;
    let sentence = Message::new("shell-cited-key-image").with("series", series).with("image", image);
    Some(Phi::new(text::say(language, &sentence)))
}

/// Series Number and the image's place in its stack, from 1.
fn place(state: &State, frame: &FrameKey) -> Option<(i32, usize)> {
    let series = state.case.as_ref()?.catalogue.iter().flat_map(|study| &study.series);
    series
        .filter_map(|entry| {
            let images = entry.stacks.iter().find_map(|stack| {
                stack.images.iter().position(|image| {
                    image.frame == frame.frame && image.instance.sop_instance == frame.sop_instance
                })
            });
            Some((entry.series.number.unwrap_or(0), images? + 1))
        })
        .next()
}

fn values_in_words(values: &[Measured], language: Language) -> Option<String> {
    let find = |quantity| values.iter().find(|value| value.quantity == quantity);
    let (first, rest) = values.split_first()?;
    let mut words = value_in_words(first);
    if let Some(short) = find(Quantity::ShortAxis) {
        words.push_str(&format!(" × {}", value_in_words(short)));
    }
    if let (Some(mean), Some(deviation)) = (find(Quantity::Mean), find(Quantity::StandardDeviation))
        && !rest.is_empty()
    {
        let statistics = Message::new("shell-cited-statistics")
            .with("mean", value_in_words(mean))
            .with("deviation", value_in_words(deviation));
        words = text::say(language, &statistics.with("area", words));
    }
    Some(words)
}

fn value_in_words(measured: &Measured) -> String {
    let symbol = match &measured.unit {
        Unit::SquareMillimetre => "mm²",
        Unit::SquarePixel => "px²",
        Unit::Degree => return format!("{:.1}°", measured.value),
        other => other.symbol(),
    };
    format!("{:.1} {symbol}", measured.value).trim_end().to_owned()
}
