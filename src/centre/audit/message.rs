//! A record as an audit message: who takes part, what it is about, who tells it.

use super::codes::{self, Code};
use super::kinds::{About, Cast, kind};
use super::record::{Outcome, Record};

/// The program's name in every message.
pub(super) const PROGRAM: &str = "Dokuei";

/// Who tells: this workstation and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The workstation's own UID: with a record's number it names the record everywhere.
    pub device: String,
    /// The workstation's name in its network, for records that do not say it.
    pub node: String,
    /// What the receivers call this place, or empty.
    pub site: String,
}

/// One message of the trail (PS3.15 A.5.2), before it is written in one form or the other.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its number in the trail.
    pub sequence: u64,
    pub(super) event: Code,
    pub(super) action: &'static str,
    pub(super) event_type: Option<Code>,
    pub(super) at: String,
    pub(super) outcome: Outcome,
    pub(super) why: String,
    pub(super) participants: Vec<Participant>,
    /// The node that it happened at.
    pub(super) node: String,
    pub(super) source: Source,
    pub(super) objects: Vec<Object>,
}

/// An active participant.
#[derive(Clone)]
pub(super) struct Participant {
    pub(super) user: String,
    pub(super) name: String,
    pub(super) requestor: bool,
    pub(super) role: Option<Code>,
    pub(super) access: Option<Access>,
    /// It is a medium of this type.
    pub(super) medium: Option<Code>,
}

/// A network access point.
#[derive(Clone)]
pub(super) struct Access {
    /// `1` a machine's name, `5` a URI.
    pub(super) type_code: &'static str,
    pub(super) id: String,
}

/// A participant object.
#[derive(Clone)]
pub(super) struct Object {
    /// `1` person, `2` system object.
    pub(super) type_code: &'static str,
    /// PS3.15 A.5.1.2.2.
    pub(super) role: &'static str,
    pub(super) id_type: Code,
    pub(super) id: String,
    pub(super) named: Named,
    /// Type and value of a ParticipantObjectDetail.
    pub(super) detail: Option<(&'static str, String)>,
    pub(super) instances: Option<Instances>,
}

/// What an object is called: a name or the query that it stands for, never both (the schema's choice).
#[derive(Clone)]
pub(super) enum Named {
    Name(String),
    Query(String),
}

/// How many instances of a study, and which one where it is one.
#[derive(Clone)]
pub(super) struct Instances {
    pub(super) number: u32,
    pub(super) only: Option<String>,
}

// Readers and patients are not printed.
macro_rules! silent {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
silent!(Participant, Object);

impl Message {
    /// The message of record number `sequence`. Characters that XML and syslog cannot carry, line ends among them,
    /// become blanks: nothing that a peer said can break a frame or a document.
    pub fn new(sequence: u64, record: &Record, source: &Source) -> Self {
        let kind = kind(record.what);
        let (record, source) = (&cleaned(record), &source.cleaned());
        let node = if record.node.is_empty() { &source.node } else { &record.node };
        let cast = Casting { record, node, source };
        Self {
            sequence,
            event: kind.event,
            action: kind.action,
            event_type: kind.event_type,
            at: record.at.clone(),
            outcome: record.outcome,
            why: record.why.clone(),
            participants: cast.participants(kind.cast),
            objects: cast.objects(kind.about),
            node: node.clone(),
            source: source.clone(),
        }
    }

    /// What names this message at every receiver.
    pub(super) fn identity(&self) -> String {
        format!("{}.{}", self.source.device, self.sequence)
    }
}

/// Without what XML 1.0 (2.2) forbids and what the normalisation of attributes (3.3.3) would change anyway.
fn clean(text: &str) -> String {
    let allowed = |c: char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if allowed(c) { c } else { ' ' }).collect()
}

fn cleaned(record: &Record) -> Record {
    let mut record = record.clone();
    for text in [
        &mut record.at,
        &mut record.reader,
        &mut record.reader_name,
        &mut record.node,
        &mut record.why,
        &mut record.study,
        &mut record.patient_id,
        &mut record.patient_name,
        &mut record.peer,
        &mut record.query,
        &mut record.medium,
    ] {
        *text = clean(text);
    }
    record.object = record.object.as_deref().map(clean);
    record
}

impl Source {
    fn cleaned(&self) -> Self {
        Self { device: clean(&self.device), node: clean(&self.node), site: clean(&self.site) }
    }
}

/// A record being turned into participants and objects.
struct Casting<'a> {
    record: &'a Record,
    node: &'a str,
    source: &'a Source,
}

