//! Files and folders of this machine opened: read in the background, kept by their paths.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use super::telling::{self, Counting};
use crate::session::case::Event as CaseEvent;
use crate::session::study::{Fetched, Progress};
use crate::session::{Event, Problem, RequestId};
use crate::work::audit;
use crate::work::ground::Ground;
use crate::work::local::{self, File};
use crate::work::reading::{OpenCase, Place, Source};
use crate::work::{WorkError, threads};

/// Refused files told at a time.
const TOLD_TOGETHER: usize = 64;

pub(super) async fn open(
    ground: &Arc<Ground>,
    id: RequestId,
    paths: Vec<PathBuf>,
) -> Result<Fetched, WorkError> {
    let case = ground.reading().open(id).ok_or(WorkError::Stopped)?;
    ground.tell(Event::Case(CaseEvent::Opened { id, kept: None })).await;
    let growing = Arc::clone(&case);
    let reading = ground.blocking(move |ground| Ok(read(ground, &growing, &paths)));
    let (fetched, refused) = telling::beside(ground, &case, reading).await?;
    let problems: Vec<Problem> = refused.iter().map(problem).collect();
    for problems in problems.chunks(TOLD_TOGETHER) {
        let problems = problems.to_vec();
        ground.tell(Event::Case(CaseEvent::Refused { id, problems })).await;
    }
    if fetched.received == 0 { Err(WorkError::NoImage) } else { Ok(fetched) }
}

/// Why a file cannot be used, with its path beside it for whoever lists it.
fn problem((path, error): &(PathBuf, WorkError)) -> Problem {
    let mut problem = Problem::from(error);
    if problem.args.iter().all(|(name, _)| name != "path") {
        problem.args.push(("path".into(), path.display().to_string()));
    }
    problem
}

/// Reads on all cores; each instance is in the case as soon as it is read.
fn read(ground: &Ground, case: &OpenCase, paths: &[PathBuf]) -> (Fetched, Vec<(PathBuf, WorkError)>) {
    let begun = Instant::now();
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    for path in paths {
        match local::met(path) {
            Ok(met) => {
                files.extend(met.files);
                refused.extend(met.problems);
            }
            Err(error) => refused.push((path.clone(), error)),
        }
    }
    local::once(&mut files);
    let (done, bytes) = (AtomicU32::new(0), AtomicU64::new(0));
    let (first_image, counting) = (Mutex::new(None), Counting::new());
    let one = |file: &File| {
        if case.is_over() {
            return Ok(None);
        }
        let opened = local::open(file);
        if let Ok(Some((loaded, size))) = &opened {
            let instance = Arc::clone(&loaded.instance);
            let is_image = instance.image.is_some();
            case.add(Source { instance, place: Place::Local(file.place.clone()) });
            bytes.fetch_add(*size, Ordering::Relaxed);
            let mut first = first_image.lock().unwrap_or_else(PoisonError::into_inner);
            if is_image && first.is_none() {
                *first = Some(begun.elapsed().as_secs_f64());
            }
        }
        let received = done.fetch_add(1, Ordering::Relaxed) + 1;
        let expected = Some(files.len() as u32);
        let bytes = bytes.load(Ordering::Relaxed);
        counting.tell(ground, case, Progress { expected, received, bytes });
        opened.map(|opened| opened.map(|(loaded, _)| loaded.instance.sop_instance.clone()))
    };
    let outcomes = threads::map("files", &files, one, || Err(WorkError::Stopped));
    let (mut read, mut skipped) = (Vec::new(), 0);
    for (file, outcome) in files.iter().zip(outcomes) {
        match outcome {
            Ok(Some(uid)) => read.push((&file.place, uid)),
            Ok(None) => skipped += 1,
            Err(error) => refused.push((file.place.label(), error)),
        }
    }
    audit::note_files(ground, paths, case.instances().iter().map(AsRef::as_ref));
    let received = read.len() as u32;
    refused.extend(local::differing(read.iter().map(|(place, uid)| (*place, uid))));
    let fetched = Fetched {
        expected: received + refused.len() as u32,
        received,
        skipped,
        bytes: bytes.into_inner(),
        seconds: begun.elapsed().as_secs_f64(),
        first_image_seconds: first_image.into_inner().unwrap_or_else(PoisonError::into_inner),
        resumed: 0,
        failures: Vec::new(),
    };
    (fetched, refused)
}
