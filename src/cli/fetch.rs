//! `dokuei fetch`: brings a study into the vault.

use serde_json::{Value, json};

use super::args::Fetch;
use super::context::{Context, Failure};
use super::drive;
use super::out::Out;
use crate::dicom::Uid;
use crate::session::study::{self, Fetched, Progress};
use crate::session::{Command, State};
use crate::text::{Explain, Message};
use crate::work::Work;

/// A study came home with gaps: the result was printed, the exit status must be 1.
struct Incomplete {
    received: u32,
    expected: u32,
}

impl Explain for Incomplete {
    fn message(&self) -> Message {
        Message::new("cli-fetch-incomplete").with("received", self.received).with("expected", self.expected)
    }
}

pub(crate) fn run(context: &Context, args: &Fetch) -> Result<(), Failure> {
    let centre = context.centre(&args.centre)?;
    let mut work = context.work(Some(&args.centre))?;
    let fetched =
        fetch(&mut work, centre.name, args.study.clone(), |progress| context.out.progress(progress))?;
    context.out.result(&to_json(&fetched, context.out), &lines(&fetched, context.out))?;
    if fetched.is_complete() {
        Ok(())
    } else {
        Err(Incomplete { received: fetched.received, expected: fetched.expected }.into())
    }
}

/// Fetches and waits for the end; `watch` sees how far it has come.
pub(crate) fn fetch(
    work: &mut Work,
    centre: String,
    study: Uid,
    mut watch: impl FnMut(&Progress),
) -> Result<Fetched, Failure> {
    let mut state = State::default();
    let command = Command::Study(study::Command::Fetch { centre, study });
    drive::until(
        work,
        &mut state,
        command,
        |s| drive::answered(&s.study.fetched),
        |s| watch(&s.study.progress),
    );
    drive::settled(state.study.fetched)
}

pub(crate) fn to_json(fetched: &Fetched, out: Out) -> Value {
    let failures: Vec<Value> = fetched
        .failures
        .iter()
        .map(|failure| {
            json!({
                "sop_instance_uid": failure.instance.as_ref().map(Uid::as_str),
                "code": failure.problem.id,
                "message": out.sentence(&failure.problem),
            })
        })
        .collect();
    json!({
        "expected": fetched.expected,
        "received": fetched.received,
        "bytes": fetched.bytes,
        "seconds": fetched.seconds,
        "first_image_seconds": fetched.first_image_seconds,
        "resumed": fetched.resumed,
        "failures": failures,
    })
}

fn lines(fetched: &Fetched, out: Out) -> Vec<String> {
    let summary = Message::new("cli-fetched")
        .with("received", fetched.received)
        .with("expected", fetched.expected)
        .with("megabytes", format!("{:.1}", fetched.bytes as f64 / 1e6))
        .with("seconds", format!("{:.1}", fetched.seconds))
        .with("resumed", fetched.resumed);
    let mut lines = vec![out.say(&summary)];
    lines.extend(fetched.failures.iter().map(|failure| out.sentence(&failure.problem)));
    lines
}
