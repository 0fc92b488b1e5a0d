//! What lies over an image: overlays against dcmtk's, shutters, padding, supplemental colours.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dokuei::dicom::display::{RealWorldMap, RealWorldValues, Shutter};
use dokuei::dicom::instance::{ImageModule, LookupTable, Palette, PixelPadding};
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{Samples, Warning, write};
use dokuei::imaging::measure::{Shape, Unit, real_world};
use dokuei::imaging::{Frame, FrameScene, FrameView, Interpolation, Over, PictureSize, Scene, draw, marks};
use dokuei::work::loaded::Loaded;
use glam::DVec2;

use super::made;
use crate::data;
use crate::support::judge;

const COLUMNS: u16 = 37;
const ROWS: u16 = 29;

/// An image of 12 bits in 16 with noise in the four bits above, and what else is given.
fn object(frames: u32, elements: Vec<(Tag, VR, PrimitiveValue)>) -> (Vec<u8>, Vec<u16>) {
    let noise = made::noise(1 << 16);
    let count = u32::from(COLUMNS) * u32::from(ROWS) * frames;
    let cells: Vec<u16> = (0..count as i32).map(|i| noise(i, 5, 9) as u16).collect();
    let mut object = InMemDicomObject::new_empty();
    let text = |tag, vr, text: &str| DataElement::new(tag, vr, PrimitiveValue::from(text));
    let us = |element, value: u16| {
        DataElement::new(Tag(0x0028, element), VR::US, PrimitiveValue::U16([value].as_slice().into()))
    };
    for (tag, uid) in [
        (Tag(0x0008, 0x0016), "1.2.840.10008.5.1.4.1.1.20"),
        (Tag(0x0008, 0x0018), "1.2.3.4"),
        (Tag(0x0020, 0x000d), "1.2.3"),
        (Tag(0x0020, 0x000e), "1.2.3.1"),
    ] {
        object.put(text(tag, VR::UI, uid));
    }
    object.put(text(Tag(0x0028, 0x0004), VR::CS, "MONOCHROME2"));
    object.put(text(Tag(0x0028, 0x0008), VR::IS, &frames.to_string()));
    for (element, value) in
        [(0x02, 1), (0x10, ROWS), (0x11, COLUMNS), (0x100, 16), (0x101, 12), (0x102, 11), (0x103, 0)]
    {
        object.put(us(element, value));
    }
    for (tag, vr, value) in elements {
        object.put(DataElement::new(tag, vr, value));
    }
    let pixels = PrimitiveValue::U16(cells.as_slice().into());
    object.put(DataElement::new(Tag(0x7fe0, 0x0010), VR::OW, pixels));
    (write::part10(&object, "1.2.840.10008.1.2.1").unwrap(), cells)
}

/// One overlay group: rows, columns, origin, type, and bits by noise or in a bit of the pixels.
fn overlay(
    group: u16,
    size: [u16; 2],
    origin: [i16; 2],
    kind: &str,
    frames: u32,
) -> Vec<(Tag, VR, PrimitiveValue)> {
    let us = |value: u16| PrimitiveValue::U16([value].as_slice().into());
    let noise = made::noise(256);
    let bytes = (u32::from(size[0]) * u32::from(size[1]) * frames).div_ceil(8).next_multiple_of(2);
    let bits: Vec<u8> = (0..bytes as i32).map(|i| noise(i, 1, 2) as u8 & noise(i, 3, 4) as u8).collect();
    let tag = |element| Tag(group, element);
    vec![
        (tag(0x0010), VR::US, us(size[0])),
        (tag(0x0011), VR::US, us(size[1])),
        (tag(0x0015), VR::IS, PrimitiveValue::from(frames.to_string().as_str())),
        (tag(0x0022), VR::LO, PrimitiveValue::from("marks of the maker")),
        (tag(0x0040), VR::CS, PrimitiveValue::from(kind)),
        (tag(0x0050), VR::SS, PrimitiveValue::I16(origin.as_slice().into())),
        (tag(0x0051), VR::US, us(1)),
        (tag(0x0100), VR::US, us(1)),
        (tag(0x0102), VR::US, us(0)),
        (tag(0x3000), VR::OW, PrimitiveValue::U8(bits.as_slice().into())),
    ]
}

