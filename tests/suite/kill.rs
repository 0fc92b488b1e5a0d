//! Kills at random moments of sign and send: no acknowledged report is lost, none is doubled at the centre.
//! 50 in the suite, `cargo xtask faults` 1000.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::campaign::{self, Worst, figure, number, seed};
use crate::support::orthanc::{Orthanc, PASSWORD, USER};
use crate::support::program::Workstation;

/// A small generator, so that a failing run can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

/// How long a run takes when nobody kills it, followed as the machine gets busier or less busy: about a third
/// of the runs end by themselves, the others are killed at any moment of their life.
struct Pace {
    unharmed: Duration,
    killed: u64,
    ended: u64,
}

impl Pace {
    fn of(run: impl FnOnce()) -> Self {
        let begun = Instant::now();
        run();
        Self { unharmed: begun.elapsed(), killed: 0, ended: 0 }
    }

    fn wait(&self, dice: &mut Dice) -> Duration {
        self.unharmed.mul_f64(1.3 * dice.below(10_000) as f64 / 10_000.0)
    }

    fn ended(&mut self, by_itself: bool) {
        *(if by_itself { &mut self.ended } else { &mut self.killed }) += 1;
        self.unharmed = self.unharmed.mul_f64(if by_itself { 0.9 } else { 1.05 });
    }
}

/// How soon after a kill the program has its vault open again and says what is in it.
const AGAIN: Duration = Duration::from_secs(3);

/// The workstation under test, its one image, and the reports that it has acknowledged by round.
struct Campaign {
    station: Workstation,
    centre: String,
    folder: tempfile::TempDir,
    study: String,
    image: String,
    acknowledged: BTreeMap<u64, String>,
    /// The longest that opening the vault after a kill has taken.
    again: Worst,
}

impl Campaign {
    fn new(centre: String, image: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("image.dcm"), image).unwrap();
        let station = Workstation::new(PASSWORD);
        let info = station.json(&["info", folder.path().to_str().unwrap()]);
        let study = info["series"][0]["study_uid"].as_str().unwrap().to_owned();
        let image = info["instances"][0]["sop_instance_uid"].as_str().unwrap().to_owned();
        Self { station, centre, folder, study, image, acknowledged: BTreeMap::new(), again: Worst::default() }
    }

    /// The arguments that sign the document of a round.
    fn sign(&self, round: u64) -> Vec<String> {
        let document = document(self.folder.path(), round, &self.study, &self.image);
        let images = self.folder.path().to_str().unwrap();
        let document = document.to_str().unwrap();
        ["report", "sign", document, "--centre", &self.centre, "--images", images].map(str::to_owned).to_vec()
    }

    /// Signs unharmed; where the round was acknowledged before, it must be the same report.
    fn sign_unharmed(&mut self, round: u64) {
        let answer = self.station.json(&as_strs(&self.sign(round)));
        self.acknowledge(round, &answer);
    }

    /// After a kill: the vault opens, and what was acknowledged is in it.
    fn look(&mut self, round: u64) {
        let status = self.again.of(AGAIN, || self.station.json(&["report", "status"]));
        let known: Vec<_> =
            status["reports"].as_array().unwrap().iter().map(|one| &one["sop_instance_uid"]).collect();
        for uid in self.acknowledged.values() {
            assert!(known.iter().any(|known| *known == uid), "round {round}: {uid} is lost");
        }
    }

    fn acknowledge(&mut self, round: u64, answer: &Value) {
        let uid = answer["sop_instance_uid"].as_str().unwrap().to_owned();
        if let Some(before) = self.acknowledged.insert(round, uid.clone()) {
            assert_eq!(before, uid, "round {round}: the same document, signed again, is another report");
        }
    }

    fn sign_and_kill(&mut self, round: u64, pace: &mut Pace, dice: &mut Dice) {
        let (by_itself, answer) = run_and_kill(&self.station, &as_strs(&self.sign(round)), pace.wait(dice));
        pace.ended(by_itself);
        // What was printed was acknowledged, also when the kill came after the last line.
        if let Some(answer) = &answer {
            self.acknowledge(round, answer);
        }
        assert!(answer.is_some() || !by_itself, "round {round}: ended by itself without an answer");
        // A reader who saw no answer signs again: some at once, the others when everything is over.
        if dice.below(2) == 0 {
            self.sign_unharmed(round);
        }
    }
}

const SEND: [&str; 4] = ["report", "send", "--user", USER];

