//! Every call by which the program writes fails once: what was acknowledged stays, what was not is told in one
//! sentence, and the next attempt goes through.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use dokuei::vault::{OpenOptions, Vault};

use super::power::{acknowledged, reports};
use super::{Random, options, passphrase, strace, uid};
use crate::safety;
use crate::support::campaign::{figure, rounds, seed, whole};
use crate::support::program::PASSPHRASE;
use crate::trouble::Scene;

/// A call, and how it fails.
struct Fault {
    call: &'static str,
    error: &'static str,
    /// Only on these files of the vault; all where there is none. The runtime's own calls never fail like this.
    on: &'static [&'static str],
}

const OPENED: [&str; 8] =
    ["", "key", "lock", "owner", "index.db", "index.db-journal", "generation", "generation.tmp"];

const FAULTS: [Fault; 8] = [
    Fault { call: "fsync", error: "EIO", on: &[] },
    Fault { call: "pwrite64", error: "ENOSPC", on: &[] },
    Fault { call: "pwrite64", error: "EIO", on: &[] },
    Fault { call: "ftruncate", error: "EIO", on: &[] },
    Fault { call: "rename", error: "ENOSPC", on: &[] },
    Fault { call: "unlink", error: "EIO", on: &[] },
    Fault { call: "openat", error: "EMFILE", on: &OPENED },
    Fault { call: "write", error: "ENOSPC", on: &["generation.tmp", "owner"] },
];

/// How many calls of one kind there are at most in one run, and more.
const MOST: usize = 300;

/// One image comes like the other: the first few calls of each thread are enough.
const MOST_IMAGES: usize = 10;

#[test]
fn whichever_write_fails_a_report_is_before_or_after_and_the_next_attempt_goes_through() {
    if !strace::possible() {
        return;
    }
    let mut torture = Torture::new();
    let mut random = Random(seed("failing calls"));
    for fault in &FAULTS {
        if whole() {
            for (verb, most) in [(Verb::Sign, MOST), (Verb::Send, MOST), (Verb::Fetch, MOST_IMAGES)] {
                let _ = (1..=most).find(|nth| !torture.fails_at(verb, fault, *nth));
            }
        } else {
            let verb = [Verb::Sign, Verb::Send, Verb::Fetch][random.below(3)];
            torture.fails_at(verb, fault, 1 + random.below(5));
        }
    }
    let Torture { injected, refused, .. } = torture;
    assert!(injected >= rounds(1, 100), "{injected} calls failed");
    torture.all_arrive();
    figure(
        "R4 every call fails once",
        &format!("{injected} runs of sign, send and fetch, {refused} told: 0 lost, 0 doubled, 0 panics"),
    );
}

#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Sign,
    Send,
    Fetch,
}

struct Torture {
    scene: Scene,
    folder: tempfile::TempDir,
    document: String,
    acknowledged: BTreeMap<String, String>,
    documents: usize,
    injected: usize,
    refused: usize,
}

impl Torture {
    fn new() -> Self {
        let scene = Scene::new();
        drop(
            Vault::open(&scene.station.home.path().join("vault"), passphrase(PASSPHRASE), options()).unwrap(),
        );
        let folder = tempfile::tempdir().unwrap();
        let study = safety::files(folder.path(), |_, _| {});
        let document = std::fs::read_to_string(safety::document(folder.path(), &study)).unwrap();
        let acknowledged = BTreeMap::new();
        Self { scene, folder, document, acknowledged, documents: 0, injected: 0, refused: 0 }
    }

    fn home(&self) -> &Path {
        self.scene.station.home.path()
    }

    /// Another document to sign, and the words that sign it.
    fn another(&mut self) -> Vec<String> {
        self.documents += 1;
        let path = self.folder.path().join("report.toml");
        let impression = format!("Bleed {}.", self.documents);
        std::fs::write(&path, self.document.replace("Bleed.", &impression)).unwrap();
        let [document, images] = [path.as_path(), self.folder.path()].map(|path| path.to_str().unwrap());
        ["report", "sign", document, "--centre", "island", "--images", images].map(str::to_owned).to_vec()
    }

