//! MR Image (PS3.3 A.4, C.8.3.1): no rescale, 12 of 16 bits.

use dicom_dictionary_std::tags;

use super::super::head::Technique;
use super::common::{samples, windows};
use super::elements::Elements;

/// What sets the techniques apart: scanning sequence, variant, TR, TE and TI in ms, echo train, window.
struct Sequence {
    scanning: &'static str,
    variant: &'static str,
    repetition_ms: f64,
    echo_ms: f64,
    inversion_ms: Option<f64>,
    train: u32,
    window: (f64, f64),
}

fn sequence(technique: Technique) -> Sequence {
    let spin_echo = Sequence {
        scanning: "SE",
        variant: "SK",
        repetition_ms: 4200.0,
        echo_ms: 98.0,
        inversion_ms: None,
        train: 15,
        window: (820.0, 1640.0),
    };
    match technique {
        Technique::T1 => Sequence {
            repetition_ms: 520.0,
            echo_ms: 9.0,
            train: 1,
            variant: "NONE",
            window: (480.0, 960.0),
            ..spin_echo
        },
        Technique::Flair => Sequence {
            scanning: "SE\\IR",
            repetition_ms: 9000.0,
            echo_ms: 120.0,
            inversion_ms: Some(2500.0),
            window: (480.0, 960.0),
            ..spin_echo
        },
        Technique::T2 | Technique::BleedCt => spin_echo,
    }
}

pub(super) fn head(e: &mut Elements, technique: Technique) {
    let sequence = sequence(technique);
    samples(e, 12, false);
    windows(e, &[(sequence.window.0, sequence.window.1, "BRAIN")]);
    e.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\OTHER");
    e.text(tags::SCANNING_SEQUENCE, sequence.scanning);
    e.text(tags::SEQUENCE_VARIANT, sequence.variant);
    e.text(tags::SCAN_OPTIONS, "");
    e.text(tags::MR_ACQUISITION_TYPE, "2D");
    e.decimals(tags::REPETITION_TIME, &[sequence.repetition_ms]);
    e.decimals(tags::ECHO_TIME, &[sequence.echo_ms]);
    if let Some(inversion_ms) = sequence.inversion_ms {
        e.decimals(tags::INVERSION_TIME, &[inversion_ms]);
    }
    e.integer(tags::ECHO_TRAIN_LENGTH, sequence.train);
    e.decimals(tags::MAGNETIC_FIELD_STRENGTH, &[1.5]);
    e.decimals(tags::IMAGING_FREQUENCY, &[63.87]);
    e.text(tags::IMAGED_NUCLEUS, "1H");
    e.integer(tags::ECHO_NUMBERS, 1);
    e.decimals(tags::FLIP_ANGLE, &[90.0]);
}
