//! QIDO-RS: search for studies, series and instances (PS3.18 10.6).

use std::collections::BTreeSet;
use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use http::StatusCode;
use serde_json::{Value, json};

use super::archive::Archive;
use super::attributes::{Attributes, attribute, empty, key, single};
use super::entry::Entry;
use super::matching::matches;
use super::query::{Match, Query};
use super::reply::{Refusal, Reply, bare, json, with_warning};
use super::route::{Level, Scope};

/// What a study's row always has (Table 10.6.3-3).
const STUDY_ROW: &[Tag] = &[
    tags::STUDY_DATE,
    tags::STUDY_TIME,
    tags::ACCESSION_NUMBER,
    tags::INSTANCE_AVAILABILITY,
    tags::MODALITIES_IN_STUDY,
    tags::REFERRING_PHYSICIAN_NAME,
    tags::RETRIEVE_URL,
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_SEX,
    tags::STUDY_INSTANCE_UID,
    tags::STUDY_ID,
    tags::NUMBER_OF_STUDY_RELATED_SERIES,
    tags::NUMBER_OF_STUDY_RELATED_INSTANCES,
];

/// What else the patient and study levels have: may be matched, and comes when asked for.
const STUDY_MORE: &[Tag] = &[
    tags::SPECIFIC_CHARACTER_SET,
    tags::TIMEZONE_OFFSET_FROM_UTC,
    tags::STUDY_DESCRIPTION,
    tags::PROCEDURE_CODE_SEQUENCE,
    tags::ISSUER_OF_PATIENT_ID,
    tags::PATIENT_AGE,
    tags::PATIENT_SIZE,
    tags::PATIENT_WEIGHT,
];

/// What a series' row always has (Table 10.6.3-4).
const SERIES_ROW: &[Tag] = &[
    tags::MODALITY,
    tags::SERIES_DESCRIPTION,
    tags::RETRIEVE_URL,
    tags::STUDY_INSTANCE_UID,
    tags::SERIES_INSTANCE_UID,
    tags::SERIES_NUMBER,
    tags::NUMBER_OF_SERIES_RELATED_INSTANCES,
];

/// What else the series level has.
const SERIES_MORE: &[Tag] = &[
    tags::SPECIFIC_CHARACTER_SET,
    tags::TIMEZONE_OFFSET_FROM_UTC,
    tags::BODY_PART_EXAMINED,
    tags::LATERALITY,
    tags::SERIES_DATE,
    tags::SERIES_TIME,
    tags::PROTOCOL_NAME,
    tags::FRAME_OF_REFERENCE_UID,
    tags::PERFORMED_PROCEDURE_STEP_START_DATE,
    tags::PERFORMED_PROCEDURE_STEP_START_TIME,
    tags::REQUEST_ATTRIBUTES_SEQUENCE,
];

/// What an instance's row always has (Table 10.6.3-5).
const INSTANCE_ROW: &[Tag] = &[
    tags::SOP_CLASS_UID,
    tags::SOP_INSTANCE_UID,
    tags::INSTANCE_AVAILABILITY,
    tags::RETRIEVE_URL,
    tags::STUDY_INSTANCE_UID,
    tags::SERIES_INSTANCE_UID,
    tags::INSTANCE_NUMBER,
];

/// What an instance's row has if the instance has it: images only.
const INSTANCE_IF_PRESENT: &[Tag] =
    &[tags::ROWS, tags::COLUMNS, tags::BITS_ALLOCATED, tags::NUMBER_OF_FRAMES];

/// Answers a search. `page_limit` bounds the rows of one answer whatever the client asks for.
///
/// # Errors
/// 400 for an attribute that cannot be matched at this level.
pub(super) fn search(
    archive: &Archive,
    (level, scope): (Level, &Scope),
    query: &Query,
    page_limit: usize,
    base: &str,
) -> Result<Reply, Refusal> {
    let supported =
        |m: &Match| m.path.first().is_some_and(|key| level == Level::Instance || matchable(level, key));
    if !query.matches.iter().all(supported) {
        return Err(Refusal::BadRequest("an attribute cannot be matched at this level"));
    }
    let wanted = wanted_keys(level, scope, query);
    let rows: Vec<_> = candidates(archive, level, scope, base)
        .iter()
        .filter(|candidate| {
            query.matches.iter().all(|m| matches(&|key| candidate.get(key), &m.path, &m.value))
        })
        .map(|candidate| candidate.row(&wanted, query.include_all && level == Level::Instance))
        .collect();
    Ok(page(rows, query, page_limit, base))
}

