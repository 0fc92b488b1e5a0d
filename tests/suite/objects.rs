//! What every kind of object is to a reader: an image with its badges, a document, or a name in a list.

use std::collections::BTreeSet;

use dokuei::dicom::catalogue;
use dokuei::dicom::error::WarningCode;
use dokuei::dicom::instance::ModalityTransform;
use dokuei::dicom::sop_class::{DocumentKind as D, ImageKind as I, ObjectKind};
use dokuei::imaging::badge;
use dokuei::work::loaded::Loaded;

use crate::data;
use crate::support::program::Workstation;

const IMAGES: &[(&str, I, &[&str])] = &[
    ("modality/BRFSMPRS", I::CrossSection, &["derived"]),
    ("modality/CR-ModalitySequenceLUT.dcm", I::Projection, &["uncalibrated"]),
    ("modality/CT_small.dcm", I::CrossSection, &[]),
    ("modality/GH133.dcm", I::Projection, &["uncalibrated"]),
    ("modality/GH184.dcm", I::CrossSection, &[]),
    ("modality/IM-0001-0170-0001.dcm", I::CrossSection, &[]),
    ("modality/NM-MONO2-16-13x-heart", I::Nuclear, &["derived", "geometry-unknown"]),
    ("modality/RG3_JLSL", I::Projection, &["derived", "uncalibrated"]),
    ("modality/US-PAL-8-10x-echo", I::Ultrasound, &["uncalibrated"]),
    ("modality/YBR_FULL-RLE.dcm", I::Ultrasound, &[]),
    ("modality/dx_image.dcm", I::Projection, &["uncalibrated"]),
    ("modality/eCT_Supplemental.dcm", I::CrossSection, &["derived"]),
    ("modality/examples_palette.dcm", I::Ultrasound, &[]),
    ("modality/examples_rgb_color.dcm", I::Ultrasound, &["uncalibrated"]),
    ("modality/examples_ybr_color.dcm", I::Ultrasound, &["derived", "lossy"]),
    ("modality/jpeg8bit.dcm", I::Projection, &["derived", "lossy-transfer", "uncalibrated"]),
    ("modality/mlut_18.dcm", I::Capture, &["derived", "uncalibrated"]),
    ("modality/sample-op.dcm", I::VisibleLight, &[]),
    ("modality/sm_image.dcm", I::VisibleLight, &[]),
    ("modality/suyashkumar/1.dcm", I::CrossSection, &[]),
    ("objects/dcmqi-23x38x3/mf.dcm", I::CrossSection, &[]),
    ("objects/dicomdirtests/98892001/CT2N/6293", I::CrossSection, &[]),
    ("objects/dicompyler/ct.0.dcm", I::CrossSection, &[]),
    ("objects/rtdose.dcm", I::Dose, &[]),
    ("transfer-syntax/CT1_J2KI", I::CrossSection, &["derived", "lossy"]),
    ("transfer-syntax/ELSCINT1_JP2vsJ2K.dcm", I::CrossSection, &["lossy"]),
    ("transfer-syntax/JPEGLSNearLossless_08.dcm", I::Capture, &["derived", "lossy-transfer", "uncalibrated"]),
    ("transfer-syntax/SC_ybr_full_uncompressed.dcm", I::Capture, &["derived", "lossy"]),
    ("transfer-syntax/parametric_map_float.dcm", I::ParametricMap, &["derived"]),
    ("charset/chrH31.dcm", I::Capture, &["derived", "uncalibrated"]),
];

