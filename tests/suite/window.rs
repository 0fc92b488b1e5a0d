//! The window without a screen: the real `App`, driven by accessible names, keys and events of an input method.

use dokuei::app::{App, Core};
use dokuei::session::settings::Language;
use dokuei::session::shell::{Command as Shell, Dialog, Notice, Screen, Weight};
use dokuei::session::sign_in::SignedIn;
use dokuei::session::{Command, Problem, Remote, State};
use dokuei::site::{Home, Profile};
use dokuei::ui::actions;
use dokuei::work::Work;
use egui::{Event, ImeEvent, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

use crate::panels::desk::words;
use crate::panels::worklist::listed;
use crate::support::secrets::AtHand;
use crate::viewports::made::Stage;

/// The program on a home of its own, over a state.
struct Program {
    harness: Harness<'static, App>,
    _home: TempDir,
}

impl Program {
    fn begin(state: State) -> Self {
        let home = tempfile::tempdir().unwrap();
        let work =
            Work::start(Home::in_folder(home.path()), Profile::default(), None, Box::new(AtHand(None)))
                .unwrap();
        let core = Core::with_state(work, state);
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_max_steps(16);
        let harness = builder.build_eframe(move |cc| App::new(cc, core));
        let mut program = Self { harness, _home: home };
        program.harness.run_ok();
        program
    }

    fn state(&self) -> State {
        self.harness.state().state()
    }

    fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run_ok();
    }

    fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_ok();
    }

    /// Everything that a screen reader would say.
    fn spoken(&self) -> Vec<String> {
        words(&self.harness)
    }

    fn speaks(&self, words: &str) -> bool {
        self.spoken().iter().any(|text| text.contains(words))
    }
}

