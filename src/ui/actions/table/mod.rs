//! The table, a file for what belongs together.

mod cases;
mod images;
mod program;
mod reporting;
mod tools;

use super::{Action, Group, Place, when};

/// The whole table, in the order of menus and help.
pub(super) const TABLES: &[&[Action]] =
    &[cases::ALL, tools::TOOLS, tools::WINDOWS, images::ALL, reporting::ALL, program::ALL];

/// What an action is unless its entry says otherwise.
const ANY: Action = Action {
    id: "",
    label: "",
    args: &[],
    named: None,
    hint: None,
    icon: None,
    keys: &[],
    group: Group::Program,
    place: Place::Everywhere,
    enabled: when::always,
    offered: when::always,
    on: when::never,
    run: |_| Vec::new(),
};
