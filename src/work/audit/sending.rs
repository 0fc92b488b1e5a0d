//! Carries copies of the trail to the receivers that the profile names, in order and in the background.
//!
//! ```text
//!   written ──gather──► read the next batch ──deliver──► remember how far it is proven ──┐
//!      ▲                        │ nothing left                  │ trouble               │
//!      └────────────────────────┘            back-off ◄─────────┘        pause ◄────────┘
//! ```
//!
//! How far each receiver has come is a note in the vault, written after the receiver has proven it and never
//! before: a kill between the two sends the same messages again, and none is left out. A receiver that takes
//! nothing holds the later ones up, because their order is kept. Without a receiver in the profile this machine
//! does not run; while the vault is closed it rests.

use std::sync::Arc;
use std::time::Duration;

use super::desk::WayState;
use crate::centre::audit::{AuditError, Message, Record, Source, Way};
use crate::centre::retry;
use crate::session::Problem;
use crate::text::Explain;
use crate::vault::Vault;
use crate::work::ground::Ground;
use crate::work::{WorkError, sign};

/// Messages of one connection: few enough that a break repeats little.
const BATCH: usize = 100;
/// What happens together leaves together.
const GATHER: Duration = Duration::from_millis(500);
/// Between two batches, so that a long trail does not crowd out images.
const PAUSE: Duration = Duration::from_millis(100);

/// The machine; it stops when this is dropped.
pub(crate) struct Sending(tokio::task::JoinHandle<()>);

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts the machine where the profile names a receiver.
pub(crate) fn start(runtime: &tokio::runtime::Handle, ground: &Arc<Ground>) -> Option<Sending> {
    ground.profile().audit.as_ref()?;
    Some(Sending(runtime.spawn(run(Arc::clone(ground)))))
}

async fn run(ground: Arc<Ground>) {
    // Files of certificates are read.
    let asked = ground.blocking(|ground| Ok(ground.profile().audit.as_ref().map(Way::all))).await;
    match asked {
        Ok(Some(Ok(ways))) => {
            let all = ways.into_iter().map(|way| send(&ground, way));
            futures_util::future::join_all(all).await;
        }
        Ok(Some(Err(error))) => tell(&ground, "profile", "profile.toml", Some(&error)),
        Ok(None) | Err(_) => {}
    }
}

/// How a turn ended.
enum Turn {
    /// Nothing to send, or the vault is closed.
    Idle,
    /// Something was proven to have arrived.
    Moved,
    /// The receiver is in trouble.
    Failed(AuditError),
}

/// Sends to one receiver for ever.
async fn send(ground: &Arc<Ground>, way: Way) {
    tell(ground, &way.name(), way.host(), None);
    let mut written = ground.audit().written();
    let mut attempt = 0;
    loop {
        written.mark_unchanged();
        match turn(ground, &way).await {
            Ok(Turn::Moved) => {
                attempt = 0;
                tell(ground, &way.name(), way.host(), None);
                tokio::time::sleep(PAUSE).await;
            }
            Ok(Turn::Failed(error)) => {
                tracing::warn!(%error, attempt, "copies of the audit trail wait");
                tell(ground, &way.name(), way.host(), Some(&error));
                tokio::time::sleep(retry::delay(attempt, None, jitter())).await;
                attempt += 1;
            }
            Ok(Turn::Idle) | Err(_) => {
                if written.changed().await.is_err() {
                    return;
                }
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}

async fn turn(ground: &Arc<Ground>, way: &Way) -> Result<Turn, WorkError> {
    let name = way.name();
    let batch = ground.blocking(move |ground| next(ground, &name)).await?;
    if batch.is_empty() {
        return Ok(Turn::Idle);
    }
    let delivered = way.deliver(&batch).await;
    if let Some(last) = delivered.proven.checked_sub(1).and_then(|last| batch.get(last)) {
        let (name, last) = (way.name(), last.sequence);
        ground.blocking(move |ground| remember(ground, &name, last)).await?;
    }
    Ok(match delivered.trouble {
        Some(trouble) => Turn::Failed(trouble),
        None => Turn::Moved,
    })
}

/// The next messages for a receiver; none while the vault is closed. It ends before a record that a newer version
/// wrote: that one will send it.
fn next(ground: &Ground, way: &str) -> Result<Vec<Message>, WorkError> {
    let Some(vault) = ground.open_vault() else { return Ok(Vec::new()) };
    let records = vault.audit_after(sent(&vault, way)?, BATCH)?;
    let profile = ground.profile();
    let site = profile.audit.as_ref().and_then(|target| target.site.clone()).unwrap_or_default();
    let device = sign::device(&vault)?.to_string();
    let source = Source { device, node: super::node::name(), site };
    let known = records.iter().map_while(|kept| {
        Record::parse(&kept.record).map(|record| Message::new(kept.sequence, &record, &source))
    });
    Ok(known.collect())
}

/// How far a receiver has come.
pub(super) fn sent(vault: &Vault, way: &str) -> Result<u64, WorkError> {
    let note = vault.note(&place(way))?;
    let number = note.and_then(|note| Some(u64::from_be_bytes(note.as_slice().try_into().ok()?)));
    Ok(number.unwrap_or(0))
}

fn remember(ground: &Ground, way: &str, sequence: u64) -> Result<(), WorkError> {
    match ground.open_vault() {
        Some(vault) => Ok(vault.put_note(&place(way), &sequence.to_be_bytes())?),
        // Closed meanwhile: these are sent again.
        None => Ok(()),
    }
}

fn place(way: &str) -> String {
    format!("audit sent: {way}")
}

fn tell(ground: &Ground, name: &str, host: &str, error: Option<&AuditError>) {
    let problem = error.map(|error| Problem::from(error.message()));
    ground.audit().set_way(WayState { name: name.to_owned(), host: host.to_owned(), problem });
}

/// A number from 0 to 1 that differs between workstations.
fn jitter() -> f64 {
    f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}
