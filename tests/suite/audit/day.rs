//! A day at the command line, and what the trail says of it.

use std::net::{Ipv4Addr, SocketAddr};

use dokuei::centre::audit::{Happened as H, Outcome};
use dokuei::demo::phantom;
use dokuei::demo::{Archive, Centre as DemoCentre, Limits, Options, Study as _};

use super::open;
use crate::support::program::Workstation;

#[test]
fn a_study_fetched_drawn_read_and_reported_is_told_step_by_step() {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let smallest = || phantom::studies(day).into_iter().min_by_key(phantom::PhantomStudy::len).unwrap();
    let study = smallest().uid().to_string();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let archive = Archive::new(vec![Box::new(smallest())], Limits::default());
    let options = Options { user: "reader".into(), password: Some("s3cret".into()), ..Options::default() };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (running, serving) = runtime.block_on(DemoCentre::bind(address, archive, options)).unwrap();
    runtime.spawn(serving);

    let station = Workstation::new("s3cret");
    drop(open(&station.home.path().join("vault")));
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("ca.pem"), &running.certificate_pem).unwrap();
    std::fs::create_dir(station.home.path().join("config")).unwrap();
    let centre = |name: &str, ca: &str| {
        format!(
            "[[centre]]\nname = \"{name}\"\nurl = \"{}\"\nuser = \"reader\"\nca = {ca:?}\n",
            running.base_url
        )
    };
    let reader = "[reader]\nname = \"Sato^Hanako\"\nid = \"sato\"\norganisation = \"Kita\"\n";
    // Somebody else's certificate: the second centre is not who it says it is.
    let others = super::certificates::Papers::new();
    let others = others.path("ca.pem").display().to_string();
    let profile = format!("{reader}{}{}", centre("isle", &path("ca.pem")), centre("false", &others));
    std::fs::write(station.home.path().join("config/profile.toml"), profile).unwrap();
    let report = "language = \"en-US\"\nstate = \"final\"\n[sections]\nimpression = \"Normal.\"\n";
    std::fs::write(path("report.toml"), format!("study = \"{study}\"\n{report}")).unwrap();

    station.json(&["worklist", "--centre", "isle"]);
    station.json(&["fetch", "--centre", "isle", "--study", &study]);
    station.json(&["render", "--study", &study, "--device", "cpu", "--out", &path("picture.png")]);
    station.json(&["report", "sign", &path("report.toml"), "--centre", "isle", "--out", &path("report.dcm")]);
    station.json(&["report", "send"]);
    station.sentence(&["fetch", "--centre", "false", "--study", &study]);

    let vault = open(&station.home.path().join("vault"));
    let kept = vault.audit().unwrap();
    let records: Vec<_> =
        kept.iter().map(|kept| dokuei::centre::audit::Record::parse(&kept.record).unwrap()).collect();
    let told: Vec<H> = records.iter().map(|record| record.what).collect();
    let (start, stop) = (H::ApplicationStarted, H::ApplicationStopped);
    let expected: &[&[H]] = &[
        &[start, H::Queried, stop],
        &[start, H::TransferBegan, H::StudyReceived, stop],
        &[start, H::StudyOpened, H::Exported, stop],
        &[start, H::ReportSigned, H::Exported, stop],
        &[start, H::ReportLeaves, H::ReportConfirmed, stop],
        &[start, H::CertificateRefused, stop],
    ];
    assert_eq!(told, expected.concat());
    for record in &records {
        assert!(
            !record.reader.is_empty() && !record.node.is_empty() && record.moment().is_some(),
            "{record:?}"
        );
        let about_study = matches!(
            record.what,
            H::TransferBegan | H::StudyReceived | H::StudyOpened | H::Exported | H::ReportSigned
        );
        if about_study {
            assert_eq!(record.study, study);
            assert!(!record.patient_id.is_empty(), "{record:?}");
        }
    }
    let one = |what: H| records.iter().find(|record| record.what == what).unwrap();
    let (began, received) = (one(H::TransferBegan), one(H::StudyReceived));
    assert_eq!((began.instances, received.instances), (Some(smallest().len() as u32), began.instances));
    assert!(!received.patient_name.is_empty());
    assert_eq!(one(H::CertificateRefused).outcome, Outcome::MinorFailure);
    assert_eq!(one(H::ReportConfirmed).outcome, Outcome::Success);
}
