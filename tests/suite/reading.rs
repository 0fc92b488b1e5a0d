//! A case opened, decoded, measured and closed, as a window drives it: `Work` alone, against the demo centre.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use dokuei::demo::phantom::{self, PhantomStudy};
use dokuei::demo::{Fault, FaultKind, On, Priority, Study as _};
use dokuei::dicom::Uid;
use dokuei::dicom::catalogue::{StackImage, StudyEntry};
use dokuei::imaging::measure::{Measured, Shape};
use dokuei::imaging::{FrameKey, Stores, VolumeKey};
use dokuei::report;
use dokuei::session::case::{Effect as CaseEffect, Event as CaseEvent};
use dokuei::session::drawings::{Effect as DrawingsEffect, Event as DrawingsEvent};
use dokuei::session::outbox::{Effect as OutboxEffect, Event as OutboxEvent};
use dokuei::session::pixels::{Effect as PixelsEffect, Event as PixelsEvent};
use dokuei::session::study::Fetched;
use dokuei::session::{Effect, Event, Problem};
use dokuei::site::{Centre, Home, Profile};
use dokuei::work::{Secrets, Work};
use glam::DVec2;
use zeroize::Zeroizing;

use crate::trouble::{PASSWORD, Scene};

/// Nobody is asked: everything is known.
struct Known;

impl Secrets for Known {
    fn passphrase(&self) -> Option<Zeroizing<String>> {
        None
    }

    fn passphrase_at_hand(&self) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new("a passphrase for tests".to_owned()))
    }

    fn password(&self, _centre: &Centre, _user: &str) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(PASSWORD.to_owned()))
    }
}

/// The machine room as a window uses it, and everything that it told.
pub(crate) struct Desk {
    pub(crate) work: Work,
    stores: Arc<Stores>,
    pub(crate) told: Vec<Event>,
    requests: u64,
}

impl Desk {
    /// In the home of a scene; its centre may be `elsewhere`.
    pub(crate) fn new(home: &Path, elsewhere: Option<Centre>) -> Self {
        let home = Home::in_folder(home);
        let profile = Profile::load(&home).unwrap();
        let work = Work::start(home, profile, elsewhere, Box::new(Known)).unwrap();
        let stores = work.stores();
        Self { work, stores, told: Vec::new(), requests: 0 }
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    pub(crate) fn open(&mut self, study: &str) -> u64 {
        let (id, study) = (self.next_id(), Uid::parse(study).unwrap());
        self.work.run(Effect::Case(CaseEffect::Open { id, centre: "island".to_owned(), study }));
        id
    }

    fn open_files(&mut self, paths: Vec<PathBuf>) -> u64 {
        let id = self.next_id();
        self.work.run(Effect::Case(CaseEffect::OpenFiles { id, paths }));
        id
    }

    fn want(&mut self, frames: &[FrameKey]) {
        let id = self.next_id();
        self.work.run(Effect::Pixels(PixelsEffect::Want { id, frames: frames.to_vec() }));
    }

    /// Reads events until one gives an answer; all of them stay in `told`.
    pub(crate) fn until<T>(&mut self, answer: impl Fn(&Event) -> Option<T>) -> T {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            assert!(Instant::now() < patience, "no answer; told was {:?}", self.told);
            let Some(event) = self.work.try_next_event() else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            let found = answer(&event);
            self.told.push(event);
            if let Some(found) = found {
                return found;
            }
        }
    }

    fn catalogued(&mut self, id: u64) -> Arc<Vec<StudyEntry>> {
        self.until(|event| match event {
            Event::Case(CaseEvent::Catalogued { id: of, catalogue }) if *of == id => {
                Some(Arc::clone(catalogue))
            }
            _ => None,
        })
    }

    pub(crate) fn arrived(&mut self, id: u64) -> Result<Fetched, Problem> {
        self.until(|event| match event {
            Event::Case(CaseEvent::Arrived { id: of, outcome }) if *of == id => Some(outcome.clone()),
            _ => None,
        })
    }

