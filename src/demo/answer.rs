//! One request: what it asks, and who answers it.

use std::sync::Arc;

use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;

use super::accept::{MediaType, accepted};
use super::archive::Archive;
use super::body::LineCut;
use super::faults::Damage;
use super::query::Query;
use super::reply::{DICOM_JSON, Refusal, Reply};
use super::route::{BASE_PATH, Resource, route};
use super::ups::Worklist;
use super::{qido, rendered, stow, ups, wado};

/// What a request says beside its path.
pub(super) struct Ask {
    /// The base URL under which the client knows the centre, without a slash at its end.
    pub(super) base: String,
    /// The Accept header.
    pub(super) accept: Vec<MediaType>,
    /// The Content-Type header.
    pub(super) content_type: Option<MediaType>,
    /// The query of the URI.
    pub(super) query: Option<String>,
    /// What is to go wrong in the making of the answer.
    pub(super) damage: Damage,
}

impl Ask {
    /// From the head of a request. URIs in answers name the host that the client used, as long as it is one
    /// of this machine's names; else the centre's own base URL.
    pub(super) fn new(head: &Parts, base_url: &url::Url, damage: Damage) -> Self {
        let authority = head
            .uri
            .authority()
            .map(|authority| authority.as_str())
            .or_else(|| head.headers.get(HOST).and_then(|host| host.to_str().ok()));
        let used = authority.filter(|authority| is_this_machine(authority, base_url.port()));
        let base = match used {
            Some(authority) => format!("https://{authority}{BASE_PATH}"),
            None => base_url.as_str().trim_end_matches('/').to_owned(),
        };
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self {
            base,
            accept: accepted(&head.headers),
            content_type: content_type.and_then(MediaType::parse),
            query: head.uri.query().map(str::to_owned),
            damage,
        }
    }

    /// DICOM JSON can be given.
    ///
    /// # Errors
    /// 406 when the Accept header has no place for it.
    pub(super) fn wants_json(&self) -> Result<(), Refusal> {
        let json = |range: &MediaType| range.covers(DICOM_JSON) || range.covers("application/json");
        if self.accept.iter().any(json) { Ok(()) } else { Err(Refusal::NotAcceptable) }
    }

    /// The payload is DICOM JSON.
    ///
    /// # Errors
    /// 415 when it is said to be something else.
    pub(super) fn sends_json(&self) -> Result<(), Refusal> {
        let json = |sent: &MediaType| matches!(sent.essence.as_str(), DICOM_JSON | "application/json");
        if self.content_type.as_ref().is_some_and(json) { Ok(()) } else { Err(Refusal::UnsupportedMediaType) }
    }
}

fn is_this_machine(authority: &str, port: Option<u16>) -> bool {
    let Some((host, said)) = authority.rsplit_once(':') else { return false };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]") && said.parse().ok() == port
}

/// What the centre holds and how much it takes and gives.
pub(super) struct Holdings {
    /// Studies and stored objects.
    pub(super) archive: Arc<Archive>,
    /// Workitems.
    pub(super) worklist: Arc<Worklist>,
    /// Rows of one answer to a search.
    pub(super) page_limit: usize,
    /// Bytes of one STOW-RS request.
    pub(super) body_limit: usize,
}

/// Bytes of a request that carries a data set, not images.
const SMALL_BODY: usize = 1 << 20;

impl Holdings {
    /// Answers a request whose path (below the base URL) is `path`.
    ///
    /// # Errors
    /// [`Refusal`], which is an answer too.
    pub(super) async fn answer(
        &self,
        head: &Parts,
        path: &str,
        body: Incoming,
        ask: &Ask,
    ) -> Result<Reply, Refusal> {
        match route(&head.method, path)? {
            Resource::Search(level, scope) => {
                ask.wants_json()?;
                let query = Query::parse(ask.query.as_deref())?;
                let (archive, limit, base) = (self.archive.clone(), self.page_limit, ask.base.clone());
                offload(move || qido::search(&archive, (level, &scope), &query, limit, &base)).await?
            }
            Resource::Instances(scope) => wado::instances(&self.archive, scope, ask).await,
            Resource::Metadata(scope) => wado::metadata(&self.archive, scope, ask).await,
            Resource::Frames(scope, numbers) => wado::frames(&self.archive, scope, numbers, ask).await,
            Resource::Bulk(scope, key) => wado::bulk(&self.archive, scope, key, ask).await,
            Resource::Rendered(scope, frame) => rendered::picture(&self.archive, scope, frame, ask).await,
            Resource::Store(study) => {
                let boundary = stow::accepts(ask)?;
                let message = read(body, self.body_limit).await?;
                stow::store(&self.archive, study, message, boundary, &ask.base).await
            }
            Resource::Workitems => ups::search(&self.worklist, ask, self.page_limit),
            Resource::Workitem(item) => ups::retrieve(&self.worklist, &item, ask),
            Resource::CreateWorkitem => {
                ask.sends_json()?;
                let payload = read(body, SMALL_BODY).await?;
                ups::create(&self.worklist, &payload, ask)
            }
            Resource::UpdateWorkitem(item) => {
                ask.sends_json()?;
                let payload = read(body, SMALL_BODY).await?;
                ups::update(&self.worklist, &item, &payload, ask)
            }
            Resource::WorkitemState(item) => {
                ask.sends_json()?;
                let payload = read(body, SMALL_BODY).await?;
                ups::change_state(&self.worklist, &item, &payload, ask)
            }
        }
    }
}

/// The whole of a request's body.
///
/// # Errors
/// 413 beyond `limit` bytes, 400 when it does not arrive.
async fn read(body: Incoming, limit: usize) -> Result<bytes::Bytes, Refusal> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(e) if e.is::<http_body_util::LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::BadRequest("the body did not arrive")),
    }
}

/// Runs what computes for long on the runtime's blocking threads, so that other requests are answered
/// meanwhile.
///
/// # Errors
/// [`LineCut`] when it panicked.
pub(super) async fn offload<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, LineCut> {
    tokio::task::spawn_blocking(work).await.map_err(|_| LineCut)
}
