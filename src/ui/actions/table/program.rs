//! The program itself.

use egui::{Key as K, Modifiers};

use super::ANY;
use crate::session::shell::{Command as Shell, Dialog};
use crate::ui::actions::keys::Key;
use crate::ui::actions::{Action, deeds, when};
use crate::ui::icons;

pub(super) const ALL: &[Action] = &[
    Action {
        id: "all-commands",
        label: "shell-do-palette",
        icon: Some(icons::PALETTE),
        keys: &[Key::with(Modifiers::COMMAND, K::K).always()],
        run: |_| deeds::shell(Shell::Open(Dialog::Palette)),
        ..ANY
    },
    Action {
        id: "help",
        label: "shell-do-help",
        icon: Some(icons::HELP),
        keys: &[Key::alone(K::F1).always(), Key::alone(K::Questionmark)],
        run: |_| deeds::shell(Shell::Open(Dialog::Help)),
        ..ANY
    },
    Action {
        id: "settings",
        label: "shell-do-settings",
        icon: Some(icons::SETTINGS),
        keys: &[Key::with(Modifiers::COMMAND, K::Comma).always()],
        run: |_| deeds::shell(Shell::Open(Dialog::Settings)),
        ..ANY
    },
    Action {
        id: "audit-trail",
        label: "trail-do",
        hint: Some("trail-do-hint"),
        enabled: when::signed_in,
        run: deeds::trail,
        ..ANY
    },
    Action {
        id: "language",
        label: "shell-do-language",
        icon: Some(icons::LANGUAGE),
        keys: &[Key::with(Modifiers::COMMAND.plus(Modifiers::SHIFT), K::L).always()],
        run: deeds::speak,
        ..ANY
    },
    Action {
        id: "lock",
        label: "lock-do",
        keys: &[Key::with(Modifiers::COMMAND, K::L).always()],
        enabled: crate::session::lock::can_close,
        run: |_| deeds::send(crate::session::Command::Lock(crate::session::lock::Command::Close)),
        ..ANY
    },
    Action {
        id: "sign-in-again",
        label: "shell-do-sign-in-again",
        enabled: when::signed_in_elsewhere,
        run: |_| deeds::shell(Shell::Open(Dialog::SignInAgain(None))),
        ..ANY
    },
    Action {
        id: "sign-out",
        label: "shell-do-sign-out",
        enabled: when::signed_in,
        run: deeds::sign_out,
        ..ANY
    },
    Action {
        id: "leave",
        label: "shell-do-leave",
        icon: Some(icons::LEAVE),
        keys: &[Key::with(Modifiers::COMMAND, K::Q).always()],
        run: |_| deeds::shell(Shell::Leave),
        ..ANY
    },
];
