//! What a report refers to: its images with their values, and the report it follows.

use super::{Part, Report, ReportError};
use crate::dicom::instance::Patient;
use crate::dicom::{Instance, Uid};

/// Modality value at frame, column, row (all from 0); `None` for padding.
pub type FrameValues<'a> = dyn Fn(u32, u32, u32) -> Option<f64> + 'a;

/// The objects around a report.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// Any object of the study that is reported: patient and study modules are copied from it.
    pub study: &'a Instance,
    /// The images the report may refer to, of this study or, for comparison, of another of the same patient.
    pub images: &'a [ImageEvidence<'a>],
    /// The report that this one supplements or corrects.
    pub predecessor: Option<&'a Instance>,
}

/// An image and its values.
#[derive(Clone, Copy)]
pub struct ImageEvidence<'a> {
    /// The image.
    pub instance: &'a Instance,
    /// Its modality values.
    pub values: &'a FrameValues<'a>,
}

/// An image reference that was checked: the image is there, an image, of this patient, and has the frame.
#[derive(Clone, Copy)]
pub(super) struct Reference<'a> {
    pub(super) image: &'a ImageEvidence<'a>,
    /// Frame from 0; `None` means all frames.
    pub(super) frame: Option<u32>,
}

impl<'a> Evidence<'a> {
    /// Checks study, patient and predecessor against the report.
    pub(super) fn check(&self, report: &Report) -> Result<(), ReportError> {
        if self.study.study.uid != report.study {
            return Err(ReportError::OtherStudy);
        }
        if let Some(wanted) = &report.predecessor {
            let given = self.predecessor.filter(|p| p.sop_instance == *wanted);
            let given = given.ok_or(ReportError::UnknownPredecessor)?;
            if given.study.uid != report.study {
                return Err(ReportError::OtherStudy);
            }
            if !same_patient(&self.study.patient, &given.patient) {
                return Err(ReportError::OtherPatient { part: Part::Predecessor });
            }
        }
        Ok(())
    }

    /// The image with that UID and, where the document names one, its frame (from 1).
    pub(super) fn find(
        &self,
        uid: &Uid,
        frame: Option<u32>,
        part: Part,
    ) -> Result<Reference<'a>, ReportError> {
        let image = self
            .images
            .iter()
            .find(|image| image.instance.sop_instance == *uid)
            .ok_or(ReportError::UnknownImage { part })?;
        let frames = match &image.instance.image {
            Some(module) => module.format.frames,
            None => return Err(ReportError::NotAnImage { part }),
        };
        if !same_patient(&self.study.patient, &image.instance.patient) {
            return Err(ReportError::OtherPatient { part });
        }
        match frame {
            Some(number) if number == 0 || number > frames => {
                Err(ReportError::NoSuchFrame { part, frame: number, frames })
            }
            _ => Ok(Reference { image, frame: frame.map(|number| number - 1) }),
        }
    }
}

/// Whether two objects are of one patient: the ID decides, with its issuer where both name one; a birth date
/// that both state must agree. Without an ID, name and birth date must both be there and equal. Names alone
/// never decide: they are written differently from one object to the next.
pub fn same_patient(a: &Patient, b: &Patient) -> bool {
    let differ = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && x != y;
    let (id_a, id_b) = (a.id.reveal().trim(), b.id.reveal().trim());
    let births = (a.birth_date.reveal().trim(), b.birth_date.reveal().trim());
    if differ(births.0, births.1) || differ(a.issuer.reveal().trim(), b.issuer.reveal().trim()) {
        return false;
    }
    if id_a.is_empty() && id_b.is_empty() {
        return !a.name.reveal().is_empty()
            && a.name == b.name
            && !births.0.is_empty()
            && births.0 == births.1;
    }
    id_a == id_b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::{PersonName, Phi};

    fn patient(id: &str, issuer: &str, birth: &str, name: &str) -> Patient {
        Patient {
            name: Phi::new(PersonName::parse(name)),
            id: Phi::new(id.into()),
            issuer: Phi::new(issuer.into()),
            birth_date: Phi::new(birth.into()),
            ..Patient::default()
        }
    }

    #[test]
    fn the_id_with_its_issuer_and_birth_date_decides_who_a_patient_is() {
        let one = patient("0001", "HOSP", "19500101", "YAMADA^TARO");
        let cases = [
            (patient("0001", "HOSP", "19500101", "山田^太郎"), true),
            (patient("0001", "", "", ""), true),
            (patient("0001 ", "HOSP", "", ""), true),
            (patient("0002", "HOSP", "19500101", "YAMADA^TARO"), false),
            (patient("0001", "OTHER", "19500101", "YAMADA^TARO"), false),
            (patient("0001", "HOSP", "19500102", "YAMADA^TARO"), false),
            (patient("", "HOSP", "19500101", "YAMADA^TARO"), false),
        ];
        for (other, same) in cases {
            assert_eq!(same_patient(&one, &other), same, "{:?}", other.id.reveal());
            assert_eq!(same_patient(&other, &one), same);
        }
        let nameless = patient("", "", "", "");
        assert!(!same_patient(&nameless, &nameless), "two unknown patients are not one");
        let unnumbered = patient("", "", "19500101", "YAMADA^TARO");
        assert!(same_patient(&unnumbered, &unnumbered));
    }
}
