//! The walk of `dokuei demo --headless`: from the demo centre's worklist to a confirmed report, with pictures on the way.
//!
//! It has a home of its own, made for this run: its vault is opened by a passphrase that nobody knows, and its
//! profile alone trusts the certificate that the centre made for itself.

use std::path::{Path, PathBuf};

use glam::{DVec2, DVec3};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::{ModeChoice, PlaneChoice};
use super::context::{Context, Failure};
use super::demo::{self, Announced};
use super::picture::{self, Device, PlaneView, View};
use super::{fetch, output, report, worklist};
use crate::demo::Running;
use crate::demo::phantom::{self, answers};
use crate::dicom::catalogue::{Stack, StackImage};
use crate::dicom::instance::{PixelSpacing, PlanePosition};
use crate::dicom::{Phi, Uid};
use crate::imaging::measure::{Kind, Shape};
use crate::imaging::{Scene, patient_from_image};
use crate::report::{Heading, KeyImage, Measurement, Report, ReportLanguage, ReportState, Section};
use crate::session::worklist::{List, Row};
use crate::site::{Centre, Home, Profile};
use crate::text::{Language, Message};
use crate::work::loaded::Collection;
use crate::work::{Secrets, Work, WorkError};

/// The demo's secrets: they live as long as the process.
struct DemoSecrets {
    passphrase: Zeroizing<String>,
    password: Zeroizing<String>,
}

impl Secrets for DemoSecrets {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        Some(self.passphrase.clone())
    }

    fn password(&self, _centre: &Centre, _user: &str) -> Option<Zeroizing<String>> {
        Some(self.password.clone())
    }
}

/// One walk under way.
struct Walk<'a> {
    context: &'a Context,
    work: Work,
    centre: String,
    out: PathBuf,
    device: Device,
    pictures: Vec<String>,
}

pub(crate) fn run(
    context: &Context,
    out: &Path,
    running: &Running,
    announced: &Announced,
) -> Result<(), Failure> {
    let secrets = DemoSecrets {
        passphrase: Zeroizing::new(uuid::Uuid::new_v4().to_string()),
        password: Zeroizing::new(running.password.clone()),
    };
    std::fs::create_dir_all(out).map_err(|e| WorkError::file(out, &e))?;
    let centre = announced.centre.clone();
    let home = Home::in_folder(&announced.folder.join("workstation"));
    let name = centre.name.clone();
    let work = Work::start(home, profile(&centre), Some(centre), Box::new(secrets))?;
    let (out, device) = (out.to_owned(), Device::best());
    Walk { context, work, centre: name, out, device, pictures: Vec::new() }.walk(running)
}

fn profile(centre: &Centre) -> Profile {
    Profile { reader: demo::reader(), centres: vec![centre.clone()], ..Profile::default() }
}

/// The most urgent study of each kind: a prior, or a second case of the same kind, need not come home for this.
fn first_of_each_kind(rows: &[Row]) -> Vec<&Row> {
    let mut chosen: Vec<&Row> = Vec::new();
    for row in rows {
        let known =
            chosen.iter().any(|one| one.modality == row.modality && one.description == row.description);
        if !known {
            chosen.push(row);
        }
    }
    chosen
}

