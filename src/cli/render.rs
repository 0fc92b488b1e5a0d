//! `dokuei render`: the image as a viewport shows it.

use glam::DVec3;
use serde_json::{Value, json};

use super::args::Render;
use super::context::{Context, Failure};
use super::output;
use super::picture::{self, Chosen, Device, View};
use super::source::Source;
use crate::imaging::badge::{self, Badge};
use crate::imaging::{Colours, GreyMapping, Scene, VoiCurve, patient_from_image};
use crate::work::WorkError;
use crate::work::loaded::Collection;

pub(crate) fn run(context: &Context, args: &Render) -> Result<(), Failure> {
    let source = match (&args.study, &args.path) {
        (Some(study), _) => Source::of_vault(context, study, Some(&args.out))?,
        (None, Some(path)) => Source::of_paths(context, std::slice::from_ref(path))?,
        (None, None) => return Err(WorkError::NoImage.into()),
    };
    let (inputs, incomplete) = (source.inputs(), source.incomplete);
    let collection = Collection::new(source.items.into_iter().map(|item| item.loaded));
    let chosen = picture::choose(&collection, args.series.as_ref())?;
    let scene = picture::scene(&collection, chosen.stack, &View::from(args))?;
    let mut device = Device::new(args.device)?;
    let picture = device.draw(&scene)?;
    output::write_png(&args.out, &picture, &inputs)?;
    let size = picture.size;
    if let Some(path) = &args.values {
        let values = picture.values.unwrap_or_else(|| vec![f32::NAN; size.pixels()]);
        output::write_npy(path, [size.height(), size.width()], &values, &inputs)?;
    }
    let mut told = describe(&scene);
    told["badges"] = badges(&chosen, incomplete).into();
    told["study_uid"] = chosen.study.study.uid.as_str().into();
    told["series_uid"] = chosen.series.series.uid.as_str().into();
    told["device"] = device.as_str().into();
    told["size"] = json!([size.width(), size.height()]);
    context.out.result(&told, &[args.out.display().to_string()])
}

/// Where the picture lies and how its greys were made.
fn describe(scene: &Scene) -> Value {
    let (origin, column, row, grey) = match scene {
        Scene::Plane(scene) => {
            let plane = &scene.plane;
            (Some(plane.origin_mm), Some(plane.column_step_mm), Some(plane.row_step_mm), Some(&scene.grey))
        }
        Scene::Frame(scene) => {
            let attributes = scene.frame.attributes();
            let place = attributes.plane.zip(attributes.spacing).map(|(plane, spacing)| {
                let matrix = patient_from_image(&plane, &spacing);
                let view = &scene.view.image_from_picture;
                let at = |c: f64, r: f64| {
                    let image = view.transform_point2(glam::DVec2::new(c, r));
                    matrix.transform_point3(DVec3::new(image.x, image.y, 0.0))
                };
                let origin = at(0.0, 0.0);
                (origin, at(1.0, 0.0) - origin, at(0.0, 1.0) - origin)
            });
            let grey = (*scene.frame.colours() == Colours::Grey).then_some(&scene.grey);
            (place.map(|p| p.0), place.map(|p| p.1), place.map(|p| p.2), grey)
        }
    };
    json!({
        "origin_mm": origin.map(|v| v.to_array()),
        "column_step_mm": column.map(|v| v.to_array()),
        "row_step_mm": row.map(|v| v.to_array()),
        "window": grey.and_then(window),
    })
}

fn window(grey: &GreyMapping) -> Option<Value> {
    match &grey.voi {
        VoiCurve::Window(window) => Some(json!([window.center(), window.width()])),
        VoiCurve::Table(_) => None,
    }
}

/// What a reader must know of what is shown, each once: the badges of its images, and whether something that
/// belongs here is missing.
pub(crate) fn badges(chosen: &Chosen<'_>, incomplete: bool) -> Vec<&'static str> {
    let of_image = |image| badge::badges(chosen.study, chosen.series, chosen.stack, image);
    let missing = incomplete.then_some(Badge::Incomplete { missing: None });
    let all = missing.into_iter().chain(chosen.stack.images.iter().flat_map(of_image));
    let mut badges: Vec<&'static str> = all.map(|badge| badge.as_str()).collect();
    badges.sort_unstable();
    badges.dedup();
    badges
}
