//! The worklist.

use dokuei::dicom::{PersonName, Phi, Uid, instance::Patient};
use dokuei::session::outbox::{self, Report};
use dokuei::session::settings::Language;
use dokuei::session::sign_in::SignedIn;
use dokuei::session::study::Progress;
use dokuei::session::worklist::{
    Claim, Command, Event as Told, Folded, List, Priority, ReadingState, Row, Stage,
};
use dokuei::session::{self, Problem, Remote, State, case};
use dokuei::ui::worklist;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

use super::desk::{Shown, assert_named, assert_spoken, desk, problem, says, sized, speaking};

const PRIORITIES: [Priority; 5] =
    [Priority::Stat, Priority::High, Priority::Medium, Priority::Low, Priority::Unknown];
const STATES: [ReadingState; 6] = [
    ReadingState::Unread,
    ReadingState::Claimed,
    ReadingState::Draft,
    ReadingState::Preliminary,
    ReadingState::Final,
    ReadingState::Unknown,
];
const NAMES: [&str; 4] =
    ["YAMADA^TAROU=山田^太郎=やまだ^たろう", "SATO^HANAKO=佐藤^花子=さとう^はなこ", "DOE^JANE", ""];
const STUDIES: [(&str, &str); 4] = [
    ("CT", "頭部単純CT（脳卒中プロトコール）"),
    ("MR", "Brain MRI with diffusion"),
    ("CT\\SR", "胸部〜骨盤 造影CT ダイナミック"),
    ("DX", ""),
];

fn uid(at: usize) -> Uid {
    Uid::parse(&format!("1.2.{}", at + 1)).unwrap()
}

fn row(at: usize) -> Row {
    let (modality, description) = STUDIES[at % STUDIES.len()];
    Row {
        study: uid(at),
        patient: Patient {
            name: Phi::new(PersonName::parse(NAMES[at % NAMES.len()])),
            id: Phi::new(format!("MRN{at:05}")),
            birth_date: Phi::new("19530315".into()),
            sex: ["M", "F", "O", ""][at % 4].into(),
            ..Patient::default()
        },
        modality: modality.into(),
        description: description.into(),
        date: "20261122".into(),
        time: "031059.12".into(),
        instances: [Some(312), Some(24), None, Some(2)][at % 4],
        received: [312, 9, 0, 0][at % 4],
        priority: PRIORITIES[(at / 2).min(4)],
        state: STATES[at % 6],
        claim: Claim::Nobody,
        grown: 0,
        folded: Folded::default(),
    }
}

pub(crate) fn listed(language: Language, count: usize) -> State {
    let mut state = speaking(language);
    let signed_in = SignedIn { centre: "Harbour".into(), user: Some("sato".into()), demo: false };
    state.sign_in.entered = Remote::Ready(signed_in);
    let rows = (0..count).map(row).collect();
    state.worklist.list = Remote::Ready(List { rows, ..List::default() });
    state.worklist.answered_ms = Some(0);
    let stages = [outbox::State::Saved, outbox::State::Sent, outbox::State::Confirmed, outbox::State::Failed];
    let report = |(at, state): (usize, outbox::State)| Report {
        sop_instance: Uid::parse(&format!("1.9.{}", at + 1)).unwrap(),
        study: uid(at + 2),
        centre: "Harbour".into(),
        state,
        problem: None,
        attempts: 1,
    };
    state.outbox.reports = Remote::Ready(stages.into_iter().enumerate().map(report).collect());
    state
}

fn sent(shown: &Shown) -> Vec<&Command> {
    let lists = shown.state().sent.iter().filter_map(|command| match command {
        session::Command::Worklist(command) => Some(command),
        _ => None,
    });
    lists.collect()
}

fn opened(shown: &Shown) -> Option<Uid> {
    shown.state().sent.iter().find_map(|command| match command {
        session::Command::Case(case::Command::Open { centre, study }) => {
            assert_eq!(centre, "Harbour");
            Some(study.clone())
        }
        _ => None,
    })
}

#[test]
fn rows_stand_in_the_order_of_the_state_and_stat_is_a_word() {
    for (language, stat, first) in
        [(Language::English, "STAT", "YAMADA TAROU"), (Language::Japanese, "至急 STAT", "山田 太郎")]
    {
        let shown = desk(listed(language, 12), worklist::show);
        assert_spoken(&shown);
        assert_named(&shown);
        let rows: Vec<_> = shown.get_all_by_role(Role::Row).map(|node| node.rect().top()).collect();
        assert_eq!(rows.len(), 12);
        assert!(rows.is_sorted(), "{rows:?}");
        assert_eq!(shown.get_all_by_label(stat).count(), 2);
        let place = |label| shown.get_all_by_label(label).next().unwrap().rect().top();
        assert!(place(first) < place("DOE JANE"));
        for word in ["MRN00003", "CT", "312"] {
            assert!(says(&shown, word), "{word}");
        }
        assert!(!says(&shown, "CT SR"), "a report is no image");
    }
}

