//! A made-up study, reports on it, and the way to a file.

use chrono::DateTime;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dokuei::dicom::instance::{
    FrameAttributes, ImageModule, ModalityTransform, Patient, PixelSpacing, Series, SpacingSource,
    Study as StudyModule, UltrasoundRegion,
};
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{Instance, PersonName, Phi, PixelFormat, Uid};
use dokuei::report::{Evidence, ImageEvidence, Report, ReportError, Signing, build};

pub(super) const PREDECESSOR: &str = "2.25.1900";

const HEAD: &str = "study = \"2.25.100\"\n";
const READER: &str = r#"
[reader]
name = "Suzuki^Hanako=鈴木^花子=すずき^はなこ"
id = "hsuzuki"
organisation = "東都読影センター"
"#;

pub(super) const ENGLISH_FINAL: &str = r#"
study = "2.25.100"
language = "en-US"
state = "final"
[reader]
name = "Suzuki^Hanako"
organisation = "Tokyo Reading Centre"
[sections]
clinical_information = "Cough for 3 weeks; <script>alert(1)</script> &xxe; {{x}}"
technique = "CT chest, 5 mm, contrast 100 mL \\ 300 mgI/mL."
comparison = "CT 2025-10-01."
findings = """
A 9 mm nodule in the right upper lobe, previously 6 mm.
  - margins: spiculated
\r\n--boundary

No effusion. PN ^^^^=
"""
impression = "Suspicious for primary lung cancer 😀."
"#;

pub(super) const JAPANESE_FINAL: &str = r#"
study = "2.25.100"
language = "ja-JP"
state = "final"
[reader]
name = "Suzuki^Hanako=鈴木^花子=すずき^はなこ"
id = "hsuzuki"
organisation = "東都読影センター"
[sections]
clinical_information = "咳嗽が3週間続く。肺癌疑い。"
technique = "胸部造影CT、5 mm厚、造影剤100 mL。ﾊﾝｶｸも①㌢㍑も。"
comparison = "2025年10月1日のCTと比較。"
findings = """
右上葉S2に9 mmの結節を認める。前回6 mmから増大。
胸水なし。髙﨑𠮷野家。
"""
impression = "原発性肺癌を疑う。"
"#;

pub(super) const PRELIMINARY: &str = r#"
study = "2.25.100"
language = "ja"
state = "preliminary"
[reader]
name = "鈴木 花子"
[sections]
findings = "一次読影。出血なし。"
"#;

pub(super) const ADDENDUM: &str = r#"
study = "2.25.100"
language = "en"
state = "final"
predecessor = "2.25.1900"
[reader]
name = "Suzuki^Hanako"
organisation = "Tokyo Reading Centre"
[sections]
findings = "Addendum: a second nodule of 4 mm in the left lower lobe."
"#;

pub(super) const MEASURED: &str = r#"
study = "2.25.100"
language = "ja-JP"
state = "final"
[reader]
name = "Suzuki^Hanako=鈴木^花子"
organisation = "東都読影センター"
[sections]
findings = "計測のとおり。"
[[measurements]]
kind = "length"
image = "2.25.1001"
frame = 1
points = [[100.5, 100.5], [160.5, 150.5]]
label = "右上葉結節"
[[measurements]]
kind = "bidirectional"
image = "2.25.1001"
points = [[100, 100], [150, 100], [120, 90], [120, 130]]
label = "縦隔リンパ節"
[[measurements]]
kind = "angle"
image = "2.25.1001"
points = [[120, 100], [100, 100], [100, 130]]
[[measurements]]
kind = "ellipse"
image = "2.25.1001"
points = [[160, 200], [240, 200], [200, 190], [200, 210]]
[[measurements]]
kind = "rectangle"
image = "2.25.1001"
points = [[100, 100], [140, 120]]
label = "大動脈"
[[measurements]]
kind = "polygon"
image = "2.25.1001"
points = [[100, 100], [140, 100], [140, 120]]
[[measurements]]
kind = "point"
image = "2.25.1001"
points = [[50.2, 55.9]]
[[measurements]]
kind = "length"
image = "2.25.1003"
frame = 7
points = [[10, 10], [16, 14]]
label = "総胆管"
[[measurements]]
kind = "length"
image = "2.25.1004"
points = [[100, 100], [200, 150]]
label = "心横径"
[[measurements]]
kind = "angle"
image = "2.25.1004"
points = [[0, 0], [10, 0], [0, 20], [10, 30]]
"#;