/// Kind, title, pages, and one of its lines.
const DOCUMENTS: &[(&str, D, &str, u32, &str)] = &[
    ("objects/NeurosurgeryPlan.dcm", D::Other, "NeurosurgeryPlan", 0, ""),
    ("objects/dcmqi-23x38x3/label.seg", D::Segmentation, "DCMQI", 0, "1  Liver"),
    ("objects/dcmqi-sr-example/rwvm.dcm", D::Other, "RWV", 0, "191"),
    (
        "objects/dcmqi-sr-example/seg.dcm",
        D::Segmentation,
        "Iowa QIN segmentation result",
        0,
        "1  Neoplasm, Primary",
    ),
    ("objects/dcmqi-sr-example/sr.dcm", D::Report, "Imaging Measurement Report", 0, "128 pixels"),
    ("objects/dicompyler/rtplan.dcm", D::Plan, "B1", 0, ""),
    ("objects/dicompyler/rtss.dcm", D::StructureSet, "CT_1", 0, "6  Lt Lung"),
    ("objects/dwv-tid1500/sr-ruler.dcm", D::Report, "Imaging Measurement Report", 0, ""),
    ("objects/kos-4802/kos.dcm", D::KeyObjects, "Manifest", 0, ""),
    ("objects/liver_1frame.dcm", D::Segmentation, "Iowa QIN segmentation result", 0, "1  Liver"),
    ("objects/pdf.dcm", D::Pdf, "", 2, "application/pdf"),
    ("objects/reportsi.dcm", D::Report, "Document Title", 0, "Enter text"),
    ("objects/seg_image_sm_control_labelmap.dcm", D::Segmentation, "ISO_IR 192", 0, "0  Background"),
    ("objects/sm_annotations.dcm", D::Other, "NUNCLEI_ANNOTATIONS sdf sdfsf", 0, "SM_ANN"),
    ("objects/sr_document.dcm", D::Report, "Imaging Measurement Report", 0, "Foo"),
    ("objects/test-SR.dcm", D::Report, "Diagnosis", 0, "A mass of"),
    ("objects/waveform_ecg.dcm", D::Waveform, "", 0, "RHYTHM"),
    (
        "objects/weasis-pr/prLUTs.dcm",
        D::PresentationState,
        "scrambled modality lut / voi lut / presentation lut",
        0,
        "XLUT_P03",
    ),
    ("transfer-syntax/report_dfl", D::Report, "Consultation Report", 0, "Redlands Clinic"),
];

