//! Killed in the middle of an evening: what is on the screen after the next sign-in is what was there, and of
//! the draft at most the last two seconds are missing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dokuei::demo::Study as _;
use dokuei::report::Heading;
use dokuei::session::case::Case;
use dokuei::session::settings::Language;
use dokuei::session::viewer::Layout;
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use serde_json::{Value, json};

use super::reader::Reader;
use super::town::{self, PASSPHRASE, PASSWORD, Town};
use crate::support::campaign::{figure, rounds, seed};
use crate::support::clear::Canaries;
use crate::vault::Random;

const HOME: &str = "DOKUEI_TEST_EVENING";
const ROUND: &str = "DOKUEI_TEST_EVENING_ROUND";
/// What is typed may be lost if it is younger than this.
const TWO_SECONDS: Duration = Duration::from_secs(2);

/// What a child does until it is killed.
const ROUNDS: [fn(&mut Reader); 4] = [begin, go_on, look_at_planes, go_on];

#[test]
fn a_case_comes_back_after_a_kill_at_any_moment() {
    let town = Town::new(vec![town::some_of_stat(), town::other()]);
    let mut random = Random(seed("kills in the middle of typing"));
    let mut before: Option<Killed> = None;
    let mut longest_lost = Duration::ZERO;
    // The first round goes on for longer than what may be lost.
    let more = (0..rounds(0, 46)).map(|_| 200 + random.below(2800) as u64);
    let moments_ms: Vec<u64> = [2900, 600, 900, 300].into_iter().chain(more).collect();
    let count = moments_ms.len();
    for (round, moment_ms) in moments_ms.into_iter().enumerate() {
        let killed = run_and_kill(&town, round, Duration::from_millis(moment_ms));
        if let Some(before) = before {
            assert_back(&killed.began_with, &before.ended_with, before.typed_for_sure, round);
            longest_lost = longest_lost.max(before.lost(killed.began_with["typed"].as_u64().unwrap()));
        }
        assert!(killed.typed_for_sure > 0);
        before = Some(killed);
    }
    let Some(Killed { ended_with: came_back, typed_for_sure, .. }) = before else { panic!("no round") };
    let mut reader = Reader::new(town.home(), Language::English);
    reader.sign_in();
    reader.until("the case", Reader::sees_the_case);
    reader.until("what was made on it", |reader| {
        let case = reader.case();
        let planes = case.viewer.windows[0].mpr.is_some();
        planes && case.drawings.all.first().is_some_and(|drawing| drawing.values.latest().is_some())
    });
    assert_back(&picture(&reader.case()), &came_back, typed_for_sure, count);
    drop(reader);
    nothing_in_the_clear(&town);
    let lost = longest_lost.as_secs_f64();
    figure("R2 typing lost on kill -9", &format!("{count} kills, at most {lost:.2} s of typing"));
}

/// Whoever killed the window finds no patient, no text and no secret in what it left.
fn nothing_in_the_clear(town: &Town) {
    let patient = town::stat().study.header(0);
    let text = |tag| patient.element(tag).unwrap().to_str().unwrap().into_owned();
    let name = text(dicom_dictionary_std::tags::PATIENT_NAME);
    let mut words: Vec<String> = name.split('=').map(str::to_owned).collect();
    words.extend([text(dicom_dictionary_std::tags::PATIENT_ID), town::stat().series()]);
    words.extend(["11 12 13 14", PASSWORD, PASSPHRASE].map(str::to_owned));
    assert_eq!(Canaries::of(&words).under(town.home()), Vec::<String>::new());
}

impl Reader {
    /// The case that was open has opened by itself.
    fn sees_the_case(&self) -> bool {
        let case = self.state().case;
        case.is_some_and(|case| case.arrived.latest().is_some_and(|fetched| fetched.is_complete()))
    }
}

/// All but the text is as it was, and the text goes at least so far.
fn assert_back(now: &Value, then: &Value, typed_for_sure: u64, round: usize) {
    for part in ["study", "layout", "position", "drawings", "crosshair", "slab_mm"] {
        assert_eq!(now[part], then[part], "{part} before round {round}: {now} {then}");
    }
    let typed = now["typed"].as_u64().unwrap();
    assert!(typed >= typed_for_sure, "{typed} is back, {typed_for_sure} was old enough (round {round})");
}

/// What one child told.
struct Killed {
    began_with: Value,
    ended_with: Value,
    /// The last number that had been typed two seconds before the kill.
    typed_for_sure: u64,
    /// What was typed, and when.
    typed: Vec<(Instant, u64)>,
    at: Instant,
}

impl Killed {
    /// How long the reader had been typing what is not there when `back` is the last number that is.
    fn lost(&self, back: u64) -> Duration {
        let first_lost = self.typed.iter().find(|(when, number)| *number > back && *when < self.at);
        first_lost.map_or(Duration::ZERO, |(when, _)| self.at.saturating_duration_since(*when))
    }
}

