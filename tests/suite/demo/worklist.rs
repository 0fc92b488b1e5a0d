//! UPS-RS.

use dokuei::demo::STAT_CODE;
use serde_json::{Value, json};

use super::fixture::{CT, MR, Served, header, serve, value};

async fn of(served: &Served, study: &str) -> Value {
    let query = format!("/workitems?InputInformationSequence.StudyInstanceUID={study}");
    served.rows(&query).await.remove(0)
}

async fn change(served: &Served, item: &str, transaction: Option<&str>, state: &str) -> (u16, String) {
    let mut body = json!({ "00741000": { "vr": "CS", "Value": [state] } });
    if let Some(uid) = transaction {
        body["00081195"] = json!({ "vr": "UI", "Value": [uid] });
    }
    let request = served.put(&format!("/workitems/{item}/state"));
    let request = request.header("content-type", "application/dicom+json").body(json!([body]).to_string());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), header(&response, "warning"))
}

async fn update(served: &Served, item: &str, body: Value) -> u16 {
    let request = served.post(&format!("/workitems/{item}"));
    let request = request.header("content-type", "application/dicom+json").body(json!([body]).to_string());
    request.send().await.unwrap().status().as_u16()
}

fn uid(item: &Value) -> String {
    value(item, "00080018").as_str().unwrap().to_owned()
}

#[tokio::test]
async fn unread_studies_stand_on_the_worklist_with_their_urgency() {
    let served = serve().await;
    assert_eq!(served.rows("/workitems").await.len(), 2, "the ultrasound was read long ago");
    let stat = of(&served, CT).await;
    assert_eq!(value(&stat, "00741200"), json!("HIGH"));
    let parameter = value(&stat, "00741210");
    let code = value(&parameter, "0040A168");
    assert_eq!(
        (value(&code, "00080100"), value(&code, "00080102")),
        (json!(STAT_CODE.0), json!(STAT_CODE.1))
    );
    assert_eq!(value(&stat, "00100010")["Ideographic"], json!("山田^太郎"));
    assert_eq!(value(&stat, "00741204"), json!("CT Chest CT"));
    assert_eq!(value(&value(&stat, "0040A370"), "00080050"), json!("A100"));
    let retrieve = value(&value(&stat, "00404021"), "0040E025");
    assert_eq!(value(&retrieve, "00081190"), json!(served.url(&format!("/studies/{CT}"))));
    let medium = of(&served, MR).await;
    assert_eq!(value(&medium, "00741200"), json!("MEDIUM"));
    assert!(medium["00741210"].get("Value").is_none());

    for (query, expected) in [
        ("ProcedureStepState=SCHEDULED", 2),
        ("ProcedureStepState=COMPLETED", 0),
        ("00741200=HIGH", 1),
        ("ScheduledProcedureStepPriority=LOW", 0),
        ("PatientName=suzuki*", 1),
        ("limit=1", 1),
        ("offset=2", 0),
    ] {
        assert_eq!(served.rows(&format!("/workitems?{query}")).await.len(), expected, "{query}");
    }
    let again = serve().await;
    assert_eq!(uid(&of(&again, CT).await), uid(&stat), "the same on every start");
}

