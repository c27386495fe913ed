//! One-time links: opening never redeems, and the secret leaves the address at once.

use app::api::setup::CompleteSetup;
use http::{Method, Request, StatusCode};

use crate::support::{ADMIN, Browser, PASSWORD, path_of};

/// The first-run link's path and query.
async fn first_run(browser: &Browser) -> String {
    let url = service::setup::ensure_link(&browser.app.system()).await.unwrap().unwrap();
    url.strip_prefix(browser.app.services.public_url()).unwrap().to_owned()
}

#[tokio::test]
async fn a_visit_moves_the_secret_into_a_cookie() {
    let mut browser = Browser::new().await;
    let link = first_run(&browser).await;
    let token = link.split_once('=').unwrap().1;
    let answer = browser.get(&link).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/setup"));
    assert_eq!(answer.cookies(), [format!("tenantry_link={token}")]);
    assert_eq!(answer.header("cache-control"), "no-store");
    let page = browser.get("/setup").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains(token), "the secret stands nowhere in the page");
}

#[tokio::test]
async fn previews_get_no_cookie() {
    let browser = Browser::new().await;
    let link = first_run(&browser).await;
    let head = browser.send(Request::builder().method(Method::HEAD).uri(&link), "").await;
    assert_eq!((head.status, head.location(), head.cookies().len()), (StatusCode::SEE_OTHER, "/setup", 0));
    let prefetch = browser.send(Request::get(&link).header("sec-purpose", "prefetch"), "").await;
    assert_eq!((prefetch.status, prefetch.cookies().len()), (StatusCode::SERVICE_UNAVAILABLE, 0));
}

#[tokio::test]
async fn the_first_administrator_comes_in_by_the_link_and_the_link_dies() {
    let mut browser = Browser::new().await;
    let link = first_run(&browser).await;
    browser.get(&link).await;
    let fields = [("name", "Ada"), ("email", ADMIN), ("password", PASSWORD), ("deletion_grace_days", "30")];
    let done = browser.post(path_of::<CompleteSetup>(), "/setup", &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/organizations"), "{}", done.text());
    assert_eq!(browser.get("/organizations").await.status, StatusCode::OK);

    browser.cookies.clear();
    browser.get(&link).await;
    assert_eq!(browser.get("/setup").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reports_end_by_one_click_without_a_cookie() {
    let browser = Browser::new().await;
    let app = &browser.app;
    let admin = app.administrator().await;
    app.org(&admin, "acme").await;
    let page = service::org::load_admin(&admin.ctx, "acme").await.unwrap();
    let recipients = "ada@example.com".into();
    let form = domain::settings::SettingsForm { report: true, report_recipients: recipients, ..page.form };
    service::org::save_settings(&admin.ctx, "acme", page.version, &form, "").await.unwrap();
    service::report::send_test(&admin.ctx, "acme").await.unwrap();
    app.run_jobs().await;
    let link = app.mail.all()[0].unsubscribe.clone().unwrap();
    let link = link.strip_prefix(app.services.public_url()).unwrap();
    let visit = browser.send(Request::get(link), "").await;
    assert_eq!((visit.status, visit.location()), (StatusCode::SEE_OTHER, "/unsubscribe"));
    let unsubscribed = || async { service::org::load_admin(&admin.ctx, "acme").await.unwrap().unsubscribed };
    assert!(unsubscribed().await.is_empty(), "a visit ends nothing");

    let click = |link: String| {
        let request = Request::post(link).header("content-type", "application/x-www-form-urlencoded");
        browser.send(request, "List-Unsubscribe=One-Click")
    };
    for _ in 0..2 {
        assert_eq!(click(link.to_owned()).await.status, StatusCode::OK);
        assert_eq!(unsubscribed().await, ["ada@example.com"]);
    }
    assert_eq!(click("/unsubscribe?token=unknown".to_owned()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(click("/unsubscribe".to_owned()).await.status, StatusCode::NOT_FOUND);
}
