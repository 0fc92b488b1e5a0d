//! Windows that radiologists ask for by name.

/// A window by its name: id of the name, centre and width in HU.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Entry of the catalogues.
    pub name: &'static str,
    /// Centre and width, HU.
    pub window: [f64; 2],
}

/// For CT, in the order of their keys.
pub const PRESETS: [Preset; 7] = [
    Preset { name: "viewer-preset-soft-tissue", window: [40.0, 400.0] },
    Preset { name: "viewer-preset-lung", window: [-600.0, 1500.0] },
    Preset { name: "viewer-preset-mediastinum", window: [50.0, 350.0] },
    Preset { name: "viewer-preset-bone", window: [400.0, 1800.0] },
    Preset { name: "viewer-preset-brain", window: [40.0, 80.0] },
    Preset { name: "viewer-preset-stroke", window: [40.0, 40.0] },
    Preset { name: "viewer-preset-liver", window: [60.0, 160.0] },
];
