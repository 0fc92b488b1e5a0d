//! WADO-RS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dokuei::demo::{Archive, Limits, Options, Priority, Study};
use dokuei::dicom::Uid;
use serde_json::{Value, json};

use super::fixture::{
    CT, Http, MULTIPART_DICOM, MULTIPART_OCTETS, Tiny, ct_files, header, serve, serve_archive, serve_with,
    studies, value,
};
use crate::data;

const CT_1: &str = "/studies/1.2.826.0.1.1/series/1.2.826.0.1.1.1/instances/1.2.826.0.1.1.1.1";
const CINE: &str = "/studies/1.2.826.0.1.3/series/1.2.826.0.1.3.1/instances/1.2.826.0.1.3.1.1";

fn pixels(file: &[u8]) -> Vec<u8> {
    let object = dicom_object::from_reader(file).unwrap();
    object.element(tags::PIXEL_DATA).unwrap().to_bytes().unwrap().into_owned()
}

#[tokio::test]
async fn files_come_as_they_are_whole_and_in_order() {
    let files = ct_files();
    for http in [Http::One, Http::Two] {
        let served = serve_with(Options::default(), http).await;
        for (path, expected) in [
            ("/studies/1.2.826.0.1.1", &files[..]),
            ("/studies/1.2.826.0.1.1/series/1.2.826.0.1.1.2", &files[3..]),
            (CT_1, &files[..1]),
        ] {
            let parts = served.parts(path, MULTIPART_DICOM).await;
            assert!(parts.iter().all(|(kind, _)| kind.starts_with("application/dicom;")));
            let bodies: Vec<_> = parts.into_iter().map(|(_, body)| body).collect();
            assert!(bodies == expected, "{path} by {http:?}");
        }
        let single = served.fetch(CT_1, "application/dicom").await;
        assert!(header(&single, "content-type").starts_with("application/dicom"));
        assert!(single.bytes().await.unwrap() == files[0]);
    }
}

