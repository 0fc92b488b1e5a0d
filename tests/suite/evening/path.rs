//! From the sign-in to a report that the centre has, and the next case.

use std::time::Duration;

use dokuei::demo::phantom::answers;
use dokuei::demo::{Fault, FaultKind, On, Study as _};
use dokuei::imaging::{FrameView, PictureSize, Placement, SlabMode};
use dokuei::report::Heading;
use dokuei::session::settings::Language;
use dokuei::session::shell::Screen;
use dokuei::session::viewer::{Mpr, Tool, frame_key};
use dokuei::text::Message;
use egui::accesskit::Role;
use egui::{Event, ImeEvent, Key, Modifiers, Pos2, vec2};
use glam::{DVec2, DVec3};

use super::reader::{FIRST, Reader};
use super::town::{self, PASSPHRASE, Town};

#[test]
fn from_the_worklist_to_a_confirmed_report_and_the_next_case_in_english() {
    let (town, mut reader) = open(Language::English, None);
    read(&town, &mut reader);
}

#[test]
fn from_the_worklist_to_a_confirmed_report_and_the_next_case_in_japanese() {
    let (town, mut reader) = open(Language::Japanese, Some(PASSPHRASE));
    read(&town, &mut reader);
}

/// Signs in and opens the most urgent study: in one language the passphrase is typed and a key opens, in the
/// other it is at hand and a double click opens.
fn open(language: Language, passphrase: Option<&'static str>) -> (Town, Reader) {
    let town = Town::new(vec![town::other(), town::stat()]);
    let series = town::stat().series();
    let slow = FaultKind::RateLimit { bytes_per_second: 10 << 20 };
    town.centre.faults.add(Fault::always(On::get_ending(&series), slow));
    let mut reader = Reader::with_gpu(town.home(), language, passphrase);
    reader.sign_in();
    assert_eq!(reader.state().sign_in.needs_passphrase, passphrase.is_none());
    let rows = reader.rows();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].0.starts_with(&reader.say("worklist-priority-stat")), "{rows:?}");
    match passphrase {
        None => reader.open_first(),
        Some(_) => reader.double_click(rows[0].1.center()),
    }
    assert_eq!(reader.case().study.as_ref(), Some(town::stat().uid()));
    (town, reader)
}

fn read(town: &Town, reader: &mut Reader) {
    look(reader);
    scroll(reader);
    window(reader);
    planes(reader);
    let length = measure(reader);
    let written = write(reader, &length);
    sign(town, reader, &written);
}

/// The first image is there long before the last.
fn look(reader: &mut Reader) {
    reader.until("the first image", |reader| reader.sees_image() && reader.case().first_image_ms.is_some());
    assert!(reader.case().arrived.is_pending(), "{:?}", reader.case().progress);
    assert!(reader.count() < town::stat().len(), "not all are here");
    reader.until_all_here();
    assert_eq!(reader.count(), town::stat().len());
    let all = reader.count();
    let whole = Message::new("shell-whole").with("received", all).with("expected", all);
    reader.until_seen(&reader.saying(&whole));
}

/// A notch of the wheel: state, name and pixels are the next image's after the one frame in which it came.
fn scroll(reader: &mut Reader) {
    let area = reader.first_area();
    reader.hover(area.center());
    let (at, count) = (reader.shown().position, reader.count());
    let before = reader.gpu.is_some().then(|| reader.pixels(area));
    reader.notch(-1.0);
    assert_eq!(reader.shown().position, at + 1);
    let next = reader.image_label(at + 1, count);
    assert!(reader.words().contains(&next), "{next}: {:?}", reader.words());
    if let Some(before) = before {
        let after = reader.pixels(area);
        assert!(after != before, "the same picture");
        reader.step();
        reader.step();
        assert!(after == reader.pixels(area), "the frame of the notch showed something else");
    }
    reader.notch(1.0);
    assert_eq!(reader.shown().position, at);
}

fn window(reader: &mut Reader) {
    let middle = reader.first_area().center();
    reader.drag(middle, middle + vec2(60.0, -25.0));
    let dragged = reader.case().viewer.look(FIRST).unwrap().window;
    assert!(dragged.is_some());
    reader.key(Key::Num2);
    assert_eq!(reader.case().viewer.look(FIRST).unwrap().window, Some([75.0, 215.0]));
    let told = Message::new("viewer-window").with("center", 75).with("width", 215);
    assert!(reader.sees(&reader.saying(&told)), "{:?}", reader.words());
}

