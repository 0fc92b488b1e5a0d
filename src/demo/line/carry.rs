//! One connection on its way through the line.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::condition::{Condition, Passage, Slices};
use super::lane::Lane;
use super::strike::Blow;
use super::{Shared, socket};

/// A connection's turn on a line with a rate, in bytes.
const TURN: usize = 4 << 10;
/// The same where there is none.
const FAST_TURN: usize = 16 << 10;
/// Turns of one connection that are on their way at a time.
const UNDER_WAY: usize = 512;
/// Sleeps are not finer than this.
const TICK: Duration = Duration::from_millis(1);
/// How long a closed connection's last bytes may take to be read.
const LAST_BYTES: Duration = Duration::from_secs(2);

/// How a connection ends before its two ends have closed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
}

/// Bytes on their way; none are the end.
struct Parcel {
    due: Instant,
    bytes: Vec<u8>,
}

/// Carries one connection from its beginning to its end.
pub(super) async fn carry(shared: Arc<Shared>, mut near: TcpStream) {
    let number = shared.opened.fetch_add(1, Ordering::Relaxed) + 1;
    let reached = tokio::select! {
        far = reach(&shared, number) => far,
        _ = shared.fate(number) => None,
    };
    let Some(mut far) = reached else { return reset(near) };
    let end = tokio::select! {
        ended = both_ways(&shared, number, (&mut near, &mut far)) => ended.err().unwrap_or(End::Closed),
        end = shared.fate(number) => end,
    };
    match end {
        End::Reset => {
            reset(near);
            reset(far);
        }
        End::Closed => {
            drop(far);
            let _ = near.shutdown().await;
            // What the near end still sends must not turn the close into a reset.
            let _ = timeout(LAST_BYTES, tokio::io::copy(&mut near, &mut tokio::io::sink())).await;
        }
    }
}

/// A connection to the far end, a round trip later; `None` where the line leads nowhere.
async fn reach(shared: &Shared, number: u64) -> Option<TcpStream> {
    shared.passable(number).await;
    let Condition { round_trip, passage, .. } = *shared.condition.borrow();
    if passage == Passage::Down {
        return None;
    }
    sleep(round_trip).await;
    let far = (*shared.far.borrow())?;
    socket(far).ok()?.connect(far).await.ok()
}

fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// Carries both ways until both are at their end.
async fn both_ways(
    shared: &Shared,
    number: u64,
    (near, far): (&mut TcpStream, &mut TcpStream),
) -> Result<(), End> {
    let _ = near.set_nodelay(true);
    let _ = far.set_nodelay(true);
    let (near_in, near_out) = near.split();
    let (far_in, far_out) = far.split();
    let up = Pipe { shared, lane: &shared.up, number };
    let down = Pipe { shared, lane: &shared.down, number };
    tokio::try_join!(up.carry(near_in, far_out, 0), down.carry(far_in, near_out, 1))?;
    Ok(())
}

/// One way of one connection.
#[derive(Clone, Copy)]
struct Pipe<'a> {
    shared: &'a Shared,
    lane: &'a Lane,
    number: u64,
}

