//! Opening, making, closing and destroying a vault.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::index::{Index, Kind};
use super::instances::Described;
use super::key_file::KeyFile;
use super::keys::{Id, Key, Keys};
use super::lock::Lock;
use super::object::hexadecimal;
use super::seal::random;
use super::witness::Witness;
use super::{Finding, KdfCost, KeyStore, OsKeyStore, Part, VaultError, durable, generation, reserve};

/// What opens a vault.
#[derive(Clone)]
pub enum Unlock {
    /// A passphrase, stretched with Argon2id.
    Passphrase(Zeroizing<String>),
    /// The key store in [`OpenOptions::key_store`].
    KeyStore,
}

/// Never shows the passphrase.
impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase(..)",
            Self::KeyStore => "KeyStore",
        })
    }
}

/// How a vault is opened; the default is right for a workstation.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// Make a vault where there is none; else [`VaultError::NoVault`].
    pub create: bool,
    /// What trying a passphrase costs in a vault made now; one that exists keeps its own.
    pub kdf_cost: KdfCost,
    /// Bytes kept free for reports, drafts and audit records when images fill the disk.
    pub reserve_bytes: u64,
    /// The key store for [`Unlock::KeyStore`].
    pub key_store: Arc<dyn KeyStore>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            create: true,
            kdf_cost: KdfCost::STRONG,
            reserve_bytes: 64 * 1024 * 1024,
            key_store: Arc::new(OsKeyStore),
        }
    }
}

/// An open vault. Share it as `Arc<Vault>`: every call takes `&self`, and instances written by several threads
/// are sealed and flushed in parallel.
pub struct Vault {
    pub(super) paths: Paths,
    pub(super) keys: Arc<Keys>,
    pub(super) index: Index,
    /// Held shared from an instance's file to its row, and alone while orphans are swept.
    pub(super) storing: RwLock<()>,
    /// Only where the key store holds the key.
    witness: Option<Witness>,
    findings: Mutex<Vec<Finding>>,
    // Last: dropped after all that writes.
    _lock: Lock,
}

impl Vault {
    /// Opens the vault in `folder`, or makes one there. What a crash left unfinished is swept.
    ///
    /// # Errors
    /// [`VaultError::Busy`] while another process has it open; the ways in which a key does not fit; never a
    /// new vault over an old one: without its key file an old vault is [`VaultError::Damaged`].
    // By value, so that the passphrase is wiped when this returns.
    #[allow(clippy::needless_pass_by_value, reason = "takes the passphrase over and wipes it")]
    pub fn open(folder: &Path, unlock: Unlock, options: OpenOptions) -> Result<Self, VaultError> {
        let paths = Paths(folder.to_owned());
        if !options.create && !paths.is_begun() {
            return Err(VaultError::NoVault);
        }
        durable::private_folder(folder)?;
        let lock = Lock::take(folder)?;
        let store = options.key_store.as_ref();
        let (file, data_key, create) = match read_key_file(&paths.key())? {
            Some(file) => {
                let data_key = file.unlock(&unlock, store)?;
                (file, data_key, false)
            }
            None => {
                let (file, data_key) = start(&paths, &unlock, &options)?;
                (file, data_key, true)
            }
        };
        let keys = Keys::derive(&data_key, &file.vault_id);
        let witness = witness(&file, &options);
        if create {
            for shard in 0..=u8::MAX {
                durable::private_folder(&paths.shard(shard))?;
            }
            durable::sync_folder(&paths.objects())?;
        }
        let keys = Arc::new(keys);
        let index = Index::open(&paths.index(), Arc::clone(&keys), create)?;
        let (storing, findings) = (RwLock::default(), Mutex::default());
        let vault = Self { paths, keys, index, storing, witness, findings, _lock: lock };
        if create {
            vault.step()?;
            durable::rename(&vault.paths.creating(), &vault.paths.key())?;
            for parent in folder.ancestors().skip(1) {
                // The way to the vault must survive a power cut too; parents that are not ours were there before.
                let _ = durable::sync_folder(parent);
            }
        } else {
            vault.look_around()?;
        }
        reserve::fill(&vault.paths.reserve(), options.reserve_bytes)?;
        Ok(vault)
    }

    /// Whether somebody, in this process or another, has the vault in `folder` open or is still closing it.
    pub fn is_in_use(folder: &Path) -> bool {
        super::lock::has_owner(folder)
    }