pub(super) const KEY_IMAGES: &str = r#"
study = "2.25.100"
language = "ja"
state = "final"
[reader]
name = "Suzuki^Hanako"
organisation = "東都読影センター"
[[key_images]]
image = "2.25.1001"
note = "最大断面"
[[key_images]]
image = "2.25.1003"
frame = 10
[[key_images]]
image = "2.25.1005"
note = "前回"
[[key_images]]
image = "2.25.1001"
note = "再掲"
"#;

/// One report with everything in it, for the slow judges.
pub(super) fn rich() -> String {
    let sections = JAPANESE_FINAL.split_once("[sections]").unwrap().1;
    let measured = MEASURED.split_once("[[measurements]]").unwrap().1;
    let key_images = KEY_IMAGES.split_once("[[key_images]]").unwrap().1;
    format!(
        "{HEAD}language = \"ja-JP\"\nstate = \"final\"\npredecessor = \"{PREDECESSOR}\"\n{READER}\
         [sections]{sections}[[measurements]]{measured}[[key_images]]{key_images}"
    )
}

pub(super) fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// The objects the reports refer to: 1001 CT, 1003 ultrasound of ten frames, 1004 radiograph, 1005 a prior
/// CT; 1900 an earlier report.
pub(super) struct Study {
    pub(super) instances: Vec<Instance>,
    pub(super) predecessor: Instance,
}

/// Every image is column + row (+ 1000 a frame).
pub(super) fn values(frame: u32, column: u32, row: u32) -> Option<f64> {
    Some(f64::from(column + row + 1000 * frame))
}

impl Study {
    pub(super) fn new() -> Self {
        let ct = image("1.2.840.10008.5.1.4.1.1.2", "2.25.1001", "2.25.200", "CT", 1);
        let mut us = image("1.2.840.10008.5.1.4.1.1.3.1", "2.25.1003", "2.25.201", "US", 10);
        let module = us.image.as_mut().unwrap();
        module.frames[0] = FrameAttributes::default();
        let bounds = [0, 0, 511, 511];
        module.ultrasound_regions =
            vec![UltrasoundRegion { bounds, data_type: 1, delta_cm: Some((0.05, 0.1)) }];
        let mut dx = image("1.2.840.10008.5.1.4.1.1.1.1", "2.25.1004", "2.25.202", "DX", 1);
        let module = dx.image.as_mut().unwrap();
        module.frames[0].modality = ModalityTransform::Identity;
        module.frames[0].spacing = Some(spacing(0.2, 0.2, SpacingSource::Detector));
        let mut prior = image("1.2.840.10008.5.1.4.1.1.2", "2.25.1005", "2.25.300", "CT", 1);
        prior.study.uid = uid("2.25.101");
        let mut predecessor = image("1.2.840.10008.5.1.4.1.1.88.22", PREDECESSOR, "2.25.203", "SR", 1);
        predecessor.image = None;
        Self { instances: vec![ct, us, dx, prior], predecessor }
    }

    /// Signs a report on this study.
    pub(super) fn sign(&self, report: &Report, number: u32) -> Result<InMemDicomObject, ReportError> {
        self.with(|evidence| build(report, evidence, &signing(number)))
    }