/// A child reads; when it has done what it does, it goes on typing, and is killed after `moment`.
fn run_and_kill(town: &Town, round: usize, moment: Duration) -> Killed {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "evening::kill::a_child_reads_until_it_is_killed", "--nocapture"])
        .env(HOME, town.home())
        .env(ROUND, round.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = lines.filter_map(|line| {
        let line = line.unwrap();
        line.find("told: ").map(|at| serde_json::from_str::<Value>(&line[at + 6..]).unwrap())
    });
    let (Some(began_with), Some(mut ended_with)) = (told.next(), told.next()) else {
        let _ = child.kill();
        panic!("round {round}: the child ended by itself: {:?}", child.wait());
    };
    let at = Instant::now() + moment;
    let killer =
        std::thread::Builder::new().name("killer".to_owned()).spawn(move || kill(child, at)).unwrap();
    let mut typed = vec![(Instant::now(), ended_with["typed"].as_u64().unwrap())];
    for number in told {
        typed.push((Instant::now(), number.as_u64().unwrap()));
    }
    let killed_at = killer.join().unwrap();
    let old_enough = |(when, _): &&(Instant, u64)| *when + TWO_SECONDS <= killed_at;
    let typed_for_sure = typed
        .iter()
        .rev()
        .find(old_enough)
        .map_or(ended_with["typed"].as_u64().unwrap(), |(_, number)| *number);
    ended_with["typed"] = Value::Null;
    Killed { began_with, ended_with, typed_for_sure, typed, at: killed_at }
}

/// With -9, at this moment.
fn kill(mut child: Child, at: Instant) -> Instant {
    std::thread::sleep(at.saturating_duration_since(Instant::now()));
    let now = Instant::now();
    child.kill().unwrap();
    child.wait().unwrap();
    now
}

/// Not started by the test above, there is nothing to do.
#[test]
fn a_child_reads_until_it_is_killed() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else {
        return;
    };
    let round: usize = std::env::var(ROUND).unwrap().parse().unwrap();
    let mut reader = Reader::new(&home, Language::English);
    reader.sign_in();
    if round == 0 {
        reader.open_first();
    }
    reader.until("the case", Reader::sees_the_case);
    reader.wait(Duration::from_millis(200));
    say(&picture(&reader.case()));
    ROUNDS.get(round).unwrap_or(&(go_on as fn(&mut Reader)))(&mut reader);
    // What is done by mouse and key is kept as the text is: before two seconds have passed.
    let begun = Instant::now();
    reader.until("kept", |reader| reader.case().keeping.kept == reader.case().keeping.revision);
    assert!(begun.elapsed() < TWO_SECONDS);
    say(&picture(&reader.case()));
    let field = reader.say("draft-impression");
    reader.focus(Role::MultilineTextInput, &field);
    let mut number = typed(&reader.case());
    loop {
        number += 1;
        reader.event(egui::Event::Text(format!("{number} ")));
        if typed(&reader.case()) == number {
            say(&json!(number));
        }
        reader.wait(Duration::from_millis(40));
    }
}

fn say(told: &Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "told: {told}").unwrap();
    out.flush().unwrap();
}

/// What must come back.
fn picture(case: &Case) -> Value {
    let window = &case.viewer.windows[0];
    let figures: Vec<_> = case.drawings.all.iter().map(|drawing| format!("{:?}", drawing.figure)).collect();
    json!({
        "study": case.study.as_ref().unwrap().as_str(),
        "layout": [window.layout.columns, window.layout.rows],
        "position": window.viewports[0].shown.as_ref().map(|shown| shown.position),
        "drawings": figures,
        "crosshair": window.mpr.as_ref().and_then(|mpr| mpr.crosshair_mm).map(|at| at.to_array()),
        "slab_mm": window.mpr.as_ref().map(|mpr| mpr.thickness_mm),
        "typed": typed(case),
    })
}

/// The last number in the impression.
fn typed(case: &Case) -> u64 {
    case.draft.text(Heading::Impression).split_whitespace().last().map_or(0, |last| last.parse().unwrap())
}

/// Two viewports, another image, and a length on it.
fn begin(reader: &mut Reader) {
    reader.until_all_here();
    reader.press(Modifiers::ALT, Key::Num2);
    reader.key(Key::Home);
    for _ in 0..7 {
        reader.key(Key::ArrowDown);
    }
    reader.until("its image", Reader::sees_image);
    reader.key(Key::L);
    let middle = reader.first_area().center();
    reader.drag(middle - vec2(60.0, 20.0), middle + vec2(50.0, 40.0));
    reader.key(Key::W);
    let case = reader.case();
    assert_eq!((case.drawings.all.len(), reader.shown().position), (1, 7));
    assert_eq!(case.viewer.windows[0].layout, Layout { columns: 2, rows: 1 });
}

fn go_on(reader: &mut Reader) {
    assert_eq!(reader.case().drawings.all.len(), 1);
}

/// The planes, their crosshair elsewhere, a thicker slab.
fn look_at_planes(reader: &mut Reader) {
    reader.key(Key::M);
    let axial = reader.say("viewer-plane-axial");
    reader.until("the planes", |reader| {
        reader.words().iter().any(|word| word.contains(&axial) && !word.contains(". "))
            && reader.case().viewer.windows[0].mpr.is_some()
    });
    reader.wait(Duration::from_millis(800));
    let middle = reader.first_area().center();
    reader.drag(middle, middle + vec2(30.0, 20.0));
    reader.key(Key::Plus);
    assert!(reader.case().viewer.windows[0].mpr.as_ref().unwrap().crosshair_mm.is_some());
}
