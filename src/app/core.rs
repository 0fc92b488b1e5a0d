//! Work and state without a window: drains, updates, runs effects.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::files;
use super::meter::Meter;
use crate::imaging::Stores;
use crate::session::{self, Command, Event, Message, Remote, State, case, lock, shell};
use crate::ui::Choice;
use crate::ui::actions::Deed;
use crate::work::{Wake, Work};

/// How often time passes for the session: while the screen shows how far something is, while an answer is waited
/// for, and else. A tick is drawn: on a machine that takes as long for a frame as ticks are apart, the one would
/// bring the other for ever.
const PROGRESS: Duration = Duration::from_millis(100);
const WAITING: Duration = Duration::from_millis(400);
const IDLE: Duration = Duration::from_secs(1);
/// How often it is noted that somebody stirs.
const STIR: Duration = Duration::from_secs(1);
/// The wall clock went on for so much longer than this program: the machine slept.
const SLEPT: Duration = Duration::from_secs(60);
/// How often what is under way is looked at while the program ends.
const LOOK: Duration = Duration::from_millis(5);

/// The program behind its windows. It outlives them: a lost GPU takes the windows and leaves this.
pub struct Core {
    work: Work,
    state: State,
    began: Instant,
    /// When time passed last, by the clock that goes on while the machine sleeps.
    wall: SystemTime,
    /// When somebody stirred last, since the program began.
    stirred: Option<Duration>,
    /// What was on screen has gone since the workstation was locked.
    blanked: bool,
    /// Something of ours is in the system's clipboard.
    copied: bool,
    /// Called when something has happened; of the window that is there now.
    wake: Arc<Mutex<Option<Wake>>>,
    /// Files that were chosen in a dialog of the system.
    chosen: Arc<Mutex<Vec<PathBuf>>>,
    attention: bool,
    more: bool,
    screen_map: Option<PathBuf>,
    meter: Meter,
}

impl Core {
    /// Over work that has been started.
    pub fn new(work: Work) -> Self {
        Self::with_state(work, State::default())
    }

    /// The same from a state that is there already.
    pub fn with_state(work: Work, state: State) -> Self {
        let wake: Arc<Mutex<Option<Wake>>> = Arc::default();
        let called = Arc::clone(&wake);
        work.wake_with(Box::new(move || {
            if let Some(wake) = &*called.lock().unwrap_or_else(PoisonError::into_inner) {
                wake();
            }
        }));
        let (chosen, began) = (Arc::default(), Instant::now());
        Self {
            work,
            state,
            began,
            wall: SystemTime::now(),
            stirred: None,
            blanked: false,
            copied: false,
            wake,
            chosen,
            attention: false,
            more: false,
            screen_map: None,
            meter: Meter::of_environment(),
        }
    }

    /// Has a map of the screen written to `file` (see `screen_map`): for drivers of the demo, never for patients.
    #[must_use]
    pub fn with_screen_map(mut self, file: Option<PathBuf>) -> Self {
        self.screen_map = file;
        self
    }

    /// Where the map of the screen goes.
    pub(super) fn screen_map(&self) -> Option<PathBuf> {
        self.screen_map.clone()
    }

    /// The state.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The state and the meter of its frames.
    pub(super) fn metered(&mut self) -> (&State, &mut Meter) {
        (&self.state, &mut self.meter)
    }

    /// Where pixels are.
    pub fn stores(&self) -> Arc<Stores> {
        self.work.stores()
    }

    /// Has `wake` called after each event, instead of what was called before.
    pub(super) fn wake_with(&self, wake: Wake) {
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some(wake);
    }

    /// A person wants this.
    pub fn command(&mut self, command: Command) {
        self.update(Message::Command(command));
    }

    /// Something has happened, as `work` would tell it.
    pub fn event(&mut self, event: Event) {
        self.update(Message::Event(event));
    }

