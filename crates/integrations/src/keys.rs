//! Encryption keys, from a file or from the configuration.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use service::ports::{Keys, Rng};
use service::vault::MasterKey;

use crate::OsRng;

/// Keys that stay as they were given.
#[derive(Debug, Default)]
pub struct FixedKeys(pub Vec<MasterKey>);

impl Keys for FixedKeys {
    fn keys(&self) -> Vec<MasterKey> {
        self.0.clone()
    }
}

/// A file of keys, one a line, the current one first. It is read again when it changes, so that a running server
/// encrypts with a new key at once.
pub struct FileKeys {
    path: PathBuf,
    read: Mutex<(Option<SystemTime>, Vec<MasterKey>)>,
}

impl FileKeys {
    /// Reads a file that must exist and hold a key.
    pub fn open(path: &Path) -> io::Result<Self> {
        let keys = read(path)?;
        Ok(Self { path: path.to_owned(), read: Mutex::new((modified(path), keys)) })
    }

    /// As [`open`](Self::open); a file that isn't there is made, with a fresh key, for its owner alone.
    pub fn open_or_make(path: &Path) -> io::Result<Self> {
        match write(path, &[fresh()], true) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other?,
        }
        Self::open(path)
    }
}

impl Keys for FileKeys {
    fn keys(&self) -> Vec<MasterKey> {
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let now = modified(&self.path);
        // A file that can't be read for a moment changes nothing.
        if now.is_some()
            && now != known.0
            && let Ok(keys) = read(&self.path)
        {
            *known = (now, keys);
        }
        known.1.clone()
    }
}

/// Puts a fresh key before those of the file, and answers its id.
pub fn add_key(path: &Path) -> io::Result<String> {
    let key = fresh();
    let id = key.id().to_owned();
    let mut keys = read(path)?;
    keys.insert(0, key);
    write(path, &keys, false)?;
    Ok(id)
}

/// Keeps only the file's current key, and answers the ids of the others.
pub fn drop_older_keys(path: &Path) -> io::Result<Vec<String>> {
    let mut keys = read(path)?;
    let older = keys.split_off(1);
    write(path, &keys, false)?;
    Ok(older.iter().map(|key| key.id().to_owned()).collect())
}

/// Keys from a text: separated by lines or commas; `#` begins a remark.
pub fn parse_keys(text: &str) -> Result<Vec<MasterKey>, String> {
    let lines = text.split(['\n', ',']).map(|line| line.split('#').next().unwrap_or_default().trim());
    let keys: Option<Vec<MasterKey>> = lines.filter(|line| !line.is_empty()).map(MasterKey::parse).collect();
    match keys {
        Some(keys) if !keys.is_empty() => Ok(keys),
        // The complaint doesn't quote it.
        _ => Err("a key is 32 random bytes in base64, as `openssl rand -base64 32` makes them".to_owned()),
    }
}

fn fresh() -> MasterKey {
    let mut bytes = [0; 32];
    OsRng.fill(&mut bytes);
    MasterKey::new(bytes)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn read(path: &Path) -> io::Result<Vec<MasterKey>> {
    parse_keys(&fs::read_to_string(path)?).map_err(io::Error::other)
}

/// Whole or not at all: what is read meanwhile is the old file or the new one.
fn write(path: &Path, keys: &[MasterKey], must_be_new: bool) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        for key in keys {
            writeln!(file, "{}", key.to_text())?;
        }
        file.sync_all()
    });
    let placed = written.and_then(|()| match must_be_new {
        // Of two processes that start at once, one makes the file.
        true => fs::hard_link(&beside, path).and_then(|()| fs::remove_file(&beside)),
        false => fs::rename(&beside, path),
    });
    if placed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_and_read_again_when_it_changes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("encryption.key");
        assert!(FileKeys::open(&path).is_err());
        let keys = FileKeys::open_or_make(&path).unwrap();
        let first = keys.keys();
        assert_eq!(FileKeys::open_or_make(&path).unwrap().keys(), first);
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);

        let id = add_key(&path).unwrap();
        // As if time had passed since it was read.
        keys.read.lock().unwrap().0 = None;
        let both = keys.keys();
        assert_eq!((both.len(), both[0].id(), &both[1]), (2, id.as_str(), &first[0]));
        assert_eq!(drop_older_keys(&path).unwrap(), [first[0].id()]);
        assert_eq!(FileKeys::open(&path).unwrap().keys(), [both[0].clone()]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn only_whole_keys_are_read() {
        let key = fresh();
        let text = format!("# current\n{}\n\n{} # old\n", key.to_text(), fresh().to_text());
        assert_eq!(parse_keys(&text).unwrap()[0], key);
        for bad in ["", "x", "AAAA", &format!("{},nonsense", key.to_text())] {
            assert!(parse_keys(bad).is_err(), "{bad}");
        }
    }
}
