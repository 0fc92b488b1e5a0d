//! The whole line with programs of others at every station: a browser sign-in at oidc-provider, nginx with TLS 1.3,
//! HTTP/2 and client certificates, Orthanc behind it; and a token that ends every few requests.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use dokuei::centre::{Access, CentreError, Client, ClientCertificate, StudyQuery};
use dokuei::session::sign_in::{self, CentreChoice, Secret, SignedIn};
use dokuei::session::{Effect, Event};
use dokuei::site::{Centre, Home, Profile};
use dokuei::work::{Secrets, Work};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::support::certificates::{Authority, OpenSsl, authority, for_client, for_server};
use crate::support::judge;
use crate::support::nginx::Nginx;
use crate::support::orthanc::Orthanc;
use crate::support::program::Workstation;
use crate::support::provider::{Provider, browse};

const CENTRE: &str = "city";
const STUDY: &str = "1.2.826.0.1.3680043.10.1.1";
const SERIES: usize = 12;
const IMAGES: usize = 2;
/// Requests that an access token is good for.
const USES: usize = 8;
const PASSPHRASE: &str = "a passphrase for tests";
const CERTIFICATE_PASSWORD: &str = "of-the-certificate";

/// Everything between a reader and the centre; it ends with this value.
struct Line {
    provider: Provider,
    nginx: Nginx,
    ca: PathBuf,
    orthanc: Orthanc,
    station: Workstation,
}

impl Line {
    /// Starts all of it, or `None` where a part is not installed.
    fn start() -> Option<Self> {
        let (provider, orthanc) = (Provider::start(USES)?, Orthanc::start()?);
        let ca = Authority::new();
        let readers = Authority::with(authority("Readers"));
        let server = ca.sign(&for_server(&["localhost"]));
        let check = format!("{}/check", provider.issuer());
        let nginx = Nginx::start(&orthanc.url(), &check, &server, &readers.pem())?;
        let station = Workstation::new("no password at all");
        let home = station.home.path();
        let ca_file = home.join("ca.pem");
        std::fs::write(&ca_file, ca.pem()).unwrap();
        let mine = readers.sign(&for_client());
        let certificate = OpenSsl::pkcs12(&mine, CERTIFICATE_PASSWORD, home, false)?;
        std::fs::remove_file(home.join("to-pack.pem")).unwrap();
        write_profile(home, &nginx.url(), &ca_file, &certificate, &provider.issuer());
        Some(Self { provider, nginx, ca: ca_file, orthanc, station })
    }

    fn refreshed(&self) -> u64 {
        self.provider.grants("refresh_token")
    }
}

fn write_profile(home: &Path, url: &str, ca: &Path, certificate: &Path, issuer: &str) {
    let text = format!(
        "[[centre]]\nname = \"{CENTRE}\"\nurl = \"{url}\"\nca = '{}'\nclient_certificate = '{}'\n\
         [centre.oidc]\nissuer = \"{issuer}\"\nclient_id = \"dokuei\"\n",
        ca.display(),
        certificate.display()
    );
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/profile.toml"), text).unwrap();
}

/// A reader at the browser, or one whose browser does not open.
struct AtBrowser {
    opens: bool,
}

impl Secrets for AtBrowser {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn password(&self, _: &Centre, _: &str) -> Option<Zeroizing<String>> {
        None
    }

    fn browse(&self, address: &str) -> bool {
        if self.opens {
            let address = address.to_owned();
            std::thread::Builder::new().spawn(move || browse(&address)).unwrap();
        }
        self.opens
    }
}

fn secret(text: &str) -> Secret {
    Secret(Zeroizing::new(text.to_owned()))
}

/// Signs in at a window's side; what was told of the browser, and the outcome.
fn enter(work: &mut Work, certificate: Option<&str>) -> (Vec<sign_in::Browser>, Result<SignedIn, String>) {
    work.run(Effect::SignIn(sign_in::Effect::Enter {
        id: 1,
        centre: CentreChoice::Known(CENTRE.to_owned()),
        user: String::new(),
        password: Secret::default(),
        passphrase: Some(secret(PASSPHRASE)),
        certificate_password: certificate.map(secret),
    }));
    let mut browsers = Vec::new();
    loop {
        match work.next_event().unwrap() {
            Event::SignIn(sign_in::Event::InBrowser { browser, .. }) => {
                if !browser.opened {
                    // By hand, from the address on screen.
                    let address = browser.address.0.to_string();
                    std::thread::Builder::new().spawn(move || browse(&address)).unwrap();
                }
                browsers.push(browser);
            }
            Event::SignIn(sign_in::Event::Entered { outcome, .. }) => {
                return (browsers, outcome.map_err(|problem| problem.id.into_owned()));
            }
            _ => {}
        }
    }
}

fn work(home: &Path, opens: bool) -> Work {
    let home = Home::in_folder(home);
    let profile = Profile::load(&home).unwrap();
    Work::start(home, profile, None, Box::new(AtBrowser { opens })).unwrap()
}

