//! Badges: a few words on the image, and what they mean for reading.

use super::Message;
use crate::imaging::Badge;

/// What stands on the image.
pub fn label(badge: &Badge) -> Message {
    match badge {
        Badge::MixedPatients => Message::new("badge-mixed-patients"),
        Badge::Incomplete { missing: Some(1) } => Message::new("badge-missing-one"),
        Badge::Incomplete { missing: Some(count) } => Message::new("badge-missing").with("count", count),
        Badge::Incomplete { missing: None } => Message::new("badge-incomplete"),
        Badge::RescaleBroken => Message::new("badge-rescale-broken"),
        Badge::Duplicates => Message::new("badge-duplicates"),
        Badge::Lossy { ratio, method } => lossy(*ratio, method),
        Badge::LossyTransfer { syntax } => Message::new("badge-lossy-transfer").with("syntax", syntax),
        Badge::Charset => Message::new("badge-charset"),
        Badge::GeometryUnknown => Message::new("badge-geometry-unknown"),
        Badge::Uncalibrated => Message::new("badge-uncalibrated"),
        Badge::Detector => Message::new("badge-detector"),
        Badge::Unstated => Message::new("badge-unstated"),
        Badge::Magnified => Message::new("badge-magnified"),
        Badge::BurnedIn => Message::new("badge-burned-in"),
        Badge::Capture => Message::new("badge-capture"),
        Badge::Derived => Message::new("badge-derived"),
        Badge::Localiser => Message::new("badge-localiser"),
    }
}

fn lossy(ratio: Option<f64>, method: &str) -> Message {
    let message = match (ratio.is_some(), method.is_empty()) {
        (true, false) => Message::new("badge-lossy-ratio-method").with("method", method),
        (true, true) => Message::new("badge-lossy-ratio"),
        (false, false) => Message::new("badge-lossy-method").with("method", method),
        (false, true) => Message::new("badge-lossy"),
    };
    match ratio {
        Some(ratio) if ratio >= 10.0 => message.with("ratio", format!("{ratio:.0}")),
        Some(ratio) => message.with("ratio", format!("{ratio:.1}")),
        None => message,
    }
}

/// What it means for reading.
pub fn meaning(badge: &Badge) -> Message {
    Message::new(match badge {
        Badge::MixedPatients => "badge-means-mixed-patients",
        Badge::Incomplete { .. } => "badge-means-incomplete",
        Badge::RescaleBroken => "badge-means-rescale-broken",
        Badge::Duplicates => "badge-means-duplicates",
        Badge::Lossy { .. } => "badge-means-lossy",
        Badge::LossyTransfer { .. } => "badge-means-lossy-transfer",
        Badge::Charset => "badge-means-charset",
        Badge::GeometryUnknown => "badge-means-geometry-unknown",
        Badge::Uncalibrated => "badge-means-uncalibrated",
        Badge::Detector => "badge-means-detector",
        Badge::Unstated => "badge-means-unstated",
        Badge::Magnified => "badge-means-magnified",
        Badge::BurnedIn => "badge-means-burned-in",
        Badge::Capture => "badge-means-capture",
        Badge::Derived => "badge-means-derived",
        Badge::Localiser => "badge-means-localiser",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, say};

    #[test]
    fn a_ratio_is_said_as_finely_as_it_matters_and_a_method_where_it_is_known() {
        let told = |ratio, method: &str| {
            say(Language::English, &label(&Badge::Lossy { ratio, method: method.to_owned() }))
        };
        let cases = [
            (Some(23.4), "JPEG", "Lossy compressed 23:1 (JPEG)"),
            (Some(2.5), "", "Lossy compressed 2.5:1"),
            (None, "JPEG 2000", "Lossy compressed (JPEG 2000)"),
            (None, "", "Lossy compressed"),
        ];
        for (ratio, method, expected) in cases {
            assert_eq!(told(ratio, method), expected);
        }
    }
}