    /// What `build` gets.
    pub(super) fn with<R>(&self, use_it: impl FnOnce(&Evidence<'_>) -> R) -> R {
        let images: Vec<_> =
            self.instances.iter().map(|instance| ImageEvidence { instance, values: &values }).collect();
        use_it(&Evidence { study: &self.instances[0], images: &images, predecessor: Some(&self.predecessor) })
    }
}

fn spacing(between_rows_mm: f64, between_columns_mm: f64, source: SpacingSource) -> PixelSpacing {
    PixelSpacing { between_rows_mm, between_columns_mm, source }
}

fn image(sop_class: &str, sop_instance: &str, series: &str, modality: &str, frames: u32) -> Instance {
    Instance {
        sop_class: uid(sop_class),
        sop_instance: uid(sop_instance),
        transfer_syntax: None,
        charset: vec!["ISO_IR 192".into()],
        patient: Patient {
            name: Phi::new(PersonName::parse("YAMADA^TARO=山田^太郎=やまだ^たろう")),
            id: Phi::new("0012345".into()),
            issuer: Phi::new("TOTO".into()),
            birth_date: Phi::new("19500203".into()),
            sex: "M".into(),
            age: "076Y".into(),
        },
        study: StudyModule {
            uid: uid("2.25.100"),
            date: "20260331".into(),
            time: "231500".into(),
            id: Phi::new("S1".into()),
            accession: Phi::new("A-77".into()),
            description: "胸部CT".into(),
            referring_physician: Phi::new(PersonName::parse("SATO^JIRO=佐藤^次郎")),
        },
        series: Series {
            uid: uid(series),
            modality: modality.into(),
            number: Some(1),
            description: String::new(),
            body_part: String::new(),
            frame_of_reference: None,
        },
        instance_number: Some(1),
        document: None,
        text_damaged: false,
        image: Some(ImageModule {
            format: PixelFormat {
                rows: 512,
                columns: 512,
                frames,
                samples_per_pixel: 1,
                bits_allocated: 16,
                bits_stored: 16,
                high_bit: 15,
                signed: true,
                photometric: Photometric::Monochrome2,
                planar: false,
                float: false,
            },
            image_type: Vec::new(),
            frames: vec![FrameAttributes {
                spacing: Some(spacing(0.8, 0.5, SpacingSource::Patient)),
                modality: ModalityTransform::Rescale { slope: 1.0, intercept: 0.0, unit: "HU".into() },
                ..FrameAttributes::default()
            }],
            palette: None,
            display: dokuei::dicom::display::DisplayAttributes::default(),
            padding: None,
            presentation_inverse: false,
            lossy: None,
            burned_in: false,
            ultrasound_regions: Vec::new(),
            pixel_aspect: None,
            patient_orientation: None,
            laterality: String::new(),
            view_position: String::new(),
            stack_discriminators: Vec::new(),
        }),
    }
}

pub(super) fn signing(number: u32) -> Signing {
    Signing {
        sop_instance: uid(&format!("2.25.{}", 5000 + number)),
        series: uid("2.25.4000"),
        device: uid("2.25.4001"),
        now: DateTime::parse_from_rfc3339("2026-04-01T03:10:07+09:00").unwrap(),
        series_number: 900,
        instance_number: number,
        software_version: "0.1.0".into(),
    }
}

/// The object as a file: the one place of these tests that writes Part 10.
pub(super) fn part10(object: &InMemDicomObject) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new().transfer_syntax("1.2.840.10008.1.2.1");
    let mut bytes = Vec::new();
    object.clone().with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes
}

/// The object as it comes back from a file.
pub(super) fn reread(object: &InMemDicomObject) -> InMemDicomObject {
    from_file(&part10(object))
}

/// A file's data set.
pub(super) fn from_file(bytes: &[u8]) -> InMemDicomObject {
    dicom_object::from_reader(bytes).unwrap().into_inner()
}

/// SOP Instance UIDs in a hierarchical reference sequence.
pub(super) fn referenced_instances(object: &InMemDicomObject, tag: Tag) -> Vec<String> {
    let items = |object: &InMemDicomObject, tag| -> Vec<InMemDicomObject> {
        object.get(tag).and_then(|e| e.items()).unwrap_or_default().to_vec()
    };
    let series = items(object, tag).into_iter().flat_map(|s| items(&s, tags::REFERENCED_SERIES_SEQUENCE));
    let instances = series.flat_map(|s| items(&s, tags::REFERENCED_SOP_SEQUENCE));
    let text = |i: InMemDicomObject| {
        i.element(tags::REFERENCED_SOP_INSTANCE_UID).unwrap().to_str().unwrap().into_owned()
    };
    instances.map(text).collect()
}
