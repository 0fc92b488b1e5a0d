//! The link matrix: every fault of a line against every operation. Each ends in time, nothing wrong or partial is
//! handed over, each failure is a sentence of its own, and when the fault has gone the operation succeeds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dokuei::centre::{
    CentreError, Client, Performed, StudyQuery, Timeouts, UnreachableBecause, WorkitemQuery, WorkitemState,
};
use dokuei::demo::line::{Blow, Condition, Slices as Sliced, Strike};
use dokuei::demo::{Fault as AtCentre, FaultKind, On};
use dokuei::dicom::Uid;
use dokuei::text::{Explain, Language, say};
use http::StatusCode;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::reframer::{Framing, Reframer};
use super::scene::{PASSWORD, SERIES, STUDY, Scene, Slices, new_object, uid};
use super::{Dice, rounds};
use crate::support::note;

/// Short enough for a test, long enough for a busy machine and for 400 ms there and back.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(4),
    answer: Duration::from_secs(4),
    idle: Duration::from_secs(4),
};
/// What an operation may take: a connection, two answers with their bodies (a search asks twice, a refused media
/// type too), and the bytes at the thinnest rate. Five seconds are the campaign's (robustness R6).
const DEADLINE: Duration = Duration::from_secs(4 + 2 * (4 + 4) + 8 + 5);
/// How often something is tried again before it counts as broken for good.
const TRIES: usize = 8;
/// Cells under way at a time.
const AT_A_TIME: usize = 10;

/// Under which the workitem is claimed, each time it is tried.
const TRANSACTION: &str = "1.2.826.0.77.5";
const COUNT: usize = 4;
const SIDE: u16 = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// 300 ± 100 ms.
    Late,
    /// 256 kbit/s.
    Thin,
    /// A byte at a time.
    Sliced,
    /// RST at some byte.
    Reset,
    /// FIN early, with and without Content-Length.
    EndsEarly,
    /// FIN in the middle of chunks.
    ChunkedCut,
    /// Silence, before or after the connection came about.
    BlackHole,
    /// 503 with Retry-After.
    Busy,
    /// 401 in the middle of a study.
    SignedOut,
    /// No such name.
    NoName,
    /// A captive portal: HTML with 200.
    LoginPage,
    /// The open connection leads nowhere any more; a new one would.
    NetworkChange,
    /// One bit turned over below TLS.
    Flip,
}

const FAULTS: [Fault; 13] = [
    Fault::Late,
    Fault::Thin,
    Fault::Sliced,
    Fault::Reset,
    Fault::EndsEarly,
    Fault::ChunkedCut,
    Fault::BlackHole,
    Fault::Busy,
    Fault::SignedOut,
    Fault::NoName,
    Fault::LoginPage,
    Fault::NetworkChange,
    Fault::Flip,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operation {
    Search,
    Metadata,
    Retrieve,
    Store,
    Claim,
}

const OPERATIONS: [Operation; 5] =
    [Operation::Search, Operation::Metadata, Operation::Retrieve, Operation::Store, Operation::Claim];

/// What the centre holds, byte for byte.
struct Truth {
    files: Vec<Vec<u8>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_fault_of_the_line_hangs_an_operation_or_passes_a_partial_answer_for_a_whole_one() {
    let seeds = rounds("DOKUEI_LINK_SEEDS", 1);
    let truth = Arc::new(Truth { files: Slices::new(COUNT, SIDE).files() });
    let (places, outcomes) = (Arc::new(Semaphore::new(AT_A_TIME)), Arc::new(Mutex::new(BTreeMap::new())));
    let mut cells = JoinSet::new();
    for seed in 1..=seeds {
        for (fault, operation) in FAULTS.iter().flat_map(|f| OPERATIONS.map(|o| (*f, o))) {
            let (truth, places, outcomes) = (truth.clone(), places.clone(), outcomes.clone());
            cells.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let told = Cell::run(fault, operation, seed, &truth).await;
                *outcomes.lock().unwrap().entry((fault, told)).or_insert(0_u64) += 1;
            });
        }
    }
    let runs = cells.len();
    while let Some(cell) = cells.join_next().await {
        cell.unwrap();
    }
    if seeds > 1 {
        note(&format!("{runs} runs of the link matrix: {:?}\n", outcomes.lock().unwrap()));
    }
}

/// One run.
struct Cell<'a> {
    fault: Fault,
    operation: Operation,
    seed: u64,
    truth: &'a Truth,
    /// What waits to be read.
    workitem: Uid,
    /// The object has left here: it may have arrived.
    attempted: AtomicBool,
}

/// The workitems of the centre, asked by somebody else.
async fn waiting(scene: &Scene) -> Vec<(Uid, WorkitemState)> {
    let client = scene.client(TIMEOUTS);
    for _ in 0..TRIES {
        if let Ok(items) = client.workitems(&WorkitemQuery::default()).await {
            return items.unwrap().rows.into_iter().map(|item| (item.uid, item.state)).collect();
        }
    }
    panic!("the centre does not answer, and nothing is wrong");
}

