//! `dokuei info`: what instances are, one by one, and the stacks they form.

use serde_json::{Value, json};

use super::args::Info;
use super::context::{Context, Failure};
use super::out::Out;
use crate::dicom::Warning;
use crate::dicom::catalogue::{SeriesEntry, Stack};
use crate::text::Message;
use crate::work::loaded::{Collection, Loaded};
use crate::work::local;

/// One instance and where it came from.
struct Item {
    /// The file, or nothing for an instance of the vault.
    place: String,
    loaded: Loaded,
}

pub(crate) fn run(context: &Context, args: &Info) -> Result<(), Failure> {
    let mut refused = Vec::new();
    let items: Vec<Item> = if let Some(study) = &args.study {
        let work = context.work(None)?;
        work.load_study(study)?.into_iter().map(|loaded| Item { place: String::new(), loaded }).collect()
    } else {
        let found = local::read(&args.paths)?;
        refused = found.refused;
        let item =
            |(path, loaded): (std::path::PathBuf, Loaded)| Item { place: path.display().to_string(), loaded };
        found.loaded.into_iter().map(item).collect()
    };
    for (path, error) in &refused {
        let about =
            Message::new("cli-refused").with("path", path.display()).with("why", context.out.sentence(error));
        context.out.problem_in(&about);
    }
    let instances: Vec<Value> = items.iter().map(|item| instance_json(item, args.show_phi)).collect();
    let lines: Vec<String> = items.iter().map(|item| instance_line(item, context.out)).collect();
    let collection = Collection::new(items.into_iter().map(|item| item.loaded));
    let series: Vec<Value> =
        collection.studies.iter().flat_map(|study| &study.series).map(series_json).collect();
    context.out.result(&json!({ "instances": instances, "series": series }), &lines);
    match refused.into_iter().next() {
        Some((_, error)) if instances.is_empty() => Err(error.into()),
        _ => Ok(()),
    }
}

fn instance_json(item: &Item, show_phi: bool) -> Value {
    let instance = &item.loaded.instance;
    let format = instance.image.as_ref().map(|image| &image.format);
    let mut json = json!({
        "path": item.place,
        "sop_class": instance.sop_class.as_str(),
        "sop_instance_uid": instance.sop_instance.as_str(),
        "transfer_syntax": item.loaded.transfer_syntax.as_str(),
        "modality": instance.series.modality,
        "rows": format.map(|f| f.rows),
        "columns": format.map(|f| f.columns),
        "frames": format.map(|f| f.frames),
        "bits_stored": format.map(|f| f.bits_stored),
        "signed": format.map(|f| f.signed),
        "photometric": format.map(|f| f.photometric.as_str()),
        "charset": instance.charset,
        "warnings": item.loaded.warnings.iter().map(warning_json).collect::<Vec<_>>(),
    });
    if show_phi {
        json["patient_name"] = instance.patient.name.reveal().to_dicom().into();
        json["patient_id"] = instance.patient.id.reveal().as_str().into();
    }
    json
}

fn warning_json(warning: &Warning) -> Value {
    json!({ "code": warning.code.as_str(), "about": warning.about })
}

fn series_json(series: &SeriesEntry) -> Value {
    let study = series
        .stacks
        .iter()
        .flat_map(|stack| &stack.images)
        .map(|image| &image.instance)
        .chain(&series.others)
        .next()
        .map(|instance| instance.study.uid.to_string());
    json!({
        "study_uid": study,
        "series_uid": series.series.uid.as_str(),
        "modality": series.series.modality,
        "description": series.series.description,
        "stacks": series.stacks.iter().map(stack_json).collect::<Vec<_>>(),
        "others": series.others.len(),
    })
}

fn stack_json(stack: &Stack) -> Value {
    let geometry = stack.geometry.as_ref();
    json!({
        "images": stack.images.len(),
        "spacing_mm": geometry.map(|g| g.spacing_mm),
        "tilt_deg": geometry.map(|g| g.tilt_deg),
        "uniform": geometry.map(|g| g.uniform),
        "missing": geometry.map(|g| g.missing.iter().map(|gap| json!({
            "after": gap.after, "count": gap.count,
        })).collect::<Vec<_>>()),
        "warnings": stack.warnings.iter().map(warning_json).collect::<Vec<_>>(),
    })
}

fn instance_line(item: &Item, out: Out) -> String {
    let instance = &item.loaded.instance;
    let shape = instance.image.as_ref().map_or_else(String::new, |image| {
        let f = &image.format;
        let sign = if f.signed { "signed" } else { "unsigned" };
        format!(
            "{} x {} x {}  {} bit {sign}  {}",
            f.rows,
            f.columns,
            f.frames,
            f.bits_stored,
            f.photometric.as_str()
        )
    });
    let warnings: Vec<String> =
        item.loaded.warnings.iter().map(|w| format!("\n    {}", out.sentence(w))).collect();
    format!(
        "{:<4} {shape}  {}  {}{}",
        instance.series.modality,
        item.loaded.transfer_syntax,
        item.place,
        warnings.concat()
    )
}
