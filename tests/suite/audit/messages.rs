//! What a message says, held against PS3.15 A.5.1 (the schema, where it is at hand) and the tables of A.5.3.

use std::collections::BTreeMap;
use std::process::Stdio;

use base64::Engine;
use dokuei::centre::audit::{Happened, MESSAGE_ID, Message, Outcome, Record, Source, frame, to_fhir, to_xml};
use quick_xml::events::Event;

use super::moment;
use crate::support::{judge, skip};

fn source() -> Source {
    Source { device: "2.25.4711".into(), node: "home-7".into(), site: "Kita".into() }
}

/// A record with everything in it that a message may show, hostile texts where a peer or a person writes them.
fn full(what: Happened, text: &str) -> Record {
    Record {
        reader_name: text.into(),
        node: "home-7".into(),
        outcome: Outcome::MinorFailure,
        why: text.into(),
        study: "1.2.3".into(),
        object: Some("1.2.3.4".into()),
        instances: Some(312),
        patient_id: text.into(),
        patient_name: text.into(),
        peer: "https://pacs.example/dicom-web".into(),
        query: "GET /studies".into(),
        medium: "file:///media/usb/IMAGES".into(),
        ..Record::new(what, moment(), "sato")
    }
}

fn message(what: Happened, text: &str) -> Message {
    Message::new(17, &full(what, text), &source())
}

/// An element of a parsed document.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn parse(xml: &[u8]) -> Self {
        let mut reader = quick_xml::Reader::from_reader(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    let attributes = start.attributes().map(|attribute| {
                        let attribute = attribute.unwrap();
                        let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                        let raw = std::str::from_utf8(&attribute.value).unwrap();
                        (name, quick_xml::escape::unescape(raw).unwrap().into_owned())
                    });
                    let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
                    open.push(Self { name, attributes: attributes.collect(), ..Self::default() });
                }
                Event::End(_) => {
                    let closed = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(closed);
                }
                Event::Text(text) => open.last_mut().unwrap().text += std::str::from_utf8(&text).unwrap(),
                Event::GeneralRef(name) => {
                    let entity = format!("&{};", std::str::from_utf8(&name).unwrap());
                    let text = quick_xml::escape::unescape(&entity).unwrap().into_owned();
                    open.last_mut().unwrap().text += &text;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        open.pop().unwrap().children.pop().unwrap()
    }

    fn all(&self, name: &str) -> Vec<&Self> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    fn only(&self, name: &str) -> &Self {
        let found = self.all(name);
        assert_eq!(found.len(), 1, "{name}: {self:?}");
        found[0]
    }

    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).unwrap_or_else(|| panic!("{name} is missing: {self:?}"))
    }

    fn code(&self) -> &str {
        self.get("csd-code")
    }
}

