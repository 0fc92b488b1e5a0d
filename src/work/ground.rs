//! What every piece of work stands on: folders, centres, secrets, the vault, the way back for events.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::sync::{mpsc, watch};
use zeroize::Zeroizing;

use super::access::Shown;
use super::claims::Claims;
use super::launch::{DemoDoor, Doors};
use super::lock::Gate;
use super::prefetch::Prefetch;
use super::reading::Reading;
use super::threads::lock;
use super::typed::Typed;
use super::worklist::Asked;
use super::{WorkError, audit, sign_in};
use crate::centre::Client;
use crate::imaging::Stores;
use crate::session::{Event, RequestId};
use crate::site::{Centre, Home, Profile, SiteError};
use crate::vault::{OpenOptions, Unlock, Vault, VaultError};

/// Frames kept in memory: a study of some 1,000 CT slices.
const FRAMES_BYTES: usize = 512 << 20;

/// Where secrets come from that nobody typed at a sign-in: the environment, a terminal.
pub trait Secrets: Send + Sync {
    /// The vault's passphrase; asks a person if need be, `None` when nobody can be asked.
    fn passphrase(&self) -> Option<Zeroizing<String>>;
    /// A passphrase that is at hand without asking.
    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>>;
    /// A user's password at one centre. A password must never be given for another centre than the one it is
    /// for.
    fn password(&self, centre: &Centre, user: &str) -> Option<Zeroizing<String>>;
    /// An access token for one centre, under the same rule.
    fn token(&self, _centre: &Centre) -> Option<Zeroizing<String>> {
        None
    }
    /// What opens the file with this computer's certificate.
    fn certificate_password(&self, _path: &Path) -> Option<Zeroizing<String>> {
        None
    }
    /// Opens the reader's browser; false when there is none.
    fn browse(&self, address: &str) -> bool {
        webbrowser::open(address).is_ok()
    }
    /// Whether a person at a terminal can be asked to sign in with a browser.
    fn can_ask(&self) -> bool {
        false
    }
    /// Tells that person which address to open.
    fn ask_to_open(&self, _centre: &Centre, _address: &str) {}
}

/// The ground under all work of one process.
pub(super) struct Ground {
    home: Home,
    profile: Mutex<Arc<Profile>>,
    /// Centres that this process knows before any of the profile: the one it was started for, the demo.
    chosen: Mutex<Vec<Centre>>,
    typed: Mutex<Typed>,
    /// Who signs in where neither profile nor report says.
    user: Mutex<Option<String>>,
    vault: Mutex<Option<Arc<Vault>>>,
    clients: Mutex<Vec<(Centre, Client)>>,
    /// Sign-ins up to this one are broken off.
    broken_off: watch::Sender<RequestId>,
    /// A worklist that was asked for before anybody wanted it, and of which centre.
    asked: Mutex<Option<(String, Asked)>>,
    /// What the audit trail needs to know.
    audit: audit::Desk,
    events: mpsc::Sender<Event>,
    /// Where pixels go.
    stores: Arc<Stores>,
    /// What is open.
    reading: Reading,
    /// Whether somebody is there.
    gate: Gate,
    /// What comes before it is opened.
    prefetch: Prefetch,
    claims: Claims,
    /// Called after each event: a window looks at its inbox.
    wake: OnceLock<Wake>,
    /// Last: the demo's folder goes when nothing in it is open any more.
    doors: Doors,
}

/// A connection over which a centre has let somebody in.
pub(super) struct Pass {
    pub(super) centre: Centre,
    pub(super) shown: Shown,
    pub(super) client: Client,
}

/// Tells whoever reads the inbox that something is in it; from any thread.
pub type Wake = Box<dyn Fn() + Send + Sync>;

impl Ground {
    pub(super) fn new(
        home: Home,
        profile: Profile,
        chosen: Option<Centre>,
        doors: Doors,
        events: mpsc::Sender<Event>,
    ) -> Self {
        let (profile, chosen) = (Mutex::new(Arc::new(profile)), Mutex::new(chosen.into_iter().collect()));
        let typed = Mutex::default();
        let (user, vault) = (Mutex::default(), Mutex::default());
        let (clients, asked) = (Mutex::default(), Mutex::default());
        let (stores, wake) = (Arc::new(Stores::new(FRAMES_BYTES)), OnceLock::new());
        let reading = Reading::new(Arc::clone(&stores));
        Self {
            home,
            profile,
            chosen,
            doors,
            typed,
            user,
            vault,
            clients,
            broken_off: watch::Sender::new(0),
            asked,
            events,
            stores,
            reading,
            gate: Gate::default(),
            prefetch: Prefetch::default(),
            claims: Claims::default(),
            wake,
            audit: audit::Desk::new(),
        }
    }

