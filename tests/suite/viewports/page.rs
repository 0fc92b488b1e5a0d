//! Documents in a viewport.

use dokuei::dicom::Phi;
use dokuei::dicom::document::{Document, Label, Line, Style};
use dokuei::dicom::sop_class::DocumentKind;
use dokuei::session::Command;
use dokuei::session::settings::Language;
use dokuei::session::viewer::{Command as View, ViewportId};
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::made::{self, Stage, uid, window};

const FIRST: ViewportId = ViewportId { window: 0, place: 0 };

fn line(label: &str, value: &str, refers_to: Option<&str>) -> Line {
    Line {
        level: 0,
        style: Style::Content,
        label: Label::Coded(label.to_owned()),
        value: Phi::new(value.to_owned()),
        refers_to: refers_to.map(uid),
    }
}

fn report(lines: Vec<Line>) -> Document {
    let title = Phi::new("Chest report".to_owned());
    Document { kind: DocumentKind::Report, title, lines, ..Document::default() }
}

/// The document is in the one viewport.
fn shown(language: Language, document: Document, size: egui::Vec2) -> Harness<'static, Stage> {
    let mut stage = Stage::with(language, vec![made::document(document)]);
    stage.command(Command::Viewer(View::Show { viewport: FIRST, series: uid("1.2.4"), stack: 0 }));
    window(stage, size, 1.0)
}

fn read(harness: &Harness<'_, Stage>, viewport: &str) -> String {
    harness.get_by_label_contains(viewport).value().unwrap()
}

#[test]
fn a_report_is_read_from_the_line_that_it_is_scrolled_to() {
    let lines = vec![
        line("Finding", "Nodule in the right lung", None),
        line("Image", "1.2.3.5", Some("1.2.3.5")),
        line("Image", "1.2.999", Some("1.2.999")),
    ];
    let mut harness = shown(Language::English, report(lines), vec2(720.0, 500.0));
    harness.get_by_label("Viewport 1: Chest report, image 1 of 3");
    let text = read(&harness, "Viewport 1");
    for words in [
        "Chest report",
        "Structured report",
        "Finding Nodule in the right lung",
        "Image CHEST 1.0, image 5",
        "not among the open images (1.2.999)",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    harness.state_mut().command(Command::Viewer(View::Scroll { viewport: FIRST, by: 2 }));
    harness.run_steps(1);
    let text = read(&harness, "Viewport 1");
    assert!(!text.contains("Nodule") && text.contains("1.2.999") && text.contains("Chest report"), "{text}");
}

#[test]
fn a_click_on_a_reference_shows_the_image_that_it_names() {
    let lines = vec![line("Image", "1.2.3.5", Some("1.2.3.5"))];
    let mut harness = shown(Language::English, report(lines), vec2(720.0, 500.0));
    let area = harness.get_by_label_contains("Viewport 1").rect();
    // Somewhere on the one line below title and rule.
    let rows = (30..200_u8).step_by(4).map(|y| area.min + vec2(60.0, f32::from(y)));
    for at in rows {
        harness.hover_at(at);
        harness.run_steps(1);
        harness.drag_at(at);
        harness.drop_at(at);
        harness.run_steps(2);
        if harness.query_by_label("Viewport 1: CHEST 1.0, image 5 of 11").is_some() {
            return;
        }
    }
    panic!("no line leads to the image");
}

#[test]
fn what_is_not_shown_says_so_in_both_languages_at_any_size() {
    for (language, viewport, why) in [
        (Language::English, "Viewport 1", "Not shown here"),
        (Language::Japanese, "ビューポート 1", "ここでは表示しません"),
    ] {
        for size in [vec2(720.0, 500.0), vec2(200.0, 90.0), vec2(122.0, 8.0)] {
            let kind = DocumentKind::Waveform;
            let harness = shown(language, Document { kind, ..Document::default() }, size);
            assert!(read(&harness, viewport).contains(why), "{size}");
        }
    }
}