/// What A.5.3 asks of one event: EventID, EventActionCode, EventTypeCode; the roles of its participants in any
/// order (`-` for none); its objects as type, role and type of identifier.
type Asked = (&'static str, &'static str, &'static str, &'static str, &'static str);

const STUDY_AND_PATIENT: &str = "2/3/110180 1/1/2";

fn asked(what: Happened) -> Asked {
    match what {
        Happened::ApplicationStarted => ("110100", "E", "110120", "110150 110151", ""),
        Happened::ApplicationStopped => ("110100", "E", "110121", "110150 110151", ""),
        Happened::SignedIn | Happened::SignInRefused | Happened::Unlocked => {
            ("110114", "E", "110122", "- -", "")
        }
        Happened::SignedOut | Happened::Locked => ("110114", "E", "110123", "- -", ""),
        Happened::Queried => ("110112", "E", "", "- 110152 110153", "2/3/12"),
        Happened::TransferBegan | Happened::ReportLeaves => {
            ("110102", "E", "", "- 110152 110153", STUDY_AND_PATIENT)
        }
        Happened::StudyReceived => ("110104", "C", "", "- 110152 110153", STUDY_AND_PATIENT),
        Happened::ReportConfirmed | Happened::ReportRefused => {
            ("110104", "R", "", "- 110152 110153", STUDY_AND_PATIENT)
        }
        Happened::StudyOpened => ("110103", "R", "", "- -", STUDY_AND_PATIENT),
        Happened::ReportSigned => ("110103", "C", "", "- -", STUDY_AND_PATIENT),
        Happened::FilesOpened => ("110107", "C", "", "110152 110152 110155", STUDY_AND_PATIENT),
        Happened::Exported => ("110106", "R", "", "110153 110153 110154", STUDY_AND_PATIENT),
        Happened::TrailRead => ("110101", "R", "", "- -", "2/13/12"),
        Happened::UnlockedOffline => ("110113", "E", "110127", "- -", "2/13/12"),
        Happened::VaultDamaged => ("110113", "E", "DAMAGED", "- -", "2/13/12"),
        Happened::CertificateRefused => ("110113", "E", "110126", "- -", "2/13/110182"),
        Happened::ClockSetBack => ("110113", "E", "CLOCK", "- -", "2/13/110182"),
    }
}

#[test]
fn every_message_has_the_fields_that_its_table_asks_for() {
    for what in Happened::ALL {
        let document = Element::parse(&to_xml(&message(what, "Straße & 佐藤")));
        let (event_id, action, event_type, roles, objects) = asked(what);
        let event = document.only("EventIdentification");
        assert_eq!(event.only("EventID").code(), event_id, "{what:?}");
        assert_eq!(event.get("EventActionCode"), action, "{what:?}");
        assert_eq!(event.get("EventDateTime"), "2020-11-23T03:10:05.250+09:00", "with the zone: A.5.2.5");
        assert_eq!(event.get("EventOutcomeIndicator"), "4");
        let types: Vec<_> = event.all("EventTypeCode").iter().map(|code| code.code().to_owned()).collect();
        assert_eq!(types.join(" "), event_type, "{what:?}");

        let participants = document.all("ActiveParticipant");
        let role = |one: &&Element| one.all("RoleIDCode").first().map_or("-", |role| role.code()).to_owned();
        let mut found: Vec<String> = participants.iter().map(role).collect();
        found.sort();
        assert_eq!(found.join(" "), roles, "{what:?}");
        let requestors = participants.iter().filter(|one| one.get("UserIsRequestor") == "true").count();
        assert_eq!(requestors, 1, "{what:?}: one requestor and no more (A.5.2)");
        for one in &participants {
            assert!(!one.get("UserID").is_empty() && !one.get("NetworkAccessPointID").is_empty(), "{one:?}");
            let media = ["110154", "110155"].contains(&role(one).as_str());
            assert_eq!(one.all("MediaIdentifier").len(), usize::from(media), "{what:?}");
            if media {
                assert_eq!(one.get("UserIsRequestor"), "false");
                assert_eq!(one.only("MediaIdentifier").only("MediaType").code(), "110037");
            }
        }

        let source = document.only("AuditSourceIdentification");
        assert_eq!((source.get("AuditSourceID"), source.get("AuditEnterpriseSiteID")), ("2.25.4711", "Kita"));

        let found: Vec<String> = document
            .all("ParticipantObjectIdentification")
            .iter()
            .map(|object| {
                let of_type = object.only("ParticipantObjectIDTypeCode").code();
                let name = |name| object.get(name).to_owned();
                let role = name("ParticipantObjectTypeCodeRole");
                format!("{}/{role}/{of_type}", name("ParticipantObjectTypeCode"))
            })
            .collect();
        assert_eq!(found.join(" "), objects, "{what:?}");
        for object in document.all("ParticipantObjectIdentification") {
            let alert = event_id == "110113";
            assert_eq!(object.all("ParticipantObjectDetail").len(), usize::from(alert), "{what:?}");
            if alert {
                assert_eq!(object.only("ParticipantObjectDetail").get("type"), "Alert Description");
            }
            let names =
                object.all("ParticipantObjectName").len() + object.all("ParticipantObjectQuery").len();
            assert_eq!(names, 1, "{what:?}: a name or a query, not both (A.5.1)");
        }
    }
}

#[test]
fn nothing_that_a_peer_or_a_person_writes_breaks_a_message() {
    let hostile = "]]><x a='1'>&amp;&\"\n\r\t\u{0}\u{8}\u{1b}\u{FFFE}\u{FEFF}山田";
    for what in Happened::ALL {
        let xml = to_xml(&message(what, hostile));
        let text = std::str::from_utf8(&xml).unwrap();
        assert!(!text.chars().any(char::is_control), "{what:?}: {text}");
        let document = Element::parse(&xml);
        let expected: String =
            hostile.chars().map(|c| if c.is_control() || c == '\u{FFFE}' { ' ' } else { c }).collect();
        for object in document.all("ParticipantObjectIdentification") {
            if object.get("ParticipantObjectTypeCode") == "1" {
                assert_eq!(object.get("ParticipantObjectID"), expected);
                assert_eq!(object.only("ParticipantObjectName").text, expected);
            }
        }
    }
}

/// The schema is the standard's own text (PS3.15 A.5.1.1) and is not kept here: `DOKUEI_AUDIT_SCHEMA` names a file
/// with it in RELAX NG compact form.
#[test]
fn every_message_is_valid_by_the_schema_of_the_standard() {
    let Some(mut jing) = judge::find("jing") else { return };
    let Some(schema) = std::env::var_os("DOKUEI_AUDIT_SCHEMA") else {
        return skip("the schema of PS3.15 A.5.1.1 (DOKUEI_AUDIT_SCHEMA)");
    };
    let folder = tempfile::tempdir().unwrap();
    jing.arg("-c").arg(schema);
    for (at, what) in Happened::ALL.into_iter().enumerate() {
        for (kind, bytes) in [
            ("full", to_xml(&message(what, "Straße <&> 佐藤"))),
            ("bare", to_xml(&Message::new(1, &Record::new(what, moment(), "sato"), &source()))),
        ] {
            let path = folder.path().join(format!("{at}-{kind}.xml"));
            std::fs::write(&path, bytes).unwrap();
            jing.arg(path);
        }
    }
    let output = jing.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    // A judge that cannot say no is none.
    let bad = folder.path().join("bad.xml");
    std::fs::write(&bad, "<AuditMessage><EventIdentification/></AuditMessage>").unwrap();
    let mut jing = judge::find("jing").unwrap();
    let output =
        jing.arg("-c").arg(std::env::var_os("DOKUEI_AUDIT_SCHEMA").unwrap()).arg(bad).output().unwrap();
    assert!(!output.status.success());
}

#[test]
fn every_code_of_the_standard_has_the_meaning_that_pydicom_knows() {
    let Some(mut python) = judge::python(&["pydicom"]) else { return };
    let program = "
import sys
from pydicom.sr._concepts_dict import concepts
known = {code: meaning for name in concepts['DCM'].values() for code, (meaning, _) in name.items()}
for line in sys.argv[1:]:
    code, meaning = line.split('=')
    if known.get(code, '').lower() != meaning.lower():
        print(code, meaning, known.get(code))
";
    let mut codes = std::collections::BTreeSet::new();
    for what in Happened::ALL {
        let mut open = vec![Element::parse(&to_xml(&message(what, "x")))];
        while let Some(element) = open.pop() {
            if element.attributes.get("codeSystemName").is_some_and(|scheme| scheme == "DCM") {
                assert_eq!(element.get("displayName"), element.get("originalText"));
                codes.insert(format!("{}={}", element.code(), element.get("originalText")));
            }
            open.extend(element.children);
        }
    }
    assert!(codes.len() > 20, "{codes:?}");
    let output = python.args(["-c", program]).args(codes).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{}", judge::text(&output));
}

#[test]
fn a_frame_counts_its_octets_and_says_when_and_where_it_happened() {
    let frame = frame(&message(Happened::StudyOpened, "佐藤"));
    let blank = frame.iter().position(|b| *b == b' ').unwrap();
    let (count, rest) = (std::str::from_utf8(&frame[..blank]).unwrap(), &frame[blank + 1..]);
    assert_eq!(count.parse::<usize>().unwrap(), rest.len());
    let head = format!(
        "<85>1 2020-11-23T03:10:05.250+09:00 home-7 Dokuei - {MESSAGE_ID} [meta sequenceId=\"17\"] \u{FEFF}<?xml"
    );
    assert!(rest.starts_with(head.as_bytes()), "{}", String::from_utf8_lossy(rest));
}

#[test]
fn fhir_says_what_the_xml_says() {
    for what in Happened::ALL {
        let message = message(what, "佐藤");
        let (xml, event) = (Element::parse(&to_xml(&message)), to_fhir(&message));
        let (event_id, action, event_type, roles, objects) = asked(what);
        assert_eq!(event["type"]["code"], event_id);
        assert_eq!(event["action"], action);
        assert_eq!(event["subtype"][0]["code"].as_str().unwrap_or_default(), event_type);
        assert_eq!(event["recorded"], "2020-11-23T03:10:05.250+09:00");
        assert_eq!(event["outcome"], "4");
        let agents = event["agent"].as_array().unwrap();
        assert_eq!(agents.len(), roles.split(' ').count());
        assert_eq!(agents.iter().filter(|agent| agent["requestor"] == true).count(), 1);
        let none = Vec::new();
        let entities = event["entity"].as_array().unwrap_or(&none);
        assert_eq!(entities.len(), objects.split_whitespace().count());
        for (entity, object) in entities.iter().zip(xml.all("ParticipantObjectIdentification")) {
            assert_eq!(entity["what"]["identifier"]["value"], object.get("ParticipantObjectID"));
            assert!(entity["name"].is_null() || entity["query"].is_null(), "FHIR sev-1");
        }
    }
    let queried = to_fhir(&message(Happened::Queried, ""));
    let query = queried["entity"][0]["query"].as_str().unwrap();
    let query = base64::engine::general_purpose::STANDARD.decode(query).unwrap();
    assert_eq!(query, b"GET /studies");
    assert_eq!(queried["meta"]["tag"][0]["code"], "urn:oid:2.25.4711.17");
}
