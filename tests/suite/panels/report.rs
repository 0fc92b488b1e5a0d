//! The report panel.

use dokuei::dicom::{Phi, Uid};
use dokuei::report::{Heading, ReportState};
use dokuei::session::settings::{Identity, Language};
use dokuei::session::{self, Command, Message, Remote, State, case, draft, shell, update};
use dokuei::ui::report;
use egui::accesskit::Role;
use egui::{Event, ImeEvent};
use egui_kittest::kittest::{NodeT, Queryable};

use super::desk::{Shown, assert_named, assert_spoken, desk, problem, says, speaking};
use super::worklist::listed;

fn tell(state: &mut State, command: Command) {
    let _ = update(state, Message::Command(command));
}

/// The first study of a worklist, open.
pub(super) fn open(language: Language) -> State {
    let mut state = listed(language, 3);
    let study = Uid::parse("1.2.1").unwrap();
    tell(&mut state, Command::Case(case::Command::Open { centre: "Harbour".into(), study }));
    state
}

fn write(state: &mut State, heading: Heading, text: &str) {
    let text = Phi::new(text.to_owned());
    tell(state, Command::Draft(draft::Command::Write { heading, text }));
}

fn written(shown: &Shown) -> Vec<(Heading, &str)> {
    let writes = shown.state().sent.iter().filter_map(|command| match command {
        Command::Draft(draft::Command::Write { heading, text }) => Some((*heading, text.reveal().as_str())),
        _ => None,
    });
    writes.collect()
}

fn focus(shown: &mut Shown, field: &str) {
    shown.get_by_role_and_label(Role::MultilineTextInput, field).focus();
    shown.run_steps(4);
}

#[test]
fn the_banner_says_whose_report_it_is_and_every_section_has_its_field() {
    let sections = [
        (Language::English, "YAMADA TAROU", "Findings", "73 y"),
        (Language::Japanese, "山田 太郎", "所見", "73歳"),
    ];
    for (language, name, field, age) in sections {
        let shown = desk(open(language), report::show);
        assert_spoken(&shown);
        assert_named(&shown);
        assert!(says(&shown, name) && says(&shown, "MRN00000") && says(&shown, age));
        assert_eq!(shown.get_all_by_role(Role::MultilineTextInput).count(), 5);
        shown.get_by_role_and_label(Role::MultilineTextInput, field);
    }
}

#[test]
fn typing_writes_the_section_and_composing_does_not() {
    let mut shown = desk(open(Language::Japanese), report::show);
    focus(&mut shown, "所見");
    shown.get_by_role_and_label(Role::MultilineTextInput, "所見").type_text("CT: ");
    shown.run_steps(4);
    assert_eq!(written(&shown), [(Heading::Findings, "CT: ")]);
    let preedit = |text: &str| Event::Ime(ImeEvent::Preedit { text: text.into(), active_range_chars: None });
    for composed in ["け", "けっせつ", "結節"] {
        shown.event(preedit(composed));
        shown.run_steps(4);
        assert!(says(&shown, composed), "what is composed is seen");
    }
    assert_eq!(written(&shown).len(), 1, "and is not sent");
    shown.event(Event::Ime(ImeEvent::Commit("結節".into())));
    shown.run_steps(4);
    assert_eq!(written(&shown)[1..], [(Heading::Findings, "CT: 結節")]);
}

#[test]
fn what_is_cited_while_an_input_method_composes_is_not_lost() {
    let mut shown = desk(open(Language::Japanese), report::show);
    focus(&mut shown, "所見");
    shown.event(Event::Ime(ImeEvent::Preedit { text: "けっせつ".into(), active_range_chars: None }));
    shown.run_steps(4);
    write(&mut shown.state_mut().state, Heading::Findings, "Length 9 mm\n");
    shown.event(Event::Ime(ImeEvent::Commit("結節".into())));
    shown.run_steps(4);
    assert_eq!(written(&shown), [(Heading::Findings, "結節Length 9 mm\n")]);
}

#[test]
fn what_a_signature_lacks_is_said_and_leads_to_where_it_is_named() {
    let mut state = open(Language::English);
    let shown = desk(state.clone(), report::show);
    assert!(says(&shown, "Write something"));
    write(&mut state, Heading::Findings, "No fracture.");
    let mut shown = desk(state.clone(), report::show);
    assert!(says(&shown, "do not say who reads"));
    shown.get_by_label("Name the reader…").click();
    shown.run_steps(4);
    let settings = Command::Shell(shell::Command::Open(shell::Dialog::Settings));
    assert!(shown.state().sent.contains(&settings));
    state.shell.settings.reader = Identity { name: "Sato^Hanako".into(), ..Identity::default() };
    let mut shown = desk(state.clone(), report::show);
    assert!(says(&shown, "organisation"));
    shown.get_by_role_and_label(Role::RadioButton, "Preliminary").click();
    shown.run_steps(4);
    assert!(shown.state().sent.contains(&Command::Draft(draft::Command::State(ReportState::Preliminary))));
    assert!(!says(&shown, "organisation"));
    shown.get_by_label_contains("Sign as preliminary").click();
    shown.run_steps(4);
    assert!(shown.state().sent.contains(&Command::Draft(draft::Command::Sign)));
}

#[test]
fn the_draft_says_whether_it_is_safe() {
    let mut shown = desk(open(Language::English), report::show);
    let keeping = |shown: &mut Shown, revision, kept, fault: Option<&'static str>| {
        let case = shown.state_mut().state.case.as_mut().unwrap();
        (case.keeping.revision, case.keeping.kept) = (revision, kept);
        case.keeping.problem = fault.map(problem);
        shown.run_steps(4);
    };
    assert!(says(&shown, "Nothing written yet"));
    write(&mut shown.state_mut().state, Heading::Findings, "No fracture.");
    keeping(&mut shown, 3, 2, None);
    assert!(says(&shown, "Saving the draft"));
    keeping(&mut shown, 3, 3, None);
    assert!(says(&shown, "Draft saved ") && !says(&shown, "Saving"));
    keeping(&mut shown, 4, 3, Some("vault-wrong-passphrase"));
    assert!(says(&shown, "passphrase") && !says(&shown, "Draft saved"));
}

#[test]
fn while_a_report_is_signed_nothing_in_it_can_change_and_a_failure_is_said() {
    let mut state = open(Language::English);
    write(&mut state, Heading::Findings, "No fracture.");
    state.case.as_mut().unwrap().draft.signed = Remote::Pending { previous: None };
    let mut shown = desk(state, report::show);
    assert!(says(&shown, "Signing and saving"));
    assert!(shown.get_by_role_and_label(Role::MultilineTextInput, "Findings").accesskit_node().is_disabled());
    let failed = Remote::Failed { problem: problem("report-empty"), previous: None };
    shown.state_mut().state.case.as_mut().unwrap().draft.signed = failed;
    shown.run_steps(4);
    assert!(says(&shown, "The report is empty"));
}

#[test]
fn files_have_no_fields_for_a_report_that_could_go_nowhere() {
    for (command, sentence) in [
        (Some(case::Command::OpenFiles(vec!["/tmp/images".into()])), "opened from files"),
        (None, "Open a study"),
    ] {
        let mut state = speaking(Language::English);
        command.into_iter().for_each(|command| tell(&mut state, session::Command::Case(command)));
        let shown = desk(state, report::show);
        assert!(says(&shown, sentence));
        assert_eq!(shown.query_all_by_role(Role::MultilineTextInput).count(), 0);
    }
}
