//! Bodies of answers, the line they travel on, and what faults do to them on the way.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyDataStream, BodyExt, Full, StreamBody};
use hyper::body::Frame;
use tokio::sync::Notify;

use super::faults::FaultKind;

/// A body that is streamed; it fails only where a fault, or a file that cannot be made, cuts the line.
pub(super) type Body = UnsyncBoxBody<Bytes, LineCut>;

/// The connection goes away before the answer is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is cut")]
pub(super) struct LineCut;

/// How long bytes that were handed over have to reach the socket before the connection is cut.
const FLUSH_TIME: Duration = Duration::from_millis(50);

/// Pieces a second that a rate-limited body is cut into.
const PIECES_PER_SECOND: u64 = 20;

/// A whole body.
pub(super) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A body that is made as it is sent.
pub(super) fn streamed(chunks: impl Stream<Item = Result<Bytes, LineCut>> + Send + 'static) -> Body {
    StreamBody::new(chunks.map(|chunk| chunk.map(Frame::data))).boxed_unsync()
}

/// One connection, as seen by its requests: it can be cut.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<Notify>);

impl Line {
    /// Cuts the connection: TCP ends without a TLS goodbye, with whatever else travels on it.
    pub(super) fn cut(&self) {
        self.0.notify_one();
    }

    /// Waits for the cut.
    pub(super) async fn was_cut(&self) {
        self.0.notified().await;
    }
}

/// Slows a body down, or cuts its line after some bytes, where a fault says so.
pub(super) fn impaired(body: Body, faults: &[FaultKind], line: Line) -> Body {
    let rate = faults.iter().find_map(|fault| match fault {
        FaultKind::RateLimit { bytes_per_second } => Some((*bytes_per_second).max(1)),
        _ => None,
    });
    let left = faults.iter().find_map(|fault| match fault {
        FaultKind::DropAfter { body_bytes } => Some(*body_bytes),
        _ => None,
    });
    if rate.is_none() && left.is_none() {
        return body;
    }
    let way = Way { chunks: body.into_data_stream(), held: Bytes::new(), rate, left, line };
    streamed(stream::unfold(way, Way::step))
}

/// A body on its way.
struct Way {
    chunks: BodyDataStream<Body>,
    held: Bytes,
    rate: Option<u64>,
    left: Option<u64>,
    line: Line,
}

impl Way {
    /// The next piece, slowed or cut.
    async fn step(mut self) -> Option<(Result<Bytes, LineCut>, Self)> {
        if self.left == Some(0) {
            tokio::time::sleep(FLUSH_TIME).await;
            self.line.cut();
            return Some((Err(LineCut), self));
        }
        while self.held.is_empty() {
            match self.chunks.next().await? {
                Ok(chunk) => self.held = chunk,
                Err(cut) => return Some((Err(cut), self)),
            }
        }
        let mut size = self.held.len() as u64;
        if let Some(rate) = self.rate {
            size = size.min((rate / PIECES_PER_SECOND).max(1));
            tokio::time::sleep(Duration::from_secs_f64(size as f64 / rate as f64)).await;
        }
        if let Some(left) = &mut self.left {
            size = size.min(*left);
            *left -= size;
        }
        let piece = self.held.split_to(usize::try_from(size).unwrap_or(usize::MAX).min(self.held.len()));
        Some((Ok(piece), self))
    }
}
