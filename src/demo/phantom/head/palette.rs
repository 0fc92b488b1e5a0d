//! What each tissue of the head looks like with a technique: stored signal for MR, HU for CT.

use super::Technique;

/// Values of the tissues.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub(super) air: f32,
    pub(super) skin: f32,
    pub(super) fat: f32,
    pub(super) muscle: f32,
    pub(super) bone: f32,
    pub(super) marrow: f32,
    pub(super) fluid: f32,
    pub(super) grey: f32,
    pub(super) white: f32,
    pub(super) vitreous: f32,
    pub(super) lens: f32,
    /// Flowing blood: a void on spin echo, dense on CT.
    pub(super) blood: f32,
    pub(super) gland: f32,
    /// Small old white matter lesions.
    pub(super) lesion: f32,
    pub(super) mucosa: f32,
    /// Calcification of pineal gland and choroid plexus.
    pub(super) calcified: f32,
}

impl Palette {
    pub(super) fn of(technique: Technique) -> Self {
        match technique {
            Technique::T1 => T1,
            Technique::T2 => T2,
            Technique::Flair => FLAIR,
            Technique::BleedCt => CT,
        }
    }
}

const T1: Palette = Palette {
    air: 8.0,
    skin: 480.0,
    fat: 1180.0,
    muscle: 430.0,
    bone: 60.0,
    marrow: 620.0,
    fluid: 170.0,
    grey: 480.0,
    white: 690.0,
    vitreous: 170.0,
    lens: 380.0,
    blood: 90.0,
    gland: 620.0,
    lesion: 520.0,
    mucosa: 450.0,
    calcified: 260.0,
};

const T2: Palette = Palette {
    air: 8.0,
    skin: 360.0,
    fat: 860.0,
    muscle: 230.0,
    bone: 50.0,
    marrow: 420.0,
    fluid: 1650.0,
    grey: 830.0,
    white: 560.0,
    vitreous: 1750.0,
    lens: 240.0,
    blood: 60.0,
    gland: 700.0,
    lesion: 1150.0,
    mucosa: 1300.0,
    calcified: 300.0,
};

const FLAIR: Palette = Palette {
    air: 8.0,
    skin: 420.0,
    fat: 780.0,
    muscle: 300.0,
    bone: 50.0,
    marrow: 380.0,
    fluid: 95.0,
    grey: 660.0,
    white: 500.0,
    vitreous: 110.0,
    lens: 250.0,
    blood: 60.0,
    gland: 640.0,
    lesion: 1120.0,
    mucosa: 900.0,
    calcified: 280.0,
};

const CT: Palette = Palette {
    air: -1000.0,
    skin: 30.0,
    fat: -95.0,
    muscle: 58.0,
    bone: 1250.0,
    marrow: 520.0,
    fluid: 5.0,
    grey: 38.0,
    white: 27.0,
    vitreous: 8.0,
    lens: 75.0,
    blood: 48.0,
    gland: 42.0,
    lesion: 20.0,
    mucosa: 35.0,
    calcified: 190.0,
};