#[test]
fn ages_dates_readiness_and_the_way_of_a_report_are_said_in_words() {
    let shown = desk(listed(Language::Japanese, 6), worklist::show);
    for word in
        ["男 73歳", "2026/11/22 03:10", "9 / 24", "準備完了", "保存済", "送信済", "受領確認", "送信失敗"]
    {
        assert!(says(&shown, word), "{word}");
    }
}

#[test]
fn sixty_rows_are_counted_and_only_those_in_sight_are_drawn() {
    let shown = desk(listed(Language::English, 60), worklist::show);
    assert!(says(&shown, "60 in the list"));
    let drawn = shown.get_all_by_role(Role::Row).count();
    assert!(shown.get_all_by_role(Role::Row).all(|row| row.rect().is_finite() && row.rect().width() > 600.0));
    assert!((15..40).contains(&drawn), "{drawn}");
}

#[test]
fn the_filter_is_reached_by_key_filters_as_one_types_and_gives_the_list_back() {
    let mut shown = desk(listed(Language::English, 12), worklist::show);
    shown.key_press_modifiers(Modifiers::COMMAND, Key::F);
    shown.run_steps(4);
    let field = |shown: &Shown| shown.get_by_role_and_label(Role::TextInput, "Find").is_focused();
    assert!(field(&shown));
    shown.get_by_role_and_label(Role::TextInput, "Find").type_text("doe");
    shown.run_steps(4);
    assert_eq!(sent(&shown), [&Command::Filter("doe".into())]);
    shown.state_mut().state.worklist.filter = "doe".into();
    shown.run_steps(4);
    assert!(says(&shown, "3 of 12"));
    shown.key_press(Key::ArrowDown);
    shown.run_steps(4);
    assert!(!field(&shown));
    shown.key_press(Key::Enter);
    shown.run_steps(4);
    assert_eq!(opened(&shown), Some(uid(2)), "the first row that the filter leaves");
    shown.key_press_modifiers(Modifiers::COMMAND, Key::F);
    shown.run_steps(4);
    shown.key_press(Key::Escape);
    shown.run_steps(4);
    assert!(!field(&shown));
    assert!(sent(&shown).contains(&&Command::Filter(String::new())));
}

#[test]
fn letters_typed_anywhere_find_rows_and_enter_among_them_opens_none() {
    for selected in [None, Some(uid(7))] {
        let mut shown = desk(listed(Language::English, 12), worklist::show);
        shown.state_mut().state.worklist.selected = selected;
        let (key, modifiers) = (Key::Enter, Modifiers::NONE);
        let enter = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
        shown.input_mut().events.extend([Event::Text("doe".into()), enter]);
        shown.step();
        assert_eq!(sent(&shown), [&Command::Filter("doe".into())], "the filter chooses the row, not the key");
        assert_eq!(opened(&shown), None);
        shown.state_mut().state.worklist.filter = "doe".into();
        shown.get_by_role_and_label(Role::Button, "Refresh").focus();
        shown.run_steps(4);
        shown.key_press(Key::Escape);
        shown.run_steps(4);
        assert_eq!(sent(&shown).last(), Some(&&Command::Filter(String::new())), "whatever has the focus");
    }
}

#[test]
fn clicks_and_keys_choose_and_open() {
    let mut shown = desk(listed(Language::English, 12), worklist::show);
    shown.get_by_label("MRN00004").click();
    shown.run_steps(4);
    assert_eq!(sent(&shown), [&Command::Select(Some(uid(4)))]);
    assert_eq!(opened(&shown), None);
    shown.get_by_label("MRN00004").click();
    shown.run_steps(4);
    assert_eq!(opened(&shown), Some(uid(4)), "a double click opens");

    let mut shown = desk(listed(Language::English, 12), worklist::show);
    for key in [Key::ArrowDown, Key::ArrowUp] {
        shown.key_press(key);
        shown.run_steps(4);
    }
    assert_eq!(sent(&shown), [&Command::Step(1), &Command::Step(-1)]);
    shown.state_mut().state.worklist.selected = Some(uid(7));
    shown.key_press(Key::Enter);
    shown.run_steps(4);
    assert_eq!(opened(&shown), Some(uid(7)));
}

#[test]
fn keys_that_belong_to_a_dialog_do_nothing_to_the_list() {
    let mut state = listed(Language::English, 3);
    state.shell.dialog = Some(session::shell::Dialog::Help);
    let mut shown = desk(state, worklist::show);
    shown.key_press(Key::ArrowDown);
    shown.run_steps(4);
    assert!(shown.state().sent.is_empty());
}

