use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use data_encoding::HEXLOWER;
use service::ports::Objects;
use service::{Secret, digest};

use super::{ObjectsUrl, S3Settings, StoredObjects, is_name};
use crate::testing::serve;

#[test]
fn names_lead_nowhere_else() {
    for name in ["a", "avatars/0190-ab/large.webp", "a.b/c_d/..e", "...", &"a".repeat(512)] {
        assert!(is_name(name), "{name}");
    }
    for name in [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/..",
        "a/./b",
        "A",
        "a b",
        "a\\b",
        "a\0",
        "é",
        "a#1",
        "%2e%2e",
        "a:b",
        &"a".repeat(513),
    ] {
        assert!(!is_name(name), "{name:?}");
    }
}

async fn comes_and_goes(objects: &StoredObjects) {
    assert_eq!(objects.get("avatars/1/large.webp").await, Ok(None));
    objects.delete("avatars/1/large.webp").await.unwrap();
    objects.put("avatars/1/large.webp", b"first".to_vec()).await.unwrap();
    objects.put("avatars/1/large.webp", vec![7; 3_000_000]).await.unwrap();
    objects.put("avatars/1/small.webp", Vec::new()).await.unwrap();
    assert_eq!(objects.get("avatars/1/large.webp").await.unwrap().unwrap(), vec![7; 3_000_000]);
    assert_eq!(objects.get("avatars/1/small.webp").await, Ok(Some(Vec::new())));
    objects.delete("avatars/1/large.webp").await.unwrap();
    objects.delete("avatars/1/large.webp").await.unwrap();
    assert_eq!(objects.get("avatars/1/large.webp").await, Ok(None));
    for name in ["../secret", "/etc/passwd", "a/../../b", "A", ""] {
        assert!(objects.put(name, Vec::new()).await.is_err(), "{name}");
        assert!(objects.get(name).await.is_err(), "{name}");
        assert!(objects.delete(name).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data/objects");
    let objects = StoredObjects::local(folder.clone());
    assert_eq!(objects.get("a").await, Ok(None));
    assert!(!folder.exists(), "whoever only looks makes nothing");
    comes_and_goes(&objects).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    // Written beside and moved into place: nothing half-written lies about.
    let left: Vec<_> =
        std::fs::read_dir(folder.join("avatars/1")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["small.webp"]);

    std::fs::write(dir.path().join("file"), "").unwrap();
    let broken = StoredObjects::local(dir.path().join("file/objects"));
    assert!(broken.put("a", Vec::new()).await.is_err());
}

/// As much of S3 as is asked of it.
#[derive(Default)]
struct Bucket {
    files: BTreeMap<String, Bytes>,
    asked: Vec<String>,
    /// Statuses that are answered first.
    refusals: Vec<u16>,
}

type Shared = Arc<Mutex<Bucket>>;

async fn s3(
    State(bucket): State<Shared>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers[name].to_str().unwrap();
    let authorization = header("authorization");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=the-key/"), "{authorization}");
    assert!(authorization.contains("/eu-central-1/s3/aws4_request, SignedHeaders="), "{authorization}");
    assert_eq!(header("x-amz-content-sha256"), HEXLOWER.encode(&digest(&body)));
    let mut bucket = bucket.lock().unwrap();
    bucket.asked.push(format!("{method} {path}"));
    if let Some(status) = bucket.refusals.pop() {
        return (StatusCode::from_u16(status).unwrap(), "<Error><Code>Refused</Code></Error>").into_response();
    }
    let head = [("etag", "\"1\""), ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")];
    match method {
        Method::PUT => {
            bucket.files.insert(path, body);
            (head, ()).into_response()
        }
        Method::GET => match bucket.files.get(&path) {
            Some(file) => (head, file.clone()).into_response(),
            None => (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response(),
        },
        _ => {
            bucket.files.remove(&path);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

async fn bucket(url: &str) -> (StoredObjects, Shared) {
    let bucket = Shared::default();
    let router = Router::new().route("/{*path}", any(s3)).layer(axum::extract::DefaultBodyLimit::disable());
    let port = serve(router.with_state(Arc::clone(&bucket))).await;
    let settings = S3Settings {
        endpoint: Some(format!("http://127.0.0.1:{port}/")),
        region: "eu-central-1".to_owned(),
        access_key_id: Some("the-key".to_owned()),
        secret_access_key: Some(Secret::from("s3cret".to_owned())),
    };
    (StoredObjects::s3(&ObjectsUrl::parse(url).unwrap(), &settings).unwrap(), bucket)
}

#[tokio::test]
async fn a_bucket_keeps_files() {
    let (objects, bucket) = bucket("s3://files/tenantry").await;
    comes_and_goes(&objects).await;
    let keys: Vec<_> = bucket.lock().unwrap().files.keys().cloned().collect();
    assert_eq!(keys, ["files/tenantry/avatars/1/small.webp"]);
}

#[tokio::test]
async fn a_bucket_that_stumbles_is_asked_again_and_one_that_refuses_is_not() {
    let (objects, bucket) = bucket("s3://files").await;
    bucket.lock().unwrap().refusals = vec![503, 500];
    objects.put("a", b"b".to_vec()).await.unwrap();
    assert_eq!(bucket.lock().unwrap().asked, ["PUT files/a", "PUT files/a", "PUT files/a"]);
    bucket.lock().unwrap().refusals = vec![403];
    let refused = objects.get("a").await.unwrap_err().to_string();
    assert!(refused.contains("403") && !refused.contains("s3cret"), "{refused}");
    // Redirects are an error too.
    bucket.lock().unwrap().refusals = vec![307];
    assert!(objects.get("a").await.is_err());
    assert_eq!(bucket.lock().unwrap().asked.len(), 5);
}

#[tokio::test]
async fn half_a_key_is_none() {
    let settings = S3Settings { access_key_id: Some("the-key".to_owned()), ..S3Settings::default() };
    assert!(StoredObjects::s3(&ObjectsUrl::parse("s3://files").unwrap(), &settings).is_err());
}