fn planes(reader: &mut Reader) {
    reader.key(Key::M);
    let names = ["viewer-plane-axial", "viewer-plane-coronal", "viewer-plane-sagittal"];
    let area = |(number, name)| {
        let message = Message::new("viewer-area-plane").with("number", number);
        reader.saying(&message.with("plane", reader.say(name)))
    };
    let areas: Vec<String> = (1..=3).zip(names).map(area).collect();
    // A name without a sentence behind it: the plane is there.
    reader.until("three planes", |reader| {
        let words = reader.words();
        areas.iter().all(|area| words.contains(area))
    });
    let axial = reader.area(&areas[0]);
    let crosshair = |reader: &Reader| mpr(reader).crosshair_mm;
    let before = crosshair(reader);
    let pixels = reader.gpu.is_some().then(|| reader.pixels(reader.area(&areas[1])));
    reader.drag(axial.center(), axial.center() + vec2(40.0, 30.0));
    let after = crosshair(reader);
    assert!(after.is_some() && after != before, "{before:?} {after:?}");
    if let Some(pixels) = pixels {
        assert!(pixels != reader.pixels(reader.area(&areas[1])), "the coronal plane follows");
    }
    reader.key(Key::Plus);
    reader.key(Key::Plus);
    assert_eq!((mpr(reader).thickness_mm, mpr(reader).mode), (10.0, SlabMode::Mip));
    reader.key(Key::M);
    assert!(reader.case().viewer.windows[0].mpr.is_none());
    reader.until("the images again", Reader::sees_image);
}

fn mpr(reader: &Reader) -> Mpr {
    reader.case().viewer.windows[0].mpr.clone().unwrap()
}

/// The chord of the bleed, from rim to rim: what is drawn over it is as long as the bleed was made. Gives its
/// length as the screen writes it.
fn measure(reader: &mut Reader) -> String {
    let [x, y, z] = answers::BLEED_OUTER_MM;
    let (outer, rim) = (answers::BLEED_OUTER_RADIUS_MM, answers::BLEED_RIM_MM);
    let x = x - outer + (outer * outer - rim * rim).sqrt();
    let ends_mm = [DVec3::new(x, y - rim, z), DVec3::new(x, y + rim, z)];
    go_to(reader, z);
    reader.key(Key::L);
    assert_eq!(reader.case().viewer.tool, Tool::Measure(dokuei::imaging::measure::Kind::Length));
    let [from, to] = ends_mm.map(|end| on_screen(reader, end));
    reader.drag(from, to);
    let length = format!("{:.1} mm", 2.0 * rim);
    reader.until_seen(&length);
    assert_eq!(reader.case().drawings.all.len(), 1);
    reader.key(Key::C);
    let findings = reader.case().draft.text(Heading::Findings).to_owned();
    assert!(findings.contains(&length), "{findings}");
    assert_eq!(reader.case().draft.cited.len(), 1);
    reader.key(Key::W);
    length
}

