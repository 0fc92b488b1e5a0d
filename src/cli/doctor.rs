//! `dokuei doctor`: checks this workstation and the way to a centre; each line says what to do.

use serde_json::{Value, json};

use super::args::{CentreChoice, Doctor};
use super::context::{Context, Failure};
use super::out::Out;
use super::window;
use crate::centre::{HttpVersion, Probe, TlsVersion};
use crate::render::{Gpu, GpuInfo};
use crate::text::{Explain, Message};
use crate::vault::{AuditVerdict, OsKeyStore};
use crate::work::WorkError;

/// A CT of 500 slices of 512 x 512 x 16 bit, bytes.
const LARGE_CT: f64 = 500.0 * 512.0 * 512.0 * 2.0;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warning,
    Fault,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// One line of the doctor's.
struct Check {
    name: &'static str,
    verdict: Verdict,
    sentence: String,
    value: Value,
}

/// Something is at fault: the lines were printed, the exit status must be 1.
struct Faulty {
    count: usize,
}

impl Explain for Faulty {
    fn message(&self) -> Message {
        Message::new("cli-doctor-faults").with("count", self.count)
    }
}

pub(crate) fn run(context: &Context, args: &Doctor) -> Result<(), Failure> {
    let out = context.out;
    let mut checks = vec![gpu(out), display(out), key_store(out), home(context), vault(context)];
    if let Some(centre) = &args.centre {
        let choice = CentreChoice { centre: centre.clone(), user: args.user.clone() };
        checks.extend(centre_checks(context, &choice));
    }
    let lines: Vec<String> =
        checks.iter().map(|c| format!("{:<8} {:<12} {}", c.verdict.as_str(), c.name, c.sentence)).collect();
    let json: Vec<Value> = checks
        .iter()
        .map(|c| json!({ "check": c.name, "verdict": c.verdict.as_str(), "message": c.sentence, "value": c.value }))
        .collect();
    out.result(&json!({ "checks": json }), &lines)?;
    match checks.iter().filter(|c| c.verdict == Verdict::Fault).count() {
        0 => Ok(()),
        count => Err(Faulty { count }.into()),
    }
}

fn gpu(out: Out) -> Check {
    match Gpu::probe() {
        Ok(gpu) => {
            let GpuInfo { name, backend, driver, software, .. } = gpu.info();
            let id = if *software { "cli-doctor-gpu-software" } else { "cli-doctor-gpu" };
            let sentence = out.say(&Message::new(id).with("name", name).with("backend", backend));
            let verdict = if *software { Verdict::Warning } else { Verdict::Ok };
            let value = json!({ "name": name, "backend": backend, "driver": driver, "software": software });
            Check { name: "gpu", verdict, sentence, value }
        }
        Err(error) => Check {
            name: "gpu",
            verdict: Verdict::Warning,
            sentence: out.sentence(&error),
            value: Value::Null,
        },
    }
}

fn key_store(out: Out) -> Check {
    let here = OsKeyStore::is_available();
    let id = if here { "cli-doctor-key-store" } else { "cli-doctor-no-key-store" };
    let verdict = if here { Verdict::Ok } else { Verdict::Warning };
    Check { name: "key_store", verdict, sentence: out.say(&Message::new(id)), value: here.into() }
}

/// Whether a window could be shown; the command line needs none.
fn display(out: Out) -> Check {
    let here = window::has_display();
    let id = if here { "cli-doctor-display" } else { "cli-doctor-no-display" };
    let verdict = if here { Verdict::Ok } else { Verdict::Warning };
    Check { name: "display", verdict, sentence: out.say(&Message::new(id)), value: here.into() }
}

/// Whether the home can be written: a file is made and removed.
fn home(context: &Context) -> Check {
    let out = context.out;
    let folder = context.home.data();
    let probe = folder.join(format!("doctor-{}", std::process::id()));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, b"dokuei"))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => {
            let sentence = out.say(&Message::new("cli-doctor-home").with("path", folder.display()));
            Check { name: "home", verdict: Verdict::Ok, sentence, value: folder.display().to_string().into() }
        }
        Err(error) => fault("home", out, &WorkError::file(folder, &error)),
    }
}

