//! TOML tables read key by key: every problem is told with its line and the key's dotted path, and no value
//! of the document ever stands in an error.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::super::{Expected, ReportError};

/// One table of the document and which of its keys were asked for.
pub(super) struct Table<'a> {
    source: &'a str,
    path: String,
    line: usize,
    entries: Vec<(&'a str, &'a Spanned<DeValue<'a>>, usize)>,
}

/// A value of the document with its place.
pub(super) struct Entry<'a> {
    source: &'a str,
    path: String,
    line: usize,
    value: &'a DeValue<'a>,
}

/// The line of a byte offset, from 1.
pub(super) fn line_of(source: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |s| s.start).min(source.len());
    source.as_bytes()[..start].iter().filter(|b| **b == b'\n').count() + 1
}

impl<'a> Table<'a> {
    /// The table at `path`, which begins on `line`.
    pub(super) fn new(source: &'a str, path: &str, line: usize, table: &'a DeTable<'a>) -> Self {
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), value, line_of(source, Some(key.span()))))
            .collect();
        Self { source, path: path.to_owned(), line, entries }
    }

    /// The value of `key`, taken so that [`Table::finish`] does not meet it again.
    pub(super) fn take(&mut self, key: &str) -> Option<Entry<'a>> {
        let index = self.entries.iter().position(|(name, ..)| *name == key)?;
        let (_, value, line) = self.entries.swap_remove(index);
        Some(Entry { source: self.source, path: self.key(key), line, value: value.get_ref() })
    }

    /// The value of a key that must be there.
    pub(super) fn need(&mut self, key: &str) -> Result<Entry<'a>, ReportError> {
        self.take(key).ok_or_else(|| ReportError::MissingKey { line: self.line, key: self.key(key) })
    }

    /// Refuses what was not asked for: a misspelt key must not lose a finding.
    pub(super) fn finish(self) -> Result<(), ReportError> {
        match self.entries.iter().min_by_key(|(_, _, line)| *line) {
            Some((key, _, line)) => {
                // A key can be anything quoted; only what looks like a key is repeated.
                let plain =
                    key.len() <= 40 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
                let name = if plain { self.key(key) } else { self.key("?") };
                Err(ReportError::UnknownKey { line: *line, key: name })
            }
            None => Ok(()),
        }
    }

    fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Entry<'a> {
    /// The error that this value is not what is allowed.
    pub(super) fn wrong(&self, expected: Expected) -> ReportError {
        ReportError::WrongValue { line: self.line, key: self.path.clone(), expected }
    }

    pub(super) fn text(&self) -> Result<&'a str, ReportError> {
        match self.value {
            DeValue::String(text) => Ok(text.as_ref()),
            _ => Err(self.wrong(Expected::Text)),
        }
    }

    /// A whole number from 1.
    pub(super) fn count(&self) -> Result<u32, ReportError> {
        let DeValue::Integer(number) = self.value else { return Err(self.wrong(Expected::Count)) };
        match u32::from_str_radix(number.as_str(), number.radix()) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(self.wrong(Expected::Count)),
        }
    }

    pub(super) fn number(&self) -> Result<f64, ReportError> {
        let parsed = match self.value {
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64)
            }
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        parsed.filter(|n: &f64| n.is_finite()).ok_or_else(|| self.wrong(Expected::Number))
    }

    pub(super) fn table(&self) -> Result<Table<'a>, ReportError> {
        match self.value {
            DeValue::Table(table) => Ok(Table::new(self.source, &self.path, self.line, table)),
            _ => Err(self.wrong(Expected::Table)),
        }
    }

    /// The entries of an array, each with its number from 1 in the path.
    pub(super) fn array(&self) -> Result<Vec<Entry<'a>>, ReportError> {
        let DeValue::Array(array) = self.value else { return Err(self.wrong(Expected::Array)) };
        Ok(self.items(array))
    }

    fn items(&self, array: &'a DeArray<'a>) -> Vec<Entry<'a>> {
        let entry = |(index, item): (usize, &'a Spanned<DeValue<'a>>)| Entry {
            source: self.source,
            path: format!("{}[{}]", self.path, index + 1),
            line: line_of(self.source, Some(item.span())),
            value: item.get_ref(),
        };
        array.iter().enumerate().map(entry).collect()
    }
}