impl Cell<'_> {
    /// Gives back how the operation ended under the fault.
    async fn run(fault: Fault, operation: Operation, seed: u64, truth: &Truth) -> String {
        let scene = Scene::new(Slices::new(COUNT, SIDE), Condition::default(), seed).await;
        let workitem = waiting(&scene).await[0].0.clone();
        let attempted = AtomicBool::new(false);
        Cell { fault, operation, seed, truth, workitem, attempted }.under(&scene).await
    }

    async fn under(&self, scene: &Scene) -> String {
        let place = (self.fault as u64) << 8 | self.operation as u64;
        let mut dice = Dice(self.seed << 16 | place);
        let reframer = Reframer::new(scene).await;
        let client = match self.fault {
            Fault::EndsEarly | Fault::ChunkedCut => scene.client_at(&reframer.url(), TIMEOUTS),
            Fault::NoName => scene.client_at("https://centre.invalid/dicom-web", TIMEOUTS),
            _ => scene.client(TIMEOUTS),
        };
        let warm = self.fault == Fault::NetworkChange || dice.below(2) == 0;
        if warm && self.fault != Fault::NoName {
            let mut tries = 0..TRIES;
            while client.search_studies(&StudyQuery::default()).await.is_err() {
                assert!(tries.next().is_some(), "{self:?}: nothing is wrong yet");
            }
        }
        self.befall(scene, &reframer, &mut dice);
        let told = match self.once(&client).await {
            Ok(()) => "Ok".to_owned(),
            Err(error) => {
                self.check(&error);
                if !error.may_have_stored() {
                    assert!(
                        scene.stored(&new_object().0).is_empty(),
                        "{self:?}: {error:?}, and it is stored"
                    );
                }
                let text = format!("{error:?}");
                text.split([' ', '{']).next().unwrap_or_default().to_owned()
            }
        };
        // These pass by themselves: the operation succeeds under them.
        if matches!(self.fault, Fault::Late | Fault::Thin | Fault::Sliced | Fault::NetworkChange) {
            self.patiently(&client).await;
        }
        scene.line.restore();
        scene.line.forget_strikes();
        scene.line.change(|condition| *condition = Condition::default());
        scene.centre.faults.clear();
        let client = if self.fault == Fault::NoName { scene.client(TIMEOUTS) } else { client };
        self.patiently(&client).await;
        match self.operation {
            Operation::Store => {
                let (sop, object) = new_object();
                assert!(scene.stored(&sop) == [object], "{self:?}: not exactly once, or changed");
            }
            Operation::Claim => {
                let claimed = [(self.workitem.clone(), WorkitemState::InProgress)];
                assert_eq!(waiting(scene).await, claimed, "{self:?}");
            }
            Operation::Search | Operation::Metadata | Operation::Retrieve => {}
        }
        told
    }

    fn befall(&self, scene: &Scene, reframer: &Reframer, dice: &mut Dice) {
        let status = |code, retry_after_secs| FaultKind::Status { code, retry_after_secs };
        let ms = Duration::from_millis;
        match self.fault {
            Fault::Late => {
                scene.line.change(|line| (line.round_trip, line.jitter) = (ms(300), ms(100)));
            }
            Fault::Thin => scene.line.change(|line| line.bytes_per_second = Some(32_000)),
            Fault::Sliced => {
                let bytewise = Sliced { bytes: 1, variation: 0, pause: Duration::ZERO };
                scene.line.change(|line| line.slices = Some(bytewise));
            }
            Fault::Reset => scene.line.strike(self.somewhere(dice, Blow::Reset)),
            Fault::Flip => scene.line.strike(self.somewhere(dice, Blow::Flip)),
            Fault::EndsEarly => {
                let framing = if dice.below(2) == 0 { Framing::Length } else { Framing::ToTheEnd };
                *reframer.cut.lock().unwrap() = Some((framing, dice.below(1000) as usize));
            }
            Fault::ChunkedCut => {
                *reframer.cut.lock().unwrap() = Some((Framing::Chunked, dice.below(1000) as usize));
            }
            Fault::BlackHole => scene.line.silence(),
            Fault::Busy => {
                scene
                    .centre
                    .faults
                    .add(AtCentre::once(On::any(), status(StatusCode::SERVICE_UNAVAILABLE, Some(7))));
            }
            Fault::SignedOut => {
                let skip = if self.operation == Operation::Retrieve { 1 } else { 0 };
                let fault = AtCentre::once(On::any(), status(StatusCode::UNAUTHORIZED, None));
                scene.centre.faults.add(AtCentre { skip, ..fault });
            }
            Fault::LoginPage => scene.centre.faults.add(AtCentre::once(On::any(), FaultKind::LoginPage)),
            Fault::NetworkChange => scene.line.strand_all(),
            Fault::NoName => {}
        }
    }

    /// At some byte of the exchange, its handshake included.
    fn somewhere(&self, dice: &mut Dice, blow: Blow) -> Strike {
        let size = self.truth.files.iter().map(Vec::len).sum::<usize>() as u64;
        match self.operation {
            Operation::Store => Strike::up(dice.below(22_000), blow),
            Operation::Retrieve => Strike::down(dice.below(size), blow),
            Operation::Search | Operation::Metadata | Operation::Claim => {
                Strike::down(dice.below(5_000), blow)
            }
        }
    }

    /// The operation, which must end in time.
    async fn once(&self, client: &Client) -> Result<(), CentreError> {
        let begun = Instant::now();
        let ended = tokio::time::timeout(DEADLINE * 2, self.operate(client)).await;
        assert!(begun.elapsed() <= DEADLINE, "{self:?} took {:?}: {ended:?}", begun.elapsed());
        ended.unwrap()
    }

    /// Until it succeeds; what fails on the way must be worth trying again.
    async fn patiently(&self, client: &Client) {
        let mut last = None;
        for _ in 0..TRIES {
            match self.once(client).await {
                Ok(()) => return,
                Err(error) => last = Some(error),
            }
        }
        panic!("{self:?} does not recover: {last:?}");
    }

    async fn operate(&self, client: &Client) -> Result<(), CentreError> {
        let study = uid(STUDY);
        match self.operation {
            Operation::Search => {
                let found = client.search_studies(&StudyQuery::default()).await?;
                assert!(found.complete && found.warnings.is_empty() && found.rows.len() == 1, "{found:?}");
                assert_eq!((&found.rows[0].study.uid, found.rows[0].instances), (&study, Some(COUNT as u32)));
            }
            Operation::Metadata => {
                let found = client.metadata(&study).await?;
                let times = |sop: &Uid| {
                    found.iter().filter(|one| one["00080018"]["Value"][0] == sop.as_str()).count()
                };
                let each_once = (0..COUNT).all(|i| times(&Slices::instance(i)) == 1);
                assert!(found.len() == COUNT && each_once, "{self:?}: {}", found.len());
            }
            Operation::Retrieve => self.retrieve(client).await?,
            Operation::Store => self.store(client).await?,
            Operation::Claim => {
                let performed = Performed { performer: "Sato^Hanako".to_owned(), ..Performed::default() };
                let ours = client.claim(&self.workitem, &uid(TRANSACTION), &performed).await?;
                assert!(ours, "{self:?}: somebody else is said to have it");
            }
        }
        Ok(())
    }

    /// The series, then one of its instances alone: each part that is handed over is a whole one of the centre's.
    async fn retrieve(&self, client: &Client) -> Result<(), CentreError> {
        let (study, series) = (uid(STUDY), uid(SERIES));
        let mut left: Vec<&[u8]> = self.truth.files.iter().map(Vec::as_slice).collect();
        let mut parts = client.retrieve_series(&study, &series).await?;
        while let Some(part) = parts.next().await? {
            let known = left.iter().position(|file| *file == part.bytes);
            left.remove(known.unwrap_or_else(|| panic!("{self:?}: a part that is none of the centre's")));
        }
        assert!(left.is_empty(), "{self:?}: {} are missing of an answer that ended well", left.len());
        let one = client.retrieve_instance(&study, &series, &Slices::instance(1)).await?;
        assert!(one.bytes == self.truth.files[1], "{self:?}: another instance, or a part of it");
        Ok(())
    }

    /// As the outbox does: what may have arrived is asked for before it is sent again.
    async fn store(&self, client: &Client) -> Result<(), CentreError> {
        let (sop, object) = new_object();
        if self.attempted.swap(true, Ordering::Relaxed) {
            match client.retrieve_instance(&uid(STUDY), &uid(SERIES), &sop).await {
                Ok(part) => {
                    assert!(part.bytes == object, "{self:?}: the centre holds something else");
                    return Ok(());
                }
                Err(CentreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let outcome = client.store(Some(&uid(STUDY)), &[Bytes::from_static(object)]).await?;
        assert!(outcome.stored == [sop], "{self:?}: {outcome:?}");
        Ok(())
    }

    /// The error is the one that this fault means, and a sentence of its own in both languages.
    fn check(&self, error: &CentreError) {
        use CentreError as E;
        let expected = match self.fault {
            Fault::Busy => error.retry_after() == Some(Duration::from_secs(7)),
            Fault::SignedOut => matches!(error, E::WrongPassword { .. }),
            Fault::NoName => matches!(error, E::Unreachable { why: UnreachableBecause::Dns, .. }),
            Fault::LoginPage => matches!(error, E::NotDicomWeb { .. }),
            // A bit in the handshake looks like a centre that speaks no TLS, or another's certificate.
            Fault::Flip => {
                matches!(error, E::TlsFailed { .. } | E::UntrustedCertificate { .. }) || error.is_transient()
            }
            _ => error.is_transient(),
        };
        assert!(expected, "{self:?}: {error:?}");
        let sentences = Language::ALL.map(|language| say(language, &error.message()));
        assert_ne!(sentences[0], sentences[1], "{self:?}");
        for sentence in &sentences {
            assert!(sentence != error.message().id() && !sentence.contains("{ $"), "{self:?}: {sentence}");
            assert!(!sentence.contains(PASSWORD) && !sentence.contains(STUDY), "{self:?}: {sentence}");
        }
    }
}

impl std::fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} during {:?}, seed {}", self.fault, self.operation, self.seed)
    }
}
