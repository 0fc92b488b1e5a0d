//! Copies to rsyslog over TLS with certificates on both sides.

use std::path::PathBuf;
use std::process::{Child, Stdio};

use dokuei::site::AuditTarget;

use super::certificates::Papers;
use super::{Station, look, until};
use crate::support::judge;

/// A running rsyslog; it ends with this value.
struct Rsyslog {
    process: Child,
    out: PathBuf,
}

impl Rsyslog {
    /// Starts it, or `None` where it is not installed.
    fn start(papers: &Papers, port: u16) -> Option<Self> {
        let mut command = judge::find("rsyslogd")?;
        let driver = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
            .map(|folder| format!("{folder}/rsyslog/lmnsd_gtls.so"))
            .into_iter()
            .find(|path| std::path::Path::new(path).is_file());
        judge::part(&driver.unwrap_or_else(|| "lmnsd_gtls.so".to_owned()))?;
        let (config, out) = (papers.path("rsyslog.conf"), papers.path("received"));
        std::fs::write(&config, configuration(papers, port)).unwrap();
        let log = std::fs::File::create(papers.path("rsyslog.log")).unwrap();
        command.args(["-n", "-iNONE", "-f"]).arg(&config);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let rsyslog = Self { process, out };
        until("rsyslog", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(rsyslog)
    }

    /// What was received: number in the trail, message id and XML of each message.
    fn received(&self) -> Vec<(u64, String, String)> {
        let text = std::fs::read_to_string(&self.out).unwrap_or_default();
        let line = |line: &str| {
            let (id, rest) = line.split_once('|').unwrap();
            let (data, xml) = rest.split_once('|').unwrap();
            let number = data.strip_prefix("[meta sequenceId=\"")?.strip_suffix("\"]")?;
            Some((number.parse().unwrap(), id.to_owned(), xml.to_owned()))
        };
        // The last line may still be on its way.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().filter_map(line).collect()
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configuration(papers: &Papers, port: u16) -> String {
    let folder = papers.folder().display();
    format!(
        r#"global(workDirectory="{folder}" maxMessageSize="64k" defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="{folder}/ca.pem" defaultNetstreamDriverCertFile="{folder}/server.pem"
  defaultNetstreamDriverKeyFile="{folder}/server.key")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
template(name="line" type="string" string="%msgid%|%structured-data%|%msg%\n")
input(type="imtcp" address="127.0.0.1" port="{port}")
action(type="omfile" file="{folder}/received" template="line" flushOnTXEnd="on")
"#
    )
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The numbers in the order of their first coming.
fn first_seen(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut seen = Vec::new();
    for number in numbers {
        if !seen.contains(&number) {
            seen.push(number);
        }
    }
    seen
}

#[test]
fn rsyslog_has_every_record_in_order_also_when_it_was_away() {
    let (papers, station, port) = (Papers::new(), Station::new(), free_port());
    let Some(rsyslog) = Rsyslog::start(&papers, port) else { return };
    let target = AuditTarget { syslog: Some(format!("127.0.0.1:{port}")), ..papers.target() };
    station.fill(250);
    let mut work = station.work(Some(target));
    look(&mut work);
    until("252 records", || rsyslog.received().len() >= 252);
    drop(rsyslog);
    look(&mut work);
    until("the reader to see that it is away", || {
        let ways = look(&mut work).ways;
        let problem = ways.first().and_then(|way| way.problem.as_ref());
        problem.is_some_and(|problem| problem.id == "trail-unreachable")
    });
    let rsyslog = Rsyslog::start(&papers, port).unwrap();
    let list = look(&mut work);
    let last = list.rows[0].sequence;
    until("what happened meanwhile", || rsyslog.received().iter().any(|(number, ..)| *number == last));
    let received = rsyslog.received();
    let numbers = first_seen(received.iter().map(|(number, ..)| *number));
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "nothing is lost, the order is kept");
    assert!(received.iter().all(|(_, id, xml)| id == "DICOM+RFC3881" && xml.contains("<AuditMessage>")));
    let (_, _, first) = &received[0];
    assert!(first.contains("山田^太郎") && first.contains("P00000"), "{first}");
    // A number that came twice is the same message twice.
    for (number, _, xml) in &received {
        assert!(received.iter().all(|(other, _, again)| other != number || again == xml), "{number}");
    }
    until("the word that nothing is wrong", || {
        look(&mut work).ways.first().is_some_and(|way| way.problem.is_none())
    });
}

#[test]
fn a_workstation_without_a_certificate_is_not_listened_to() {
    let (papers, station, port) = (Papers::new(), Station::new(), free_port());
    let Some(rsyslog) = Rsyslog::start(&papers, port) else { return };
    let target = AuditTarget {
        syslog: Some(format!("127.0.0.1:{port}")),
        certificate: None,
        key: None,
        ..papers.target()
    };
    let mut work = station.work(Some(target));
    until("the refusal", || {
        look(&mut work).ways.first().is_some_and(|way| way.problem.is_some() && way.waiting > 0)
    });
    assert_eq!(rsyslog.received(), []);
}
