//! `dokuei report sign | send | status`.

use serde_json::{Value, json};

use super::args::{CentreChoice, Report, Sign};
use super::context::{Context, Failure};
use super::drive;
use super::out::Out;
use super::output;
use crate::imaging::measure::Measured;
use crate::report::{self, Computed};
use crate::session::outbox::{self, Signed};
use crate::session::{Command, State};
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
        Report::Send { centre, user } => send(context, centre.as_deref(), user.as_deref()),
        Report::Status => status(context),
    }
}

/// The report is saved, but its copy is not written.
struct NoCopy {
    why: String,
}

impl Explain for NoCopy {
    fn message(&self) -> Message {
        Message::new("cli-report-out").with("why", &self.why)
    }
}

fn sign(context: &Context, args: &Sign) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file).map_err(|e| WorkError::file(&args.file, &e))?;
    let document = report::parse(&text)?;
    let study = document.study.clone();
    let centre = context.centre(&args.centre)?;
    let mut work = context.work(Some(&args.centre))?;
    let signed = sign_document(&mut work, centre.name, document, args.images.clone())?;
    // Told before anything else can fail: what is saved must never look as if it were not.
    let line = Message::new("cli-report-saved").with("uid", &signed.sop_instance);
    let mut lines = vec![context.out.say(&line)];
    lines.extend(signed.measurements.iter().map(measurement_line));
    context.out.result(&signed_json(&signed), &lines)?;
    if let Some(path) = &args.out {
        work.note_export(&study, path)?;
        let object = work.signed_object(&signed.sop_instance)?;
        let copied = output::write(path, &object, std::slice::from_ref(&args.file));
        copied.map_err(|error| NoCopy { why: context.out.sentence(&error) })?;
    }
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
    drive::settled(state.outbox.signed)
}

/// Sends what has not arrived, to one centre or to all, and waits.
pub(crate) fn send_all(work: &mut Work, centre: Option<String>) -> Result<Vec<outbox::Report>, Failure> {
    reports(work, outbox::Command::Send { centre })
}

fn send(context: &Context, centre: Option<&str>, user: Option<&str>) -> Result<(), Failure> {
    let choice =
        centre.map(|centre| CentreChoice { centre: centre.to_owned(), user: user.map(str::to_owned) });
    let name = choice.as_ref().map(|choice| context.centre(choice)).transpose()?.map(|centre| centre.name);
    let mut work = context.work(choice.as_ref())?;
    work.sign_in_as(user);
    let reports = send_all(&mut work, name.clone())?;
    print(context.out, &reports)?;
    let ours = reports.iter().filter(|report| name.as_ref().is_none_or(|name| report.centre == *name));
    let waiting = ours.filter(|report| report.state != outbox::State::Confirmed).count();
    if waiting == 0 { Ok(()) } else { Err(NotAllConfirmed { waiting }.into()) }
}

fn status(context: &Context) -> Result<(), Failure> {
    let mut work = context.work(None)?;
    let reports = reports(&mut work, outbox::Command::Look)?;
    print(context.out, &reports)
}

fn reports(work: &mut Work, command: outbox::Command) -> Result<Vec<outbox::Report>, Failure> {
    let mut state = State::default();
    let command = Command::Outbox(command);
    drive::until(work, &mut state, command, |s| drive::answered(&s.outbox.reports), |_| {});
    drive::settled(state.outbox.reports)
}

fn print(out: Out, reports: &[outbox::Report]) -> Result<(), Failure> {
    let lines: Vec<String> = if reports.is_empty() {
        vec![out.say(&Message::new("cli-report-none"))]
    } else {
        reports.iter().map(|report| line(out, report)).collect()
    };
    let rows: Vec<Value> = reports.iter().map(|report| report_json(out, report)).collect();
    out.result(&json!({ "reports": rows }), &lines)
}

fn line(out: Out, report: &outbox::Report) -> String {
    let why = report.problem.as_ref().map(|p| format!("  {}", out.sentence(p))).unwrap_or_default();
    format!("{:<10} {}  {}{why}", report.state.as_str(), report.centre, report.sop_instance)
}

/// One report as the contract has it.
pub(crate) fn report_json(out: Out, report: &outbox::Report) -> Value {
    json!({
        "sop_instance_uid": report.sop_instance.as_str(),
        "study_uid": report.study.as_str(),
        "centre": report.centre,
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
        "state": signed.state.as_str(),
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
    let values: Vec<String> = computed
        .values
        .iter()
        .map(|m| format!("{} {} {}", m.quantity.as_str().replace('_', " "), m.value, m.unit.symbol()))
        .collect();
    format!("  {} ({}): {}", computed.label.reveal(), computed.kind.as_str(), values.join(", "))
}
