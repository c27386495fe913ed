//! The packed site: everything the browser loads besides pages, in one file that `cargo xtask` writes.
//!
//! Layout: the line `TNTYSITE1`, the header's length as 64 bits little-endian, the header as JSON, then the blobs.
//! The header names every asset under its content-hashed path and where its bytes stand, counted from the first
//! blob. Tests and `cargo xtask run` read the pack from a file; `cargo xtask build --release` puts it into the binary
//! (feature `embed`). Either way an asset is served as a slice of the one buffer, never copied.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use app::document::SiteEntry;
use bytes::Bytes;
use http::HeaderValue;
use serde::Deserialize;

/// Names the pack's file for binaries that carry none.
pub const FILE_VARIABLE: &str = "TENANTRY_SITE_FILE";

const MAGIC: &[u8] = b"TNTYSITE1\n";

/// One asset with its representations.
#[derive(Debug, Clone)]
pub struct Asset {
    pub content_type: HeaderValue,
    /// Strong, of the uncompressed bytes; each coding adds its own mark.
    etag: String,
    pub identity: Bytes,
    pub brotli: Option<Bytes>,
    pub gzip: Option<Bytes>,
}

impl Asset {
    /// The entity tag of one representation; `coding` is empty for the uncompressed one.
    pub fn etag(&self, coding: &str) -> String {
        if coding.is_empty() { format!("\"{}\"", self.etag) } else { format!("\"{}-{coding}\"", self.etag) }
    }
}

/// A site that was read and checked.
#[derive(Debug)]
pub struct Site {
    assets: HashMap<String, Asset>,
    /// First path segments that hold nothing but assets.
    folders: HashSet<String>,
    entry: Arc<SiteEntry>,
}

/// Why a pack can't be used.
#[derive(Debug)]
pub struct BadSite(String);

impl fmt::Display for BadSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadSite {}

#[derive(Deserialize)]
struct Header {
    assets: HashMap<String, Packed>,
    entry: SiteEntry,
}

#[derive(Deserialize)]
struct Packed {
    #[serde(rename = "type")]
    content_type: String,
    etag: String,
    identity: [usize; 2],
    br: Option<[usize; 2]>,
    gzip: Option<[usize; 2]>,
}

impl Site {
    /// The site of this process: the file that `TENANTRY_SITE_FILE` names, else the one in the binary.
    pub fn of_this_process() -> Result<Self, BadSite> {
        match std::env::var_os(FILE_VARIABLE) {
            Some(path) if !path.is_empty() => Self::from_file(Path::new(&path)),
            _ => embedded(),
        }
    }

    pub fn from_file(path: &Path) -> Result<Self, BadSite> {
        let bytes = std::fs::read(path)
            .map_err(|error| BadSite(format!("the site {} can't be read: {error}", path.display())))?;
        Self::from_bytes(Bytes::from(bytes)).map_err(|error| BadSite(format!("the site {}: {error}", path.display())))
    }

    pub fn from_bytes(pack: Bytes) -> Result<Self, BadSite> {
        let bad = |what: &str| BadSite(format!("the pack {what}; build it anew"));
        let rest = pack.strip_prefix(MAGIC).ok_or_else(|| bad("is no site of this version"))?;
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(|| bad("is cut off"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| bad("is cut off"))?;
        let header = rest.get(..length).ok_or_else(|| bad("is cut off"))?;
        let header: Header = serde_json::from_slice(header).map_err(|error| bad(&format!("has no header: {error}")))?;
        let blobs = pack.slice(MAGIC.len() + 8 + length..);
        let slice = |[start, length]: [usize; 2]| match start.checked_add(length) {
            Some(end) if end <= blobs.len() => Ok(blobs.slice(start..end)),
            _ => Err(bad("is cut off")),
        };
        let mut assets = HashMap::with_capacity(header.assets.len());
        for (path, packed) in header.assets {
            let asset = Asset {
                content_type: HeaderValue::try_from(&packed.content_type).map_err(|_| bad("has a bad media type"))?,
                etag: packed.etag.trim_matches('"').to_owned(),
                identity: slice(packed.identity)?,
                brotli: packed.br.map(slice).transpose()?,
                gzip: packed.gzip.map(slice).transpose()?,
            };
            HeaderValue::try_from(asset.etag("")).map_err(|_| bad("has a bad entity tag"))?;
            assets.insert(path, asset);
        }
        let folders = assets.keys().filter_map(|path| first_folder(path)).map(str::to_owned).collect();
        Ok(Self { assets, folders, entry: Arc::new(header.entry) })
    }

    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// Whether `path` lies where only assets lie: a miss there is an asset of another version, not a page.
    pub fn is_asset_folder(&self, path: &str) -> bool {
        first_folder(path).is_some_and(|folder| self.folders.contains(folder))
    }

    pub const fn entry(&self) -> &Arc<SiteEntry> {
        &self.entry
    }
}

/// `pkg` of `/pkg/…`; nothing for a file at the root.
fn first_folder(path: &str) -> Option<&str> {
    path.strip_prefix('/')?.split_once('/').map(|(folder, _)| folder)
}

#[cfg(feature = "embed")]
fn embedded() -> Result<Site, BadSite> {
    Site::from_bytes(Bytes::from_static(include_bytes!(env!("TENANTRY_SITE"))))
}

#[cfg(not(feature = "embed"))]
fn embedded() -> Result<Site, BadSite> {
    Err(BadSite(format!(
        "This build carries no site. Start it with `cargo xtask run`, or name a pack in {FILE_VARIABLE}."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(header: &str, blobs: &[u8]) -> Bytes {
        [MAGIC, &(header.len() as u64).to_le_bytes(), header.as_bytes(), blobs].concat().into()
    }

    const ENTRY: &str =
        r#""entry":{"js":"/pkg/1/a.js","wasm":"","css":"","monaco":"","monaco_css":"","favicon":"","parts":{}}"#;

    #[test]
    fn assets_are_slices_of_the_pack() {
        let header = format!(
            r#"{{"assets":{{"/pkg/1/a.js":{{"type":"text/javascript","etag":"e","identity":[0,5],"br":[5,2],"gzip":null}}}},{ENTRY}}}"#
        );
        let bytes = pack(&header, b"helloBR");
        let site = Site::from_bytes(bytes.clone()).unwrap();
        let asset = site.asset("/pkg/1/a.js").unwrap();
        assert_eq!((asset.identity.as_ref(), asset.brotli.as_deref()), (b"hello".as_slice(), Some(b"BR".as_slice())));
        assert!(bytes.as_ptr_range().contains(&asset.identity.as_ptr()), "no copy was made");
        assert_eq!((asset.etag("").as_str(), asset.etag("br").as_str()), ("\"e\"", "\"e-br\""));
        assert_eq!(site.entry().js, "/pkg/1/a.js");
        assert!(site.is_asset_folder("/pkg/0/gone.js") && !site.is_asset_folder("/organizations/new"));
    }

    #[test]
    fn a_damaged_pack_is_refused() {
        let cut = format!(
            r#"{{"assets":{{"a":{{"type":"t/t","etag":"e","identity":[3,9],"br":null,"gzip":null}}}},{ENTRY}}}"#
        );
        for bytes in [Bytes::new(), Bytes::from_static(b"TNTYSITE1\n\x09"), pack("{}", b""), pack(&cut, b"short")] {
            assert!(Site::from_bytes(bytes).is_err());
        }
    }
}