#[tokio::test]
async fn a_claim_locks_the_workitem_until_it_is_ended() {
    let served = serve().await;
    let item = uid(&of(&served, CT).await);
    let state = async || value(&served.rows(&format!("/workitems/{item}")).await[0], "00741000");
    let (mine, yours) = (Some("1.2.3.1"), Some("1.2.3.2"));

    assert_eq!(change(&served, &item, None, "IN PROGRESS").await.0, 400);
    assert_eq!(change(&served, &item, mine, "COMPLETED").await.0, 409, "not yet claimed");
    assert_eq!(change(&served, &item, mine, "CANCELED").await.0, 409, "not yet claimed");
    assert_eq!(change(&served, &item, mine, "NONSENSE").await.0, 400);
    assert_eq!(state().await, json!("SCHEDULED"));

    assert_eq!(change(&served, &item, mine, "IN PROGRESS").await.0, 200);
    assert_eq!(state().await, json!("IN PROGRESS"));
    assert_eq!(change(&served, &item, yours, "IN PROGRESS").await.0, 409, "someone else has it");
    assert_eq!(change(&served, &item, mine, "IN PROGRESS").await.0, 409, "already");
    let (status, warning) = change(&served, &item, yours, "COMPLETED").await;
    assert_eq!(status, 409);
    assert!(warning.ends_with("The Transaction UID is incorrect."), "{warning}");
    assert_eq!(change(&served, &item, None, "CANCELED").await.0, 400);
    let shown = served.rows(&format!("/workitems/{item}")).await.remove(0);
    assert!(shown.get("00081195").is_none(), "the claim is its owner's secret");

    assert_eq!(change(&served, &item, mine, "COMPLETED").await.0, 409, "nothing performed yet");
    let moment = |key: &str| json!({ key: { "vr": "DT", "Value": ["20260110031500"] } });
    let mut performed = moment("00404050");
    performed["00404051"] = moment("00404051")["00404051"].clone();
    performed["00404019"] =
        json!({ "vr": "SQ", "Value": [{ "00080100": { "vr": "SH", "Value": ["110005"] } }] });
    let mut changes = json!({ "00741216": { "vr": "SQ", "Value": [performed] } });
    assert_eq!(update(&served, &item, changes.clone()).await, 400, "no claim shown");
    changes["00081195"] = json!({ "vr": "UI", "Value": [yours] });
    assert_eq!(update(&served, &item, changes.clone()).await, 409);
    changes["00081195"] = json!({ "vr": "UI", "Value": [mine] });
    assert_eq!(update(&served, &item, changes.clone()).await, 200);
    assert_eq!(change(&served, &item, mine, "COMPLETED").await.0, 200);
    assert_eq!(state().await, json!("COMPLETED"));

    let (status, warning) = change(&served, &item, mine, "COMPLETED").await;
    assert_eq!(status, 200);
    assert!(warning.contains("already in the requested state of COMPLETED"), "{warning}");
    assert_eq!(change(&served, &item, mine, "CANCELED").await.0, 409);
    assert_eq!(update(&served, &item, changes).await, 409);
    assert_eq!(served.rows("/workitems?ProcedureStepState=SCHEDULED").await.len(), 1);
}

#[tokio::test]
async fn of_many_who_claim_at_once_one_has_it() {
    let served = serve().await;
    let item = uid(&of(&served, MR).await);
    let transactions: Vec<_> = (0..16).map(|n| format!("1.2.3.{n}")).collect();
    let claims = transactions.iter().map(|uid| change(&served, &item, Some(uid), "IN PROGRESS"));
    let outcomes = futures_util::future::join_all(claims).await;
    let count = |status: u16| outcomes.iter().filter(|(s, _)| *s == status).count();
    assert_eq!((count(200), count(409)), (1, 15));
}

#[tokio::test]
async fn what_is_no_workitem_or_no_request_is_refused() {
    let served = serve().await;
    let item = uid(&of(&served, CT).await);
    assert_eq!(served.status("/workitems/1.2.3", "*/*").await, 404);
    assert_eq!(change(&served, "1.2.3", Some("1.2"), "IN PROGRESS").await.0, 404);
    assert_eq!(
        update(&served, &item, json!({ "00741000": { "vr": "CS", "Value": ["COMPLETED"] } })).await,
        400
    );
    let put = served.put(&format!("/workitems/{item}/state"));
    for (content_type, body, expected) in [
        ("application/dicom+json", "", 400),
        ("application/dicom+json", "[]", 400),
        ("application/dicom+json", "[1]", 400),
        ("application/dicom+json", "{\"00741000\":null}", 400),
        ("application/dicom+json", "[{},{}]", 400),
        ("application/dicom+xml", "<x/>", 415),
    ] {
        let request = put.try_clone().unwrap().header("content-type", content_type).body(body);
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected, "{content_type} {body}");
    }
}
