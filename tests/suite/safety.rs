//! What must never happen: the wrong patient, the wrong centre, a gap unseen, a password given away.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;
use dokuei::demo::phantom::{self, PhantomStudy};
use dokuei::demo::{Fault, FaultKind, On, Priority, Study as _};

use crate::support::program::Workstation;
use crate::trouble::{PASSWORD, Scene};

pub(crate) fn stat() -> PhantomStudy {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    phantom::studies(day).into_iter().find(|s| s.priority() == Priority::Stat).unwrap()
}

/// Some slices of the STAT study as files; `change` may alter them.
pub(crate) fn files(
    folder: &Path,
    change: impl Fn(usize, &mut dicom_object::DefaultDicomObject),
) -> PhantomStudy {
    let study = stat();
    for i in 0..6 {
        let mut object = dicom_object::from_reader(study.file(i).as_slice()).unwrap();
        change(i, &mut object);
        object.write_to_file(folder.join(format!("{i}.dcm"))).unwrap();
    }
    study
}

/// A report on those slices.
pub(crate) fn document(folder: &Path, study: &PhantomStudy) -> PathBuf {
    let path = folder.join("report.toml");
    let text = format!(
        "study = \"{}\"\nlanguage = \"en-US\"\nstate = \"final\"\n\
         [reader]\nname = \"Sato^Hanako\"\nid = \"1\"\norganisation = \"Test\"\n\
         [sections]\nimpression = \"Bleed.\"\n\
         [[key_images]]\nimage = \"{}\"\nframe = 1\nnote = \"here\"\n",
        study.uid(),
        study.identity(3).sop_instance
    );
    std::fs::write(&path, text).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_report_over_images_of_two_patients_is_not_signed() {
    let folder = tempfile::tempdir().unwrap();
    let study = files(folder.path(), |i, object| {
        if i == 5 {
            object.put(DataElement::new(tags::PATIENT_ID, VR::LO, "SOMEBODY-ELSE"));
        }
    });
    let station = Workstation::new(PASSWORD);
    let document = document(folder.path(), &study);
    let url = "http://127.0.0.1:9/dicom-web";
    let args = ["report", "sign", text(&document), "--centre", url, "--images", text(folder.path())];
    assert!(station.sentence(&args).contains("more than one patient"));
    assert_eq!(station.json(&["report", "status"])["reports"].as_array().unwrap().len(), 0);
}

#[test]
fn a_report_goes_to_the_centre_that_its_study_came_from() {
    let scene = Scene::new();
    assert!(scene.fetch().0);
    let folder = tempfile::tempdir().unwrap();
    let document = document(folder.path(), &stat());
    let elsewhere = ["report", "sign", text(&document), "--centre", "http://127.0.0.1:9/dicom-web"];
    let sentence = scene.station.sentence(&elsewhere);
    assert!(sentence.contains(scene.centre.base_url.as_str()), "{sentence}");
    let signed = scene.station.json(&["report", "sign", text(&document), "--centre", "island"]);
    let again = scene.station.json(&["report", "sign", text(&document), "--centre", "island"]);
    assert_eq!(signed["sop_instance_uid"], again["sop_instance_uid"], "the same document is the same report");
    let sent = scene.station.json(&["report", "send"]);
    assert_eq!(sent["reports"].as_array().unwrap().len(), 1);
    assert_eq!(sent["reports"][0]["state"], "confirmed", "{sent}");
    assert_eq!(scene.centre.stored().len(), 1);
}

#[test]
fn the_environments_password_is_given_to_one_centre_only() {
    let (mine, other) = (Scene::new(), Scene::new());
    let folder = tempfile::tempdir().unwrap();
    let document = document(folder.path(), &files(folder.path(), |_, _| {}));
    let config = mine.station.home.path().join("config");
    let ca = config.join("other.pem");
    std::fs::write(&ca, &other.centre.certificate_pem).unwrap();
    let more = format!(
        "\n[[centre]]\nname = \"other\"\nurl = \"{}\"\nuser = \"{}\"\nca = {ca:?}\n",
        other.centre.base_url, other.centre.user
    );
    let profile = config.join("profile.toml");
    std::fs::write(&profile, std::fs::read_to_string(&profile).unwrap() + &more).unwrap();
    for centre in ["island", "other"] {
        let images = text(folder.path());
        mine.station.json(&["report", "sign", text(&document), "--centre", centre, "--images", images]);
    }
    let output = mine.station.run(&["report", "send", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let states: Vec<_> = told["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["centre"].clone(), r["state"].clone()))
        .collect();
    assert_eq!(states, [("island".into(), "confirmed".into()), ("other".into(), "saved".into())]);
    assert_eq!(other.centre.requests.all().len(), 0, "nothing was asked of the other centre");
}

#[test]
fn a_study_that_is_not_whole_says_so_wherever_it_is_shown() {
    let scene = Scene::new();
    scene
        .centre
        .faults
        .add(Fault::once(On::get_ending(&scene.series), FaultKind::EndEarly { whole_parts: 9 }));
    let gone = FaultKind::Status { code: http::StatusCode::NOT_FOUND, retry_after_secs: None };
    scene.centre.faults.add(Fault::always(On::get("/instances/"), gone));
    assert!(!scene.fetch().0);
    let out = scene.station.home.path().join("out.png");
    let render = ["render", "--study", &scene.study, "--out", text(&out)];
    let incomplete =
        |told: &serde_json::Value| told["badges"].as_array().unwrap().contains(&"incomplete".into());
    assert!(incomplete(&scene.station.json(&render)));
    assert_eq!(scene.station.json(&["info", "--study", &scene.study])["incomplete"], true);
    scene.centre.faults.clear();
    assert!(scene.fetch().0);
    assert!(!incomplete(&scene.station.json(&render)));
}

#[test]
fn a_damaged_image_in_the_vault_is_never_shown_and_comes_again() {
    let scene = Scene::new();
    assert!(scene.fetch().0);
    let objects = scene.station.home.path().join("vault/objects");
    let shards = std::fs::read_dir(objects).unwrap().map(|shard| shard.unwrap().path());
    let mut stored =
        shards.flat_map(|shard| std::fs::read_dir(shard).unwrap().map(|file| file.unwrap().path()));
    let victim = stored.next().unwrap();
    let mut bytes = std::fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&victim, bytes).unwrap();
    let info = scene.station.json(&["info", "--study", &scene.study]);
    assert_eq!(info["instances"].as_array().unwrap().len() as u64, scene.images - 1);
    assert_eq!(info["incomplete"], true);
    let (whole, told, _) = scene.fetch();
    assert!(whole, "{told}");
    assert_eq!(told["resumed"].as_u64(), Some(scene.images - 1));
    assert_eq!(scene.station.json(&["info", "--study", &scene.study])["incomplete"], false);
}

#[test]
fn a_series_that_will_not_come_does_not_keep_the_others_back() {
    let scene = Scene::new();
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let mr = phantom::studies(day).into_iter().find(|s| s.modality == "MR").unwrap();
    let lost = mr.identity(0).series.to_string();
    let of_series = (0..mr.len()).filter(|i| mr.identity(*i).series.as_str() == lost).count();
    let gone = FaultKind::Status { code: http::StatusCode::NOT_FOUND, retry_after_secs: None };
    scene.centre.faults.add(Fault::always(On::get_ending(&lost), gone));
    let study = mr.uid().to_string();
    let output = scene.station.run(&["fetch", "--centre", "island", "--study", &study, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["received"].as_u64(), Some((mr.len() - of_series) as u64), "{told}");
    assert_eq!(told["failures"].as_array().unwrap().len(), of_series);
}

#[test]
fn a_result_is_never_written_over_its_source() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), |_, _| {});
    let file = folder.path().join("0.dcm");
    let before = std::fs::read(&file).unwrap();
    let station = Workstation::new(PASSWORD);
    station.sentence(&["render", text(&file), "--out", text(&file)]);
    station.sentence(&["decode", text(&file), "--out", text(&file)]);
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn which_of_several_series_is_meant_is_never_guessed() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), |i, object| {
        if i > 2 {
            object.put(DataElement::new(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3.4"));
        }
    });
    let station = Workstation::new(PASSWORD);
    let out = folder.path().join("out.png");
    let sentence = station.sentence(&["render", text(folder.path()), "--out", text(&out)]);
    assert!(sentence.contains("1.2.3.4") && !out.exists(), "{sentence}");
    let told = station.json(&["render", text(folder.path()), "--series", "1.2.3.4", "--out", text(&out)]);
    assert_eq!(told["series_uid"], "1.2.3.4");
}