impl Pipe<'_> {
    async fn carry(
        self,
        from: impl AsyncRead + Unpin,
        to: impl AsyncWrite + Unpin,
        way: u64,
    ) -> Result<(), End> {
        let seed = self.shared.seed ^ (self.number << 1 | way);
        let (sender, parcels) = mpsc::channel(UNDER_WAY);
        tokio::try_join!(self.enter(from, sender, Dice(seed)), self.leave(parcels, to, Dice(!seed)))?;
        Ok(())
    }

    /// Takes turn after turn at the line's rate and puts it on its way.
    async fn enter(
        self,
        mut from: impl AsyncRead + Unpin,
        way: mpsc::Sender<Parcel>,
        mut dice: Dice,
    ) -> Result<(), End> {
        let mut last = Instant::now();
        let mut buffer = vec![0; FAST_TURN];
        loop {
            let thin = self.shared.condition.borrow().bytes_per_second.is_some();
            let turn = if thin { TURN } else { FAST_TURN };
            let length = from.read(&mut buffer[..turn]).await.map_err(|_| End::Reset)?;
            let condition = *self.shared.condition.borrow();
            let entered = self.lane.book(Instant::now(), length, condition.bytes_per_second);
            if entered > Instant::now() + TICK {
                sleep_until(entered).await;
            }
            let trip = condition.round_trip / 2 + condition.jitter.mul_f64(2.0 * dice.part());
            last = last.max(entered + trip.saturating_sub(condition.jitter));
            let parcel = Parcel { due: last, bytes: buffer[..length].to_vec() };
            if way.send(parcel).await.is_err() || length == 0 {
                return Ok(());
            }
        }
    }

    /// Hands over what is due.
    async fn leave(
        self,
        mut way: mpsc::Receiver<Parcel>,
        mut to: impl AsyncWrite + Unpin,
        mut dice: Dice,
    ) -> Result<(), End> {
        while let Some(Parcel { due, mut bytes }) = way.recv().await {
            if due > Instant::now() {
                sleep_until(due).await;
            }
            self.shared.passable(self.number).await;
            if bytes.is_empty() {
                let slow_close = self.shared.condition.borrow().slow_close;
                sleep(slow_close).await;
                let _ = to.shutdown().await;
                return Ok(());
            }
            let mut rest = &mut bytes[..];
            while !rest.is_empty() {
                let (passed, blow) = self.lane.pass(rest);
                let (run, after) = rest.split_at_mut(passed);
                self.hand_over(run, &mut to, &mut dice).await.map_err(|_| End::Reset)?;
                rest = after;
                self.struck(blow)?;
            }
        }
        Ok(())
    }

    fn struck(self, blow: Option<Blow>) -> Result<(), End> {
        match blow {
            None | Some(Blow::Flip) => return Ok(()),
            Some(Blow::Close) => return Err(End::Closed),
            Some(Blow::Reset) => {}
            Some(Blow::Break) => self.shared.break_all(),
            Some(Blow::Cut) => {
                self.shared.condition.send_modify(|condition| condition.passage = Passage::Down);
                self.shared.break_all();
            }
        }
        Err(End::Reset)
    }

    async fn hand_over(
        self,
        mut bytes: &[u8],
        to: &mut (impl AsyncWrite + Unpin),
        dice: &mut Dice,
    ) -> std::io::Result<()> {
        let slices = self.shared.condition.borrow().slices;
        let Some(Slices { bytes: size, variation, pause }) = slices else {
            return to.write_all(bytes).await;
        };
        while !bytes.is_empty() {
            let longer = (dice.part() * (2 * variation + 1) as f64) as usize;
            let size = (size + longer).saturating_sub(variation).clamp(1, bytes.len());
            let (slice, rest) = bytes.split_at(size);
            to.write_all(slice).await?;
            if !pause.is_zero() {
                sleep(pause).await;
            }
            bytes = rest;
        }
        Ok(())
    }
}

impl Shared {
    /// Waits while nothing gets through for this connection.
    async fn passable(&self, number: u64) {
        if !self.is_silent(number) {
            return;
        }
        let (mut condition, mut fates) = (self.condition.subscribe(), self.fates.subscribe());
        while self.is_silent(number) {
            tokio::select! {
                _ = condition.changed() => {}
                _ = fates.changed() => {}
            }
        }
    }

    fn is_silent(&self, number: u64) -> bool {
        let silent = matches!(self.condition.borrow().passage, Passage::Silent { .. });
        silent || self.fates.borrow().stranded >= number
    }

    /// Waits for what ends this connection from outside.
    async fn fate(&self, number: u64) -> End {
        let mut fates = self.fates.subscribe();
        tokio::select! {
            _ = fates.wait_for(|fates| fates.broken >= number) => End::Reset,
            _ = self.given_up() => End::Closed,
        }
    }

    /// Waits until it has been silent for as long as connections bear it.
    async fn given_up(&self) {
        let mut condition = self.condition.subscribe();
        loop {
            let bears = match condition.borrow_and_update().passage {
                Passage::Silent { close_after } => close_after,
                Passage::Open | Passage::Down => None,
            };
            let changed = condition.changed();
            let over = match bears {
                Some(time) => timeout(time, changed).await.is_err(),
                None => changed.await.is_err(),
            };
            if over {
                return;
            }
        }
    }
}

/// Chance, the same in every run: SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
