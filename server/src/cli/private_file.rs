//! Files that hold a secret: made for their owner alone, and not believed when others can get at them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Who besides its owner a secret's file may be readable for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayRead {
    Nobody,
    /// As some platforms mount secrets.
    Group,
}

/// Reads a secret's file.
pub fn read(path: &Path, others: MayRead) -> io::Result<String> {
    let mut file = File::open(path)?;
    refuse_if_open(&file, others)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// Makes a file that didn't exist.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = private(&mut options).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Replaces a file at once, so that nobody finds half of it.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => create(&new, text)?,
    }
    fs::rename(new, path)
}

/// Makes a folder for its owner alone; an existing one keeps its permissions.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(unix)]
fn refuse_if_open(file: &File, others: MayRead) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o777;
    let forbidden = match others {
        MayRead::Nobody => 0o077,
        MayRead::Group => 0o037,
    };
    if mode & forbidden == 0 {
        return Ok(());
    }
    let message =
        format!("others may open it (mode {mode:03o}), so it is not used; `chmod 600` makes it its owner's alone");
    Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
}

#[cfg(not(unix))]
fn refuse_if_open(_: &File, _: MayRead) -> io::Result<()> {
    Ok(())
}