    /// Waits until so many of the frames wanted are done; what came, in the order in which it was told.
    fn decoded(&mut self, count: usize) -> Vec<FrameKey> {
        let before = self.told.len();
        let mut done = 0;
        while done < count {
            done += self.until(|event| match event {
                Event::Pixels(PixelsEvent::Decoded(frames)) => Some(frames.len()),
                Event::Pixels(PixelsEvent::Undecodable { .. }) => Some(1),
                _ => None,
            });
        }
        let decoded = self.told[before..].iter().filter_map(|event| match event {
            Event::Pixels(PixelsEvent::Decoded(frames)) => Some(frames.clone()),
            _ => None,
        });
        decoded.flatten().collect()
    }

    fn undecodable(&self) -> Vec<(FrameKey, Problem)> {
        let failed = self.told.iter().filter_map(|event| match event {
            Event::Pixels(PixelsEvent::Undecodable { frame, problem }) => {
                Some((frame.clone(), problem.clone()))
            }
            _ => None,
        });
        failed.collect()
    }

    fn measured(&mut self, on: &FrameKey, shape: &Shape) -> Result<Vec<Measured>, Problem> {
        let id = self.next_id();
        let effect = DrawingsEffect::Measure { id, drawing: 7, on: on.clone(), shape: shape.clone() };
        self.work.run(Effect::Drawings(effect));
        self.until(|event| match event {
            Event::Drawings(DrawingsEvent::Measured { id: of, drawing: 7, outcome, .. }) if *of == id => {
                Some(outcome.clone())
            }
            _ => None,
        })
    }

    fn built(&mut self, volume: &VolumeKey, frames: &[FrameKey]) -> Result<(), Problem> {
        let id = self.next_id();
        let effect = PixelsEffect::Build { id, volume: volume.clone(), frames: frames.to_vec() };
        self.work.run(Effect::Pixels(effect));
        self.until(|event| match event {
            Event::Pixels(PixelsEvent::Built { id: of, volume: built, outcome }) if *of == id => {
                assert_eq!(built, volume);
                Some(outcome.clone())
            }
            _ => None,
        })
    }

    /// The catalogues told for a request, each by its number of images.
    fn growth(&self, id: u64) -> Vec<usize> {
        let catalogues = self.told.iter().filter_map(|event| match event {
            Event::Case(CaseEvent::Catalogued { id: of, catalogue }) if *of == id => Some(images(catalogue)),
            _ => None,
        });
        catalogues.map(|images| images.len()).collect()
    }
}

fn images(catalogue: &[StudyEntry]) -> Vec<StackImage> {
    let stacks = catalogue.iter().flat_map(|study| &study.series).flat_map(|series| &series.stacks);
    stacks.flat_map(|stack| stack.images.clone()).collect()
}

fn keys(catalogue: &[StudyEntry]) -> Vec<FrameKey> {
    let key = |image: &StackImage| FrameKey {
        sop_instance: image.instance.sop_instance.clone(),
        frame: image.frame,
    };
    images(catalogue).iter().map(key).collect()
}

/// The answers to WADO-RS come at this rate.
fn slow(scene: &Scene, bytes_per_second: u64) {
    let on = On::get_ending(&scene.series);
    scene.centre.faults.add(Fault::always(on, FaultKind::RateLimit { bytes_per_second }));
}