fn loaded(name: &str) -> Option<Loaded> {
    Some(Loaded::read(data::read(name)?.into()).unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[test]
fn images_are_of_the_kind_that_their_class_says_and_carry_the_badges_of_their_headers() {
    for (name, kind, badges) in IMAGES {
        let Some(loaded) = loaded(name) else { continue };
        let instance = &loaded.instance;
        assert_eq!(instance.kind(), ObjectKind::Image(*kind), "{name}");
        assert_eq!(instance.document, None, "{name}");
        let found: BTreeSet<&str> =
            badge::of_instance(instance, 0).iter().map(dokuei::imaging::Badge::as_str).collect();
        assert_eq!(found, badges.iter().copied().collect(), "{name}");
        let studies = catalogue::studies(vec![instance.clone()]);
        let series = &studies[0].series[0];
        assert!(series.documents.is_empty() && !series.stacks.is_empty(), "{name}");
    }
}

#[test]
fn documents_have_their_title_and_what_is_in_them_and_are_never_stacks_of_images() {
    for (name, kind, title, pages, line) in DOCUMENTS {
        let Some(loaded) = loaded(name) else { continue };
        let document = loaded.instance.document.as_ref().unwrap_or_else(|| panic!("{name}"));
        let found = (document.kind, document.title.reveal().as_str(), document.pages);
        assert_eq!(found, (*kind, *title, *pages), "{name}");
        let says = |one: &dokuei::dicom::document::Line| one.value.reveal() == line;
        assert!(line.is_empty() || document.lines.iter().any(says), "{name}: {line}");
        assert!(badge::of_instance(&loaded.instance, 0).is_empty(), "{name}");
        let studies = catalogue::studies(vec![loaded.instance.clone()]);
        let series = &studies[0].series[0];
        assert!(series.stacks.is_empty(), "{name}");
        assert_eq!(series.documents.len(), 1, "{name}");
        assert_eq!(series.documents[0].images.len() as u32, document.positions(), "{name}");
        assert_eq!(series.documents[0].has_pixels(), *pages > 0, "{name}");
        assert_eq!(series.stack(0), series.documents.first(), "{name}");
    }
}

#[test]
fn a_dose_is_the_stored_value_times_its_scaling_on_planes_that_the_grid_places() {
    let Some(loaded) = loaded("objects/rtdose.dcm") else { return };
    let image = loaded.instance.image.as_ref().unwrap();
    // Relative units: a dose without a name.
    let expected = ModalityTransform::Rescale { slope: 1e-6, intercept: 0.0, unit: String::new() };
    let places: Vec<f64> = (0..15)
        .map(|frame| {
            let attributes = image.frame(frame).unwrap();
            assert_eq!(attributes.modality, expected);
            attributes.plane.unwrap().origin_mm.z
        })
        .collect();
    for pair in places.windows(2) {
        assert!((pair[1] - pair[0] - 5.0).abs() < 1e-9, "{places:?}");
    }
    let frame = loaded.frame(0).unwrap();
    let stored = loaded.decode(0).unwrap().samples.get(0);
    assert_eq!(frame.modality_value(0, 0), Some(stored * 1e-6));
}

#[test]
fn the_command_line_draws_pages_and_says_why_it_draws_no_report() {
    let Some((pdf, report)) = data::path("objects/pdf.dcm").zip(data::path("objects/test-SR.dcm")) else {
        return;
    };
    let station = Workstation::new("");
    let [pdf, report] = [pdf, report].map(|path| path.display().to_string());
    let png = station.home.path().join("page.png").display().to_string();
    let told = station.json(&["render", &pdf, "--frame", "1", "--out", &png, "--device", "cpu"]);
    assert_eq!(told["badges"], serde_json::json!([]));
    let page = image::open(&png).unwrap().into_rgb8();
    assert_eq!((page.width(), page.height()), (2200, 1699));
    let ink = page.pixels().filter(|pixel| pixel.0 != [255, 255, 255]).count();
    assert!((100_000..2_000_000).contains(&ink), "neither empty nor black: {ink}");
    let sentence = station.sentence(&["render", &pdf, "--frame", "2", "--out", &png, "--device", "cpu"]);
    assert!(sentence.contains("no frame 2"), "{sentence}");
    let sentence = station.sentence(&["render", &report, "--out", &png]);
    assert!(sentence.contains("Comprehensive SR"), "{sentence}");
    let told = station.json(&["info", &report]);
    let document = &told["instances"][0]["document"];
    assert_eq!(
        (document["kind"].as_str(), document["shown"].as_bool()),
        (Some("structured report"), Some(true))
    );
    assert!(
        document.get("text").is_none() && !told.to_string().contains("A mass of"),
        "only with --show-phi"
    );
    let told = station.json(&["info", &report, "--show-phi"]);
    assert!(told.to_string().contains("A mass of"));
}

#[test]
fn reconstructed_nuclear_medicine_lies_where_its_first_slice_and_spacing_say() {
    let Some(file) = data::read("modality/NM-MONO2-16-13x-heart") else { return };
    let (object, _) = dokuei::dicom::part10::read(file.into()).unwrap();
    for (sign, into) in [("", 1.0), ("-", -1.0)] {
        use dicom_core::value::{DataSetSequence, PrimitiveValue};
        use dicom_core::{DataElement, VR};
        use dicom_dictionary_std::tags;
        let mut dataset = object.dataset.clone();
        let text = |tag, value: &str| {
            let values = value.split('\\').map(str::to_owned).collect();
            DataElement::new(tag, VR::DS, PrimitiveValue::Strs(values))
        };
        let detector = dicom_object::InMemDicomObject::from_element_iter([
            text(tags::IMAGE_POSITION_PATIENT, "10\\20\\30"),
            text(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0"),
        ]);
        let sequence = DataSetSequence::from(vec![detector]);
        dataset.put(DataElement::new(tags::DETECTOR_INFORMATION_SEQUENCE, VR::SQ, sequence));
        dataset.put(text(tags::SPACING_BETWEEN_SLICES, &format!("{sign}6.5")));
        let (instance, _) = dokuei::dicom::parse::instance(&dataset, None).unwrap();
        let image = instance.image.as_ref().unwrap();
        let z = |frame| image.frame(frame).unwrap().plane.unwrap().origin_mm.z;
        assert_eq!([z(0), z(1), z(12)], [30.0, 30.0 + into * 6.5, 30.0 + into * 78.0]);
        assert!(badge::of_instance(&instance, 0).iter().all(|badge| badge.as_str() != "geometry-unknown"));
        let studies = catalogue::studies(vec![std::sync::Arc::new(instance)]);
        let geometry = studies[0].series[0].stacks[0].geometry.as_ref().unwrap();
        assert!((geometry.spacing_mm - 6.5).abs() < 1e-9 && geometry.uniform);
    }
}

/// A planar study of two heads: its frames are told apart by detector and energy window, each by its name.
#[test]
fn frames_of_nuclear_medicine_have_the_names_of_what_counted_them() {
    use dicom_core::value::{DataSetSequence, PrimitiveValue};
    use dicom_core::{DataElement, VR};
    use dicom_dictionary_std::tags;
    use dicom_object::InMemDicomObject;
    let Some(file) = data::read("modality/NM-MONO2-16-13x-heart") else { return };
    let (object, _) = dokuei::dicom::part10::read(file.into()).unwrap();
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let of = |tag, items: Vec<InMemDicomObject>| DataElement::new(tag, VR::SQ, DataSetSequence::from(items));
    let detector = |view: &str| {
        let code = InMemDicomObject::from_element_iter([text(tags::CODE_MEANING, VR::LO, view)]);
        InMemDicomObject::from_element_iter([of(tags::VIEW_CODE_SEQUENCE, vec![code])])
    };
    let window = InMemDicomObject::from_element_iter([text(tags::ENERGY_WINDOW_NAME, VR::SH, "Tc99m")]);
    let mut dataset = object.dataset.clone();
    dataset.put(of(tags::DETECTOR_INFORMATION_SEQUENCE, vec![detector("Anterior"), detector("Posterior")]));
    dataset.put(of(tags::ENERGY_WINDOW_INFORMATION_SEQUENCE, vec![window]));
    let names = |vector: Vec<u16>| {
        let mut dataset = dataset.clone();
        dataset.put(DataElement::new(tags::DETECTOR_VECTOR, VR::US, PrimitiveValue::U16(vector.into())));
        let (instance, _) = dokuei::dicom::parse::instance(&dataset, None).unwrap();
        let image = instance.image.unwrap();
        [0, 1, 12].map(|frame| image.frame(frame).unwrap().name.clone())
    };
    let alternating: Vec<u16> = (0..13).map(|n| n % 2 + 1).collect();
    assert_eq!(names(alternating), ["Anterior  Tc99m", "Posterior  Tc99m", "Anterior  Tc99m"]);
    // A vector of another length, or that leads nowhere: nobody can tell whose a name is.
    assert_eq!(names(vec![1, 2]), ["Tc99m"; 3]);
    assert_eq!(names(vec![9; 13]), ["Tc99m"; 3]);
}

/// An object with this document in it.
fn encapsulated(document: &[u8]) -> Vec<u8> {
    use dicom_core::value::PrimitiveValue;
    use dicom_core::{DataElement, VR};
    use dicom_dictionary_std::tags;
    let uid = |tag, value: &str| DataElement::new(tag, VR::UI, PrimitiveValue::from(value));
    let object = dicom_object::InMemDicomObject::from_element_iter([
        uid(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.104.1"),
        uid(tags::SOP_INSTANCE_UID, "1.2.3"),
        uid(tags::STUDY_INSTANCE_UID, "1.2.3.4"),
        uid(tags::SERIES_INSTANCE_UID, "1.2.3.4.5"),
        DataElement::new(tags::ENCAPSULATED_DOCUMENT, VR::OB, PrimitiveValue::U8(document.into())),
    ]);
    dokuei::dicom::write::part10(&object, "1.2.840.10008.1.2.1").unwrap()
}

#[test]
fn a_damaged_pdf_is_listed_and_never_ends_the_program() {
    let real = data::read("objects/pdf.dcm").and_then(|file| Loaded::read(file.into()).unwrap().document);
    let mut cases: Vec<Vec<u8>> = vec![Vec::new(), b"%PDF-1.4".to_vec(), vec![0xff; 5_000]];
    if let Some(real) = real {
        cases.push(real[..real.len() / 2].to_vec());
        for n in 0..4_usize {
            let mut copy = real.to_vec();
            for at in (n * 97..copy.len()).step_by(1_009 + n * 1_310) {
                copy[at] = copy[at].wrapping_add(1 + n as u8);
            }
            cases.push(copy);
        }
    }
    for (n, case) in cases.iter().enumerate() {
        let loaded = Loaded::read(encapsulated(case).into()).unwrap();
        let document = loaded.instance.document.as_ref().unwrap();
        assert_eq!(document.kind, D::Pdf, "{n}");
        for page in 0..document.pages.min(1) {
            // Whatever it draws or says, it comes back.
            let _ = loaded.frame(page);
        }
        assert!(loaded.frame(document.pages).is_err(), "{n}");
    }
}

#[test]
fn a_report_of_a_million_lines_is_cut_and_says_so() {
    use dicom_core::value::{DataSetSequence, PrimitiveValue};
    use dicom_core::{DataElement, VR};
    use dicom_dictionary_std::tags;
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let item = dicom_object::InMemDicomObject::from_element_iter([
        text(tags::VALUE_TYPE, VR::CS, "TEXT"),
        text(tags::TEXT_VALUE, VR::UT, &"line\n".repeat(1_000_000)),
    ]);
    let object = dicom_object::InMemDicomObject::from_element_iter([
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.88.11"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.3.4"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3.4.5"),
        text(tags::VALUE_TYPE, VR::CS, "CONTAINER"),
        DataElement::new(tags::CONTENT_SEQUENCE, VR::SQ, DataSetSequence::from(vec![item])),
    ]);
    let file = dokuei::dicom::write::part10(&object, "1.2.840.10008.1.2.1").unwrap();
    let loaded = Loaded::read(file.into()).unwrap();
    assert_eq!(loaded.instance.document.as_ref().unwrap().lines.len(), 20_000);
    assert!(loaded.warnings.iter().any(|warning| warning.code == WarningCode::Incomplete));
}
