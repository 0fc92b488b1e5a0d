//! What an action does: commands for the session, and what only the window can do.

use super::{presets, when};
use crate::imaging::{Magnification, Over, Placement, SlabMode};
use crate::session::settings::Language;
use crate::session::viewer::{Command as View, Layout, Tool, ViewportId};
use crate::session::{Command, State, case, draft, drawings, shell, sign_in, trail, viewer, worklist};
use crate::ui::Choice;
use crate::ui::drawings::{citation, key_image_sentence};

/// One thing to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A command for the session.
    Send(Command),
    /// A person must choose files first.
    Choose(Choice),
}

pub(super) type Deeds = Vec<Deed>;

/// How much thicker or thinner a slab becomes at once, mm.
const SLAB_STEP_MM: f64 = 5.0;

pub(super) fn send(command: Command) -> Deeds {
    vec![Deed::Send(command)]
}

pub(super) fn view(command: viewer::Command) -> Deeds {
    send(Command::Viewer(command))
}

pub(super) fn shell(command: shell::Command) -> Deeds {
    send(Command::Shell(command))
}

/// Takes the selected study, or gives it back.
pub(super) fn claim(state: &State) -> Deeds {
    let claim = |(study, mine): (_, bool)| worklist::Command::Claim { study, take: !mine };
    when::claimable(state).map(|found| send(Command::Worklist(claim(found)))).unwrap_or_default()
}

pub(super) fn case(command: case::Command) -> Deeds {
    send(Command::Case(command))
}

pub(super) fn draw(command: drawings::Command) -> Deeds {
    send(Command::Drawings(command))
}

pub(super) fn refresh(state: &State) -> Deeds {
    let Some(signed_in) = when::centre(state) else { return Deeds::new() };
    send(Command::Worklist(worklist::Command::Refresh { centre: signed_in.centre.clone() }))
}

pub(super) fn sign_out(_: &State) -> Deeds {
    send(Command::SignIn(sign_in::Command::Leave))
}

pub(super) fn trail(_: &State) -> Deeds {
    send(Command::Trail(trail::Command::Open))
}

pub(super) fn tool(tool: Tool) -> Deeds {
    view(View::Tool(tool))
}

pub(super) fn layout(columns: u8, rows: u8) -> Deeds {
    view(View::Layout(Layout { columns, rows }))
}

/// A command for the active viewport.
pub(super) fn here(state: &State, command: impl FnOnce(ViewportId) -> View) -> Deeds {
    when::viewer(state).map(|viewer| view(command(viewer.active))).unwrap_or_default()
}

pub(super) fn window(state: &State, window: Option<[f64; 2]>) -> Deeds {
    here(state, |viewport| View::Window { viewport, window })
}

/// The image's own window at this place of its order.
pub(super) fn preset<const PLACE: usize>(state: &State) -> Deeds {
    here(state, |viewport| View::Preset { viewport, place: PLACE })
}

/// The image's own window after the one that is shown; after the last one the first.
pub(super) fn next_preset(state: &State) -> Deeds {
    let count = presets::count(state).max(1);
    let place = (presets::chosen(state) + 1) % count;
    here(state, |viewport| View::Preset { viewport, place })
}

pub(super) fn scroll(state: &State, by: i32) -> Deeds {
    here(state, |viewport| View::Scroll { viewport, by })
}

pub(super) fn go_to(state: &State, position: usize) -> Deeds {
    here(state, |viewport| View::GoTo { viewport, position })
}

pub(super) fn next_stack(state: &State, by: i32) -> Deeds {
    here(state, |viewport| View::NextStack { viewport, by })
}

pub(super) fn place(state: &State, change: impl FnOnce(Placement) -> Placement) -> Deeds {
    let Some((viewport, look)) = when::active(state) else { return Deeds::new() };
    view(View::Place { viewport, placement: change(look.placement) })
}

pub(super) fn magnify(state: &State, magnification: Magnification) -> Deeds {
    place(state, |placement| Placement { magnification, pan: glam::DVec2::ZERO, ..placement })
}

/// One step thicker or thinner.
pub(super) fn thicken(state: &State, steps: f64) -> Deeds {
    slab(state, |thickness_mm, mode| ((thickness_mm + steps * SLAB_STEP_MM).max(0.0), mode))
}

pub(super) fn next_mode(state: &State) -> Deeds {
    slab(state, |thickness_mm, mode| {
        let next = match mode {
            SlabMode::Mip => SlabMode::MinIp,
            SlabMode::MinIp => SlabMode::Mean,
            SlabMode::Mean => SlabMode::Mip,
        };
        (thickness_mm, next)
    })
}

fn slab(state: &State, change: impl FnOnce(f64, SlabMode) -> (f64, SlabMode)) -> Deeds {
    let (Some(mpr), Some(viewer)) = (when::planes(state), when::viewer(state)) else { return Deeds::new() };
    let (thickness_mm, mode) = change(mpr.thickness_mm, mpr.mode);
    view(View::Slab { window: viewer.active.window, thickness_mm, mode })
}

pub(super) fn annotate(state: &State) -> Deeds {
    view(View::Annotations(!when::annotated(state)))
}

/// What of the images' own graphics and shutters is drawn, changed.
pub(super) fn over(state: &State, change: impl FnOnce(Over) -> Over) -> Deeds {
    when::viewer(state).map(|viewer| view(View::Over(change(viewer.over)))).unwrap_or_default()
}

pub(super) fn delete(state: &State) -> Deeds {
    when::drawing(state).map(|id| draw(drawings::Command::Delete(id))).unwrap_or_default()
}

pub(super) fn cite(state: &State) -> Deeds {
    let Some(drawing) = when::drawing(state) else { return Deeds::new() };
    let Some(sentence) = citation(state, drawing) else { return Deeds::new() };
    send(Command::Draft(draft::Command::Cite { drawing, sentence }))
}

pub(super) fn key_image(state: &State) -> Deeds {
    let Some(frame) = when::image(state) else { return Deeds::new() };
    let Some(sentence) = key_image_sentence(state) else { return Deeds::new() };
    send(Command::Draft(draft::Command::KeyImage { frame: frame.clone(), sentence }))
}

/// The other language.
pub(super) fn speak(state: &State) -> Deeds {
    let language = state.shell.settings.language;
    let other = Language::ALL.into_iter().find(|one| *one != language).unwrap_or(language);
    shell(shell::Command::Speak(other))
}