/// The part of the rows that was asked for, and a warning if there are more (PS3.18 8.3.4.4).
pub(super) fn page(rows: Vec<Value>, query: &Query, page_limit: usize, base: &str) -> Reply {
    let size = query.limit.unwrap_or(usize::MAX).min(page_limit);
    let remaining = rows.len().saturating_sub(query.offset).saturating_sub(size);
    let rows: Vec<_> = rows.into_iter().skip(query.offset).take(size).collect();
    let mut reply = if rows.is_empty() {
        bare(StatusCode::NO_CONTENT)
    } else {
        json(StatusCode::OK, &Value::Array(rows))
    };
    if remaining > 0 {
        let text = format!("There are {remaining} additional results that can be requested");
        reply = with_warning(reply, base, &text);
    }
    if query.fuzzy {
        let text = "The fuzzymatching parameter is not supported. Only literal matching has been performed.";
        reply = with_warning(reply, base, text);
    }
    reply
}

/// Something that may become a row: the attributes of its level (of an instance: what is not in its data
/// set), those of the levels above, and an instance of it.
struct Candidate {
    computed: Attributes,
    parents: Arc<Attributes>,
    entry: Arc<Entry>,
    level: Level,
}

impl Candidate {
    fn get(&self, key: &str) -> Option<&Value> {
        let own = || self.entry.attributes.get(key).filter(|_| self.level == Level::Instance);
        self.computed.get(key).or_else(|| self.parents.get(key)).or_else(own)
    }

    fn row(&self, wanted: &Wanted, all: bool) -> Value {
        let mut row = Attributes::new();
        if all {
            let small = self.entry.attributes.iter().filter(|(_, value)| value.get("BulkDataURI").is_none());
            row.extend(small.map(|(key, value)| (key.clone(), value.clone())));
        }
        for tag in &wanted.always {
            let key = key(*tag);
            let value = self.get(&key).cloned().unwrap_or_else(|| empty(*tag));
            row.insert(key, value);
        }
        for key in &wanted.if_present {
            if let Some(value) = self.get(key).filter(|value| value.get("BulkDataURI").is_none()) {
                row.insert(key.clone(), value.clone());
            }
        }
        Value::Object(row)
    }
}

/// The attributes of a row.
struct Wanted {
    always: Vec<Tag>,
    if_present: BTreeSet<String>,
}

/// The usual attributes of the level, those of the levels above that the path does not name, and what
/// was matched or asked for.
fn wanted_keys(level: Level, scope: &Scope, query: &Query) -> Wanted {
    let mut always = Vec::new();
    let mut more: Vec<&[Tag]> = Vec::new();
    if level == Level::Study || scope.study.is_none() {
        always.extend_from_slice(STUDY_ROW);
        more.push(STUDY_MORE);
    }
    if level == Level::Series || (level == Level::Instance && scope.series.is_none()) {
        always.extend_from_slice(SERIES_ROW);
        more.push(SERIES_MORE);
    }
    let mut if_present: BTreeSet<_> = query
        .include
        .iter()
        .filter(|key| level == Level::Instance || matchable(level, key))
        .cloned()
        .collect();
    if_present.extend(query.matches.iter().filter_map(|m| m.path.first().cloned()));
    if_present.insert(key(tags::SPECIFIC_CHARACTER_SET));
    if level == Level::Instance {
        always.extend_from_slice(INSTANCE_ROW);
        if_present.extend(INSTANCE_IF_PRESENT.iter().map(|tag| key(*tag)));
    }
    if query.include_all {
        if_present.extend(more.into_iter().flatten().map(|tag| key(*tag)));
    }
    Wanted { always, if_present }
}

/// Whether an attribute is one of this very level.
fn belongs(level: Level, wanted: &str) -> bool {
    let (row, more) = match level {
        Level::Study => (STUDY_ROW, STUDY_MORE),
        Level::Series => (SERIES_ROW, SERIES_MORE),
        Level::Instance => (INSTANCE_ROW, INSTANCE_IF_PRESENT),
    };
    row.iter().chain(more).any(|tag| key(*tag) == wanted)
}

