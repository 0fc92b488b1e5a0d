//! Where a command's images come from: files and folders, or a study of the vault.

use std::path::PathBuf;

use super::context::{Context, Failure};
use crate::dicom::Uid;
use crate::text::Message;
use crate::work::loaded::Loaded;
use crate::work::{WorkError, local};

/// Instances at hand, each with the place it came from.
pub(crate) struct Source {
    pub(crate) items: Vec<Item>,
    /// Something that belongs here is not: files that cannot be read, images that did not come home.
    pub(crate) incomplete: bool,
}

/// One instance and where it came from.
pub(crate) struct Item {
    /// The file; nothing for an instance of the vault.
    pub(crate) path: Option<PathBuf>,
    pub(crate) loaded: Loaded,
}

impl Source {
    /// Files and folders. What cannot be used is told on standard error, one line a file.
    pub(crate) fn of_paths(context: &Context, paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut found = local::read(paths)?;
        // A single file that was named needs no name before its one sentence.
        if matches!(paths, [only] if only.is_file())
            && found.loaded.is_empty()
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
        if found.loaded.is_empty() {
            return Err(WorkError::NoImage.into());
        }
        let item = |(path, loaded)| Item { path: Some(path), loaded };
        let incomplete = !found.refused.is_empty();
        Ok(Self { items: found.loaded.into_iter().map(item).collect(), incomplete })
    }

    /// A study of the vault; what is missing of it is told on standard error.
    pub(crate) fn of_vault(context: &Context, study: &Uid) -> Result<Self, Failure> {
        let held = context.work(None)?.load_study(study)?;
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
        let items = held.loaded.into_iter().map(|loaded| Item { path: None, loaded }).collect();
        Ok(Self { items, incomplete: !held.whole })
    }

    /// The files that were read.
    pub(crate) fn inputs(&self) -> Vec<PathBuf> {
        self.items.iter().filter_map(|item| item.path.clone()).collect()
    }
}
