//! The demo centre's made-up studies and their known answers.
use dokuei::demo::phantom::studies;

#[test]
fn wip_write() {
    let Some(out) = std::env::var_os("DOKUEI_PHANTOM_OUT") else { return };
    let out = std::path::PathBuf::from(out);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let only = std::env::var("ONLY").ok();
    for study in studies(today) {
        let dir = out.join(format!("{}-{}", study.modality, &study.accession));
        if only.as_ref().is_some_and(|o| !dir.to_string_lossy().contains(o)) { continue; }
        std::fs::create_dir_all(&dir).unwrap();
        let step = if study.len() > 200 { 40 } else if study.len() > 1 {4} else { 1 };
        for i in (0..study.len()).step_by(step) {
            let t = std::time::Instant::now();
            let f = study.file(i);
            println!("{} {} {:?}", dir.display(), i, t.elapsed());
            std::fs::write(dir.join(format!("{i:04}.dcm")), f).unwrap();
        }
    }
}
