//! The corpus: every case in a child process, so that an abort or a flood of memory is one case's fault and is
//! named. The child is this test binary again.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::answer;
use super::case::{Case, Input};
use super::meter::Meter;
use super::{frames, geometry, reports, streams, structure, words};

/// In the child: the case to begin with.
const FIRST: &str = "DOKUEI_HOSTILE_FROM";
/// In the child: where its lines go.
const LINES: &str = "DOKUEI_HOSTILE_LINES";
/// What a file of up to 1 MiB may cost above idle.
const MOST_MEMORY: u64 = 256 << 20;
/// And how long it may keep a processor busy.
const LONGEST: Duration = Duration::from_secs(1);

fn corpus() -> Vec<Case> {
    let all = [
        structure::cases(),
        geometry::cases(),
        streams::cases(),
        frames::cases(),
        words::cases(),
        reports::cases(),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn hundreds_of_hostile_files_end_as_they_must_in_time_and_memory() {
    let cases = corpus();
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let folder = tempfile::tempdir().unwrap();
    let (mut next, mut faults) = (0, Vec::new());
    let begun = Instant::now();
    while next < cases.len() {
        let lines = folder.path().join("lines");
        let status = child(next, &lines);
        let answered = std::fs::read_to_string(&lines).unwrap_or_default();
        faults.extend(answered.lines().filter(|line| !line.ends_with('\t')).map(str::to_owned));
        next += answered.lines().count();
        if !status.success() {
            faults.push(format!(
                "{}: the process ended: {status}",
                cases.get(next).map(named).unwrap_or_default()
            ));
            next += 1;
        }
    }
    crate::support::note(&format!("hostile: {} files in {:?}\n", cases.len(), begun.elapsed()));
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

fn named(case: &Case) -> String {
    format!("{} {}", case.row, case.name)
}

/// Runs the cases from `first` on in a child with a limit on its address space, for what is asked of the system
/// and not touched.
fn child(first: usize, lines: &Path) -> ExitStatus {
    let me = std::env::current_exe().unwrap();
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -v 4194304; exec \"$0\" \"$@\""]).arg(me);
        shell
    } else {
        Command::new(me)
    };
    let _ = std::fs::remove_file(lines);
    // Else glibc keeps large blocks, and one case's memory counts for the next.
    command.envs([("MALLOC_MMAP_THRESHOLD_", "131072"), ("MALLOC_TRIM_THRESHOLD_", "131072")]);
    command.env(FIRST, first.to_string()).env(LINES, lines);
    command.args([&format!("{}::in_the_child", trimmed()), "--exact", "--nocapture", "--test-threads=1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap()
}

/// This module as libtest names it: without the crate.
fn trimmed() -> &'static str {
    module_path!().split_once("::").map_or(module_path!(), |(_, path)| path)
}

#[test]
fn in_the_child() {
    let (Some(first), Some(lines)) = (std::env::var_os(FIRST), std::env::var_os(LINES)) else { return };
    let first: usize = first.to_str().unwrap().parse().unwrap();
    let work = move || {
        let idle = Meter::begin().map(Meter::idle);
        for case in corpus().iter().skip(first) {
            let (cost, fault) = judged(case, idle);
            let fault = fault.unwrap_or_default().replace('\n', " ");
            let line = format!("{}\t{cost}\t{fault}\n", named(case));
            let file = std::fs::OpenOptions::new().create(true).append(true).open(&lines);
            file.and_then(|mut file| std::io::Write::write_all(&mut file, line.as_bytes())).unwrap();
            // What the allocator keeps would count for the next case: that begins in a new child.
            let now = Meter::begin().map(Meter::idle);
            if now.zip(idle).is_some_and(|(now, idle)| now > idle + (8 << 20)) {
                return;
            }
        }
    };
    // As the program's own threads of decoding.
    std::thread::Builder::new()
        .name("hostile".into())
        .stack_size(64 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}

/// What a case cost, and what is wrong with how it ended.
fn judged(case: &Case, idle: Option<u64>) -> (String, Option<String>) {
    let input = (case.make)();
    let length = match &input {
        Input::Object(bytes) => bytes.len(),
        Input::Json(text) => text.len(),
    };
    let meter = Meter::begin();
    let answer = answer::answer(input);
    let Some((idle, (peak, busy))) = idle.zip(meter.and_then(Meter::end)) else {
        return (String::new(), answer.fault(&case.end));
    };
    let above = peak.saturating_sub(idle);
    let cost = format!("{} MiB, {busy:?} for {length} bytes", above >> 20);
    let most = MOST_MEMORY.max(MOST_MEMORY * (length as u64 >> 20));
    let too_much = (above > most || busy > LONGEST).then(|| "too much".to_owned());
    (cost, answer.fault(&case.end).or(too_much))
}
