//! `dokuei open` without a window: tells what local files and folders hold and leaves a picture of each stack.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::Open;
use super::context::{Context, Failure};
use super::output;
use super::picture::{self, Chosen, Device, View};
use super::render::badges;
use super::source::Source;
use super::worklist::display_name;
use crate::dicom::catalogue::{SeriesEntry, Stack, StudyEntry};
use crate::dicom::{Instance, sop_class};
use crate::text::Message;
use crate::work::WorkError;
use crate::work::loaded::Collection;

/// Where the pictures go when nobody says.
const PICTURES: &str = "dokuei-pictures";

/// Whether the files go to the window: not where results are wanted.
pub(crate) fn in_window(context: &Context, args: &Open) -> bool {
    !context.console && !context.out.json && args.out.is_none()
}

pub(crate) fn run(context: &Context, args: &Open) -> Result<(), Failure> {
    let source = Source::of_paths(context, &args.paths)?;
    let out = args.out.clone().unwrap_or_else(|| PICTURES.into());
    std::fs::create_dir_all(&out).map_err(|e| WorkError::file(&out, &e))?;
    let (inputs, incomplete) = (source.inputs(), source.incomplete);
    let collection = Collection::new(source.items.into_iter().map(|item| item.loaded));
    let mut opener = Opener {
        context,
        out,
        collection: &collection,
        inputs,
        incomplete,
        device: Device::best(),
        pictures: 0,
    };
    let mut lines = Vec::new();
    let mut studies = Vec::new();
    for study in &collection.studies {
        lines.push(study_line(context, study, args.show_phi));
        let series: Vec<Value> =
            study.series.iter().map(|series| opener.series(study, series, &mut lines)).collect();
        studies.push(json!({ "study_uid": study.study.uid.as_str(), "series": series }));
    }
    context.out.result(&json!({ "studies": studies, "incomplete": incomplete }), &lines)
}

fn study_line(context: &Context, study: &StudyEntry, show_phi: bool) -> String {
    let name = if show_phi {
        display_name(study.patient.name.reveal(), context.out.language)
    } else {
        String::new()
    };
    format!("{}  {}  {}  {name}", study.study.date, study.study.description, study.study.uid)
}

/// Draws stack after stack into one folder.
struct Opener<'a> {
    context: &'a Context,
    out: PathBuf,
    collection: &'a Collection,
    inputs: Vec<PathBuf>,
    incomplete: bool,
    device: Device,
    pictures: u32,
}

impl Opener<'_> {
    fn series(&mut self, study: &StudyEntry, series: &SeriesEntry, lines: &mut Vec<String>) -> Value {
        let mut pictures = Vec::new();
        for stack in &series.stacks {
            let badges = badges(&Chosen { study, series, stack }, self.incomplete);
            let about = format!(
                "  {:<4} {:>5}  {}",
                series.series.modality,
                stack.images.len(),
                series.series.description
            );
            match self.picture(stack) {
                Ok(path) => {
                    lines.push(format!("{about}  {path}  {}", badges.join(" ")));
                    pictures.push(json!({ "path": path, "images": stack.images.len(), "badges": badges }));
                }
                Err(error) => lines.push(format!("{about}  {}", self.context.out.sentence(error.as_ref()))),
            }
        }
        for stack in series.documents.iter().filter(|stack| stack.has_pixels()) {
            let about = format!("  {:<4} {:>5}  PDF", series.series.modality, stack.images.len());
            match self.picture(stack) {
                Ok(path) => {
                    lines.push(format!("{about}  {path}"));
                    pictures.push(json!({ "path": path, "images": stack.images.len(), "badges": [] }));
                }
                Err(error) => lines.push(format!("{about}  {}", self.context.out.sentence(error.as_ref()))),
            }
        }
        let named = |instance: &Arc<Instance>| sop_class::name(&instance.sop_class);
        let others: BTreeSet<String> = series.others.iter().map(named).collect();
        if !others.is_empty() {
            let told = Message::new("cli-open-others").with("count", series.others.len());
            let names = others.into_iter().collect::<Vec<_>>().join(", ");
            lines.push(format!("  {:<4} {}  {names}", series.series.modality, self.context.out.say(&told)));
        }
        json!({
            "series_uid": series.series.uid.as_str(),
            "modality": series.series.modality,
            "pictures": pictures,
            "others": series.others.len(),
        })
    }

    fn picture(&mut self, stack: &Stack) -> Result<String, Failure> {
        let scene = picture::scene(self.collection, stack, &View::default())?;
        let picture = self.device.draw(&scene)?;
        self.pictures += 1;
        let path = self.out.join(format!("{:03}.png", self.pictures));
        output::write_png(&path, &picture, &self.inputs)?;
        Ok(path.display().to_string())
    }
}
