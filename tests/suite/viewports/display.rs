//! What images bring for their own display: windows by their names, overlays, shutters.

use dokuei::dicom::display::{Overlay, OverlayData, OverlayKind, Shutter};
use dokuei::dicom::instance::{ImageModule, Voi, VoiFunction};
use dokuei::session::Command;
use dokuei::session::settings::Language;
use dokuei::session::viewer::Command as View;
use dokuei::ui::actions::{self, Deed};
use egui::{Role, vec2};
use egui_kittest::kittest::Queryable as _;

use super::made::{Stage, window};

fn equipped(image: &mut ImageModule) {
    let named = |center, width, name: &str| {
        let (function, explanation) = (VoiFunction::Linear, name.to_owned());
        Voi::Window { center, width, function, explanation }
    };
    let frame = &mut image.frames[0];
    frame.voi = vec![named(40.0, 400.0, "SOFT"), named(500.0, 2000.0, "骨"), named(-600.0, 1500.0, "")];
    frame.shutter = Some(Shutter { rectangle: Some([3, 3, 9, 9]), ..Shutter::default() });
    image.display.overlays = vec![Overlay {
        group: 0x6000,
        kind: OverlayKind::Graphics,
        label: "CAD".to_owned(),
        rows: 8,
        columns: 8,
        origin: [0, 0],
        first_frame: 0,
        frames: 0,
        data: OverlayData::Packed(vec![0xff; 8].into()),
    }];
}

/// Does what an action is for; whether it could be done.
fn act(stage: &mut Stage, id: &str) -> bool {
    let deeds = actions::get(id).unwrap().deeds(&stage.state);
    for deed in &deeds {
        let Deed::Send(command) = deed else { panic!("{deed:?}") };
        stage.command(command.clone());
    }
    !deeds.is_empty()
}

#[test]
fn an_images_own_windows_are_offered_by_the_names_that_it_gives_them() {
    for (language, names) in [
        (Language::English, ["SOFT  40 / 400", "骨  500 / 2000", "Image 3  -600 / 1500"]),
        (Language::Japanese, ["SOFT  40 / 400", "骨  500 / 2000", "画像 3  -600 / 1500"]),
    ] {
        let mut stage = Stage::of(language, Vec::new(), equipped);
        let ids = ["own-window", "own-window-2", "own-window-3"];
        let named = |stage: &Stage| ids.map(|id| actions::get(id).unwrap().name(&stage.state));
        assert_eq!(named(&stage), names);
        let offered = |stage: &Stage, id| (actions::get(id).unwrap().offered)(&stage.state);
        assert!(offered(&stage, "own-window-3") && !offered(&stage, "own-window-4"));
        assert!(act(&mut stage, "own-window-2"));
        let on = |stage: &Stage| ids.map(|id| (actions::get(id).unwrap().on)(&stage.state));
        assert_eq!(on(&stage), [false, true, false]);
        // It holds for the stack, and the next one follows it; after the last comes the first.
        stage.command(Command::Viewer(View::Scroll { viewport: Default::default(), by: 3 }));
        assert_eq!(on(&stage), [false, true, false]);
        for expected in [[false, false, true], [true, false, false]] {
            assert!(act(&mut stage, "next-own-window"));
            assert_eq!(on(&stage), expected);
        }
        assert!(!act(&mut stage, "own-window-4"), "there is none");
        let shown = |stage: Stage| {
            let harness = window(stage, vec2(720.0, 500.0), 1.0);
            harness.get_by_role(Role::Image).value().unwrap()
        };
        act(&mut stage, "own-window-2");
        let value = shown(stage);
        assert!(value.contains("2000") && value.contains("骨"), "{value}");
        let mut stage = Stage::of(language, Vec::new(), equipped);
        let window = Some([500.0, 2000.0]);
        stage.command(Command::Viewer(View::Window { viewport: Default::default(), window }));
        assert_eq!(on(&stage), [false; 3]);
        let value = shown(stage);
        assert!(value.contains("2000") && !value.contains("骨"), "the reader's own: {value}");
    }
    let plain = Stage::new(Language::English);
    assert_eq!(actions::get("own-window").unwrap().name(&plain.state), "Window of the image");
}

#[test]
fn overlays_and_shutter_have_switches_of_their_own_and_both_are_on_at_first() {
    let mut stage = Stage::of(Language::English, Vec::new(), equipped);
    let over = |stage: &Stage| {
        let viewer = &stage.state.case.as_ref().unwrap().viewer;
        (viewer.annotations, viewer.over.overlays, viewer.over.shutter)
    };
    assert_eq!(over(&stage), (true, true, true));
    assert!(act(&mut stage, "annotations"));
    assert_eq!(over(&stage), (false, true, true), "what came with the image stays");
    assert!(act(&mut stage, "overlays") && act(&mut stage, "shutter"));
    assert_eq!(over(&stage), (false, false, false));
    assert!(act(&mut stage, "overlays") && act(&mut stage, "shutter"));
    assert_eq!(over(&stage), (false, true, true));
    let mut plain = Stage::new(Language::English);
    assert!(!act(&mut plain, "overlays") && !act(&mut plain, "shutter"), "where there are none");
}
