//! `dokuei info`: what instances are, one by one, and the stacks they form.

use serde_json::{Value, json};

use super::args::Info;
use super::context::{Context, Failure};
use super::out::Out;
use super::source::{Item, Source};
use crate::dicom::catalogue::{self, Gap, SeriesEntry, Stack};
use crate::dicom::{Uid, Warning};
use crate::text::Message;
use crate::work::loaded::Collection;

pub(crate) fn run(context: &Context, args: &Info) -> Result<(), Failure> {
    let source = match &args.study {
        Some(study) => Source::of_vault(context, study)?,
        None => Source::of_paths(context, &args.paths)?,
    };
    let instances: Vec<Value> = source.items.iter().map(|item| instance_json(item, args.show_phi)).collect();
    let mut lines: Vec<String> =
        source.items.iter().flat_map(|item| instance_lines(item, context.out)).collect();
    let (incomplete, skipped) = (source.incomplete, source.skipped);
    let collection = Collection::new(source.items.into_iter().map(|item| item.loaded));
    let mut series = Vec::new();
    for study in &collection.studies {
        lines.extend(warning_lines(&study.warnings, context.out));
        for entry in &study.series {
            lines.extend(series_lines(entry, context.out));
            series.push(series_json(&study.study.uid, entry));
        }
    }
    let json =
        json!({ "instances": instances, "series": series, "incomplete": incomplete, "skipped": skipped });
    context.out.result(&json, &lines)
}

fn instance_json(item: &Item, show_phi: bool) -> Value {
    let instance = &item.loaded.instance;
    let format = instance.image.as_ref().map(|image| &image.format);
    let mut json = json!({
        "path": item.path(),
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

fn series_json(study: &Uid, series: &SeriesEntry) -> Value {
    json!({
        "study_uid": study.as_str(),
        "series_uid": series.series.uid.as_str(),
        "modality": series.series.modality,
        "description": series.series.description,
        "stacks": series.stacks.iter().map(stack_json).collect::<Vec<_>>(),
        "others": series.others.len(),
        "warnings": series.warnings.iter().map(warning_json).collect::<Vec<_>>(),
    })
}

fn stack_json(stack: &Stack) -> Value {
    let geometry = stack.geometry.as_ref();
    json!({
        "images": stack.images.len(),
        "spacing_mm": geometry.map(|g| g.spacing_mm),
        "tilt_deg": geometry.map(|g| g.tilt_deg),
        "uniform": geometry.map(|g| g.uniform),
        "uneven": geometry.map(catalogue::StackGeometry::uneven),
        "spacing_range_mm": geometry.map(|g| g.spacing_range_mm),
        "duplicates": stack.doubled,
        "missing": geometry.map_or(&[][..], |g| &g.missing).iter().map(gap_json).collect::<Vec<_>>(),
        "localiser": stack.localiser,
        "warnings": stack.warnings.iter().map(warning_json).collect::<Vec<_>>(),
    })
}

fn gap_json(gap: &Gap) -> Value {
    json!({ "after": gap.after, "count": gap.count, "distance_mm": gap.distance_mm })
}

fn instance_lines(item: &Item, out: Out) -> Vec<String> {
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
    let place = item.path().unwrap_or_else(|| instance.sop_instance.to_string());
    let mut lines =
        vec![format!("{:<4} {shape}  {}  {place}", instance.series.modality, item.loaded.transfer_syntax)];
    lines.extend(warning_lines(&item.loaded.warnings, out));
    lines
}

/// A series and its stacks with their geometry, the gaps first of all.
fn series_lines(entry: &SeriesEntry, out: Out) -> Vec<String> {
    let mut lines =
        vec![format!("{}  {}  {}", entry.series.modality, entry.series.uid, entry.series.description)];
    lines.extend(warning_lines(&entry.warnings, out));
    for stack in &entry.stacks {
        let geometry = stack.geometry.as_ref().map_or_else(String::new, |g| {
            format!("  {:.3} mm  {:.1}\u{b0}  uniform: {}", g.spacing_mm, g.tilt_deg, g.uniform)
        });
        lines.push(format!("  {} x{geometry}", stack.images.len()));
        for gap in stack.geometry.iter().flat_map(|g| &g.missing) {
            let told = Message::new("cli-gap")
                .with("after", gap.after + 1)
                .with("count", gap.count)
                .with("distance", format!("{:.1}", gap.distance_mm));
            lines.push(format!("    {}", out.say(&told)));
        }
        lines.extend(warning_lines(&stack.warnings, out));
    }
    lines
}

fn warning_lines(warnings: &[Warning], out: Out) -> impl Iterator<Item = String> {
    warnings.iter().map(move |warning| format!("    {}", out.sentence(warning)))
}
