//! What every piece of work stands on: folders, centres, secrets, the vault, the way back for events.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::WorkError;
use crate::centre::{Client, Credentials};
use crate::session::Event;
use crate::site::{Centre, Home, Profile, SiteError};
use crate::vault::{OpenOptions, Unlock, Vault, VaultError};

/// Where secrets come from: the environment, a terminal, later a window.
pub trait Secrets: Send + Sync {
    /// The vault's passphrase; asks a person if need be, `None` when nobody can be asked.
    fn passphrase(&self) -> Option<Zeroizing<String>>;
    /// A passphrase that is at hand without asking.
    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>>;
    /// A user's password at a centre.
    fn password(&self, centre: &str, user: &str) -> Option<Zeroizing<String>>;
}

/// The ground under all work of one process.
pub(super) struct Ground {
    home: Home,
    profile: Profile,
    /// The centre chosen for this process, before any of the profile.
    chosen: Option<Centre>,
    secrets: Box<dyn Secrets>,
    user: Mutex<Option<String>>,
    vault: Mutex<Option<Arc<Vault>>>,
    clients: Mutex<Vec<(String, Client)>>,
    events: mpsc::Sender<Event>,
}

impl Ground {
    pub(super) fn new(
        home: Home,
        profile: Profile,
        chosen: Option<Centre>,
        secrets: Box<dyn Secrets>,
        events: mpsc::Sender<Event>,
    ) -> Self {
        let (user, vault, clients) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { home, profile, chosen, secrets, user, vault, clients, events }
    }

    pub(super) fn sign_in_as(&self, user: Option<&str>) {
        *lock(&self.user) = user.map(str::to_owned);
    }

    /// Tells an outcome: waits for room in the inbox.
    pub(super) async fn tell(&self, event: Event) {
        // Fails only when nobody listens any more.
        let _ = self.events.send(event).await;
    }

    /// Tells progress: left out when the inbox is full, since a newer one follows.
    pub(super) fn tell_progress(&self, event: Event) {
        let _ = self.events.try_send(event);
    }

    /// Who reads, from the profile.
    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The vault, opened now if it was not. The passphrase at hand comes first; then the key store; then a
    /// person is asked.
    pub(super) fn vault(&self) -> Result<Arc<Vault>, WorkError> {
        let mut slot = lock(&self.vault);
        if let Some(vault) = &*slot {
            return Ok(Arc::clone(vault));
        }
        let vault = Arc::new(self.open()?);
        *slot = Some(Arc::clone(&vault));
        Ok(vault)
    }

    fn open(&self) -> Result<Vault, WorkError> {
        let folder = self.home.vault();
        let open = |unlock| Vault::open(&folder, unlock, OpenOptions::default());
        if let Some(passphrase) = self.secrets.passphrase_at_hand() {
            return Ok(open(Unlock::Passphrase(passphrase))?);
        }
        match open(Unlock::KeyStore) {
            Err(VaultError::NeedsPassphrase | VaultError::NoKeyStore) => {
                let passphrase = self.secrets.passphrase().ok_or(WorkError::NoPassphrase)?;
                Ok(open(Unlock::Passphrase(passphrase))?)
            }
            opened => Ok(opened?),
        }
    }

    /// The vault where one exists already; reading the worklist must not make one.
    pub(super) fn existing_vault(&self) -> Option<Arc<Vault>> {
        if lock(&self.vault).is_none() && !self.home.vault().is_dir() {
            return None;
        }
        self.vault().ok()
    }

    /// A connection to the centre of that name, signed in; kept warm for the next request.
    pub(super) fn client(&self, name: &str) -> Result<Client, WorkError> {
        if let Some((_, client)) = lock(&self.clients).iter().find(|(known, _)| known == name) {
            return Ok(client.clone());
        }
        let centre = self.centre(name)?;
        let credentials = match &centre.user {
            Some(user) => {
                let password = self.secrets.password(&centre.name, user);
                let no_password = || WorkError::NoPassword { centre: centre.name.clone() };
                Some(Credentials { user: user.clone(), password: password.ok_or_else(no_password)? })
            }
            None => None,
        };
        let client = Client::new(&centre, credentials)?;
        lock(&self.clients).push((name.to_owned(), client.clone()));
        Ok(client)
    }

    fn centre(&self, name: &str) -> Result<Centre, SiteError> {
        let user = lock(&self.user).clone();
        match &self.chosen {
            Some(chosen) if chosen.name == name => Ok(chosen.clone()),
            _ => self.profile.centre(&self.home, name, user.as_deref()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
