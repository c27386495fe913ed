//! Skips steps whose inputs are those of last time.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// What a step depends on, boiled down to a number.
#[derive(Default)]
pub struct Inputs(DefaultHasher);

impl Inputs {
    pub fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// The content of a file.
    pub fn file(mut self, path: &Path) -> Result<Self> {
        let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        self.add(path.as_os_str().as_encoded_bytes());
        self.add(&content);
        Ok(self)
    }

    /// The names and contents of all files below a folder.
    pub fn tree(mut self, folder: &Path) -> Result<Self> {
        for file in files_below(folder)? {
            self = self.file(&file)?;
        }
        Ok(self)
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
    }

    pub fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// The fingerprint a step left behind when it last succeeded.
pub struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    pub fn new(step: &str, inputs: Inputs) -> Self {
        Self { file: workspace::kept(&format!("{step}.stamp")), fingerprint: inputs.finish() }
    }

    /// Whether the step succeeded on these inputs and what it made is still there.
    pub fn holds(&self, made: &[&Path]) -> bool {
        made.iter().all(|path| path.exists()) && fs::read_to_string(&self.file).is_ok_and(|it| it == self.fingerprint)
    }

    pub fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.fingerprint).with_context(|| format!("writing {}", self.file.display()))
    }
}

/// Every file below `folder`, sorted; what tools unpack or build there is left out.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                found.push(entry.path());
            } else if entry.file_name() != "node_modules" && entry.file_name() != "target" {
                folders.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |parts: &[&str]| parts.iter().fold(Inputs::default(), |inputs, part| inputs.text(part)).finish();
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
