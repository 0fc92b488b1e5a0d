//! `dokuei worklist`: what waits to be read at a centre, most urgent first.

use serde_json::{Value, json};

use super::args::AtCentre;
use super::context::{Context, Failure};
use super::drive;
use crate::dicom::person_name::{PersonName, group_for_display};
use crate::session::worklist::{List, Row};
use crate::session::{Command, State, worklist};
use crate::text::{Language, Message};
use crate::work::Work;

pub(crate) fn run(context: &Context, args: &AtCentre) -> Result<(), Failure> {
    let centre = context.centre(&args.centre)?;
    let mut work = context.work(Some(&args.centre))?;
    let List { rows, problems, .. } = list(&mut work, centre.name)?;
    for problem in &problems {
        context.out.problem(problem);
    }
    let lines: Vec<String> = if rows.is_empty() {
        vec![context.out.say(&Message::new("cli-worklist-empty"))]
    } else {
        rows.iter().map(|row| line(row, context.out.language, args.show_phi)).collect()
    };
    let json = json!({ "rows": rows.iter().map(|row| to_json(row, args.show_phi)).collect::<Vec<_>>() });
    context.out.result(&json, &lines)
}

/// Asks a centre for its worklist.
pub(crate) fn list(work: &mut Work, centre: String) -> Result<List, Failure> {
    let mut state = State::default();
    let refresh = Command::Worklist(worklist::Command::Refresh { centre });
    drive::until(work, &mut state, refresh, |s| drive::answered(&s.worklist.list), |_| {});
    drive::settled(state.worklist.list)
}

/// One row as the contract has it.
pub(crate) fn to_json(row: &Row, show_phi: bool) -> Value {
    let mut json = json!({
        "study_uid": row.study.as_str(),
        "patient_id": row.patient.id.reveal(),
        "modality": row.modality,
        "description": row.description,
        "study_date": row.date,
        "instances": row.instances,
        "priority": row.priority.as_str(),
        "state": row.state.as_str(),
    });
    if show_phi {
        json["patient_name"] = row.patient.name.reveal().to_dicom().into();
    }
    json
}

/// One row for a person.
pub(crate) fn line(row: &Row, language: Language, show_phi: bool) -> String {
    let name = if show_phi { display_name(row.patient.name.reveal(), language) } else { String::new() };
    let count = row.instances.map_or_else(|| "?".to_owned(), |n| n.to_string());
    format!(
        "{:<8} {:<11} {:<8} {:>5}  {:<10} {:<10} {}  {}",
        row.priority.as_str().to_uppercase(),
        row.state.as_str(),
        row.modality,
        count,
        row.date,
        row.patient.id.reveal(),
        [name.as_str(), row.description.as_str()]
            .iter()
            .filter(|s| !s.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("  "),
        row.study,
    )
}

/// The writing of a name that this reader reads: kanji with kana for Japanese, else the alphabetic one.
pub(crate) fn display_name(name: &PersonName, language: Language) -> String {
    let groups = match language {
        Language::Japanese => [&name.ideographic, &name.phonetic],
        Language::English => [&name.alphabetic, &name.ideographic],
    };
    let shown: Vec<String> = groups.iter().map(|g| group_for_display(g)).filter(|g| !g.is_empty()).collect();
    match shown.as_slice() {
        [] => group_for_display(if name.alphabetic.is_empty() { &name.phonetic } else { &name.alphabetic }),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} ({})", rest.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_sees_the_writing_they_read() {
        let name = PersonName::parse("Yamada^Tarou=山田^太郎=やまだ^たろう");
        assert_eq!(display_name(&name, Language::Japanese), "山田 太郎 (やまだ たろう)");
        assert_eq!(display_name(&name, Language::English), "Yamada Tarou (山田 太郎)");
        assert_eq!(display_name(&PersonName::parse("DOE^JANE"), Language::Japanese), "DOE JANE");
    }
}