/// The vault, if there is one: a check must not make one.
fn vault(context: &Context) -> Check {
    let out = context.out;
    if !context.home.vault().is_dir() {
        let sentence = out.say(&Message::new("cli-doctor-no-vault"));
        return Check { name: "vault", verdict: Verdict::Ok, sentence, value: Value::Null };
    }
    let checked = context.work(None).and_then(|work| {
        let vault = work.vault()?;
        Ok((vault.stats()?, vault.findings(), vault.verify_audit()?))
    });
    match checked {
        Ok((stats, findings, audit)) => {
            let megabytes = format!("{:.0}", stats.instance_bytes as f64 / 1e6);
            let message = Message::new("cli-doctor-vault")
                .with("instances", stats.instances)
                .with("megabytes", megabytes);
            let value = json!({ "instances": stats.instances, "instance_bytes": stats.instance_bytes });
            match findings.first() {
                None if matches!(audit, AuditVerdict::Broken { .. }) => {
                    let sentence = out.say(&Message::new("cli-doctor-audit"));
                    Check { name: "vault", verdict: Verdict::Fault, sentence, value }
                }
                None => Check { name: "vault", verdict: Verdict::Ok, sentence: out.say(&message), value },
                Some(finding) => {
                    Check { name: "vault", verdict: Verdict::Fault, sentence: out.sentence(finding), value }
                }
            }
        }
        Err(error) => fault("vault", out, &error),
    }
}

fn centre_checks(context: &Context, choice: &CentreChoice) -> Vec<Check> {
    let out = context.out;
    let probed = context.work(Some(choice)).and_then(|work| {
        let name = context.centre(choice)?.name;
        let client = work.client(&name)?;
        Ok(work.wait(client.probe())?)
    });
    match probed {
        Ok(probe) => probe_checks(out, &probe),
        Err(error) => vec![fault("centre", out, &error)],
    }
}

fn probe_checks(out: Out, probe: &Probe) -> Vec<Check> {
    let http = if probe.http == HttpVersion::Http2 { "HTTP/2" } else { "HTTP/1.1" };
    let answer = Message::new("cli-doctor-centre")
        .with("ms", format!("{:.0}", probe.first_answer_ms))
        .with("http", http);
    let mut checks = vec![Check {
        name: "centre",
        verdict: Verdict::Ok,
        sentence: out.say(&answer),
        value: json!({ "first_answer_ms": probe.first_answer_ms, "round_trip_ms": probe.round_trip_ms, "http": http }),
    }];
    let (id, verdict, version) = match probe.tls {
        Some(TlsVersion::Tls13) => ("cli-doctor-tls", Verdict::Ok, "1.3"),
        Some(TlsVersion::Tls12) => ("cli-doctor-tls", Verdict::Ok, "1.2"),
        None => ("cli-doctor-no-tls", Verdict::Warning, ""),
    };
    let sentence = out.say(&Message::new(id).with("version", version));
    checks.push(Check { name: "tls", verdict, sentence, value: version.into() });
    checks.push(match &probe.sign_in {
        Ok(()) => {
            let sentence = out.say(&Message::new("cli-doctor-sign-in"));
            Check { name: "sign_in", verdict: Verdict::Ok, sentence, value: true.into() }
        }
        Err(error) => fault("sign_in", out, error),
    });
    checks.push(throughput(out, probe));
    checks
}

/// Measured by a listing; a centre with few studies has too little to measure by.
fn throughput(out: Out, probe: &Probe) -> Check {
    let Some(rate) = probe.bytes_per_second else {
        let sentence = out.say(&Message::new("cli-doctor-no-throughput"));
        return Check { name: "throughput", verdict: Verdict::Warning, sentence, value: Value::Null };
    };
    let message = Message::new("cli-doctor-throughput")
        .with("mbit", format!("{:.1}", rate * 8.0 / 1e6))
        .with("seconds", format!("{:.0}", (LARGE_CT / rate).ceil()));
    let value = json!({ "bytes_per_second": rate, "seconds_for_500_slices": LARGE_CT / rate });
    Check { name: "throughput", verdict: Verdict::Ok, sentence: out.say(&message), value }
}

fn fault(name: &'static str, out: Out, error: &dyn Explain) -> Check {
    Check { name, verdict: Verdict::Fault, sentence: out.sentence(error), value: Value::Null }
}
