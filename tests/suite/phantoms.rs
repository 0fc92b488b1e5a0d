//! The demo centre's made-up studies and their known answers: measured in the data sets, with the geometry
//! that the data sets state, never with the code that made them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use chrono::NaiveDate;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dokuei::demo::phantom::{PhantomStudy, answers, studies};
use dokuei::demo::{Priority, Study as _};
use glam::DVec3;
use sha2::{Digest, Sha256};

use crate::support::judge;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// Studies of a modality, in the order of the list.
fn of_modality(modality: &str) -> Vec<PhantomStudy> {
    studies(today()).into_iter().filter(|s| s.modality == modality).collect()
}

fn head_ct() -> PhantomStudy {
    of_modality("CT").remove(0)
}

fn chest_ct() -> PhantomStudy {
    of_modality("CT").remove(1)
}

fn prior_ct() -> PhantomStudy {
    of_modality("CT").remove(2)
}

fn numbers(object: &InMemDicomObject, tag: dicom_core::Tag) -> Vec<f64> {
    object.element(tag).unwrap().to_multi_float64().unwrap()
}

fn text(object: &InMemDicomObject, tag: dicom_core::Tag) -> String {
    object.element(tag).unwrap().to_str().unwrap().into_owned()
}

/// A slice read back from its data set: modality values and where they lie.
struct Slice {
    origin: DVec3,
    row_direction: DVec3,
    column_direction: DVec3,
    spacing: [f64; 2],
    columns: usize,
    values: Vec<f64>,
}

impl Slice {
    fn read(object: &InMemDicomObject) -> Self {
        let orientation = numbers(object, tags::IMAGE_ORIENTATION_PATIENT);
        let spacing = numbers(object, tags::PIXEL_SPACING);
        let rescale = |tag, or: f64| object.element(tag).map_or(or, |e| e.to_float64().unwrap());
        let (slope, intercept) = (rescale(tags::RESCALE_SLOPE, 1.0), rescale(tags::RESCALE_INTERCEPT, 0.0));
        let signed = numbers(object, tags::PIXEL_REPRESENTATION) == [1.0];
        let value = |v: u16| if signed { f64::from(v as i16) } else { f64::from(v) };
        Self {
            origin: DVec3::from_slice(&numbers(object, tags::IMAGE_POSITION_PATIENT)),
            row_direction: DVec3::from_slice(&orientation[..3]),
            column_direction: DVec3::from_slice(&orientation[3..]),
            spacing: [spacing[0], spacing[1]],
            columns: numbers(object, tags::COLUMNS)[0] as usize,
            values: words(object).iter().map(|v| value(*v) * slope + intercept).collect(),
        }
    }

    fn normal(&self) -> DVec3 {
        self.row_direction.cross(self.column_direction)
    }

    /// Every pixel's place and value.
    fn pixels(&self) -> impl Iterator<Item = (DVec3, f64)> + '_ {
        self.values.iter().enumerate().map(|(i, v)| {
            let (row, column) = ((i / self.columns) as f64, (i % self.columns) as f64);
            let across = self.row_direction * column * self.spacing[1];
            (self.origin + across + self.column_direction * row * self.spacing[0], *v)
        })
    }
}

fn words(object: &InMemDicomObject) -> &[u16] {
    match object.element(tags::PIXEL_DATA).unwrap().value().primitive() {
        Some(PrimitiveValue::U16(words)) => words,
        other => panic!("pixel data of 16 bits expected, not {other:?}"),
    }
}

/// The slices of a study (of series `series`, from 0) whose plane passes within `reach_mm` of a place.
fn slices_near(study: &PhantomStudy, series: usize, place: DVec3, reach_mm: f64) -> Vec<Slice> {
    let mut uids: Vec<_> = (0..study.len()).map(|i| study.identity(i).series).collect();
    uids.dedup();
    let near = |i: &usize| {
        let header = study.header(*i);
        let position = DVec3::from_slice(&numbers(&header, tags::IMAGE_POSITION_PATIENT));
        let o = numbers(&header, tags::IMAGE_ORIENTATION_PATIENT);
        let normal = DVec3::from_slice(&o[..3]).cross(DVec3::from_slice(&o[3..]));
        (place - position).dot(normal).abs() <= reach_mm
    };
    let of_series = (0..study.len()).filter(|i| study.identity(*i).series == uids[series]);
    of_series.filter(near).map(|i| Slice::read(&study.dataset(i))).collect()
}

