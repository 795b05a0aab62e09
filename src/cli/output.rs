//! Files on disk: whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes each file under a temporary name beside its place and renames it; what stood there stays
/// until then. A refusal says path and cause.
pub fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), String> {
    let mut ready = Vec::new();
    for (path, bytes) in files {
        // A link stays a link: what it leads to is replaced.
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        let file = prepare(&place, bytes).map_err(|error| refusal(path, &error))?;
        ready.push((file, place));
    }
    for (file, path) in ready {
        file.persist(&path)
            .map_err(|error| refusal(&path, &error.error))?;
    }
    Ok(())
}

fn prepare(path: &Path, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(std::io::Error::other("这是一个文件夹")),
        Ok(found) if !found.is_file() => return Err(std::io::Error::other("这不是普通文件")),
        _ => {}
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".hongtou-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn refusal(path: &Path, error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let cause = match error.kind() {
        ErrorKind::NotFound => "所在的文件夹不存在".to_owned(),
        ErrorKind::PermissionDenied => "没有写入的权限，或文件正被别的程序打开".to_owned(),
        ErrorKind::StorageFull => "磁盘已满".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "磁盘是只读的".to_owned(),
        _ => error.to_string(),
    };
    format!("错误：无法写入 {}：{cause}", path.display())
}
