//! A copy of the packed site with more assets in it. site/build/pack.mjs describes the format.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

const MAGIC: &[u8] = b"TNTYSITE1\n";

pub struct Extended {
    pub file: PathBuf,
    /// The addresses of the added assets.
    pub copies: Vec<String>,
}

/// Writes `into`: the site of `from`, and each of `pages` as it is, uncompressed.
pub fn extend(from: &Path, into: &Path, pages: &[Vec<u8>]) -> Result<Extended> {
    let pack = fs::read(from).with_context(|| format!("reading {}", from.display()))?;
    let (mut header, mut blobs) = parts(&pack).with_context(|| format!("{} is no packed site", from.display()))?;
    let mut copies = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let address = format!("/bench/{number}/page.html");
        header["assets"][&address] = json!({
            "type": "text/html; charset=utf-8",
            "etag": format!("\"bench-{number}\""),
            "identity": [blobs.len(), page.len()],
            "br": null,
            "gzip": null,
        });
        blobs.extend_from_slice(page);
        copies.push(address);
    }
    let header = serde_json::to_vec(&header)?;
    let length = (header.len() as u64).to_le_bytes();
    fs::write(into, [MAGIC, &length, &header, &blobs].concat())?;
    Ok(Extended { file: into.to_owned(), copies })
}

fn parts(pack: &[u8]) -> Option<(Value, Vec<u8>)> {
    let (length, rest) = pack.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    let (header, blobs) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    Some((serde_json::from_slice(header).ok()?, blobs.to_vec()))
}
