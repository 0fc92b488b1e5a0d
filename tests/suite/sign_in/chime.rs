//! The sound of a new STAT, played into a file by ALSA's own plugin.

use std::path::Path;
use std::process::{Command, Stdio};

use dokuei::session::shell::Effect;

use super::desk::Desk;
use crate::support::skip;

/// Set for the child that plays; ALSA reads its configuration once a process.
const HOME: &str = "DOKUEI_TEST_CHIME";

/// Not started by the test below, there is nothing to do.
#[test]
fn a_child_plays() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let mut desk = Desk::new(Path::new(&home));
    let outcome = desk.shell(|id| Effect::Chime { id });
    std::fs::write(Path::new(&home).join("outcome"), format!("{outcome:?}")).unwrap();
}

/// What the chime came to on a machine with this ALSA configuration.
fn chime(home: &Path, configuration: &str) -> String {
    let file = home.join("asound.conf");
    std::fs::write(&file, configuration).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sign_in::chime::a_child_plays"])
        .env(HOME, home)
        .env("ALSA_CONFIG_PATH", &file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    std::fs::read_to_string(home.join("outcome")).unwrap()
}

#[test]
fn a_new_stat_is_heard_and_a_machine_without_sound_says_so() {
    if !cfg!(target_os = "linux") {
        return skip("ALSA");
    }
    let home = tempfile::tempdir().unwrap();
    assert_eq!(chime(home.path(), ""), r#"Err("work-no-sound")"#);
    let heard = home.path().join("heard.raw");
    let configuration = format!(
        "pcm.!default {{ type file slave.pcm {{ type null }} file {:?} format raw }}\n\
         ctl.!default {{ type hw card 0 }}\n",
        heard.display().to_string()
    );
    assert_eq!(chime(home.path(), &configuration), "Ok(())");
    let bytes = std::fs::read(&heard).unwrap();
    let sounding = bytes.iter().filter(|byte| **byte != 0).count();
    assert!(sounding > 20_000, "{sounding} of {} bytes are not silent", bytes.len());
}