    /// What the audit trail needs to know.
    pub(super) fn audit(&self) -> &audit::Desk {
        &self.audit
    }

    /// The vault, if it is open already.
    pub(super) fn open_vault(&self) -> Option<Arc<Vault>> {
        lock(&self.vault).clone()
    }

    /// What is open.
    pub(super) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Whether somebody is there.
    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// What the reader has taken.
    pub(super) fn claims(&self) -> &Claims {
        &self.claims
    }

    /// What comes before it is opened.
    pub(super) fn prefetch(&self) -> &Prefetch {
        &self.prefetch
    }

    /// Where pixels go.
    pub(super) fn stores(&self) -> &Arc<Stores> {
        &self.stores
    }

    /// Has `wake` called after each event, from now on and for ever.
    pub(super) fn wake_with(&self, wake: Wake) {
        let _ = self.wake.set(wake);
    }

    /// Tells the window that something has happened.
    pub(super) fn wake(&self) {
        if let Some(wake) = self.wake.get() {
            wake();
        }
    }

    pub(super) fn sign_in_as(&self, user: Option<&str>) {
        *lock(&self.user) = user.map(str::to_owned);
    }

    /// Tells an outcome: waits for room in the inbox.
    pub(super) async fn tell(&self, event: Event) {
        // Fails only when nobody listens any more.
        let _ = self.events.send(event).await;
        self.wake();
    }

    /// Tells progress: left out when the inbox is full, since a newer one follows.
    pub(super) fn tell_progress(&self, event: Event) {
        let _ = self.events.try_send(event);
        self.wake();
    }

    /// The folders.
    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    /// The profile as it is now: who reads, for which centres.
    pub(super) fn profile(&self) -> Arc<Profile> {
        Arc::clone(&lock(&self.profile))
    }

    /// Changes the profile: in its file first, then here. Nothing is changed when the file cannot be.
    pub(super) fn change_profile(&self, change: impl Fn(&mut Profile)) -> Result<(), SiteError> {
        let mut current = lock(&self.profile);
        Profile::change(&self.home, &change)?;
        change(Arc::make_mut(&mut current));
        Ok(())
    }

    /// The door to the demo centre, where this process has one.
    pub(super) fn demo_door(&self) -> Option<&dyn DemoDoor> {
        self.doors.demo.as_deref()
    }

    /// Whether a passphrase is there without anybody typing it.
    pub(super) fn has_passphrase_at_hand(&self) -> bool {
        self.doors.secrets.passphrase_at_hand().is_some()
    }

    /// Where secrets come from that nobody typed at a sign-in.
    pub(super) fn secrets(&self) -> &dyn Secrets {
        &*self.doors.secrets
    }

    /// What opens the centres' doors.
    pub(super) fn typed(&self) -> &Mutex<Typed> {
        &self.typed
    }

    /// Breaks off every sign-in up to this one.
    pub(super) fn break_off(&self, id: RequestId) {
        self.broken_off.send_if_modified(|latest| {
            let newer = id > *latest;
            *latest = id.max(*latest);
            newer
        });
    }

    /// Ends when that sign-in is broken off.
    pub(super) async fn broken_off(&self, id: RequestId) {
        // The sender lives as long as this.
        let _ = self.broken_off.subscribe().wait_for(|latest| *latest >= id).await;
    }

    /// Whether the reader is signed in there now.
    pub(super) fn is_signed_in(&self, centre: &str) -> bool {
        lock(&self.typed).signed_in.as_deref() == Some(centre)
    }

    /// Uses a connection that has proven good from now on, with what opened it. `guest`: the profile does not
    /// know this centre.
    pub(super) fn admit(&self, pass: Pass, guest: bool) {
        let Pass { centre, shown, client } = pass;
        self.keep_shown(&centre, shown);
        lock(&self.typed).signed_in = Some(centre.name.clone());
        if guest {
            let mut chosen = lock(&self.chosen);
            chosen.retain(|known| known.name != centre.name);
            chosen.push(centre.clone());
        }
        let mut clients = lock(&self.clients);
        // Others to this address may hold a password that is no longer right.
        clients.retain(|(known, _)| known.url != centre.url);
        clients.push((centre, client));
    }