#[test]
fn kill_at_any_moment_of_sign_and_send_loses_and_doubles_nothing() {
    let Some(orthanc) = Orthanc::start() else { return };
    let Some(image) = crate::data::read("modality/CT_small.dcm") else { return };
    orthanc.add(&image);
    let kills = number("DOKUEI_KILLS").unwrap_or(50);
    let mut dice = Dice(seed("kills at random moments"));
    let mut campaign = Campaign::new(orthanc.url(), &image);

    // Round 0 is unharmed and tells how long it takes.
    let mut signing = Pace::of(|| campaign.sign_unharmed(0));
    let mut sending = Pace::of(|| assert_confirmed(&campaign.station.json(&SEND)));
    let mut rounds = 0;
    // Runs that end by themselves are no kills: they are had besides.
    while signing.killed + sending.killed < kills {
        rounds += 1;
        assert!(
            rounds <= 4 * kills,
            "after {rounds} rounds only {} and {} kills",
            signing.killed,
            sending.killed
        );
        if rounds % 2 == 1 {
            campaign.sign_and_kill(rounds, &mut signing, &mut dice);
        } else {
            let (by_itself, _) = run_and_kill(&campaign.station, &SEND, sending.wait(&mut dice));
            sending.ended(by_itself);
        }
        // Each time in a whole campaign.
        if rounds.is_multiple_of(campaign::rounds(5, 1) as u64) {
            campaign.look(rounds);
        }
    }
    for round in (1..=rounds).filter(|round| round % 2 == 1) {
        campaign.sign_unharmed(round);
    }
    let sent = campaign.station.json(&SEND);
    assert_confirmed(&sent);
    let confirmed: BTreeMap<&str, &Value> = sent["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| (report["sop_instance_uid"].as_str().unwrap(), &report["state"]))
        .collect();
    for (round, uid) in &campaign.acknowledged {
        assert!(confirmed.contains_key(uid.as_str()), "round {round} was acknowledged and is lost");
    }
    none_doubled(&orthanc, &campaign.acknowledged);
    let words = ["CompressedSamples^CT1", "CompressedSamples", &campaign.study];
    assert_eq!(campaign.station.in_the_clear(&words), Vec::<String>::new());

    let index = campaign.station.home.path().join("vault/index.db");
    let sound: String = rusqlite::Connection::open(index)
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    figure(
        "R1 kill -9 in sign and send",
        &format!(
            "{} + {} kills ({} + {} ended before), {} confirmed: 0 lost, changed or doubled; open again in {} at worst",
            signing.killed,
            sending.killed,
            signing.ended,
            sending.ended,
            confirmed.len(),
            campaign.again
        ),
    );
    let ended = signing.ended + sending.ended;
    assert!(ended >= kills / 10, "{ended} ended before their kill: too one-sided");
}

fn assert_confirmed(answer: &Value) {
    for report in answer["reports"].as_array().unwrap() {
        assert_eq!(report["state"], "confirmed", "{report}");
    }
}

/// Each round's text once at the centre, under the UID that was acknowledged, and no other report.
fn none_doubled(orthanc: &Orthanc, acknowledged: &BTreeMap<u64, String>) {
    let all = orthanc.json("/instances?expand");
    let mut found: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for instance in all.as_array().unwrap() {
        let tags = orthanc.json(&format!("/instances/{}/simplified-tags", instance["ID"].as_str().unwrap()));
        if tags["Modality"] == "SR" {
            let text = tags.to_string();
            let (_, round) = text.split_once("kill round ").unwrap();
            let round = round.split('.').next().unwrap().parse().unwrap();
            found.entry(round).or_default().push(tags["SOPInstanceUID"].as_str().unwrap().to_owned());
        }
    }
    let expected = acknowledged.iter().map(|(round, uid)| (*round, vec![uid.clone()])).collect();
    assert_eq!(found, expected);
}

fn document(folder: &Path, round: u64, study: &str, image: &str) -> PathBuf {
    let path = folder.join(format!("{round}.toml"));
    let text = format!(
        "study = \"{study}\"\nlanguage = \"en-US\"\nstate = \"final\"\n\
         [reader]\nname = \"Sato^Hanako\"\nid = \"1\"\norganisation = \"Test\"\n\
         [sections]\nimpression = \"kill round {round}.\"\n\
         [[key_images]]\nimage = \"{image}\"\nframe = 1\nnote = \"here\"\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn as_strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// Runs the program and kills it with -9 after `wait`: whether it had ended by itself, and what it had said.
fn run_and_kill(station: &Workstation, args: &[&str], wait: Duration) -> (bool, Option<Value>) {
    let mut child =
        station.dokuei(args).arg("--json").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(wait);
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    let _ = child.wait();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    (ended, serde_json::from_str(&said).ok())
}
