//! Forms without script, and the console's own calls: one outcome, two kinds of answer.

use app::api::bootstrap::RevokeBootstrap;
use app::api::cloud::ConnectCloudAccount;
use app::api::orgs::CreateOrg;
use app::api::secret::SetSecret;
use app::api::session::{SignIn, SignOut};
use http::{Request, StatusCode};

use crate::support::{ADMIN, Browser, ORIGIN, PASSWORD, call, encode, form, path_of};

#[tokio::test]
async fn a_post_is_sent_on_to_an_address_that_names_its_page() {
    let browser = Browser::new().await;
    let path = path_of::<SignIn>();
    let first = browser.send(form(path, "/sign-in?next=%2Fjoin"), "email=a").await;
    let named = format!("{path}?page=%2Fsign-in%3Fnext%3D%252Fjoin");
    assert_eq!((first.status, first.location()), (StatusCode::TEMPORARY_REDIRECT, named.as_str()));

    // The second try, from the answer to the first.
    let second = browser.send(form(path, &named), "email=a").await;
    assert_eq!(second.location(), named);
    // Somebody presses Enter in the address bar.
    let visit = browser.send(Request::get(&named).header("accept", "text/html"), "").await;
    assert_eq!((visit.status, visit.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fjoin"));
}

#[tokio::test]
async fn no_address_leads_to_another_site() {
    let browser = Browser::new().await;
    let path = path_of::<SignIn>();
    for page in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2Ffn%2Fx"] {
        let visit = browser.send(Request::get(format!("{path}?page={page}")), "").await;
        assert_eq!(visit.location(), "/", "{page}");
    }
    let foreign = Request::post(path).header("accept", "text/html").header("referer", "https://evil.example/x");
    assert_eq!(browser.send(foreign, "").await.location(), format!("{path}?page=%2F"));
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_but_no_secret() {
    let mut browser = Browser::administrator().await;
    browser.cookies.clear();
    let fields = [("email", "Ada+typed@example.com"), ("password", "hush-hush-hush"), ("next", "/join")];
    let answer = browser.post(path_of::<SignIn>(), "/sign-in?next=/join", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    assert!(page.contains("value=\"Ada+typed@example.com\""), "{page}");
    assert!(!page.contains("hush-hush-hush"));
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn secrets_of_an_organization_never_come_back() {
    let mut browser = Browser::administrator().await;
    let fields = [("display_name", "Acme"), ("handle", "acme"), ("first_owner", "me")];
    browser.post(path_of::<CreateOrg>(), "/organizations/new", &fields).await;
    let set = [("handle", "acme"), ("name", "db"), ("value", "hush-hush-hush")];
    let connect = [("handle", "acme"), ("form[name]", "Main"), ("form[secret]", "hush-hush-hush")];
    for (path, page, fields, status) in [
        (path_of::<SetSecret>(), "secrets", set, StatusCode::OK),
        (path_of::<ConnectCloudAccount>(), "cloud-accounts", connect, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = browser.post(path, &format!("/organizations/acme/{page}"), &fields).await;
        assert_eq!(answer.status, status, "{page}");
        assert!(!answer.text().contains("hush-hush-hush"), "{page}");
    }
}

#[tokio::test]
async fn signing_in_and_out_leads_on() {
    let mut browser = Browser::administrator().await;
    assert_eq!(browser.get("/organizations").await.status, StatusCode::OK);
    let out = browser.post(path_of::<SignOut>(), "/organizations", &[]).await;
    assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    let stranger = browser.get("/organizations?search=a").await;
    assert_eq!(stranger.status, StatusCode::FOUND);
    assert_eq!(stranger.location(), "/sign-in?next=%2Forganizations%3Fsearch%3Da");

    let fields = [("email", ADMIN), ("password", PASSWORD), ("next", "/join")];
    let back = browser.post(path_of::<SignIn>(), "/sign-in", &fields).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/join"));
}

#[tokio::test]
async fn a_form_after_the_session_ended_leads_to_signing_in() {
    let mut browser = Browser::administrator().await;
    browser.cookies.clear();
    let answer = browser.post(path_of::<CreateOrg>(), "/organizations/new", &[("handle", "acme")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Forganizations%2Fnew"));
}

#[tokio::test]
async fn a_result_is_shown_on_the_forms_own_page_and_nothing_leads_back_there() {
    let mut browser = Browser::administrator().await;
    let fields = [("display_name", "Acme"), ("handle", "acme"), ("first_owner", "link"), ("lifetime", "week")];
    let made = browser.post(path_of::<CreateOrg>(), "/organizations/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert!(made.text().contains("/bootstrap?token="), "the link is shown, once");

    let again = browser.post(path_of::<CreateOrg>(), "/organizations/new", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("value=\"acme\""));

    let page = "/organizations/acme/admin";
    let revoked = browser.post(path_of::<RevokeBootstrap>(), page, &[("handle", "acme")]).await;
    assert_eq!((revoked.status, revoked.location()), (StatusCode::SEE_OTHER, page));
}

#[tokio::test]
async fn the_pages_own_failure_outweighs_the_forms() {
    let mut browser = Browser::administrator().await;
    let answer = browser.post(path_of::<CreateOrg>(), "/organizations/gone/admin", &[("handle", "!")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_consoles_own_calls_get_json_with_the_faults_status() {
    let mut browser = Browser::administrator().await;
    let create = path_of::<CreateOrg>();
    let refused = browser.send(call(create), encode(&[("handle", "!")])).await;
    assert_eq!(
        (refused.status, refused.header("content-type")),
        (StatusCode::UNPROCESSABLE_ENTITY, "application/json")
    );
    assert_eq!(refused.header("serverfnerror"), create);
    let fault: domain::Fault = serde_json::from_slice(&refused.body).unwrap();
    assert!(!fault.field_errors().is_empty());

    let sign_in = browser.send(call(path_of::<SignIn>()), encode(&[("email", ADMIN), ("password", PASSWORD)])).await;
    assert_eq!((sign_in.status, sign_in.location()), (StatusCode::OK, "/"));
    assert!(sign_in.headers.contains_key("serverfnredirect"), "the router in the browser follows it");

    browser.cookies.clear();
    let stranger = browser.send(call(create), encode(&[("handle", "acme")])).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    assert!(stranger.location().is_empty());
    assert_eq!(ORIGIN, browser.app.services.public_url());
}
