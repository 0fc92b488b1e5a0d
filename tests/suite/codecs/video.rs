//! Video is refused with a way out: its stream is saved as its maker wrote it.

use dokuei::dicom::{DicomError, PixelData, Uid, codec, part10};

use crate::support::program::Workstation;

const VIDEOS: [(&str, &str, &str); 2] = [
    ("transfer-syntax/synthetic/examples_ybr_MPEG2_100.dcm", "MPEG2", "mpg"),
    ("transfer-syntax/synthetic/examples_ybr_H264_102.dcm", "MPEG-4", "mp4"),
];

#[test]
fn a_video_is_named_and_its_stream_is_saved_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let station = Workstation::new("correct horse");
    for (name, kind, extension) in VIDEOS {
        let Some(path) = crate::data::path(name) else { continue };
        let path = path.to_str().unwrap();
        let refused = station.sentence(&["decode", path]);
        let way_out = format!("--stream --out VIDEO.{extension}");
        assert!(refused.contains(kind) && refused.contains(&way_out), "{refused}");
        let out = folder.path().join(format!("video.{extension}"));
        let told = station.json(&["decode", path, "--stream", "--out", out.to_str().unwrap()]);
        let saved = std::fs::read(&out).unwrap();
        let (object, _) = part10::read(std::fs::read(path).unwrap().into()).unwrap();
        let Some(PixelData::Encapsulated { fragments, .. }) = &object.pixels else { panic!("{name}") };
        assert!(saved == fragments.concat() && !saved.is_empty(), "{name}");
        assert_eq!(
            (told["bytes"].as_u64(), &told["sha256"]),
            (Some(saved.len() as u64), &super::sha256(&saved).into())
        );
        assert_eq!(told["container"], codec::video_extension(&object.transfer_syntax, &saved));
    }
}

#[test]
fn only_a_video_has_a_stream() {
    let Some(path) = crate::data::path("modality/CT_small.dcm") else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("video.mp4");
    let station = Workstation::new("correct horse");
    let sentence =
        station.sentence(&["decode", path.to_str().unwrap(), "--stream", "--out", out.to_str().unwrap()]);
    assert!(sentence.contains("not a video") && !out.exists(), "{sentence}");
}

/// All frames of a video are one stream: none can be asked for, and none is missing.
#[test]
fn frames_of_a_video_are_not_counted_by_its_fragments() {
    for (name, ..) in VIDEOS {
        let Some((format, transfer_syntax, pixels)) = super::open(name) else { continue };
        assert!(format.frames > 1);
        for frame in [0, format.frames - 1] {
            let outcome = codec::decode(&format, &transfer_syntax, &pixels, frame);
            assert!(matches!(outcome, Err(DicomError::Video { .. })), "{name}: {outcome:?}");
        }
        assert_eq!(codec::video_stream(&Uid::parse("1.2.840.10008.1.2.4.50").unwrap(), &pixels), None);
    }
}
