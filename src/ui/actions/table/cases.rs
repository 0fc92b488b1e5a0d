//! Cases and files.

use egui::{Key as K, Modifiers};

use super::ANY;
use crate::session::case::Command as Case;
use crate::session::shell::{Command as Shell, Screen};
use crate::ui::actions::keys::Key;
use crate::ui::actions::{Action, Group, Place, deeds, when};
use crate::ui::{Choice, icons};

const CASE: Action = Action { group: Group::Case, ..ANY };

pub(super) const ALL: &[Action] = &[
    Action {
        id: "show-list",
        label: "shell-do-worklist",
        icon: Some(icons::LIST),
        keys: &[Key::alone(K::F2).always()],
        enabled: when::signed_in,
        on: |state| state.shell.screen == Screen::Worklist,
        run: |_| deeds::shell(Shell::Show(Screen::Worklist)),
        ..CASE
    },
    Action {
        id: "show-case",
        label: "shell-do-case",
        icon: Some(icons::MONITOR),
        keys: &[Key::alone(K::F3).always()],
        enabled: when::reading,
        on: |state| state.shell.screen == Screen::Reading,
        run: |_| deeds::shell(Shell::Show(Screen::Reading)),
        ..CASE
    },
    Action {
        id: "refresh",
        label: "shell-do-refresh",
        icon: Some(icons::REFRESH),
        keys: &[Key::alone(K::F5).always()],
        place: Place::Worklist,
        enabled: when::signed_in,
        run: deeds::refresh,
        ..CASE
    },
    Action {
        id: "claim",
        label: "claim-do",
        hint: Some("claim-do-hint"),
        keys: &[Key::with(Modifiers::COMMAND, K::T).always()],
        place: Place::Worklist,
        enabled: |state| when::claimable(state).is_some(),
        on: |state| when::claimable(state).is_some_and(|(_, mine)| mine),
        run: deeds::claim,
        ..CASE
    },
    Action {
        id: "next-case",
        label: "shell-do-next-case",
        hint: Some("shell-do-next-case-hint"),
        icon: Some(icons::NEXT),
        keys: &[Key::with(Modifiers::COMMAND, K::N).always()],
        enabled: when::of_centre,
        run: |_| deeds::case(Case::Next),
        ..CASE
    },
    Action {
        id: "close-case",
        label: "shell-do-close-case",
        hint: Some("shell-do-close-case-hint"),
        icon: Some(icons::CLOSE),
        keys: &[Key::with(Modifiers::COMMAND, K::W).always()],
        enabled: when::reading,
        run: |_| deeds::case(Case::Close),
        ..CASE
    },
    Action {
        id: "ask-again",
        label: "shell-do-retry",
        hint: Some("shell-do-retry-hint"),
        icon: Some(icons::REFRESH),
        keys: &[Key::alone(K::F6).always()],
        place: Place::Reading,
        enabled: when::incomplete,
        run: |_| deeds::case(Case::Retry),
        ..CASE
    },
    Action {
        id: "open-files",
        label: "shell-do-open-files",
        icon: Some(icons::FILE),
        keys: &[Key::with(Modifiers::COMMAND, K::O).always()],
        run: |_| vec![Choice::Files.into()],
        ..CASE
    },
    Action {
        id: "open-folder",
        label: "shell-do-open-folder",
        icon: Some(icons::FOLDER),
        keys: &[Key::with(Modifiers::COMMAND.plus(Modifiers::SHIFT), K::O).always()],
        run: |_| vec![Choice::Folder.into()],
        ..CASE
    },
];
