//! The trail on the screen, in both languages.

use dokuei::dicom::{PersonName, Phi};
use dokuei::session::settings::Language;
use dokuei::session::trail::{self, Command, List, Row, Verdict, Way};
use dokuei::session::{self, Effect, Event, Message, Problem, State, update};
use dokuei::text::{self, Message as Sentence};

use crate::panels::desk::{Shown, desk, words};

const WORDS: [&str; 3] = ["trail-signed-in", "trail-study-opened", "trail-report-refused"];

fn row(at: usize) -> Row {
    Row {
        sequence: 100 - at as u64,
        date: "20261123".into(),
        time: "03:10:05 +09:00".into(),
        what: WORDS[at % 3],
        reader: "佐藤 花子 (sato)".into(),
        patient_id: Phi::new(format!("MRN{at:05}")),
        patient_name: Phi::new(PersonName::parse("YAMADA^TARO=山田^太郎=やまだ^たろう")),
        study: format!("1.2.392.{at}"),
        place: Phi::new("https://pacs.example/dicom-web".into()),
        success: at % 3 != 2,
    }
}

/// Somebody has opened the trail and it is there.
fn looking(language: Language, verdict: Verdict, ways: Vec<Way>) -> State {
    let mut state = State::default();
    state.shell.settings.language = language;
    let effects = update(&mut state, Message::Command(session::Command::Trail(Command::Open)));
    let [Effect::Trail(trail::Effect::Read { id })] = effects[..] else { panic!("{effects:?}") };
    let list = List { rows: (0..12).map(row).collect(), older: 3, verdict, ways };
    update(&mut state, Message::Event(Event::Trail(trail::Event::Read { id, outcome: Ok(list) })));
    state
}

fn shown(state: State) -> Shown {
    let show = |ui: &mut egui::Ui, panel: &mut dokuei::ui::Panel<'_>| {
        dokuei::ui::main_window(ui, panel);
    };
    desk(state, show)
}

#[test]
fn the_trail_says_who_did_what_whether_it_is_whole_and_what_waits() {
    let way = |waiting, problem: Option<&'static str>| Way {
        host: "logs.example:6514".into(),
        waiting,
        problem: problem
            .map(|id| Problem { id: id.into(), args: vec![("host".into(), "logs.example:6514".into())] }),
    };
    for language in Language::ALL {
        let say = |message: &Sentence| text::say(language, message);
        for (verdict, ways, sentences) in [
            (
                Verdict::Whole { records: 15 },
                Vec::new(),
                vec![Sentence::new("trail-whole").with("records", 15), Sentence::new("trail-kept-here")],
            ),
            (
                Verdict::Broken { sequence: 7 },
                vec![way(4, Some("trail-unreachable"))],
                vec![
                    Sentence::new("trail-broken").with("number", 7),
                    Sentence::new("trail-waiting").with("host", "logs.example:6514").with("count", 4),
                    Sentence::new("trail-unreachable").with("host", "logs.example:6514"),
                ],
            ),
            (
                Verdict::Whole { records: 15 },
                vec![way(0, None)],
                vec![Sentence::new("trail-all-sent").with("host", "logs.example:6514").with("count", 0)],
            ),
        ] {
            let shown = shown(looking(language, verdict, ways));
            let words = words(&shown);
            for sentence in sentences.iter().map(say) {
                assert!(words.contains(&sentence), "{sentence}: {words:?}");
            }
            for id in WORDS.into_iter().chain(["trail-failure", "trail-column-time"]) {
                assert!(words.contains(&say(&Sentence::new(id))), "{id}: {words:?}");
            }
            assert!(words.iter().any(|word| word.starts_with("MRN00000")), "{words:?}");
            assert!(
                !words.iter().any(|word| word.starts_with("trail-") || word.contains("{ $")),
                "{words:?}"
            );
        }
    }
}
