//! A disk that loses what was not flushed.
//!
//! Of a file, what its last `fsync` or `fdatasync` covered is safe; of a folder, the names that a flush of the
//! folder covered. Everything later may be there or not when the power comes back, each change for itself and
//! whatever the order (POSIX promises no more; common file systems lose less).

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::change::{Change, Cut, Naming};
use super::trace::{Call, Did};
use crate::vault::Random;

/// The files and folders below `root`: the first node is `root` itself.
pub(super) struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    open: HashMap<i64, Handle>,
}

struct Handle {
    node: usize,
    stands_at: u64,
}

enum Node {
    File(File),
    Folder(Folder),
}

#[derive(Default)]
struct File {
    safe: Vec<u8>,
    /// With the place of each in the record.
    later: Vec<(usize, Change)>,
}

#[derive(Default)]
struct Folder {
    safe: BTreeMap<OsString, usize>,
    later: Vec<(usize, Naming)>,
}

impl Disk {
    /// What lies in `root` now, all of it safe; files called one of `without` are left out.
    pub(super) fn of(root: &Path, without: &[&str]) -> Self {
        let mut disk = Self { root: root.to_owned(), nodes: Vec::new(), open: HashMap::new() };
        disk.take(root, without);
        disk
    }

    fn take(&mut self, path: &Path, without: &[&str]) -> usize {
        let node = self.nodes.len();
        if path.is_file() {
            self.nodes.push(Node::File(File { safe: std::fs::read(path).unwrap(), later: Vec::new() }));
            return node;
        }
        self.nodes.push(Node::Folder(Folder::default()));
        let mut safe = BTreeMap::new();
        for entry in std::fs::read_dir(path).unwrap() {
            let (name, path) = entry.map(|entry| (entry.file_name(), entry.path())).unwrap();
            if !without.iter().any(|left_out| name == *left_out) {
                safe.insert(name, self.take(&path, without));
            }
        }
        self.nodes[node] = Node::Folder(Folder { safe, later: Vec::new() });
        node
    }

    /// The process has ended: what it wrote is still on its way.
    pub(super) fn process_ends(&mut self) {
        self.open.clear();
        // The next process has a record of its own.
        for node in &mut self.nodes {
            match node {
                Node::File(file) => file.later.iter_mut().for_each(|(at, _)| *at = 0),
                Node::Folder(folder) => folder.later.iter_mut().for_each(|(at, _)| *at = 0),
            }
        }
    }

    /// Does what a call did.
    pub(super) fn follow(&mut self, call: &Call) {
        let time = call.ended;
        match &call.did {
            Did::Opened { descriptor, path, makes, empties } => {
                self.open.remove(descriptor);
                let Some((folder, name)) = self.place(path) else { return };
                let known =
                    if name.is_empty() { Some(folder) } else { self.names(folder).get(&name).copied() };
                let node = known
                    .or_else(|| makes.then(|| self.make(folder, name, Node::File(File::default()), time)));
                let Some(node) = node else { return };
                self.open.insert(*descriptor, Handle { node, stands_at: 0 });
                if *empties && known.is_some() {
                    self.change(node, time, Change::Cut(0));
                }
            }
            Did::Other { name, descriptors } => {
                let ours = descriptors.iter().any(|descriptor| self.open.contains_key(descriptor));
                assert!(!ours, "{name} is not in this model of a disk");
            }
            Did::Closed { descriptor } => drop(self.open.remove(descriptor)),
            Did::Copied { from, to } => {
                self.open.remove(to);
                assert!(!self.open.contains_key(from), "a copied descriptor is not in this model");
            }
            Did::Wrote { descriptor, at, bytes } => {
                let Some(handle) = self.open.get_mut(descriptor) else { return };
                let place = at.unwrap_or(handle.stands_at);
                if at.is_none() {
                    handle.stands_at += bytes.len() as u64;
                }
                let node = handle.node;
                self.change(node, time, Change::Write(place, bytes.clone()));
            }
            Did::Cut { descriptor, length } => {
                let Some(node) = self.open.get(descriptor).map(|handle| handle.node) else { return };
                self.change(node, time, Change::Cut(*length));
            }
            Did::Flushed { descriptor } => {
                let Some(node) = self.open.get(descriptor).map(|handle| handle.node) else { return };
                self.flush(node, call.begun);
            }
            Did::Renamed { from, to } => {
                let (Some((folder, from)), Some((into, to))) = (self.place(from), self.place(to)) else {
                    return;
                };
                assert_eq!(folder, into, "a rename from folder to folder is not in this model");
                let node = self.names(folder)[&from];
                self.name(folder, time, Naming::Rename(from, to, node));
            }
            Did::Removed { path } => {
                if let Some((folder, name)) = self.place(path) {
                    self.name(folder, time, Naming::Unlink(name));
                }
            }
            Did::MadeFolder { path } => {
                if let Some((folder, name)) = self.place(path).filter(|(_, name)| !name.is_empty()) {
                    self.make(folder, name, Node::Folder(Folder::default()), time);
                }
            }
        }
    }

