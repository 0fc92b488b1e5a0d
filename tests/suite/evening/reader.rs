//! One who reads: finds everything by its accessible name, in either language, and waits as people do.

mod hands;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dokuei::app::{App, Core};
use dokuei::imaging::Stores;
use dokuei::session::settings::Language;
use dokuei::session::shell::Screen;
use dokuei::session::viewer::{self, Shown};
use dokuei::session::{State, case::Case};
use dokuei::site::{Home, Profile};
use dokuei::text::{self, Message};
use dokuei::work::{DemoDoor, DemoEntry, Launch, Opening};
use eframe::egui_wgpu::RenderState;
use eframe::egui_wgpu::wgpu::TextureFormat;
use egui::accesskit::Role;
use egui::{Key, Rect, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::wgpu::WgpuTestRenderer;

use super::town::{CENTRE, PASSPHRASE, PASSWORD};
use crate::canvas::stage::Stage;
use crate::support::secrets::AtHand;

pub(super) const LANGUAGES: [Language; 2] = [Language::English, Language::Japanese];
pub(super) const FIRST: viewer::ViewportId = viewer::ViewportId { window: 0, place: 0 };
/// How long anybody waits for anything.
const PATIENCE: Duration = Duration::from_secs(40);

struct NoDemo;

impl DemoDoor for NoDemo {
    fn open(&self) -> Result<DemoEntry, Message> {
        Err(Message::new("site-no-demo"))
    }
}

/// The program in front of its reader.
pub(super) struct Reader {
    harness: Harness<'static, App>,
    pub(super) language: Language,
    pub(super) stores: Arc<Stores>,
    /// What the windows asked of the system, and their titles.
    pub(super) asked: String,
    /// The window's GPU, where there is one.
    pub(super) gpu: Option<RenderState>,
}

impl Reader {
    /// In front of a window that is drawn by the CPU, with the vault's passphrase at hand.
    pub(super) fn new(home: &Path, language: Language) -> Self {
        Self::begin(home, language, Some(PASSPHRASE), None)
    }

    /// In front of a window with a GPU, if this machine has one.
    pub(super) fn with_gpu(home: &Path, language: Language, passphrase: Option<&'static str>) -> Self {
        Self::begin(home, language, passphrase, Stage::new(TextureFormat::Rgba8Unorm))
    }

    fn begin(
        home: &Path,
        language: Language,
        passphrase: Option<&'static str>,
        stage: Option<Stage>,
    ) -> Self {
        let home = Home::in_folder(home);
        let launch = Launch {
            profile: Profile::load(&home).unwrap(),
            home,
            language,
            opening: Opening::Workstation,
            secrets: Box::new(AtHand(passphrase)),
            demo: Box::new(NoDemo),
        };
        let (work, _) = launch.begin().unwrap();
        let stores = work.stores();
        let mut state = State::default();
        state.shell.settings.language = language;
        let core = Core::with_state(work, state);
        let gpu = stage.map(|stage| stage.state);
        let builder = Harness::builder().with_size([1366.0, 768.0]).with_step_dt(1.0 / 60.0);
        let builder = builder.with_max_steps(4).with_render_cursor(false);
        let builder = match &gpu {
            Some(gpu) => builder.renderer(WgpuTestRenderer::from_render_state(gpu.clone())),
            None => builder,
        };
        let harness = builder.build_eframe(move |cc| App::new(cc, core));
        Self { harness, language, stores, asked: String::new(), gpu }
    }

    pub(super) fn state(&self) -> State {
        self.harness.state().state()
    }

    /// Lets time pass at once.
    pub(super) fn skip(&mut self, time: Duration) {
        self.harness.state().skip(time);
        self.step();
    }

    /// The open case.
    pub(super) fn case(&self) -> Case {
        self.state().case.unwrap()
    }

    /// A sentence of the catalogues.
    pub(super) fn say(&self, id: &'static str) -> String {
        self.saying(&Message::new(id))
    }

    pub(super) fn saying(&self, message: &Message) -> String {
        text::say(self.language, message)
    }

    /// Everything on the screen, as a screen reader says it.
    pub(super) fn words(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut nodes = vec![self.harness.root()];
        while let Some(node) = nodes.pop() {
            found.extend(node.accesskit_node().label());
            found.extend(node.accesskit_node().value());
            nodes.extend(node.children());
        }
        found
    }

    pub(super) fn sees(&self, words: &str) -> bool {
        self.words().iter().any(|word| word.contains(words))
    }

    pub(super) fn sees_the(&self, id: &'static str) -> bool {
        self.sees(&self.say(id))
    }

    /// One frame for each event that waits, else one.
    pub(super) fn step(&mut self) {
        self.harness.step();
        for window in self.harness.output().viewport_output.values() {
            self.asked.push_str(&format!("{:?} {:?}\n", window.builder.title, window.commands));
        }
    }

    /// Goes on until it is so.
    pub(super) fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.step();
            if is_so(self) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "never: {what}; on screen: {:#?}", self.words());
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    pub(super) fn until_seen(&mut self, words: &str) {
        self.until(words, |reader| reader.sees(words));
    }

    /// Goes on for so long.
    pub(super) fn wait(&mut self, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            self.step();
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    /// As the system asks when somebody clicks the window's cross.
    pub(super) fn close_the_window(&mut self) {
        let windows = &mut self.harness.input_mut().viewports;
        windows.get_mut(&ViewportId::ROOT).unwrap().events.push(ViewportEvent::Close);
        self.step();
    }

    /// Dismisses every notice.
    pub(super) fn dismiss_all(&mut self) {
        let word = self.say("shell-dismiss");
        while self.sees(&word) {
            if let Some(button) = self.harness.query_all_by_label(&word).next() {
                button.click();
            }
            self.step();
            self.step();
        }
    }

    /// The rows of the worklist from the top: what is said of each, and where it is.
    pub(super) fn rows(&self) -> Vec<(String, Rect)> {
        let rows = self.harness.get_all_by_role(Role::Row);
        let one = |node: egui_kittest::Node<'_>| {
            (node.accesskit_node().label().unwrap_or_default().to_owned(), node.rect())
        };
        let mut rows: Vec<_> = rows.map(one).collect();
        rows.sort_by(|a, b| a.1.top().total_cmp(&b.1.top()));
        rows
    }

    /// From the sign-in to the worklist.
    pub(super) fn sign_in(&mut self) {
        self.sign_in_with(PASSWORD);
        let title = self.say("worklist-title");
        self.until("the worklist", |reader| {
            reader.sees(&title) && reader.state().worklist.list.latest().is_some()
        });
        // A row knows its place from its second frame on.
        self.step();
    }

    pub(super) fn sign_in_with(&mut self, password: &str) {
        self.until_seen(CENTRE);
        self.write(Role::PasswordInput, &self.say("worklist-password"), password);
        if self.state().sign_in.needs_passphrase {
            self.write(Role::PasswordInput, &self.say("worklist-passphrase"), PASSPHRASE);
        }
        self.key(Key::Enter);
    }

    /// Opens the first row of the worklist.
    pub(super) fn open_first(&mut self) {
        self.key(Key::ArrowDown);
        self.key(Key::Enter);
        assert_eq!(self.state().shell.screen, Screen::Reading);
    }

    /// What the first viewport is called while it shows image `at` (from 0) of so many.
    pub(super) fn image_label(&self, at: usize, count: usize) -> String {
        let (case, shown) = (self.case(), self.shown());
        let series = case.entry().unwrap().series.iter().find(|entry| entry.series.uid == shown.series);
        let title = series.unwrap().series.description.clone();
        let message = Message::new("viewer-area-image").with("number", 1).with("title", title);
        self.saying(&message.with("at", at + 1).with("count", count))
    }

    /// The stack in the first viewport: how many images there are of it by now.
    pub(super) fn count(&self) -> usize {
        let (case, shown) = (self.case(), self.shown());
        let series = case.entry().unwrap().series.iter().find(|entry| entry.series.uid == shown.series);
        series.unwrap().stacks[shown.stack].images.len()
    }

    /// What the first viewport shows.
    pub(super) fn shown(&self) -> Shown {
        self.case().viewer.viewport(FIRST).unwrap().shown.clone().unwrap()
    }

    /// The first viewport shows an image: its name says which, and nothing is said to be on its way.
    pub(super) fn sees_image(&self) -> bool {
        let case = self.state().case;
        let shows = case
            .is_some_and(|case| case.viewer.viewport(FIRST).is_some_and(|viewport| viewport.shown.is_some()));
        shows && self.words().contains(&self.image_label(self.shown().position, self.count()))
    }

    /// All images of the open case are here and decoded.
    pub(super) fn until_all_here(&mut self) {
        self.until("all images", |reader| {
            reader.case().arrived.latest().is_some_and(|fetched| fetched.is_complete()) && reader.sees_image()
        });
        let frames = self.count();
        self.until("all decoded", |reader| {
            reader.case().entry().is_some_and(|entry| {
                let shown = reader.shown();
                let series = entry.series.iter().find(|one| one.series.uid == shown.series).unwrap();
                let stack = &series.stacks[shown.stack];
                let key = |at| viewer::frame_key(stack, at).unwrap();
                (0..frames).all(|at| reader.stores.frames.get(&key(at)).is_some())
            })
        });
    }

    /// Where a viewport is: its name begins so.
    pub(super) fn area(&self, name: &str) -> Rect {
        self.harness.get_by_label_contains(name).rect()
    }

    /// Where the first viewport is.
    pub(super) fn first_area(&self) -> Rect {
        self.area(&self.saying(&Message::new("viewer-area").with("number", 1)))
    }

    /// The pixels of the middle of a viewport, where nothing is written over the image.
    pub(super) fn pixels(&mut self, area: Rect) -> Vec<u8> {
        let middle = Rect::from_center_size(area.center(), area.size() * 0.4);
        let picture = self.harness.render().unwrap();
        let (left, top) = (middle.left() as u32, middle.top() as u32);
        let view =
            image::imageops::crop_imm(&picture, left, top, middle.width() as u32, middle.height() as u32);
        view.to_image().into_raw()
    }
}
