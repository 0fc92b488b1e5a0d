//! `dokuei demo`: the demo centre on loopback, for the window; alone with `--serve`, or with the whole path walked
//! against it without a window.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::args::Demo;
use super::context::{Context, Failure};
use super::{output, walk};
use crate::demo::line::{Condition, Line};
use crate::demo::{Archive, Centre as DemoCentre, Limits, Options, Running, phantom};
use crate::site::{Centre, Reader};
use crate::text::Message;
use crate::work::{DemoDoor, DemoEntry, WorkError};

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// What is done without a window.
pub(crate) fn run(context: &Context, args: &Demo) -> Result<(), Failure> {
    let started = Started::at(args.serve.unwrap_or(LOOPBACK), args.line, &context.home.demo())?;
    let done = if args.serve.is_some() {
        let told = tell(context, &started.running, args.line);
        started.runtime.block_on(async {
            let _ = tokio::signal::ctrl_c().await;
        });
        told
    } else {
        walk::run(context, &args.out, &started.running, &started.announced)
    };
    started.finish();
    done
}

/// Whether the demo goes to the window: not where results are wanted.
pub(crate) fn in_window(context: &Context, args: &Demo) -> bool {
    !args.headless && args.serve.is_none() && !context.out.json
}

/// A demo centre that runs.
struct Started {
    running: Running,
    /// The line before it, where it is a thin one.
    line: Option<Line>,
    announced: Announced,
    served: JoinHandle<()>,
    runtime: Runtime,
}

impl Started {
    /// Reached at `address`, over a line of this condition where there is one.
    fn at(address: SocketAddr, condition: Option<Condition>, demo: &Path) -> Result<Self, Failure> {
        let runtime = Runtime::new().map_err(|_| WorkError::Stopped)?;
        let line = match condition {
            Some(condition) => {
                let (line, carrying) = runtime.block_on(Line::bind(address, condition, 0))?;
                runtime.spawn(carrying);
                Some(line)
            }
            None => None,
        };
        let reached_by = line.as_ref().map(|line| line.address.port());
        let own = if line.is_some() { LOOPBACK } else { address };
        let options = Options { reached_by, ..Options::default() };
        let (running, serving) = runtime.block_on(DemoCentre::bind(own, archive(), options))?;
        if let Some(line) = &line {
            line.lead_to(running.address);
        }
        let served = runtime.spawn(serving);
        let announced = Announced::leave(demo, &running)?;
        Ok(Self { running, line, announced, served, runtime })
    }

    /// Lets requests under way end.
    fn finish(self) {
        self.running.stop();
        drop(self.line);
        let _ = self.runtime.block_on(self.served);
    }

    /// Ends it now, also from where nothing may block.
    fn abandon(self) {
        self.running.stop();
        self.runtime.shutdown_background();
    }
}

/// The demo centre of a window: started when it is first wanted, stopped with the window.
pub(crate) struct Door {
    demo: PathBuf,
    line: Option<Condition>,
    /// A home of this run alone, removed with it.
    home: Option<PathBuf>,
    started: Mutex<Option<Started>>,
}

impl Door {
    pub(crate) fn new(demo: PathBuf) -> Self {
        Self { demo, line: None, home: None, started: Mutex::default() }
    }

    /// Over a line of this condition.
    pub(crate) fn with_line(mut self, line: Option<Condition>) -> Self {
        self.line = line;
        self
    }

    pub(crate) fn with_home(mut self, folder: PathBuf) -> Self {
        self.home = Some(folder);
        self
    }
}

impl DemoDoor for Door {
    fn open(&self) -> Result<DemoEntry, Message> {
        let mut slot = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let started = match slot.take() {
            Some(started) => started,
            None => Started::at(LOOPBACK, self.line, &self.demo).map_err(|failure| failure.message())?,
        };
        let entry = DemoEntry {
            centre: started.announced.centre.clone(),
            user: started.running.user.clone(),
            password: Zeroizing::new(started.running.password.clone()),
        };
        *slot = Some(started);
        Ok(entry)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let started = self.started.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(started) = started {
            started.abandon();
        }
        if let Some(folder) = &self.home {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Who reads in a demo that has no profile.
pub(crate) fn reader() -> Reader {
    Reader {
        name: "Dokuei^Hanako=読影^花子=どくえい^はなこ".to_owned(),
        id: "DEMO".to_owned(),
        organisation: "Dokuei Demo".to_owned(),
    }
}

/// A new folder for one run, for its owner's eyes.
pub(crate) fn fresh_folder(demo: &Path) -> Result<PathBuf, WorkError> {
    let folder = demo.join(uuid::Uuid::new_v4().to_string());
    private_folder(&folder).map_err(|e| WorkError::file(&folder, &e))?;
    Ok(folder)
}

fn archive() -> Archive {
    let today = chrono::Local::now().date_naive();
    let studies = phantom::studies(today).into_iter().map(|study| Box::new(study) as _).collect();
    Archive::new(studies, Limits::default())
}

/// What a running demo centre leaves in the home: its address and its certificate where `--centre demo` finds
/// them, and a folder of its own. Gone with the centre; another demo's is left alone.
pub(crate) struct Announced {
    pub(crate) centre: Centre,
    /// A folder of this run alone, for its owner's eyes.
    pub(crate) folder: PathBuf,
    file: PathBuf,
    text: String,
}

impl Announced {
    fn leave(demo: &Path, running: &Running) -> Result<Self, WorkError> {
        let folder = fresh_folder(demo)?;
        let ca = folder.join("certificate.pem");
        output::write(&ca, running.certificate_pem.as_bytes(), &[])?;
        let centre = Centre {
            name: "demo".to_owned(),
            user: Some(running.user.clone()),
            ca: Some(ca),
            stat_codes: vec![crate::demo::STAT_CODE.0.to_owned()],
            ..Centre::at(running.base_url.clone())
        };
        let file = demo.join("centre.toml");
        let text = toml::to_string(&centre).unwrap_or_default();
        output::write(&file, text.as_bytes(), &[])?;
        Ok(Self { centre, folder, file, text })
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        if std::fs::read_to_string(&self.file).is_ok_and(|text| text == self.text) {
            let _ = std::fs::remove_file(&self.file);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Who wants in needs the centre's address, user and password.
fn tell(context: &Context, running: &Running, line: Option<Condition>) -> Result<(), Failure> {
    let json = json!({
        "base_url": running.base_url.as_str(),
        "user": running.user,
        "password": running.password,
        "certificate_pem": running.certificate_pem,
        "line": line.map(|line| line.to_string()),
    });
    let say = |message: Message| context.out.say(&message);
    let credentials = Message::new("cli-demo-credentials");
    let mut lines = vec![
        say(Message::new("cli-demo-serving").with("url", &running.base_url)),
        say(credentials.with("user", &running.user).with("password", &running.password)),
        format!("  DOKUEI_PASSWORD={} dokuei worklist --centre demo", running.password),
        say(Message::new("cli-demo-stop")),
    ];
    if let Some(line) = line {
        lines.insert(1, say(Message::new("cli-demo-line").with("line", line)));
    }
    context.out.result(&json, &lines)
}
