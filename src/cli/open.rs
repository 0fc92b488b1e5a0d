//! `dokuei open`: looks at local files and folders. Until the window is there, it tells what they hold and
//! leaves a picture of each stack.

use serde_json::{Value, json};

use super::args::Open;
use super::context::{Context, Failure};
use super::image_files;
use super::picture::{self, Device, View};
use super::worklist::display_name;
use crate::dicom::catalogue::{SeriesEntry, Stack, StudyEntry};
use crate::text::Message;
use crate::work::loaded::Collection;
use crate::work::{WorkError, local};

pub(crate) fn run(context: &Context, args: &Open) -> Result<(), Failure> {
    let found = local::read(&args.paths)?;
    for (path, error) in &found.refused {
        let why = context.out.sentence(error);
        context.out.problem_in(&Message::new("cli-refused").with("path", path.display()).with("why", why));
    }
    if found.loaded.is_empty() {
        return Err(WorkError::NoImage.into());
    }
    std::fs::create_dir_all(&args.out).map_err(|e| WorkError::file(&args.out, &e))?;
    let collection = Collection::new(found.loaded.into_iter().map(|(_, loaded)| loaded));
    let mut opener = Opener { context, args, collection: &collection, device: Device::best(), pictures: 0 };
    let mut lines = Vec::new();
    let mut studies = Vec::new();
    for study in &collection.studies {
        lines.push(study_line(context, study, args.show_phi));
        let series: Vec<Value> =
            study.series.iter().map(|series| opener.series(series, &mut lines)).collect();
        studies.push(json!({ "study_uid": study.study.uid.as_str(), "series": series }));
    }
    context.out.result(&json!({ "studies": studies }), &lines);
    Ok(())
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
    args: &'a Open,
    collection: &'a Collection,
    device: Device,
    pictures: u32,
}

impl Opener<'_> {
    fn series(&mut self, entry: &SeriesEntry, lines: &mut Vec<String>) -> Value {
        let mut pictures = Vec::new();
        for stack in &entry.stacks {
            let about = format!(
                "  {:<4} {:>5}  {}",
                entry.series.modality,
                stack.images.len(),
                entry.series.description
            );
            match self.picture(stack) {
                Ok(path) => {
                    lines.push(format!("{about}  {path}"));
                    pictures.push(Value::from(path));
                }
                Err(error) => lines.push(format!("{about}  {}", self.context.out.sentence(error.as_ref()))),
            }
        }
        json!({ "series_uid": entry.series.uid.as_str(), "modality": entry.series.modality, "pictures": pictures })
    }

    fn picture(&mut self, stack: &Stack) -> Result<String, Failure> {
        let scene = picture::scene(self.collection, stack, &View::default())?;
        let picture = self.device.draw(&scene)?;
        self.pictures += 1;
        let path = self.args.out.join(format!("{:03}.png", self.pictures));
        image_files::write_png(&path, picture.size.width(), picture.size.height(), &picture.rgba)
            .map_err(|e| WorkError::file(&path, &e))?;
        Ok(path.display().to_string())
    }
}
