//! A panel in a window without a screen: its state, and what a person sent.

use std::sync::Arc;

use dokuei::imaging::Stores;
use dokuei::session::settings::Language;
use dokuei::session::{Command, Message, Problem, State, update};
use dokuei::ui::{Panel, canvas::Canvas};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT;

pub(crate) struct Desk {
    pub(crate) state: State,
    pub(crate) sent: Vec<Command>,
}

pub(crate) type Shown = Harness<'static, Desk>;

/// The panel `show` over `state` in a window of a small laptop.
pub(crate) fn desk(state: State, show: fn(&mut egui::Ui, &mut Panel<'_>)) -> Shown {
    sized(state, show, [1366.0, 768.0])
}

pub(crate) fn sized(state: State, show: fn(&mut egui::Ui, &mut Panel<'_>), size: [f32; 2]) -> Shown {
    let stores = Stores::new(0);
    let canvas = Canvas::new(None);
    let draw = move |ui: &mut egui::Ui, desk: &mut Desk| {
        let mut panel = Panel::new(&desk.state, &stores, &canvas);
        show(ui, &mut panel);
        for command in panel.into_commands() {
            desk.sent.push(command.clone());
            let _ = update(&mut desk.state, Message::Command(command));
        }
    };
    let builder = Harness::builder().with_size(size).with_context_setup(fonts).with_step_dt(1.0 / 60.0);
    let mut shown = builder.build_ui_state(draw, Desk { state, sent: Vec::new() });
    shown.run_steps(4);
    shown
}

fn fonts(ctx: &egui::Context) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/NotoSansCJKjp-Regular.subset.otf");
    let font = egui::FontData::from_owned(std::fs::read(path).unwrap());
    let mut fonts = egui::FontDefinitions::empty();
    fonts.font_data.insert("text".into(), Arc::new(font));
    for family in [egui::FontFamily::Proportional, egui::FontFamily::Monospace] {
        fonts.families.insert(family, vec!["text".into()]);
    }
    ctx.set_fonts(fonts);
}

pub(super) fn speaking(language: Language) -> State {
    let mut state = State::default();
    state.shell.settings.language = language;
    state
}

pub(crate) fn problem(id: &'static str) -> Problem {
    Problem { id: id.into(), args: Vec::new() }
}

/// Every text on the screen and every name that a screen reader says.
pub(crate) fn words<S>(shown: &Harness<'_, S>) -> Vec<String> {
    let mut found = Vec::new();
    let mut nodes = vec![shown.root()];
    while let Some(node) = nodes.pop() {
        let accesskit = node.accesskit_node();
        found.extend(accesskit.label());
        found.extend(accesskit.value());
        nodes.extend(node.children());
    }
    found
}

pub(crate) fn says(shown: &Shown, text: &str) -> bool {
    words(shown).iter().any(|word| word.contains(text))
}

/// No text is the bare id of a sentence, and none has an argument left open.
pub(crate) fn assert_spoken(shown: &Shown) {
    for word in words(shown) {
        let bare =
            ["worklist-", "draft-", "report-", "vault-", "centre-"].iter().any(|id| word.starts_with(id));
        assert!(!bare && !word.contains("{ $"), "{word}");
    }
}

/// Every button and field has a name.
pub(super) fn assert_named(shown: &Shown) {
    use egui::accesskit::Role;
    let mut nodes = vec![shown.root()];
    while let Some(node) = nodes.pop() {
        let accesskit = node.accesskit_node();
        let acts =
            [Role::Button, Role::TextInput, Role::MultilineTextInput, Role::PasswordInput, Role::RadioButton];
        let named = accesskit.label().is_some_and(|label| !label.is_empty());
        assert!(!acts.contains(&accesskit.role()) || named, "{:?} has no name", accesskit.role());
        nodes.extend(node.children());
    }
}
