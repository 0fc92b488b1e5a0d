//! Each fault is seen by a client as it would be in life.

use std::time::{Duration, Instant};

use dokuei::demo::{Fault, FaultKind, On, Options};
use http::StatusCode;

use super::fixture::{CT, Http, MULTIPART_DICOM, Served, ct_files, header, serve_with, split};

const STUDY: &str = "/studies/1.2.826.0.1.1";

/// The same over HTTP/1.1 and HTTP/2: chunked bodies and streams end in different ways.
async fn both(mut check: impl AsyncFnMut(Served)) {
    for http in [Http::One, Http::Two] {
        check(serve_with(Options::default(), http).await).await;
    }
}

fn strike(served: &Served, on: On, kind: FaultKind) {
    served.running.faults.add(Fault::once(on, kind));
}

/// The study's answer: its type and all of its body that came, or nothing if it broke off.
async fn study(served: &Served) -> (String, Option<Vec<u8>>) {
    let response = served.fetch(STUDY, MULTIPART_DICOM).await;
    let content_type = header(&response, "content-type");
    (content_type, response.bytes().await.ok().map(|bytes| bytes.to_vec()))
}

/// After a fault is used up, all is well.
async fn is_well(served: &Served) {
    assert_eq!(served.running.faults.left(), 0);
    assert_eq!(served.parts(STUDY, MULTIPART_DICOM).await.len(), 5);
}

