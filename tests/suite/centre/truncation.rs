//! Multipart answers over a real connection: what is complete comes through, what is cut is called cut.

use std::time::Duration;

use dokuei::centre::{CentreError, Client};

use super::raw_server::{RawServer, Reply};
use super::{client, uid};

/// Three objects that hold line breaks, dashes and near-boundaries.
fn objects() -> Vec<Vec<u8>> {
    let near = b"DICM\r\n--frontie\r\n--frontierX\r\n\r\n--".repeat(20);
    vec![near, Vec::new(), (0..=255).cycle().take(5000).collect()]
}

fn body() -> Vec<u8> {
    let mut out = b"\r\n".to_vec();
    for object in objects() {
        let head = format!(
            "--frontier\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\nContent-Length: {}\r\nMIME-Version: 1.0\r\n\r\n",
            object.len()
        );
        out.extend_from_slice(&[head.as_bytes(), &object, b"\r\n"].concat());
    }
    out.extend_from_slice(b"--frontier--");
    out
}

const TYPE: &str = "Content-Type: multipart/related; type=\"application/dicom\"; boundary=\"frontier\"";

/// The three ways to end a body in HTTP/1.1, here with only the first `length` bytes of it.
fn framed(way: usize, body: &[u8], length: usize) -> Vec<u8> {
    let head =
        |field: &str| format!("HTTP/1.1 200 OK\r\n{TYPE}\r\nConnection: close\r\n{field}\r\n").into_bytes();
    match way {
        0 => [head("").as_slice(), &body[..length]].concat(),
        1 => [head(&format!("Content-Length: {}\r\n", body.len())).as_slice(), &body[..length]].concat(),
        _ => {
            let mut out = head("Transfer-Encoding: chunked\r\n");
            for chunk in body[..length].chunks(1000) {
                out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                out.extend_from_slice(chunk);
                out.extend_from_slice(b"\r\n");
            }
            if length == body.len() {
                out.extend_from_slice(b"0\r\n\r\n");
            }
            out
        }
    }
}

async fn retrieved(client: &Client) -> (Vec<Vec<u8>>, Result<(), CentreError>) {
    let mut parts = match client.retrieve_study(&uid("1.2")).await {
        Ok(parts) => parts,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut got = Vec::new();
    loop {
        match parts.next().await {
            Ok(Some(part)) => got.push(part.bytes.to_vec()),
            Ok(None) => return (got, Ok(())),
            Err(error) => return (got, Err(error)),
        }
    }
}

#[tokio::test]
async fn the_whole_comes_through_in_every_framing_and_slicing() {
    let body = body();
    for way in 0..3 {
        for size in [usize::MAX, 997, 7] {
            let bytes = framed(way, &body, body.len());
            let slices = (size != usize::MAX).then_some((size, Duration::from_micros(10)));
            let reply = Reply { slices, ..Reply::raw(bytes) };
            let server = RawServer::start(move |_| reply.clone()).await;
            assert_eq!(retrieved(&client(&server.url())).await, (objects(), Ok(())), "{way} {size}");
        }
    }
}

#[tokio::test]
async fn three_hundred_cuts_lose_no_complete_object_and_pass_no_partial_one() {
    let body = body();
    // Scattered, the same in every run (Knuth's multiplicative hash).
    let mut ends: Vec<usize> = (0..88_usize).map(|n| n * 2_654_435_761 % body.len()).collect();
    // The most treacherous places: around the final boundary.
    ends.extend(body.len() - 12..body.len());
    for (way, reset) in [(0, false), (1, false), (2, true)] {
        let (whole, ends_of_server) = (body.clone(), ends.clone());
        let turn = std::sync::atomic::AtomicUsize::new(0);
        let server = RawServer::start(move |_| {
            let at = ends_of_server[turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed)];
            Reply { reset, ..Reply::raw(framed(way, &whole, at)) }
        })
        .await;
        let client = client(&server.url());
        for end in &ends {
            let (got, result) = retrieved(&client).await;
            let complete = objects();
            assert!(got.len() <= complete.len() && got == complete[..got.len()], "{way} cut at {end}");
            let error = result.expect_err("a cut answer was called whole");
            let cut = matches!(error, CentreError::CutOff { .. } | CentreError::Truncated { .. });
            assert!(cut && error.is_transient(), "{way} cut at {end}: {error:?}");
            if let CentreError::Truncated { complete, .. } = error {
                assert_eq!(complete, got.len());
            }
        }
    }
}