#[test]
fn a_study_is_read_while_it_comes_and_measured_as_its_report_will_be() {
    let scene = Scene::new();
    slow(&scene, 8 << 20);
    let mut desk = Desk::new(scene.station.home.path(), None);
    let id = desk.open(&scene.study);
    let first = desk.catalogued(id);
    let early = images(&first).len();
    assert!(matches!(desk.told[0], Event::Case(CaseEvent::Opened { kept: None, .. })), "{:?}", desk.told[0]);
    assert!((1..scene.images as usize).contains(&early), "{early} images before it was all here");
    // What is here can be read now.
    desk.want(&keys(&first)[..1]);
    assert_eq!(desk.decoded(1), keys(&first)[..1]);
    assert!(desk.growth(id).last().unwrap() < &(scene.images as usize), "the rest is still on its way");
    let fetched = desk.arrived(id).unwrap();
    assert!(fetched.is_complete(), "{fetched:?}");
    let growth = desk.growth(id);
    assert!(growth.is_sorted() && growth.last() == Some(&(scene.images as usize)), "{growth:?}");
    assert!(growth.len() as f64 <= fetched.seconds * 5.0 + 3.0, "told too often: {growth:?}");

    let catalogue = desk.told.iter().rev().find_map(|event| match event {
        Event::Case(CaseEvent::Catalogued { catalogue, .. }) => Some(Arc::clone(catalogue)),
        _ => None,
    });
    let catalogue = catalogue.unwrap();
    let keys = keys(&catalogue);
    measure(&scene, &mut desk, &keys[keys.len() / 2]);
    volume(&scene, &mut desk, &keys);
    // Each frame once, and no file beside it.
    assert_eq!(desk.stores.frames.bytes(), keys.len() * 512 * 512 * 2);
}

/// What is measured on the screen is what stands in the report.
fn measure(scene: &Scene, desk: &mut Desk, on: &FrameKey) {
    let corner = |x, y| DVec2::new(x, y);
    let square = [corner(200.5, 210.0), corner(260.0, 210.0), corner(260.0, 250.0), corner(200.5, 250.0)];
    let measured = desk.measured(on, &Shape::Rectangle(square)).unwrap();
    let document = format!(
        "study = \"{}\"\nlanguage = \"en-US\"\nstate = \"preliminary\"\n[reader]\nname = \"Sato^Hanako\"\n\
         id = \"1\"\norganisation = \"Island\"\n[sections]\nfindings = \"None.\"\nimpression = \"None.\"\n\
         [[measurements]]\nkind = \"rectangle\"\nimage = \"{}\"\nframe = 1\nlabel = \"A\"\n\
         points = [200.5, 210.0, 260.0, 210.0, 260.0, 250.0, 200.5, 250.0]\n",
        scene.study, on.sop_instance
    );
    let (id, document) = (desk.next_id(), Box::new(report::parse(&document).unwrap()));
    let sign = OutboxEffect::Sign { id, centre: "island".to_owned(), document, images: None };
    desk.work.run(Effect::Outbox(sign));
    let signed = desk.until(|event| match event {
        Event::Outbox(OutboxEvent::Signed { outcome, .. }) => Some(outcome.clone()),
        _ => None,
    });
    let reported = &signed.unwrap().measurements[0].values;
    assert_eq!(reported.len(), measured.len());
    assert!(reported.len() >= 6, "area, mean, deviation, extremes, count");
    for (reported, measured) in reported.iter().zip(&measured) {
        assert_eq!((reported.quantity, &reported.unit), (measured.quantity, &measured.unit));
        assert!((reported.value - measured.value).abs() <= 0.005_001, "{reported:?} {measured:?}");
    }
    let outside = Shape::Point(DVec2::new(-1.0, 5.0));
    assert_eq!(desk.measured(on, &outside).unwrap_err().id, "work-measure-outside");
    let elsewhere = FrameKey { sop_instance: Uid::parse("1.2.3").unwrap(), frame: 0 };
    assert_eq!(desk.measured(&elsewhere, &outside).unwrap_err().id, "work-not-yet-here");
}

fn volume(scene: &Scene, desk: &mut Desk, keys: &[FrameKey]) {
    let series = Uid::parse(&scene.series).unwrap();
    let volume = VolumeKey { series, first: keys[0].clone(), images: keys.len() as u32 };
    let holed = [&keys[..3], &[FrameKey { frame: 9, ..keys[0].clone() }]].concat();
    assert!(desk.built(&volume, &holed).is_err(), "a frame that no image has");
    assert!(desk.stores.volumes.get(&volume).is_none());
    desk.built(&volume, keys).unwrap();
    let built = desk.stores.volumes.get(&volume).unwrap();
    assert_eq!(built.size(), [512, 512, keys.len() as u32]);
}

