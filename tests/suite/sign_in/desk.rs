//! A desk with `work` on it and no window, and a centre to sign in to.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use dokuei::demo::phantom;
use dokuei::demo::{Archive, Centre as DemoCentre, Limits, Options, Running, Study as _};
use dokuei::session::settings::Language;
use dokuei::session::sign_in::{self, CentreChoice, KnownCentre, Secret, SignedIn};
use dokuei::session::worklist::{self, List};
use dokuei::session::{Effect, Event, Problem, RequestId, shell};
use dokuei::site::{Centre, Home, Profile};
use dokuei::text::Message;
use dokuei::work::{DemoDoor, DemoEntry, Launch, Opening, Work};
use zeroize::Zeroizing;

use crate::support::secrets::AtHand;

pub(super) const NAME: &str = "island";
pub(super) const USER: &str = "reader";
pub(super) const PASSPHRASE: &str = "a passphrase for tests";

/// A demo centre with one small study.
pub(super) struct Island {
    runtime: tokio::runtime::Runtime,
    running: Option<Running>,
    folder: tempfile::TempDir,
    pub(super) study: phantom::PhantomStudy,
}

fn small() -> phantom::PhantomStudy {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    phantom::studies(day).into_iter().min_by_key(phantom::PhantomStudy::len).unwrap()
}

impl Island {
    pub(super) fn new(password: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut island = Self { runtime, running: None, folder, study: small() };
        island.listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), password);
        island
    }

    fn listen(&mut self, address: SocketAddr, password: &str) {
        let archive = Archive::new(vec![Box::new(small())], Limits::default());
        let options =
            Options { user: USER.to_owned(), password: Some(password.to_owned()), ..Options::default() };
        let (running, serving) = self.runtime.block_on(DemoCentre::bind(address, archive, options)).unwrap();
        self.runtime.spawn(serving);
        std::fs::write(self.ca(), &running.certificate_pem).unwrap();
        self.running = Some(running);
    }

    /// The same address lets in with another password.
    pub(super) fn change_password(&mut self, password: &str) {
        let address = self.running().address;
        self.running = None;
        let free = || std::net::TcpListener::bind(address).is_ok();
        while !free() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        self.listen(address, password);
    }

    pub(super) fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The centre as a person types it for the first time.
    pub(super) fn choice(&self) -> CentreChoice {
        let url = self.running().base_url.to_string();
        CentreChoice::New { name: NAME.to_owned(), url, ca: Some(self.ca()) }
    }

    fn entry(&self) -> DemoEntry {
        let running = self.running();
        let centre =
            Centre { name: "demo".to_owned(), ca: Some(self.ca()), ..Centre::at(running.base_url.clone()) };
        DemoEntry { centre, user: USER.to_owned(), password: Zeroizing::new(running.password.clone()) }
    }
}

struct Door(DemoEntry);

impl DemoDoor for Door {
    fn open(&self) -> Result<DemoEntry, Message> {
        Ok(self.0.clone())
    }
}

/// `work` on a home, as the window has it.
pub(super) struct Desk {
    work: Work,
    last: RequestId,
    /// What was told at the start.
    told: Vec<Event>,
}

impl Desk {
    /// A home without a demo centre, whose vault a person must open.
    pub(super) fn new(home: &Path) -> Self {
        let home = Home::in_folder(home);
        let profile = Profile::load(&home).unwrap();
        let work = Work::start(home, profile, None, Box::new(AtHand(None))).unwrap();
        work.introduce(Language::English);
        Self::begun(work)
    }

    pub(super) fn with_demo(home: &Path, island: &Island) -> Self {
        Self::launch(home, island, None)
    }

    pub(super) fn with_passphrase_at_hand(home: &Path, island: &Island) -> Self {
        Self::launch(home, island, Some(PASSPHRASE))
    }

    fn launch(home: &Path, island: &Island, at_hand: Option<&'static str>) -> Self {
        let home = Home::in_folder(home);
        let launch = Launch {
            profile: Profile::load(&home).unwrap(),
            home,
            language: Language::English,
            opening: Opening::Demo,
            secrets: Box::new(AtHand(at_hand)),
            demo: Box::new(Door(island.entry())),
        };
        let (work, opening) = launch.begin().unwrap();
        assert_eq!(opening, Opening::Demo);
        Self::begun(work)
    }

