//! The client against Orthanc 1.10 with DICOMweb 1.7, as Debian 12 has it, and real files.

use std::collections::BTreeSet;

use bytes::Bytes;
use dicom_dictionary_std::tags;
use dicom_object::FileDicomObject;
use dokuei::centre::{CentreError, Client, StudyQuery, WorkitemQuery};
use dokuei::dicom::{Phi, Uid};
use dokuei::site::Centre;

use super::{credentials, patient_client, uid};
use crate::data;
use crate::support::orthanc::Orthanc;

/// A real file with the identifiers that it is found by.
struct File {
    bytes: Bytes,
    study: Uid,
    series: Uid,
    instance: Uid,
}

fn file(path: &str) -> Option<File> {
    let bytes = data::read(path)?;
    let object = FileDicomObject::from_reader(&bytes[..]).unwrap();
    let text = |tag| uid(&object.element(tag).unwrap().to_str().unwrap());
    Some(File {
        study: text(tags::STUDY_INSTANCE_UID),
        series: text(tags::SERIES_INSTANCE_UID),
        instance: text(tags::SOP_INSTANCE_UID),
        bytes: bytes.into(),
    })
}

fn files(paths: impl IntoIterator<Item = String>) -> Option<Vec<File>> {
    paths.into_iter().map(|path| file(&path)).collect()
}

/// The complete parts of a study.
async fn retrieve(client: &Client, study: &Uid) -> Result<Vec<Bytes>, CentreError> {
    let mut parts = client.retrieve_study(study).await?;
    let mut got = Vec::new();
    while let Some(part) = parts.next().await? {
        got.push(part.bytes);
    }
    Ok(got)
}

async fn store(client: &Client, files: &[File]) {
    let objects: Vec<Bytes> = files.iter().map(|f| f.bytes.clone()).collect();
    let outcome = client.store(None, &objects).await.unwrap();
    assert_eq!((outcome.status, outcome.failed.len(), outcome.unnamed_failures), (200, 0, 0));
    let stored: BTreeSet<&Uid> = outcome.stored.iter().collect();
    assert_eq!(stored, files.iter().map(|f| &f.instance).collect());
}

#[tokio::test]
async fn real_ct_goes_there_is_found_and_comes_back_byte_for_byte() {
    let paths = (0..20).map(|n| format!("volumes/nist-pet-ct/{n:06}.dcm"));
    let (Some(orthanc), Some(files)) = (Orthanc::start(), files(paths)) else { return };
    let client = patient_client(&orthanc.url());
    store(&client, &files).await;
    let study = &files[0].study;
    assert!(files.iter().all(|f| f.study == *study));

    let rows = client
        .search_studies(&StudyQuery { study: Some(study.clone()), ..Default::default() })
        .await
        .unwrap();
    assert!(rows.complete && rows.warnings.is_empty());
    let row = &rows.rows[0];
    assert_eq!((rows.rows.len(), row.instances, row.series), (1, Some(20), Some(2)));
    assert_eq!(
        row.modalities.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["CT", "PT"])
    );
    let series = client.series(study).await.unwrap();
    let mut counts: Vec<_> = series.rows.iter().map(|s| (s.series.modality.as_str(), s.instances)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("CT", Some(10)), ("PT", Some(10))]);

    let listed = client.instances(study).await.unwrap();
    let named: BTreeSet<_> =
        listed.rows.iter().map(|r| (r.series.clone().unwrap(), r.sop_instance.clone())).collect();
    assert_eq!(named, files.iter().map(|f| (f.series.clone(), f.instance.clone())).collect());
    assert!(listed.complete && listed.rows.iter().all(|row| row.sop_class.is_some()));
    let one_series = client.series_instances(study, &files[0].series).await.unwrap();
    assert_eq!(one_series.rows.len(), 10);

    let sent: BTreeSet<&Bytes> = files.iter().map(|f| &f.bytes).collect();
    let got = retrieve(&client, study).await.unwrap();
    assert_eq!((got.len(), got.iter().collect::<BTreeSet<_>>() == sent), (20, true));
    let metadata = client.metadata(study).await.unwrap();
    assert_eq!(metadata.len(), 20);
    assert_eq!(client.series_metadata(study, &files[0].series).await.unwrap().len(), 10);

    // Native samples: the frame is the value of Pixel Data, and so is the bulk data that metadata points to.
    let ct = &files[15];
    let frame = client.frame(study, &ct.series, &ct.instance, 0).await.unwrap();
    assert_eq!(frame.bytes.len(), 512 * 512 * 2);
    assert!(ct.bytes.ends_with(&frame.bytes));
    let of_ct = metadata.iter().find(|m| m["00080018"]["Value"][0] == ct.instance.as_str()).unwrap();
    let uri = of_ct["7FE00010"]["BulkDataURI"].as_str().unwrap();
    assert_eq!(client.bulk_data(uri).await.unwrap().bytes, frame.bytes);
    let beyond = client.frame(study, &ct.series, &ct.instance, 1).await.unwrap_err();
    assert!(matches!(beyond, CentreError::RequestRefused { status: 400, .. }), "{beyond:?}");
}

