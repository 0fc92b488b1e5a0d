//! A message as XML after the schema of PS3.15 A.5.1.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::codes::Code;
use super::message::{Message, Named, Object, Participant};

/// The message as one line of XML 1.0 in UTF-8.
pub fn to_xml(message: &Message) -> Vec<u8> {
    let mut writer = Xml(Writer::new(Vec::new()));
    // Writing into memory does not fail.
    let _ = writer.message(message);
    writer.0.into_inner()
}

struct Xml(Writer<Vec<u8>>);

/// An element's name and its attributes.
type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Xml {
    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.element("AuditMessage", &[], |xml| {
            xml.event(message)?;
            for participant in &message.participants {
                xml.participant(participant)?;
            }
            xml.source(message)?;
            message.objects.iter().try_for_each(|object| xml.object(object))
        })
    }

    fn event(&mut self, message: &Message) -> io::Result<()> {
        let attributes = [
            ("EventActionCode", message.action),
            ("EventDateTime", message.at.as_str()),
            ("EventOutcomeIndicator", message.outcome.indicator()),
        ];
        self.element("EventIdentification", &attributes, |xml| {
            xml.code("EventID", message.event)?;
            if let Some(code) = message.event_type {
                xml.code("EventTypeCode", code)?;
            }
            match message.why.as_str() {
                "" => Ok(()),
                why => xml.text("EventOutcomeDescription", why),
            }
        })
    }

    fn participant(&mut self, participant: &Participant) -> io::Result<()> {
        let requestor = if participant.requestor { "true" } else { "false" };
        let mut attributes = vec![("UserID", participant.user.as_str())];
        if !participant.name.is_empty() {
            attributes.push(("UserName", &participant.name));
        }
        attributes.push(("UserIsRequestor", requestor));
        if let Some(access) = &participant.access {
            attributes.push(("NetworkAccessPointTypeCode", access.type_code));
            attributes.push(("NetworkAccessPointID", &access.id));
        }
        self.element("ActiveParticipant", &attributes, |xml| {
            if let Some(role) = participant.role {
                xml.code("RoleIDCode", role)?;
            }
            match participant.medium {
                Some(medium) => xml.element("MediaIdentifier", &[], |xml| xml.code("MediaType", medium)),
                None => Ok(()),
            }
        })
    }

    fn source(&mut self, message: &Message) -> io::Result<()> {
        let source = &message.source;
        let mut attributes = vec![("AuditSourceID", source.device.as_str())];
        if !source.site.is_empty() {
            attributes.push(("AuditEnterpriseSiteID", &source.site));
        }
        // 1: a device that end users look at (A.5.1.2.1).
        self.element("AuditSourceIdentification", &attributes, |xml| {
            xml.element("AuditSourceTypeCode", &[("csd-code", "1")], |_| Ok(()))
        })
    }

    fn object(&mut self, object: &Object) -> io::Result<()> {
        let attributes = [
            ("ParticipantObjectID", object.id.as_str()),
            ("ParticipantObjectTypeCode", object.type_code),
            ("ParticipantObjectTypeCodeRole", object.role),
        ];
        self.element("ParticipantObjectIdentification", &attributes, |xml| {
            xml.code("ParticipantObjectIDTypeCode", object.id_type)?;
            match &object.named {
                Named::Name(name) => xml.text("ParticipantObjectName", name)?,
                Named::Query(query) => xml.text("ParticipantObjectQuery", &STANDARD.encode(query))?,
            }
            if let Some((name, value)) = &object.detail {
                let value = STANDARD.encode(value);
                let attributes = [("type", *name), ("value", value.as_str())];
                xml.element("ParticipantObjectDetail", &attributes, |_| Ok(()))?;
            }
            let Some(instances) = &object.instances else { return Ok(()) };
            let number = instances.number.to_string();
            xml.element("ParticipantObjectDescription", &[], |xml| {
                xml.element("SOPClass", &[("NumberOfInstances", &number)], |xml| match &instances.only {
                    Some(uid) => xml.element("Instance", &[("UID", uid)], |_| Ok(())),
                    None => Ok(()),
                })
            })
        })
    }

    /// A coded value; originalText is the meaning (PS3.15 A.5.1.1).
    fn code(&mut self, name: &'static str, code: Code) -> io::Result<()> {
        let Code { value, scheme, meaning } = code;
        let attributes = [
            ("csd-code", value),
            ("codeSystemName", scheme),
            ("displayName", meaning),
            ("originalText", meaning),
        ];
        self.element(name, &attributes, |_| Ok(()))
    }

    fn text(&mut self, name: &'static str, text: &str) -> io::Result<()> {
        self.element(name, &[], |xml| xml.0.write_event(Event::Text(BytesText::new(text))))
    }

    fn element(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        for (name, value) in attributes {
            start.push_attribute((*name, *value));
        }
        self.0.write_event(Event::Start(start))?;
        inside(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }
}
