//! The way through the window: the program's own core, without a screen, is given what was dropped on it.

use std::time::{Duration, Instant};

use dokuei::app::Core;
use dokuei::imaging::FrameKey;
use dokuei::session::viewer::ViewportId;
use dokuei::session::{Command, case};
use dokuei::site::{Home, Profile};
use dokuei::work::Work;

use super::made::{archive, census, replaced, slice, write};
use crate::support::secrets::AtHand;

const PATIENCE: Duration = Duration::from_secs(30);

/// F15 of the list of attacks, by the door that people use: names that lead outside, one in code page 932, and an
/// entry that blows up stand beside good images, which come on screen.
#[test]
fn an_archive_that_is_dropped_on_the_window_shows_its_images_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut blown = slice(9, 4);
    blown.resize(300 << 20, 0);
    let files = [
        ("CT/1.dcm", slice(1, 16)),
        ("../../2.dcm", slice(2, 16)),
        ("/etc/3.dcm", slice(3, 16)),
        ("xxxx/4.dcm", slice(4, 16)),
        ("readme.txt", b"no image".to_vec()),
    ];
    let good = replaced(&archive(&files), b"xxxx", b"\x8c\x9f\x8d\xb8");
    let dropped = write(folder.path(), "study.zip", &good);
    let bomb = write(folder.path(), "bomb.zip", &archive(&[("bomb.dcm", blown)]));
    let home = tempfile::tempdir().unwrap();
    let home = Home::in_folder(home.path());
    let work = Work::start(home, Profile::default(), None, Box::new(AtHand(None))).unwrap();
    let mut core = Core::new(work);
    let before = census(folder.path());
    core.command(Command::Case(case::Command::OpenFiles(vec![dropped, bomb])));
    let begun = Instant::now();
    let frame = loop {
        core.drain(Duration::from_millis(20));
        let shown = core.state().case.as_ref().and_then(|case| {
            let shown = case.viewer.viewport(ViewportId::default())?.shown.as_ref()?;
            let whole =
                case.catalogue.iter().flat_map(|study| &study.series).flat_map(|series| &series.stacks);
            (whole.map(|stack| stack.images.len()).sum::<usize>() == 4).then(|| shown.frame.clone())
        });
        let decoded = shown.and_then(|key: FrameKey| core.stores().frames.get(&key));
        if let Some(frame) = decoded {
            break frame;
        }
        assert!(begun.elapsed() < PATIENCE, "nothing came on screen");
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(
        [frame.modality_value(0, 0), frame.modality_value(3, 2)],
        [Some(-1024.0), Some(35.0 * 7.0 - 1024.0)]
    );
    let state = core.state();
    let case = state.case.as_ref().unwrap();
    assert_eq!(case.patient().unwrap().id.reveal(), "P1");
    assert_eq!(census(folder.path()), before, "nothing is unpacked beside the archives");
}
