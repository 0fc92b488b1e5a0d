//! One evening at the demo centre, as a person spends it: worklist, images, planes, a measurement, the report.
//!
//! Real mouse and key events on a real window; what is clicked on is found by the words that are on screen, in
//! either language.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::screen::{Area, Screen};

/// The words on screen, from the program's catalogues.
#[derive(Debug)]
pub struct Words {
    language: String,
    entries: HashMap<String, String>,
}

impl Words {
    /// The words of a language (`en-US`, `ja-JP`) in the repository at `root`.
    ///
    /// # Errors
    /// The catalogues cannot be read.
    pub fn of(root: &Path, language: &str) -> Result<Self, String> {
        let mut entries = HashMap::new();
        let folder = root.join("assets/i18n").join(language);
        for file in std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))? {
            let path = file.map_err(|e| e.to_string())?.path();
            let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let pairs = text.lines().filter_map(|line| line.split_once(" = "));
            entries.extend(pairs.map(|(id, words)| (id.to_owned(), words.to_owned())));
        }
        Ok(Self { language: language.to_owned(), entries })
    }

    /// What an entry says with these arguments in it.
    fn say(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        let words = self.entries.get(id).map_or(id, String::as_str).to_owned();
        let put =
            |words: String, (name, value): &(&str, &str)| words.replace(&format!("{{ ${name} }}"), value);
        arguments.iter().fold(words, put)
    }

    /// What an entry says between two of its arguments.
    fn between(&self, id: &str, before: &str, after: &str) -> String {
        let words = self.say(id, &[]);
        let rest = words.split(&format!("{{ ${before} }}")).nth(1).unwrap_or_default();
        rest.split(&format!("{{ ${after} }}")).next().unwrap_or_default().to_owned()
    }

    /// What an entry says before its first argument.
    fn beginning(&self, id: &str) -> String {
        let words = self.say(id, &[]);
        words.split("{ $").next().unwrap_or_default().trim().to_owned()
    }
}

/// What bringing a volume to a software rasteriser takes on a slow machine.
const TO_THE_CARD: Duration = Duration::from_secs(6);
/// Images of the demo's chest CT.
const SLICES: &str = "360";

/// Walks from the worklist to the confirmed report, a picture of each step; gives the pictures.
///
/// # Errors
/// What did not appear, and what was there instead.
pub fn walk(screen: &mut Screen, dokuei: &Path, home: &Path, words: &Words) -> Result<Vec<PathBuf>, String> {
    let mut pictures = Vec::new();
    let mut command = Command::new(dokuei);
    command.args(["demo", "--language", &words.language]).env("DOKUEI_HOME", home);
    screen.open(&mut command)?;
    let mut shot = |screen: &Screen, name: &str| -> Result<(), String> {
        pictures.push(screen.shot(name)?);
        Ok(())
    };

    screen.find("STAT")?;
    screen.rest()?;
    shot(screen, "1-worklist")?;

    // The urgent chest CT stands above its prior of last year.
    let row = screen.topmost("胸腹部CT")?;
    screen.press_at(row.at(0.5, 0.5), 1, 2)?;
    screen.find(&words.between("viewer-area-image", "title", "at"))?;
    let mut image = screen.find(&words.say("viewer-area", &[("number", "1")]))?;
    shot(screen, "2-first-image")?;
    screen.find(&words.say("shell-whole", &[("received", SLICES), ("expected", SLICES)]))?;
    turn_to_nodule(screen, words, image)?;
    shot(screen, "3-scrolled")?;

    screen.drag(image.at(0.5, 0.5), image.at(0.62, 0.44), 1)?;
    shot(screen, "4-windowed")?;
    screen.key("5")?;

    screen.key("m")?;
    screen.find(&words.say("viewer-plane-axial", &[]))?;
    let axial = screen.find(&words.say("viewer-area", &[("number", "1")]))?;
    screen.gone(&words.say("viewer-building", &[]))?;
    std::thread::sleep(TO_THE_CARD);
    screen.drag(axial.at(0.5, 0.5), axial.at(0.35, 0.45), 1)?;
    shot(screen, "5-planes")?;
    screen.key("m")?;
    screen.gone(&words.say("viewer-plane-axial", &[]))?;
    image = screen.find(&words.say("viewer-area", &[("number", "1")]))?;

    screen.key("l")?;
    screen.drag(image.at(0.36, 0.50), image.at(0.42, 0.50), 1)?;
    screen.find(" mm")?;
    screen.key("c")?;
    shot(screen, "6-measured")?;

    let findings = screen.find(&words.say("draft-findings", &[]))?;
    screen.press_at((findings.x + 40.0, findings.y + findings.height * 2.2), 1, 1)?;
    screen.key("ctrl+End")?;
    screen.key("Return")?;
    screen.text("No pleural effusion. No enlarged lymph nodes.")?;
    screen.find(&words.beginning("draft-saved-at"))?;
    screen.rest()?;
    shot(screen, "7-report")?;

    screen.key("ctrl+Return")?;
    screen.find(&words.between("draft-report-confirmed-of", "study", ""))?;
    screen.rest()?;
    shot(screen, "8-confirmed-and-next-case")?;
    screen.click(&words.say("shell-do-worklist", &[]))?;
    screen.find(&words.say("worklist-report-confirmed", &[]))?;
    screen.rest()?;
    shot(screen, "9-worklist")?;
    Ok(pictures)
}

/// Turns the wheel until something of the lungs is to be seen.
fn turn_to_nodule(screen: &mut Screen, words: &Words, image: Area) -> Result<(), String> {
    screen.key("Home")?;
    let at = words.say("viewer-area", &[("number", "1")]);
    screen.find(&at)?;
    for _ in 0..12 {
        screen.press_at(image.at(0.5, 0.5), 5, 10)?;
    }
    Ok(())
}