/// Scrolls to the image nearest to a height, by key.
fn go_to(reader: &mut Reader, z: f64) {
    let case = reader.case();
    let stack = &case.entry().unwrap().series[0].stacks[reader.shown().stack];
    let distance = |at: &usize| (stack.images[*at].plane().unwrap().origin_mm.z - z).abs();
    let nearest = (0..stack.images.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap();
    reader.key(Key::Home);
    for _ in 0..nearest {
        reader.key(Key::ArrowDown);
    }
    assert_eq!(reader.shown().position, nearest);
    assert!(reader.words().contains(&reader.image_label(nearest, stack.images.len())));
}

/// Where a place in the patient is on the screen, in the image that fills the first viewport.
fn on_screen(reader: &Reader, place_mm: DVec3) -> Pos2 {
    let (case, shown) = (reader.case(), reader.shown());
    let stack = &case.entry().unwrap().series[0].stacks[shown.stack];
    let image = &stack.images[shown.position];
    let plane = image.plane().unwrap();
    let spacing = image.instance.image.as_ref().unwrap().frame(image.frame).unwrap().spacing.unwrap();
    let from_first = place_mm - plane.origin_mm;
    let column = from_first.dot(plane.row_direction) / spacing.between_columns_mm;
    let row = from_first.dot(plane.column_direction) / spacing.between_rows_mm;
    let frame = reader.stores.frames.get(&frame_key(stack, shown.position).unwrap()).unwrap();
    let area = reader.first_area().shrink(1.0);
    let size = PictureSize::new(area.width() as u32, area.height() as u32).unwrap();
    let view = FrameView::placed(&frame, size, &Placement::default());
    let picture = view.point_on_picture(DVec2::new(column, row) + DVec2::splat(0.5)) + DVec2::splat(0.5);
    area.min.ceil() + vec2(picture.x as f32, picture.y as f32)
}

/// Findings and impression, in Japanese through an input method. Gives what was committed.
fn write(reader: &mut Reader, length: &str) -> [String; 2] {
    let (findings, impression) = (reader.say("draft-findings"), reader.say("draft-impression"));
    reader.focus(Role::MultilineTextInput, &findings);
    reader.event(Event::Ime(ImeEvent::Preedit { text: "ひだりがわ".into(), active_range_chars: None }));
    // These letters belong to the input method, and to nobody else.
    for key in [Key::M, Key::L, Key::I, Key::F1, Key::Num5] {
        reader.key(key);
    }
    let case = reader.case();
    assert!(case.viewer.windows[0].mpr.is_none() && case.viewer.tool == Tool::Window);
    assert_eq!(case.viewer.look(FIRST).unwrap().window, Some([75.0, 215.0]));
    assert_eq!(reader.state().shell.dialog, None);
    assert!(!case.draft.text(Heading::Findings).contains("ひだり"), "what is composed is not yet written");
    let committed = ["左側頭部に凸レンズ状の高吸収域を認めます。", "急性硬膜外血腫。"].map(str::to_owned);
    reader.compose(&["ひだりそくとう"], &committed[0]);
    reader.focus(Role::MultilineTextInput, &impression);
    reader.compose(&["きゅうせい", "急性"], &committed[1]);
    let draft = reader.case().draft;
    let text = draft.text(Heading::Findings);
    assert!(text.contains(length) && text.contains(&committed[0]), "{text}");
    assert_eq!(draft.text(Heading::Impression), committed[1]);
    // Letters are letters while somebody writes.
    reader.event(Event::Text("m".into()));
    reader.key(Key::M);
    assert!(reader.case().viewer.windows[0].mpr.is_none());
    reader.until("kept", |reader| reader.case().keeping.kept == reader.case().keeping.revision);
    committed
}

/// Signed, saved, sent, confirmed, each seen; meanwhile the next case has opened.
fn sign(town: &Town, reader: &mut Reader, written: &[String; 2]) {
    // The centre takes its time to give the report back.
    town.centre.faults.add(Fault::once(On::get("/instances/"), FaultKind::Delay(Duration::from_millis(300))));
    reader.click(&reader.say("draft-sign-final"));
    let mut stages: Vec<&str> = Vec::new();
    let counted = |id| reader.saying(&Message::new(id).with("count", 1));
    let ways = [
        ("saved", counted("shell-reports-saved")),
        ("sent", counted("shell-reports-sent")),
        ("confirmed", counted("shell-reports-confirmed")),
    ];
    reader.until("confirmed", |reader| {
        let words = reader.words();
        let stage = ways.iter().find(|(_, word)| words.contains(word)).map(|(stage, _)| *stage);
        stages.extend(stage.filter(|stage| stages.last() != Some(stage)));
        stage == Some("confirmed")
    });
    assert_eq!(stages, ["saved", "sent", "confirmed"]);
    reader.until_seen(&reader.say("draft-report-confirmed"));
    let sop = reader.state().outbox.reports.latest().unwrap()[0].sop_instance.clone();
    let stored = town.stored();
    assert_eq!(stored.len(), 1, "once");
    assert_eq!(stored[0].0, sop);
    for text in written {
        let holds = stored[0].1.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        assert!(holds, "{text}");
    }
    reader.until("the next case", Reader::sees_image);
    assert_eq!(reader.case().study.as_ref(), Some(town::other().uid()));
    assert!(reader.case().draft.is_empty());
    reader.press(Modifiers::NONE, Key::F2);
    assert_eq!(reader.state().shell.screen, Screen::Worklist);
    let read = reader.say("worklist-state-final");
    reader.until("the first is read", |reader| {
        let rows = reader.rows();
        let stat = reader.say("worklist-priority-stat");
        rows.iter().any(|(row, _)| row.starts_with(&stat) && row.ends_with(&read))
    });
}