#[test]
fn what_is_closed_stops_and_what_came_is_there_without_the_line() {
    let scene = Scene::new();
    slow(&scene, 4 << 20);
    let home = scene.station.home.path();
    let mut desk = Desk::new(home, None);
    let first = desk.open(&scene.study);
    let catalogue = desk.catalogued(first);
    desk.want(&keys(&catalogue));
    desk.decoded(1);
    assert!(!desk.stores.frames.is_empty());
    let close = desk.next_id();
    desk.work.run(Effect::Case(CaseEffect::Close { id: close }));
    desk.until(|event| matches!(event, Event::Case(CaseEvent::Closed { .. })).then_some(()));
    assert!(desk.stores.frames.is_empty(), "the pixels go with the case");
    assert_eq!(desk.arrived(first).unwrap_err().id, "work-stopped");
    assert!(desk.stores.frames.is_empty(), "and do not come back");
    // Opened again: what came before the end is not asked for again.
    scene.centre.faults.clear();
    let second = desk.open(&scene.study);
    let fetched = desk.arrived(second).unwrap();
    assert!(fetched.is_complete() && fetched.resumed > 0, "{fetched:?}");
    drop(desk);

    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let profile = Profile::load(&Home::in_folder(home)).unwrap();
    let mut centre = profile.centres[0].clone();
    centre.url = format!("https://{nowhere}/dicom-web").parse().unwrap();
    let mut desk = Desk::new(home, Some(centre));
    let third = desk.open(&scene.study);
    assert_eq!(desk.arrived(third).unwrap_err().id, "centre-unreachable-refused");
    assert_eq!(desk.growth(third).last(), Some(&(scene.images as usize)), "all that is here is shown");
    let keys = keys(&desk_catalogue(&desk));
    most_urgent_first(&mut desk, &keys);
    damaged(home, &mut desk, &scene, &keys);
}

fn desk_catalogue(desk: &Desk) -> Arc<Vec<StudyEntry>> {
    let found = desk.told.iter().rev().find_map(|event| match event {
        Event::Case(CaseEvent::Catalogued { catalogue, .. }) => Some(Arc::clone(catalogue)),
        _ => None,
    });
    found.unwrap()
}

/// A new list counts at once: what was begun ends, the rest follows the new order.
fn most_urgent_first(desk: &mut Desk, keys: &[FrameKey]) {
    let threads = std::thread::available_parallelism().unwrap().get().saturating_sub(1).max(1);
    let visible: Vec<FrameKey> = keys[10..].iter().chain(&keys[..10]).cloned().collect();
    desk.want(&visible[..12]);
    let decoded = desk.decoded(12);
    for (place, key) in visible[..12].iter().enumerate() {
        let came = decoded.iter().position(|other| other == key).unwrap();
        assert!(came.abs_diff(place) <= threads, "frame {place} came as number {came}");
    }
    let rest = &visible[12..];
    let turned: Vec<FrameKey> = rest.iter().rev().cloned().collect();
    desk.want(rest);
    desk.want(&turned);
    let decoded = desk.decoded(rest.len());
    assert_eq!(decoded.len(), rest.len(), "each once");
    let last = decoded.iter().position(|key| key == &turned[0]).unwrap();
    assert!(last < rest.len() / 2, "wanted first by the new list, and came as number {last}");
}