    /// Forgets passwords, tokens and the connections made with them; what is sealed stays. Whoever comes next signs
    /// in, also where it was locked.
    pub(super) fn forget_sign_ins(&self) {
        lock(&self.typed).forget();
        self.disconnect();
        self.gate.open();
    }

    fn disconnect(&self) {
        lock(&self.clients).clear();
        *lock(&self.asked) = None;
    }

    /// The password or access token that this user is signed in with at this centre, if one was typed.
    pub(super) fn typed_word(&self, centre: &Centre, user: &str) -> Option<Zeroizing<String>> {
        let typed = lock(&self.typed);
        typed.password(&centre.url, user).or_else(|| typed.token(&centre.url))
    }

    /// Somebody typed what opened the vault.
    pub(super) fn has_typed_passphrase(&self) -> bool {
        lock(&self.typed).passphrase.is_some()
    }

    /// Takes the vault away: nobody has it from here on but who has it already.
    pub(super) fn take_vault(&self) -> Option<Arc<Vault>> {
        lock(&self.vault).take()
    }

    /// Takes the sign-ins away, in a form that [`Ground::take_back_sign_ins`] reads.
    pub(super) fn take_sign_ins(&self) -> Zeroizing<Vec<u8>> {
        self.disconnect();
        lock(&self.typed).take()
    }

    /// The sign-ins as they were taken away.
    pub(super) fn take_back_sign_ins(&self, taken: &[u8]) {
        lock(&self.typed).take_back(taken);
    }

    /// Opens the vault that was open when the workstation was locked, and hands it out.
    pub(super) fn open_again(&self, passphrase: Option<Zeroizing<String>>) -> Result<(), WorkError> {
        let vault = Arc::new(self.open(passphrase)?);
        *lock(&self.vault) = Some(Arc::clone(&vault));
        audit::opened(self, &vault);
        Ok(())
    }

    /// This passphrase opens the vault.
    pub(super) fn keep_passphrase(&self, passphrase: Zeroizing<String>) {
        lock(&self.typed).passphrase = Some(passphrase);
    }

    /// The same centre has let the same reader in again.
    pub(super) fn admit_again(&self, pass: Pass) {
        let guest = lock(&self.chosen).iter().any(|known| known.name == pass.centre.name);
        self.admit(pass, guest);
    }

    /// Keeps a worklist that is on its way for whoever wants it next.
    pub(super) fn keep_asked(&self, centre: String, asked: Asked) {
        *lock(&self.asked) = Some((centre, asked));
    }

    /// A worklist of this centre that is on its way, once.
    pub(super) fn take_asked(&self, centre: &str) -> Option<Asked> {
        let (of, asked) = lock(&self.asked).take()?;
        (of == centre).then_some(asked)
    }

    /// The vault, opened now if it was not. The passphrase at hand comes first; then the key store; then a
    /// person is asked. Blocks: stretching a passphrase takes a while.
    pub(super) fn vault(&self) -> Result<Arc<Vault>, WorkError> {
        let mut slot = lock(&self.vault);
        if self.gate.is_without_keys() {
            return Err(WorkError::Locked);
        }
        if let Some(vault) = &*slot {
            return Ok(Arc::clone(vault));
        }
        let vault = Arc::new(self.open(None)?);
        *slot = Some(Arc::clone(&vault));
        drop(slot);
        audit::opened(self, &vault);
        Ok(vault)
    }

    /// The same for a person at the sign-in, with what was typed. A vault that a typed passphrase opened is
    /// for nobody who does not know it.
    pub(super) fn unlock(&self, passphrase: Option<Zeroizing<String>>) -> Result<(), WorkError> {
        match passphrase {
            Some(_) => super::lock::counted(self, || self.unlock_now(passphrase)),
            None => self.unlock_now(None),
        }
    }

