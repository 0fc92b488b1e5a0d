//! QIDO-RS.

use dokuei::demo::Options;
use serde_json::{Value, json};

use super::fixture::{CT, Http, MR, US, header, serve, serve_with, study_uids, value};

#[tokio::test]
async fn studies_match_as_the_standard_says() {
    let served = serve().await;
    let table: &[(&str, &[&str])] = &[
        ("", &[CT, MR, US]),
        ("PatientName=Yamada*", &[CT]),
        ("PatientName=yamada^TAROU", &[CT]),
        ("PatientName=%E5%B1%B1%E7%94%B0*", &[CT]),
        ("PatientName=*%E8%8A%B1%E5%AD%90", &[MR]),
        ("PatientName=%E3%82%84%E3%81%BE%E3%81%A0*", &[CT]),
        ("PatientName=Yamada", &[]),
        ("PatientName=*a*", &[CT, MR, US]),
        ("00100020=P002", &[MR]),
        ("PatientID=P00?", &[CT, MR, US]),
        ("PatientID=p002", &[]),
        ("StudyDate=20260110", &[CT]),
        ("StudyDate=20251201-20260110", &[CT, MR]),
        ("StudyDate=-20251201", &[MR, US]),
        ("StudyDate=20260111-", &[]),
        ("StudyTime=0300-0400", &[CT]),
        ("StudyInstanceUID=1.2.826.0.1.2,1.2.826.0.1.3", &[MR, US]),
        (r"StudyInstanceUID=1.2.826.0.1.2%5C9.9", &[MR]),
        ("ModalitiesInStudy=CT", &[CT]),
        (r"ModalitiesInStudy=MR%5CUS", &[MR, US]),
        ("AccessionNumber=A*&ModalitiesInStudy=MR", &[MR]),
        ("NumberOfStudyRelatedInstances=5", &[CT]),
        ("StudyDescription=Head+MR", &[MR]),
        ("AccessionNumber=", &[CT, MR, US]),
        ("AccessionNumber=*", &[CT, MR, US]),
        ("ReferringPhysicianName=Nobody", &[]),
    ];
    for (query, expected) in table {
        let rows = served.rows(&format!("/studies?{query}")).await;
        assert_eq!(study_uids(&rows), *expected, "{query}");
    }
}

#[tokio::test]
async fn a_study_row_has_what_the_table_asks() {
    let served = serve().await;
    let row = served.rows("/studies?PatientID=P001").await.remove(0);
    let expected = [
        ("00080020", json!("20260110")),
        ("00080030", json!("031000")),
        ("00080050", json!("A100")),
        ("00080056", json!("ONLINE")),
        ("00080061", json!("CT")),
        ("00081190", json!(served.url("/studies/1.2.826.0.1.1"))),
        (
            "00100010",
            json!({ "Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう" }),
        ),
        ("00100020", json!("P001")),
        ("00100030", json!("19600401")),
        ("00100040", json!("M")),
        ("0020000D", json!(CT)),
        ("00200010", json!("1")),
        ("00201206", json!(2)),
        ("00201208", json!(5)),
    ];
    for (key, expected) in expected {
        assert_eq!(value(&row, key), expected, "{key}");
    }
    assert_eq!(row["00080090"], json!({ "vr": "PN" }), "type 2, known to be empty");
    assert!(row.get("00081030").is_none(), "only when asked for");
    assert!(row.get("00280010").is_none(), "of another level");
}

#[tokio::test]
async fn more_attributes_come_when_asked_for() {
    let served = serve().await;
    for query in [
        "includefield=StudyDescription",
        "includefield=00081030",
        "includefield=PatientAge,StudyDescription",
        "includefield=all",
        "StudyDescription=Chest*",
    ] {
        let row = served.rows(&format!("/studies?PatientID=P001&{query}")).await.remove(0);
        assert_eq!(value(&row, "00081030"), json!("Chest CT"), "{query}");
    }
    let row = served.rows("/studies?PatientID=P001&includefield=Rows").await.remove(0);
    assert!(row.get("00280010").is_none(), "instance attributes are not returned for studies");
}

