//! The only place that prints: results to standard output, sentences to standard error.

use std::io::{IsTerminal, Write};

use super::context::Failure;
use crate::session::study::Progress;
use crate::text::{Explain, Language, Message, say};
use crate::work::WorkError;

/// Where results and sentences go, and in which form and language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    pub(crate) language: Language,
    pub(crate) json: bool,
}

impl Out {
    /// The result of a command: the JSON document, or the lines a person reads.
    ///
    /// # Errors
    /// When it cannot be written: a script must not take half a result for a whole one. A reader that has gone
    /// (a closed pipe) is no error.
    pub(crate) fn result(&self, json: &serde_json::Value, lines: &[String]) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let written = if self.json {
            writeln!(stdout, "{}", escaped(&format!("{json:#}")))
        } else {
            lines.iter().try_for_each(|line| writeln!(stdout, "{}", printable(line)))
        };
        match written.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(WorkError::file(std::path::Path::new("stdout"), &error).into())
            }
            _ => Ok(()),
        }
    }

    /// The JSON document of a command that has told people all along the way.
    pub(crate) fn json_only(&self, json: &serde_json::Value) -> Result<(), Failure> {
        if self.json { self.result(json, &[]) } else { Ok(()) }
    }

    /// A sentence on the way, for people only; with `--json` it goes to standard error.
    pub(crate) fn note(&self, message: &Message) {
        self.line(&say(self.language, message));
    }

    /// A line on the way that is no sentence.
    pub(crate) fn line(&self, line: &str) {
        let line = printable(line);
        let _ = if self.json {
            writeln!(std::io::stderr().lock(), "{line}")
        } else {
            writeln!(std::io::stdout().lock(), "{line}")
        };
    }

    /// How far a fetch has come, on one line that is written over; only where a person watches a terminal.
    pub(crate) fn progress(&self, progress: &Progress) {
        let mut stderr = std::io::stderr();
        if self.json || !stderr.is_terminal() {
            return;
        }
        let expected = progress.expected.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let end = if progress.expected == Some(progress.received) { "\n" } else { "" };
        let megabytes = progress.bytes as f64 / 1e6;
        let _ = write!(stderr, "\r{} / {expected}  {megabytes:.1} MB{end}", progress.received);
    }

    /// What went wrong, in one sentence.
    pub(crate) fn problem(&self, problem: &dyn Explain) {
        let line = printable(&say(self.language, &problem.message()));
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// A sentence about one of many things, while the rest goes on.
    pub(crate) fn problem_in(&self, message: &Message) {
        let _ = writeln!(std::io::stderr().lock(), "{}", printable(&say(self.language, message)));
    }

    /// The sentence itself, to stand in a result.
    pub(crate) fn sentence(&self, problem: &dyn Explain) -> String {
        say(self.language, &problem.message())
    }

    /// An entry of the catalogue, to stand in a result.
    pub(crate) fn say(&self, message: &Message) -> String {
        say(self.language, message)
    }
}

/// Text from files and servers must not steer a terminal: control characters, bidirectional marks and invisible
/// characters become visible.
fn printable(line: &str) -> String {
    line.chars().map(|c| if steers(c) && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// The same for a JSON document, whose own escapes keep the value.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if steers(c) && c != '\n' {
            let mut units = [0; 2];
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{061c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_file_cannot_steer_the_terminal() {
        assert_eq!(printable("A\u{1b}[2J\u{202e}B 山田"), "A\u{fffd}[2J\u{fffd}B 山田");
        assert_eq!(escaped("\"\u{9b}2J\u{200b}山\"\n"), "\"\\u009b2J\\u200b山\"\n");
    }
}