impl Walk<'_> {
    fn walk(mut self, running: &Running) -> Result<(), Failure> {
        let out = self.context.out;
        out.note(&Message::new("cli-demo-started").with("url", &running.base_url));
        let List { rows, .. } = worklist::list(&mut self.work, self.centre.clone())?;
        out.note(&Message::new("cli-demo-worklist").with("count", rows.len()));
        for row in &rows {
            out.line(&format!("  {}", worklist::line(row, out.language, true)));
        }
        let mut chest = None;
        let mut fetches = Vec::new();
        for row in first_of_each_kind(&rows) {
            let (collection, fetched) = self.bring_home(row)?;
            fetches.push(fetched);
            self.look(row, &collection)?;
            if row.study == phantom::nodule_study() {
                chest = Some(collection);
            }
        }
        let report = self.report(&chest.ok_or(WorkError::NoImage)?)?;
        let pictures = Message::new("cli-demo-pictures").with("folder", self.out.display());
        out.note(&pictures.with("device", self.device.as_str()));
        out.json_only(&json!({
            "worklist": rows.iter().map(|row| worklist::to_json(row, true)).collect::<Vec<_>>(),
            "fetches": fetches,
            "pictures": self.pictures,
            "device": self.device.as_str(),
            "report": report,
        }))
    }

    fn bring_home(&mut self, row: &Row) -> Result<(Collection, Value), Failure> {
        let fetched = fetch::fetch(&mut self.work, self.centre.clone(), row.study.clone(), |_| {})?;
        let told = Message::new("cli-demo-fetched")
            .with("what", &row.description)
            .with("received", fetched.received)
            .with("expected", fetched.expected)
            .with("seconds", format!("{:.1}", fetched.seconds))
            .with("first", fetched.first_image_seconds.map_or_else(String::new, |s| format!("{s:.2}")));
        self.context.out.note(&told);
        let collection = Collection::new(self.work.load_study(&row.study)?.loaded);
        Ok((collection, fetch::to_json(&fetched, self.context.out)))
    }

    /// Pictures of a study: of a CT the three planes and a slab, else the middle image of each stack.
    fn look(&mut self, row: &Row, collection: &Collection) -> Result<(), Failure> {
        let name = row.modality.to_lowercase().replace('\\', "-");
        let kind = format!("{:02}-{name}", self.pictures.len() + 1);
        if row.modality != "CT" {
            let series = collection.studies.iter().flat_map(|study| &study.series);
            for (n, stack) in series.flat_map(|series| &series.stacks).enumerate() {
                self.take(&format!("{kind}-{}", n + 1), collection, stack, &View::default())?;
            }
            return Ok(());
        }
        let volume = picture::volume(collection, picture::choose(collection, None)?.stack)?;
        let window = (row.study == phantom::nodule_study()).then_some([40.0, 400.0]);
        let planes = [
            ("axial", PlaneChoice::Axial, None),
            ("coronal", PlaneChoice::Coronal, None),
            ("sagittal", PlaneChoice::Sagittal, None),
            ("coronal-mip", PlaneChoice::Coronal, Some((30.0, ModeChoice::Mip))),
        ];
        for (what, plane, slab) in planes {
            let view = View { window, ..View::default() };
            let scene = picture::plane_scene(&volume, &PlaneView { plane, at_mm: None, slab }, &view)?;
            self.draw(&format!("{kind}-{what}"), &scene)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        name: &str,
        collection: &Collection,
        stack: &Stack,
        view: &View,
    ) -> Result<(), Failure> {
        let scene = picture::scene(collection, stack, view)?;
        self.draw(name, &scene)
    }

    fn draw(&mut self, name: &str, scene: &Scene) -> Result<(), Failure> {
        let picture = self.device.draw(scene)?;
        let path = self.out.join(format!("{name}.png"));
        output::write_png(&path, &picture, &[])?;
        self.pictures.push(path.display().to_string());
        Ok(())
    }

    /// Measures the nodule, signs, sends, and waits until the centre has it for certain.
    fn report(&mut self, chest: &Collection) -> Result<Value, Failure> {
        let out = self.context.out;
        let stack = picture::choose(chest, None)?.stack;
        let (number, image, across) = nodule(stack).ok_or(WorkError::NoImage)?;
        let lung = View { frame: Some(number), window: Some([-600.0, 1500.0]), ..View::default() };
        self.take("nodule", chest, stack, &lung)?;
        let document = document(image, across, out.language);
        let signed = report::sign_document(&mut self.work, self.centre.clone(), document, None)?;
        for computed in &signed.measurements {
            out.line(&report::measurement_line(computed));
        }
        let reports = report::send_all(&mut self.work, None)?;
        let sent = reports.iter().find(|one| one.sop_instance == signed.sop_instance);
        let state = sent.map_or(signed.state, |one| one.state);
        out.note(&Message::new("cli-demo-report").with("state", state.as_str()));
        let mut told = report::signed_json(&signed);
        told["state"] = state.as_str().into();
        Ok(told)
    }
}

/// The slice through the nodule's centre (its number and UID) and a line across the nodule, in image coordinates
/// as SCOORD counts them (PS3.3 C.18.6.1.1).
fn nodule(stack: &Stack) -> Option<(u32, Uid, [DVec2; 2])> {
    let centre_mm = DVec3::from_array(answers::NODULE_CENTRE_MM);
    let place = |image: &StackImage| -> Option<(PlanePosition, PixelSpacing)> {
        let attributes = image.instance.image.as_ref()?.frame(image.frame)?;
        attributes.plane.zip(attributes.spacing)
    };
    let distance_mm = |image: &StackImage| {
        place(image).map_or(f64::MAX, |(plane, _)| {
            (plane.origin_mm - centre_mm).dot(plane.row_direction.cross(plane.column_direction)).abs()
        })
    };
    let images = stack.images.iter().enumerate();
    let (number, image) = images.min_by(|a, b| distance_mm(a.1).total_cmp(&distance_mm(b.1)))?;
    let (plane, spacing) = place(image)?;
    let index = patient_from_image(&plane, &spacing).inverse().transform_point3(centre_mm);
    let centre = DVec2::new(index.x, index.y) + 0.5;
    let radius = DVec2::X * (answers::NODULE_MM / 2.0 / spacing.between_columns_mm);
    Some((number as u32, image.instance.sop_instance.clone(), [centre - radius, centre + radius]))
}

fn document(image: Uid, across: [DVec2; 2], language: Language) -> Report {
    let (report_language, findings, impression, label) = match language {
        Language::Japanese => (
            ReportLanguage::JapaneseJp,
            "右肺に充実性結節を認めます。",
            "肺結節。前回より増大しています。",
            "結節",
        ),
        Language::English => (
            ReportLanguage::EnglishUs,
            "Solid nodule in the right lung.",
            "Pulmonary nodule, larger than before.",
            "Nodule",
        ),
    };
    let section = |heading, text: &str| Section { heading, text: Phi::new(text.to_owned()) };
    let measurements = Shape::from_points(Kind::Length, &across).map(|shape| Measurement {
        shape,
        image: image.clone(),
        frame: Some(1),
        label: Phi::new(label.to_owned()),
    });
    Report {
        study: phantom::nodule_study(),
        language: report_language,
        state: ReportState::Final,
        predecessor: None,
        reader: None,
        sections: vec![section(Heading::Findings, findings), section(Heading::Impression, impression)],
        measurements: measurements.into_iter().collect(),
        key_images: vec![KeyImage { image, frame: Some(1), note: Phi::new(label.to_owned()) }],
    }
}