/// An overlay group in bit `bit` of the pixel cells of so many frames.
fn embedded(group: u16, bit: u16, frames: u32) -> Vec<(Tag, VR, PrimitiveValue)> {
    let us = |value: u16| PrimitiveValue::U16([value].as_slice().into());
    let origin = PrimitiveValue::I16([1, 1].as_slice().into());
    vec![
        (Tag(group, 0x0010), VR::US, us(ROWS)),
        (Tag(group, 0x0011), VR::US, us(COLUMNS)),
        // dcmtk draws those of the first frame on all of them where this is not said.
        (Tag(group, 0x0015), VR::IS, PrimitiveValue::from(frames.to_string().as_str())),
        (Tag(group, 0x0040), VR::CS, PrimitiveValue::from("G")),
        (Tag(group, 0x0050), VR::SS, origin),
        (Tag(group, 0x0100), VR::US, us(16)),
        (Tag(group, 0x0102), VR::US, us(bit)),
    ]
}

fn frame(bytes: &[u8], number: u32) -> (Arc<Frame>, Vec<Warning>) {
    let object = Loaded::read(Bytes::copy_from_slice(bytes)).unwrap();
    let image = object.instance.image.as_ref().unwrap();
    (Arc::new(Frame::new(object.decode(number).unwrap(), image, number).unwrap()), object.warnings)
}

fn graphics(frame: &Frame) -> BTreeSet<usize> {
    let marks = frame.marks().unwrap_or_default();
    (0..marks.len()).filter(|i| marks[*i] & marks::GRAPHICS != 0).collect()
}

/// The pixels over which dcmtk draws overlays: those that a black and a white foreground tell apart.
fn dcmtk(file: &Path, frame: u32) -> Option<BTreeSet<usize>> {
    let number = (frame + 1).to_string();
    let picture = |density: &str| -> Option<Vec<u8>> {
        let out = tempfile::tempdir().unwrap();
        let picture = out.path().join("picture.pgm");
        let options = ["+F", &number, "+Wm", "+Omr", "+Osf", density, "+op"];
        let output = judge::find("dcm2pnm")?.args(options).arg(file).arg(&picture).output().unwrap();
        assert!(output.status.success(), "{}", judge::text(&output));
        let bytes = std::fs::read(picture).unwrap();
        let spaces = bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_whitespace());
        Some(bytes[spaces.map(|(at, _)| at).nth(3).unwrap() + 1..].to_vec())
    };
    let (black, white) = (picture("0")?, picture("1")?);
    Some((0..black.len()).filter(|i| black[*i] != white[*i]).collect())
}

#[test]
fn overlays_of_real_files_lie_where_dcmtk_draws_them() {
    for name in ["modality/examples_overlay.dcm", "modality/ovly_p01.dcm"] {
        let Some(path) = data::path(name) else { continue };
        let Some(judged) = dcmtk(&path, 0) else { return };
        let (frame, _) = frame(&std::fs::read(path).unwrap(), 0);
        let ours = graphics(&frame);
        assert!(!ours.is_empty() && ours == judged, "{name}: {} for {}", ours.len(), judged.len());
    }
}