/// A key goes down: the harness's own keys take a frame for each of their parts.
fn down(modifiers: Modifiers, key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// Signed in, on the worklist.
fn signed_in(language: Language) -> State {
    let mut state = State::default();
    state.shell.settings.language = language;
    state.shell.screen = Screen::Worklist;
    let (centre, user) = ("island".to_owned(), None);
    state.sign_in.entered = Remote::Ready(SignedIn { centre, user, demo: false });
    state
}

fn problem() -> Problem {
    Problem { id: "shell-gpu-lost".into(), args: Vec::new() }
}

#[test]
fn every_screen_and_dialog_speaks_its_language_and_never_a_sentence_id() {
    let dialogs = [
        None,
        Some(Dialog::Palette),
        Some(Dialog::Help),
        Some(Dialog::Settings),
        Some(Dialog::Leave { unsent: 2 }),
    ];
    for (language, program_menu, connected) in [
        (Language::English, "Program", "Connected: island"),
        (Language::Japanese, "プログラム", "接続中：island"),
    ] {
        for screen in [Screen::SignIn, Screen::Worklist, Screen::Reading] {
            for dialog in &dialogs {
                let mut state = signed_in(language);
                state.shell.screen = screen;
                state.shell.dialog.clone_from(dialog);
                let program = Program::begin(state);
                for text in program.spoken() {
                    let id = ["shell-", "viewer-", "worklist-", "drawing-", "draft-", "report-", "work-"];
                    assert!(!id.iter().any(|room| text.starts_with(room)), "{screen:?} {dialog:?}: {text}");
                }
                let framed = screen != Screen::SignIn;
                assert_eq!(program.speaks(program_menu) && program.speaks(connected), framed);
            }
        }
    }
}

#[test]
fn the_language_changes_while_the_program_runs() {
    let mut program = Program::begin(signed_in(Language::English));
    assert!(program.speaks("Program"));
    program.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    assert_eq!(program.state().shell.settings.language, Language::Japanese);
    assert!(program.speaks("プログラム") && !program.speaks("Program"));
}

#[test]
fn the_palette_does_what_is_typed() {
    let mut program = Program::begin(signed_in(Language::English));
    program.press(Modifiers::COMMAND, Key::K);
    assert_eq!(program.state().shell.dialog, Some(Dialog::Palette));
    program.harness.event(Event::Text("help".into()));
    program.harness.run_ok();
    program.press(Modifiers::NONE, Key::Enter);
    assert_eq!(program.state().shell.dialog, Some(Dialog::Help));
    program.press(Modifiers::NONE, Key::Escape);
    assert_eq!(program.state().shell.dialog, None);
    program.press(Modifiers::COMMAND, Key::K);
    assert!(!program.spoken().contains(&"help".to_owned()), "the next palette begins empty");
}

#[test]
fn a_key_shows_in_the_frame_in_which_it_is_pressed() {
    let mut program = Program::begin(signed_in(Language::English));
    program.harness.input_mut().events.push(down(Modifiers::COMMAND | Modifiers::SHIFT, Key::L));
    program.harness.step();
    assert!(program.speaks("プログラム") && !program.speaks("Program"));
}

/// A case is open and the worklist is there: both screens know the arrows.
fn both(screen: Screen) -> State {
    let mut state = Stage::new(Language::English).state;
    let list = listed(Language::English, 40);
    (state.sign_in, state.worklist, state.shell.screen) = (list.sign_in, list.worklist, screen);
    state.worklist.selected = state.worklist.visible().get(20).map(|row| row.study.clone());
    let viewer = &mut state.case.as_mut().unwrap().viewer;
    viewer.windows[0].viewports[0].shown.as_mut().unwrap().position = 5;
    state
}

/// The place in the list and the place in the stack.
fn places(state: &State) -> (usize, usize) {
    let selected = state.worklist.selected.as_ref();
    let row = state.worklist.visible().iter().position(|row| Some(&row.study) == selected).unwrap();
    let viewer = &state.case.as_ref().unwrap().viewer;
    (row, viewer.windows[0].viewports[0].shown.as_ref().unwrap().position)
}

#[test]
fn a_key_acts_once_and_on_the_screen_that_is_seen() {
    for (key, in_list, in_stack) in [
        (Key::ArrowDown, 21, 6),
        (Key::ArrowUp, 19, 4),
        (Key::PageDown, 32, 10),
        (Key::PageUp, 8, 0),
        (Key::Home, 0, 0),
        (Key::End, 39, 10),
    ] {
        let mut reading = Program::begin(both(Screen::Reading));
        assert_eq!(places(&reading.state()), (20, 5));
        reading.press(Modifiers::NONE, key);
        assert_eq!(places(&reading.state()), (20, in_stack), "{key:?} on the case");
        let mut choosing = Program::begin(both(Screen::Worklist));
        choosing.press(Modifiers::NONE, key);
        assert_eq!(places(&choosing.state()), (in_list, 5), "{key:?} on the list");
    }
}

#[test]
fn signing_out_leads_to_the_sign_in_which_opens_files_without_one() {
    let mut program = Program::begin(signed_in(Language::English));
    program.click("Program");
    program.click("Sign out");
    let state = program.state();
    assert_eq!((state.shell.screen, state.sign_in.signed_in()), (Screen::SignIn, None));
    assert!(program.speaks("without signing in") && program.speaks("Open files…"));
}

#[test]
fn the_menu_does_what_it_says() {
    let mut program = Program::begin(signed_in(Language::Japanese));
    program.click("プログラム");
    program.click("設定");
    assert_eq!(program.state().shell.dialog, Some(Dialog::Settings));
    program.click("English");
    assert_eq!(program.state().shell.settings.language, Language::English);
}

#[test]
fn leaving_with_unsent_reports_asks_and_both_answers_hold() {
    let asking = || {
        let mut state = signed_in(Language::English);
        state.shell.dialog = Some(Dialog::Leave { unsent: 2 });
        Program::begin(state)
    };
    let mut stays = asking();
    assert!(stays.speaks("has not confirmed: 2"));
    stays.click("Stay");
    assert_eq!((stays.state().shell.dialog, stays.state().shell.leaving), (None, false));
    let mut leaves = asking();
    leaves.click("Quit anyway");
    for _ in 0..100 {
        if leaves.state().shell.leaving {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        leaves.harness.run_ok();
    }
    panic!("the program stays open");
}

#[test]
fn a_warning_stays_until_it_is_dismissed() {
    let mut state = signed_in(Language::English);
    state.shell.notices = vec![Notice { id: 7, problem: problem(), weight: Weight::Warning, at_ms: 0 }];
    let mut program = Program::begin(state);
    assert!(program.speaks("graphics processor was lost"));
    program.click("Dismiss this notice");
    assert!(program.state().shell.notices.is_empty() && !program.speaks("graphics processor was lost"));
}

/// A text field beside what looks for keys, as in every window; what was done by key.
fn field<'a>() -> Harness<'a, (String, Vec<&'static str>)> {
    let state = signed_in(Language::English);
    let mut harness = Harness::builder().allow_missing_glyphs().build_ui_state(
        move |ui, (text, done): &mut (String, Vec<&'static str>)| {
            let ctx = ui.ctx().clone();
            let pressed = actions::shortcuts(&state, ctx.text_edit_focused(), &ctx);
            done.extend(pressed.iter().map(|action| action.id));
            let label = ui.label("field");
            ui.text_edit_singleline(text).labelled_by(label.id);
        },
        Default::default(),
    );
    harness.run_ok();
    harness
}

#[test]
fn a_key_that_can_be_typed_does_nothing_while_somebody_writes() {
    let mut harness = field();
    harness.key_press(Key::Questionmark);
    harness.run_ok();
    assert_eq!(std::mem::take(&mut harness.state_mut().1), ["help"]);
    harness.get_by_role(egui::Role::TextInput).focus();
    harness.run_ok();
    harness.key_press(Key::Questionmark);
    harness.run_ok();
    assert!(harness.state().1.is_empty());
    harness.key_press(Key::F1);
    harness.run_ok();
    assert_eq!(harness.state().1, ["help"]);
}

#[test]
fn no_key_does_anything_while_an_input_method_composes() {
    let preedit = |text: &str| Event::Ime(ImeEvent::Preedit { text: text.into(), active_range_chars: None });
    let mut harness = field();
    harness.get_by_role(egui::Role::TextInput).focus();
    harness.run_ok();
    harness.event(preedit("しょけん"));
    harness.step();
    harness.key_press(Key::F1);
    harness.run_ok();
    // In one frame: the harness would give each event of its queue a frame of its own.
    let commit = Event::Ime(ImeEvent::Commit("所見".into()));
    harness.input_mut().events.extend([commit, down(Modifiers::NONE, Key::F1)]);
    harness.step();
    assert!(harness.state().1.is_empty(), "neither while composing nor with the key that ends it");
    assert_eq!(harness.state().0, "所見");
    harness.run_ok();
    harness.key_press(Key::F1);
    harness.run_ok();
    assert_eq!(harness.state().1, ["help"]);
}

#[test]
fn a_command_of_a_person_reaches_the_state_without_a_window() {
    let home = tempfile::tempdir().unwrap();
    let work =
        Work::start(Home::in_folder(home.path()), Profile::default(), None, Box::new(AtHand(None))).unwrap();
    let mut core = Core::new(work);
    core.command(Command::Shell(Shell::Open(Dialog::Help)));
    std::thread::sleep(core.pause());
    assert!(core.drain(std::time::Duration::from_millis(4)), "time passes");
    assert!(core.state().shell.now_ms > 0 && core.state().shell.dialog == Some(Dialog::Help));
    assert!(core.settle(std::time::Duration::from_secs(1)), "nothing is left to be kept");
}