    /// Does what an action does.
    pub fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Send(command) => self.command(command),
            Deed::Choose(choice) => self.choose(choice),
        }
    }

    /// Opens the system's dialog; what is chosen there is opened when it comes.
    pub fn choose(&mut self, choice: Choice) {
        let chosen = Arc::clone(&self.chosen);
        let paths = files::ask(choice);
        self.work.spawn(async move {
            let paths = paths.await;
            chosen.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
        });
    }

    /// Lets time pass and tells the state what has happened, for at most about `budget`. Says whether anything
    /// has happened.
    pub fn drain(&mut self, budget: Duration) -> bool {
        let until = Instant::now() + budget;
        let mut changed = self.tick() | self.take_chosen();
        self.more = false;
        while let Some(event) = self.work.try_next_event() {
            self.event(event);
            changed = true;
            if Instant::now() >= until {
                self.more = true;
                break;
            }
        }
        changed
    }

    /// The last drain ended because its time was over.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Whether somebody should look at this window, asked once.
    pub(super) fn take_attention(&mut self) -> bool {
        std::mem::take(&mut self.attention)
    }

    /// Lets so much time pass at once, as if nobody had done anything meanwhile: for tests.
    pub fn skip(&mut self, time: Duration) {
        self.began = self.began.checked_sub(time).unwrap_or(self.began);
        self.wall = self.wall.checked_sub(time).unwrap_or(self.wall);
    }

    /// Somebody touched key or mouse.
    pub(super) fn stir(&mut self) {
        let now = self.began.elapsed();
        if self.stirred.is_none_or(|last| now >= last + STIR) {
            self.stirred = Some(now);
            self.event(Event::Lock(lock::Event::Stirred));
        }
    }

    /// Something of ours went into the system's clipboard.
    pub(super) fn copied(&mut self) {
        self.copied = true;
    }

    /// Whether the workstation is locked and what was on screen is still to be let go, asked once a lock; and
    /// whether the clipboard holds something of ours.
    pub(super) fn take_blanking(&mut self) -> Option<bool> {
        let closed = self.state.lock.is_closed();
        let due = closed && !self.blanked;
        self.blanked = closed;
        due.then(|| std::mem::take(&mut self.copied))
    }

    /// Whether somebody has unlocked, asked once.
    pub(super) fn take_return(&mut self) -> bool {
        self.blanked && !self.state.lock.is_closed() && std::mem::take(&mut self.blanked)
    }

    /// Waits until all that the reader made is durable, at most `patience`. Says whether it is.
    pub fn settle(&mut self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        loop {
            self.drain(patience);
            let kept = self.state.case.as_ref().is_none_or(is_kept);
            let signed = self.state.outbox.signed.is_pending();
            if kept && !signed || Instant::now() >= until {
                return kept && !signed;
            }
            std::thread::sleep(LOOK);
        }
    }

    /// How long after the last tick time passes next, if nothing happens before.
    pub fn pause(&self) -> Duration {
        let State { sign_in, worklist, study, case, outbox, .. } = &self.state;
        let transfer = case.as_ref().is_some_and(|case| case.arrived.is_pending() || !is_kept(case));
        let opened = self.state.lock.closed.as_ref().is_some_and(|closed| closed.opened.is_pending());
        let asked = opened
            || sign_in.entered.is_pending()
            || worklist.list.is_pending()
            || outbox.reports.is_pending();
        let pause = match (transfer || study.fetched.is_pending(), asked) {
            (true, _) => PROGRESS,
            (false, true) => WAITING,
            (false, false) => IDLE,
        };
        // A lock that is due waits for nothing.
        lock::left(&self.state).map_or(pause, |left| pause.min(left))
    }

    fn tick(&mut self) -> bool {
        let now = self.began.elapsed();
        let due = now >= Duration::from_millis(self.state.shell.now_ms) + self.pause();
        if due {
            if self.has_slept(now) {
                self.event(Event::Lock(lock::Event::Away));
            }
            let now_ms = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            self.event(Event::Shell(shell::Event::Tick { now_ms }));
        }
        due
    }

    /// Whether the machine slept since the last tick: the wall clock goes on then, and the program's does not.
    fn has_slept(&mut self, now: Duration) -> bool {
        let wall = std::mem::replace(&mut self.wall, SystemTime::now());
        let passed = now.saturating_sub(Duration::from_millis(self.state.shell.now_ms));
        self.wall.duration_since(wall).is_ok_and(|walled| walled >= passed + SLEPT)
    }

    fn take_chosen(&mut self) -> bool {
        let paths = std::mem::take(&mut *self.chosen.lock().unwrap_or_else(PoisonError::into_inner));
        let any = !paths.is_empty();
        if any {
            self.command(Command::Case(case::Command::OpenFiles(paths)));
        }
        any
    }

    fn update(&mut self, message: Message) {
        let told = new_stat(&self.state);
        for effect in session::update(&mut self.state, message) {
            self.work.run(effect);
        }
        // Also with the sound off.
        self.attention |= new_stat(&self.state).is_some_and(|now| told.is_none_or(|told| now > told));
    }
}

/// When the reader was last told of a new STAT, and by which notice: grows with each.
fn new_stat(state: &State) -> Option<(u64, u64)> {
    let notice = state.shell.notices.iter().find(|notice| notice.problem.id == "worklist-new-stat")?;
    Some((notice.at_ms, notice.id))
}

/// All that the reader made on a case is durable, or it cannot be and the reader knows.
fn is_kept(case: &case::Case) -> bool {
    let nothing_to_keep = matches!(case.origin, case::Origin::Files(_));
    let signing = matches!(case.draft.signed, Remote::Pending { .. });
    !signing
        && (nothing_to_keep || case.keeping.kept >= case.keeping.revision || case.keeping.problem.is_some())
}
