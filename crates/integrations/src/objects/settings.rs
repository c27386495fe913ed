//! Where files are kept, as the configuration says it.

use std::fmt;

use service::Secret;

/// `s3://bucket`, perhaps with a prefix for the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectsUrl {
    bucket: String,
    prefix: String,
}

impl ObjectsUrl {
    /// Reads the address, or says what is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no bucket, like s3://bucket or s3://bucket/prefix");
        let rest = text.strip_prefix("s3://").ok_or_else(refuse)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_bucket = (3..=63).contains(&bucket.len())
            && bucket
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'));
        if is_bucket && (prefix.is_empty() || super::is_name(prefix)) {
            Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
        } else {
            Err(refuse())
        }
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl fmt::Display for ObjectsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        write!(f, "s3://{}{slash}{}", self.bucket, self.prefix)
    }
}

/// How a bucket is reached.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// Of a store other than Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret>,
}

impl Default for S3Settings {
    fn default() -> Self {
        Self { endpoint: None, region: "us-east-1".to_owned(), access_key_id: None, secret_access_key: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_read() {
        for (text, shown) in [
            ("s3://bucket", "s3://bucket"),
            ("s3://my.bucket-1/", "s3://my.bucket-1"),
            ("s3://bucket/tenantry/files/", "s3://bucket/tenantry/files"),
        ] {
            assert_eq!(ObjectsUrl::parse(text).unwrap().to_string(), shown);
        }
        for text in
            ["", "bucket", "s3://", "s3://ab", "s3://Bucket", "s3://bucket/../x", "s3://bucket//x", "https://b/x"]
        {
            assert!(ObjectsUrl::parse(text).is_err(), "{text}");
        }
    }
}
