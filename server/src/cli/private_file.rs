//! Files that hold a secret: made for their owner alone, and not believed when others can get at them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// What others may not be allowed on a secret's file. Its group may read it: some platforms mount secrets so.
#[cfg(unix)]
const FORBIDDEN: u32 = 0o037;

/// Reads a secret's file.
pub fn read(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    refuse_if_open(&file)?;
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
fn refuse_if_open(file: &File) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o777;
    if mode & FORBIDDEN == 0 {
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
