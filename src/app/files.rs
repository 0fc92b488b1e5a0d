//! The system's dialogs for files and folders.

use std::path::PathBuf;

use crate::ui::Choice;

/// Asks for files or a folder; empty when nothing was chosen. The dialog opens now, on the thread of the window as
/// some systems need it; the future may be awaited anywhere.
pub(super) fn ask(choice: Choice) -> impl Future<Output = Vec<PathBuf>> + Send + 'static {
    let dialog = rfd::AsyncFileDialog::new();
    let (files, folder) = match choice {
        Choice::Files => (Some(dialog.pick_files()), None),
        Choice::Folder => (None, Some(dialog.pick_folder())),
    };
    async move {
        let mut chosen = Vec::new();
        if let Some(files) = files {
            chosen = files.await.unwrap_or_default();
        }
        if let Some(folder) = folder {
            chosen.extend(folder.await);
        }
        chosen.into_iter().map(|file| file.path().to_owned()).collect()
    }
}
