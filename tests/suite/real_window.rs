//! The program in a real window, by real mouse and key events: what a reader's hands would do.

use std::path::Path;

use xtask::evening::{self, Words};
use xtask::screen::Screen;

use crate::support::judge;

/// Walks one evening at this size and language; every step waits for what must be on screen.
fn evening_at(width: u32, height: u32, scale: f64, language: &str) {
    if ["Xvfb", "openbox", "xdotool", "scrot"].iter().any(|tool| judge::find(tool).is_none()) {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let words = Words::of(root, language).unwrap();
    let mut screen = Screen::start(folder.path(), width, height, scale).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_dokuei"));
    let walked = evening::walk(&mut screen, program, &folder.path().join("home"), &words);
    if walked.is_err() {
        // The pictures say more than the sentence.
        let _ = folder.keep();
    }
    let pictures = walked.unwrap();
    assert_eq!(pictures.len(), 9);
}

#[test]
fn an_evening_on_a_small_laptop_ends_with_a_confirmed_report() {
    evening_at(1366, 768, 1.0, "en-US");
}

#[test]
fn an_evening_in_japanese_on_a_full_hd_screen_ends_with_a_confirmed_report() {
    evening_at(1920, 1080, 1.0, "ja-JP");
}
