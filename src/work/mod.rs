//! Runs effects, returns events; owns the runtime, the threads and the long-lived machines.
//!
//! `session` says what must happen ([`crate::session::Effect`]); here it happens: network on a tokio runtime,
//! parsing and decoding on threads with deep stacks, the vault on blocking threads. What comes of it goes back
//! as [`crate::session::Event`] through a bounded inbox; progress is left out when the inbox is full, outcomes
//! wait for room.

mod access;
mod audit;
mod case;
mod chime;
mod claims;
mod drawings;
mod error;
mod evidence;
mod ground;
mod grown;
mod kept;
mod launch;
mod listing;
pub mod loaded;
pub mod local;
mod lock;
mod outbox;
mod pages;
mod pixels;
mod prefetch;
mod proof;
mod reading;
mod record;
mod retrieve;
mod shell;
mod sign;
mod sign_in;
mod threads;
mod typed;
mod worklist;

pub use error::WorkError;
pub use ground::{Secrets, Wake};
pub use launch::{DemoDoor, DemoEntry, Launch, Opening};
pub use threads::repeat;

use std::sync::Arc;

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::centre::Client;
use crate::dicom::Uid;
use crate::imaging::Stores;
use crate::session::{Effect, Event, Problem};
use crate::site::{Centre, Home, Profile};
use crate::vault::{StoredInstance, Vault};
use ground::Ground;
use launch::Doors;
use loaded::Loaded;
use lock::Needs;
use record::FetchRecord;

/// Events that may wait before progress is left out.
const INBOX: usize = 256;

/// A study as the vault holds it.
#[derive(Debug)]
pub struct HeldStudy {
    /// What could be opened.
    pub loaded: Vec<Loaded>,
    /// What could not, and why.
    pub refused: Vec<(Uid, WorkError)>,
    /// Instances that the centre had when the study was fetched last, if it was fetched.
    pub expected: Option<u32>,
    /// Everything that the centre has is here and opens.
    pub whole: bool,
}

/// The machine room. Dropping it stops what runs; what was saved stays saved.
pub struct Work {
    runtime: tokio::runtime::Runtime,
    ground: Arc<Ground>,
    inbox: mpsc::Receiver<Event>,
    /// Carries the audit trail away.
    _sending: Option<audit::Sending>,
}

impl Work {
    /// Starts the runtime. The vault is opened when it is first needed.
    ///
    /// # Errors
    /// [`WorkError::Stopped`] when the system gives no threads.
    pub fn start(
        home: Home,
        profile: Profile,
        centre: Option<Centre>,
        secrets: Box<dyn Secrets>,
    ) -> Result<Self, WorkError> {
        Self::with_doors(home, profile, centre, Doors { secrets, demo: None })
    }

