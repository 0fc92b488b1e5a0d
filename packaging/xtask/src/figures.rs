//! What the long campaigns measured, which they append to as they run.

use std::path::{Path, PathBuf};

/// The table that `DOKUEI_FIGURES` names to the tests: a goal and what was measured, with a tab between.
pub(crate) struct Figures {
    table: PathBuf,
}

impl Figures {
    /// A new table under the target folder, and empty.
    pub(crate) fn begin(target: &Path) -> Result<Self, String> {
        let table = target.join("faults.txt");
        std::fs::create_dir_all(target)
            .and_then(|()| std::fs::write(&table, ""))
            .map_err(|why| format!("{}: {why}", table.display()))?;
        Ok(Self { table })
    }

    /// Where the tests append.
    pub(crate) fn table(&self) -> &Path {
        &self.table
    }

    /// Prints the table, in the order of the goals.
    pub(crate) fn print(&self) {
        let text = std::fs::read_to_string(&self.table).unwrap_or_default();
        let mut rows: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        rows.sort_unstable();
        println!("xtask: measured ({})", self.table.display());
        for (goal, measured) in rows {
            println!("  {goal:34} {measured}");
        }
    }
}
