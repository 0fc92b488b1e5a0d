//! Locks and keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dokuei::vault::{Finding, KdfCost, KeyStore, OpenOptions, Part, Unlock, Vault, VaultError};
use zeroize::Zeroizing;

use super::damage::{restore, snapshot};
use super::{Contents, body, files, furnish, instance, objects, open, options, passphrase, scratch, study};
use crate::support::campaign::{Worst, figure};

/// A key store in memory.
#[derive(Debug, Default)]
struct Memory {
    secrets: Mutex<HashMap<String, Vec<u8>>>,
    absent: bool,
    forgetful: bool,
}

impl Memory {
    /// Takes the vault's key away; the generation beside it stays.
    fn take_key(&self) -> (String, Vec<u8>) {
        let mut secrets = self.secrets.lock().unwrap();
        let account = secrets.keys().find(|account| !account.contains('.')).unwrap().clone();
        let secret = secrets.remove(&account).unwrap();
        (account, secret)
    }
}

impl KeyStore for Memory {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(self.secrets.lock().unwrap().get(account).cloned().map(Zeroizing::new))
    }

    fn set(&self, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        if self.absent {
            return Err(VaultError::NoKeyStore);
        }
        if !self.forgetful {
            self.secrets.lock().unwrap().insert(account.to_owned(), secret.to_vec());
        }
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), VaultError> {
        self.secrets.lock().unwrap().remove(account);
        Ok(())
    }
}

fn with_store(store: &Arc<Memory>) -> OpenOptions {
    OpenOptions { key_store: Arc::<Memory>::clone(store), ..options() }
}

#[test]
fn the_wrong_passphrase_and_the_wrong_kind_of_lock_are_named() {
    let folder = scratch();
    let refusal = |unlock| Vault::open(folder.path(), unlock, options()).unwrap_err();
    assert_eq!(refusal(passphrase("")), VaultError::EmptyPassphrase);
    drop(open(folder.path()).unwrap());
    assert_eq!(refusal(passphrase("wrong")), VaultError::WrongPassphrase);
    assert_eq!(refusal(passphrase("")), VaultError::WrongPassphrase);
    assert_eq!(refusal(Unlock::KeyStore), VaultError::NeedsPassphrase);
    assert!(open(folder.path()).is_ok());
}

#[test]
fn the_key_stores_key_opens_what_it_made_and_no_other_does() {
    let folder = scratch();
    let store = Arc::new(Memory::default());
    let open = || Vault::open(folder.path(), Unlock::KeyStore, with_store(&store));
    let vault = open().unwrap();
    furnish(&vault);
    drop(vault);
    assert_eq!(open().unwrap().stats().unwrap().instances, 5);

    let by_passphrase = Vault::open(folder.path(), passphrase("x"), with_store(&store));
    assert_eq!(by_passphrase.unwrap_err(), VaultError::NeedsKeyStore);
    let (account, secret) = store.take_key();
    assert_eq!((account.len(), secret.len()), (32, 32));
    assert_eq!(open().unwrap_err(), VaultError::KeyMissing);
    store.set(&account, &[0; 32]).unwrap();
    assert_eq!(open().unwrap_err(), VaultError::KeyMissing);
    store.set(&account, &secret).unwrap();
    assert!(open().is_ok());
}

#[test]
fn without_a_working_key_store_no_vault_begins_and_a_passphrase_still_makes_one() {
    for (store, refusal) in [
        (Memory { absent: true, ..Memory::default() }, VaultError::NoKeyStore),
        (Memory { forgetful: true, ..Memory::default() }, VaultError::KeyStoreRefused),
    ] {
        let folder = scratch();
        let options = with_store(&Arc::new(store));
        assert_eq!(Vault::open(folder.path(), Unlock::KeyStore, options.clone()).unwrap_err(), refusal);
        let vault = open(folder.path()).unwrap();
        furnish(&vault);
        drop(vault);
        assert_eq!(
            Vault::open(folder.path(), Unlock::KeyStore, options).unwrap_err(),
            VaultError::NeedsPassphrase
        );
    }
}

#[test]
fn there_is_never_a_new_vault_over_an_old_one() {
    let folder = scratch();
    let closed = || Vault::open(folder.path(), passphrase("x"), OpenOptions { create: false, ..options() });
    assert_eq!(closed().unwrap_err(), VaultError::NoVault);
    let vault = open(folder.path()).unwrap();
    furnish(&vault);
    let before = Contents::of(&vault).unwrap();
    drop(vault);

    let key = folder.path().join("key");
    let bytes = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let kept = files(folder.path());
    assert_eq!(open(folder.path()).unwrap_err(), VaultError::Damaged { part: Part::KeyFile });
    assert_eq!(files(folder.path()), kept);
    std::fs::write(&key, &bytes[..40]).unwrap();
    assert_eq!(open(folder.path()).unwrap_err(), VaultError::Damaged { part: Part::KeyFile });
    std::fs::write(&key, []).unwrap();
    assert_eq!(open(folder.path()).unwrap_err(), VaultError::Damaged { part: Part::KeyFile });
    std::fs::write(&key, &bytes).unwrap();
    assert_eq!(Contents::of(&open(folder.path()).unwrap()).unwrap(), before);

    std::fs::remove_file(folder.path().join("index.db")).unwrap();
    assert_eq!(open(folder.path()).unwrap_err(), VaultError::Damaged { part: Part::Index });
}

