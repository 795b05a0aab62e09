//! The files that a draft is made of. Comes in: their paths, and what the system says of their
//! folders. Goes out: the news that one of them was touched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// A save is over when nothing was touched for so long.
const QUIET: Duration = Duration::from_millis(12);

/// A program that writes without end does not keep us waiting longer.
const MOST_WAIT: Duration = Duration::from_millis(250);

/// How often the files are looked at themselves: folders on other machines send no news.
const LOOK: Duration = Duration::from_millis(1000);

/// The system's times of files may lag behind its clock by so much.
const TICK: Duration = Duration::from_millis(20);

/// The files and folders that are watched.
pub struct Files {
    news: Receiver<PathBuf>,
    /// `None` where the system gives no news; then only looking helps.
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    /// As the system names them.
    files: BTreeSet<PathBuf>,
    stamps: BTreeMap<PathBuf, Stamp>,
    looked: Instant,
    /// Our own outputs.
    ignored: Vec<PathBuf>,
}

/// What tells a file from what it was before: its length and time, in a folder those of each entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamp(Vec<(PathBuf, u64, Option<SystemTime>)>);

impl Files {
    /// Watches nothing yet.
    pub fn new(ignored: Vec<PathBuf>) -> Self {
        let (sender, news) = channel();
        let watcher = notify::recommended_watcher(move |event| tell(&sender, event)).ok();
        Files {
            news,
            watcher,
            folders: BTreeSet::new(),
            files: BTreeSet::new(),
            stamps: BTreeMap::new(),
            looked: Instant::now(),
            ignored: ignored.iter().map(|path| place(path)).collect(),
        }
    }

    /// Watches these files and folders and no others; files may be missing. One that was not watched so
    /// far may have been touched after it was read: if it was touched after `since`, that is news.
    pub fn watch(&mut self, paths: &[PathBuf], since: SystemTime) {
        let files: BTreeSet<PathBuf> = paths
            .iter()
            // A link is watched where it stands and where it leads to.
            .flat_map(|path| [place(path), path.canonicalize().unwrap_or(place(path))])
            .collect();
        let folders: BTreeSet<PathBuf> = files
            .iter()
            .flat_map(|file| [file.parent().map(Path::to_owned), Some(file.clone())])
            .flatten()
            .filter(|folder| folder.is_dir())
            .collect();
        if let Some(watcher) = &mut self.watcher {
            for folder in self.folders.difference(&folders) {
                let _ = watcher.unwatch(folder); // It may be gone.
            }
            for folder in folders.difference(&self.folders) {
                // Where that is refused, looking helps.
                let _ = watcher.watch(folder, RecursiveMode::NonRecursive);
            }
        }
        self.stamps.retain(|file, _| files.contains(file));
        for file in &files {
            let stamp = || match Stamp::of(file) {
                stamp if stamp.is_since(since) => Stamp::default(),
                stamp => stamp,
            };
            self.stamps.entry(file.clone()).or_insert_with(stamp);
        }
        (self.folders, self.files) = (folders, files);
    }

    /// Remembers how the files are before they are read: what differs later was touched.
    pub fn remember(&mut self) {
        self.stamps = self.stamps();
    }

    /// Waits until a file is touched and the save is over, at most for `time`; tells whether one was.
    pub fn wait(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let now = Instant::now();
            let left = end.saturating_duration_since(now);
            let pause = left.min(LOOK.saturating_sub(now - self.looked));
            match self.news.recv_timeout(pause) {
                Ok(path) if self.concerns(&path) => {
                    self.settle();
                    return true;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {}
                // Without a watcher there are no news.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(pause),
            }
            if self.looked.elapsed() >= LOOK {
                self.looked = Instant::now();
                if self.stamps() != self.stamps {
                    self.settle();
                    return true;
                }
            }
            if Instant::now() >= end {
                return false;
            }
        }
    }

    /// Waits for the end of a burst.
    fn settle(&mut self) {
        let end = Instant::now() + MOST_WAIT;
        let mut quiet = Instant::now() + QUIET;
        while let Ok(path) = self
            .news
            .recv_timeout(quiet.min(end).saturating_duration_since(Instant::now()))
        {
            if self.concerns(&path) {
                quiet = Instant::now() + QUIET;
            }
        }
    }

    /// Tells whether a path is one of the files, or lies in one of the folders.
    fn concerns(&self, path: &Path) -> bool {
        if self.ignored.iter().any(|ignored| ignored == path) {
            return false;
        }
        let inside = path
            .parent()
            .is_some_and(|folder| self.files.contains(folder));
        self.files.contains(path) || (inside && !is_scratch(path))
    }

    fn stamps(&self) -> BTreeMap<PathBuf, Stamp> {
        let stamp = |file: &PathBuf| (file.clone(), Stamp::of(file));
        self.files.iter().map(stamp).collect()
    }
}

