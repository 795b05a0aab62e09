//! Files on disk: whole or not at all.

use std::fmt;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// How the temporary files of outputs begin; what a killed run leaves is known by it.
pub const TEMPORARY: &str = ".hongtou-";

/// Why a file could not be written.
#[derive(Debug)]
pub struct WriteError {
    pub path: PathBuf,
    pub error: Error,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, cause) = (self.path.display(), cause(&self.error));
        write!(f, "错误：无法写入 {path}：{cause}")
    }
}

/// Why the system refused to write, in Chinese where it is one of the usual causes.
pub fn cause(error: &Error) -> String {
    let cause = match error.kind() {
        ErrorKind::NotFound => "所在的文件夹不存在",
        ErrorKind::PermissionDenied => "没有写入的权限，或文件正被别的程序打开",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "路径里应当是文件夹的地方是一个文件",
        ErrorKind::InvalidFilename => "名称太长，或者用了不能用的字符",
        _ => return error.to_string(),
    };
    cause.to_owned()
}

/// Tells whether two paths lead to one place, whether or not a file stands there.
pub fn is_same(one: &Path, other: &Path) -> bool {
    one == other || place(one) == place(other)
}

fn place(path: &Path) -> PathBuf {
    let by_folder = || {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
        match (folder, whole.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => whole,
        }
    };
    path.canonicalize().unwrap_or_else(|_| by_folder())
}

/// The file of `read` at whose place an output would stand.
pub fn would_replace<'a>(output: &Path, read: &'a [PathBuf]) -> Option<&'a Path> {
    let mut read = read.iter().map(PathBuf::as_path);
    read.find(|read| is_same(output, read))
}

/// Writes each file under a temporary name beside its place and renames it; what stood there stays
/// until then. A refusal says path and cause.
pub fn write_all(files: &[(PathBuf, Vec<u8>)]) -> std::result::Result<(), String> {
    let mut ready = Vec::new();
    for (path, bytes) in files {
        ready.push(Waiting::with(path, bytes).map_err(|error| error.to_string())?);
    }
    let mut put = ready.into_iter().map(Waiting::put);
    put.try_for_each(|put| put.map_err(|error| error.to_string()))
}

/// A file under a temporary name that waits to be put in its place; dropped, it is gone.
pub struct Waiting {
    file: NamedTempFile,
    path: PathBuf,
}

impl Waiting {
    /// Begins a file that will stand at `path`.
    pub fn new(path: &Path) -> Result<Self> {
        let written = path.as_os_str().to_string_lossy();
        if written.ends_with(std::path::is_separator) {
            return Err(Error::other("这里要写到文件名，如“通报.pdf”，只写了文件夹"));
        }
        match path.metadata() {
            Ok(found) if found.is_dir() => return Err(Error::other("这是一个文件夹")),
            Ok(found) if !found.is_file() => return Err(Error::other("这不是普通文件")),
            _ => {}
        }
        // A link stays a link: what it leads to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY).suffix(".tmp");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Waiting { file, path })
    }

    /// Writes the bytes of a file that will stand at `path`.
    pub fn with(path: &Path, bytes: &[u8]) -> std::result::Result<Self, WriteError> {
        let write = |mut waiting: Waiting| {
            waiting.write_all(bytes)?;
            waiting.sync()?;
            Ok(waiting)
        };
        Waiting::new(path)
            .and_then(write)
            .map_err(|error| WriteError {
                path: path.to_owned(),
                error,
            })
    }

    /// Waits until all that was written is on the disk.
    pub fn sync(&self) -> Result<()> {
        self.file.as_file().sync_all()
    }

    /// Puts the file in its place.
    pub fn put(self) -> std::result::Result<(), WriteError> {
        let Waiting { file, path } = self;
        file.persist(&path).map(drop).map_err(|error| WriteError {
            path,
            error: error.error,
        })
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

impl std::io::Seek for Waiting {
    fn seek(&mut self, to: std::io::SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}
/// A name for an older file that is kept beside a new one, such as `发文台账-旧1.xlsx`, that nothing
/// bears yet.
pub fn aside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let names = (1..).map(|number| path.with_file_name(format!("{stem}-旧{number}.{ending}")));
    let mut free = names.filter(|path| !path.exists());
    free.next()
        .expect("a folder holds no endless number of files")
}