impl Casting<'_> {
    fn participants(&self, cast: Cast) -> Vec<Participant> {
        let (reader, program, peer, medium) = (self.reader(), self.program(), self.peer(), self.medium());
        let wanted = |participant: Participant| Participant { requestor: true, ..participant };
        match cast {
            Cast::Application => vec![
                program.acting_as(codes::APPLICATION),
                wanted(reader.acting_as(codes::APPLICATION_LAUNCHER)),
            ],
            Cast::Authentication => {
                let checked_by = if self.record.peer.is_empty() { program } else { peer };
                vec![wanted(reader), checked_by]
            }
            Cast::ReaderAndProgram => vec![wanted(reader), program],
            Cast::FromPeer => {
                vec![peer.acting_as(codes::SOURCE), program.acting_as(codes::DESTINATION), wanted(reader)]
            }
            Cast::ToPeer => {
                vec![program.acting_as(codes::SOURCE), peer.acting_as(codes::DESTINATION), wanted(reader)]
            }
            Cast::FromMedium => vec![
                wanted(reader.acting_as(codes::DESTINATION)),
                program.acting_as(codes::DESTINATION),
                medium.acting_as(codes::SOURCE_MEDIA),
            ],
            Cast::ToMedium => vec![
                wanted(reader.acting_as(codes::SOURCE)),
                program.acting_as(codes::SOURCE),
                medium.acting_as(codes::DESTINATION_MEDIA),
            ],
            Cast::Alert => vec![wanted(program), reader],
        }
    }

    /// The person (A.5.2.1).
    fn reader(&self) -> Participant {
        let record = self.record;
        Participant { name: record.reader_name.clone(), ..self.here(record.reader.clone()) }
    }

    /// The program on this node.
    fn program(&self) -> Participant {
        Participant { name: PROGRAM.into(), ..self.here(format!("{PROGRAM}@{}", self.node)) }
    }

    fn here(&self, user: String) -> Participant {
        let access = Some(Access { type_code: "1", id: self.node.to_owned() });
        Participant { user, name: String::new(), requestor: false, role: None, access, medium: None }
    }

    /// The centre at the other end.
    fn peer(&self) -> Participant {
        let peer = &self.record.peer;
        let type_code = if peer.contains("://") { "5" } else { "1" };
        Participant { access: Some(Access { type_code, id: peer.clone() }), ..self.here(peer.clone()) }
    }

    fn medium(&self) -> Participant {
        let uri = &self.record.medium;
        let access = Some(Access { type_code: "5", id: uri.clone() });
        Participant { access, medium: Some(codes::MEDIUM_URI), ..self.here(uri.clone()) }
    }

    fn objects(&self, about: About) -> Vec<Object> {
        let record = self.record;
        match about {
            About::Nothing => Vec::new(),
            About::Study => vec![self.study(), self.patient()],
            About::Trail => {
                let name = Named::Name("Security Audit Log".into());
                vec![Object { role: "13", named: name, ..system(codes::URI, self.urn()) }]
            }
            About::Query => {
                let named = Named::Query(record.query.clone());
                vec![Object { named, ..system(codes::URI, record.peer.clone()) }]
            }
            About::Vault => vec![self.alert(system(codes::URI, self.urn()))],
            About::Peer => vec![self.alert(system(codes::NODE_ID, record.peer.clone()))],
            About::Node => vec![self.alert(system(codes::NODE_ID, self.node.to_owned()))],
        }
    }

    fn study(&self) -> Object {
        let record = self.record;
        let number = record.instances.or(record.object.as_ref().map(|_| 1));
        let instances = number.map(|number| Instances { number, only: record.object.clone() });
        Object { instances, ..system(codes::STUDY_UID, record.study.clone()) }
    }

    fn patient(&self) -> Object {
        let record = self.record;
        let named = Named::Name(record.patient_name.clone());
        let object = system(codes::PATIENT_NUMBER, record.patient_id.clone());
        Object { type_code: "1", role: "1", named, ..object }
    }

    /// The subject of an alert says what the alert is about (A.5.3.11).
    fn alert(&self, object: Object) -> Object {
        Object { role: "13", detail: Some(("Alert Description", self.record.why.clone())), ..object }
    }

    /// The vault of this workstation, and the trail in it.
    fn urn(&self) -> String {
        format!("urn:oid:{}", self.source.device)
    }
}

/// A system object that stands for a report, as studies do (role 3), without a name.
fn system(id_type: Code, id: String) -> Object {
    Object {
        type_code: "2",
        role: "3",
        id_type,
        id,
        named: Named::Name(String::new()),
        detail: None,
        instances: None,
    }
}

impl Participant {
    fn acting_as(self, role: Code) -> Self {
        Self { role: Some(role), ..self }
    }
}