    fn with_doors(
        home: Home,
        profile: Profile,
        centre: Option<Centre>,
        doors: Doors,
    ) -> Result<Self, WorkError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("work")
            // Foreign bytes are parsed on these threads too.
            .thread_stack_size(threads::STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|_| WorkError::Stopped)?;
        let (events, inbox) = mpsc::channel(INBOX);
        let ground = Arc::new(Ground::new(home, profile, centre, doors, events));
        audit::note_start(&ground);
        let sending = audit::start(runtime.handle(), &ground);
        Ok(Self { runtime, ground, inbox, _sending: sending })
    }

    /// Signs in as `user` to centres for which neither the profile nor the report names anybody.
    pub fn sign_in_as(&self, user: Option<&str>) {
        self.ground.sign_in_as(user);
    }

    /// Begins an effect and returns at once. It always ends in an event: a panic in it is told as a failure.
    pub fn run(&self, effect: Effect) {
        let ground = Arc::clone(&self.ground);
        let working = Arc::clone(&self.ground);
        let stopped = effect.failed(Problem::from(&WorkError::Stopped));
        let needs_keys = needs_keys(&effect);
        let task = self.runtime.spawn(async move {
            match effect {
                Effect::Shell(effect) => shell::run(&working, effect).await,
                Effect::SignIn(effect) => sign_in::run(&working, effect).await,
                Effect::Case(effect) => case::run(&working, effect).await,
                Effect::Pixels(effect) => pixels::run(&working, effect).await,
                Effect::Drawings(effect) => drawings::run(&working, effect).await,
                Effect::Worklist(effect) => worklist::run(&working, effect).await,
                Effect::Study(effect) => retrieve::run(&working, effect).await,
                Effect::Outbox(effect) => outbox::run(&working, effect).await,
                Effect::Lock(effect) => lock::run(&working, effect).await,
                Effect::Trail(effect) => audit::run(&working, effect).await,
            }
        });
        if let Some(needs) = needs_keys {
            self.ground.gate().watch(needs, task.abort_handle());
        }
        self.runtime.spawn(async move {
            if task.await.is_err() {
                ground.tell(stopped).await;
            }
        });
    }

    /// Runs something that a window waits for (a dialog of the system), and wakes the window when it has ended.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let ground = Arc::clone(&self.ground);
        self.runtime.spawn(async move {
            future.await;
            ground.wake();
        });
    }

    /// Waits for the next event.
    pub fn next_event(&mut self) -> Option<Event> {
        self.inbox.blocking_recv()
    }

    /// The next event, if one is there.
    pub fn try_next_event(&mut self) -> Option<Event> {
        self.inbox.try_recv().ok()
    }

    /// Has `wake` called after each event, from now on and for ever.
    pub fn wake_with(&self, wake: Wake) {
        self.ground.wake_with(wake);
    }

    /// Where pixels are put.
    pub fn stores(&self) -> Arc<Stores> {
        Arc::clone(self.ground.stores())
    }

    /// Waits for a future on the runtime: for the callers that have no wheel to turn.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The open vault.
    ///
    /// # Errors
    /// [`WorkError::Vault`], [`WorkError::NoPassphrase`].
    pub fn vault(&self) -> Result<Arc<Vault>, WorkError> {
        self.ground.vault()
    }

    /// A connection to a centre, signed in.
    ///
    /// # Errors
    /// [`WorkError::Site`], [`WorkError::NoPassword`], [`WorkError::Centre`].
    pub fn client(&self, centre: &str) -> Result<Client, WorkError> {
        self.wait(self.ground.client(centre))
    }

    /// A study from the vault, read through the gate. An instance that cannot be opened costs itself.
    ///
    /// # Errors
    /// [`WorkError::NotHere`] when there is none of it.
    pub fn load_study(&self, study: &Uid) -> Result<HeldStudy, WorkError> {
        let vault = self.vault()?;
        let stored = vault.instances(study)?;
        if stored.is_empty() {
            return Err(WorkError::NotHere { study: study.to_string() });
        }
        audit::note(&self.ground, &vault, audit::Happened::StudyOpened, study, None)?;
        let one = |stored: &StoredInstance| Loaded::of_vault(&vault, &stored.key);
        let read = threads::map("load", &stored, one, || Err(WorkError::Stopped));
        let record = FetchRecord::of(&vault, study);
        let mut held = HeldStudy { loaded: Vec::new(), refused: Vec::new(), expected: None, whole: true };
        for (stored, outcome) in stored.into_iter().zip(read) {
            match outcome {
                Ok(loaded) => held.loaded.push(loaded),
                Err(error) => held.refused.push((stored.key.sop, error)),
            }
        }
        held.expected = record.as_ref().map(|record| record.expected);
        let enough = held.expected.is_none_or(|expected| held.loaded.len() >= expected as usize);
        held.whole = enough && held.refused.is_empty() && record.is_none_or(|record| record.list_is_whole);
        Ok(held)
    }

    /// Notes that something of a study of the vault was written to `file`.
    ///
    /// # Errors
    /// [`WorkError::Vault`]: then nothing may be written.
    pub fn note_export(&self, study: &Uid, file: &std::path::Path) -> Result<(), WorkError> {
        audit::note_export(&self.ground, study, file)
    }

    /// The object of a report in the outbox, as it was signed.
    ///
    /// # Errors
    /// [`WorkError::Vault`].
    pub fn signed_object(&self, sop_instance: &Uid) -> Result<Zeroizing<Vec<u8>>, WorkError> {
        Ok(self.vault()?.report_object(sop_instance)?)
    }
}

/// Why a locked workstation keeps its keys while this runs, if it does.
fn needs_keys(effect: &Effect) -> Option<Needs> {
    use crate::session::{case, outbox, worklist as list};
    match effect {
        Effect::Case(case::Effect::Keep { .. } | case::Effect::Forget { .. })
        | Effect::Outbox(outbox::Effect::Sign { .. }) => Some(Needs::Keeping),
        Effect::Case(case::Effect::Open { .. } | case::Effect::Look { .. })
        | Effect::Worklist(list::Effect::Prefetch { .. } | list::Effect::Claim { .. })
        | Effect::Outbox(outbox::Effect::Send { .. })
        | Effect::Study(_) => Some(Needs::Transfer),
        _ => None,
    }
}

impl Drop for Work {
    /// Ends what runs for the open case and waits for the frames that are being decoded.
    fn drop(&mut self) {
        self.ground.reading().shut();
        audit::note_stop(&self.ground);
    }
}
