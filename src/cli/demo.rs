//! `dokuei demo`: the demo centre on loopback, and the whole path walked against it.
//!
//! The demo has a home of its own, made afresh each time under `demo/` of the workstation's: its vault is opened
//! by a passphrase that nobody knows, and its profile alone trusts the certificate that the centre made for
//! itself.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use glam::DVec3;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::{Demo, ModeChoice, PlaneChoice};
use super::context::{Context, Failure};
use super::picture::{self, Device, PlaneView, View};
use super::{fetch, image_files, report, worklist};
use crate::demo::phantom::{self, answers};
use crate::demo::{Archive, Centre as DemoCentre, Limits, Options, Running};
use crate::dicom::Uid;
use crate::dicom::catalogue::Stack;
use crate::dicom::instance::{PixelSpacing, PlanePosition};
use crate::imaging::patient_from_image;
use crate::session::worklist::Row;
use crate::site::{Centre, Home, Profile, Reader};
use crate::text::{Language, Message};
use crate::work::loaded::Collection;
use crate::work::{Secrets, Work, WorkError};

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

pub(crate) fn run(context: &Context, args: &Demo) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|_| WorkError::Stopped)?;
    let address = args.serve.unwrap_or(LOOPBACK);
    let (running, serving) = runtime.block_on(DemoCentre::bind(address, archive(), Options::default()))?;
    let served = runtime.spawn(serving);
    let folder = context.home.demo();
    let centre = announce(&folder, &running)?;
    let done = if args.serve.is_some() {
        serve(context, &running);
        runtime.block_on(async {
            let _ = tokio::signal::ctrl_c().await;
        });
        Ok(())
    } else {
        walk(context, args, &running, centre)
    };
    running.stop();
    let _ = runtime.block_on(served);
    let _ = std::fs::remove_dir_all(&folder);
    done
}

fn archive() -> Archive {
    let today = chrono::Local::now().date_naive();
    let studies = phantom::studies(today).into_iter().map(|study| Box::new(study) as _).collect();
    Archive::new(studies, Limits::default())
}

/// Leaves the centre's address and certificate where `--centre demo` finds them while it runs.
fn announce(folder: &Path, running: &Running) -> Result<Centre, WorkError> {
    std::fs::create_dir_all(folder).map_err(|e| WorkError::file(folder, &e))?;
    let ca = folder.join("certificate.pem");
    std::fs::write(&ca, &running.certificate_pem).map_err(|e| WorkError::file(&ca, &e))?;
    let centre = Centre {
        name: "demo".to_owned(),
        url: running.base_url.clone(),
        user: Some(running.user.clone()),
        ca: Some(ca),
        stat_codes: vec![crate::demo::STAT_CODE.0.to_owned()],
    };
    let path = folder.join("centre.toml");
    let text = toml::to_string(&centre).unwrap_or_default();
    std::fs::write(&path, text).map_err(|e| WorkError::file(&path, &e))?;
    Ok(centre)
}

/// Only the centre: who wants in needs its address, user and password.
fn serve(context: &Context, running: &Running) {
    let json = json!({
        "base_url": running.base_url.as_str(),
        "user": running.user,
        "password": running.password,
        "certificate_pem": running.certificate_pem,
    });
    let lines = [
        context.out.say(&Message::new("cli-demo-serving").with("url", &running.base_url)),
        format!("  DOKUEI_PASSWORD={} dokuei worklist --centre demo", running.password),
        context.out.say(
            &Message::new("cli-demo-credentials")
                .with("user", &running.user)
                .with("password", &running.password),
        ),
        context.out.say(&Message::new("cli-demo-stop")),
    ];
    context.out.result(&json, &lines);
}

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

    fn password(&self, _centre: &str, _user: &str) -> Option<Zeroizing<String>> {
        Some(self.password.clone())
    }
}

/// One walk from the worklist to a confirmed report.
struct Walk<'a> {
    context: &'a Context,
    work: Work,
    out: PathBuf,
    device: Device,
    pictures: Vec<String>,
}

