//! `dokuei report sign | send | status`.

use serde_json::{Value, json};

use super::args::{Report, Sign};
use super::context::{Context, Failure};
use super::drive;
use super::out::Out;
use crate::imaging::measure::Measured;
use crate::report::{self, Computed};
use crate::session::outbox::{self, Signed};
use crate::session::{Command, Remote, State};
use crate::text::{Explain, Message};
use crate::work::{Work, WorkError};

/// Some reports have not been confirmed: the result was printed, the exit status must be 1.
struct NotAllConfirmed {
    waiting: usize,
}

impl Explain for NotAllConfirmed {
    fn message(&self) -> Message {
        Message::new("cli-report-waiting").with("count", self.waiting)
    }
}

pub(crate) fn run(context: &Context, command: &Report) -> Result<(), Failure> {
    match command {
        Report::Sign(args) => sign(context, args),
        Report::Send { user } => send(context, user.as_deref()),
        Report::Status => status(context),
    }
}

fn sign(context: &Context, args: &Sign) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file).map_err(|e| WorkError::file(&args.file, &e))?;
    let document = report::parse(&text)?;
    let centre = context.centre(&args.centre)?;
    let mut work = context.work(Some(&args.centre))?;
    let signed = sign_document(&mut work, centre.name, document, args.images.clone())?;
    if let Some(path) = &args.out {
        let object = work.signed_object(&signed.sop_instance)?;
        std::fs::write(path, object.as_slice()).map_err(|e| WorkError::file(path, &e))?;
    }
    let line = Message::new("cli-report-saved").with("uid", &signed.sop_instance);
    let mut lines = vec![context.out.say(&line)];
    lines.extend(signed.measurements.iter().map(measurement_line));
    context.out.result(&signed_json(&signed), &lines);
    Ok(())
}

/// Signs and waits until the report is saved.
pub(crate) fn sign_document(
    work: &mut Work,
    centre: String,
    document: report::Report,
    images: Option<std::path::PathBuf>,
) -> Result<Signed, Failure> {
    let mut state = State::default();
    let command = Command::Outbox(outbox::Command::Sign { centre, document: Box::new(document), images });
    drive::until(work, &mut state, command, |s| drive::answered(&s.outbox.signed), |_| {});
    settled(state.outbox.signed)
}

/// Sends everything that has not arrived, and waits.
pub(crate) fn send_all(work: &mut Work) -> Result<Vec<outbox::Report>, Failure> {
    reports(work, outbox::Command::Send)
}

fn send(context: &Context, user: Option<&str>) -> Result<(), Failure> {
    let mut work = context.work(None)?;
    work.sign_in_as(user);
    let reports = send_all(&mut work)?;
    print(context.out, &reports);
    let waiting = reports.iter().filter(|r| r.state != outbox::State::Confirmed).count();
    if waiting == 0 { Ok(()) } else { Err(NotAllConfirmed { waiting }.into()) }
}

fn status(context: &Context) -> Result<(), Failure> {
    let mut work = context.work(None)?;
    let reports = reports(&mut work, outbox::Command::Look)?;
    print(context.out, &reports);
    Ok(())
}

fn reports(work: &mut Work, command: outbox::Command) -> Result<Vec<outbox::Report>, Failure> {
    let mut state = State::default();
    let command = Command::Outbox(command);
    drive::until(work, &mut state, command, |s| drive::answered(&s.outbox.reports), |_| {});
    settled(state.outbox.reports)
}

fn settled<T>(remote: Remote<T>) -> Result<T, Failure> {
    match remote {
        Remote::Ready(value) => Ok(value),
        Remote::Failed { problem, .. } => Err(problem.into()),
        Remote::NotAsked | Remote::Pending { .. } => Err(WorkError::Stopped.into()),
    }
}

fn print(out: Out, reports: &[outbox::Report]) {
    let lines: Vec<String> = if reports.is_empty() {
        vec![out.say(&Message::new("cli-report-none"))]
    } else {
        reports.iter().map(|report| line(out, report)).collect()
    };
    let rows: Vec<Value> = reports.iter().map(|report| report_json(out, report)).collect();
    out.result(&json!({ "reports": rows }), &lines);
}

fn line(out: Out, report: &outbox::Report) -> String {
    let why = report.problem.as_ref().map(|p| format!("  {}", out.sentence(p))).unwrap_or_default();
    format!("{:<10} {}{why}", report.state.as_str(), report.sop_instance)
}

/// One report as the contract has it.
pub(crate) fn report_json(out: Out, report: &outbox::Report) -> Value {
    json!({
        "sop_instance_uid": report.sop_instance.as_str(),
        "study_uid": report.study.as_str(),
        "state": report.state.as_str(),
        "error": report.problem.as_ref().map(|p| out.sentence(p)),
        "attempts": report.attempts,
    })
}

/// A signature as the contract has it.
pub(crate) fn signed_json(signed: &Signed) -> Value {
    let measurements: Vec<Value> = signed.measurements.iter().map(measurement_json).collect();
    json!({
        "sop_instance_uid": signed.sop_instance.as_str(),
        "state": "saved",
        "measurements": measurements,
    })
}

/// The principal value stands in front; the others (a bidirectional's short axis, a region's mean) follow.
fn measurement_json(computed: &Computed) -> Value {
    let value =
        |m: &Measured| json!({ "quantity": m.quantity.as_str(), "value": m.value, "unit": m.unit.symbol() });
    let first = computed.values.first();
    json!({
        "label": computed.label.reveal(),
        "kind": computed.kind.as_str(),
        "value": first.map(|m| m.value),
        "unit": first.map(|m| m.unit.symbol()),
        "values": computed.values.iter().map(value).collect::<Vec<_>>(),
    })
}

/// A measurement for a person.
pub(crate) fn measurement_line(computed: &Computed) -> String {
    let values: Vec<String> =
        computed.values.iter().map(|m| format!("{} {}", m.value, m.unit.symbol())).collect();
    format!("  {} {}  {}", computed.kind.as_str(), computed.label.reveal(), values.join("  "))
}