    /// Whether this opens the vault, which is open already: who comes back to it proves that they may.
    ///
    /// # Errors
    /// As [`Vault::open`] says it of a key that does not fit.
    pub fn accepts(&self, unlock: &Unlock) -> Result<(), VaultError> {
        let file = read_key_file(&self.paths.key())?.ok_or(VaultError::NoVault)?;
        file.unlock(unlock, &OsKeyStore).map(drop)
    }

    /// Whether a passphrase opens the vault in `folder`, or will protect one made there now: there is no key
    /// store. Looks at the folder without opening anything; a damaged vault is for the opening to tell.
    pub fn asks_for_passphrase(folder: &Path) -> bool {
        match read_key_file(&Paths(folder.to_owned()).key()) {
            Ok(Some(file)) => !file.is_in_key_store(),
            Ok(None) => !OsKeyStore::is_available(),
            Err(_) => false,
        }
    }

    /// What this opening found, until [`Vault::repair`]: to be told to the reader and by `doctor`.
    pub fn findings(&self) -> Vec<Finding> {
        self.lock_findings().clone()
    }

    /// Makes all that is in the vault in `folder` unreadable at once, then removes it. Needs no passphrase:
    /// this is also the way out when it is forgotten. The wrapped key goes first: first from the key store,
    /// then the file is overwritten and removed. On flash storage old blocks may live on below the file system;
    /// with a passphrase they are as strong as it is.
    ///
    /// # Errors
    /// [`VaultError::Busy`] while it is open; [`VaultError::NoVault`]; a key store that refuses (the files are
    /// gone all the same).
    pub fn destroy(folder: &Path, options: &OpenOptions) -> Result<(), VaultError> {
        let paths = Paths(folder.to_owned());
        if !paths.is_vault() {
            return Err(VaultError::NoVault);
        }
        let lock = Lock::take(folder)?;
        let mut forgotten = Ok(());
        for path in [paths.key(), paths.creating()] {
            if let Ok(Some(file)) = read_key_file(&path)
                && file.is_in_key_store()
            {
                forgotten = forgotten.and(options.key_store.delete(&file.account()));
                forgotten = forgotten.and(witness(&file, options).map_or(Ok(()), |witness| witness.forget()));
            }
            erase(&path)?;
        }
        durable::sync_folder(folder)?;
        remove_folder(&paths.objects())?;
        for path in [paths.index(), paths.journal(), paths.generation(), paths.reserve()] {
            durable::remove(&path)?;
        }
        durable::sync_folder(folder)?;
        // The empty file `lock` stays: removed, it would let two others lock two files of that name.
        drop(lock);
        forgotten
    }

    /// Looks at an existing vault: does the index fit, and did a crash leave anything behind?
    fn look_around(&self) -> Result<(), VaultError> {
        let mut findings = Vec::new();
        if !self.index.census_fits() {
            findings.push(Finding::IndexChanged);
        }
        if !generation::fits(&self.paths.generation(), &self.index, &self.keys, self.seen())? {
            findings.push(Finding::OlderIndex);
        }
        if findings.is_empty() {
            // Only an index that is whole may say what is an orphan.
            self.sweep()?;
            self.step()?;
        }
        *self.lock_findings() = findings;
        Ok(())
    }

    /// Removes files that no row names: a crash left them before their row was written, or after it was gone.
    pub(super) fn sweep(&self) -> Result<(), VaultError> {
        let _alone = self.storing.write().unwrap_or_else(PoisonError::into_inner);
        let mut named = HashSet::new();
        for row in self.index.all(Kind::Instance)? {
            let nonce = Described::parse(&row.plain)?.nonce;
            named.insert(hexadecimal(&self.keys.object_name(&row.id, &nonce)));
        }
        for shard in 0..=u8::MAX {
            let shard = self.paths.shard(shard);
            if !shard.is_dir() {
                durable::private_folder(&shard)?;
                durable::sync_folder(&self.paths.objects())?;
            }
            for entry in fs::read_dir(shard)? {
                let entry = entry?;
                let is_named = entry.file_name().to_str().is_some_and(|name| named.contains(name));
                if !is_named && entry.file_type()?.is_file() {
                    durable::remove(&entry.path())?;
                }
            }
        }
        for entry in fs::read_dir(self.paths.folder())? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == durable::TEMPORARY) {
                durable::remove(&path)?;
            }
        }
        Ok(())
    }

    /// A step of the generation; a disk full of images must not keep the vault shut.
    fn step(&self) -> Result<(), VaultError> {
        let seen = self.seen();
        let path = self.paths.generation();
        let reached = self.with_reserve(|| generation::step(&path, &self.index, &self.keys, seen))?;
        if let Some(witness) = &self.witness {
            witness.remember(reached);
        }
        Ok(())
    }

    /// The generation that somebody outside the folder has seen.
    fn seen(&self) -> Option<u64> {
        self.witness.as_ref().and_then(Witness::seen)
    }

    /// Nothing is left to tell.
    pub(super) fn settle(&self) -> Result<(), VaultError> {
        self.step()?;
        self.lock_findings().clear();
        Ok(())
    }

    fn lock_findings(&self) -> MutexGuard<'_, Vec<Finding>> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl Drop for Vault {
    /// An orderly closing counts as a step of the generation; a crash needs none.
    fn drop(&mut self) {
        if self.findings().is_empty()
            && self.paths.key().exists()
            && let Err(error) = self.step()
        {
            tracing::warn!(%error, "the vault could not be closed in order");
        }
    }
}

