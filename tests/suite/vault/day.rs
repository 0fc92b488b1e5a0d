//! A day of work, and what a thief finds of it afterwards in the home, the temporary folder and the logs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use dokuei::demo::{Fault, FaultKind, On, Study as _};

use super::Random;
use super::crash::child;
use crate::safety;
use crate::support::campaign::{figure, rounds, seed};
use crate::support::clear::Canaries;
use crate::support::program::PASSPHRASE;
use crate::support::skip;
use crate::trouble::{PASSWORD, Scene};

const IMPRESSION: &str = "左硬膜外血腫を認めます。";

/// A user's folders, all below one that a test can search.
struct User {
    scene: Scene,
    folder: tempfile::TempDir,
    commands: usize,
}

impl User {
    fn new() -> Self {
        let (scene, folder) = (Scene::new(), tempfile::tempdir().unwrap());
        for name in ["home/.config/dokuei", "tmp", "run", "logs", "work"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let user = Self { scene, folder, commands: 0 };
        let profile = user.scene.station.home.path().join("config/profile.toml");
        std::fs::copy(profile, user.path("home/.config/dokuei/profile.toml")).unwrap();
        user
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program in these folders, its log at its most talkative in a file of its own.
    fn dokuei(&mut self, words: &[&str]) -> Command {
        self.commands += 1;
        let mut command = self.scene.station.dokuei(words);
        let log = File::create(self.path(&format!("logs/{}", self.commands))).unwrap();
        command.env_remove("DOKUEI_HOME").env("DOKUEI_LOG", "dokuei=trace").stdout(Stdio::null()).stderr(log);
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.env("XDG_RUNTIME_DIR", self.path("run")).current_dir(self.path("work"));
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    fn succeeds(&mut self, words: &[&str]) {
        assert!(self.dokuei(words).status().unwrap().success(), "{words:?}");
    }

    fn fails(&mut self, words: &[&str]) {
        assert_eq!(self.dokuei(words).status().unwrap().code(), Some(1), "{words:?}");
    }

    /// Kills it with -9 after a moment.
    fn is_killed(&mut self, words: &[&str], random: &mut Random) {
        let mut child = self.dokuei(words).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(random.below(700) as u64));
        let _ = child.kill();
        child.wait().unwrap();
    }
}

/// Everything that may be found nowhere: of the patient, of the study, of the report, and every secret.
fn canaries(scene: &Scene) -> Canaries {
    let study = safety::stat();
    let header = dicom_object::from_reader(study.file(0).as_slice()).unwrap();
    let text = |tag| header.element(tag).unwrap().to_str().unwrap().into_owned();
    let name = text(dicom_dictionary_std::tags::PATIENT_NAME);
    let mut words: Vec<String> = name.split('=').map(str::to_owned).collect();
    assert_eq!(words.len(), 3, "{name}: letters, characters and kana");
    words.extend(words.clone().iter().map(|writing| writing.replace('^', "")));
    words.extend(words.clone().iter().map(|writing| writing.replace('^', " ")));
    words.push(text(dicom_dictionary_std::tags::PATIENT_ID));
    words.extend([&scene.study, &scene.series].map(String::clone));
    words.extend([IMPRESSION, PASSWORD, PASSPHRASE].map(str::to_owned));
    Canaries::of(&words)
}

#[test]
fn after_a_day_of_work_nothing_of_a_patient_and_no_secret_is_found_in_home_temporary_files_or_logs() {
    let mut user = User::new();
    let canaries = canaries(&user.scene);
    let elsewhere = tempfile::tempdir().unwrap();
    let study = safety::files(elsewhere.path(), |_, _| {});
    let document = safety::document(elsewhere.path(), &study);
    let text = std::fs::read_to_string(&document).unwrap().replace("Bleed.", IMPRESSION);
    std::fs::write(&document, text).unwrap();
    let (document, uid) = (document.to_str().unwrap(), study.uid().to_string());
    let fetch = ["fetch", "--centre", "island", "--study", &uid];
    let sign = ["report", "sign", document, "--centre", "island"];
    let mut random = Random(seed("a day's kills"));

    for _ in 0..rounds(1, 10) {
        user.succeeds(&["worklist", "--centre", "island", "--show-phi"]);
        user.is_killed(&fetch, &mut random);
        user.succeeds(&fetch);
        user.succeeds(&["info", "--study", &uid, "--show-phi", "--json"]);
        user.succeeds(&["render", "--study", &uid, "--out", "picture.png"]);
        user.fails(&["render", "--study", &uid, "--series", "1.2.3", "--out", "none.png"]);
        user.is_killed(&sign, &mut random);
        user.succeeds(&sign);
        user.is_killed(&["report", "send"], &mut random);
        let lost = FaultKind::Status { code: http::StatusCode::BAD_GATEWAY, retry_after_secs: None };
        user.scene.centre.faults.add(Fault::once(On::store(), lost));
        let _ = user.dokuei(&["report", "send"]).status().unwrap();
        user.succeeds(&["report", "send"]);
        user.scene.centre.faults.add(Fault::always(On::any(), FaultKind::LoginPage));
        user.fails(&["worklist", "--centre", "island"]);
        user.scene.centre.faults.clear();
        user.succeeds(&["report", "status"]);
        let _ = user.dokuei(&["doctor"]).status().unwrap();
    }
    assert!(user.path("home/.local/share/dokuei/vault/key").exists(), "the vault is where it is searched");
    assert_eq!(canaries.under(user.folder.path()), Vec::<String>::new());
    let (files, bytes) = count(user.folder.path());
    assert!(bytes > 60 << 20, "{bytes} bytes searched");
    figure(
        "S4 search after a day of work",
        &format!("{} commands, {files} files, {} MiB, six encodings: 0 hits", user.commands, bytes >> 20),
    );
}

fn count(folder: &Path) -> (usize, u64) {
    let files = super::files(folder);
    (files.len(), files.iter().map(|path| std::fs::metadata(path).unwrap().len()).sum())
}

#[test]
fn a_panic_tells_where_and_never_what() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = child("panics", folder.path());
    let output = command.env("DOKUEI_LOG", "dokuei=trace").stderr(Stdio::piped()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("stopped unexpectedly") && text.contains("day.rs"), "{text}");
    let all = [output.stdout, output.stderr].concat();
    assert_eq!(Canaries::of(&UNSPEAKABLE).hits(&all), Vec::<&str>::new());
}

const UNSPEAKABLE: [&str; 2] = ["青木^健一", "DEMO-0001"];

pub(super) fn panics(_: &Path) {
    dokuei::cli::prepare_process();
    let thread = std::thread::Builder::new().name("reader".to_owned());
    let ended = thread.spawn(|| panic!("{UNSPEAKABLE:?} cannot be read")).unwrap().join();
    assert!(ended.is_err());
}

#[test]
fn a_crash_leaves_no_memory_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever is killed like this leaves a core here, where the system is set up so.
    crash(Command::new("sleep").arg("60"), folder.path(), |_| {});
    if !is_core_in(folder.path()) {
        return skip("cores in the working folder (kernel.core_pattern)");
    }
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let scene = Scene::new();
    let mut serve = scene.station.dokuei(&["demo", "--serve", "127.0.0.1:0"]);
    crash(serve.stdout(Stdio::piped()), folder.path(), |child| {
        let mut line = String::new();
        let out = child.stdout.as_mut().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
        assert!(!line.is_empty(), "it serves");
    });
    assert!(!is_core_in(folder.path()));
}

/// Starts it in a folder with cores allowed, and ends it as a failed check of memory does.
fn crash(command: &Command, folder: &Path, ready: impl Fn(&mut std::process::Child)) {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -c unlimited && exec \"$0\" \"$@\""]).arg(command.get_program());
    shell.args(command.get_args()).envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut child = shell.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    ready(&mut child);
    std::thread::sleep(Duration::from_millis(200));
    let status = Command::new("kill").args(["-ABRT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    child.wait().unwrap();
}

fn is_core_in(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("core"))
}
