//! Where a command's images come from: files and folders, or a study of the vault.

use std::path::{Path, PathBuf};

use super::context::{Context, Failure};
use crate::dicom::Uid;
use crate::text::Message;
use crate::work::WorkError;
use crate::work::loaded::Loaded;
use crate::work::local::{self, Place};

/// Instances at hand, each with the place it came from.
pub(crate) struct Source {
    pub(crate) items: Vec<Item>,
    /// Something that belongs here is not: files that cannot be read, images that did not come home.
    pub(crate) incomplete: bool,
    /// Files that are no DICOM, met in folders and archives.
    pub(crate) skipped: usize,
}

/// One instance and where it came from.
pub(crate) struct Item {
    /// The file or the entry of an archive; nothing for an instance of the vault.
    pub(crate) place: Option<Place>,
    pub(crate) loaded: Loaded,
}

impl Item {
    /// Where it lies, as a person reads it.
    pub(crate) fn path(&self) -> Option<String> {
        self.place.as_ref().map(|place| place.label().display().to_string())
    }
}

impl Source {
    /// Files and folders. What cannot be used is told on standard error, one line a file.
    pub(crate) fn of_paths(context: &Context, paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut found = local::read_telling(paths, |progress| context.out.progress(progress))?;
        // A single file that was named needs no name before its one sentence.
        if let ([only], [(refused, _)]) = (paths, &found.refused[..])
            && found.loaded.is_empty()
            && only == refused
            && let Some((_, error)) = found.refused.pop()
        {
            return Err(error.into());
        }
        for (path, error) in &found.refused {
            let why = context.out.sentence(error);
            context
                .out
                .problem_in(&Message::new("cli-refused").with("path", path.display()).with("why", why));
        }
        if found.skipped > 0 {
            context.out.problem_in(&Message::new("cli-skipped").with("count", found.skipped));
        }
        if found.loaded.is_empty() {
            return Err(WorkError::NoImage.into());
        }
        let item = |(place, loaded)| Item { place: Some(place), loaded };
        let (incomplete, skipped) = (!found.refused.is_empty(), found.skipped);
        Ok(Self { items: found.loaded.into_iter().map(item).collect(), incomplete, skipped })
    }

    /// A study of the vault; what is missing of it is told on standard error. `exports` is where something of it
    /// will be written.
    pub(crate) fn of_vault(context: &Context, study: &Uid, exports: Option<&Path>) -> Result<Self, Failure> {
        let work = context.work(None)?;
        let held = work.load_study(study)?;
        if let Some(file) = exports {
            work.note_export(study, file)?;
        }
        for (instance, error) in &held.refused {
            let why = context.out.sentence(error);
            context.out.problem_in(&Message::new("cli-refused").with("path", instance).with("why", why));
        }
        if !held.whole {
            let told = Message::new("cli-study-incomplete")
                .with("received", held.loaded.len())
                .with("expected", held.expected.map_or_else(|| "?".to_owned(), |n| n.to_string()));
            context.out.problem_in(&told);
        }
        let items = held.loaded.into_iter().map(|loaded| Item { place: None, loaded }).collect();
        Ok(Self { items, incomplete: !held.whole, skipped: 0 })
    }

    /// The files that were read.
    pub(crate) fn inputs(&self) -> Vec<PathBuf> {
        let places = self.items.iter().filter_map(|item| item.place.as_ref());
        places.map(|place| place.file().to_owned()).collect()
    }
}
