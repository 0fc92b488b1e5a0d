//! STOW-RS.

use dicom_core::{DataElement, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use dokuei::demo::{Archive, Limits, Options};
use serde_json::{Value, json};

use super::fixture::{
    CT, Http, MULTIPART_DICOM, Served, ct_files, message, part10, serve, serve_archive, study_uids, value,
};

/// A report, as far as storing it goes.
fn report(study: &str, instance: &str, title: &str) -> Vec<u8> {
    let mut object = InMemDicomObject::new_empty();
    for (tag, vr, text) in [
        (tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        (tags::SOP_CLASS_UID, VR::UI, uids::ENHANCED_SR_STORAGE),
        (tags::SOP_INSTANCE_UID, VR::UI, instance),
        (tags::STUDY_INSTANCE_UID, VR::UI, study),
        (tags::SERIES_INSTANCE_UID, VR::UI, "1.2.826.0.9.1"),
        (tags::MODALITY, VR::CS, "SR"),
        (tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        (tags::PATIENT_ID, VR::LO, "P001"),
        (tags::SERIES_DESCRIPTION, VR::LO, title),
    ] {
        object.put(DataElement::new(tag, vr, text));
    }
    part10(&object)
}

fn items<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    answer[key]["Value"].as_array().map_or(&[], Vec::as_slice)
}

#[tokio::test]
async fn what_is_stored_is_found_counted_and_given_back_identical() {
    let served = serve().await;
    let file = report(CT, "1.2.826.0.9.1.1", "読影レポート");
    let (status, answer) = served.store("/studies", std::slice::from_ref(&file)).await;
    assert_eq!(status, 200);
    let stored = &items(&answer, "00081199")[0];
    assert_eq!(value(stored, "00081150"), json!(uids::ENHANCED_SR_STORAGE));
    assert_eq!(value(stored, "00081155"), json!("1.2.826.0.9.1.1"));
    let url = value(stored, "00081190");
    assert_eq!(value(&answer, "00081190"), json!(served.url("/studies/1.2.826.0.1.1")));

    let path = url.as_str().unwrap().strip_prefix(served.running.base_url.as_str()).unwrap().to_owned();
    assert!(served.parts(&path, MULTIPART_DICOM).await[0].1 == file);
    let found = served.rows("/instances?SOPInstanceUID=1.2.826.0.9.1.1").await;
    assert_eq!(value(&found[0], "00080016"), json!(uids::ENHANCED_SR_STORAGE));
    let study = served.rows(&format!("/studies?StudyInstanceUID={CT}")).await.remove(0);
    assert_eq!(study["00080061"]["Value"], json!(["CT", "SR"]));
    assert_eq!((value(&study, "00201206"), value(&study, "00201208")), (json!(3), json!(6)));
    let series = served.rows(&format!("/studies/{CT}/series?Modality=SR")).await;
    assert_eq!(value(&series[0], "0008103E"), json!("読影レポート"));
    assert!(served.running.stored() == [(found_uid("1.2.826.0.9.1.1"), file.into())]);
}

fn found_uid(text: &str) -> dokuei::dicom::Uid {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_same_object_again_is_a_success_and_is_kept_once() {
    let served = serve().await;
    let file = report(CT, "1.2.826.0.9.1.1", "one");
    for _ in 0..3 {
        assert_eq!(served.store("/studies", std::slice::from_ref(&file)).await.0, 200);
    }
    assert_eq!(served.store(&format!("/studies/{CT}"), &[ct_files()[0].clone()]).await.0, 200);
    assert_eq!(served.running.stored().len(), 1);
}

#[tokio::test]
async fn other_content_under_a_known_uid_is_refused() {
    let served = serve().await;
    let (first, second) = (report(CT, "1.2.826.0.9.1.1", "one"), report(CT, "1.2.826.0.9.1.1", "two"));
    assert_eq!(served.store("/studies", std::slice::from_ref(&first)).await.0, 200);
    let (status, answer) = served.store("/studies", &[second]).await;
    assert_eq!(status, 409);
    let failed = &items(&answer, "00081198")[0];
    assert_eq!(
        (value(failed, "00081155"), value(failed, "00081197")),
        (json!("1.2.826.0.9.1.1"), json!(0x0111))
    );
    // The same for the made-up instances.
    let forged = report(CT, "1.2.826.0.1.1.1.1", "forged");
    assert_eq!(served.store("/studies", &[forged]).await.0, 409);
    assert!(served.running.stored() == [(found_uid("1.2.826.0.9.1.1"), first.into())]);
}

#[tokio::test]
async fn each_object_of_a_request_has_its_own_verdict() {
    let served = serve().await;
    let good = report(CT, "1.2.826.0.9.1.1", "good");
    let other_study = report("1.2.826.0.1.2", "1.2.826.0.9.1.2", "other study");
    let mut cut = report(CT, "1.2.826.0.9.1.3", "cut");
    cut.truncate(cut.len() - 7);
    let batch = [good, other_study, b"not DICOM at all".to_vec(), Vec::new()];
    let (status, answer) = served.store(&format!("/studies/{CT}"), &batch).await;
    assert_eq!(status, 202);
    assert_eq!(items(&answer, "00081199").len(), 1);
    assert_eq!(value(&items(&answer, "00081198")[0], "00081197"), json!(272));
    let unknown: Vec<_> = items(&answer, "0008119A").iter().map(|item| value(item, "00081197")).collect();
    assert_eq!(unknown, [json!(0xC000), json!(0xC000)]);
    assert_eq!(served.store("/studies", &[cut]).await.0, 409);
    assert_eq!(served.running.stored().len(), 1);
}

async fn post(served: &Served, content_type: &str, body: Vec<u8>) -> u16 {
    let request = served.post("/studies").header("content-type", content_type).body(body);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn what_is_no_whole_message_stores_nothing() {
    let served = serve().await;
    let files = [report(CT, "1.2.826.0.9.1.1", "one"), report(CT, "1.2.826.0.9.1.2", "two")];
    let whole = message("b", &files);
    let kind = r#"multipart/related; type="application/dicom"; boundary=b"#;
    let table = [
        (kind, whole[..whole.len() - 8].to_vec(), 400),
        (kind, whole[..whole.len() / 2].to_vec(), 400),
        (kind, Vec::new(), 400),
        (kind, b"--b--".to_vec(), 400),
        (r#"multipart/related; type="application/dicom"; boundary=other"#, whole.clone(), 400),
        (r#"multipart/related; type="application/dicom""#, whole.clone(), 400),
        (r#"multipart/related; type="application/dicom+json"; boundary=b"#, whole.clone(), 415),
        ("multipart/related; boundary=b", whole.clone(), 415),
        ("application/dicom", files[0].clone(), 415),
        ("text/plain", whole.clone(), 415),
    ];
    for (n, (content_type, body, expected)) in table.into_iter().enumerate() {
        assert_eq!(post(&served, content_type, body).await, expected, "case {n}: {content_type}");
    }
    assert!(served.running.stored().is_empty());
    assert_eq!(post(&served, kind, whole).await, 200);
    assert_eq!(study_uids(&served.rows("/studies?ModalitiesInStudy=SR").await), [CT]);
}

#[tokio::test]
async fn what_finds_no_room_is_refused_and_named() {
    let file = report(CT, "1.2.826.0.9.1.1", "one");
    let limits = Limits { store_bytes: file.len() + 10, ..Limits::default() };
    let served = serve_archive(Archive::new(Vec::new(), limits), Options::default(), Http::Two).await;
    let (status, answer) = served.store("/studies", &[file, report(CT, "1.2.826.0.9.1.2", "two")]).await;
    assert_eq!(status, 202);
    assert_eq!(value(&items(&answer, "00081198")[0], "00081197"), json!(0xA700));
    assert_eq!(served.running.stored().len(), 1);
}
