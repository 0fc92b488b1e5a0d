//! The only place that prints: results to standard output, sentences to standard error.

use std::io::Write;

use crate::text::{Explain, Language, Message, say};

/// Where results and sentences go, and in which form and language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    pub(crate) language: Language,
    pub(crate) json: bool,
}

impl Out {
    /// The result of a command: the JSON document, or the lines a person reads. A closed pipe ends quietly.
    pub(crate) fn result(&self, json: &serde_json::Value, lines: &[String]) {
        let mut stdout = std::io::stdout().lock();
        let _ = if self.json {
            writeln!(stdout, "{json:#}")
        } else {
            lines.iter().try_for_each(|line| writeln!(stdout, "{}", printable(line)))
        };
    }

    /// The JSON document of a command that has told people all along the way.
    pub(crate) fn json_only(&self, json: &serde_json::Value) {
        if self.json {
            self.result(json, &[]);
        }
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

/// Text from files and servers must not steer a terminal (`robustness.md` F12): control characters and
/// bidirectional overrides become visible.
fn printable(line: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    line.chars().map(|c| if steers(c) && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_file_cannot_steer_the_terminal() {
        assert_eq!(printable("A\u{1b}[2J\u{202e}B 山田"), "A\u{fffd}[2J\u{fffd}B 山田");
    }
}