#[test]
fn overlays_of_every_kind_lie_where_dcmtk_draws_them() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("same size", 1, overlay(0x6000, [ROWS, COLUMNS], [1, 1], "G", 1)),
        ("moved in and out", 1, overlay(0x6000, [21, 40], [14, -6], "G", 1)),
        (
            "two groups",
            1,
            [overlay(0x6000, [5, 7], [2, 3], "G", 1), overlay(0x601e, [9, 9], [20, 20], "G", 1)].concat(),
        ),
        ("frame by frame", 3, overlay(0x6000, [ROWS, COLUMNS], [1, 1], "G", 3)),
        ("in the pixels", 3, [embedded(0x6000, 15, 3), embedded(0x6002, 12, 3)].concat()),
    ];
    for (name, frames, elements) in cases {
        let path = folder.path().join("image.dcm");
        let (bytes, cells) = object(frames, elements);
        std::fs::write(&path, &bytes).unwrap();
        for number in 0..frames {
            let Some(judged) = dcmtk(&path, number) else { return };
            let (frame, warnings) = frame(&bytes, number);
            let ours = graphics(&frame);
            assert!(
                !ours.is_empty() && ours == judged,
                "{name} {number}: {} for {}",
                ours.len(),
                judged.len()
            );
            assert_eq!(warnings, [], "{name}");
            let first = frame.samples().get(0);
            let size = usize::from(ROWS) * usize::from(COLUMNS);
            assert_eq!(first, f64::from(cells[number as usize * size] & 0x0fff), "{name}");
        }
    }
}

