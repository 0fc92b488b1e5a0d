//! The windows and tables that an image brings for its display, by the names that it gives them (PS3.3 C.11.2.1).

use super::pipeline::{VoiCurve, is_trusted};
use crate::dicom::instance::{FrameAttributes, Voi};

/// One way of showing an image that the image itself offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Window Center & Width Explanation or LUT Explanation, or empty.
    pub name: String,
    /// Modality values to grey.
    pub voi: VoiCurve,
}

impl Preset {
    /// Those of a frame, in the order in which the image gives them.
    pub(super) fn of(attributes: &FrameAttributes) -> Vec<Self> {
        let preset = |voi: &Voi| {
            let (Voi::Window { explanation, .. } | Voi::Table { explanation, .. }) = voi;
            Some(Self { name: explanation.clone(), voi: VoiCurve::from_voi(voi)? })
        };
        offered(attributes).filter_map(preset).collect()
    }

    /// The one at `place` (from 0); the first where there are fewer.
    pub(super) fn at(all: &[Self], place: usize) -> Option<&Self> {
        all.get(place).or_else(|| all.first())
    }
}

/// The windows and tables of a grey frame that can be shown, in the order given: what a reader may choose from, told
/// from the headers alone. They are in modality units, so that there are none where modality values cannot be trusted.
pub fn offered(attributes: &FrameAttributes) -> impl Iterator<Item = &Voi> {
    let all = if is_trusted(&attributes.modality) { attributes.voi.as_slice() } else { &[] };
    all.iter().filter(|voi| VoiCurve::is_usable(voi))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::instance::{LookupTable, ModalityTransform, VoiFunction};

    #[test]
    fn what_cannot_be_shown_is_not_offered_and_the_rest_keeps_its_order() {
        let window = |center, width, name: &str| Voi::Window {
            center,
            width,
            function: VoiFunction::Linear,
            explanation: name.to_owned(),
        };
        let table = |entries| Voi::Table {
            table: LookupTable { first: 0, bits: 12, entries, explanation: String::new() },
            explanation: "CURVE".to_owned(),
        };
        let voi = vec![
            window(40.0, 400.0, "SOFT"),
            window(40.0, 0.0, "NONE"),
            table(Vec::new()),
            window(500.0, 2000.0, ""),
            table(vec![0, 9]),
        ];
        let mut attributes = FrameAttributes { voi, ..FrameAttributes::default() };
        let names = |attributes: &FrameAttributes| {
            Preset::of(attributes).into_iter().map(|preset| preset.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&attributes), ["SOFT", "", "CURVE"]);
        assert_eq!(offered(&attributes).count(), 3);
        let all = Preset::of(&attributes);
        assert_eq!(Preset::at(&all, 2).map(|preset| preset.name.as_str()), Some("CURVE"));
        assert_eq!(Preset::at(&all, 9), all.first(), "an image with fewer shows its first");
        attributes.modality = ModalityTransform::Broken;
        assert_eq!(offered(&attributes).count(), 0);
    }
}
