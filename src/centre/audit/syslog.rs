//! A message as a syslog frame (RFC 5424 in RFC 5425, with what PS3.15 A.6 asks for).

use super::message::{Message, PROGRAM};
use super::xml::to_xml;

/// MSGID of audit messages (PS3.15 A.6).
pub const MESSAGE_ID: &str = "DICOM+RFC3881";

/// Facility 10 (security), severity 5 (notice): PS3.15 A.6.
const PRIORITY: u8 = 10 * 8 + 5;
/// What RFC 5424 puts where nothing is known.
const NIL: &str = "-";
/// The longest HOSTNAME of RFC 5424 6.
const HOST_LIMIT: usize = 255;
/// Where `sequenceId` begins anew (RFC 5424 7.3.1).
const SEQUENCE_LIMIT: u64 = 2_147_483_647;
/// Says that the message is UTF-8 (RFC 5424 6.4).
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// One octet-counted frame: `MSG-LEN SP SYSLOG-MSG` (RFC 5425 4.3). Its time is that of the event, so the same
/// message is the same bytes whenever it is sent.
pub fn frame(message: &Message) -> Vec<u8> {
    let sequence = (message.sequence.max(1) - 1) % SEQUENCE_LIMIT + 1;
    let (at, host) = (&message.at, host(&message.node));
    let head =
        format!("<{PRIORITY}>1 {at} {host} {PROGRAM} {NIL} {MESSAGE_ID} [meta sequenceId=\"{sequence}\"] ");
    let body = [head.as_bytes(), BOM, &to_xml(message)].concat();
    [format!("{} ", body.len()).as_bytes(), &body].concat()
}

/// Printable ASCII without blanks, or nothing known.
fn host(node: &str) -> String {
    let host: String = node.chars().filter(char::is_ascii_graphic).take(HOST_LIMIT).collect();
    if host.is_empty() { NIL.to_owned() } else { host }
}