#[tokio::test]
async fn what_orthanc_cannot_decode_comes_back_as_it_is_stored() {
    let paths = [
        "transfer-syntax/CT1_JPH",
        "transfer-syntax/CT1_J2KR",
        "transfer-syntax/CT1_JLSL",
        "transfer-syntax/synthetic/examples_rgb_JXL_110.dcm",
        "transfer-syntax/CT1_RLE",
        "transfer-syntax/ExplVR_BigEnd.dcm",
    ];
    let Some(orthanc) = Orthanc::start() else { return };
    let client = patient_client(&orthanc.url());
    for path in paths {
        let Some(file) = file(path) else { continue };
        // Some of them share their UIDs: one at a time, each over the last.
        store(&client, std::slice::from_ref(&file)).await;
        let back = client.retrieve_instance(&file.study, &file.series, &file.instance).await.unwrap();
        assert!(back.bytes == file.bytes, "{path}");
        let all = retrieve(&client, &file.study).await.unwrap();
        assert!(all.contains(&file.bytes), "{path}");
    }
}

#[tokio::test]
async fn japanese_names_come_in_all_three_writings() {
    let names = [
        ("charset/chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("charset/chrX1.dcm", "Wang^XiaoDong=王^小東"),
        ("charset/chrX2.dcm", "Wang^XiaoDong=王^小东"),
        ("charset/chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"),
    ];
    let (Some(orthanc), Some(files)) = (Orthanc::start(), files(names.map(|(path, _)| path.to_owned())))
    else {
        return;
    };
    let client = patient_client(&orthanc.url());
    store(&client, &files).await;
    let search = async |query: StudyQuery| client.search_studies(&query).await.unwrap();
    for (file, (path, name)) in files.iter().zip(names) {
        let rows = search(StudyQuery { study: Some(file.study.clone()), ..Default::default() }).await;
        assert_eq!(rows.rows.len(), 1, "{path}");
        assert_eq!(rows.rows[0].patient.name.reveal().to_dicom(), name, "{path}");
    }
    // Orthanc itself finds nothing in kanji.
    for part in ["山田", "yamada", "やまだ"] {
        let rows =
            search(StudyQuery { patient_name: Some(Phi::new(part.to_owned())), ..Default::default() }).await;
        assert_eq!(rows.rows.len(), 1, "{part}");
        assert_eq!(rows.rows[0].study.uid, files[0].study);
    }
    let absent =
        search(StudyQuery { patient_id: Some(Phi::new("nobody".to_owned())), ..Default::default() }).await;
    assert!(absent.rows.is_empty() && absent.complete);
    let first = search(StudyQuery { at_most: Some(1), ..Default::default() }).await;
    assert_eq!((first.rows.len(), first.complete), (1, false));
}

#[tokio::test]
async fn a_damaged_object_does_not_hide_that_the_good_one_was_stored() {
    let paths = [0, 10].map(|n| format!("volumes/nist-pet-ct/{n:06}.dcm"));
    let (Some(orthanc), Some(files)) = (Orthanc::start(), files(paths)) else { return };
    let client = patient_client(&orthanc.url());
    let damaged = files[1].bytes.slice(..200);
    let alone = client.store(None, std::slice::from_ref(&damaged)).await.unwrap_err();
    assert!(matches!(alone, CentreError::RequestRefused { status: 400, .. }), "{alone:?}");
    let batch = client.store(None, &[files[0].bytes.clone(), damaged]).await.unwrap();
    assert_eq!((batch.status, &batch.stored[..]), (400, std::slice::from_ref(&files[0].instance)));

    let other = client.store(Some(&uid("1.2.3")), &[files[1].bytes.clone()]).await.unwrap();
    assert_eq!((other.status, other.stored.len()), (409, 0));
    assert_eq!((&other.failed[0].instance, other.failed[0].reason), (&files[1].instance, 0x0110));
    assert_eq!(client.instances(&files[0].study).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn orthanc_is_probed_has_no_worklist_and_tells_strangers_apart() {
    let Some(orthanc) = Orthanc::start() else { return };
    let good = patient_client(&orthanc.url());
    assert_eq!(good.workitems(&WorkitemQuery::default()).await, Ok(None));
    let probe = good.probe().await.unwrap();
    assert_eq!((probe.tls, &probe.sign_in), (None, &Ok(())));

    let centre = Centre::at(orthanc.url().parse().unwrap());
    let with = |credentials| Client::new(&centre, credentials).unwrap();
    let wrong = with(credentials("reader", "guess"));
    assert!(matches!(wrong.metadata(&uid("1.2")).await, Err(CentreError::WrongPassword { .. })));
    assert!(matches!(wrong.probe().await.unwrap().sign_in, Err(CentreError::WrongPassword { .. })));
    assert!(matches!(with(None).retrieve_study(&uid("1.2")).await, Err(CentreError::SignInRequired { .. })));
    let absent = good.retrieve_study(&uid("1.2.3")).await.map(drop).unwrap_err();
    assert!(matches!(absent, CentreError::NotFound { .. }), "{absent:?}");

    // The right host, the wrong path.
    let lost = Centre::at(orthanc.url().replace("/dicom-web", "/nowhere").parse().unwrap());
    let lost = Client::new(&lost, credentials("reader", "s3cret")).unwrap();
    let error = lost.search_studies(&StudyQuery::default()).await.unwrap_err();
    assert!(matches!(error, CentreError::NotFound { .. }), "{error:?}");
}