impl Stamp {
    pub fn of(path: &Path) -> Stamp {
        let entry = |path: &Path| {
            let metadata = path.metadata().ok()?;
            Some((path.to_owned(), metadata.len(), metadata.modified().ok()))
        };
        let mut entries: Vec<_> = match path.read_dir() {
            Ok(entries) => entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| !is_scratch(path))
                .filter_map(|path| entry(&path))
                .collect(),
            Err(_) => entry(path).into_iter().collect(),
        };
        entries.sort();
        Stamp(entries)
    }

    fn is_since(&self, since: SystemTime) -> bool {
        let mut times = self.0.iter().filter_map(|(_, _, time)| *time);
        times.any(|time| time + TICK >= since)
    }
}

/// Sends the paths of an event that may have changed a file.
fn tell(sender: &Sender<PathBuf>, event: notify::Result<Event>) {
    let Ok(event) = event else { return };
    let read_only = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    };
    if !read_only {
        for path in event.paths {
            let _ = sender.send(path); // Nobody listens at the end.
        }
    }
}

/// What programs leave beside the files they have open: lock files and copies under way.
fn is_scratch(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') || name.ends_with(".tmp")
}

/// A path from the root, its folder without links, so that it is named as news name it.
fn place(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, whole.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const SHORT: Duration = Duration::from_millis(300);

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("通报.yaml");
        std::fs::write(&file, "一").unwrap();
        (folder, file)
    }

    fn watching(paths: &[PathBuf]) -> Files {
        let mut files = Files::new(Vec::new());
        files.watch(paths, SystemTime::now());
        files.remember();
        files
    }

    /// A ledger that was saved while the first run was under way was never read again.
    #[test]
    fn a_file_that_was_touched_before_it_was_watched_is_news() {
        let (folder, file) = folder();
        let ledger = folder.path().join("台账").join("台账.csv");
        std::fs::create_dir(ledger.parent().unwrap()).unwrap();
        std::fs::write(&ledger, "一").unwrap();
        std::thread::sleep(2 * TICK);
        let mut files = watching(std::slice::from_ref(&file));
        let since = SystemTime::now();
        let both = [file, ledger.clone()];
        files.watch(&both, since);
        assert!(!files.wait(LOOK + SHORT), "untouched");
        let mut files = watching(&both[..1]);
        std::fs::write(&ledger, "二").unwrap();
        files.watch(&both, since);
        assert!(files.wait(LOOK + SHORT));
    }

    #[test]
    fn sees_a_file_written_in_place_and_one_renamed_over_it() {
        let (folder, file) = folder();
        let mut files = watching(std::slice::from_ref(&file));
        std::fs::write(&file, "二").unwrap();
        assert!(files.wait(SOON));
        files.remember();
        let other = folder.path().join("另存");
        std::fs::write(&other, "三").unwrap();
        std::fs::rename(&other, &file).unwrap();
        assert!(files.wait(SOON));
    }

    #[test]
    fn sees_a_file_that_was_missing_and_a_folder_that_was() {
        let (folder, file) = folder();
        let missing = folder.path().join("台账.xlsx");
        let below = folder.path().join("模板").join("结尾.md");
        let mut files = watching(&[file, missing.clone(), below.clone()]);
        std::fs::write(&missing, "一").unwrap();
        assert!(files.wait(SOON));
        files.remember();
        std::fs::create_dir(below.parent().unwrap()).unwrap();
        std::fs::write(&below, "一").unwrap();
        assert!(files.wait(SOON));
    }

    #[test]
    fn lock_files_other_files_and_reading_are_no_news() {
        let (folder, file) = folder();
        let templates = folder.path().join("模板");
        std::fs::create_dir(&templates).unwrap();
        let mut files = watching(&[file.clone(), templates.clone()]);
        while files.wait(SHORT) {
            files.remember();
        }
        for name in [".~lock.通报.yaml#", "~$通报.yaml", "别的.txt", "通报.pdf"] {
            std::fs::write(folder.path().join(name), "一").unwrap();
        }
        std::fs::write(templates.join(".~lock.结尾.md#"), "一").unwrap();
        std::fs::read(&file).unwrap();
        assert!(!files.wait(SHORT));
        std::fs::write(templates.join("结尾.md"), "一").unwrap();
        assert!(files.wait(SOON));
    }

    #[test]
    fn a_burst_is_one_change() {
        let (_folder, file) = folder();
        let mut files = watching(std::slice::from_ref(&file));
        for text in ["二", "三", "四"] {
            std::fs::write(&file, text).unwrap();
        }
        assert!(files.wait(SOON));
        files.remember();
        assert!(!files.wait(SHORT));
    }
}
