//! `dokuei demo`: the demo centre on loopback; alone with `--serve`, else with the whole path walked against it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::Demo;
use super::context::{Context, Failure};
use super::{output, walk};
use crate::demo::{Archive, Centre as DemoCentre, Limits, Options, Running, phantom};
use crate::site::Centre;
use crate::text::Message;
use crate::work::WorkError;

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

pub(crate) fn run(context: &Context, args: &Demo) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|_| WorkError::Stopped)?;
    let address = args.serve.unwrap_or(LOOPBACK);
    let (running, serving) = runtime.block_on(DemoCentre::bind(address, archive(), Options::default()))?;
    let served = runtime.spawn(serving);
    let announced = Announced::leave(&context.home.demo(), &running)?;
    let done = if args.serve.is_some() {
        let told = tell(context, &running);
        runtime.block_on(async {
            let _ = tokio::signal::ctrl_c().await;
        });
        told
    } else {
        walk::run(context, &args.out, &running, &announced)
    };
    running.stop();
    let _ = runtime.block_on(served);
    done
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
        let folder = demo.join(uuid::Uuid::new_v4().to_string());
        private_folder(&folder).map_err(|e| WorkError::file(&folder, &e))?;
        let ca = folder.join("certificate.pem");
        output::write(&ca, running.certificate_pem.as_bytes(), &[])?;
        let centre = Centre {
            name: "demo".to_owned(),
            url: running.base_url.clone(),
            user: Some(running.user.clone()),
            ca: Some(ca),
            stat_codes: vec![crate::demo::STAT_CODE.0.to_owned()],
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
fn tell(context: &Context, running: &Running) -> Result<(), Failure> {
    let json = json!({
        "base_url": running.base_url.as_str(),
        "user": running.user,
        "password": running.password,
        "certificate_pem": running.certificate_pem,
    });
    let say = |message: Message| context.out.say(&message);
    let credentials = Message::new("cli-demo-credentials");
    let lines = [
        say(Message::new("cli-demo-serving").with("url", &running.base_url)),
        say(credentials.with("user", &running.user).with("password", &running.password)),
        format!("  DOKUEI_PASSWORD={} dokuei worklist --centre demo", running.password),
        say(Message::new("cli-demo-stop")),
    ];
    context.out.result(&json, &lines)
}