#[test]
fn an_old_list_stays_and_says_that_it_is_old() {
    let mut shown = desk(listed(Language::English, 3), worklist::show);
    let mut list = shown.state().state.worklist.list.clone();
    list.ask();
    shown.state_mut().state.worklist.list = list.clone();
    shown.run_steps(4);
    assert!(says(&shown, "may be out of date") && says(&shown, "MRN00002"));
    let args = vec![("host".into(), "pacs.harbour.example".to_owned())];
    list.answer(Err(Problem { id: "centre-unreachable-timeout".into(), args }));
    shown.state_mut().state.worklist.list = list;
    shown.run_steps(4);
    assert!(
        says(&shown, "Out of date") && says(&shown, "did not answer in time") && says(&shown, "MRN00002")
    );
    assert_spoken(&shown);
}

#[test]
fn a_row_says_in_words_how_far_its_study_is_and_whose_it_is() {
    for (language, words) in [
        (
            Language::English,
            ["Waiting", "5 / 312, ", "Not received", "Ready", "+4 new", "Claimed by you", "SATO HANAKO"],
        ),
        (
            Language::Japanese,
            ["待機中", "5 / 312", "受信失敗", "準備完了", "＋4 追加", "担当中", "SATO HANAKO"],
        ),
    ] {
        let mut state = listed(language, 0);
        let with = |at: usize, change: fn(&mut Row)| {
            let mut row = Row { instances: Some(312), received: 0, state: ReadingState::Claimed, ..row(at) };
            change(&mut row);
            row
        };
        let rows = vec![
            with(0, |_| {}),
            with(4, |_| {}),
            with(8, |row| row.claim = Claim::Mine),
            with(12, |row| row.claim = Claim::Other(Phi::new("SATO^HANAKO".into()))),
            with(16, |row| (row.received, row.grown) = (312, 4)),
        ];
        state.worklist.list = Remote::Ready(List { rows, ..List::default() });
        let tell = |state: &mut State, event| {
            session::update(state, session::Message::Event(session::Event::Worklist(event)));
        };
        let coming = |received| {
            let progress = Progress { expected: Some(312), received, bytes: 1 };
            Told::Coming { study: uid(4), progress }
        };
        tell(&mut state, Told::Planned(vec![uid(0), uid(4), uid(8)]));
        tell(&mut state, coming(1));
        state.shell.now_ms = 4_000;
        tell(&mut state, coming(5));
        let stage = Stage::Failed(problem("work-list-cut"));
        tell(&mut state, Told::Came { study: uid(8), stage, progress: Progress::default() });
        let shown = desk(state, worklist::show);
        assert_spoken(&shown);
        for word in words {
            assert!(says(&shown, word), "{word}");
        }
    }
}

#[test]
fn a_list_without_a_line_says_since_when_it_is_what_is_here() {
    let lines = [
        (Language::English, "No line: reading what is here, as of 23:10"),
        (Language::Japanese, "接続なし：23:10 時点"),
    ];
    for (language, line) in lines {
        let mut state = listed(language, 3);
        let Remote::Ready(list) = &mut state.worklist.list else { panic!("listed") };
        list.kept_at = Some("23:10".into());
        let shown = desk(state, worklist::show);
        assert!(says(&shown, line) && says(&shown, "MRN00002"));
        assert_spoken(&shown);
    }
}

#[test]
fn an_empty_list_says_why_it_is_empty() {
    let list = |rows: usize| listed(Language::English, rows).worklist.list;
    let failed = Remote::Failed { problem: problem("vault-wrong-passphrase"), previous: None };
    let cases = [
        (list(0), "", "Nothing waits to be read."),
        (list(3), "zebra", "No study matches “zebra”."),
        (failed, "", "could not be loaded"),
        (Remote::Pending { previous: None }, "", "Asking the centre…"),
        (Remote::NotAsked, "", "not been asked"),
    ];
    for (list, filter, sentence) in cases {
        let mut state = listed(Language::English, 0);
        state.worklist.list = list;
        state.worklist.filter = filter.into();
        let shown = desk(state, worklist::show);
        assert!(says(&shown, sentence), "{sentence}");
        assert_spoken(&shown);
    }
    let shown = desk(speaking(Language::Japanese), worklist::show);
    assert!(says(&shown, "サインインしてください"));
}

#[test]
fn what_could_not_be_listed_is_said_once() {
    let mut state = listed(Language::English, 3);
    let Remote::Ready(list) = &mut state.worklist.list else { panic!("listed") };
    list.problems = vec![problem("vault-wrong-passphrase"), problem("vault-wrong-passphrase")];
    let shown = desk(state, worklist::show);
    assert_eq!(shown.get_all_by_label_contains("passphrase").count(), 1);
}

#[test]
fn a_small_window_still_reaches_every_column() {
    let mut shown = sized(listed(Language::Japanese, 12), worklist::show, [683.0, 384.0]);
    shown.get_by_label("受信状況").scroll_to_me();
    shown.run_steps(4);
    assert!(shown.get_by_label("受信状況").rect().right() <= 683.0);
}