fn mean_and_sigma(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    assert!(n > 50.0, "too few pixels: {n}");
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// The series of which an instance is the first, as (study, instance).
fn first_of_each_series() -> Vec<(PhantomStudy, usize)> {
    let mut seen = BTreeSet::new();
    let all = studies(today())
        .into_iter()
        .flat_map(|s| (0..s.len()).map(move |i| (s.clone(), i)).collect::<Vec<_>>());
    all.filter(|(study, i)| seen.insert(study.identity(*i).series)).collect()
}

#[test]
fn the_list_has_what_the_worklist_needs_and_keeps_its_uids() {
    let list = studies(today());
    let again = studies(NaiveDate::from_ymd_opt(2031, 12, 31).unwrap());
    let mut uids = BTreeSet::new();
    for (study, later) in list.iter().zip(&again) {
        assert_eq!(study.study, later.study);
        assert!(uids.insert(study.study.clone()));
        for i in 0..study.len() {
            assert_eq!(study.identity(i), later.identity(i));
            assert!(uids.insert(study.identity(i).sop_instance));
        }
        let name = study.patient.name.reveal();
        assert!(!name.alphabetic.is_empty() && !name.ideographic.is_empty() && !name.phonetic.is_empty());
        assert!(name.phonetic.chars().filter(|c| *c != '^').all(|c| ('ぁ'..='ん').contains(&c)), "kana");
        assert!(study.date <= today() && study.patient.age.len() == 4);
    }
    let ids: BTreeSet<_> = list.iter().map(|s| s.patient.id.reveal().clone()).collect();
    assert!(ids.len() >= 5, "patients");
    assert_eq!(list.iter().filter(|s| s.priority == Priority::Stat).count(), 1);
    let modalities: BTreeSet<_> = list.iter().map(|s| s.modality).collect();
    assert_eq!(modalities, BTreeSet::from(["CT", "DX", "MR", "US"]));
}

#[test]
fn two_people_share_a_name_and_nothing_else() {
    let films = of_modality("DX");
    assert_eq!(films[0].patient.name, films[1].patient.name);
    assert_ne!(films[0].patient.id, films[1].patient.id);
    assert_ne!(films[0].patient.birth_date, films[1].patient.birth_date);
}

#[test]
fn the_prior_is_the_same_patient_a_year_before_in_another_frame_of_reference() {
    let (current, prior) = (chest_ct(), prior_ct());
    assert_eq!(current.patient.id, prior.patient.id);
    assert!((350..400).contains(&(current.date - prior.date).num_days()));
    assert!(current.len() >= 300 && prior.len() >= 300);
    let frame = |s: &PhantomStudy| text(&s.header(0), tags::FRAME_OF_REFERENCE_UID);
    assert_ne!(frame(&current), frame(&prior));
}

#[test]
fn headers_are_the_data_sets_without_pixels() {
    let study = chest_ct();
    let (header, mut whole) = (study.header(70), study.dataset(70));
    assert!(header.element(tags::PIXEL_DATA).is_err());
    assert!(whole.remove_element(tags::PIXEL_DATA));
    assert_eq!(header, whole);
}

fn nodule(study: &PhantomStudy, centre: DVec3, diameter_mm: f64) {
    let slices = slices_near(study, 0, centre, 9.0);
    let near: Vec<(DVec3, f64)> =
        slices.iter().flat_map(Slice::pixels).filter(|(p, _)| p.distance(centre) < 9.0).collect();
    let core: Vec<f64> =
        near.iter().filter(|(p, _)| p.distance(centre) < diameter_mm / 2.0 - 1.0).map(|(_, v)| *v).collect();
    let (mean, _) = mean_and_sigma(&core);
    assert!((mean - answers::NODULE_HU).abs() < 3.0, "mean {mean} HU");

    let half = (answers::NODULE_HU + answers::LUNG_HU) / 2.0;
    let inside: Vec<DVec3> = near.iter().filter(|(_, v)| *v > half).map(|(p, _)| *p).collect();
    let volume = inside.len() as f64 * answers::CT_PIXEL_MM * answers::CT_PIXEL_MM * answers::CT_SLICE_MM;
    let measured_mm = (6.0 * volume / std::f64::consts::PI).cbrt();
    assert!((measured_mm - diameter_mm).abs() < 0.2, "{measured_mm} mm, not {diameter_mm}");
    let centroid = inside.iter().sum::<DVec3>() / inside.len() as f64;
    assert!(centroid.distance(centre) < 0.2, "centre {centroid}, not {centre}");
}

#[test]
fn the_nodule_measures_nine_millimetres_and_six_a_year_before() {
    let centre = DVec3::from(answers::NODULE_CENTRE_MM);
    nodule(&chest_ct(), centre, answers::NODULE_MM);
    nodule(&prior_ct(), centre + DVec3::from(answers::PRIOR_FROM_CURRENT_MM), answers::NODULE_PRIOR_MM);
}

#[test]
fn noise_in_air_and_liver_has_the_sigma_that_is_stated() {
    let place = DVec3::from(answers::LIVER_PLACE_MM);
    let slices = slices_near(&chest_ct(), 0, place, 3.0);
    let air: Vec<f64> =
        slices.iter().flat_map(Slice::pixels).filter(|(p, _)| p.y < -150.0).map(|(_, v)| v).collect();
    let (mean, sigma) = mean_and_sigma(&air);
    assert!((mean + 1000.0).abs() < 0.5, "air {mean} HU");
    assert!((sigma / answers::CT_NOISE_HU - 1.0).abs() < 0.02, "air sigma {sigma}");
    let near = slices.iter().flat_map(Slice::pixels).filter(|(p, _)| p.distance(place) < 6.0);
    let liver: Vec<f64> = near.map(|(_, v)| v).collect();
    let (mean, sigma) = mean_and_sigma(&liver);
    assert!((mean - answers::LIVER_HU).abs() < 4.0, "liver {mean} HU");
    assert!((0.93..1.2).contains(&(sigma / answers::CT_NOISE_HU)), "liver sigma {sigma}");
}

#[test]
fn the_bleed_has_its_density_and_its_volume() {
    let [x, y, z] = answers::BLEED_OUTER_MM;
    let study = head_ct();
    let slices = slices_near(&study, 0, DVec3::new(x, y, z), answers::BLEED_RIM_MM + 2.0);
    assert_eq!(study.priority, Priority::Stat);
    assert!(study.len() >= 30);
    let middle = DVec3::new(x - 9.0, y, z);
    let core: Vec<f64> = slices
        .iter()
        .flat_map(Slice::pixels)
        .filter(|(p, _)| p.distance(middle) < 5.0)
        .map(|(_, v)| v)
        .collect();
    let (mean, sigma) = mean_and_sigma(&core);
    assert!((mean - answers::BLEED_HU).abs() < 1.0, "{mean} HU");
    assert!((sigma / answers::HEAD_CT_NOISE_HU - 1.0).abs() < 0.2, "sigma {sigma}");

    // Between brain (at most 38 HU) and the bleed (66 HU); bone near its outer face is denser.
    let reach = answers::BLEED_RIM_MM + 2.0;
    let dense = slices.iter().flat_map(Slice::pixels).filter(|(p, v)| {
        let lens = p.x > x - 22.0 && p.x < x && (p.y - y).abs() < reach && (p.z - z).abs() < reach;
        lens && (52.0..100.0).contains(v)
    });
    let slice_mm = numbers(&study.header(0), tags::SLICE_THICKNESS)[0];
    let spacing = slices[0].spacing;
    let millilitres = dense.count() as f64 * spacing[0] * spacing[1] * slice_mm / 1000.0;
    assert!((millilitres / answers::BLEED_ML - 1.0).abs() < 0.06, "{millilitres} ml");
}

#[test]
fn one_place_is_fluid_in_all_three_mr_series_and_one_of_them_is_tilted() {
    let study = of_modality("MR").remove(0);
    let normals: Vec<DVec3> = (0..3)
        .map(|series| {
            let mean_at = |place: [f64; 3]| {
                let place = DVec3::from(place);
                let slices = slices_near(&study, series, place, 3.0);
                let nearest = slices
                    .iter()
                    .min_by(|a, b| {
                        let off = |s: &Slice| (place - s.origin).dot(s.normal()).abs();
                        off(a).total_cmp(&off(b))
                    })
                    .unwrap();
                let within = nearest.pixels().filter(|(p, _)| {
                    let off = *p - place;
                    (off - nearest.normal() * off.dot(nearest.normal())).length() < 1.2
                });
                let values: Vec<f64> = within.map(|(_, v)| v).collect();
                (values.iter().sum::<f64>() / values.len() as f64, nearest.normal())
            };
            let (fluid, normal) = mean_at(answers::VENTRICLE_MM);
            let (white, _) = mean_at(answers::WHITE_MATTER_MM);
            let bright = series == 1;
            assert!(
                if bright { fluid > 2.0 * white } else { white > 2.0 * fluid },
                "{series}: {fluid} {white}"
            );
            normal
        })
        .collect();
    assert!(normals[0].dot(DVec3::X).abs() > 0.999 && normals[1].dot(DVec3::Z).abs() > 0.999);
    let tilt = normals[2].dot(DVec3::Z).acos().to_degrees();
    assert!((tilt - answers::FLAIR_TILT_DEG).abs() < 1e-3, "{tilt}");
}

/// The first chest radiograph, computed once for the tests that need it.
fn film() -> &'static InMemDicomObject {
    static FILM: OnceLock<InMemDicomObject> = OnceLock::new();
    FILM.get_or_init(|| of_modality("DX").remove(0).dataset(0))
}

