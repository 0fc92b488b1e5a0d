//! A message as a FHIR R4 AuditEvent, element by element what the XML says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::codes::Code;
use super::message::{Message, Named, Object, Participant};

/// Where the codes of PS3.16 live.
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const TERMINOLOGY: &str = "http://terminology.hl7.org/CodeSystem";
/// URIs as identifiers and as tags.
pub(super) const URI_SYSTEM: &str = "urn:ietf:rfc:3986";

/// The AuditEvent resource.
pub fn to_fhir(message: &Message) -> Value {
    let mut event = json!({
        "resourceType": "AuditEvent",
        "meta": { "tag": [{ "system": URI_SYSTEM, "code": tag(message) }] },
        "type": coding(message.event),
        "action": message.action,
        "recorded": message.at,
        "outcome": message.outcome.indicator(),
        "agent": message.participants.iter().map(agent).collect::<Vec<_>>(),
        "source": {
            "observer": {
                "identifier": { "system": URI_SYSTEM, "value": format!("urn:oid:{}", message.source.device) },
                "display": &message.node,
            },
            "type": [{ "system": format!("{TERMINOLOGY}/security-source-type"), "code": "1" }],
        },
    });
    if let Some(code) = message.event_type {
        event["subtype"] = json!([coding(code)]);
    }
    if !message.why.is_empty() {
        event["outcomeDesc"] = message.why.as_str().into();
    }
    if !message.source.site.is_empty() {
        event["source"]["site"] = message.source.site.as_str().into();
    }
    if !message.objects.is_empty() {
        event["entity"] = message.objects.iter().map(entity).collect::<Vec<_>>().into();
    }
    event
}

/// What names the message at the server.
pub(super) fn tag(message: &Message) -> String {
    format!("urn:oid:{}", message.identity())
}

fn coding(code: Code) -> Value {
    let system = match code.scheme {
        "DCM" => DCM.to_owned(),
        "RFC-3881" => format!("{TERMINOLOGY}/audit-entity-type"),
        own => format!("urn:dokuei:{own}"),
    };
    json!({ "system": system, "code": code.value, "display": code.meaning })
}

fn agent(participant: &Participant) -> Value {
    let mut agent = json!({ "requestor": participant.requestor });
    if !participant.user.is_empty() {
        agent["who"] = json!({ "identifier": { "value": participant.user } });
    }
    if !participant.name.is_empty() {
        agent["name"] = participant.name.as_str().into();
    }
    if let Some(role) = participant.role {
        agent["type"] = json!({ "coding": [coding(role)] });
    }
    if let Some(access) = participant.access.as_ref().filter(|access| !access.id.is_empty()) {
        agent["network"] = json!({ "address": access.id, "type": access.type_code });
    }
    if let Some(medium) = participant.medium {
        agent["media"] = coding(medium);
    }
    agent
}

fn entity(object: &Object) -> Value {
    let system = format!("{TERMINOLOGY}/audit-entity-type");
    let mut entity = json!({
        "type": { "system": system, "code": object.type_code },
        "role": { "system": format!("{TERMINOLOGY}/object-role"), "code": object.role },
    });
    if !object.id.is_empty() {
        let kind = json!({ "coding": [coding(object.id_type)] });
        entity["what"] = json!({ "identifier": { "type": kind, "value": object.id } });
    }
    match &object.named {
        Named::Name(name) if name.is_empty() => {}
        Named::Name(name) => entity["name"] = name.as_str().into(),
        Named::Query(query) => entity["query"] = STANDARD.encode(query).into(),
    }
    let mut details = Vec::new();
    if let Some((name, value)) = &object.detail {
        details.push(json!({ "type": name, "valueString": value }));
    }
    if let Some(instances) = &object.instances {
        let number = instances.number.to_string();
        details.push(json!({ "type": "NumberOfInstances", "valueString": number }));
        if let Some(uid) = &instances.only {
            details.push(json!({ "type": "Instance", "valueString": uid }));
        }
    }
    if !details.is_empty() {
        entity["detail"] = details.into();
    }
    entity
}