/// A small CT image with all that a centre asks for.
fn image(series: usize, number: usize) -> Vec<u8> {
    let mut body = Vec::new();
    let mut text = |tag: (u16, u16), vr: &str, value: &str| body.extend(element(tag, vr, &padded(vr, value)));
    let sop = format!("{STUDY}.{series}.{number}");
    text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.2");
    text((8, 0x18), "UI", &sop);
    text((8, 0x20), "DA", "20261122");
    text((8, 0x60), "CS", "CT");
    text((0x10, 0x10), "PN", "Canary^Sign");
    text((0x10, 0x20), "LO", "CANARY-7");
    text((0x20, 0xD), "UI", STUDY);
    text((0x20, 0xE), "UI", &format!("{STUDY}.{series}"));
    text((0x20, 0x11), "IS", &series.to_string());
    text((0x20, 0x13), "IS", &number.to_string());
    for (tag, value) in
        [(0x02, 1_u16), (0x10, 16), (0x11, 16), (0x100, 16), (0x101, 16), (0x102, 15), (0x103, 0)]
    {
        if tag == 0x10 {
            body.extend(element((0x28, 4), "CS", b"MONOCHROME2 "));
        }
        body.extend(element((0x28, tag), "US", &value.to_le_bytes()));
    }
    body.extend(element((0x7FE0, 0x10), "OW", &[number as u8; 512]));
    let mut meta = Vec::new();
    meta.extend(element((2, 1), "OB", &[0, 1]));
    meta.extend(element((2, 2), "UI", &padded("UI", "1.2.840.10008.5.1.4.1.1.2")));
    meta.extend(element((2, 3), "UI", &padded("UI", &sop)));
    meta.extend(element((2, 0x10), "UI", &padded("UI", "1.2.840.10008.1.2.1")));
    meta.extend(element((2, 0x12), "UI", &padded("UI", "1.2.826.0.1.3680043.10.1")));
    let length = element((2, 0), "UL", &u32::try_from(meta.len()).unwrap().to_le_bytes());
    [vec![0; 128], b"DICM".to_vec(), length, meta, body].concat()
}

fn padded(vr: &str, value: &str) -> Vec<u8> {
    let mut value = value.as_bytes().to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    value
}

/// An element in Explicit VR Little Endian (PS3.5 7.1.2).
fn element(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    bytes.extend_from_slice(vr.as_bytes());
    match vr {
        "OB" | "OW" => {
            bytes.extend([0, 0]);
            bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        }
        _ => bytes.extend(u16::try_from(value.len()).unwrap().to_le_bytes()),
    }
    bytes.extend_from_slice(value);
    bytes
}

#[test]
fn search_fetch_and_report_go_on_while_tokens_end_in_the_middle() {
    let Some(line) = Line::start() else { return };
    for series in 1..=SERIES {
        for number in 1..=IMAGES {
            line.orthanc.add(&image(series, number));
        }
    }
    sign_in_by_hand_then_silently(&line);

    let before = line.refreshed();
    let rows = line.station.json(&["worklist", "--centre", CENTRE]);
    assert_eq!(rows["rows"][0]["study_uid"], STUDY);
    let fetched = line.station.json(&["fetch", "--centre", CENTRE, "--study", STUDY]);
    let all = SERIES * IMAGES;
    assert_eq!((&fetched["expected"], &fetched["received"]), (&Value::from(all), &Value::from(all)));
    assert_eq!(fetched["failures"].as_array().unwrap().len(), 0);
    assert!(line.refreshed() > before, "the token ended in the middle of it");

    let report = report(&line);
    let of_study = line.station.json(&["report", "status"]);
    assert_eq!(of_study["reports"][0]["state"], "confirmed", "{report:?}");

    let log = line.nginx.log();
    without_a_good_certificate(&line);
    assert!(log.iter().all(|line| line.starts_with("HTTP/2.0 TLSv1.3 ")), "{log:?}");
    assert!(log.iter().any(|line| line.ends_with(" 401")), "a token was refused and another taken");
    let hits = line.station.in_the_clear(&["CANARY-7", "Canary", CERTIFICATE_PASSWORD]);
    assert_eq!(hits, Vec::<String>::new());
    sealed_no_more(&line);
    at_a_terminal(&line);
}

