//! Where an image stands in what is here so far.

use std::sync::Arc;

use super::{FrameKey, Shown, frame_key};
use crate::dicom::Uid;
use crate::dicom::catalogue::{SeriesEntry, Stack, StackImage, StudyEntry};
use crate::session::case::Case;

/// What is here of the open case, and which study of it is read.
pub(in crate::session) struct Catalogue {
    entries: Arc<Vec<StudyEntry>>,
    study: Option<Uid>,
}

impl Catalogue {
    pub(in crate::session) fn of(case: &Case) -> Self {
        Self { entries: Arc::clone(&case.catalogue), study: case.study.clone() }
    }

    /// The series of that name; one that two patients claim (PS3.3 allows none) is found where `holds` says.
    fn series<'a, 'u>(&'a self, uid: &'u Uid) -> impl Iterator<Item = &'a SeriesEntry> + use<'a, 'u> {
        self.entries.iter().flat_map(|entry| &entry.series).filter(move |entry| entry.series.uid == *uid)
    }

    /// A stack by its place.
    pub(in crate::session) fn stack(&self, series: &Uid, stack: usize) -> Option<&Stack> {
        self.series(series).find_map(|entry| entry.stack(stack))
    }

    /// The stack that something shown stands in.
    pub(in crate::session) fn stack_of(&self, shown: &Shown) -> Option<&Stack> {
        let at = |stack: &&Stack| is_at(stack, shown.position, &shown.frame);
        self.series(&shown.series).filter_map(|entry| entry.stack(shown.stack)).find(at)
    }

    /// Where an image of a series stands now.
    pub(in crate::session) fn find(&self, series: &Uid, frame: &FrameKey) -> Option<Shown> {
        self.series(series).flat_map(|entry| entry.all().enumerate()).find_map(|(stack, images)| {
            let position = (0..images.images.len()).find(|at| is_at(images, *at, frame))?;
            Some(Shown { series: series.clone(), stack, position, frame: frame.clone() })
        })
    }

    /// An image of a series.
    pub(in crate::session) fn image(&self, series: &Uid, frame: &FrameKey) -> Option<&StackImage> {
        let shown = self.find(series, frame)?;
        self.stack_of(&shown)?.images.get(shown.position)
    }

    /// The first image of a stack, as shown.
    pub(in crate::session) fn first(&self, series: &Uid, stack: usize) -> Option<Shown> {
        self.at(series, stack, 0)
    }

    /// An image of a stack, as shown.
    pub(in crate::session) fn at(&self, series: &Uid, stack: usize, position: usize) -> Option<Shown> {
        let frame = frame_key(self.stack(series, stack)?, position)?;
        Some(Shown { series: series.clone(), stack, position, frame })
    }

    /// All stacks of the study that is read, in its order, and after them its documents.
    pub(in crate::session) fn all(&self) -> impl Iterator<Item = (&Uid, usize, &Stack)> {
        let read = |entry: &&StudyEntry| self.study.as_ref().is_none_or(|study| entry.study.uid == *study);
        let study = self.entries.iter().find(read);
        let of = move |documents: bool| {
            study.into_iter().flat_map(|entry| &entry.series).flat_map(move |entry| {
                let all = entry.all().enumerate().map(|(place, stack)| (&entry.series.uid, place, stack));
                all.filter(move |(_, _, stack)| stack.document().is_some() == documents)
            })
        };
        of(false).chain(of(true))
    }
}

fn is_at(stack: &Stack, position: usize, frame: &FrameKey) -> bool {
    stack
        .images
        .get(position)
        .is_some_and(|image| image.frame == frame.frame && image.instance.sop_instance == frame.sop_instance)
}
