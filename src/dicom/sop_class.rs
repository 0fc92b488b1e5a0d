//! The SOP classes that are known here (PS3.4 B.5), and what is done with each: one table, in one place.

use super::{Uid, names};

/// What an object is, as far as showing it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// Pixels that are shown.
    Image(ImageKind),
    /// No picture of the patient: a page to read, or a name in a list.
    Document(DocumentKind),
}

/// Kinds of image that differ in what must be known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKind {
    /// CT, MR, PET and what is like them: slices with a place in the patient.
    CrossSection,
    /// CR, DX, mammography, angiography, fluoroscopy, RT image: a shadow on a detector.
    Projection,
    /// Breast tomosynthesis: slices made of few projections.
    Tomosynthesis,
    /// Ultrasound, of which regions are calibrated.
    Ultrasound,
    /// Nuclear medicine.
    Nuclear,
    /// Secondary capture: a picture of a picture, or of something else.
    Capture,
    /// Photographs, endoscopy, microscopy, the eye.
    VisibleLight,
    /// Dose in the patient.
    Dose,
    /// Numbers computed of other images.
    ParametricMap,
}

/// What is no image, and how it is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// Encapsulated PDF: its pages are shown.
    Pdf,
    /// Structured report: its text is shown.
    Report,
    /// Key object selection: its text is shown.
    KeyObjects,
    /// Segments, listed by name.
    Segmentation,
    /// RT structure set: regions of interest, listed by name.
    StructureSet,
    /// ECG, audio and other waveforms.
    Waveform,
    /// Presentation state.
    PresentationState,
    /// Encapsulated CDA.
    Cda,
    /// Encapsulated STL, OBJ or MTL.
    Model,
    /// RT plan and treatment record.
    Plan,
    /// Registration and fiducials.
    Registration,
    /// Anything else, by the name of its class.
    #[default]
    Other,
}

impl ObjectKind {
    /// A picture of whatever it is.
    pub const CAPTURE: Self = Self::Image(ImageKind::Capture);
}

impl DocumentKind {
    /// Pages or text can be read here; else only its name and what is in it are listed.
    pub fn is_readable(self) -> bool {
        matches!(self, Self::Pdf | Self::Report | Self::KeyObjects)
    }

    /// As it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Report => "structured report",
            Self::KeyObjects => "key objects",
            Self::Segmentation => "segmentation",
            Self::StructureSet => "structure set",
            Self::Waveform => "waveform",
            Self::PresentationState => "presentation state",
            Self::Cda => "cda",
            Self::Model => "3d model",
            Self::Plan => "treatment plan",
            Self::Registration => "registration",
            Self::Other => "other",
        }
    }
}

use DocumentKind as D;
use ImageKind as I;

/// What all storage classes begin with.
const STORAGE: &str = "1.2.840.10008.5.1.4.1.1.";

/// Images, by the end of their UID. A class that begins with another and a dot is one of its kind unless it
/// stands here itself.
const IMAGES: &[(&str, ImageKind)] = &[
    ("1", I::Projection),
    ("2", I::CrossSection),
    ("3", I::Ultrasound),
    ("4", I::CrossSection),
    ("5", I::Nuclear),
    ("6", I::Ultrasound),
    ("7", I::Capture),
    ("12", I::Projection),
    ("13.1.1", I::CrossSection),
    ("13.1.2", I::CrossSection),
    ("13.1.3", I::Tomosynthesis),
    ("13.1.4", I::Projection),
    ("13.1.5", I::Projection),
    ("14", I::VisibleLight),
    ("20", I::Nuclear),
    ("30", I::ParametricMap),
    ("77", I::VisibleLight),
    ("81.1", I::ParametricMap),
    ("82.1", I::ParametricMap),
    ("128", I::CrossSection),
    ("130", I::CrossSection),
    ("481.1", I::Projection),
    ("481.2", I::Dose),
    ("481.23", I::Projection),
    ("481.24", I::Projection),
];

/// What is no image, in the same way.
const DOCUMENTS: &[(&str, DocumentKind)] = &[
    ("4.2", D::Other),
    ("9", D::Waveform),
    ("9.100", D::PresentationState),
    ("11", D::PresentationState),
    ("66", D::Other),
    ("66.1", D::Registration),
    ("66.2", D::Registration),
    ("66.3", D::Registration),
    ("66.4", D::Segmentation),
    ("66.5", D::Segmentation),
    ("66.7", D::Segmentation),
    ("66.8", D::Segmentation),
    ("67", D::Other),
    ("68", D::Model),
    ("77.1.5.3", D::Registration),
    ("77.1.5.8", D::Other),
    ("88", D::Report),
    ("88.59", D::KeyObjects),
    ("104.1", D::Pdf),
    ("104.2", D::Cda),
    ("104.3", D::Model),
    ("104.4", D::Model),
    ("104.5", D::Model),
    ("481.3", D::StructureSet),
    ("481.4", D::Plan),
    ("481.5", D::Plan),
    ("481.6", D::Plan),
    ("481.7", D::Plan),
    ("481.8", D::Plan),
    ("481.9", D::Plan),
    ("481.11", D::Segmentation),
];