    fn unlock_now(&self, passphrase: Option<Zeroizing<String>>) -> Result<(), WorkError> {
        let mut slot = lock(&self.vault);
        let mut typed = lock(&self.typed);
        if slot.is_some() {
            return match (&typed.passphrase, passphrase) {
                (None, _) => Ok(()),
                (Some(right), Some(given)) if *right == given => Ok(()),
                (Some(_), Some(_)) => Err(VaultError::WrongPassphrase.into()),
                (Some(_), None) => Err(WorkError::NoPassphrase),
            };
        }
        let vault = Arc::new(self.open(passphrase.clone())?);
        *slot = Some(Arc::clone(&vault));
        typed.passphrase = passphrase;
        drop((slot, typed));
        audit::opened(self, &vault);
        Ok(())
    }

    /// The same from an async task.
    pub(super) async fn vault_async(self: &Arc<Self>) -> Result<Arc<Vault>, WorkError> {
        self.blocking(Self::vault).await
    }

    /// Runs something that blocks on a thread that may.
    pub(super) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> Result<T, WorkError> + Send + 'static,
    ) -> Result<T, WorkError> {
        let ground = Arc::clone(self);
        tokio::task::spawn_blocking(move || job(&ground)).await.unwrap_or(Err(WorkError::Stopped))
    }

    fn open(&self, typed: Option<Zeroizing<String>>) -> Result<Vault, WorkError> {
        let folder = self.home.vault();
        let secrets = &self.doors.secrets;
        let open = |unlock| Vault::open(&folder, unlock, OpenOptions::default());
        if let Some(passphrase) = typed.or_else(|| secrets.passphrase_at_hand()) {
            return Ok(open(Unlock::Passphrase(passphrase))?);
        }
        match open(Unlock::KeyStore) {
            Err(VaultError::NeedsPassphrase | VaultError::NoKeyStore) => {
                let passphrase = secrets.passphrase().ok_or(WorkError::NoPassphrase)?;
                Ok(open(Unlock::Passphrase(passphrase))?)
            }
            opened => Ok(opened?),
        }
    }

    /// The vault where one exists already; reading the worklist must not make one.
    pub(super) fn existing_vault(&self) -> Result<Option<Arc<Vault>>, WorkError> {
        if lock(&self.vault).is_none() && !self.home.vault().is_dir() {
            return Ok(None);
        }
        self.vault().map(Some)
    }

    /// A connection to the centre of that name, signed in; kept warm for the next request.
    pub(super) async fn client(self: &Arc<Self>, name: &str) -> Result<Client, WorkError> {
        let centre = self.centre(name)?;
        self.client_at(centre).await
    }

    /// A connection to exactly this centre.
    pub(super) async fn client_at(self: &Arc<Self>, centre: Centre) -> Result<Client, WorkError> {
        // The secrets may ask a person.
        let wanted = centre.clone();
        match self.blocking(move |ground| ground.connect(&wanted)).await {
            Err(WorkError::NoSignIn { .. }) if self.secrets().can_ask() => {
                sign_in::at_terminal(self, &centre).await?;
                self.blocking(move |ground| ground.connect(&centre)).await
            }
            connected => connected,
        }
    }

    fn connect(&self, centre: &Centre) -> Result<Client, WorkError> {
        if self.gate.is_without_keys() {
            return Err(WorkError::Locked);
        }
        let known = |(known, client): &&(Centre, Client)| known == centre && !client.has_ended();
        if let Some((_, client)) = lock(&self.clients).iter().find(known) {
            return Ok(client.clone());
        }
        let client = Client::new(centre, self.access(centre, &Shown::default())?)?;
        let mut clients = lock(&self.clients);
        clients.retain(|(known, _)| known != centre);
        clients.push((centre.clone(), client.clone()));
        Ok(client)
    }

    /// Where a report goes: exactly the centre it was signed for. The profile may know it better by now (a new
    /// certificate), but never sends it elsewhere.
    pub(super) fn destination(&self, signed_for: &Centre) -> Centre {
        let known = self.centre(&signed_for.name).ok().filter(|centre| centre.url == signed_for.url);
        let mut centre = known.unwrap_or_else(|| signed_for.clone());
        centre.user = centre.user.or_else(|| signed_for.user.clone()).or_else(|| lock(&self.user).clone());
        centre
    }

    /// The centre of that name: one chosen for this process, else of the profile.
    pub(super) fn centre(&self, name: &str) -> Result<Centre, SiteError> {
        let chosen = lock(&self.chosen).iter().find(|chosen| chosen.name == name).cloned();
        chosen.map_or_else(|| self.profile().centre(&self.home, name, None), Ok)
    }
}