    /// Whether the `nth` such call of a thread was reached, and failed.
    fn fails_at(&mut self, verb: Verb, fault: &Fault, nth: usize) -> bool {
        let when = format!("{} {} at {nth}", fault.call, fault.error);
        if verb == Verb::Fetch {
            return self.fetching_fails_at(fault, nth, &when);
        }
        let sign = self.another();
        if verb == Verb::Send {
            self.goes_through(&sign, &when);
        }
        let words = if verb == Verb::Sign { sign } else { ["report", "send"].map(str::to_owned).to_vec() };
        let (output, failed) = self.run_failing(&words, fault, nth);
        self.injected += usize::from(failed);
        match output.status.code() {
            Some(0) => self.acknowledge(&output, &when),
            Some(1)
                if verb == Verb::Send
                    && serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok() =>
            {
                self.acknowledge(&output, &when);
            }
            Some(1) => {
                self.refused += 1;
                let told = sentences(&output);
                assert_eq!(told.len(), 1, "{when}: {told:?}");
                assert!(fault.error == "EMFILE" || told[0].contains("disk"), "{when}: {told:?}");
            }
            other => panic!("{when}: ended with {other:?}"),
        }
        self.nothing_is_lost(&when);
        self.goes_through(&words, &when);
        failed
    }

    /// The same while a study comes: no image in the vault is damaged, and asking again brings the whole.
    fn fetching_fails_at(&mut self, fault: &Fault, nth: usize, when: &str) -> bool {
        let study = self.scene.study.clone();
        let words = ["fetch", "--centre", "island", "--study", &study].map(str::to_owned);
        self.vault().forget_study(&uid(&study)).unwrap();
        let (output, failed) = self.run_failing(&words, fault, nth);
        self.injected += usize::from(failed);
        if !output.status.success() {
            self.refused += 1;
            let told = sentences(&output);
            assert!(output.status.code() == Some(1) && told.len() == 1, "{when}: {told:?}");
        }
        let vault = self.vault();
        assert_eq!(vault.findings(), [], "{when}");
        for stored in vault.instances(&uid(&study)).unwrap() {
            vault.read_instance(&stored.key).unwrap_or_else(|error| panic!("{when}: {error}"));
        }
        drop(vault);
        self.nothing_is_lost(when);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        assert!(self.scene.station.run(&words).status.success(), "{when}, then");
        failed
    }

    fn vault(&self) -> Vault {
        let options = OpenOptions { reserve_bytes: OpenOptions::default().reserve_bytes, ..options() };
        Vault::open(&self.home().join("vault"), passphrase(PASSPHRASE), options).unwrap()
    }

    fn run_failing(&self, words: &[String], fault: &Fault, nth: usize) -> (Output, bool) {
        let words: Vec<_> = words.iter().map(String::as_str).chain(["--json"]).collect();
        let mut command = self.scene.station.dokuei(&words);
        command.env("DOKUEI_LOG", "dokuei=error");
        let (trace, inject) = (
            format!("trace={}", fault.call),
            format!("inject={}:error={}:when={nth}", fault.call, fault.error),
        );
        let on: Vec<_> =
            fault.on.iter().map(|name| self.home().join("vault").join(name).display().to_string()).collect();
        let mut options = vec!["-e", trace.as_str(), "-e", inject.as_str()];
        options.extend(on.iter().flat_map(|path| ["-P", path.trim_end_matches('/')]));
        let record = self.folder.path().join("record");
        let output = strace::around(&command, &options, &record).output().unwrap();
        (output, std::fs::read_to_string(record).unwrap().contains("(INJECTED)"))
    }

    /// The same words again, on a sound disk.
    fn goes_through(&mut self, words: &[String], when: &str) {
        let words: Vec<_> = words.iter().map(String::as_str).chain(["--json"]).collect();
        let output = self.scene.station.run(&words);
        assert!(output.status.success(), "{when}, then: {:?}", sentences(&output));
        self.acknowledge(&output, when);
    }

    fn acknowledge(&mut self, output: &Output, when: &str) {
        let told = acknowledged(&output.stdout);
        assert!(!told.is_empty(), "{when}");
        self.acknowledged.extend(told);
    }

    fn nothing_is_lost(&self, when: &str) {
        let left = reports(self.home(), when);
        for uid in self.acknowledged.keys() {
            assert!(left.contains_key(uid), "{when}: {uid} is lost");
        }
    }

    /// In the end the centre has each report once.
    fn all_arrive(&mut self) {
        self.goes_through(&["report", "send"].map(str::to_owned), "the end");
        assert!(self.acknowledged.values().all(|state| state == "confirmed"));
        let stored: Vec<_> = self.scene.centre.stored().into_iter().map(|(uid, _)| uid.to_string()).collect();
        let once: BTreeMap<_, _> = stored.iter().map(|uid| (uid.clone(), ())).collect();
        assert_eq!((stored.len(), once.len()), (self.documents, self.documents));
    }
}

/// What was told besides the log, in which nothing may have stopped unexpectedly.
pub(super) fn sentences(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains("stopped unexpectedly") && !text.contains("panicked"), "{text}");
    text.lines().filter(|line| !line.contains(" ERROR ")).map(str::to_owned).collect()
}
