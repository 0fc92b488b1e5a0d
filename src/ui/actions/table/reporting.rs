//! Drawings and the report.

use egui::{Key as K, Modifiers};

use super::ANY;
use crate::session::Command;
use crate::session::draft::Command as Draft;
use crate::session::drawings::Command as Draw;
use crate::ui::actions::keys::Key;
use crate::ui::actions::{Action, Group, Place, deeds, when};
use crate::ui::icons;

const REPORT: Action = Action { group: Group::Report, place: Place::Reading, ..ANY };

pub(super) const ALL: &[Action] = &[
    Action {
        id: "undo",
        label: "shell-do-undo",
        enabled: when::can_undo,
        icon: Some(icons::UNDO),
        keys: &[Key::with(Modifiers::COMMAND, K::Z)],
        run: |_| deeds::draw(Draw::Undo),
        ..REPORT
    },
    Action {
        id: "redo",
        label: "shell-do-redo",
        enabled: when::can_redo,
        icon: Some(icons::REDO),
        keys: &[
            Key::with(Modifiers::COMMAND.plus(Modifiers::SHIFT), K::Z),
            Key::with(Modifiers::COMMAND, K::Y),
        ],
        run: |_| deeds::draw(Draw::Redo),
        ..REPORT
    },
    Action {
        id: "delete",
        label: "shell-do-delete",
        enabled: when::has_drawing,
        icon: Some(icons::DELETE),
        keys: &[Key::alone(K::Delete), Key::alone(K::Backspace)],
        run: deeds::delete,
        ..REPORT
    },
    Action {
        id: "cite",
        label: "shell-do-cite",
        hint: Some("shell-do-cite-hint"),
        enabled: when::can_cite,
        icon: Some(icons::CITE),
        keys: &[Key::alone(K::C)],
        run: deeds::cite,
        ..REPORT
    },
    Action {
        id: "key-image",
        label: "shell-do-key-image",
        hint: Some("shell-do-key-image-hint"),
        enabled: when::on_image,
        on: when::is_key_image,
        icon: Some(icons::KEY_IMAGE),
        keys: &[Key::alone(K::K)],
        run: deeds::key_image,
        ..REPORT
    },
    Action {
        id: "sign",
        label: "shell-do-sign",
        hint: Some("shell-do-sign-hint"),
        enabled: when::can_sign,
        icon: Some(icons::SIGN),
        keys: &[Key::with(Modifiers::COMMAND, K::Enter).always()],
        run: |_| deeds::send(Command::Draft(Draft::Sign)),
        ..REPORT
    },
];