    /// Whether a call may have changed, flushed or told something.
    pub(super) fn concerns(&self, call: &Call) -> bool {
        match &call.did {
            Did::Wrote { .. } | Did::Cut { .. } | Did::Flushed { .. } => true,
            Did::Opened { path, makes, empties, .. } => (*makes || *empties) && path.starts_with(&self.root),
            Did::Renamed { to: path, .. } | Did::Removed { path } | Did::MadeFolder { path } => {
                path.starts_with(&self.root)
            }
            Did::Closed { .. } | Did::Copied { .. } | Did::Other { .. } => false,
        }
    }

    /// Writes what is left after a power cut now into the empty folder `out`.
    pub(super) fn after(&self, cut: Cut, random: &mut Random, out: &Path) {
        let luck = [10, 50, 90][random.below(3)];
        self.write(0, cut, luck, random, out);
    }

    fn write(&self, node: usize, cut: Cut, luck: usize, random: &mut Random, out: &Path) {
        match &self.nodes[node] {
            Node::File(file) => {
                let mut bytes = file.safe.clone();
                for (_, change) in &file.later {
                    change.survive(cut, luck, random, &mut bytes);
                }
                std::fs::write(out, bytes).unwrap();
            }
            Node::Folder(folder) => {
                let mut names = folder.safe.clone();
                for (_, naming) in &folder.later {
                    if !matches!(cut, Cut::DropAll) && random.below(100) < luck {
                        naming.apply(&mut names);
                    }
                }
                std::fs::create_dir_all(out).unwrap();
                for (name, node) in names {
                    self.write(node, cut, luck, random, &out.join(name));
                }
            }
        }
    }

    /// The folder that a path lies in, and its name there; empty for the root itself. `None` for what is not here.
    fn place(&self, path: &Path) -> Option<(usize, OsString)> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let mut folder = 0;
        let mut names: Vec<_> = inside.iter().map(OsString::from).collect();
        let last = names.pop().unwrap_or_default();
        for name in names {
            folder = *self.names(folder).get(&name)?;
        }
        let is_folder = |node: &usize| matches!(self.nodes[*node], Node::Folder(_));
        match self.names(folder).get(&last).copied().filter(is_folder) {
            Some(itself) => Some((itself, OsString::new())),
            None => Some((folder, last)),
        }
    }

    /// The names in a folder as a running program sees them.
    fn names(&self, folder: usize) -> BTreeMap<OsString, usize> {
        let Node::Folder(folder) = &self.nodes[folder] else { panic!("a file is no folder") };
        let mut names = folder.safe.clone();
        folder.later.iter().for_each(|(_, naming)| naming.apply(&mut names));
        names
    }

    fn make(&mut self, folder: usize, name: OsString, new: Node, time: usize) -> usize {
        self.nodes.push(new);
        let node = self.nodes.len() - 1;
        self.name(folder, time, Naming::Link(name, node));
        node
    }

    fn name(&mut self, folder: usize, time: usize, naming: Naming) {
        let Node::Folder(folder) = &mut self.nodes[folder] else { panic!("a file is no folder") };
        folder.later.push((time, naming));
    }

    fn change(&mut self, node: usize, time: usize, change: Change) {
        let Node::File(file) = &mut self.nodes[node] else { panic!("a folder has no bytes") };
        file.later.push((time, change));
    }

    /// What was done before the flush was begun is safe.
    fn flush(&mut self, node: usize, begun: usize) {
        match &mut self.nodes[node] {
            Node::File(file) => {
                let (safe, later) =
                    std::mem::take(&mut file.later).into_iter().partition(|(at, _)| *at < begun);
                let safe: Vec<_> = safe;
                safe.iter().for_each(|(_, change)| change.apply(&mut file.safe));
                file.later = later;
            }
            Node::Folder(folder) => {
                let (safe, later) =
                    std::mem::take(&mut folder.later).into_iter().partition(|(at, _)| *at < begun);
                let safe: Vec<_> = safe;
                safe.iter().for_each(|(_, naming)| naming.apply(&mut folder.safe));
                folder.later = later;
            }
        }
    }
}
