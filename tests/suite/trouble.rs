//! Bad input: each ends in one clear sentence in the reader's language with a way on, and nothing is lost.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use chrono::NaiveDate;
use dokuei::demo::phantom::{self, PhantomStudy};
use dokuei::demo::{Archive, Centre, Fault, FaultKind, Limits, On, Options, Priority, Running, Study as _};
use serde_json::Value;

use crate::support::program::Workstation;

pub(crate) const PASSWORD: &str = "right-password";

/// A running demo centre with the STAT head CT and another study, and a workstation whose profile knows it.
pub(crate) struct Scene {
    runtime: tokio::runtime::Runtime,
    pub(crate) centre: Running,
    pub(crate) station: Workstation,
    pub(crate) study: String,
    /// Its one series.
    pub(crate) series: String,
    pub(crate) images: u64,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let (stat, others): (Vec<PhantomStudy>, Vec<_>) =
            phantom::studies(day).into_iter().partition(|s| s.priority() == Priority::Stat);
        let other = others.into_iter().find(|s| s.modality == "MR").unwrap();
        let stat = stat.into_iter().next().unwrap();
        let (study, images) = (stat.uid().to_string(), stat.len() as u64);
        let series = stat.identity(0).series.to_string();
        let archive = Archive::new(vec![Box::new(stat), Box::new(other)], Limits::default());
        let options = Options { password: Some(PASSWORD.to_owned()), ..Options::default() };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (centre, serving) = runtime.block_on(Centre::bind(address, archive, options)).unwrap();
        runtime.spawn(serving);
        let scene = Self { runtime, centre, station: Workstation::new(PASSWORD), study, series, images };
        scene.profile(true);
        scene
    }

    /// The profile names the centre; it trusts its certificate or does not.
    fn profile(&self, trusted: bool) {
        let config = self.station.home.path().join("config");
        std::fs::create_dir_all(&config).unwrap();
        let ca = config.join("ca.pem");
        std::fs::write(&ca, &self.centre.certificate_pem).unwrap();
        let trust = if trusted { format!("ca = {ca:?}\n") } else { String::new() };
        let text = format!(
            "[[centre]]\nname = \"island\"\nurl = \"{}\"\nuser = \"{}\"\nstat_codes = [\"STAT\"]\n{trust}",
            self.centre.base_url, self.centre.user
        );
        std::fs::write(config.join("profile.toml"), text).unwrap();
    }

    pub(crate) fn fetch(&self) -> (bool, Value, String) {
        let mut command =
            self.station.dokuei(&["fetch", "--centre", "island", "--study", &self.study, "--json"]);
        let output = command.output().unwrap();
        let told = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.success(), told, String::from_utf8(output.stderr).unwrap())
    }

    /// The same command in both languages: status 1 and one sentence in each, the Japanese one in Japanese.
    fn both(&self, args: &[&str]) -> [String; 2] {
        let english = self.station.sentence(&[args, &["--language", "en-US"]].concat());
        let japanese = self.station.sentence(&[args, &["--language", "ja-JP"]].concat());
        let kana = |text: &str| text.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c));
        assert!(!kana(&english), "{english}");
        assert!(kana(&japanese), "{japanese}");
        for sentence in [&english, &japanese] {
            assert!(!sentence.contains(PASSWORD) && !sentence.contains("{ $"), "{sentence}");
        }
        [english, japanese]
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.centre.stop();
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(10)).await });
    }
}

#[test]
fn an_unreachable_centre_is_named_with_what_to_check() {
    let scene = Scene::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("https://127.0.0.1:{port}/dicom-web");
    let [english, japanese] = scene.both(&["worklist", "--centre", &url]);
    for sentence in [english, japanese] {
        assert!(sentence.contains(&port.to_string()), "{sentence}");
    }
}