/// The first steps of a new vault. Until `key.creating` becomes `key` nothing was ever said to be saved, so a
/// vault that was interrupted here is simply begun anew.
fn start(paths: &Paths, unlock: &Unlock, options: &OpenOptions) -> Result<(KeyFile, Key), VaultError> {
    // A file that the crash tore is as good as none.
    let begun = read_key_file(&paths.creating()).ok().flatten();
    if !paths.creating().exists() && paths.has_content() {
        return Err(VaultError::damaged(Part::KeyFile));
    }
    // The same id again, so that no forgotten entry stays in the key store.
    let vault_id = begun.map_or_else(random, |file| Ok(file.vault_id))?;
    let (file, data_key, secret) = KeyFile::create(vault_id, unlock, options.kdf_cost)?;
    durable::write(&paths.creating(), |out| Ok(out.write_all(&file.to_bytes())?))?;
    for path in [paths.index(), paths.journal(), paths.generation()] {
        durable::remove(&path)?;
    }
    if let Some(secret) = secret {
        let store = options.key_store.as_ref();
        store.set(&file.account(), secret.as_slice())?;
        prove(&file, unlock, store, &data_key)?;
    }
    Ok((file, data_key))
}

fn witness(file: &KeyFile, options: &OpenOptions) -> Option<Witness> {
    file.is_in_key_store().then(|| Witness::new(Arc::clone(&options.key_store), &file.account()))
}

/// A store that takes a key and does not give it back would cost all that is written under it.
fn prove(file: &KeyFile, unlock: &Unlock, store: &dyn KeyStore, key: &Key) -> Result<(), VaultError> {
    match file.unlock(unlock, store) {
        Ok(again) if again == *key => Ok(()),
        _ => Err(VaultError::KeyStoreRefused),
    }
}

fn read_key_file(path: &Path) -> Result<Option<KeyFile>, VaultError> {
    match fs::read(path) {
        Ok(bytes) => KeyFile::parse(&bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Overwrites and removes a small file.
fn erase(path: &Path) -> io::Result<()> {
    if let Ok(length) = fs::metadata(path).map(|file| file.len()) {
        let mut file = File::options().write(true).open(path)?;
        io::copy(&mut io::Read::take(io::repeat(0), length), &mut file)?;
        file.sync_all()?;
    }
    durable::remove(path)
}

fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Now, in milliseconds since 1970 (0 for a clock before that).
pub(super) fn now_unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The names inside the folder.
#[derive(Debug)]
pub(super) struct Paths(PathBuf);

impl Paths {
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }

    pub(super) fn generation(&self) -> PathBuf {
        self.0.join("generation")
    }

    pub(super) fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    /// The file for an object's keyed name.
    pub(super) fn object(&self, name: &Id) -> PathBuf {
        self.shard(name[0]).join(hexadecimal(name))
    }

    fn key(&self) -> PathBuf {
        self.0.join("key")
    }

    fn creating(&self) -> PathBuf {
        self.0.join("key.creating")
    }

    fn index(&self) -> PathBuf {
        self.0.join("index.db")
    }

    fn journal(&self) -> PathBuf {
        self.0.join("index.db-journal")
    }

    fn objects(&self) -> PathBuf {
        self.0.join("objects")
    }

    fn shard(&self, first: u8) -> PathBuf {
        self.objects().join(format!("{first:02x}"))
    }

    fn is_vault(&self) -> bool {
        self.key().exists() || self.creating().exists() || self.has_content()
    }

    /// Whether there is a vault that was opened at least once, whole or not.
    fn is_begun(&self) -> bool {
        self.key().exists() || (self.has_content() && !self.creating().exists())
    }

    /// Whether something lies here that only a vault with a key file can have written.
    fn has_content(&self) -> bool {
        self.index().exists() || self.generation().exists() || self.objects().exists()
    }
}