#[tokio::test]
async fn series_and_instances_are_found_below_and_across_studies() {
    let served = serve().await;
    let series = served.rows("/studies/1.2.826.0.1.1/series").await;
    assert_eq!(series.len(), 2);
    assert_eq!(value(&series[0], "00201209"), json!(3));
    assert_eq!(value(&series[1], "0020000E"), json!("1.2.826.0.1.1.2"));
    assert_eq!(value(&series[1], "0008103E"), json!("Series 2"));
    assert!(series[0].get("00100010").is_none(), "the path names the study");

    let across = served.rows("/series?Modality=MR").await;
    assert_eq!(across.len(), 1);
    assert_eq!(value(&across[0], "00100020"), json!("P002"));

    let instances = served.rows("/studies/1.2.826.0.1.1/instances").await;
    assert_eq!(instances.len(), 5);
    let one = &instances[3];
    assert_eq!(value(one, "00080018"), json!("1.2.826.0.1.1.2.1"));
    assert_eq!(value(one, "00080016"), json!("1.2.840.10008.5.1.4.1.1.2"));
    assert_eq!((value(one, "00280010"), value(one, "00280011")), (json!(2), json!(3)));
    assert!(one.get("7FE00010").is_none(), "bulk data is no search result");

    assert_eq!(served.rows("/studies/1.2.826.0.1.1/series/1.2.826.0.1.1.2/instances").await.len(), 2);
    assert_eq!(served.rows("/instances?InstanceNumber=2&ModalitiesInStudy=CT").await.len(), 2);
    assert_eq!(served.rows("/instances?SOPInstanceUID=1.2.826.0.1.3.1.1").await.len(), 1);
    assert_eq!(value(&served.rows("/instances?NumberOfFrames=4").await[0], "0020000D"), json!(US));
    assert!(served.rows("/studies/1.2.3/series").await.is_empty());
}

#[tokio::test]
async fn pages_cover_everything_once_and_say_what_remains() {
    let served = serve_with(Options { page_limit: 2, ..Options::default() }, Http::Two).await;
    let mut seen = Vec::new();
    for (offset, remaining) in [(0, Some(3)), (2, Some(1)), (4, None)] {
        let path = format!("/studies/1.2.826.0.1.1/instances?limit=100&offset={offset}");
        let response = served.fetch(&path, "application/dicom+json").await;
        let warning = header(&response, "warning");
        match remaining {
            Some(n) => {
                let base = served.running.base_url.as_str();
                let expected = format!("299 {base}: There are {n} additional results that can be requested");
                assert_eq!(warning, expected);
            }
            None => assert_eq!(warning, ""),
        }
        let rows: Vec<Value> = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        seen.extend(rows.iter().map(|row| value(row, "00080018").as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), 5);
    seen.dedup();
    assert_eq!(seen.len(), 5);
    assert_eq!(served.status("/studies?offset=99", "*/*").await, 204);
    assert_eq!(served.rows("/studies?limit=1&offset=1").await.len(), 1);
}

#[tokio::test]
async fn literal_matching_is_admitted_where_fuzzy_was_asked_for() {
    let served = serve().await;
    let response = served.fetch("/studies?PatientName=Yamda&fuzzymatching=true", "*/*").await;
    assert_eq!(response.status(), 204);
    assert!(header(&response, "warning").contains("Only literal matching has been performed."));
}

#[tokio::test]
async fn json_is_the_only_form_of_results() {
    let served = serve().await;
    for (accept, expected) in [
        ("application/dicom+json", 200),
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.1", 200),
        (r#"multipart/related; type="application/dicom+xml""#, 406),
        ("text/html", 406),
    ] {
        assert_eq!(served.status("/studies", accept).await, expected, "{accept}");
    }
    let response = served.fetch("/studies", "*/*").await;
    assert_eq!(header(&response, "content-type"), "application/dicom+json");
}
