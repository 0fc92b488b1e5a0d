//! Demo centres, the line to them, and the home of one who reads for them.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use dicom_object::InMemDicomObject;
use dokuei::demo::line::{Condition, Line};
use dokuei::demo::phantom::{self, PhantomStudy};
use dokuei::demo::{Archive, Centre, Limits, Options, Priority, Running, Study};

use dokuei::dicom::Uid;
use tempfile::TempDir;

use crate::reading::undecodable;

pub(super) const CENTRE: &str = "island";
pub(super) const PASSWORD: &str = "right-password";
pub(super) const PASSPHRASE: &str = "a passphrase for tests";

/// The STAT head CT.
pub(super) fn stat() -> Part {
    let study = of(|study| study.priority() == Priority::Stat);
    Part { images: 0..study.len(), study, undecodable: None }
}

/// Some slices of it, for who does not want to wait for the whole.
pub(super) fn some_of_stat() -> Part {
    Part { images: 10..26, ..stat() }
}

/// Three slices of a head MR, which is not urgent.
pub(super) fn other() -> Part {
    Part { study: of(|study| study.modality == "MR"), images: 0..3, undecodable: None }
}

fn of(which: impl Fn(&PhantomStudy) -> bool) -> PhantomStudy {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    phantom::studies(day).into_iter().find(which).unwrap()
}

/// A centre, the line to it, and a home whose profile knows the line's near end.
pub(super) struct Town {
    runtime: tokio::runtime::Runtime,
    pub(super) centre: Running,
    pub(super) line: Line,
    folder: TempDir,
    /// Studies come before they are opened.
    prefetch: bool,
}

impl Town {
    /// Nothing comes before it is opened: what a test sees coming is what it has opened.
    pub(super) fn new(studies: Vec<Part>) -> Self {
        Self::with(studies, false)
    }

    /// A town as the program finds it where nobody has chosen otherwise.
    pub(super) fn with_prefetch(studies: Vec<Part>) -> Self {
        Self::with(studies, true)
    }

    fn with(studies: Vec<Part>, prefetch: bool) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let centre = listen(&runtime, studies, PASSWORD);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (line, carrying) = runtime.block_on(Line::bind(address, Condition::default(), 0)).unwrap();
        runtime.spawn(carrying);
        line.lead_to(centre.address);
        let town = Self { runtime, centre, line, folder: tempfile::tempdir().unwrap(), prefetch };
        town.settle(town.home());
        town
    }

    /// The home of the reader.
    pub(super) fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Another home for the same town.
    pub(super) fn settle(&self, home: &Path) {
        let config = home.join("config");
        std::fs::create_dir_all(&config).unwrap();
        let ca = config.join("ca.pem");
        std::fs::write(&ca, &self.centre.certificate_pem).unwrap();
        let mut url = self.centre.base_url.clone();
        url.set_port(Some(self.line.address.port())).unwrap();
        let text = format!(
            "sound = true\n[prefetch]\nenabled = {}\n[reader]\nname = \"Sato^Hanako=佐藤^花子\"\nid = \"7\"\norganisation = \"Island\"\n\
             [[centre]]\nname = \"{CENTRE}\"\nurl = \"{url}\"\nuser = \"{}\"\nstat_codes = [\"STAT\"]\n\
             ca = {ca:?}\n",
            self.prefetch, self.centre.user
        );
        std::fs::write(config.join("profile.toml"), text).unwrap();
    }

    /// Another centre that the line may lead to; made before anybody signs in.
    pub(super) fn another(&self, studies: Vec<Part>, password: &str) -> Running {
        let centre = listen(&self.runtime, studies, password);
        let ca = self.home().join("config/ca.pem");
        let known = std::fs::read_to_string(&ca).unwrap();
        std::fs::write(ca, known + &centre.certificate_pem).unwrap();
        centre
    }

    /// The line is down: what is open breaks, and nobody answers.
    pub(super) fn cut(&self) {
        self.line.cut();
    }

    /// The line leads here.
    pub(super) fn connect(&self, centre: &Running) {
        self.line.lead_to(centre.address);
        self.line.restore();
    }

    /// The objects that the centre was given since it began.
    pub(super) fn stored(&self) -> Vec<(Uid, Vec<u8>)> {
        self.centre.stored().into_iter().map(|(uid, bytes)| (uid, bytes.to_vec())).collect()
    }
}

/// Some images of a made-up study, one of which may hold a code stream of nothing.
pub(super) struct Part {
    pub(super) study: PhantomStudy,
    pub(super) images: Range<usize>,
    pub(super) undecodable: Option<usize>,
}

impl Part {
    /// Its first series.
    pub(super) fn series(&self) -> String {
        self.study.identity(self.images.start).series.to_string()
    }
}

impl Study for Part {
    fn uid(&self) -> &Uid {
        self.study.uid()
    }

    fn priority(&self) -> Priority {
        self.study.priority()
    }

    fn len(&self) -> usize {
        self.images.len()
    }

    fn header(&self, i: usize) -> InMemDicomObject {
        self.study.header(self.images.start + i)
    }

    fn file(&self, i: usize) -> Vec<u8> {
        let file = self.study.file(self.images.start + i);
        if self.undecodable == Some(i) { undecodable(file) } else { file }
    }
}

fn listen(runtime: &tokio::runtime::Runtime, studies: Vec<Part>, password: &str) -> Running {
    let studies = studies.into_iter().map(|study| Box::new(study) as Box<dyn Study>).collect();
    let archive = Archive::new(studies, Limits::default());
    let options = Options { password: Some(password.to_owned()), ..Options::default() };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (running, serving) = runtime.block_on(Centre::bind(address, archive, options)).unwrap();
    runtime.spawn(serving);
    running
}
