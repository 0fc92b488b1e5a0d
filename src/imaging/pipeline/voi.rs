//! Modality values to grey (PS3.3 C.11.2).

use std::sync::Arc;

use super::LEVEL_MAX;
use super::modality::table_value;
use crate::dicom::instance::{LookupTable, Voi, VoiFunction};
use crate::imaging::ImagingError;

/// A usable Window Center and Window Width with its function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    center: f64,
    width: f64,
    function: VoiFunction,
}

impl Window {
    /// A window in modality units.
    ///
    /// # Errors
    /// [`ImagingError::BadWindow`] when a number is not finite, or the width is under 1 for `Linear`
    /// (C.11.2.1.2.1) or not above 0 for the others (C.11.2.1.3).
    pub fn new(center: f64, width: f64, function: VoiFunction) -> Result<Self, ImagingError> {
        let wide_enough = match function {
            VoiFunction::Linear => width >= 1.0,
            VoiFunction::LinearExact | VoiFunction::Sigmoid => width > 0.0,
        };
        if center.is_finite() && width.is_finite() && wide_enough {
            Ok(Self { center, width, function })
        } else {
            Err(ImagingError::BadWindow { center, width })
        }
    }

    /// The window that spreads `low..=high` over all levels: for whole numbers a linear one (C.11.2.1.2.1, note 4),
    /// else a linear exact one, which may be narrower than 1.
    pub(super) fn over(low: f64, high: f64) -> Self {
        let whole = low.fract() == 0.0 && high.fract() == 0.0;
        if whole || high <= low {
            return Self {
                center: (low + high + 1.0) / 2.0,
                width: high - low + 1.0,
                function: VoiFunction::Linear,
            };
        }
        Self { center: low + (high - low) / 2.0, width: high - low, function: VoiFunction::LinearExact }
    }

    /// Window Center.
    pub fn center(&self) -> f64 {
        self.center
    }

    /// Window Width.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// VOI LUT Function.
    pub fn function(&self) -> VoiFunction {
        self.function
    }

    /// The real level, 0..=255, of a modality value: the pseudo-code of C.11.2.1.2.1 (linear), C.11.2.1.3.2
    /// (linear exact) and equation C.11-1 (sigmoid), with ymin = 0 and ymax = 255.
    pub fn grey(&self, x: f64) -> f64 {
        let (c, w) = (self.center, self.width);
        match self.function {
            VoiFunction::Linear => {
                if x <= c - 0.5 - (w - 1.0) / 2.0 {
                    0.0
                } else if x > c - 0.5 + (w - 1.0) / 2.0 {
                    LEVEL_MAX
                } else {
                    ((x - (c - 0.5)) / (w - 1.0) + 0.5) * LEVEL_MAX
                }
            }
            VoiFunction::LinearExact => {
                if x <= c - w / 2.0 {
                    0.0
                } else if x > c + w / 2.0 {
                    LEVEL_MAX
                } else {
                    ((x - c) / w + 0.5) * LEVEL_MAX
                }
            }
            VoiFunction::Sigmoid => LEVEL_MAX / (1.0 + (-4.0 * (x - c) / w).exp()),
        }
    }
}

/// One way from modality values to grey levels.
#[derive(Debug, Clone, PartialEq)]
pub enum VoiCurve {
    /// A window.
    Window(Window),
    /// A VOI LUT; never without entries.
    Table(Arc<LookupTable>),
}

impl VoiCurve {
    /// From the attributes of a frame; `None` when they are not usable.
    pub fn from_voi(voi: &Voi) -> Option<Self> {
        match voi {
            Voi::Window { center, width, function, .. } => {
                Window::new(*center, *width, *function).ok().map(Self::Window)
            }
            Voi::Table { table, .. } => Self::is_usable(voi).then(|| Self::Table(Arc::new(table.clone()))),
        }
    }

