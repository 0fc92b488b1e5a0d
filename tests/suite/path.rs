//! The whole path against a real centre with real files: from its worklist to a confirmed report.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::judge;
use crate::support::orthanc::{Orthanc, PASSWORD, USER};
use crate::support::program::Workstation;

/// Real series that the path walks, in `shared/data` and, for the second, in pydicom's own test files too.
const CT: &[&str] = &["volumes/cerr-head-neck-ct"];
const MR: &[&str] = &["objects/dicomdirtests/98892003/MR700", "dicomdirtests/98892003/MR700"];

fn real_files(places: &[&str]) -> Vec<PathBuf> {
    let Some(root) = crate::data::folder() else { return Vec::new() };
    let folder = places.iter().map(|place| root.join(place)).find(|folder| folder.is_dir());
    let mut files: Vec<PathBuf> = folder
        .map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}

#[test]
#[allow(clippy::print_stdout, reason = "a run says what it skipped")]
fn from_orthancs_worklist_to_a_confirmed_report() {
    let Some(orthanc) = Orthanc::start() else { return };
    let mut walked = 0;
    for (name, places) in [("CT", CT), ("MR", MR)] {
        let files = real_files(places);
        if files.is_empty() {
            println!("skipped for want of data: {}", places[0]);
            continue;
        }
        for file in &files {
            orthanc.add(&std::fs::read(file).unwrap());
        }
        walk(&orthanc, name, &files);
        walked += 1;
    }
    assert!(walked > 0 || !judge::required(), "no real series at hand");
}

fn walk(orthanc: &Orthanc, modality: &str, files: &[PathBuf]) {
    let station = Workstation::new(PASSWORD);
    let url = orthanc.url();
    let centre = ["--centre", url.as_str(), "--user", USER];
    let with = |words: &[&'static str], more: &[&str]| -> Vec<String> {
        words.iter().chain(&centre).chain(more).map(|s| (*s).to_owned()).collect()
    };
    let json = |args: Vec<String>| station.json(&args.iter().map(String::as_str).collect::<Vec<_>>());

    // What the files themselves say, without the centre.
    let local = json(vec!["info".into(), parent(&files[0]), "--show-phi".into()]);
    let instances = local["instances"].as_array().unwrap();
    let study = local["series"][0]["study_uid"].as_str().unwrap().to_owned();
    let patient_name = instances[0]["patient_name"].as_str().unwrap().to_owned();
    let patient_id = instances[0]["patient_id"].as_str().unwrap().to_owned();

    let rows = json(with(&["worklist"], &["--show-phi"]));
    let row = rows["rows"].as_array().unwrap().iter().find(|row| row["study_uid"] == study.as_str()).unwrap();
    assert_eq!(row["modality"], modality);
    assert_eq!(row["instances"], files.len());
    assert_eq!(row["patient_id"], patient_id.as_str());
    assert_eq!(row["priority"], "unknown", "Orthanc has no UPS-RS: the priority is not guessed");

    let fetched = json(with(&["fetch"], &["--study", &study]));
    assert_eq!(fetched["expected"], files.len());
    assert_eq!(fetched["received"], files.len());
    assert_eq!(fetched["failures"].as_array().unwrap().len(), 0);
    let again = json(with(&["fetch"], &["--study", &study]));
    assert_eq!((again["resumed"].as_u64(), again["bytes"].as_u64()), (Some(files.len() as u64), Some(0)));

    let folder = tempfile::tempdir().unwrap();
    pictures(&station, &study, folder.path(), Path::new(&parent(&files[0])));
    let object = report(&station, &with, &study, instances, folder.path());
    found_at_the_centre(orthanc, &study, &object);

    let words = [patient_name.as_str(), &patient_id, &study];
    let words: Vec<&str> = words.into_iter().filter(|word| word.len() > 3).collect();
    assert!(!words.is_empty());
    assert_eq!(station.in_the_clear(&words), Vec::<String>::new());
}

/// Axial and coronal from the vault; the same pixels from the files and from the CPU twin.
fn pictures(station: &Workstation, study: &str, out: &Path, files: &Path) {
    for plane in ["axial", "coronal"] {
        let mut values = Vec::new();
        for (n, source) in
            [["--study", study], ["--study", study], ["", files.to_str().unwrap()]].iter().enumerate()
        {
            let png = out.join(format!("{plane}-{n}.png"));
            let npy = out.join(format!("{plane}-{n}.npy"));
            let device = ["gpu", "cpu", "cpu"][n];
            let mut args = vec!["render"];
            args.extend(source.iter().filter(|word| !word.is_empty()));
            args.extend(["--plane", plane, "--device", device, "--out", png.to_str().unwrap()]);
            args.extend(["--values", npy.to_str().unwrap()]);
            let told = station.json(&args);
            assert_eq!(told["device"], device, "{told}");
            assert!(std::fs::metadata(&png).unwrap().len() > 1000);
            values.push(floats(&npy));
        }
        assert_eq!(values[1], values[2], "what came home is what the files hold");
        assert!(values[0].iter().filter(|v| v.is_finite()).count() > values[0].len() / 2);
        let apart = values[0].iter().zip(&values[1]).filter(|(gpu, cpu)| (*gpu - *cpu).abs() > 0.01).count();
        assert_eq!(apart, 0, "{plane}: GPU and twin differ");
    }
}

