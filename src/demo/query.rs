//! Search parameters (PS3.18 8.3.4).

use std::collections::BTreeSet;

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

use super::attributes::key;
use super::reply::Refusal;

/// What a search asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// What must match.
    pub(super) matches: Vec<Match>,
    /// Attributes wanted beyond the usual ones, as JSON keys.
    pub(super) include: BTreeSet<String>,
    /// `includefield=all`.
    pub(super) include_all: bool,
    /// At most so many results.
    pub(super) limit: Option<usize>,
    /// Results to skip.
    pub(super) offset: usize,
    /// Fuzzy matching of names was asked for.
    pub(super) fuzzy: bool,
}

/// One attribute that must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// JSON keys: one, or a way down through sequences.
    pub(super) path: Vec<String>,
    /// The value as it was sent, decoded.
    pub(super) value: String,
}

impl Query {
    /// Reads the query of a URI.
    ///
    /// # Errors
    /// 400 for an attribute that PS3.6 does not know and for a value that a parameter cannot have.
    pub(super) fn parse(raw: Option<&str>) -> Result<Self, Refusal> {
        let mut query = Self::default();
        for (name, value) in url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            query.take(&name, &value)?;
        }
        Ok(query)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "limit" => self.limit = Some(number(value)?),
            "offset" => self.offset = number(value)?,
            "fuzzymatching" => self.fuzzy = boolean(value)?,
            // Values are matched as they stand whatever these say: lists and empty values are documented.
            "emptyvaluematching" | "multiplevaluematching" => drop(boolean(value)?),
            "includefield" => {
                for field in value.split(',').map(str::trim).filter(|field| !field.is_empty()) {
                    self.include_field(field)?;
                }
            }
            _ => self.matches.push(Match { path: attribute_path(name)?, value: value.to_owned() }),
        }
        Ok(())
    }

    fn include_field(&mut self, field: &str) -> Result<(), Refusal> {
        if field == "all" {
            self.include_all = true;
        } else {
            // A sequence is returned whole, also when one of its attributes is asked for.
            self.include.extend(attribute_path(field)?.into_iter().next());
        }
        Ok(())
    }
}

fn number(value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| Refusal::BadRequest("limit and offset are whole numbers"))
}

fn boolean(value: &str) -> Result<bool, Refusal> {
    value.parse().map_err(|_| Refusal::BadRequest("true or false is expected"))
}

/// `00100010`, `PatientName`, `00400275.00400009`, `RequestAttributesSequence.ScheduledProcedureStepID`.
fn attribute_path(name: &str) -> Result<Vec<String>, Refusal> {
    name.split('.').map(|id| tag(id).map(key).ok_or(Refusal::BadRequest("unknown attribute"))).collect()
}

/// A tag from its keyword or its eight hexadecimal digits.
fn tag(id: &str) -> Option<Tag> {
    if id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
        let number = u32::from_str_radix(id, 16).ok()?;
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    StandardDataDictionary.by_name(id).map(DataDictionaryEntry::tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_tags_and_paths_are_read() {
        let query = Query::parse(Some(
            "PatientName=%E5%B1%B1%E7%94%B0*&0020000d=1.2&00400275.ScheduledProcedureStepID=S1&limit=5&offset=10\
             &includefield=StudyDescription,00101010&includefield=all&fuzzymatching=true",
        ))
        .unwrap();
        let one = |path: &[&str], value: &str| Match {
            path: path.iter().map(|p| (*p).to_owned()).collect(),
            value: value.to_owned(),
        };
        let expected =
            [one(&["00100010"], "山田*"), one(&["0020000D"], "1.2"), one(&["00400275", "00400009"], "S1")];
        assert_eq!(query.matches, expected);
        assert_eq!(query.include.iter().collect::<Vec<_>>(), ["00081030", "00101010"]);
        assert!(query.include_all && query.fuzzy);
        assert_eq!((query.limit, query.offset), (Some(5), 10));
    }

    #[test]
    fn what_cannot_be_understood_is_a_bad_request() {
        for bad in [
            "limit=abc",
            "limit=-1",
            "offset=1.5",
            "fuzzymatching=maybe",
            "NoSuchThing=1",
            "=1",
            "..=2",
            "0010001=1",
            "includefield=Foo",
            "00100010.=x",
            "limit=99999999999999999999999",
        ] {
            assert!(matches!(Query::parse(Some(bad)), Err(Refusal::BadRequest(_))), "{bad}");
        }
        assert_eq!(Query::parse(None), Ok(Query::default()));
        assert_eq!(Query::parse(Some("")), Ok(Query::default()));
    }
}
