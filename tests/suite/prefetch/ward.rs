//! A centre with small studies that can be given more, and a workstation for it.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dicom_core::{DataElement, PrimitiveValue, VR, dicom_value};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dokuei::centre::{Client, Credentials};
use dokuei::demo::{Archive, Limits, Options, Priority, Running, Study};
use dokuei::dicom::Uid;
use dokuei::site::{Home, Profile};

use crate::reading::Desk;
use crate::trouble::PASSWORD;

pub(super) const CENTRE: &str = "island";

/// A CT of one series of tiny slices, 2 mm apart.
pub(super) struct Small {
    uid: Uid,
    patient: String,
    date: String,
    description: String,
    slices: usize,
}

impl Small {
    pub(super) fn new(uid: &str, patient: &str, date: &str, description: &str, slices: usize) -> Self {
        let [patient, date, description] = [patient, date, description].map(str::to_owned);
        Self { uid: Uid::parse(uid).unwrap(), patient, date, description, slices }
    }

    fn dataset(&self, at: usize) -> InMemDicomObject {
        let mut object = InMemDicomObject::new_empty();
        let study = self.uid.as_str();
        let texts = [
            (tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE.to_owned()),
            (tags::SOP_INSTANCE_UID, VR::UI, format!("{study}.1.1{at}")),
            (tags::STUDY_DATE, VR::DA, self.date.clone()),
            (tags::STUDY_TIME, VR::TM, "031000".to_owned()),
            (tags::MODALITY, VR::CS, "CT".to_owned()),
            (tags::STUDY_DESCRIPTION, VR::LO, self.description.clone()),
            (tags::PATIENT_NAME, VR::PN, "Made^Up".to_owned()),
            (tags::PATIENT_ID, VR::LO, self.patient.clone()),
            (tags::STUDY_INSTANCE_UID, VR::UI, study.to_owned()),
            (tags::SERIES_INSTANCE_UID, VR::UI, format!("{study}.1")),
            (tags::SERIES_NUMBER, VR::IS, "1".to_owned()),
            (tags::INSTANCE_NUMBER, VR::IS, (at + 1).to_string()),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, format!("{study}.9")),
            (tags::IMAGE_POSITION_PATIENT, VR::DS, format!("0\\0\\{}", 2 * at)),
            (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0".to_owned()),
            (tags::PIXEL_SPACING, VR::DS, "1\\1".to_owned()),
            (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned()),
            (tags::RESCALE_SLOPE, VR::DS, "1".to_owned()),
            (tags::RESCALE_INTERCEPT, VR::DS, "-1024".to_owned()),
        ];
        for (tag, vr, value) in texts {
            object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
        }
        let numbers = [
            (tags::SAMPLES_PER_PIXEL, 1_u16),
            (tags::ROWS, 16),
            (tags::COLUMNS, 16),
            (tags::BITS_ALLOCATED, 16),
            (tags::BITS_STORED, 16),
            (tags::HIGH_BIT, 15),
            (tags::PIXEL_REPRESENTATION, 0),
        ];
        for (tag, value) in numbers {
            object.put(DataElement::new(tag, VR::US, dicom_value!(U16, value)));
        }
        let samples = vec![at as u16; 256];
        object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(samples.into())));
        object
    }
}

impl Study for Small {
    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn priority(&self) -> Priority {
        Priority::Medium
    }

    fn len(&self) -> usize {
        self.slices
    }

    fn header(&self, i: usize) -> InMemDicomObject {
        let mut header = self.dataset(i);
        header.remove_element(tags::PIXEL_DATA);
        header
    }

    fn file(&self, i: usize) -> Vec<u8> {
        let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
        let mut file = Vec::new();
        self.dataset(i).with_meta(meta).unwrap().write_all(&mut file).unwrap();
        file
    }
}

/// The centre and the home of who reads for it.
pub(super) struct Ward {
    runtime: tokio::runtime::Runtime,
    pub(super) centre: Running,
    home: tempfile::TempDir,
}

impl Ward {
    pub(super) fn new(studies: Vec<Small>) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let studies = studies.into_iter().map(|study| Box::new(study) as Box<dyn Study>).collect();
        let archive = Archive::new(studies, Limits::default());
        let options = Options { password: Some(PASSWORD.to_owned()), ..Options::default() };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listening = dokuei::demo::Centre::bind(address, archive, options);
        let (centre, serving) = runtime.block_on(listening).unwrap();
        runtime.spawn(serving);
        let ward = Self { runtime, centre, home: tempfile::tempdir().unwrap() };
        ward.settle("line_percent = 100\n");
        ward
    }

    /// Writes the profile, with this in its `[prefetch]`.
    pub(super) fn settle(&self, prefetch: &str) {
        self.settle_in(self.home.path(), "Sato^Hanako", prefetch);
    }

    /// Another workstation of this centre, and its reader.
    pub(super) fn another_home(&self, reader: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        self.settle_in(home.path(), reader, "");
        home
    }

    fn settle_in(&self, home: &Path, reader: &str, prefetch: &str) {
        let config = home.join("config");
        std::fs::create_dir_all(&config).unwrap();
        let ca = config.join("ca.pem");
        std::fs::write(&ca, &self.centre.certificate_pem).unwrap();
        let text = format!(
            "[reader]\nname = \"{reader}\"\n[prefetch]\n{prefetch}\n[[centre]]\nname = \"{CENTRE}\"\nurl = \"{}\"\nuser = \"{}\"\nca = {ca:?}\n",
            self.centre.base_url, self.centre.user
        );
        std::fs::write(config.join("profile.toml"), text).unwrap();
    }

    pub(super) fn desk(&self) -> Desk {
        Desk::new(self.home.path(), None)
    }

    /// The centre is given these slices of a study.
    pub(super) fn give(&self, study: &Small, slices: Range<usize>) {
        let profile = Profile::load(&Home::in_folder(self.home.path())).unwrap();
        let user = self.centre.user.clone();
        let credentials = Credentials { user, password: PASSWORD.to_owned().into() };
        let client = Client::new(&profile.centres[0], Some(credentials)).unwrap();
        let objects: Vec<Bytes> = slices.map(|at| study.file(at).into()).collect();
        let stored = self.runtime.block_on(client.store(Some(&study.uid), &objects)).unwrap();
        assert_eq!(stored.stored.len(), objects.len());
    }

    /// Waits until the list has been kept: nobody who asks for it waits for the disk.
    pub(super) fn until_kept(&self, desk: &Desk) {
        let name = format!("time of the list of {}", self.centre.base_url);
        let patience = Instant::now() + Duration::from_secs(30);
        while desk.work.vault().unwrap().note(&name).unwrap().is_none() {
            assert!(Instant::now() < patience, "never kept");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