    fn begun(mut work: Work) -> Self {
        let told = (0..2).map(|_| work.next_event().unwrap()).collect();
        Self { work, last: 0, told }
    }

    /// What the sign-in was told at the start: centres, whether a passphrase is needed, the first run.
    pub(super) fn introduce(&self) -> (Vec<KnownCentre>, bool, bool) {
        match self.told.last() {
            Some(Event::SignIn(sign_in::Event::Known { centres, needs_passphrase, first_run })) => {
                (centres.clone(), *needs_passphrase, *first_run)
            }
            other => panic!("{other:?}"),
        }
    }

    /// The settings that were told at the start.
    pub(super) fn settings(&self) -> dokuei::session::settings::Settings {
        match self.told.first() {
            Some(Event::Shell(shell::Event::Settings(settings))) => (**settings).clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Runs the effect that `make` makes of a request id, to the answer that `read` knows.
    pub(super) fn ask<T>(
        &mut self,
        make: impl FnOnce(RequestId) -> Effect,
        read: impl Fn(Event) -> Option<(RequestId, Result<T, Problem>)>,
    ) -> Result<T, String> {
        self.last += 1;
        self.work.run(make(self.last));
        loop {
            match read(self.work.next_event().unwrap()) {
                Some((id, outcome)) if id == self.last => {
                    return outcome.map_err(|problem| problem.id.into_owned());
                }
                _ => {}
            }
        }
    }

    pub(super) fn enter(
        &mut self,
        centre: CentreChoice,
        user: &str,
        password: &str,
    ) -> Result<SignedIn, String> {
        self.enter_with(centre, [user, password], Some(PASSPHRASE))
    }

    pub(super) fn enter_with(
        &mut self,
        centre: CentreChoice,
        [user, password]: [&str; 2],
        passphrase: Option<&str>,
    ) -> Result<SignedIn, String> {
        let secret = |text: &str| Secret(Zeroizing::new(text.to_owned()));
        let (user, password, passphrase) = (user.to_owned(), secret(password), passphrase.map(secret));
        let enter = |id| {
            Effect::SignIn(sign_in::Effect::Enter {
                id,
                centre,
                user,
                password,
                passphrase,
                certificate_password: None,
            })
        };
        self.ask(enter, |event| match event {
            Event::SignIn(sign_in::Event::Entered { id, outcome }) => Some((id, outcome)),
            _ => None,
        })
    }

    pub(super) fn leave(&mut self) {
        let left = self.ask(
            |id| Effect::SignIn(sign_in::Effect::Leave { id }),
            |event| match event {
                Event::SignIn(sign_in::Event::Left { id }) => Some((id, Ok(()))),
                _ => None,
            },
        );
        left.unwrap();
    }

    pub(super) fn list(&mut self, centre: &str) -> Result<List, String> {
        let list =
            |id| Effect::Worklist(worklist::Effect::List { id, centre: centre.to_owned(), or_kept: false });
        self.ask(list, |event| match event {
            Event::Worklist(worklist::Event::Listed { id, outcome }) => Some((id, outcome)),
            _ => None,
        })
    }

    /// Runs an effect of the shell.
    pub(super) fn shell(&mut self, make: impl FnOnce(RequestId) -> shell::Effect) -> Result<(), String> {
        self.ask(
            |id| Effect::Shell(make(id)),
            |event| match event {
                Event::Shell(
                    shell::Event::Remembered { id, outcome } | shell::Event::Chimed { id, outcome },
                ) => Some((id, outcome)),
                _ => None,
            },
        )
    }
}

/// Every file below `folder` that holds one of `words` as it is.
pub(super) fn in_the_clear(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut hits = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hits.extend(in_the_clear(&path, words));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let holds = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        hits.extend(words.iter().filter(holds).map(|word| format!("{word} in {}", path.display())));
    }
    hits
}