#[tokio::test]
async fn multipart_that_lies_is_malformed() {
    let answer = |content_type: &str, body: &[u8]| {
        Reply::whole(&format!("200 OK\r\nContent-Type: {content_type}"), body)
    };
    let related = "multipart/related; type=\"application/dicom\"; boundary=b";
    let cases: Vec<(&str, Reply)> = vec![
        ("wrong boundary", answer(related, b"--other\r\n\r\nx\r\n--other--\r\n")),
        (
            "no boundary named",
            answer("multipart/related; type=\"application/dicom\"", b"--b\r\n\r\nx\r\n--b--"),
        ),
        ("no object", answer(related, b"--b--\r\n")),
        ("length of a part too long", answer(related, b"--b\r\nContent-Length: 5\r\n\r\nxyz\r\n--b--")),
        ("length of a part too short", answer(related, b"--b\r\nContent-Length: 2\r\n\r\nxyz\r\n--b--")),
        ("a page in a part", answer(related, b"--b\r\nContent-Type: text/html\r\n\r\n<html>\r\n--b--")),
        ("endless part header", answer(related, &[b"--b\r\nA: ", &[b'x'; 70_000][..]].concat())),
        ("one part of another type", answer("application/dicom", b"DICM")),
    ];
    for (name, reply) in cases {
        let server = RawServer::start(move |_| reply.clone()).await;
        let (got, result) = retrieved(&client(&server.url())).await;
        assert!(got.is_empty(), "{name}");
        let error = result.expect_err(name);
        super::told(&error);
        let expected = matches!(
            error,
            CentreError::Malformed { .. } | CentreError::NotDicomWeb { .. } | CentreError::Truncated { .. }
        );
        assert!(expected, "{name}: {error:?}");
    }
    let two = answer(related, b"--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--");
    let server = RawServer::start(move |_| two.clone()).await;
    let one = client(&server.url()).retrieve_instance(&uid("1"), &uid("2"), &uid("3")).await;
    assert!(matches!(one, Err(CentreError::Malformed { .. })), "{one:?}");
}

#[tokio::test]
async fn a_centre_that_refuses_the_transfer_syntax_is_asked_without_it() {
    for status in [400, 406] {
        let server = RawServer::start(move |request| match request.header("accept") {
            Some(accept) if accept.contains("transfer-syntax") => Reply::status(status),
            _ => Reply::whole(
                "200 OK\r\nContent-Type: multipart/related; boundary=b",
                b"--b\r\n\r\nx\r\n--b--",
            ),
        })
        .await;
        let (got, end) = retrieved(&client(&server.url())).await;
        assert_eq!((got, end), (vec![b"x".to_vec()], Ok(())));
    }
    let server = RawServer::start(|_| Reply::status(404)).await;
    assert!(matches!(retrieved(&client(&server.url())).await.1, Err(CentreError::NotFound { .. })));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_next_that_was_dropped_half_way_loses_nothing() {
    let reply = Reply {
        slices: Some((700, Duration::from_millis(30))),
        ..Reply::raw(framed(1, &body(), body().len()))
    };
    let server = RawServer::start(move |_| reply.clone()).await;
    let client = client(&server.url());
    let mut parts = client.retrieve_study(&uid("1.2")).await.unwrap();
    let (mut got, mut dropped) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_millis(20), parts.next()).await {
            Ok(Ok(Some(part))) => got.push(part.bytes.to_vec()),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(got, objects());
    assert!(dropped > 3, "the test did not interrupt anything");
}
