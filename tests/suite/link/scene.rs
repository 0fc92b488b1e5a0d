//! A centre with one small study, a line before it, and the way in.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::OnceLock;

use dicom_core::{DataElement, PrimitiveValue, Tag, VR, dicom_value};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dokuei::centre::{Client, Credentials, Timeouts};
use dokuei::demo::line::{Condition, Line};
use dokuei::demo::{Archive, Centre, Limits, Options, Priority, Running, Study};
use dokuei::dicom::Uid;
use dokuei::site;
use tempfile::TempDir;

pub(super) const PASSWORD: &str = "right-password";
pub(super) const STUDY: &str = "1.2.826.0.77.1";
pub(super) const SERIES: &str = "1.2.826.0.77.1.1";
/// The name under which profiles know the centre.
pub(super) const NAME: &str = "island";

pub(super) fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// A CT series of so many square slices, each as noisy as the next.
pub(super) struct Slices {
    uid: Uid,
    count: usize,
    side: u16,
}

impl Slices {
    pub(super) fn new(count: usize, side: u16) -> Self {
        Self { uid: uid(STUDY), count, side }
    }

    /// SOP Instance UID of slice `i` (from 0).
    pub(super) fn instance(i: usize) -> Uid {
        uid(&format!("{SERIES}.{}", i + 1))
    }

    /// All files in their order.
    pub(super) fn files(&self) -> Vec<Vec<u8>> {
        (0..self.count).map(|i| self.file(i)).collect()
    }
}

impl Study for Slices {
    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn priority(&self) -> Priority {
        Priority::Stat
    }

    fn len(&self) -> usize {
        self.count
    }

    fn header(&self, i: usize) -> InMemDicomObject {
        header(Self::instance(i).as_str(), i, self.side)
    }

    fn file(&self, i: usize) -> Vec<u8> {
        part10(self.header(i), i, self.side)
    }
}

fn header(instance: &str, i: usize, side: u16) -> InMemDicomObject {
    let mut object = InMemDicomObject::new_empty();
    let (number, position) = ((i + 1).to_string(), format!("-10\\-10\\{}", i * 2));
    let texts: [(Tag, VR, &str); 20] = [
        (tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        (tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE),
        (tags::SOP_INSTANCE_UID, VR::UI, instance),
        (tags::STUDY_DATE, VR::DA, "20261122"),
        (tags::STUDY_TIME, VR::TM, "031000"),
        (tags::ACCESSION_NUMBER, VR::SH, "A1"),
        (tags::MODALITY, VR::CS, "CT"),
        (tags::STUDY_DESCRIPTION, VR::LO, "Head CT"),
        (tags::PATIENT_NAME, VR::PN, "Yamada^Tarou"),
        (tags::PATIENT_ID, VR::LO, "P001"),
        (tags::STUDY_INSTANCE_UID, VR::UI, STUDY),
        (tags::SERIES_INSTANCE_UID, VR::UI, SERIES),
        (tags::SERIES_NUMBER, VR::IS, "1"),
        (tags::INSTANCE_NUMBER, VR::IS, &number),
        (tags::IMAGE_POSITION_PATIENT, VR::DS, &position),
        (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0"),
        (tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.826.0.77.9"),
        (tags::PIXEL_SPACING, VR::DS, "0.5\\0.5"),
        (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        (tags::RESCALE_INTERCEPT, VR::DS, "-1024"),
    ];
    for (tag, vr, value) in texts {
        object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    }
    object.put(DataElement::new(tags::RESCALE_SLOPE, VR::DS, "1"));
    let numbers = [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, side),
        (tags::COLUMNS, side),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ];
    for (tag, value) in numbers {
        object.put(DataElement::new(tag, VR::US, dicom_value!(U16, value)));
    }
    object
}

fn part10(mut object: InMemDicomObject, i: usize, side: u16) -> Vec<u8> {
    let mut dice = super::Dice(i as u64 + 1);
    let samples: Vec<u16> = (0..usize::from(side).pow(2)).map(|_| dice.below(4096) as u16).collect();
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(samples.into())));
    let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let mut file = Vec::new();
    object.with_meta(meta).unwrap().write_all(&mut file).unwrap();
    file
}

/// An object that the centre does not have, of its study.
pub(super) fn new_object() -> (Uid, &'static [u8]) {
    const NEW: &str = "1.2.826.0.77.1.9";
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    (uid(NEW), FILE.get_or_init(|| part10(header(NEW, 99, 100), 99, 100)))
}

/// A centre that runs, with a line before it.
pub(super) struct Scene {
    pub(super) centre: Running,
    pub(super) line: Line,
    folder: TempDir,
}

impl Scene {
    /// Both run as long as the runtime.
    pub(super) async fn new(study: Slices, condition: Condition, seed: u64) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (line, carrying) = Line::bind(address, condition, seed).await.unwrap();
        tokio::spawn(carrying);
        let options = Options {
            password: Some(PASSWORD.to_owned()),
            reached_by: Some(line.address.port()),
            ..Options::default()
        };
        let archive = Archive::new(vec![Box::new(study)], Limits::default());
        let (centre, serving) = Centre::bind(address, archive, options).await.unwrap();
        tokio::spawn(serving);
        line.lead_to(centre.address);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), &centre.certificate_pem).unwrap();
        Self { centre, line, folder }
    }

    /// The near end of the line as a profile names it.
    pub(super) fn site(&self) -> site::Centre {
        site::Centre {
            name: NAME.to_owned(),
            user: Some(self.centre.user.clone()),
            ca: Some(self.folder.path().join("ca.pem")),
            ..site::Centre::at(self.centre.base_url.clone())
        }
    }

    /// A client of this address, signed in; no byte is sent yet.
    pub(super) fn client_at(&self, url: &str, timeouts: Timeouts) -> Client {
        let centre = site::Centre { url: url.parse().unwrap(), ..self.site() };
        let (user, password) = (self.centre.user.clone(), PASSWORD.to_owned().into());
        Client::with_timeouts(&centre, Some(Credentials { user, password }), timeouts).unwrap()
    }

    /// A client at the near end of the line.
    pub(super) fn client(&self, timeouts: Timeouts) -> Client {
        self.client_at(self.centre.base_url.as_str(), timeouts)
    }

    /// The objects that the centre was given under this UID.
    pub(super) fn stored(&self, sop: &Uid) -> Vec<Vec<u8>> {
        let stored = self.centre.stored().into_iter();
        stored.filter(|(uid, _)| uid == sop).map(|(_, bytes)| bytes.to_vec()).collect()
    }
}
