//! The list of what the tests left out, which they append to as they run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The file that `DOKUEI_SKIPS` names to the tests.
pub(crate) struct Skips {
    list: PathBuf,
}

impl Skips {
    /// A new list under the target folder, and empty.
    pub(crate) fn begin(target: &Path) -> Result<Self, String> {
        let list = target.join("skipped.txt");
        std::fs::create_dir_all(target)
            .and_then(|()| std::fs::write(&list, ""))
            .map_err(|why| format!("{}: {why}", list.display()))?;
        Ok(Self { list })
    }

    /// Where the tests append.
    pub(crate) fn list(&self) -> &Path {
        &self.list
    }

    /// Prints how many cases were skipped, and which.
    pub(crate) fn print(&self) {
        let text = std::fs::read_to_string(&self.list).unwrap_or_default();
        let lines: BTreeSet<&str> = text.lines().collect();
        for line in &lines {
            println!("  {line}");
        }
        println!("xtask: {} cases skipped ({})", lines.len(), self.list.display());
    }
}