/// What is known of a class; `None` for one that stands in neither table, private ones for instance.
pub fn kind(sop_class: &Uid) -> Option<ObjectKind> {
    let end = sop_class.as_str().strip_prefix(STORAGE)?;
    let image = longest(IMAGES, end).map(|(length, kind)| (length, ObjectKind::Image(kind)));
    let document = longest(DOCUMENTS, end).map(|(length, kind)| (length, ObjectKind::Document(kind)));
    image.into_iter().chain(document).max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

/// The same, from what the object holds where its class is not known.
pub fn kind_of(sop_class: &Uid, is_image: bool, modality: &str) -> ObjectKind {
    kind(sop_class).unwrap_or(match (is_image, modality) {
        (false, "SR") => ObjectKind::Document(D::Report),
        (false, _) => ObjectKind::Document(D::Other),
        (true, "CT" | "MR" | "PT") => ObjectKind::Image(I::CrossSection),
        (true, "US" | "IVUS") => ObjectKind::Image(I::Ultrasound),
        (true, "CR" | "DX" | "MG" | "XA" | "RF") => ObjectKind::Image(I::Projection),
        (true, _) => ObjectKind::Image(I::Capture),
    })
}

/// The name of a class in PS3.6 annex A without its last word, as in `CT Image`; the UID where it has none.
pub fn name(sop_class: &Uid) -> String {
    let name = names::sop_class(sop_class.as_str());
    name.map_or_else(|| sop_class.to_string(), |name| name.trim_end_matches(" Storage").to_owned())
}

/// The longest entry that `end` is, or begins with.
fn longest<T: Copy>(table: &[(&str, T)], end: &str) -> Option<(usize, T)> {
    let fits = |entry: &&(&str, T)| {
        end.strip_prefix(entry.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    table.iter().filter(fits).max_by_key(|entry| entry.0.len()).map(|(start, kind)| (start.len(), *kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(end: &str) -> Option<ObjectKind> {
        kind(&Uid::parse(&format!("{STORAGE}{end}")).unwrap())
    }

    #[test]
    fn every_entry_and_its_family_are_storage_classes_of_the_standard() {
        let ends = IMAGES.iter().map(|entry| entry.0).chain(DOCUMENTS.iter().map(|entry| entry.0));
        for end in ends {
            let family = ["", ".1", ".1.1", ".1.1.1", ".2.1"].map(|rest| format!("{STORAGE}{end}{rest}"));
            assert!(family.iter().any(|uid| names::sop_class(uid).is_some()), "{end}");
        }
    }

    #[test]
    fn the_nearest_entry_holds() {
        let cases = [
            ("2", ObjectKind::Image(I::CrossSection)),
            ("2.1", ObjectKind::Image(I::CrossSection)),
            ("4.2", ObjectKind::Document(D::Other)),
            ("4.4", ObjectKind::Image(I::CrossSection)),
            ("7.4", ObjectKind::Image(I::Capture)),
            ("9.1.1", ObjectKind::Document(D::Waveform)),
            ("13.1.3", ObjectKind::Image(I::Tomosynthesis)),
            ("66.4", ObjectKind::Document(D::Segmentation)),
            ("77.1.5.3", ObjectKind::Document(D::Registration)),
            ("77.1.6", ObjectKind::Image(I::VisibleLight)),
            ("88.22", ObjectKind::Document(D::Report)),
            ("88.59", ObjectKind::Document(D::KeyObjects)),
            ("104.1", ObjectKind::Document(D::Pdf)),
            ("481.2", ObjectKind::Image(I::Dose)),
            ("481.23", ObjectKind::Image(I::Projection)),
        ];
        for (end, expected) in cases {
            assert_eq!(of(end), Some(expected), "{end}");
        }
        assert_eq!((of("999"), of("22")), (None, None));
    }

    #[test]
    fn a_private_class_is_what_it_holds() {
        let private = Uid::parse("1.2.3").unwrap();
        assert_eq!(kind_of(&private, true, "CT"), ObjectKind::Image(I::CrossSection));
        assert_eq!(kind_of(&private, false, "CT"), ObjectKind::Document(D::Other));
        assert_eq!(name(&private), "1.2.3");
        assert_eq!(name(&Uid::parse(&format!("{STORAGE}2")).unwrap()), "CT Image");
    }
}
