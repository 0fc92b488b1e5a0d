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
pub const PRESETS: [Preset; 9] = [
    Preset { name: "viewer-preset-brain", window: [40.0, 80.0] },
    Preset { name: "viewer-preset-subdural", window: [75.0, 215.0] },
    Preset { name: "viewer-preset-stroke", window: [35.0, 40.0] },
    Preset { name: "viewer-preset-bone", window: [500.0, 2000.0] },
    Preset { name: "viewer-preset-lung", window: [-600.0, 1500.0] },
    Preset { name: "viewer-preset-mediastinum", window: [50.0, 350.0] },
    Preset { name: "viewer-preset-abdomen", window: [50.0, 400.0] },
    Preset { name: "viewer-preset-liver", window: [70.0, 150.0] },
    Preset { name: "viewer-preset-angio", window: [300.0, 600.0] },
];