#[tokio::test]
async fn a_status_comes_in_the_place_of_the_answer() {
    both(async |served| {
        for (code, retry_after_secs) in [(401, None), (409, None), (429, Some(7)), (503, Some(120))] {
            let code = StatusCode::from_u16(code).unwrap();
            strike(&served, On::get("/studies"), FaultKind::Status { code, retry_after_secs });
            let response = served.fetch(STUDY, MULTIPART_DICOM).await;
            assert_eq!(response.status(), code);
            let expected = retry_after_secs.map(|s: u32| s.to_string()).unwrap_or_default();
            assert_eq!(header(&response, "retry-after"), expected);
            assert_eq!(header(&response, "www-authenticate").is_empty(), code != StatusCode::UNAUTHORIZED);
        }
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn a_login_page_comes_with_status_200() {
    both(async |served| {
        strike(&served, On::any(), FaultKind::LoginPage);
        let response = served.fetch("/studies", "application/dicom+json").await;
        assert_eq!(response.status(), 200);
        assert!(header(&response, "content-type").starts_with("text/html"));
        assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn a_delay_and_a_rate_take_their_time() {
    both(async |served| {
        strike(&served, On::any(), FaultKind::Delay(Duration::from_millis(300)));
        let started = Instant::now();
        assert_eq!(served.status("/studies", "*/*").await, 200);
        assert!(started.elapsed() >= Duration::from_millis(300));

        let size = study(&served).await.1.unwrap().len() as u64;
        strike(&served, On::any(), FaultKind::RateLimit { bytes_per_second: size * 2 });
        let started = Instant::now();
        let (content_type, body) = study(&served).await;
        let took = started.elapsed();
        assert!(took >= Duration::from_millis(450), "{took:?}");
        assert_eq!(split(&content_type, &body.unwrap()).unwrap().len(), 5, "slow, but whole");
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn the_connection_drops_after_the_bytes_it_was_told() {
    both(async |served| {
        for body_bytes in [0, 1, 1000] {
            strike(&served, On::get(STUDY), FaultKind::DropAfter { body_bytes });
            let mut response = served.fetch(STUDY, MULTIPART_DICOM).await;
            assert_eq!(response.status(), 200);
            let mut received = 0;
            let broke_off = loop {
                match response.chunk().await {
                    Ok(Some(chunk)) => received += chunk.len() as u64,
                    Ok(None) => break false,
                    Err(_) => break true,
                }
            };
            assert!(broke_off, "the end was clean");
            assert_eq!(received, body_bytes);
        }
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn a_torn_multipart_ends_cleanly_without_its_final_boundary() {
    both(async |served| {
        let whole = study(&served).await.1.unwrap();
        for whole_parts in [0, 2, 5, 9] {
            strike(&served, On::get(STUDY), FaultKind::EndEarly { whole_parts });
            let (content_type, body) = study(&served).await;
            let mut body = body.expect("a clean end as HTTP goes");
            assert!(body.len() < whole.len());
            assert_eq!(split(&content_type, &body), None, "torn");
            if whole_parts >= 5 {
                let boundary = content_type.split("boundary=").nth(1).unwrap();
                body.extend(format!("--{boundary}--\r\n").bytes());
                assert_eq!(split(&content_type, &body).unwrap().len(), 5, "only the boundary was missing");
            }
        }
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_boundary_is_announced() {
    both(async |served| {
        strike(&served, On::get(STUDY), FaultKind::WrongBoundary);
        let (content_type, body) = study(&served).await;
        let boundary = content_type.split("boundary=").nth(1).unwrap().as_bytes();
        assert!(!body.unwrap().windows(boundary.len()).any(|window| window == boundary));
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_lost_after_the_object_was_stored() {
    both(async |served| {
        let file = super::fixture::part10(&{
            let mut object = dicom_object::from_reader(&ct_files()[0][..]).unwrap().into_inner();
            let tag = dicom_dictionary_std::tags::SOP_INSTANCE_UID;
            object.put(dicom_core::DataElement::new(tag, dicom_core::VR::UI, "1.2.826.0.9.9"));
            object
        });
        strike(&served, On::store(), FaultKind::LostAnswer);
        let started = Instant::now();
        let lost = served
            .post("/studies")
            .header("content-type", r#"multipart/related; type="application/dicom"; boundary=b"#)
            .body(super::fixture::message("b", std::slice::from_ref(&file)))
            .send()
            .await;
        assert!(lost.is_err() && started.elapsed() < Duration::from_secs(10));
        assert_eq!(served.running.stored().len(), 1);
        let seen = served.running.requests.all();
        assert_eq!(seen.last().unwrap().status, None);
        assert_eq!(served.store("/studies", &[file]).await.0, 200, "asking again is safe");
        assert_eq!(served.running.stored().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn another_studys_instance_slips_in() {
    both(async |served| {
        strike(&served, On::get(STUDY), FaultKind::WrongInstance);
        let parts = served.parts(STUDY, MULTIPART_DICOM).await;
        let study_of = |file: &[u8]| {
            let object = dicom_object::from_reader(file).unwrap();
            object
                .element(dicom_dictionary_std::tags::STUDY_INSTANCE_UID)
                .unwrap()
                .to_str()
                .unwrap()
                .into_owned()
        };
        let studies: Vec<_> = parts.iter().map(|(_, file)| study_of(file)).collect();
        assert_eq!(studies.len(), 5);
        assert_ne!(studies[0], CT);
        assert!(studies[1..].iter().all(|study| study == CT));
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn pixel_data_comes_short_in_an_object_that_is_otherwise_whole() {
    both(async |served| {
        strike(&served, On::get(STUDY), FaultKind::ShortPixels);
        let parts = served.parts(STUDY, MULTIPART_DICOM).await;
        let object = dicom_object::from_reader(&parts[0].1[..]).unwrap();
        let pixels = object.element(dicom_dictionary_std::tags::PIXEL_DATA).unwrap().to_bytes().unwrap();
        assert_eq!(pixels.len(), 6, "half of 2 x 3 x 16 bits");
        is_well(&served).await;
    })
    .await;
}

#[tokio::test]
async fn faults_wait_for_who_has_signed_in() {
    let served = serve_with(Options::default(), Http::Two).await;
    strike(&served, On::any(), FaultKind::LoginPage);
    let anonymous = served.client.get(served.url("/studies")).send().await.unwrap();
    assert_eq!(anonymous.status(), 401);
    assert_eq!(served.running.faults.left(), 1);
    assert_eq!(header(&served.fetch("/studies", "*/*").await, "content-type"), "text/html; charset=utf-8");
}