/// nginx lets a connection without a good certificate come about and says so on a page.
fn without_a_good_certificate(line: &Line) {
    let centre = Centre { ca: Some(line.ca.clone()), ..Centre::at(line.nginx.url().parse().unwrap()) };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stranger.pem");
    let stranger = Authority::with(authority("Stranger")).sign(&for_client());
    std::fs::write(&path, stranger.both()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let search = |certificate| {
        let client = Client::new(&centre, Access { certificate, ..Access::default() }).unwrap();
        runtime.block_on(client.search_studies(&StudyQuery::default())).map(drop).unwrap_err()
    };
    assert!(matches!(search(None), CentreError::CertificateRequired { .. }), "{:?}", search(None));
    let stranger = ClientCertificate::read(&path, None).unwrap();
    let refused = search(Some(stranger));
    assert!(matches!(refused, CentreError::CertificateRefused { .. }), "{refused:?}");
}

/// The first sign-in wants the certificate's password and the browser; the next wants neither.
fn sign_in_by_hand_then_silently(line: &Line) {
    let home = line.station.home.path();
    let mut desk = work(home, false);
    let (browsers, outcome) = enter(&mut desk, Some("a guess"));
    assert_eq!((browsers.len(), outcome.unwrap_err().as_str()), (0, "centre-certificate-wrong-password"));
    let (browsers, outcome) = enter(&mut desk, None);
    assert_eq!((browsers.len(), outcome.unwrap_err().as_str()), (0, "centre-certificate-locked"));
    let (browsers, outcome) = enter(&mut desk, Some(CERTIFICATE_PASSWORD));
    assert_eq!(outcome.unwrap().user.as_deref(), Some("sato"));
    assert_eq!(browsers.len(), 1);
    drop(desk);
    let mut desk = work(home, true);
    let (browsers, outcome) = enter(&mut desk, None);
    assert_eq!((browsers.len(), outcome.unwrap().centre.as_str()), (0, CENTRE), "what is sealed is enough");
}

/// Signs a report on the study and sends it.
fn report(line: &Line) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.toml");
    let text = format!(
        "study = \"{STUDY}\"\nlanguage = \"en-US\"\nstate = \"final\"\n[reader]\nname = \"Sato^Hanako\"\nid = \"1\"\norganisation = \"Test\"\n\
         [sections]\nimpression = \"Normal.\"\n[[key_images]]\nimage = \"{STUDY}.1.1\"\nframe = 1\nnote = \"here\"\n"
    );
    std::fs::write(&path, text).unwrap();
    let signed = line.station.json(&["report", "sign", path.to_str().unwrap(), "--centre", CENTRE]);
    assert_eq!(signed["state"], "saved");
    let sent = line.station.run(&["report", "send", "--json"]);
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    sent
}

/// Who leaves takes the sign-in along; without a window and a terminal the program says how to come in again.
fn sealed_no_more(line: &Line) {
    let mut desk = work(line.station.home.path(), true);
    enter(&mut desk, None).1.unwrap();
    desk.run(Effect::SignIn(sign_in::Effect::Leave { id: 2 }));
    while !matches!(desk.next_event().unwrap(), Event::SignIn(sign_in::Event::Left { id: 2 })) {}
    drop(desk);
    let sentence = line.station.sentence(&["worklist", "--centre", CENTRE]);
    assert!(sentence.contains("Nobody is signed in to city"), "{sentence}");
}

/// Without a window but with a person at the terminal: the address is printed, and the work goes on after it.
fn at_a_terminal(line: &Line) {
    let Some(mut terminal) = judge::find("script") else { return };
    let words = format!("{} worklist --centre {CENTRE} --json", env!("CARGO_BIN_EXE_dokuei"));
    let mut child = terminal
        .args(["-qfec", &words, "/dev/null"])
        .env("DOKUEI_HOME", line.station.home.path())
        .env("DOKUEI_PASSPHRASE", PASSPHRASE)
        .env("LANG", "en_US.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        if let Some(at) = line.find("http://127.0.0.1:") {
            browse(line[at..].trim());
        }
        said.push_str(&line);
    }
    assert!(child.wait().unwrap().success() && said.contains(STUDY), "{said}");
}

#[test]
fn the_browser_is_opened_and_a_broken_off_sign_in_lets_nobody_in() {
    let Some(line) = Line::start() else { return };
    let home: PathBuf = line.station.home.path().to_owned();
    let mut desk = work(&home, true);
    let (browsers, outcome) = enter(&mut desk, Some(CERTIFICATE_PASSWORD));
    assert!(browsers[0].opened && outcome.is_ok());
    drop(desk);

    let fresh = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(fresh.path().join("config")).unwrap();
    std::fs::copy(home.join("config/profile.toml"), fresh.path().join("config/profile.toml")).unwrap();
    let mut desk = work(fresh.path(), false);
    desk.run(Effect::SignIn(sign_in::Effect::Enter {
        id: 7,
        centre: CentreChoice::Known(CENTRE.to_owned()),
        user: String::new(),
        password: Secret::default(),
        passphrase: Some(secret(PASSPHRASE)),
        certificate_password: Some(secret(CERTIFICATE_PASSWORD)),
    }));
    while !matches!(desk.next_event().unwrap(), Event::SignIn(sign_in::Event::InBrowser { id: 7, .. })) {}
    desk.run(Effect::SignIn(sign_in::Effect::BreakOff { id: 7 }));
    loop {
        if let Event::SignIn(sign_in::Event::Entered { id: 7, outcome }) = desk.next_event().unwrap() {
            assert_eq!(outcome.unwrap_err().id, "work-broken-off");
            break;
        }
    }
}