#[test]
fn an_overlay_that_is_not_whole_goes_with_a_warning_and_the_image_stays() {
    let cut = |change: fn(&mut Vec<(Tag, VR, PrimitiveValue)>)| {
        let mut elements = overlay(0x6000, [ROWS, COLUMNS], [1, 1], "G", 1);
        change(&mut elements);
        elements
    };
    let cases = [
        cut(|elements| elements[9].2 = PrimitiveValue::U8([1, 2, 3, 4].as_slice().into())),
        cut(|elements| elements.retain(|element| element.0.element() != 0x0010)),
        cut(|elements| elements[2].2 = PrimitiveValue::from("9999")),
        embedded(0x6000, 11, 1),
        embedded(0x6000, 16, 1),
    ];
    for elements in cases {
        let (frame, warnings) = frame(&object(1, elements).0, 0);
        assert_eq!((frame.marks(), frame.overlay_labels().count()), (None, 0));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
    let (named, _) = frame(&object(1, overlay(0x6000, [5, 7], [2, 3], "G", 1)).0, 0);
    assert_eq!(named.overlay_labels().collect::<Vec<_>>(), ["marks of the maker"]);
}

fn picture(frame: &Arc<Frame>, over: Over) -> Vec<[u8; 3]> {
    let view = FrameView::native(frame).unwrap();
    let grey = frame.default_grey();
    let interpolation = Interpolation::Linear;
    let scene = FrameScene { frame: Arc::clone(frame), view, interpolation, grey, over };
    draw(&Scene::Frame(scene)).rgba.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect()
}

#[test]
fn a_shutter_hides_and_is_switched_and_never_touches_values() {
    let is = |tag, text: &str| (tag, VR::IS, PrimitiveValue::from(text));
    let elements = vec![
        (Tag(0x0018, 0x1600), VR::CS, PrimitiveValue::from("RECTANGULAR\\CIRCULAR")),
        is(Tag(0x0018, 0x1602), "3"),
        is(Tag(0x0018, 0x1604), "30"),
        is(Tag(0x0018, 0x1606), "2"),
        is(Tag(0x0018, 0x1608), "20"),
        is(Tag(0x0018, 0x1610), "12\\15"),
        is(Tag(0x0018, 0x1612), "9"),
        (Tag(0x0018, 0x1622), VR::US, PrimitiveValue::U16([0x8080].as_slice().into())),
    ];
    let (frame, warnings) = frame(&object(1, elements).0, 0);
    assert!(frame.has_shutter() && warnings.is_empty(), "{warnings:?}");
    let (all, bare) = (picture(&frame, Over::default()), picture(&frame, Over::NOTHING));
    let mut hidden = 0;
    for (i, (all, bare)) in all.into_iter().zip(bare).enumerate() {
        let (row, column) = ((i / usize::from(COLUMNS)) as i32 + 1, (i % usize::from(COLUMNS)) as i32 + 1);
        let inside = (3..=30).contains(&column)
            && (2..=20).contains(&row)
            && (column - 15).pow(2) + (row - 12).pow(2) <= 81;
        assert_eq!(all, if inside { bare } else { [128; 3] }, "{row},{column}");
        hidden += usize::from(!inside);
        assert!(frame.modality_value(column as u32 - 1, row as u32 - 1).is_some());
    }
    assert!(hidden > 700, "{hidden}");
}

#[test]
fn padding_is_background_whichever_way_grey_runs() {
    for photometric in [Photometric::Monochrome1, Photometric::Monochrome2] {
        let samples = Samples::I16(vec![-2000, -5, 0, 5]);
        let mut image = made::module(4, 1, photometric, &samples);
        image.padding = Some(PixelPadding { value: -1990.0, limit: -2048.0 });
        let frame = Arc::new(made::try_frame(&image, samples).unwrap());
        let shown = picture(&frame, Over::default());
        assert_eq!(shown[0], [0; 3]);
        assert_eq!(frame.invert(), shown[1] == [255; 3] && shown[3] == [0; 3]);
    }
}

#[test]
fn values_from_the_first_of_a_supplemental_palette_on_are_colours() {
    let table = |entries: [u16; 2]| LookupTable {
        first: 100,
        bits: 16,
        entries: entries.map(|entry| entry * 257).to_vec(),
        explanation: String::new(),
    };
    let samples = Samples::U16(vec![0, 99, 100, 101, 4000]);
    let mut image = made::module(5, 1, Photometric::Monochrome2, &samples);
    image.palette = Some(Palette { red: table([200, 10]), green: table([0, 20]), blue: table([50, 30]) });
    let drawn = |image: &ImageModule, samples: &Samples| {
        picture(&Arc::new(made::try_frame(image, samples.clone()).unwrap()), Over::default())
    };
    let grey = drawn(&image, &samples);
    assert_eq!((grey[0], grey[4]), ([0; 3], [255; 3]), "without Pixel Presentation COLOR all of it is grey");
    image.frames[0].supplemental_colour = true;
    assert_eq!(drawn(&image, &samples), [[0; 3], [255; 3], [200, 0, 50], [10, 20, 30], [10, 20, 30]]);
}

#[test]
fn graphics_stay_visible_in_a_picture_smaller_than_the_image() {
    let mut lines = overlay(0x6000, [ROWS, COLUMNS], [1, 1], "G", 1);
    // A single line, one pixel high, in row 7.
    let mut bits = vec![0_u8; usize::from(ROWS) * usize::from(COLUMNS) / 8 + 2];
    for column in 0..usize::from(COLUMNS) {
        let at = 7 * usize::from(COLUMNS) + column;
        bits[at / 8] |= 1 << (at % 8);
    }
    bits.truncate(bits.len() / 2 * 2);
    lines[9].2 = PrimitiveValue::U8(bits.as_slice().into());
    let (frame, _) = frame(&object(1, lines).0, 0);
    for height in 4..=ROWS {
        let view = FrameView::fit(&frame, PictureSize::new(60, height.into()).unwrap());
        let (grey, interpolation) = (frame.default_grey(), Interpolation::Linear);
        let over = Over { shutter: false, ..Over::default() };
        let scene = FrameScene { frame: Arc::clone(&frame), view, interpolation, grey, over };
        let picture = draw(&Scene::Frame(scene));
        let marked = picture.rgba.chunks_exact(4).filter(|p| p[..3] == marks::GRAPHICS_RGB).count();
        assert!(marked > 0, "no line in a picture {height} high");
    }
}

#[test]
fn a_shape_that_is_not_whole_hides_nothing_and_is_warned_about() {
    let shutter = |elements: Vec<(Tag, VR, PrimitiveValue)>| {
        let (bytes, _) = object(1, elements);
        let object = Loaded::read(bytes.into()).unwrap();
        let image = object.instance.image.as_ref().unwrap();
        (image.frames[0].shutter.clone(), object.warnings.len())
    };
    let shape = |text: &str| (Tag(0x0018, 0x1600), VR::CS, PrimitiveValue::from(text));
    assert_eq!(shutter(vec![]), (None, 0));
    assert_eq!(shutter(vec![shape("RECTANGULAR")]), (None, 1));
    let corners = (Tag(0x0018, 0x1620), VR::IS, PrimitiveValue::from("1\\1\\9"));
    assert_eq!(shutter(vec![shape("POLYGONAL"), corners]), (None, 1));
    let corners = (Tag(0x0018, 0x1620), VR::IS, PrimitiveValue::from("1\\1\\9\\1\\9\\9"));
    let polygon = Some(vec![[1, 1], [9, 1], [9, 9]]);
    assert_eq!(
        shutter(vec![shape("POLYGONAL"), corners]),
        (Some(Shutter { polygon, ..Shutter::default() }), 0)
    );
}

#[test]
fn real_world_values_stand_beside_the_modality_values() {
    let map = |label: &str, range, values| RealWorldMap {
        label: label.to_owned(),
        unit: "g/ml{SUVbw}".to_owned(),
        unit_meaning: String::new(),
        range,
        values,
    };
    let frame = made::grey(2, 2, Samples::U16(vec![10, 20, 30, 40]), |image| {
        image.padding = Some(PixelPadding { value: 40.0, limit: 40.0 });
        image.frames[0].real_world = vec![
            map("SUVbw", [0.0, 25.0], RealWorldValues::Linear { slope: 0.5, intercept: 1.0 }),
            map("table", [20.0, 21.0], RealWorldValues::Table(vec![7.0, 8.0])),
        ];
    });
    let values = |shape| {
        let all = real_world(&shape, &frame);
        all.into_iter().map(|map| (map.label, map.values[0].value, map.values.len())).collect::<Vec<_>>()
    };
    let at = |column: f64, row: f64| Shape::Point(DVec2::new(column, row));
    assert_eq!(values(at(0.5, 0.5)), [("SUVbw".to_owned(), 6.0, 1)]);
    assert_eq!(values(at(1.5, 0.5)), [("SUVbw".to_owned(), 11.0, 1), ("table".to_owned(), 7.0, 1)]);
    assert_eq!(values(at(1.5, 1.5)), []);
    let corners = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)].map(|(x, y)| DVec2::new(x, y));
    // 6 and 11: 30 lies outside the map's range, 40 is padding.
    assert_eq!(values(Shape::Rectangle(corners))[0], ("SUVbw".to_owned(), 8.5, 5));
    let measured = &real_world(&at(0.5, 0.5), &frame)[0].values[0];
    assert_eq!(measured.unit, Unit::Modality("g/ml{SUVbw}".to_owned()));
}

#[test]
fn real_world_value_maps_are_read_of_shared_groups_and_of_real_files() {
    let Some(bytes) = data::read("modality/eCT_Supplemental.dcm") else { return };
    let object = Loaded::read(bytes.into()).unwrap();
    let image = object.instance.image.as_ref().unwrap();
    for number in 0..image.format.frames {
        let attributes = image.frame(number).unwrap();
        let [map] = attributes.real_world.as_slice() else { panic!("one map") };
        assert_eq!((map.label.as_str(), map.unit.as_str(), map.range), ("RCBF", "ml/100ml/s", [0.0, 4095.0]));
        assert_eq!((map.value(1034.0), map.value(4096.0)), (Some(10.0), None));
        assert!(attributes.supplemental_colour);
    }
}
