//! The window: drains events, updates, draws, runs effects.
//!
//! ```text
//!   logic   events of work ─► session::update ─► effects ─► work       (at most 4 ms; also while hidden)
//!   ui      keys ─► update ─► panels, mouse on the images ─► update ─► the images
//! ```
//!
//! Keys are known before anything is drawn and are applied first. The wheel and the mouse are known to the panels
//! and to the viewports, which look at them before an image is drawn: what they send is applied, then the images
//! are drawn, so that a notch of the wheel shows in the same frame. Where a command brings another screen, egui is
//! asked to throw the pass away and draw a second one before anything reaches the screen; that has no input of its
//! own, so nothing happens twice.
//!
//! The program sleeps until something happens; else it wakes once a second, and ten times a second while something
//! is on its way.

mod core;
mod files;
mod meter;
mod native;
mod screen_map;
mod windows;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui::{OutputCommand, UserAttentionType, ViewportCommand, ViewportId};

pub use self::core::Core;
pub use native::run;

use crate::session::{Command, State, shell};
use crate::ui::canvas::Canvas;
use crate::ui::{self, Panel, actions};

/// Time for events in one frame.
const DRAIN: Duration = Duration::from_millis(4);

/// What all windows share.
#[derive(Clone)]
struct Shared {
    core: Arc<Mutex<Core>>,
    canvas: Arc<Canvas>,
}

/// The main window of the program; its other windows are egui's deferred viewports over the same state.
pub struct App {
    shared: Shared,
    outcome: Arc<Mutex<Outcome>>,
}

/// Why the window closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Outcome {
    /// The reader left.
    #[default]
    Left,
    /// The GPU was lost: the same state comes back in a new window.
    GpuLost,
}

impl App {
    /// Over a window that has just been made.
    pub fn new(cc: &eframe::CreationContext<'_>, core: Core) -> Self {
        Self::over(cc, Arc::new(Mutex::new(core)), Arc::default())
    }

    /// The same over a core that outlives the window.
    fn over(cc: &eframe::CreationContext<'_>, core: Arc<Mutex<Core>>, outcome: Arc<Mutex<Outcome>>) -> Self {
        let ctx = &cc.egui_ctx;
        ui::fonts::install(ctx);
        ui::theme::install(ctx);
        let woken = ctx.clone();
        lock(&core).wake_with(Box::new(move || woken.request_repaint_of(ViewportId::ROOT)));
        if let Some(file) = lock(&core).screen_map() {
            ctx.enable_accesskit();
            ctx.add_plugin(screen_map::ScreenMap::new(file));
        }
        let canvas = Arc::new(Canvas::new(cc.wgpu_render_state.as_ref()));
        Self { shared: Shared { core, canvas }, outcome }
    }

    /// The state, as a copy.
    pub fn state(&self) -> State {
        lock(&self.shared.core).state().clone()
    }

    /// Sends a command as a person would.
    pub fn command(&self, command: Command) {
        lock(&self.shared.core).command(command);
    }

    /// Lets time pass (see [`Core::skip`]).
    pub fn skip(&self, time: Duration) {
        lock(&self.shared.core).skip(time);
    }

    /// A request to close the window is a request to leave, which may ask first.
    fn closing(&self, ctx: &egui::Context, core: &mut Core) {
        // Once a frame: a second pass sees the same request.
        let asked = ctx.current_pass_index() == 0 && ctx.input(|input| input.viewport().close_requested());
        if asked && !core.state().shell.leaving {
            core.command(Command::Shell(shell::Command::Leave));
        }
        if core.state().shell.leaving {
            if !asked {
                ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
            }
        } else if self.shared.canvas.lost() {
            *lock(&self.outcome) = Outcome::GpuLost;
            ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
        } else if asked {
            ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::CancelClose);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let began = meter::now();
        let mut core = lock(&self.shared.core);
        let changed = core.drain(DRAIN);
        if core.take_attention() {
            let attention = ViewportCommand::RequestUserAttention(UserAttentionType::Informational);
            ctx.send_viewport_cmd_to(ViewportId::ROOT, attention);
        }
        if *lock(&self.outcome) == Outcome::Left {
            self.closing(ctx, &mut core);
        }
        if changed {
            windows::repaint_all(ctx, core.state());
        }
        if core.has_more() {
            ctx.request_repaint_of(ViewportId::ROOT);
        }
        ctx.request_repaint_after_for(core.pause(), ViewportId::ROOT);
        core.metered().1.logic(began);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        turn(ui, &self.shared, 0);
        windows::show(ui.ctx(), &self.shared);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        ui::theme::PANEL.to_normalized_gamma_f32()
    }
}