#[test]
fn the_radiograph_is_monochrome1_and_its_window_fits() {
    let film = film();
    assert_eq!(text(film, tags::PHOTOMETRIC_INTERPRETATION), "MONOCHROME1");
    assert_eq!(numbers(film, tags::IMAGER_PIXEL_SPACING), [answers::FILM_PIXEL_MM; 2]);
    assert!(film.element(tags::PIXEL_SPACING).is_err());
    let (rows, columns) = (numbers(film, tags::ROWS)[0] as usize, numbers(film, tags::COLUMNS)[0] as usize);
    assert!(rows >= 2000 && columns >= 2000);
    let stored = words(film);
    assert_eq!(stored.len(), rows * columns);
    assert!(stored.iter().all(|v| *v < 4096), "12 bits");
    // Places of the film, as parts of its width and height: right lung, spine below the heart, air.
    let mean = |x: f64, y: f64| {
        let (column, row) = ((x * columns as f64) as usize, (y * rows as f64) as usize);
        let patch =
            (row - 20..row + 20).flat_map(|r| &stored[r * columns + column - 20..r * columns + column + 20]);
        patch.map(|v| f64::from(*v)).sum::<f64>() / 1600.0
    };
    let (lung, spine, air) = (mean(0.2, 0.45), mean(0.5, 0.72), mean(0.05, 0.04));
    assert!(spine + 600.0 < lung && lung + 600.0 < air, "{spine} {lung} {air}");
    let (centre, width) = (numbers(film, tags::WINDOW_CENTER)[0], numbers(film, tags::WINDOW_WIDTH)[0]);
    for v in [lung, spine] {
        assert!((v - centre).abs() < width * 0.45, "{v} in {centre}/{width}");
    }
}

