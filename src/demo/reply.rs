//! Answers and refusals as HTTP (PS3.18 section 8.5).

use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WARNING, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::body::{Body, LineCut, whole};
use super::signin::CHALLENGE;

/// An answer on its way out.
pub(super) type Reply = Response<Body>;

/// DICOM JSON (PS3.18 annex F).
pub(super) const DICOM_JSON: &str = "application/dicom+json";

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: the request cannot be understood; the text says which part of it.
    BadRequest(&'static str),
    /// 404: nothing is there.
    NotFound,
    /// 405: the resource is there, but not for this method; the text is the Allow header.
    MethodNotAllowed(&'static str),
    /// 406: what is there cannot be given as the Accept header wants it.
    NotAcceptable,
    /// 409: the state of the resource forbids it; the text goes into the Warning header.
    Conflict(&'static str),
    /// 413: more than the centre takes at once.
    TooLarge,
    /// 415: a payload of another kind than the resource takes.
    UnsupportedMediaType,
    /// 500: a fault of the centre itself.
    Internal,
}

impl Refusal {
    /// The answer that says so.
    pub(super) fn reply(&self) -> Reply {
        let (status, text) = match self {
            Self::BadRequest(what) => (StatusCode::BAD_REQUEST, *what),
            Self::NotFound => (StatusCode::NOT_FOUND, "no such resource"),
            Self::MethodNotAllowed(_) => (StatusCode::METHOD_NOT_ALLOWED, "not with this method"),
            Self::NotAcceptable => {
                (StatusCode::NOT_ACCEPTABLE, "not available as any of the types in Accept")
            }
            Self::Conflict(what) => (StatusCode::CONFLICT, *what),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "larger than this centre takes"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not a payload for this resource")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "the centre failed"),
        };
        let reply = with_type(status, "text/plain; charset=utf-8", whole(text));
        match self {
            Self::MethodNotAllowed(allow) => with_header(reply, ALLOW, allow),
            _ => reply,
        }
    }
}

impl From<LineCut> for Refusal {
    fn from(_: LineCut) -> Self {
        Self::Internal
    }
}

/// A body with its type.
pub(super) fn with_type(status: StatusCode, content_type: &str, body: Body) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    with_header(reply, CONTENT_TYPE, content_type)
}

/// A status without a body.
pub(super) fn bare(status: StatusCode) -> Reply {
    let mut reply = Response::new(whole(""));
    *reply.status_mut() = status;
    reply
}

/// DICOM JSON.
pub(super) fn json(status: StatusCode, value: &Value) -> Reply {
    with_type(status, DICOM_JSON, whole(value.to_string()))
}

/// One more header; a value that cannot be one is left out.
pub(super) fn with_header(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().append(name, value);
    }
    reply
}

/// One more `Warning: 299 <service>: text` (PS3.18 8.3.4, RFC 7234 5.5).
pub(super) fn with_warning(reply: Reply, base: &str, text: &str) -> Reply {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect();
    with_header(reply, WARNING, &format!("299 {base}: {plain}"))
}

/// 401 with the challenge that tells a client how to sign in.
pub(super) fn sign_in_first() -> Reply {
    with_header(bare(StatusCode::UNAUTHORIZED), WWW_AUTHENTICATE, CHALLENGE)
}

/// A status that a fault asked for.
pub(super) fn faulty_status(code: StatusCode, retry_after_secs: Option<u32>) -> Reply {
    let reply = if code == StatusCode::UNAUTHORIZED { sign_in_first() } else { bare(code) };
    match retry_after_secs {
        Some(seconds) => with_header(reply, RETRY_AFTER, &seconds.to_string()),
        None => reply,
    }
}

/// What a captive portal answers to everything.
pub(super) fn login_page() -> Reply {
    const PAGE: &str = "<!DOCTYPE html><html><head><title>Guest Wi-Fi</title></head>\
        <body><form><input name=\"room\"><input type=\"submit\" value=\"Log in\"></form></body></html>";
    with_type(StatusCode::OK, "text/html; charset=utf-8", whole(PAGE))
}
