//! `dokuei info`: what instances are, one by one, and the stacks they form.

use serde_json::{Value, json};

use super::args::Info;
use super::context::{Context, Failure};
use super::out::Out;
use super::source::{Item, Source};
use crate::dicom::catalogue::{self, Gap, SeriesEntry, Stack};
use crate::dicom::document::{Document, Label, Line};
use crate::dicom::sop_class::{self, DocumentKind};
use crate::dicom::{Instance, Uid, Warning};
use crate::imaging::badge;
use crate::text::{self, Message};
use crate::work::loaded::Collection;

pub(crate) fn run(context: &Context, args: &Info) -> Result<(), Failure> {
    let source = match &args.study {
        Some(study) => Source::of_vault(context, study, None)?,
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
        "sop_class_name": sop_class::name(&instance.sop_class),
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
        "badges": badges(instance),
        "document": instance.document.as_ref().map(|document| document_json(document, show_phi)),
        "warnings": item.loaded.warnings.iter().map(warning_json).collect::<Vec<_>>(),
    });
    if show_phi {
        json["patient_name"] = instance.patient.name.reveal().to_dicom().into();
        json["patient_id"] = instance.patient.id.reveal().as_str().into();
    }
    json
}

/// The badges of all frames, each once. What only shows in a stack is told by `render`.
fn badges(instance: &Instance) -> Vec<&'static str> {
    // One entry may hold for all frames.
    let entries = instance.image.as_ref().map_or(1, |image| image.frames.len());
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    let all = (0..entries).flat_map(|frame| badge::of_instance(instance, frame));
    let mut badges: Vec<&'static str> = all.map(|badge| badge.as_str()).collect();
    badges.sort_unstable();
    badges.dedup();
    badges
}

/// What kind of document it is and whether it can be read here; what it says only with `--show-phi`.
fn document_json(document: &Document, show_phi: bool) -> Value {
    let pages = document.has_pages().then_some(document.pages);
    let mut json = json!({
        "kind": document.kind.as_str(),
        "shown": document.kind.is_readable() && (document.kind != DocumentKind::Pdf || pages.is_some()),
        "pages": pages,
        "lines": document.lines.len(),
    });
    if show_phi {
        json["title"] = document.title.reveal().as_str().into();
        json["text"] = document.lines.iter().map(line_json).collect();
    }
    json
}

fn line_json(line: &Line) -> Value {
    let label = match &line.label {
        Label::Coded(meaning) => meaning.clone(),
        Label::Fact(fact) => format!("{fact:?}"),
        Label::None => String::new(),
    };
    json!({ "level": line.level, "label": label, "value": line.value.reveal() })
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
    let what = sop_class::name(&instance.sop_class);
    let mut lines = vec![format!(
        "{:<4} {what}  {shape}  {}  {place}",
        instance.series.modality, item.loaded.transfer_syntax
    )];
    lines.extend(instance.document.as_ref().map(|document| document_line(document, out)));
    let badges = badge::of_instance(instance, 0);
    lines.extend(badges.iter().map(|badge| format!("    {}", out.say(&text::badge::label(badge)))));
    lines.extend(warning_lines(&item.loaded.warnings, out));
    lines
}

/// How much of it can be read here.
fn document_line(document: &Document, out: Out) -> String {
    let told = match (document.has_pages(), document.kind.is_readable()) {
        (true, _) => Message::new("cli-document-pages").with("count", document.pages),
        (false, true) if document.kind != DocumentKind::Pdf => {
            Message::new("cli-document-lines").with("count", document.lines.len())
        }
        _ => Message::new("cli-document-listed").with("count", document.lines.len()),
    };
    format!("    {}", out.say(&told))
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
