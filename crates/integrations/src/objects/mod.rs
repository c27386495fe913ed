//! Files outside the database: in a folder, or in a bucket of anything that speaks S3.

mod client;
mod settings;
#[cfg(test)]
mod tests;

use std::fs::DirBuilder;
use std::io;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, RetryConfig};
use service::ports::{ObjectError, Objects};

pub use settings::{ObjectsUrl, S3Settings};

/// The longest name, in bytes.
const NAME_MAX: usize = 512;
/// How much of a store's words is kept, in characters.
const WORDS_MAX: usize = 300;
/// Tries after the first, for as long as somebody waits at a page.
const RETRIES: usize = 2;
const RETRY_FOR: Duration = Duration::from_secs(10);

/// The files of the instance.
pub struct StoredObjects(Place);

enum Place {
    /// Made when the first file is stored.
    Folder(PathBuf),
    Bucket {
        store: Arc<dyn ObjectStore>,
        prefix: String,
    },
}

impl StoredObjects {
    /// Files in a folder of this machine, written whole or not at all.
    pub const fn local(folder: PathBuf) -> Self {
        Self(Place::Folder(folder))
    }

    /// Files in a bucket. Without an access key, the machine's role at AWS is asked for one.
    pub fn s3(url: &ObjectsUrl, settings: &S3Settings) -> Result<Self, String> {
        let connector = client::Connector::new()?;
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_FOR, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(url.bucket())
            .with_region(&settings.region)
            .with_retry(retry)
            // One file at a time is deleted, and not every store knows how to delete many.
            .with_disable_bulk_delete(true)
            .with_http_connector(connector);
        if let Some(endpoint) = &settings.endpoint {
            builder =
                builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(endpoint.starts_with("http://"));
        }
        match (&settings.access_key_id, &settings.secret_access_key) {
            (Some(id), Some(secret)) => {
                builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose());
            }
            (None, None) => {}
            _ => return Err("s3.access_key_id and s3.secret_access_key belong together; one is missing".to_owned()),
        }
        let store = builder.build().map_err(|error| words(&error))?;
        Ok(Self(Place::Bucket { store: Arc::new(store), prefix: url.prefix().to_owned() }))
    }

    /// The store; none as long as its folder was never made.
    fn store(&self) -> Result<Option<Arc<dyn ObjectStore>>, ObjectError> {
        match &self.0 {
            Place::Folder(folder) if !folder.is_dir() => Ok(None),
            Place::Folder(folder) => {
                let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
                Ok(Some(Arc::new(store.with_fsync(true))))
            }
            Place::Bucket { store, .. } => Ok(Some(Arc::clone(store))),
        }
    }

    fn path(&self, name: &str) -> Result<Path, ObjectError> {
        if !is_name(name) {
            return Err(ObjectError("that is no name of an object".to_owned()));
        }
        let path = match &self.0 {
            Place::Bucket { prefix, .. } if !prefix.is_empty() => Path::parse(format!("{prefix}/{name}")),
            _ => Path::parse(name),
        };
        path.map_err(|_| ObjectError("that is no name of an object".to_owned()))
    }
}

#[async_trait::async_trait]
impl Objects for StoredObjects {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), ObjectError> {
        let path = self.path(name)?;
        if let Place::Folder(folder) = &self.0 {
            make_private_folder(folder).map_err(|error| ObjectError(error.to_string()))?;
        }
        // Made a moment ago, if it wasn't there.
        let Some(store) = self.store()? else { return Err(ObjectError("the folder was taken away".to_owned())) };
        store.put(&path, bytes.into()).await.map(drop).map_err(failed)
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectError> {
        let path = self.path(name)?;
        let Some(store) = self.store()? else { return Ok(None) };
        match store.get(&path).await {
            Ok(found) => found.bytes().await.map(|bytes| Some(bytes.into())).map_err(failed),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn delete(&self, name: &str) -> Result<(), ObjectError> {
        let path = self.path(name)?;
        let Some(store) = self.store()? else { return Ok(()) };
        match store.delete(&path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Segments of small letters, digits, dots, hyphens and underscores, none of which is a step.
fn is_name(name: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    name.len() <= NAME_MAX && name.split('/').all(|part| !matches!(part, "" | "." | "..") && part.bytes().all(is_known))
}

fn failed(error: Error) -> ObjectError {
    ObjectError(words(&error))
}

/// One line of what the store says.
fn words(error: &Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_MAX).collect()
}

/// For its owner alone; an existing one keeps its permissions.
fn make_private_folder(folder: &Folder) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
