//! The list of a centre as it was answered last, kept sealed in the vault: without a line the reader still sees
//! what waits, and since when nobody could ask.

use chrono::{DateTime, Local};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use crate::dicom::instance::Patient;
use crate::dicom::{PersonName, Phi, Uid};
use crate::session::worklist::{Claim, Folded, Priority, ReadingState, Row};
use crate::vault::Vault;
use crate::work::WorkError;

/// A list that was kept.
pub(super) struct Remembered {
    pub(super) rows: Vec<Row>,
    /// When its centre answered, local time: of today the time alone.
    pub(super) at: String,
}

/// A row as it is kept: what the centre says of the study, not what is here of it.
#[derive(Serialize, Deserialize)]
struct KeptRow {
    study: String,
    name: [String; 3],
    id: String,
    issuer: String,
    birth_date: String,
    sex: String,
    age: String,
    modality: String,
    description: String,
    date: String,
    time: String,
    instances: Option<u32>,
    priority: String,
    state: String,
    taken_by: Option<String>,
}

/// Keeps the list in place of the one before. Its rows are written only when they have changed.
pub(super) fn keep(vault: &Vault, centre: &Url, rows: &[Row]) -> Result<(), WorkError> {
    let rows: Vec<KeptRow> = rows.iter().map(KeptRow::of).collect();
    let rows = Zeroizing::new(serde_json::to_vec(&rows).map_err(|_| WorkError::Stopped)?);
    let name = rows_of(centre);
    if vault.note(&name).ok().flatten().is_none_or(|before| *before != *rows) {
        vault.put_note_if_room(&name, &rows)?;
    }
    Ok(vault.put_note_if_room(&time_of(centre), Local::now().to_rfc3339().as_bytes())?)
}

/// The list that was kept of a centre, if one was and it can be read.
pub(super) fn recall(vault: &Vault, centre: &Url) -> Option<Remembered> {
    let rows = vault.note(&rows_of(centre)).ok()??;
    let time = vault.note(&time_of(centre)).ok()??;
    let rows: Vec<KeptRow> = serde_json::from_slice(&rows).ok()?;
    let time = DateTime::parse_from_rfc3339(std::str::from_utf8(&time).ok()?).ok()?;
    let rows = rows.into_iter().filter_map(KeptRow::into_row).collect();
    Some(Remembered { rows, at: moment(time.with_timezone(&Local), Local::now()) })
}

fn moment(then: DateTime<Local>, now: DateTime<Local>) -> String {
    let of_today = then.date_naive() == now.date_naive();
    then.format(if of_today { "%H:%M" } else { "%Y-%m-%d %H:%M" }).to_string()
}

fn rows_of(centre: &Url) -> String {
    format!("list of {centre}")
}

fn time_of(centre: &Url) -> String {
    format!("time of the list of {centre}")
}

impl KeptRow {
    fn of(row: &Row) -> Self {
        let patient = &row.patient;
        let name = patient.name.reveal();
        Self {
            study: row.study.to_string(),
            name: [&name.alphabetic, &name.ideographic, &name.phonetic].map(Clone::clone),
            id: patient.id.reveal().clone(),
            issuer: patient.issuer.reveal().clone(),
            birth_date: patient.birth_date.reveal().clone(),
            sex: patient.sex.clone(),
            age: patient.age.clone(),
            modality: row.modality.clone(),
            description: row.description.clone(),
            date: row.date.clone(),
            time: row.time.clone(),
            instances: row.instances,
            priority: row.priority.as_str().to_owned(),
            state: row.state.as_str().to_owned(),
            taken_by: match &row.claim {
                Claim::Other(name) => Some(name.reveal().clone()),
                Claim::Nobody | Claim::Mine => None,
            },
        }
    }

    /// `None` for what no program wrote.
    fn into_row(self) -> Option<Row> {
        let [alphabetic, ideographic, phonetic] = self.name;
        let patient = Patient {
            name: Phi::new(PersonName { alphabetic, ideographic, phonetic }),
            id: Phi::new(self.id),
            issuer: Phi::new(self.issuer),
            birth_date: Phi::new(self.birth_date),
            sex: self.sex,
            age: self.age,
        };
        Some(Row {
            study: Uid::parse(&self.study).ok()?,
            patient,
            modality: self.modality,
            description: self.description,
            date: self.date,
            time: self.time,
            instances: self.instances,
            received: 0,
            priority: Priority::parse(&self.priority),
            state: ReadingState::parse(&self.state),
            claim: self.taken_by.map_or(Claim::Nobody, |name| Claim::Other(Phi::new(name))),
            grown: 0,
            folded: Folded::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn row() -> Row {
        Row {
            study: Uid::parse("1.2.3").unwrap(),
            patient: Patient {
                name: Phi::new(PersonName::parse("YAMADA^TAROU=山田^太郎=やまだ^たろう")),
                id: Phi::new("0012".into()),
                issuer: Phi::new("HOSP".into()),
                birth_date: Phi::new("19530315".into()),
                sex: "M".into(),
                age: "073Y".into(),
            },
            modality: "CT\\SR".into(),
            description: "頭部単純CT".into(),
            date: "20261122".into(),
            time: "0310".into(),
            instances: Some(312),
            received: 0,
            priority: Priority::Stat,
            state: ReadingState::Claimed,
            claim: Claim::Other(Phi::new("SATO^HANAKO".into())),
            grown: 0,
            folded: Folded::default(),
        }
    }

    #[test]
    fn a_row_comes_back_as_its_centre_gave_it() {
        let json = serde_json::to_string(&KeptRow::of(&row())).unwrap();
        assert_eq!(serde_json::from_str::<KeptRow>(&json).unwrap().into_row(), Some(row()));
        let of_nobody = KeptRow { study: "../x".into(), ..KeptRow::of(&row()) };
        assert!(of_nobody.into_row().is_none());
    }

    #[test]
    fn of_today_the_time_is_enough() {
        let at = |day, hour| Local.with_ymd_and_hms(2026, 11, day, hour, 10, 0).unwrap();
        assert_eq!(moment(at(22, 23), at(22, 23)), "23:10");
        assert_eq!(moment(at(22, 23), at(23, 1)), "2026-11-22 23:10");
    }
}
