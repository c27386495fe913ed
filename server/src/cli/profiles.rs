//! Whom the command line acts as, server by server: `profiles.toml`, which holds tokens and is its owner's alone.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use service::Secret;

use super::Stop;
use super::private_file::{self, MayRead};

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub addr: String,
    token: String,
    pub email: String,
}

impl Profile {
    pub fn new(addr: String, token: &Secret, email: String) -> Self {
        Self { addr, token: token.expose().to_owned(), email }
    }

    pub fn token(&self) -> Secret {
        Secret::from(self.token.clone())
    }
}

/// The file as it was read.
pub struct Profiles {
    file: PathBuf,
    by_name: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads the file, where there is one.
    pub fn open() -> Result<Self, Stop> {
        let file = folder()?.join("profiles.toml");
        let place = format!("The profiles {}", file.display());
        let by_name = match private_file::read(&file, MayRead::Nobody) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                // The whole message would quote the line, which may hold a token.
                Stop::failed(format!("{place}: {}", error.message()))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Stop::because(&place)(error)),
        };
        Ok(Self { file, by_name })
    }

    /// A profile of this name, or how to get one.
    pub fn get(&self, name: &str) -> Result<&Profile, Stop> {
        self.by_name.get(name).ok_or_else(|| {
            Stop::failed(format!("Not signed in: there is no profile `{name}`. `tenantry login --addr URL` makes one."))
        })
    }

    /// Makes the folder, so that nobody signs in for nothing.
    pub fn make_room(&self) -> Result<(), Stop> {
        let made = self.file.parent().map_or(Ok(()), private_file::make_folder);
        made.map_err(Stop::because(&format!("The profiles {}", self.file.display())))
    }

    pub fn put(mut self, name: &str, profile: Profile) -> Result<(), Stop> {
        self.by_name.insert(name.to_owned(), profile);
        self.save()
    }

    pub fn remove(mut self, name: &str) -> Result<(), Stop> {
        self.by_name.remove(name);
        self.save()
    }

    fn save(&self) -> Result<(), Stop> {
        let place = format!("The profiles {}", self.file.display());
        let text = toml::to_string(&self.by_name).map_err(Stop::because(&place))?;
        private_file::replace(&self.file, &text).map_err(Stop::because(&place))
    }
}

/// `$XDG_CONFIG_HOME/tenantry`, or `~/.config/tenantry`.
fn folder() -> Result<PathBuf, Stop> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")));
    let config =
        config.ok_or_else(|| Stop::usage("Neither XDG_CONFIG_HOME nor HOME says where profiles may be kept."))?;
    Ok(config.join("tenantry"))
}

/// A profile's name, as typed.
pub fn parse_name(text: &str) -> Result<String, String> {
    let good = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if good && (1..=32).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("a profile's name has 1 to 32 letters, digits, “-” and “_”".to_owned())
    }
}
