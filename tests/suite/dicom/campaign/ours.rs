//! What the program makes of each file: one line of JSON, and the samples of its first frames beside the file.
//! In a child, since a file might end the process.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use dokuei::dicom::part10::{self, Part10};
use dokuei::dicom::{DicomError, Warning, codec};
use serde_json::{Value, json};

use super::super::hostile::meter::Meter;

/// In the child: the list of files, one a line.
const LIST: &str = "DOKUEI_CAMPAIGN_LIST";

/// The answers to all files, in their order. One that ended the process has `{"died": status}`.
pub(super) fn answers(files: &[PathBuf], folder: &Path) -> Vec<Value> {
    let (list, lines) = (folder.join("list"), folder.join("list.answers"));
    let mut answers: Vec<Value> = Vec::new();
    while answers.len() < files.len() {
        let rest: Vec<_> = files[answers.len()..].iter().map(|file| file.to_str().unwrap()).collect();
        std::fs::write(&list, rest.join("\n")).unwrap();
        let _ = std::fs::remove_file(&lines);
        let status = child(&list);
        let text = std::fs::read_to_string(&lines).unwrap_or_default();
        answers.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
        if !status.success() {
            answers.push(json!({ "died": status.to_string() }));
        }
    }
    answers
}

fn child(list: &Path) -> ExitStatus {
    let path = module_path!().split_once("::").map_or(module_path!(), |(_, path)| path);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("{path}::in_the_child"), "--exact", "--nocapture", "--test-threads=1"]);
    command.envs([("MALLOC_MMAP_THRESHOLD_", "131072"), ("MALLOC_TRIM_THRESHOLD_", "131072")]);
    command.env(LIST, list).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap()
}

#[test]
fn in_the_child() {
    let Some(list) = std::env::var_os(LIST).map(PathBuf::from) else { return };
    let work = move || {
        let files = std::fs::read_to_string(&list).unwrap();
        let mut lines = std::fs::File::create(list.with_extension("answers")).unwrap();
        let idle = Meter::begin().map(Meter::idle);
        for file in files.lines() {
            let meter = Meter::begin();
            let begun = Instant::now();
            let mut answer = answer(Path::new(file));
            answer["seconds"] = json!(begun.elapsed().as_secs_f64());
            if let Some((idle, (peak, busy))) = idle.zip(meter.and_then(Meter::end)) {
                answer["peak"] = json!(peak.saturating_sub(idle));
                answer["seconds"] = json!(busy.as_secs_f64());
            }
            lines.write_all(format!("{answer}\n").as_bytes()).unwrap();
            let now = Meter::begin().map(Meter::idle);
            if now.zip(idle).is_some_and(|(now, idle)| now > idle + (32 << 20)) {
                return;
            }
        }
    };
    std::thread::Builder::new().name("ours".into()).stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
}

fn answer(file: &Path) -> Value {
    let bytes = std::fs::read(file).unwrap();
    match std::panic::catch_unwind(|| part10::read(bytes.into())) {
        Ok(Ok((object, warnings))) => read(file, &object, &warnings),
        Ok(Err(error)) => json!({ "error": kind(&error), "why": error.to_string() }),
        Err(_) => json!({ "died": "a panic" }),
    }
}

fn read(file: &Path, object: &Part10, warnings: &[Warning]) -> Value {
    let instance = &object.instance;
    let mut answer = json!({
        "name": instance.patient.name.reveal().to_dicom(),
        "warnings": warnings.iter().map(|warning| format!("{:?} {}", warning.code, warning.about)).collect::<Vec<_>>(),
        "syntax": object.transfer_syntax.as_str(),
    });
    let (Some(image), Some(pixels)) = (&instance.image, &object.pixels) else { return answer };
    let format = &image.format;
    answer["fields"] = json!({
        "rows": format.rows, "columns": format.columns, "frames": format.frames,
        "samples": format.samples_per_pixel, "allocated": format.bits_allocated, "stored": format.bits_stored,
        "high": format.high_bit, "signed": format.signed, "float": format.float, "photometric": format.photometric.as_str(),
    });
    let mut decoded = Vec::new();
    for number in (0..format.frames.min(2)).chain((format.frames > 2).then_some(format.frames - 1)) {
        let frame =
            std::panic::catch_unwind(|| codec::decode(format, &object.transfer_syntax, pixels, number));
        let frame = match frame {
            Ok(Ok(frame)) => frame,
            Ok(Err(error)) => return json!({ "error": kind(&error), "why": error.to_string() }),
            Err(_) => return json!({ "died": "a panic" }),
        };
        let path = file.with_extension(format!("{number}.raw"));
        std::fs::write(&path, frame.samples.to_le_bytes()).unwrap();
        decoded.push(json!({
            "frame": number, "dtype": frame.samples.dtype(), "path": path,
            "samples": frame.samples_per_pixel, "photometric": frame.photometric.as_str(),
        }));
    }
    answer["decoded"] = json!(decoded);
    answer
}

fn kind(error: &DicomError) -> String {
    let text = format!("{error:?}");
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}