fn floats(npy: &Path) -> Vec<f32> {
    let bytes = std::fs::read(npy).unwrap();
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    bytes[10 + header..].chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

const ENGLISH: &str = "No acute intracranial haemorrhage. Review in 6 months.";
const JAPANESE: &str = "明らかな急性期出血は認めません。6か月後の再検を推奨します。";

/// Signs, sends and follows one report; the object as it was signed.
fn report(
    station: &Workstation,
    with: &dyn Fn(&[&'static str], &[&str]) -> Vec<String>,
    study: &str,
    instances: &[Value],
    folder: &Path,
) -> PathBuf {
    let image = instances[instances.len() / 2]["sop_instance_uid"].as_str().unwrap();
    let document = folder.join("report.toml");
    std::fs::write(
        &document,
        format!(
            r#"study = "{study}"
language = "ja-JP"
state = "final"

[reader]
name = "Sato^Hanako=佐藤^花子=さとう^はなこ"
id = "R-001"
organisation = "離島遠隔読影センター"

[sections]
clinical_information = "頭痛"
technique = "Axial images, 3 mm"
comparison = "None"
findings = "{JAPANESE}"
impression = "{ENGLISH}"

[[measurements]]
kind = "length"
image = "{image}"
frame = 1
points = [10.5, 10.5, 40.5, 50.5]
label = "Finding A"

[[key_images]]
image = "{image}"
frame = 1
note = "代表断面"
"#
        ),
    )
    .unwrap();
    let object = folder.join("report.dcm");
    let args = with(&["report", "sign"], &[document.to_str().unwrap(), "--out", object.to_str().unwrap()]);
    let signed = station.json(&args.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(signed["state"], "saved");
    let sop = signed["sop_instance_uid"].as_str().unwrap().to_owned();
    let value = signed["measurements"][0]["value"].as_f64().unwrap();
    assert!(value > 0.0, "{signed}");

    let sent = station.json(&["report", "send", "--user", USER]);
    assert_eq!(state_of(&sent, &sop), "confirmed", "{sent}");
    let status = station.json(&["report", "status"]);
    assert_eq!(state_of(&status, &sop), "confirmed");
    object
}

fn state_of(answer: &Value, sop: &str) -> String {
    let reports = answer["reports"].as_array().unwrap();
    let report = reports.iter().find(|report| report["sop_instance_uid"] == sop).unwrap();
    report["state"].as_str().unwrap().to_owned()
}

/// QIDO names the report, WADO gives the very bytes that were signed, and the judges accept them.
fn found_at_the_centre(orthanc: &Orthanc, study: &str, object: &Path) {
    let found = orthanc.json(&format!("/dicom-web/studies/{study}/instances?Modality=SR"));
    let uid = |row: &Value, tag: &str| row[tag]["Value"][0].as_str().unwrap_or_default().to_owned();
    let row = found.as_array().unwrap().iter().find(|row| uid(row, "00080060") == "SR").unwrap();
    let at = format!("/instances/{}/file", orthanc_id(orthanc, &uid(row, "00080018")));
    let (status, bytes) = orthanc.get(&at).unwrap();
    assert_eq!(status, 200);
    let back = object.with_extension("back.dcm");
    std::fs::write(&back, bytes).unwrap();
    assert_eq!(std::fs::read(&back).unwrap(), std::fs::read(object).unwrap(), "byte for byte");
    valid(&back);
}

/// Orthanc's own name for an instance.
fn orthanc_id(orthanc: &Orthanc, sop: &str) -> String {
    let all = orthanc.json("/instances?expand");
    let found = all.as_array().unwrap().iter().find(|i| i["MainDicomTags"]["SOPInstanceUID"] == sop).unwrap();
    found["ID"].as_str().unwrap().to_owned()
}

fn valid(sr: &Path) {
    if let Some(mut dciodvfy) = judge::find("dciodvfy") {
        let text = judge::text(&dciodvfy.arg(sr).output().unwrap());
        assert!(!text.lines().any(|line| line.starts_with("Error")), "{text}");
    }
    if let Some(mut dsrdump) = judge::find("dsrdump") {
        let output = dsrdump.args(["+U8", "+Pl"]).arg(sr).output().unwrap();
        let text = judge::text(&output);
        assert!(output.status.success(), "{text}");
        for typed in [ENGLISH, JAPANESE, "代表断面"] {
            assert!(text.contains(typed), "{typed} is not in\n{text}");
        }
    }
}

/// The demo answers the same questions with UPS-RS behind them.
#[test]
fn the_demo_walks_the_path_and_leaves_pictures() {
    let station = Workstation::new("");
    let out = station.home.path().join("pictures");
    let output = Command::new(env!("CARGO_BIN_EXE_dokuei"))
        .args(["demo", "--json", "--out"])
        .arg(&out)
        .env("DOKUEI_HOME", station.home.path().join("home"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", judge::text(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["report"]["state"], "confirmed");
    let rows = told["worklist"].as_array().unwrap();
    assert_eq!(rows[0]["priority"], "stat", "the most urgent stands first");
    let pictures = told["pictures"].as_array().unwrap();
    assert!(pictures.len() >= 4);
    for picture in pictures {
        assert!(std::fs::metadata(picture.as_str().unwrap()).unwrap().len() > 1000, "{picture}");
    }
}

fn parent(file: &Path) -> String {
    file.parent().unwrap().to_str().unwrap().to_owned()
}