#[test]
fn the_cyst_in_the_ultrasound_clip_has_its_diameter_by_the_regions_scale() {
    let clip = of_modality("US").remove(0).dataset(0);
    let regions = clip.element(tags::SEQUENCE_OF_ULTRASOUND_REGIONS).unwrap().items().unwrap();
    let region = &regions[0];
    assert_eq!(numbers(region, tags::PHYSICAL_UNITS_X_DIRECTION), [3.0], "cm");
    let scale = numbers(region, tags::PHYSICAL_DELTA_X)[0];
    let (rows, columns) = (numbers(&clip, tags::ROWS)[0] as usize, numbers(&clip, tags::COLUMNS)[0] as usize);
    let frames = numbers(&clip, tags::NUMBER_OF_FRAMES)[0] as usize;
    let Some(PrimitiveValue::U8(bytes)) = clip.element(tags::PIXEL_DATA).unwrap().value().primitive() else {
        panic!("bytes expected")
    };
    assert_eq!(bytes.len(), frames * rows * columns * 3);
    // The dark disc: pixels far below the liver's grey, in reach of its centre.
    let frame = &bytes[..rows * columns * 3];
    let grey = |row: usize, column: usize| frame[(row * columns + column) * 3];
    let dark: Vec<(usize, usize)> = (170..260)
        .flat_map(|row| (340..445).map(move |column| (row, column)))
        .filter(|(row, column)| {
            let sum: u32 = (row - 1..=row + 1)
                .flat_map(|r| (column - 1..=column + 1).map(move |c| (r, c)))
                .map(|(r, c)| u32::from(grey(r, c)))
                .sum();
            sum < 9 * 40
        })
        .collect();
    let diameter_cm = 2.0 * (dark.len() as f64 / std::f64::consts::PI).sqrt() * scale;
    assert!((diameter_cm - answers::ECHO_CYST_CM).abs() < 0.1, "{diameter_cm} cm");
    let coloured = bytes.as_chunks::<3>().0.iter().filter(|p| p[0].abs_diff(p[2]) > 60).count();
    assert!(coloured > frames * 1000, "flow is shown in colour");
}

