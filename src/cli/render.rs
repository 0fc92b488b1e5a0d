//! `dokuei render`: the image as a viewport shows it.

use glam::DVec3;
use serde_json::{Value, json};

use super::args::Render;
use super::context::{Context, Failure};
use super::image_files;
use super::picture::{self, Device, View};
use crate::dicom::Warning;
use crate::dicom::catalogue::Stack;
use crate::imaging::{GreyMapping, Scene, VoiCurve, patient_from_image};
use crate::work::loaded::Collection;
use crate::work::{WorkError, local};

pub(crate) fn run(context: &Context, args: &Render) -> Result<(), Failure> {
    let collection = match (&args.study, &args.path) {
        (Some(study), _) => Collection::new(context.work(None)?.load_study(study)?),
        (None, Some(path)) => {
            let mut found = local::read(std::slice::from_ref(path))?;
            if let (true, Some((_, error))) = (found.loaded.is_empty(), found.refused.pop()) {
                return Err(error.into());
            }
            Collection::new(found.loaded.into_iter().map(|(_, loaded)| loaded))
        }
        (None, None) => return Err(WorkError::NoImage.into()),
    };
    let stack = picture::choose(&collection, args.series.as_ref())?;
    let scene = picture::scene(&collection, stack, &View::from(args))?;
    let mut device = Device::new(args.device)?;
    let picture = device.draw(&scene)?;
    let (width, height) = (picture.size.width(), picture.size.height());
    image_files::write_png(&args.out, width, height, &picture.rgba)
        .map_err(|e| WorkError::file(&args.out, &e))?;
    if let Some(path) = &args.values {
        let nothing = || vec![f32::NAN; picture.size.pixels()];
        let values = picture.values.clone().unwrap_or_else(nothing);
        image_files::write_npy(path, height, width, &values).map_err(|e| WorkError::file(path, &e))?;
    }
    let mut told = describe(&scene, &badges(&collection, stack));
    told["device"] = device.as_str().into();
    told["size"] = json!([width, height]);
    context.out.result(&told, &[args.out.display().to_string()]);
    Ok(())
}

/// Where the picture lies and how its greys were made.
pub(crate) fn describe(scene: &Scene, badges: &[&'static str]) -> Value {
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
            let grey = (!scene.frame.colours().is_rgb()).then_some(&scene.grey);
            (place.map(|p| p.0), place.map(|p| p.1), place.map(|p| p.2), grey)
        }
    };
    json!({
        "origin_mm": origin.map(|v| v.to_array()),
        "column_step_mm": column.map(|v| v.to_array()),
        "row_step_mm": row.map(|v| v.to_array()),
        "window": grey.and_then(window),
        "badges": badges,
    })
}

fn window(grey: &GreyMapping) -> Option<Value> {
    match &grey.voi {
        VoiCurve::Window(window) => Some(json!([window.center(), window.width()])),
        VoiCurve::Table(_) => None,
    }
}

/// What a reader must know of these images, each once.
pub(crate) fn badges(collection: &Collection, stack: &Stack) -> Vec<&'static str> {
    let of_images = stack
        .images
        .iter()
        .filter_map(|image| collection.object(&image.instance.sop_instance))
        .flat_map(|object| &object.warnings);
    let mut badges: Vec<&'static str> =
        of_images.chain(&stack.warnings).map(|warning: &Warning| warning.code.as_str()).collect();
    badges.sort_unstable();
    badges.dedup();
    badges
}