/// One instance of the vault is damaged: it is told, and the others go on.
fn damaged(home: &Path, desk: &mut Desk, scene: &Scene, keys: &[FrameKey]) {
    let mut objects = Vec::new();
    let mut folders = vec![home.join("vault")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let size = path.metadata().unwrap().len();
            if path.is_dir() {
                folders.push(path);
            } else if size > 500_000 && size < 600_000 {
                objects.push(path);
            }
        }
    }
    assert_eq!(objects.len() as u64, scene.images);
    let mut bytes = std::fs::read(&objects[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&objects[0], bytes).unwrap();
    let open = desk.open(&scene.study);
    assert!(desk.arrived(open).is_err());
    assert_eq!(desk.growth(open).last(), Some(&(scene.images as usize - 1)));
    let refused = desk.told.iter().any(|event| match event {
        Event::Case(CaseEvent::Refused { problems, .. }) => problems.len() == 1,
        _ => false,
    });
    assert!(refused, "what cannot be opened is told");
    // What is damaged while it is open is told when it is wanted.
    let mut bytes = std::fs::read(&objects[1]).unwrap();
    bytes[middle] ^= 1;
    std::fs::write(&objects[1], bytes).unwrap();
    desk.want(keys);
    let decoded = desk.decoded(keys.len() - 1);
    assert_eq!((decoded.len(), desk.undecodable().len()), (keys.len() - 2, 1));
}

#[test]
fn of_files_the_sound_ones_are_read_and_the_others_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let study = head();
    for i in 0..4 {
        std::fs::write(path(&format!("{i}.dcm")), study.file(i)).unwrap();
    }
    std::fs::write(path("cut.dcm"), &study.file(4)[..9000]).unwrap();
    std::fs::write(path("undecodable.dcm"), undecodable(study.file(5))).unwrap();
    std::fs::write(path("letter.txt"), "no image").unwrap();
    let mut desk = Desk::new(home.path(), None);
    let id = desk.open_files(vec![folder.path().to_owned(), path("missing.dcm")]);
    let fetched = desk.arrived(id).unwrap();
    assert_eq!((fetched.received, fetched.expected, fetched.is_complete()), (5, 7, false));
    let mut refused: Vec<String> = desk.told.iter().flat_map(refused_paths).collect();
    refused.sort();
    assert_eq!(refused, ["cut.dcm", "missing.dcm"]);

    let keys = keys(&desk_catalogue(&desk));
    assert_eq!(keys.len(), 5);
    let bad = study.identity(5).sop_instance;
    let changed = study.identity(2).sop_instance;
    std::fs::write(path("2.dcm"), study.file(6)).unwrap();
    desk.want(&keys);
    let decoded = desk.decoded(5);
    assert_eq!(decoded.len(), 3, "three are what they were");
    let failed = desk.undecodable();
    let why = |sop: &Uid| &failed.iter().find(|(key, _)| key.sop_instance == *sop).unwrap().1.id;
    assert_eq!(why(&changed), "work-file-changed");
    assert!(why(&bad).starts_with("dicom-"), "{failed:?}");

    let none = desk.open_files(vec![path("letter.txt")]);
    assert_eq!(desk.arrived(none).unwrap_err().id, "work-no-image");
    assert!(desk.stores.frames.is_empty(), "the pixels went with the case before");
}

fn head() -> PhantomStudy {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    phantom::studies(day).into_iter().find(|study| study.priority() == Priority::Stat).unwrap()
}

/// The same image as an RLE code stream that holds nothing.
pub(crate) fn undecodable(mut file: Vec<u8>) -> Vec<u8> {
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what).unwrap();
    let explicit = b"1.2.840.10008.1.2.1\0";
    let syntax = find(&file, explicit);
    file[syntax..syntax + explicit.len()].copy_from_slice(b"1.2.840.10008.1.2.5\0");
    let pixels = find(&file, b"\xe0\x7f\x10\0OW\0\0");
    file.truncate(pixels);
    file.extend(b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff");
    file.extend(b"\xfe\xff\0\xe0\0\0\0\0");
    file.extend(b"\xfe\xff\0\xe0\x40\0\0\0");
    file.extend([0; 64]);
    file.extend(b"\xfe\xff\xdd\xe0\0\0\0\0");
    file
}

fn refused_paths(event: &Event) -> Vec<String> {
    let Event::Case(CaseEvent::Refused { problems, .. }) = event else { return Vec::new() };
    let path = |problem: &Problem| {
        let (_, path) = problem.args.iter().find(|(name, _)| name == "path").unwrap();
        Path::new(path).file_name().unwrap().to_string_lossy().into_owned()
    };
    problems.iter().map(path).collect()
}