#[test]
fn a_wrong_password_a_stranger_s_certificate_and_a_login_page_are_told_apart() {
    let mut scene = Scene::new();
    let list = ["worklist", "--centre", "island"];
    scene.station.password = "wrong".to_owned();
    let wrong_password = scene.both(&list);
    scene.profile(false);
    let untrusted = scene.both(&list);
    scene.profile(true);
    scene.station.password = PASSWORD.to_owned();
    scene.centre.faults.add(Fault::always(On::any(), FaultKind::LoginPage));
    let login_page = scene.both(&list);
    for (a, b) in [(&wrong_password, &untrusted), (&untrusted, &login_page), (&login_page, &wrong_password)] {
        assert_ne!(a, b);
    }
    assert!(untrusted[0].contains("certificate"), "{}", untrusted[0]);
    assert!(wrong_password[0].contains("password"), "{}", wrong_password[0]);
}

#[test]
fn a_study_that_ends_halfway_is_taken_up_where_it_was_cut() {
    let scene = Scene::new();
    scene
        .centre
        .faults
        .add(Fault::once(On::get_ending(&scene.series), FaultKind::EndEarly { whole_parts: 9 }));
    let (whole, told, stderr) = scene.fetch();
    assert!(whole, "{stderr}");
    assert_eq!(told["received"], scene.images);
    let asked_twice =
        scene.centre.requests.all().iter().filter(|seen| seen.path.contains("/instances/")).count();
    assert!(asked_twice as u64 <= scene.images, "the rest only");
    assert_eq!(told["failures"].as_array().unwrap().len(), 0);
}

#[test]
fn what_does_not_come_is_told_and_what_came_is_kept() {
    let scene = Scene::new();
    scene
        .centre
        .faults
        .add(Fault::once(On::get_ending(&scene.series), FaultKind::EndEarly { whole_parts: 9 }));
    scene.centre.faults.add(Fault::always(
        On::get("/instances/"),
        FaultKind::Status { code: http::StatusCode::NOT_FOUND, retry_after_secs: None },
    ));
    let (whole, told, stderr) = scene.fetch();
    assert!(!whole && stderr.lines().count() == 1, "{stderr}");
    assert_eq!((told["received"].as_u64(), told["expected"].as_u64()), (Some(9), Some(scene.images)));
    assert_eq!(told["failures"].as_array().unwrap().len() as u64, scene.images - 9);
    scene.centre.faults.clear();
    let (whole, told, _) = scene.fetch();
    assert!(whole);
    assert_eq!((told["resumed"].as_u64(), told["received"].as_u64()), (Some(9), Some(scene.images)));
}

#[test]
fn another_studys_image_and_short_pixels_never_count_as_received() {
    for kind in [FaultKind::WrongInstance, FaultKind::ShortPixels] {
        let scene = Scene::new();
        scene.centre.faults.add(Fault::always(On::get_ending(&scene.series), kind.clone()));
        scene.centre.faults.add(Fault::always(On::get("/instances/"), kind));
        let (whole, told, _) = scene.fetch();
        assert!(!whole, "{told}");
        assert!(told["received"].as_u64() < Some(scene.images), "{told}");
        assert!(!told["failures"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_file_that_is_not_dicom_is_refused_by_every_command_that_reads_files() {
    let scene = Scene::new();
    let file = scene.station.home.path().join("letter.txt");
    std::fs::write(&file, "Dear colleague, this is no image.").unwrap();
    let path = file.to_str().unwrap();
    let out = scene.station.home.path().join("out.png");
    scene.both(&["decode", path]);
    scene.both(&["render", path, "--out", out.to_str().unwrap()]);
    scene.both(&["decode", "/no/such/file"]);
    assert!(!out.exists());
}

#[test]
fn a_vault_that_another_process_holds_and_a_wrong_passphrase_are_named() {
    let scene = Scene::new();
    let (whole, ..) = scene.fetch();
    assert!(whole);
    let other = Workstation { home: tempfile::tempdir().unwrap(), ..Workstation::new(PASSWORD) };
    let args = ["info", "--study", &scene.study];
    let output = other
        .dokuei(&args)
        .env("DOKUEI_HOME", scene.station.home.path())
        .env("DOKUEI_PASSPHRASE", "not the passphrase")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
    // Nothing was harmed: the right passphrase still opens it.
    assert_eq!(scene.station.json(&args)["instances"].as_array().unwrap().len() as u64, scene.images);
}
