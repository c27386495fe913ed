//! The file of the key that signs checkpoints.

use std::io;
use std::path::{Path, PathBuf};

use integrations::OsRng;
use service::audit::SigningKey;

use super::Stop;
use super::private_file::{self, MayRead};
use crate::config::Config;

/// The file as the configuration has it.
pub fn file(config: &Config) -> Result<PathBuf, Stop> {
    config.audit_key_file().ok_or_else(|| {
        Stop::usage(
            "No key signs checkpoints here: with PostgreSQL, name its file by `audit_key_file` or \
             TENANTRY_AUDIT_KEY_FILE. It is made at the first use.",
        )
    })
}

/// Reads the key; `None` when there is no such file.
pub fn read(file: &Path) -> Result<Option<SigningKey>, Stop> {
    let complain = |error: &str| Stop::failed(format!("The key {}: {error}", file.display()));
    match private_file::read(file, MayRead::Group) {
        Ok(text) => SigningKey::parse(&text).map(Some).ok_or_else(|| complain("64 hexadecimal digits are expected")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(complain(&error.to_string())),
    }
}

/// Reads the key, or makes one and says so.
pub fn read_or_make(file: &Path) -> Result<SigningKey, Stop> {
    if let Some(key) = read(file)? {
        return Ok(key);
    }
    let key = SigningKey::generate(&OsRng);
    private_file::create(file, &format!("{}\n", *key.to_text()))
        .map_err(Stop::because(&format!("The key {} can't be made", file.display())))?;
    eprintln!("Made a key at {}. Keep its public half elsewhere: {}", file.display(), key.public());
    Ok(key)
}