#[tokio::test]
async fn the_accept_header_decides_what_comes() {
    let served = serve().await;
    let explicit = r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1"#;
    let jpeg2000 = r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90"#;
    let frame = &format!("{CT_1}/frames/1");
    let pixel_data = &format!("{CT_1}/bulkdata/7FE00010");
    let rendered = &format!("{CT_1}/rendered");
    let study = "/studies/1.2.826.0.1.1";
    let table = [
        (study, "*/*", 200),
        (study, explicit, 200),
        (study, r#"multipart/related; type="application/dicom""#, 200),
        (study, r#"multipart/related; type="image/jp2", multipart/related; type="application/dicom""#, 200),
        (study, jpeg2000, 406),
        (study, "application/dicom", 406),
        (study, "text/html", 406),
        (CT_1, "application/dicom", 200),
        (CT_1, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90", 406),
        ("/studies/9.9.9", MULTIPART_DICOM, 404),
        ("/studies/9.9.9/metadata", "*/*", 404),
        (frame, MULTIPART_OCTETS, 200),
        (frame, r#"multipart/related; type="application/octet-stream"; transfer-syntax=*"#, 200),
        (frame, r#"multipart/related; type="image/jp2""#, 406),
        (&format!("{CT_1}/frames/2"), MULTIPART_OCTETS, 404),
        (&format!("{CT_1}/frames/1,2"), MULTIPART_OCTETS, 404),
        (&format!("{CINE}/frames/5"), MULTIPART_OCTETS, 404),
        (pixel_data, MULTIPART_OCTETS, 200),
        (pixel_data, "application/octet-stream", 200),
        (pixel_data, "image/png", 406),
        (&format!("{CT_1}/bulkdata/00100010"), MULTIPART_OCTETS, 404),
        (&format!("{CT_1}/bulkdata/zzz"), MULTIPART_OCTETS, 404),
        (rendered, "image/png", 200),
        (rendered, "*/*", 200),
        (rendered, "image/gif", 406),
        (&format!("{CT_1}/rendered?window=1,0,linear"), "*/*", 400),
        (&format!("{CT_1}/frames/2/rendered"), "*/*", 404),
        (&format!("{study}/metadata"), "application/dicom+json", 200),
        (&format!("{study}/metadata"), "application/dicom+xml", 406),
    ];
    for (path, accept, expected) in table {
        assert_eq!(served.status(path, accept).await, expected, "{path} as {accept}");
    }
}

#[tokio::test]
async fn metadata_is_the_data_set_with_a_way_to_its_pixels() {
    let served = serve().await;
    let all = served.rows("/studies/1.2.826.0.1.1/metadata").await;
    assert_eq!(all.len(), 5);
    let first = &all[0];
    assert_eq!(value(first, "00080005"), json!("ISO_IR 192"));
    assert_eq!(value(first, "00100010")["Ideographic"], json!("山田^太郎"));
    for (tag, vr, number) in [("00281052", "DS", -1024.0), ("00200013", "IS", 1.0), ("00280010", "US", 2.0)] {
        let element = &first[tag];
        // A number is a number: -1024 and -1024.0 are the same in JSON.
        assert_eq!(
            (element["vr"].as_str(), element["Value"].as_array().unwrap().len()),
            (Some(vr), 1),
            "{tag}"
        );
        assert_eq!(element["Value"][0].as_f64(), Some(number), "{tag}");
    }
    assert!(first.as_object().unwrap().keys().all(|key| key.len() == 8 && !key.starts_with("0002")));

    let uri = first["7FE00010"]["BulkDataURI"].as_str().unwrap();
    let path = uri.strip_prefix(served.running.base_url.as_str()).unwrap();
    let parts = served.parts(path, MULTIPART_OCTETS).await;
    assert!(parts.len() == 1 && parts[0].1 == pixels(&ct_files()[0]));

    // Asked by another of its names, it answers by that name.
    let by_address = served.url(&format!("{CT_1}/metadata")).replace("localhost", "127.0.0.1");
    let request = served.client.get(by_address).basic_auth("reader", Some(&served.running.password));
    let body: Value = serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert!(body[0]["7FE00010"]["BulkDataURI"].as_str().unwrap().starts_with("https://127.0.0.1:"));
}

#[tokio::test]
async fn frames_are_the_bytes_of_the_pixel_data() {
    let served = serve().await;
    let frame = served.parts(&format!("{CT_1}/frames/1"), MULTIPART_OCTETS).await;
    assert!(frame[0].1 == pixels(&ct_files()[0]));
    let cine = served.parts(&format!("{CINE}/frames/4,1"), MULTIPART_OCTETS).await;
    let bodies: Vec<_> = cine.into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies, [vec![18, 19, 20, 21, 22, 23], vec![0, 1, 2, 3, 4, 5]]);
}

#[tokio::test]
async fn rendered_pictures_show_the_window() {
    let served = serve().await;
    let picture = async |query: &str, accept: &str| {
        let response = served.fetch(&format!("{CT_1}/rendered{query}"), accept).await;
        assert_eq!(response.status(), 200, "{query}");
        image::load_from_memory(&response.bytes().await.unwrap()).unwrap()
    };
    // Stored 1010, 1026, .. with intercept -1024 are -14, 2, 18, ..; the default window is 0.5, 256:
    // PS3.3 C.11.2.1.2.1 gives (x - 0) / 255 + 0.5.
    let by_default = picture("", "image/png").await.to_luma8();
    let expected: Vec<u8> =
        (0..6).map(|i| ((f64::from(-14 + 16 * i) / 255.0 + 0.5) * 255.0).round() as u8).collect();
    assert_eq!(by_default.dimensions(), (3, 2));
    assert_eq!(by_default.into_raw(), expected);
    let step = picture("?window=2.5,1,linear", "image/png").await.to_luma8();
    assert_eq!(step.into_raw(), [0, 0, 255, 255, 255, 255]);
    assert_eq!(picture("?viewport=30,30", "image/jpeg").await.width(), 30);
    let colour = served.fetch(&format!("{CINE}/frames/2/rendered"), "image/png").await;
    let colour = image::load_from_memory(&colour.bytes().await.unwrap()).unwrap().to_rgb8();
    assert_eq!(colour.into_raw(), [6, 7, 8, 9, 10, 11]);
}

#[tokio::test]
async fn compressed_objects_come_only_as_they_are_stored() {
    let served = serve().await;
    for (path, media_type) in [
        ("transfer-syntax/CT1_J2KR", "image/jp2"),
        ("transfer-syntax/CT1_RLE", "image/dicom-rle"),
        ("transfer-syntax/CT1_JLSL", "image/jls"),
        ("transfer-syntax/CT1_JPLL", "image/jpeg"),
        ("transfer-syntax/CT1_JPH", "image/jphc"),
    ] {
        let Some(file) = data::read(path) else { continue };
        let object = dicom_object::from_reader(&file[..]).unwrap();
        let uid = |tag| object.element(tag).unwrap().to_str().unwrap().trim_end_matches('\0').to_owned();
        let (study, series) = (uid(tags::STUDY_INSTANCE_UID), uid(tags::SERIES_INSTANCE_UID));
        let instance = format!("/studies/{study}/series/{series}/instances/{}", uid(tags::SOP_INSTANCE_UID));
        // These files may share their UIDs, so each has a centre of its own.
        let served = super::fixture::serve().await;
        assert_eq!(served.store("/studies", std::slice::from_ref(&file)).await.0, 200, "{path}");
        let plain = r#"multipart/related; type="application/dicom""#;
        assert_eq!(served.status(&instance, plain).await, 406, "{path}: nothing is transcoded");
        assert!(served.parts(&instance, MULTIPART_DICOM).await[0].1 == file, "{path}");

        let frame = format!("{instance}/frames/1");
        assert_eq!(served.status(&frame, MULTIPART_OCTETS).await, 406, "{path}");
        let stored = r#"multipart/related; type="application/octet-stream"; transfer-syntax=*"#;
        let parts = served.parts(&frame, stored).await;
        assert!(parts[0].0.starts_with(media_type), "{path}: {}", parts[0].0);
        let fragments = object.element(tags::PIXEL_DATA).unwrap().value().fragments().unwrap().concat();
        assert!(parts[0].1 == fragments, "{path}");
        let by_type = format!("multipart/related; type=\"{media_type}\"");
        assert!(served.parts(&frame, &by_type).await[0].1 == fragments, "{path}");
        assert_eq!(served.status(&format!("{instance}/rendered"), "*/*").await, 406, "{path}");
    }
    assert!(served.parts(&format!("/studies/{CT}"), MULTIPART_DICOM).await.len() == 5);
}

/// A long study that counts how often its files are computed; each is 256 KiB (and no DICOM).
struct Long {
    first: Tiny,
    computed: Arc<AtomicUsize>,
}

const LONG: usize = 200;
const FILE_BYTES: usize = 256 << 10;

impl Study for Long {
    fn uid(&self) -> &Uid {
        self.first.uid()
    }
    fn priority(&self) -> Priority {
        Priority::Read
    }
    fn len(&self) -> usize {
        LONG
    }
    fn header(&self, i: usize) -> InMemDicomObject {
        let mut header = self.first.header(0);
        let uid = format!("1.2.826.0.1.1.1.{}", i + 1);
        header.put(dicom_core::DataElement::new(tags::SOP_INSTANCE_UID, dicom_core::VR::UI, uid.as_str()));
        header
    }
    fn file(&self, i: usize) -> Vec<u8> {
        self.computed.fetch_add(1, Ordering::SeqCst);
        vec![i as u8; FILE_BYTES]
    }
}

#[tokio::test]
async fn a_study_is_computed_as_it_is_sent_and_only_once() {
    for http in [Http::One, Http::Two] {
        let computed = Arc::new(AtomicUsize::new(0));
        let long = Long { first: studies().remove(0), computed: computed.clone() };
        let archive =
            Archive::new(vec![Box::new(long)], Limits { cache_bytes: LONG * FILE_BYTES, store_bytes: 0 });
        let served = serve_archive(archive, Options::default(), http).await;
        assert_eq!(served.rows("/instances").await.len(), LONG);
        assert_eq!(computed.load(Ordering::SeqCst), 0, "a search computes no file");

        let mut response = served.fetch("/studies/1.2.826.0.1.1", MULTIPART_DICOM).await;
        assert!(response.chunk().await.unwrap().is_some());
        tokio::time::sleep(Duration::from_millis(300)).await;
        let ahead = computed.load(Ordering::SeqCst);
        assert!(ahead < LONG / 2, "a client that does not read makes {ahead} files be computed");
        while response.chunk().await.unwrap().is_some() {}
        assert_eq!(computed.load(Ordering::SeqCst), LONG);

        let again = served.parts("/studies/1.2.826.0.1.1", MULTIPART_DICOM).await;
        assert!(again.iter().enumerate().all(|(i, (_, file))| *file == vec![i as u8; FILE_BYTES]));
        assert_eq!(computed.load(Ordering::SeqCst), LONG, "kept");
    }
}