#[test]
fn pixels_are_the_same_on_every_run_and_machine() {
    let sha = |object: &InMemDicomObject| {
        let bytes: Vec<u8> = words(object).iter().flat_map(|v| v.to_le_bytes()).collect();
        Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    let (chest, mr, head) = (chest_ct(), of_modality("MR").remove(0), head_ct());
    assert_eq!(words(&chest.dataset(101)), words(&chest.dataset(101)));
    for (name, object, expected) in [
        ("chest CT", chest.dataset(101), "40ecc73d66acee9c28fb36df0c2c38181b324f725a86f9f15857171fb24885ad"),
        (
            "FLAIR",
            mr.dataset(mr.len() - 12),
            "efc2e609dc4eb3e09a6b52a4d4d820e991d79f9bb60e551926de3482909574dd",
        ),
        ("head CT", head.dataset(20), "070611e4fdd4a16285dd5cc8919c0dcd746db497b1f0600b432e56d082455a32"),
    ] {
        assert_eq!(sha(&object), expected, "{name}");
    }
}

/// Writes every instance to a folder, for looking at them.
fn write_all(folder: &Path) {
    for study in studies(today()) {
        let folder = folder.join(&study.accession);
        std::fs::create_dir_all(&folder).unwrap();
        for i in 0..study.len() {
            std::fs::write(folder.join(format!("{i:04}.dcm")), study.file(i)).unwrap();
        }
    }
}

/// With `DOKUEI_PHANTOM_OUT=FOLDER` all studies are also left there.
#[test]
fn every_kind_of_object_is_valid_to_dciodvfy() {
    if let Some(folder) = std::env::var_os("DOKUEI_PHANTOM_OUT") {
        write_all(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut films = 0;
    for (study, i) in first_of_each_series() {
        if study.modality == "DX" {
            films += 1;
            if films > 1 {
                continue; // made by the same code as the first, and seconds of work
            }
        }
        let file = folder.path().join("instance.dcm");
        std::fs::write(&file, study.file(i)).unwrap();
        let Some(output) = judge::dciodvfy(&file) else { return };
        let said = judge::text(&output);
        let errors: Vec<_> = said.lines().filter(|line| line.starts_with("Error")).collect();
        assert!(errors.is_empty(), "{} {}: {errors:#?}", study.modality, study.description);
    }
}