/// Whether an attribute can be matched at this level: it is of this level or of one above.
fn matchable(level: Level, wanted: &str) -> bool {
    belongs(level, wanted) || (level == Level::Series && belongs(Level::Study, wanted))
}

/// Everything of a level in a scope.
fn candidates(archive: &Archive, level: Level, scope: &Scope, base: &str) -> Vec<Candidate> {
    let entries = archive.entries(scope.study.as_ref());
    let by_study = grouped(entries, |entry| entry.study.as_str());
    let mut found = Vec::new();
    for study in by_study {
        let of_study = study_attributes(&study, base);
        if level == Level::Study {
            found.extend(candidate(&study, of_study, Arc::default(), level));
            continue;
        }
        let parents = Arc::new(of_study);
        let wanted = |entry: &Arc<Entry>| scope.series.as_ref().is_none_or(|series| *series == entry.series);
        let in_scope = study.into_iter().filter(wanted).collect();
        for series in grouped(in_scope, |entry| entry.series.as_str()) {
            let of_series = series_attributes(&series, base);
            if level == Level::Series {
                found.extend(candidate(&series, of_series, parents.clone(), level));
                continue;
            }
            let mut both = (*parents).clone();
            both.extend(of_series);
            let parents = Arc::new(both);
            found.extend(series.iter().map(|entry| Candidate {
                computed: instance_attributes(entry, base),
                parents: parents.clone(),
                entry: entry.clone(),
                level,
            }));
        }
    }
    found
}

/// A study or series, represented by its first instance.
fn candidate(
    group: &[Arc<Entry>],
    computed: Attributes,
    parents: Arc<Attributes>,
    level: Level,
) -> Option<Candidate> {
    Some(Candidate { computed, parents, entry: group.first()?.clone(), level })
}

/// Groups of equal names, in the order of their first member.
fn grouped(entries: Vec<Arc<Entry>>, name: impl Fn(&Entry) -> &str) -> Vec<Vec<Arc<Entry>>> {
    let mut places = std::collections::HashMap::new();
    let mut groups: Vec<Vec<Arc<Entry>>> = Vec::new();
    for entry in entries {
        let place = *places.entry(name(&entry).to_owned()).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(entry);
    }
    groups
}

/// The study level of its first instance, with what is counted over all.
fn study_attributes(entries: &[Arc<Entry>], base: &str) -> Attributes {
    let Some(first) = entries.first() else { return Attributes::new() };
    let modalities: BTreeSet<_> = entries.iter().map(|e| e.modality()).filter(|m| !m.is_empty()).collect();
    let series: BTreeSet<_> = entries.iter().map(|e| &e.series).collect();
    let mut computed = own_attributes(first, Level::Study);
    computed.insert(key(tags::INSTANCE_AVAILABILITY), single("CS", "ONLINE"));
    computed.insert(key(tags::MODALITIES_IN_STUDY), attribute("CS", modalities.iter().map(|m| json!(m))));
    computed.insert(key(tags::RETRIEVE_URL), single("UR", format!("{base}/studies/{}", first.study)));
    computed.insert(key(tags::NUMBER_OF_STUDY_RELATED_SERIES), single("IS", series.len()));
    computed.insert(key(tags::NUMBER_OF_STUDY_RELATED_INSTANCES), single("IS", entries.len()));
    computed
}

fn series_attributes(entries: &[Arc<Entry>], base: &str) -> Attributes {
    let Some(first) = entries.first() else { return Attributes::new() };
    let url = format!("{base}/studies/{}/series/{}", first.study, first.series);
    let mut computed = own_attributes(first, Level::Series);
    computed.insert(key(tags::RETRIEVE_URL), single("UR", url));
    computed.insert(key(tags::NUMBER_OF_SERIES_RELATED_INSTANCES), single("IS", entries.len()));
    computed
}

fn instance_attributes(entry: &Entry, base: &str) -> Attributes {
    let mut computed = Attributes::new();
    computed.insert(key(tags::INSTANCE_AVAILABILITY), single("CS", "ONLINE"));
    computed.insert(key(tags::RETRIEVE_URL), single("UR", format!("{base}{}", entry.path())));
    computed
}

fn own_attributes(entry: &Entry, level: Level) -> Attributes {
    let own = entry.attributes.iter().filter(|(key, _)| belongs(level, key));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}
