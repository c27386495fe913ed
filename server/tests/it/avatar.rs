//! Avatars over HTTP: what is taken, what is served, and as what.

use std::sync::Arc;

use domain::avatar::AvatarHash;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode, request};
use integrations::LocalImages;
use testapp::TestApp;
use testkit::TestDb;

use crate::support::{Answer, Browser, ORIGIN, PASSWORD};

const BOUNDARY: &str = "----a-boundary-of-a-form";
/// 12 by 8 red pixels.
const PNG: &str = "89504e470d0a1a0a0000000d494844520000000c000000080802000000428689a60000001149444154\
    78da63b823224210318c2a0200ad7061819efedae70000000049454e44ae426082";
/// One pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn png() -> Vec<u8> {
    data_encoding::HEXLOWER.decode(PNG.as_bytes()).unwrap()
}

/// What a browser sends with the avatar's form; the file's name and kind are what they like.
pub fn picture(handle: &str, accept: &str, fields: &[(&str, &[u8])]) -> (request::Builder, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = if *name == "file" { "; filename=\"a.html\"\r\nContent-Type: text/html" } else { "" };
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend([head.as_bytes(), value, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let request = Request::post(format!("/organizations/{handle}/avatar"))
        .header(ACCEPT, accept)
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .header("origin", ORIGIN);
    (request, body)
}

/// An administrator's browser and an organization, where pictures are decoded as in the product.
async fn world() -> Browser {
    let app = TestApp::with_images(TestDb::sqlite().await, Arc::new(LocalImages::new())).await;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let mut browser = Browser::of(app, true);
    let fields = [("email", admin.email.as_str()), ("password", PASSWORD)];
    browser.post(crate::support::path_of::<app::api::session::SignIn>(), "/sign-in", &fields).await;
    browser
}

async fn send(browser: &Browser, accept: &str, fields: &[(&str, &[u8])]) -> Answer {
    let (request, body) = picture("acme", accept, fields);
    browser.send(request, body).await
}

async fn send_file(browser: &Browser, file: &[u8]) -> Answer {
    send(browser, "application/json", &[("file", file)]).await
}

#[tokio::test]
async fn a_picture_is_served_by_its_hash_as_what_it_is() {
    let mut browser = world().await;
    // A polyglot: a picture with a page behind it, sent as a page.
    let polyglot = [png(), b"<script>alert('s3cret')</script>".to_vec()].concat();
    let sent = send_file(&browser, &polyglot).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
    let hash: AvatarHash = serde_json::from_slice(&sent.body).unwrap();
    // The same pixels, the same files.
    let clean = send(&browser, "application/json", &[("file", &png()), ("x", b"2"), ("y", b"0"), ("side", b"8")]).await;
    assert_eq!(clean.body, sent.body);
    browser.cookies.clear();
    for size in ["256", "64"] {
        let path = format!("/avatars/{hash}-{size}.webp");
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        for (name, value) in [
            ("content-type", "image/webp"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
            (
                "content-security-policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
        ] {
            assert_eq!(answer.header(name), value);
        }
        assert_eq!((&answer.body[..4], &answer.body[8..12]), (&b"RIFF"[..], &b"WEBP"[..]));
        assert!(!answer.body.windows(6).any(|window| window == b"s3cret"));
        let again = browser.send(Request::get(&path).header("if-none-match", answer.header("etag")), "").await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        let head = browser.send(Request::head(&path), "").await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    }
    let upper = hash.as_str().to_ascii_uppercase();
    for odd in [
        format!("/avatars/{hash}-65.webp"),
        format!("/avatars/{hash}"),
        format!("/avatars/{upper}-64.webp"),
        format!("/avatars/{}-64.webp", "0".repeat(64)),
        format!("/avatars/..%2favatars%2f{hash}-64.webp"),
        format!("/avatars/../avatars/{hash}-64.webp"),
        format!("/avatars/{hash}-64.webp/"),
        format!("/avatars/{hash}-64.webp%00"),
        "/avatars/".to_owned(),
        "/avatars".to_owned(),
    ] {
        let answer = browser.get(&odd).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{odd}");
        assert_ne!(answer.header("content-type"), "image/webp");
    }
}

#[tokio::test]
async fn what_is_no_picture_or_too_much_of_one_is_refused() {
    let browser = world().await;
    let png = png();
    let mut bomb = GIF.to_vec();
    bomb[6..10].copy_from_slice(&[0xff; 4]);
    for (file, status, words) in [
        (png[..png.len() - 30].to_vec(), 422, "The picture is cut off or damaged."),
        (bomb, 422, "The picture has more than 40 megapixels."),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), 422, "That isn't a PNG, JPEG, WebP or GIF picture."),
        (Vec::new(), 422, "Choose a picture."),
        (vec![0; 5 * 1024 * 1024 + 1], 422, "The picture is larger than 5 MiB."),
        (vec![0; 6 * 1024 * 1024], 413, "The picture is larger than 5 MiB."),
    ] {
        let answer = send_file(&browser, &file).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        let fault: domain::Fault = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((&*fault.field_errors()[0].field, fault.field_errors()[0].message.as_str()), ("file", words));
    }
    // By what the head says, before anything is read.
    let (request, _) = picture("acme", "application/json", &[]);
    let announced = browser.send(request.header("content-length", "9000000"), "").await;
    assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Neither cut off nor in another form.
    let (request, body) = picture("acme", "application/json", &[("file", &png)]);
    let cut = browser.send(request, body[..body.len() - 40].to_vec()).await;
    assert_eq!(cut.status, StatusCode::UNPROCESSABLE_ENTITY);
    let request = Request::post("/organizations/acme/avatar").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(browser.send(request, "file=x").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(browser.app.objects.names(), [""; 0]);
}

#[tokio::test]
async fn another_site_changes_no_avatar() {
    let browser = world().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let (mut request, body) = picture("acme", "text/html", &[("file", &png())]);
        request.headers_mut().unwrap().insert(name, value.parse().unwrap());
        assert_eq!(browser.send(request, body).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(browser.app.objects.names(), [""; 0]);
}

#[tokio::test]
async fn without_script_the_form_answers_with_its_page() {
    let mut browser = world().await;
    let profile = "/organizations/acme/profile";
    let saved = send(&browser, "text/html", &[("file", &png())]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, profile));
    let page = browser.get(profile).await.text();
    assert!(page.contains("/avatars/"), "{page}");

    let refused = send(&browser, "text/html", &[("file", b"some text")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("That isn&#x27;t a PNG") || text.contains("That isn't a PNG"), "{text}");
    assert!(text.contains("id=\"field-file\""), "beside its field");
    assert_eq!(browser.get("/organizations/acme/avatar").await.location(), profile, "a reload leads back");

    let reset = send(&browser, "text/html", &[("reset", b"1"), ("file", b"")]).await;
    assert_eq!((reset.status, reset.location()), (StatusCode::SEE_OTHER, profile));
    assert!(!browser.get(profile).await.text().contains("/avatars/"));

    browser.cookies.clear();
    let stranger = send(&browser, "text/html", &[("file", &png())]).await;
    assert_eq!(stranger.location(), "/sign-in?next=%2Forganizations%2Facme%2Fprofile");
    let called = send_file(&browser, &png()).await;
    assert_eq!(called.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_program_puts_the_picture_itself() {
    let browser = world().await;
    let put = |body: Vec<u8>| {
        let request = Request::put("/api/v1/organizations/acme/avatar")
            .header("authorization", format!("Bearer {}", testapp::ADMINISTRATION_TOKEN));
        browser.send(request, body)
    };
    let answer = put(png()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let paths: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let small = browser.send(Request::get(paths["small"].as_str().unwrap()), "").await;
    assert_eq!((small.status, small.header("content-type")), (StatusCode::OK, "image/webp"));
    assert_eq!(put(vec![0; 5 * 1024 * 1024 + 1]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(put(b"text".to_vec()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
