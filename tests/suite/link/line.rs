//! The line itself: what it carries is what was sent, and each of its faults is what its name says.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use dokuei::demo::line::{Blow, Condition, Line, Passage, Slices, Strike};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Long enough for anything that comes at all.
const PATIENCE: Duration = Duration::from_secs(20);
/// Short enough to wait for what must not come.
const MOMENT: Duration = Duration::from_millis(80);

/// A line to somebody who sends back what he gets.
async fn echo(condition: Condition) -> Line {
    let listener = TcpListener::bind(LOOPBACK).await.unwrap();
    let far = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = tokio::io::copy(&mut from, &mut to).await;
                let _ = to.shutdown().await;
            });
        }
    });
    let (line, carrying) = Line::bind(LOOPBACK, condition, 7).await.unwrap();
    tokio::spawn(carrying);
    line.lead_to(far);
    line
}

fn words(length: usize) -> Vec<u8> {
    (0..length).map(|i| ((i * 31) >> 3) as u8).collect()
}

/// Sends all and reads until the end: what came, and how it ended.
async fn there_and_back(line: &Line, bytes: &[u8]) -> (Vec<u8>, Result<(), ErrorKind>) {
    let mut stream = TcpStream::connect(line.address).await.unwrap();
    let (mut from, mut to) = stream.split();
    let send = async {
        let _ = to.write_all(bytes).await;
        let _ = to.shutdown().await;
    };
    let mut came = Vec::new();
    let read = async { from.read_to_end(&mut came).await.map(drop).map_err(|error| error.kind()) };
    let both = async { tokio::join!(read, send).0 };
    let end = timeout(PATIENCE, both).await.expect("it hangs");
    (came, end)
}

#[tokio::test]
async fn whatever_the_line_is_like_all_that_was_sent_arrives_and_in_order() {
    let sliced = Slices { bytes: 5, variation: 4, pause: Duration::ZERO };
    let conditions = [
        Condition::default(),
        Condition::parse("80mbit,30ms").unwrap(),
        Condition { jitter: Duration::from_millis(20), ..Condition::parse("10ms").unwrap() },
        Condition { slices: Some(sliced), ..Condition::default() },
        Condition { slow_close: Duration::from_millis(50), ..Condition::default() },
    ];
    for condition in conditions {
        let line = echo(condition).await;
        let sent = words(30_000);
        assert_eq!(there_and_back(&line, &sent).await, (sent, Ok(())), "{condition:?}");
        let carried = line.carried();
        assert_eq!((carried.up, carried.down, carried.connections), (30_000, 30_000, 1));
    }
}

#[tokio::test]
async fn rate_and_round_trip_take_the_time_that_they_say() {
    let begun = Instant::now();
    let line = echo(Condition::parse("4mbit,40ms").unwrap()).await;
    let (first, second) = (words(100_000), words(100_000));
    let (one, two) = tokio::join!(there_and_back(&line, &first), there_and_back(&line, &second));
    assert_eq!((one.0, two.0), (first, second));
    // 200,000 bytes one after the other over 0.5 MB/s, a round trip for the connection and one for the bytes.
    let least = Duration::from_millis(400 + 40 + 40 - 30);
    assert!(begun.elapsed() >= least, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_blow_falls_on_its_byte_and_once() {
    let line = echo(Condition::default()).await;
    let sent = words(50_000);
    line.strike(Strike::down(20_000, Blow::Close));
    assert_eq!(there_and_back(&line, &sent).await, (sent[..20_000].to_vec(), Ok(())));
    for blow in [Blow::Reset, Blow::Break] {
        line.strike(Strike::down(10_000, blow));
        let (came, end) = there_and_back(&line, &sent).await;
        assert!(sent.starts_with(&came) && came.len() <= 10_000, "{}", came.len());
        assert_eq!(end, Err(ErrorKind::ConnectionReset));
    }
    line.strike(Strike::up(777, Blow::Flip));
    let (came, end) = there_and_back(&line, &sent).await;
    let differing: Vec<usize> = (0..sent.len()).filter(|i| came[*i] != sent[*i]).collect();
    assert_eq!((differing, end), (vec![777], Ok(())));
    assert_eq!(there_and_back(&line, &sent).await, (sent.clone(), Ok(())), "all are used up");
    line.strike(Strike::up(0, Blow::Cut));
    assert_eq!(there_and_back(&line, &sent).await, (Vec::new(), Err(ErrorKind::ConnectionReset)));
    assert_eq!(line.condition().passage, Passage::Down);
}

#[tokio::test]
async fn a_cut_line_resets_whoever_comes_until_it_is_restored() {
    let line = echo(Condition::default()).await;
    let mut open = TcpStream::connect(line.address).await.unwrap();
    open.write_all(b"hello").await.unwrap();
    open.read_exact(&mut [0; 5]).await.unwrap();
    line.cut();
    assert_eq!(open.read(&mut [0]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(there_and_back(&line, b"hello").await.1, Err(ErrorKind::ConnectionReset));
    line.restore();
    assert_eq!(there_and_back(&line, b"hello").await, (b"hello".to_vec(), Ok(())));
}

#[tokio::test]
async fn silence_tells_nobody_and_what_waited_goes_on_after_it() {
    let line = echo(Condition::default()).await;
    let mut open = TcpStream::connect(line.address).await.unwrap();
    open.write_all(b"a").await.unwrap();
    open.read_exact(&mut [0]).await.unwrap();
    line.silence();
    open.write_all(b"b").await.unwrap();
    let mut late = TcpStream::connect(line.address).await.unwrap();
    late.write_all(b"c").await.unwrap();
    let mut byte = [0];
    assert!(timeout(MOMENT, open.read(&mut byte)).await.is_err());
    assert!(timeout(MOMENT, late.read(&mut byte)).await.is_err());
    line.restore();
    timeout(PATIENCE, open.read_exact(&mut byte)).await.unwrap().unwrap();
    assert_eq!(&byte, b"b");
    timeout(PATIENCE, late.read_exact(&mut byte)).await.unwrap().unwrap();
    assert_eq!(&byte, b"c");

    // Toxiproxy's timeout: closed when it was silent for long enough.
    line.change(|condition| condition.passage = Passage::Silent { close_after: Some(MOMENT) });
    let read = timeout(PATIENCE, open.read(&mut byte)).await.expect("it hangs");
    assert_eq!(read.unwrap(), 0);
}

#[tokio::test]
async fn another_network_strands_what_is_open_and_lets_the_new_through() {
    let line = echo(Condition::default()).await;
    let mut old = TcpStream::connect(line.address).await.unwrap();
    old.write_all(b"a").await.unwrap();
    old.read_exact(&mut [0]).await.unwrap();
    line.strand_all();
    old.write_all(b"b").await.unwrap();
    assert_eq!(there_and_back(&line, b"new").await, (b"new".to_vec(), Ok(())));
    assert!(timeout(MOMENT, old.read(&mut [0])).await.is_err());
}
