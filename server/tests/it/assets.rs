//! Files of the packed site.

use http::{Method, Request, StatusCode};

use crate::support::{Browser, ICON, PART, SCRIPT};

#[tokio::test]
async fn an_asset_comes_in_the_best_coding_and_may_be_kept_for_ever() {
    let browser = Browser::new().await;
    for (accept, coding, body) in [
        ("gzip, br", "br", "BR"),
        ("gzip", "gzip", "GZIP"),
        ("br;q=0.2, gzip;q=0.3", "gzip", "GZIP"),
        ("", "", "plain"),
    ] {
        let answer = browser.send(Request::get(SCRIPT).header("accept-encoding", accept), "").await;
        assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, coding), "{accept}");
        assert_eq!(answer.text(), body);
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let answer = browser.send(Request::get(SCRIPT).header("accept-encoding", "identity;q=0, deflate"), "").await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn an_asset_the_browser_has_is_not_sent_again() {
    let browser = Browser::new().await;
    for (tag, status) in [
        ("\"abc-br\"", StatusCode::NOT_MODIFIED),
        ("\"x\", W/\"abc-br\"", StatusCode::NOT_MODIFIED),
        ("*", StatusCode::NOT_MODIFIED),
        ("\"abc\"", StatusCode::OK),
    ] {
        let request = Request::get(SCRIPT).header("accept-encoding", "br").header("if-none-match", tag);
        let answer = browser.send(request, "").await;
        assert_eq!((answer.status, answer.header("etag")), (status, "\"abc-br\""), "{tag}");
        assert_eq!(answer.body.is_empty(), status == StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn head_tells_the_length_without_the_bytes() {
    let browser = Browser::new().await;
    let answer = browser.send(Request::builder().method(Method::HEAD).uri(SCRIPT), "").await;
    assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (StatusCode::OK, "5", 0));
}

#[tokio::test]
async fn files_of_another_version_are_missing_without_a_page() {
    let browser = Browser::new().await;
    let answer = browser.send(Request::get("/pkg/9999/tenantry.js"), "").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::NOT_FOUND, "text/plain; charset=utf-8"));
}

#[tokio::test]
async fn the_icon_is_found_where_browsers_look_and_changes_with_the_site() {
    let browser = Browser::new().await;
    let by_habit = browser.send(Request::get("/favicon.ico"), "").await;
    assert_eq!((by_habit.status, by_habit.header("cache-control")), (StatusCode::OK, "public, max-age=3600"));
    let by_name = browser.send(Request::get(ICON), "").await;
    assert_eq!((by_name.header("content-type"), &by_name.body), ("image/svg+xml", &by_habit.body));
}

#[tokio::test]
async fn a_page_tells_of_its_part_of_the_code_before_the_browser_can_ask() {
    let browser = Browser::new().await;
    let page = browser.send(Request::get("/sign-in"), "").await;
    assert_eq!(page.header("link"), format!("<{PART}>; rel=preload; as=fetch; crossorigin=anonymous"));
}