fn walk(context: &Context, args: &Demo, running: &Running, centre: Centre) -> Result<(), Failure> {
    let folder = context.home.demo().join("workstation");
    let secrets = DemoSecrets {
        passphrase: Zeroizing::new(uuid::Uuid::new_v4().to_string()),
        password: Zeroizing::new(running.password.clone()),
    };
    std::fs::create_dir_all(&args.out).map_err(|e| WorkError::file(&args.out, &e))?;
    let work = Work::start(Home::in_folder(&folder), profile(&centre), Some(centre), Box::new(secrets))?;
    let device = Device::best();
    let mut walk = Walk { context, work, out: args.out.clone(), device, pictures: Vec::new() };
    context.out.note(&Message::new("cli-demo-started").with("url", &running.base_url));

    let rows = worklist::list(&mut walk.work, "demo".to_owned())?;
    context.out.note(&Message::new("cli-demo-worklist").with("count", rows.len()));
    for row in &rows {
        context.out.line(&format!("  {}", worklist::line(row, context.out.language, true)));
    }
    let mut chest = None;
    let mut fetches = Vec::new();
    for row in first_of_each_kind(&rows) {
        let (collection, fetched) = walk.bring_home(row)?;
        fetches.push(fetched);
        walk.look(row, &collection)?;
        if row.study == phantom::nodule_study() {
            chest = Some(collection);
        }
    }
    let chest = chest.ok_or(WorkError::NoImage)?;
    let report = walk.report(&chest)?;
    context.out.note(
        &Message::new("cli-demo-pictures")
            .with("folder", walk.out.display())
            .with("device", walk.device.as_str()),
    );
    let rows: Vec<Value> = rows.iter().map(|row| worklist::to_json(row, true)).collect();
    context.out.json_only(&json!({
        "worklist": rows,
        "fetches": fetches,
        "pictures": walk.pictures,
        "device": walk.device.as_str(),
        "report": report,
    }));
    Ok(())
}