/// One turn of one window: keys, all but the images, what came of both, the images.
fn turn(ui: &mut egui::Ui, shared: &Shared, window: u8) {
    let began = meter::now();
    let ctx = ui.ctx().clone();
    let mut core = lock(&shared.core);
    if is_stirred(&ctx) {
        core.stir();
    }
    if core.state().lock.is_closed() {
        return locked(ui, shared, &mut core, window);
    }
    if core.take_return() {
        ui::lock::come_back(&ctx);
    }
    let mut acted = window != 0 && windows::attend(&ctx, &mut core, window);
    for action in actions::shortcuts(core.state(), ctx.text_edit_focused(), &ctx) {
        for deed in action.deeds_in(core.state(), window) {
            acted = true;
            core.perform(deed);
        }
    }
    if core.state().lock.is_closed() {
        return locked(ui, shared, &mut core, window);
    }
    let stores = core.stores();
    let mut panel = Panel::new(core.state(), &stores, &shared.canvas);
    let film = match window {
        0 => ui::main_window(ui, &mut panel),
        _ => Some(ui::image_window(ui, &mut panel, window)),
    };
    let choice = panel.choice();
    let commands = panel.into_commands();
    let redraw = commands.iter().any(changes_the_screen);
    let sent = !commands.is_empty();
    for command in commands {
        core.command(command);
    }
    if let Some(choice) = choice {
        core.choose(choice);
    }
    if copies(&ctx) {
        core.copied();
    }
    if let Some(room) = film.filter(|_| !core.state().lock.is_closed()) {
        ui::images(ui, &mut Panel::new(core.state(), &stores, &shared.canvas), window, room);
    }
    if redraw {
        ctx.request_discard("another screen");
    }
    if sent || acted {
        windows::repaint_all(&ctx, core.state());
    }
    let (state, meter) = core.metered();
    meter.frame(window, began, state, &stores);
}

/// Whether what was drawn before this command must not reach the screen. Images are drawn after commands, and a
/// field shows what was typed already.
fn changes_the_screen(command: &Command) -> bool {
    matches!(command, Command::Shell(_) | Command::Case(_) | Command::Lock(_))
}

/// One turn of a window of a locked workstation: keys and mouse reach nothing but what unlocks it.
fn locked(ui: &mut egui::Ui, shared: &Shared, core: &mut Core, window: u8) {
    let ctx = ui.ctx().clone();
    if let Some(copied) = core.take_blanking() {
        shared.canvas.clear();
        ui::lock::wipe(&ctx);
        if copied {
            ctx.copy_text(String::new());
        }
        windows::repaint_all(&ctx, core.state());
    }
    if window != 0 && ctx.input(|input| input.viewport().focused == Some(true)) {
        // The only field is in the main window.
        ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Focus);
    }
    let stores = core.stores();
    let mut panel = Panel::new(core.state(), &stores, &shared.canvas);
    match window {
        0 => ui::lock::show(ui, &mut panel),
        _ => ui::lock::blank(ui, &panel),
    }
    let commands = panel.into_commands();
    if commands.is_empty() {
        return;
    }
    for command in commands {
        core.command(command);
    }
    windows::repaint_all(&ctx, core.state());
}

/// Whether somebody touched key or mouse in this window.
fn is_stirred(ctx: &egui::Context) -> bool {
    use egui::Event::{
        AccessKitActionRequest, Ime, Key, MouseMoved, MouseWheel, PointerButton, PointerMoved, Text, Touch,
        Zoom,
    };
    ctx.input(|input| {
        input.events.iter().any(|event| {
            matches!(
                event,
                AccessKitActionRequest(_)
                    | Ime(_)
                    | Key { .. }
                    | MouseMoved(_)
                    | MouseWheel { .. }
                    | PointerButton { .. }
                    | PointerMoved(_)
                    | Text(_)
                    | Touch { .. }
                    | Zoom(_)
            )
        })
    })
}

/// Whether a field of this window has put its text into the clipboard.
fn copies(ctx: &egui::Context) -> bool {
    let is_copy = |command: &OutputCommand| matches!(command, OutputCommand::CopyText(_));
    ctx.output(|output| output.commands.iter().any(is_copy))
}

/// A lock that a panic elsewhere does not poison: the state is only ever changed as a whole.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
