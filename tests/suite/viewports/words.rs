//! What is said.

use dokuei::dicom::Phi;
use dokuei::imaging::measure::{Kind, Measured, Provenance, Quantity, Shape, Unit};
use dokuei::session::drawings::{Command as Draw, Effect as DrawEffect, Event as DrawEvent, Figure};
use dokuei::session::settings::Language;
use dokuei::session::{Command, Effect, Event, Message};
use dokuei::ui::drawings;
use egui::vec2;
use egui_kittest::kittest::Queryable as _;
use glam::DVec2;

use super::made::{Stage, key, uid, window};

#[test]
fn a_viewport_says_what_it_shows_in_both_languages() {
    for (language, label) in [
        (Language::English, "Viewport 1: CHEST 1.0, image 1 of 11"),
        (Language::Japanese, "ビューポート 1: CHEST 1.0、画像 1 / 11"),
    ] {
        let harness = window(Stage::new(language), vec2(720.0, 500.0), 1.0);
        let viewport = harness.get_by_label(label);
        assert!(viewport.value().is_some_and(|value| value.contains("400")), "window and zoom are its value");
    }
}

#[test]
fn a_small_viewport_is_drawn_and_the_missing_frame_is_said() {
    let stage = Stage::new(Language::English);
    stage.stores.clear();
    let harness = window(stage, vec2(320.0, 150.0), 1.0);
    harness.get_by_label_contains("Decoding the image");
    for size in [vec2(320.0, 150.0), vec2(160.0, 60.0), vec2(121.0, 8.0)] {
        window(Stage::new(Language::Japanese), size, 1.5);
    }
}

#[test]
fn a_report_gets_the_sentence_of_a_measurement_once_it_has_a_value() {
    for (language, length, value, key_image) in [
        (
            Language::English,
            "Length 4.2 mm (series 3, image 5).",
            "Value -45 HU (series 3, image 5).",
            "Key image (series 3, image 1).",
        ),
        (
            Language::Japanese,
            "長径 4.2 mm（シリーズ3、画像5）。",
            "値 -45 HU（シリーズ3、画像5）。",
            "キー画像（シリーズ3、画像1）。",
        ),
    ] {
        let mut stage = Stage::new(language);
        let mut add = |kind, points: &[DVec2]| {
            let figure = Figure::Shape(Shape::from_points(kind, points).unwrap());
            let add = Draw::Add { on: key(4), series: uid("1.2.3"), figure, label: Phi::default() };
            stage.tell(Message::Command(Command::Drawings(add)))
        };
        // Six columns of 0.7 mm: known at once. A point's value comes from the pixels.
        add(Kind::Length, &[DVec2::new(3.0, 3.0), DVec2::new(9.0, 3.0)]);
        let effects = add(Kind::Point, &[DVec2::new(3.0, 3.0)]);
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Drawings(DrawEffect::Measure { id, drawing, .. }) => Some((*id, *drawing)),
            _ => None,
        });
        let (id, drawing) = asked.unwrap();
        assert_eq!(drawings::citation(&stage.state, drawing), None, "no value yet, no sentence");
        let provenance = Provenance::PixelValues;
        let measured =
            Measured { quantity: Quantity::Value, value: -45.0, unit: Unit::Hounsfield, provenance };
        let event = DrawEvent::Measured { id, drawing, outcome: Ok(vec![measured]), real_world: Vec::new() };
        stage.tell(Message::Event(Event::Drawings(event)));
        let first = stage.state.case.as_ref().unwrap().drawings.all[0].id;
        let cited = [first, drawing].map(|id| drawings::citation(&stage.state, id).unwrap());
        assert_eq!(cited.each_ref().map(|sentence| sentence.reveal().as_str()), [length, value]);
        let said = drawings::key_image_sentence(&stage.state).unwrap();
        assert_eq!(said.reveal(), key_image);
    }
}
