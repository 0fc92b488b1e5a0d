//! Searches to their end, whatever a centre makes of limit and offset.

use dokuei::centre::{CentreError, Rows, StudyQuery, StudyRow};
use dokuei::dicom::error::WarningCode;
use serde_json::{Value, json};

use super::client;
use super::raw_server::{RawServer, Reply, Request};

fn study(n: usize) -> Value {
    json!({
        "0020000D": {"vr": "UI", "Value": [format!("1.2.{n}")]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}]},
        "00201208": {"vr": "IS", "Value": [n]},
    })
}

fn number(request: &Request, key: &str) -> usize {
    let url = url::Url::parse(&format!("http://x{}", request.path())).unwrap();
    let found = url.query_pairs().find(|(k, _)| k == key).map(|(_, v)| v.parse().unwrap());
    found.unwrap_or_else(|| panic!("no {key} in {url}"))
}

fn page(rows: &[Value], offset: usize, limit: usize) -> Reply {
    let rows: Vec<_> = rows.iter().skip(offset).take(limit).collect();
    Reply::json(&serde_json::to_string(&rows).unwrap())
}

async fn search(
    at_most: Option<usize>,
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> (Result<Rows<StudyRow>, CentreError>, usize) {
    let server = RawServer::start(answer).await;
    let query = StudyQuery { at_most, ..StudyQuery::default() };
    let found = client(&server.url()).search_studies(&query).await;
    (found, server.requests().len())
}

fn uids(rows: &Rows<StudyRow>) -> Vec<String> {
    rows.rows.iter().map(|row| row.study.uid.to_string()).collect()
}

#[tokio::test]
async fn all_rows_come_once_from_every_kind_of_centre() {
    let rows: Vec<Value> = (0..450).map(study).collect();
    let expected: Vec<String> = (0..450).map(|n| format!("1.2.{n}")).collect();
    type Answer = Box<dyn Fn(&Request, &[Value]) -> Reply + Send + Sync>;
    let kinds: Vec<(&str, usize, Answer)> = vec![
        ("obedient", 2, Box::new(|r, rows| page(rows, number(r, "offset"), number(r, "limit")))),
        (
            "smaller pages than asked",
            10,
            Box::new(|r, rows| page(rows, number(r, "offset"), number(r, "limit").min(50))),
        ),
        ("knows no limit", 2, Box::new(|r, rows| page(rows, number(r, "offset"), usize::MAX))),
        ("knows neither", 2, Box::new(|_, rows| page(rows, 0, usize::MAX))),
        (
            "overlapping pages",
            3,
            Box::new(|r, rows| page(rows, number(r, "offset").saturating_sub(3), number(r, "limit"))),
        ),
        (
            "ends with 204",
            2,
            Box::new(|r, rows| match number(r, "offset") {
                offset if offset >= 450 => Reply::status(204),
                offset => page(rows, offset, number(r, "limit")),
            }),
        ),
    ];
    for (name, at_most_requests, answer) in kinds {
        let rows = rows.clone();
        let (found, requests) = search(None, move |request| answer(request, &rows)).await;
        let found = found.unwrap();
        assert_eq!(uids(&found), expected, "{name}");
        assert!(found.complete && found.warnings.is_empty(), "{name}");
        assert!(requests <= at_most_requests, "{name}: {requests} requests");
    }
}

#[tokio::test]
async fn a_centre_that_refuses_so_many_at_once_is_asked_for_fewer() {
    let rows: Vec<Value> = (0..450).map(study).collect();
    let (found, requests) = search(None, move |r| match number(r, "limit") {
        limit if limit > 200 => Reply::status(400),
        limit => page(&rows, number(r, "offset"), limit),
    })
    .await;
    let found = found.unwrap();
    assert_eq!((found.rows.len(), found.complete), (450, true));
    assert_eq!(requests, 2 + 4, "two refused; three pages and the empty one");
}

#[tokio::test]
async fn a_study_by_its_uid_is_one_question() {
    let server = RawServer::start(|_| Reply::json(&json!([study(7)]).to_string())).await;
    let query = StudyQuery { study: Some(super::uid("1.2.7")), ..StudyQuery::default() };
    let found = client(&server.url()).search_studies(&query).await.unwrap();
    assert_eq!((found.rows.len(), found.complete, server.requests().len()), (1, true, 1));
}

#[tokio::test]
async fn more_than_was_wanted_is_said() {
    let rows: Vec<Value> = (0..30).map(study).collect();
    for (at_most, complete) in [(10, false), (29, false), (30, true), (31, true)] {
        let rows = rows.clone();
        let (found, _) =
            search(Some(at_most), move |r| page(&rows, number(r, "offset"), number(r, "limit"))).await;
        let found = found.unwrap();
        assert_eq!((found.rows.len(), found.complete), (at_most.min(30), complete), "{at_most}");
    }
}

#[tokio::test]
async fn a_centre_that_stops_half_way_is_never_taken_for_complete() {
    let rows: Vec<Value> = (0..300).map(study).collect();
    let half = rows.clone();
    let (found, _) = search(None, move |r| match number(r, "offset") {
        0 => page(&half, 0, 200),
        _ => Reply::status(400),
    })
    .await;
    let found = found.unwrap();
    assert_eq!((found.rows.len(), found.complete), (200, false));
    let (found, _) = search(None, move |r| match number(r, "offset") {
        0 => page(&rows, 0, 200),
        _ => Reply::status(500),
    })
    .await;
    assert!(matches!(found, Err(CentreError::ServerFault { .. })));
}

#[tokio::test]
async fn a_bad_row_is_a_warning_and_the_rest_is_shown() {
    let rows = vec![
        study(1),
        Value::Null,
        json!({"00100010": {"vr": "PN", "Value": [null]}}),
        json!({"0020000D": {"vr": "UI", "Value": ["../../etc"]}}),
        json!({"00ああ": 1}),
        study(2),
    ];
    let (found, requests) = search(None, move |r| page(&rows, number(r, "offset"), number(r, "limit"))).await;
    let found = found.unwrap();
    assert_eq!(uids(&found), ["1.2.1", "1.2.2"]);
    assert_eq!(found.rows[0].patient.name.reveal().to_dicom(), "Yamada^Tarou=山田^太郎=やまだ^たろう");
    assert_eq!(found.rows[0].instances, Some(1));
    let codes: Vec<_> = found.warnings.iter().map(|w| w.code).collect();
    assert_eq!(
        codes,
        [
            WarningCode::BadValue,
            WarningCode::MissingElement,
            WarningCode::BadValue,
            WarningCode::MissingElement
        ]
    );
    assert!(found.complete && requests == 2);
}

#[tokio::test]
async fn an_endless_centre_is_left_some_time() {
    // Always the same bad row: neither new rows nor an end.
    let (found, requests) = search(None, |_| Reply::json("[{}]")).await;
    assert!(found.unwrap().complete && requests == 2);
}