#[test]
fn the_standard_passphrase_cost_is_the_rfc_9106_recommendation_and_is_stored() {
    let folder = scratch();
    let strong = OpenOptions { kdf_cost: KdfCost::STRONG, reserve_bytes: 0, ..OpenOptions::default() };
    assert_eq!(OpenOptions::default().kdf_cost, KdfCost::STRONG);
    drop(Vault::open(folder.path(), passphrase("x"), strong).unwrap());
    let key = std::fs::read(folder.path().join("key")).unwrap();
    let number = |at: usize| u32::from_le_bytes(key[at..at + 4].try_into().unwrap());
    assert_eq!((number(26), number(30), number(34)), (65536, 3, 4));
    // A vault keeps the cost it was made with, whatever is asked for now.
    assert!(Vault::open(folder.path(), passphrase("x"), options()).is_ok());
}

#[test]
fn a_whole_folder_put_back_is_told_where_the_key_store_is_the_witness() {
    let (folder, store) = (scratch(), Arc::new(Memory::default()));
    let open = || Vault::open(folder.path(), Unlock::KeyStore, with_store(&store)).unwrap();
    furnish(&open());
    let count = 20;
    let older: Vec<_> = (0..count)
        .map(|round| {
            let then = snapshot(folder.path());
            open().save_draft(&study(1), format!("draft {round}").as_bytes()).unwrap();
            then
        })
        .collect();
    let now = snapshot(folder.path());
    for then in &older {
        restore(folder.path(), then);
        for _ in 0..2 {
            assert_eq!(open().findings(), [Finding::OlderIndex]);
        }
    }
    // Accepted as it is, it is the newest from now on.
    open().repair().unwrap();
    assert_eq!(open().findings(), []);
    let accepted = snapshot(folder.path());
    restore(folder.path(), &now);
    assert_eq!(open().findings(), [Finding::OlderIndex]);
    restore(folder.path(), &accepted);
    assert_eq!(open().findings(), []);
    // A key store that was told too late, by a crash between them, is no reason to complain.
    let witness = |store: &Memory| {
        store.secrets.lock().unwrap().iter_mut().find_map(|(account, secret)| {
            account.contains('.').then(|| std::mem::replace(secret, vec![0; 8]))
        })
    };
    assert_ne!(witness(&store), Some(vec![0; 8]));
    assert_eq!(open().findings(), []);
    figure("S5 whole folder put back", &format!("{count} of {count} told, with the key store as witness"));
}

#[test]
fn after_destroying_a_thief_with_a_copy_of_every_file_opens_none_of_a_hundred() {
    let (folder, store) = (scratch(), Arc::new(Memory::default()));
    let options = with_store(&store);
    let vault = Vault::open(folder.path(), Unlock::KeyStore, options.clone()).unwrap();
    for number in 0..100 {
        vault.put_instance(&instance(1, number), b"", &body(number, 700)).unwrap();
    }
    drop(vault);
    let copy = snapshot(folder.path());
    let mut worst = Worst::default();
    worst.of(Duration::from_secs(1), || Vault::destroy(folder.path(), &options)).unwrap();
    restore(folder.path(), &copy);
    let thief = Vault::open(folder.path(), Unlock::KeyStore, options);
    assert_eq!(thief.unwrap_err(), VaultError::KeyMissing);
    let plain: Vec<_> = (0..100).map(|number| body(number, 32)).collect();
    let in_clear = objects(folder.path()).into_iter().filter(|path| {
        let bytes = std::fs::read(path).unwrap();
        plain.iter().any(|plain| bytes.windows(plain.len()).any(|window| window == plain))
    });
    assert_eq!((objects(folder.path()).len(), in_clear.count()), (100, 0));
    figure("S5 crypto-erase", &format!("in {worst}, then 0 of 100 files opened"));
}

#[test]
fn destroying_takes_the_key_first_and_needs_no_passphrase() {
    let folder = scratch();
    let store = Arc::new(Memory::default());
    let options = with_store(&store);
    let vault = Vault::open(folder.path(), Unlock::KeyStore, options.clone()).unwrap();
    furnish(&vault);
    let pid = Some(std::process::id());
    assert_eq!(Vault::destroy(folder.path(), &options), Err(VaultError::Busy { pid }));
    drop(vault);
    Vault::destroy(folder.path(), &options).unwrap();
    assert!(store.secrets.lock().unwrap().is_empty());
    let left: Vec<_> = files(folder.path());
    assert_eq!(left, [folder.path().join("lock")]);
    assert_eq!(Vault::destroy(folder.path(), &options), Err(VaultError::NoVault));
    assert_eq!(open(folder.path()).unwrap().stats().unwrap().instances, 0, "a new, empty vault");
}