fn profile(centre: &Centre) -> Profile {
    let reader = Reader {
        name: "Dokuei^Hanako=読影^花子=どくえい^はなこ".to_owned(),
        id: "DEMO".to_owned(),
        organisation: "Dokuei Demo".to_owned(),
    };
    Profile { language: None, reader, centres: vec![centre.clone()] }
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
    fn bring_home(&mut self, row: &Row) -> Result<(Collection, Value), Failure> {
        let fetched = fetch::fetch(&mut self.work, "demo".to_owned(), row.study.clone())?;
        let told = Message::new("cli-demo-fetched")
            .with("what", &row.description)
            .with("received", fetched.received)
            .with("expected", fetched.expected)
            .with("seconds", format!("{:.1}", fetched.seconds))
            .with("first", fetched.first_image_seconds.map_or_else(String::new, |s| format!("{s:.2}")));
        self.context.out.note(&told);
        let collection = Collection::new(self.work.load_study(&row.study)?);
        Ok((collection, fetch::to_json(&fetched, self.context.out)))
    }

    /// Pictures of a study: of a CT the three planes and a slab, else the middle image of each stack.
    fn look(&mut self, row: &Row, collection: &Collection) -> Result<(), Failure> {
        let name = row.modality.to_lowercase().replace('\\', "-");
        let kind = format!("{:02}-{name}", self.pictures.len() + 1);
        if row.modality != "CT" {
            let stacks =
                collection.studies.iter().flat_map(|study| &study.series).flat_map(|series| &series.stacks);
            for (n, stack) in stacks.enumerate() {
                self.take(&format!("{kind}-{}", n + 1), collection, stack, &View::default())?;
            }
            return Ok(());
        }
        let stack = picture::choose(collection, None)?;
        let volume = picture::volume(collection, stack)?;
        let window = (row.study == phantom::nodule_study()).then_some([40.0, 400.0]);
        let planes = [
            ("axial", PlaneChoice::Axial, None),
            ("coronal", PlaneChoice::Coronal, None),
            ("sagittal", PlaneChoice::Sagittal, None),
            ("coronal-mip", PlaneChoice::Coronal, Some((30.0, ModeChoice::Mip))),
        ];
        for (what, plane, slab) in planes {
            let view = View { window, ..View::default() };
            let plane = PlaneView { plane, at_mm: None, slab };
            let scene = picture::plane_scene(&volume, &plane, &view)?;
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

    fn draw(&mut self, name: &str, scene: &crate::imaging::Scene) -> Result<(), Failure> {
        let picture = self.device.draw(scene)?;
        let path = self.out.join(format!("{name}.png"));
        image_files::write_png(&path, picture.size.width(), picture.size.height(), &picture.rgba)
            .map_err(|e| WorkError::file(&path, &e))?;
        self.pictures.push(path.display().to_string());
        Ok(())
    }

    /// Measures the nodule, signs, sends, and waits until the centre has it for certain.
    fn report(&mut self, chest: &Collection) -> Result<Value, Failure> {
        let stack = picture::choose(chest, None)?;
        let (number, image, points) = nodule(stack).ok_or(WorkError::NoImage)?;
        let lung = View { frame: Some(number), window: Some([-600.0, 1500.0]), ..View::default() };
        self.take("nodule", chest, stack, &lung)?;
        let document = document(&image, points, self.context.out.language)?;
        let signed = report::sign_document(&mut self.work, "demo".to_owned(), document, None)?;
        for line in signed.measurements.iter().map(report::measurement_line) {
            self.context.out.line(&line);
        }
        self.context.out.note(&Message::new("cli-report-saved").with("uid", &signed.sop_instance));
        let reports = report::send_all(&mut self.work)?;
        let sent = reports.iter().find(|one| one.sop_instance == signed.sop_instance);
        let state = sent.map_or("saved", |one| one.state.as_str());
        self.context.out.note(&Message::new("cli-demo-report").with("state", state));
        let mut told = report::signed_json(&signed);
        told["state"] = state.into();
        Ok(told)
    }
}

/// The slice through the nodule's centre (its number and UID) and two points on it across the nodule, in image
/// coordinates as SCOORD counts them.
fn nodule(stack: &Stack) -> Option<(u32, Uid, [[f64; 2]; 2])> {
    let centre = DVec3::from_array(answers::NODULE_CENTRE_MM);
    let place = |image: &crate::dicom::catalogue::StackImage| -> Option<(PlanePosition, PixelSpacing)> {
        let attributes = image.instance.image.as_ref()?.frame(image.frame)?;
        attributes.plane.zip(attributes.spacing)
    };
    let distance = |image| {
        place(image).map_or(f64::MAX, |(plane, _)| {
            (plane.origin_mm - centre).dot(plane.row_direction.cross(plane.column_direction)).abs()
        })
    };
    let nearest = stack.images.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    let (number, image) = nearest?;
    let (plane, spacing) = place(image)?;
    let index = patient_from_image(&plane, &spacing).inverse().transform_point3(centre);
    let radius = answers::NODULE_MM / 2.0 / spacing.between_columns_mm;
    let (x, y) = (index.x + 0.5, index.y + 0.5);
    Some((number as u32, image.instance.sop_instance.clone(), [[x - radius, y], [x + radius, y]]))
}

fn document(
    image: &Uid,
    [from, to]: [[f64; 2]; 2],
    language: Language,
) -> Result<crate::report::Report, Failure> {
    let (findings, impression, label) = match language {
        Language::Japanese => ("右肺に充実性結節を認めます。", "肺結節。前回より増大しています。", "結節"),
        Language::English => ("Solid nodule in the lung.", "Pulmonary nodule, larger than before.", "Nodule"),
    };
    let text = format!(
        "study = \"{}\"\nlanguage = \"{}\"\nstate = \"final\"\n\
         [sections]\nfindings = \"{findings}\"\nimpression = \"{impression}\"\n\
         [[measurements]]\nkind = \"length\"\nimage = \"{image}\"\nframe = 1\n\
         points = [[{}, {}], [{}, {}]]\nlabel = \"{label}\"\n\
         [[key_images]]\nimage = \"{image}\"\nframe = 1\nnote = \"{label}\"\n",
        phantom::nodule_study(),
        language.tag(),
        from[0],
        from[1],
        to[0],
        to[1],
    );
    Ok(crate::report::parse(&text)?)
}
