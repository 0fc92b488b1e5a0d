//! The line to a centre as it is at home: thin, late, and now and then cut. A TCP proxy on loopback.
//!
//! ```text
//!   near end ──► enter: one rate for all connections of a way ──► half a round trip ──► leave: strikes ──► far end
//!            ◄── the same the other way ──────────────────────────────────────────────────────────────────
//! ```
//!
//! What a line *is* ([`Condition`]) holds until it is changed, for the connections that are open too; what *happens*
//! to it ([`Strike`]) happens once, at a byte. Together they are the faults of Shopify's Toxiproxy (latency with
//! jitter, bandwidth, `slow_close`, timeout, slicer, `limit_data`, `reset_peer`), and a bit that flips below TLS.
//!
//! All connections share one rate in each way, in turns of a few kilobytes, as the computers of a home do. A
//! new connection pays a round trip before its first byte. What waits on the line is bounded: the buffers of the
//! system are made small, so that a sender is held back as it would be. TCP's slow start is not imitated.
//!
//! Like the centre, the line owns no runtime: [`Line::bind`] is awaited and the future it gives is spawned by the
//! caller. Everything random comes from the seed.

mod carry;
mod condition;
mod lane;
mod strike;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpSocket;
use tokio::sync::watch;

pub use condition::{Condition, Passage, Slices};
pub use strike::{Blow, Strike, Way};

use super::error::DemoError;
use lane::Lane;

/// Bytes of one connection that wait in the system's buffer before the line: what a home router holds.
const BUFFER: u32 = 64 << 10;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// The near end of a line that runs. Dropping it ends the line.
pub struct Line {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
}

/// What a line has carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Bytes that reached the far end.
    pub up: u64,
    /// Bytes that reached the near end.
    pub down: u64,
    /// Connections that began.
    pub connections: u64,
}

/// What all connections of a line know.
struct Shared {
    condition: watch::Sender<Condition>,
    far: watch::Sender<Option<SocketAddr>>,
    fates: watch::Sender<Fates>,
    up: Lane,
    down: Lane,
    opened: AtomicU64,
    seed: u64,
}

/// What has befallen the connections that were open at a moment; they are numbered from 1.
#[derive(Debug, Clone, Copy, Default)]
struct Fates {
    /// Up to this one they are reset.
    broken: u64,
    /// Up to this one nothing gets through any more.
    stranded: u64,
}

impl Line {
    /// Listens on `address` (loopback only; port 0 takes a free one). Connections are carried by the future, which
    /// the caller spawns and which ends with the line. Where the line leads is said by [`Line::lead_to`]; before,
    /// connections are reset. `seed` decides jitter and the sizes of slices. Needs a tokio runtime with IO and time.
    ///
    /// # Errors
    /// [`DemoError::NotLoopback`], [`DemoError::Listen`].
    pub async fn bind(
        address: SocketAddr,
        condition: Condition,
        seed: u64,
    ) -> Result<(Self, impl Future<Output = ()> + Send + 'static), DemoError> {
        if !address.ip().is_loopback() {
            return Err(DemoError::NotLoopback { address });
        }
        let refused = |e: std::io::Error| DemoError::Listen { address, kind: e.kind() };
        let socket = socket(address).map_err(refused)?;
        #[cfg(unix)]
        socket.set_reuseaddr(true).map_err(refused)?;
        socket.bind(address).map_err(refused)?;
        let listener = socket.listen(BACKLOG).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared {
            condition: watch::Sender::new(condition),
            far: watch::Sender::new(None),
            fates: watch::Sender::default(),
            up: Lane::default(),
            down: Lane::default(),
            opened: AtomicU64::new(0),
            seed,
        });
        let (stop, mut stopped) = watch::channel(false);
        let line = Self { address, shared: Arc::clone(&shared), stop };
        let serving = async move {
            let mut open = FuturesUnordered::new();
            loop {
                tokio::select! {
                    // Also when the `Line` is dropped.
                    _ = stopped.changed() => return,
                    Some(()) = open.next(), if !open.is_empty() => {}
                    accepted = listener.accept() => match accepted {
                        Ok((near, _)) => open.push(carry::carry(Arc::clone(&shared), near)),
                        // Out of file handles, mostly: wait for some to be closed.
                        Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
                    },
                }
            }
        };
        Ok((line, serving))
    }

    /// The line leads here from now on; what is open breaks.
    pub fn lead_to(&self, far: SocketAddr) {
        self.shared.far.send_replace(Some(far));
        self.break_all();
    }

    /// Changes what the line is like, also for the connections that are open.
    pub fn change(&self, change: impl FnOnce(&mut Condition)) {
        self.shared.condition.send_modify(change);
    }

    /// What the line is like now.
    pub fn condition(&self) -> Condition {
        *self.shared.condition.borrow()
    }

    /// The line is down until [`Line::restore`]: what is open is reset, and so is whoever comes.
    pub fn cut(&self) {
        self.change(|condition| condition.passage = Passage::Down);
        self.break_all();
    }

    /// Nothing gets through until [`Line::restore`], and nobody is told: what is open stays open, and waits.
    pub fn silence(&self) {
        self.change(|condition| condition.passage = Passage::Silent { close_after: None });
    }

    /// The line is up again.
    pub fn restore(&self) {
        self.change(|condition| condition.passage = Passage::Open);
    }

    /// Resets what is open; new connections come about, as after a router has dialled in again.
    pub fn break_all(&self) {
        self.shared.break_all();
    }

    /// Nothing gets through what is open any more, for ever; new connections come about. So it is when a laptop
    /// changes its network: the old address is gone, and nobody says so.
    pub fn strand_all(&self) {
        let opened = self.shared.opened.load(Ordering::Relaxed);
        self.shared.fates.send_modify(|fates| fates.stranded = opened);
    }

    /// Has something happen at a byte, counted from now. Several may be waiting; each happens once.
    pub fn strike(&self, strike: Strike) {
        self.shared.lane(strike.way).expect(strike);
    }

    /// Nothing more happens by itself.
    pub fn forget_strikes(&self) {
        self.shared.up.forget();
        self.shared.down.forget();
    }

    /// What has got through since the beginning.
    pub fn carried(&self) -> Carried {
        Carried {
            up: self.shared.up.carried(),
            down: self.shared.down.carried(),
            connections: self.shared.opened.load(Ordering::Relaxed),
        }
    }

    /// Ends the line: what is open is closed.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

impl Shared {
    fn lane(&self, way: Way) -> &Lane {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }

    fn break_all(&self) {
        let opened = self.opened.load(Ordering::Relaxed);
        self.fates.send_modify(|fates| fates.broken = opened);
    }
}

/// A socket with a small buffer, which what it accepts inherits.
fn socket(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_recv_buffer_size(BUFFER)?;
    Ok(socket)
}