    /// Whether [`Self::from_voi`] makes a curve of it, without copying a table.
    pub fn is_usable(voi: &Voi) -> bool {
        match voi {
            Voi::Window { center, width, function, .. } => Window::new(*center, *width, *function).is_ok(),
            Voi::Table { table, .. } => !table.entries.is_empty() && (1..=16).contains(&table.bits),
        }
    }

    /// The real level, 0..=255, of a modality value. A table's entries run from 0 to 2^bits - 1 (C.11.2.1.1).
    pub fn grey(&self, modality_value: f64) -> f64 {
        match self {
            Self::Window(window) => window.grey(modality_value),
            Self::Table(table) => {
                let full = f64::from((1_u32 << table.bits.clamp(1, 16)) - 1);
                table_value(table, modality_value).unwrap_or(0.0) / full * LEVEL_MAX
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn window(center: f64, width: f64, function: VoiFunction) -> Window {
        Window::new(center, width, function).unwrap()
    }

    /// The worked cases of the notes in C.11.2.1.2.1.
    #[test]
    fn linear_windows_do_what_the_notes_of_the_standard_work_out() {
        let cases = [
            (2048.0, 4096.0, vec![(0.0, 0.0), (4095.0, 255.0), (2047.5, 127.5)]),
            (2048.0, 1.0, vec![(2047.5, 0.0), (2048.0, 255.0)]),
            (0.0, 100.0, vec![(-50.0, 0.0), (49.0, 255.0), (0.0, 128.787_878_8)]),
            (0.0, 1.0, vec![(-0.5, 0.0), (0.0, 255.0)]),
        ];
        for (center, width, values) in cases {
            for (x, y) in values {
                let found = window(center, width, VoiFunction::Linear).grey(x);
                assert!((found - y).abs() < 1e-6, "{center},{width} at {x}: {found}");
            }
        }
    }

    #[test]
    fn linear_exact_and_sigmoid_follow_their_own_equations() {
        let exact = window(50.0, 100.0, VoiFunction::LinearExact);
        assert_eq!([exact.grey(0.0), exact.grey(50.0), exact.grey(100.0)], [0.0, 127.5, 255.0]);
        let sigmoid = window(50.0, 100.0, VoiFunction::Sigmoid);
        assert_eq!(sigmoid.grey(50.0), 127.5);
        assert!((sigmoid.grey(100.0) - 255.0 / (1.0 + (-2.0_f64).exp())).abs() < 1e-9);
    }

    #[test]
    fn windows_that_the_standard_forbids_are_refused() {
        use VoiFunction::{Linear, LinearExact, Sigmoid};
        for (center, width, function) in [
            (0.0, 0.5, Linear),
            (0.0, 0.0, LinearExact),
            (0.0, -4.0, Sigmoid),
            (f64::NAN, 10.0, Linear),
            (0.0, f64::INFINITY, LinearExact),
        ] {
            assert!(Window::new(center, width, function).is_err(), "{center},{width}");
        }
        assert!(Window::new(0.0, 0.5, LinearExact).is_ok());
    }

    #[test]
    fn a_voi_table_is_scaled_by_its_declared_bits() {
        let table = LookupTable { first: 10, bits: 12, entries: vec![0, 4095], explanation: String::new() };
        let curve = VoiCurve::from_voi(&Voi::Table { table, explanation: String::new() }).unwrap();
        assert_eq!(
            [curve.grey(0.0), curve.grey(10.0), curve.grey(11.0), curve.grey(99.0)],
            [0.0, 0.0, 255.0, 255.0]
        );
    }

    proptest! {
        #[test]
        fn every_window_is_monotonous_and_in_range(
            center in -5000.0..5000.0_f64, width in 1.0..10000.0_f64, x in -20000.0..20000.0_f64, more in 0.0..100.0_f64,
        ) {
            for function in [VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid] {
                let window = window(center, width, function);
                let (low, high) = (window.grey(x), window.grey(x + more));
                prop_assert!(low <= high + 1e-9, "{function:?}: {low} > {high}");
                prop_assert!((0.0..=255.0).contains(&low));
            }
        }
    }
}
