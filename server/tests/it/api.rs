//! The native REST surface on the wire: who may do what stands in `authz_matrix`.

use domain::time::Span;
use domain::token::{TokenForm, TokenHolder};
use http::header::{
    ALLOW, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{Method, Request, StatusCode, request};
use serde_json::{Value, json};
use service::Secret;
use service::org::Base;
use testapp::{Person, TestApp};
use testkit::{TestDb, both};

use crate::support::{Answer, Browser};

/// A program with a token.
struct Program {
    browser: Browser,
    admin: Person,
    token: Secret,
}

impl Program {
    async fn new(db: TestDb) -> Self {
        let browser = Browser::of(TestApp::new(db).await, true);
        let admin = browser.app.administrator().await;
        let token = token(&admin, "full").await;
        Self { browser, admin, token }
    }

    fn request(&self, method: Method, path: &str) -> request::Builder {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request
            .header(AUTHORIZATION, format!("Bearer {}", self.token.expose()))
            .header(CONTENT_TYPE, "application/json")
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.browser.send(self.request(method, path), body).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        json_of(&answer)
    }

    async fn create(&self, handle: &str) -> Answer {
        let body = json!({"display_name": format!("The {handle}"), "handle": handle});
        self.ask(Method::POST, "/organizations", body).await
    }
}

async fn token(person: &Person, scopes: &str) -> Secret {
    let new = TokenForm { name: "Test".into(), scopes: scopes.into(), lifetime: "30".into() };
    service::token::create(&person.ctx, &TokenHolder::Own, &new).await.unwrap().1
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Asserts an RFC 9457 problem and answers it.
fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let told = answer.text();
    assert_eq!(answer.status.as_u16(), status, "{told}");
    assert_eq!(answer.header(CONTENT_TYPE), "application/problem+json", "{told}");
    let problem = json_of(answer);
    assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{told}");
    problem
}

#[tokio::test]
async fn the_document_is_as_committed_and_every_operation_stands_in_the_reference() {
    let committed = include_str!("../../../docs/openapi.json");
    assert!(server::http::api::openapi() == committed, "docs/openapi.json is out of date; run `cargo xtask gen`");
    let browser = Browser::new().await;
    let served = browser.send(Request::get("/api/v1/openapi.json"), "").await;
    assert_eq!(served.text(), committed);
    let reference = browser.send(Request::get("/api/v1/reference"), "").await.text();
    let document: Value = serde_json::from_str(committed).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let shown = format!("{} /api/v1{path}", method.to_ascii_uppercase());
            assert!(reference.contains(&shown), "{shown}");
            assert!(ids.insert(operation["operationId"].to_string()), "{shown}: another operation is called so");
            assert!(reference.contains(operation["summary"].as_str().unwrap()), "{shown}");
        }
    }
}

#[tokio::test]
async fn refusals_are_problems() {
    let program = Program::new(TestDb::sqlite().await).await;
    let nobody = program.browser.send(Request::get("/api/v1/me"), "").await;
    problem(&nobody, 401, "unauthorized");
    assert!(nobody.header(WWW_AUTHENTICATE).starts_with("Bearer"));
    problem(&program.ask(Method::GET, "/nothing", Value::Null).await, 404, "not_found");
    let put = program.ask(Method::PUT, "/organizations", Value::Null).await;
    problem(&put, 405, "method_not_allowed");
    assert!(put.header(ALLOW).contains("POST"), "{:?}", put.headers);
    let broken = program.browser.send(program.request(Method::POST, "/organizations"), "{\"handle\": ").await;
    problem(&broken, 400, "bad_request");
    let unknown = program.ask(Method::POST, "/organizations", json!({"hndle": "x"})).await;
    assert!(problem(&unknown, 422, "invalid")["detail"].as_str().unwrap().contains("hndle"));
    let request = program.request(Method::POST, "/organizations");
    let mut request = request;
    request.headers_mut().unwrap().insert(CONTENT_TYPE, "text/plain".parse().unwrap());
    problem(&program.browser.send(request, "{}").await, 415, "unsupported_media_type");
    let wrong = program.ask(Method::POST, "/organizations", json!({"display_name": "", "handle": "-"})).await;
    let errors = problem(&wrong, 422, "invalid")["errors"].clone();
    assert_eq!((&errors[0]["field"], &errors[1]["field"]), (&json!("display_name"), &json!("handle")));
    let big = "x".repeat(2 * 1024 * 1024);
    problem(&program.ask(Method::POST, "/organizations", json!({ "handle": big })).await, 413, "too_large");
    let query = program.ask(Method::GET, "/organizations?limit=0", Value::Null).await;
    problem(&query, 422, "invalid");
    problem(&program.ask(Method::GET, "/organizations?nonsense=1", Value::Null).await, 422, "invalid");
    problem(&program.ask(Method::GET, "/organizations?next_token=x", Value::Null).await, 422, "invalid");
}

#[both]
async fn organizations_are_created_listed_and_read(db: TestDb) {
    let program = Program::new(db).await;
    for n in 0..5 {
        let created = program.create(&format!("org-{n}")).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
        assert_eq!(created.header(LOCATION), format!("/api/v1/organizations/org-{n}"));
        let link = json_of(&created)["bootstrap_link"]["url"].as_str().unwrap().to_owned();
        assert!(link.starts_with("http://localhost:3000/bootstrap?token="), "{link}");
    }
    problem(&program.create("ORG-1").await, 422, "invalid");
    let by_name = program.get("/organizations?limit=2").await["next_token"].as_str().unwrap().to_owned();
    let other_order = format!("/organizations?sort=created&next_token={by_name}");
    problem(&program.ask(Method::GET, &other_order, Value::Null).await, 422, "invalid");
    let mut seen = Vec::new();
    let mut path = "/organizations?limit=2&sort=-handle".to_owned();
    loop {
        let page = program.get(&path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["handle"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_token"].as_str() else { break };
        path = format!("/organizations?limit=2&sort=-handle&next_token={next}");
    }
    assert_eq!(seen, ["org-4", "org-3", "org-2", "org-1", "org-0"]);
    let found = program.get("/organizations?search=org%203").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let read = program.get("/organizations/ORG-3").await;
    assert_eq!((&read["handle"], &read["settings"]["version"]), (&json!("org-3"), &json!(1)));
    assert!(read.get("bootstrap_link").is_none());
}

#[both]
async fn who_may_only_create_still_gets_the_link(db: TestDb) {
    let mut program = Program::new(db).await;
    program.token = token(&program.admin, "orgs.create").await;
    let created = program.create("acme").await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text());
    assert!(json_of(&created)["bootstrap_link"]["url"].is_string() && json_of(&created)["settings"].is_null());
    program.token = token(&program.admin, "org.admin.write").await;
    let request = program.request(Method::PATCH, "/organizations/acme").header(IF_MATCH, "*");
    problem(&program.browser.send(request, json!({"seats": 5}).to_string()).await, 403, "forbidden");
    let page = service::org::load_admin(&program.admin.ctx, "acme").await.unwrap();
    assert_eq!(page.version, 1, "who may not see the answer changes nothing");
}

#[both]
async fn a_create_under_a_key_is_done_once(db: TestDb) {
    let program = Program::new(db).await;
    let ask = async |key: &str, handle: &str| {
        let request = program.request(Method::POST, "/organizations").header("idempotency-key", key);
        program.browser.send(request, json!({"display_name": "Once", "handle": handle}).to_string()).await
    };
    let first = ask("k1", "once").await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = ask("k1", "once").await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::CREATED, "true"), "{}", again.text());
    assert_eq!(json_of(&again)["id"], json_of(&first)["id"]);
    assert!(json_of(&again).get("bootstrap_link").is_none(), "a secret is shown once");
    let other = problem(&ask("k1", "other").await, 422, "invalid");
    assert_eq!(other["errors"][0]["field"], "Idempotency-Key");
    assert_eq!(ask("k2", "other").await.status, StatusCode::CREATED);
    program.browser.app.advance(Span::hours(25));
    problem(&ask("k1", "once").await, 422, "invalid");
    assert_eq!(program.get("/organizations").await["items"].as_array().unwrap().len(), 2);
}

#[both]
async fn a_change_names_the_version_it_starts_from(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    let update = async |tag: Option<&str>, body: Value| {
        let mut request = program.request(Method::PATCH, "/organizations/acme");
        if let Some(tag) = tag {
            request = request.header(IF_MATCH, tag);
        }
        program.browser.send(request, body.to_string()).await
    };
    problem(&update(None, json!({"seats": 5})).await, 428, "precondition_required");
    let changed =
        update(Some("\"v1\""), json!({"seats": 5, "platform_domain": "https://Apps.Example.com/", "reason": "growth"}))
            .await;
    assert_eq!((changed.status, changed.header(ETAG)), (StatusCode::OK, "\"v2\""), "{}", changed.text());
    assert_eq!(json_of(&changed)["settings"]["platform_domain"], "apps.example.com");
    let stale = update(Some("\"v1\""), json!({"seats": 6})).await;
    problem(&stale, 412, "stale");
    assert_eq!(stale.header(ETAG), "\"v2\"");
    problem(&update(Some("\"v2-of-another-kind\""), json!({"seats": 6})).await, 412, "stale");
    let null = update(Some("*"), json!({"seats": null, "platform_domain": null, "externals_allowed": false})).await;
    let settings = json_of(&null)["settings"].clone();
    assert_eq!((&settings["seats"], &settings["platform_domain"]), (&Value::Null, &Value::Null));
    assert_eq!(settings["externals_allowed"], false);
    assert_eq!(json_of(&update(Some("*"), json!({"seats": 0})).await)["settings"]["seats"], 0, "nobody, not unlimited");
    let wrong = update(Some("*"), json!({"platform_domain": "no host", "workspace": "{\"dnss\": []}"})).await;
    let errors = problem(&wrong, 422, "invalid")["errors"].clone();
    assert_eq!((&errors[1]["field"], &errors[1]["line"]), (&json!("workspace"), &json!(1)));
    for nonsense in [json!({"workspace": null}), json!({"report_recipients": null}), json!({"archiving_seconds": null})]
    {
        problem(&update(Some("*"), nonsense).await, 422, "invalid");
    }
    problem(&update(Some("*"), json!({"seats": 1_000_001})).await, 422, "invalid");
    problem(&update(Some("*"), json!({"archiving_seconds": 3_000_000_000_u32})).await, 422, "invalid");
    let terms = json!({"terms": {"en": "/tos"}});
    let version = |answer: &Answer| json_of(answer)["settings"]["version"].clone();
    let first = update(Some("*"), terms.clone()).await;
    assert_eq!(version(&first), version(&update(Some("*"), terms).await), "the same terms ask nobody anew");
    update(Some("*"), json!({"terms": null})).await;
    let script = update(Some("*"), json!({"terms": {"en": "javascript:x"}})).await;
    problem(&script, 422, "invalid");
    // The same history as the Admin page's.
    let page = service::org::load_admin(&program.admin.ctx, "acme").await.unwrap();
    assert_eq!(page.revisions.len(), 6);
    assert_eq!(page.revisions[4].reason.as_deref(), Some("growth"));
    // Saving the page keeps what it doesn't show.
    service::org::save_settings(&program.admin.ctx, "acme", page.version, &page.form, "").await.unwrap();
    assert_eq!(program.get("/organizations/acme").await["settings"]["externals_allowed"], false);
}

#[both]
async fn workspaces_fetch_their_settings_with_an_etag(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    let request = program.request(Method::PATCH, "/organizations/acme").header(IF_MATCH, "*");
    let change = json!({"workspace": "{\"envs\": [\"A=1\"]}", "default_user_host": "user.example.com"});
    assert_eq!(program.browser.send(request, change.to_string()).await.status, StatusCode::OK);
    let path = "/organizations/acme/workspace-settings";
    let answer = program.ask(Method::GET, path, Value::Null).await;
    assert_eq!(json_of(&answer)["settings"]["envs"][0]["name"], "A");
    assert_eq!(json_of(&answer)["default_user_host"], "user.example.com");
    let tag = answer.header(ETAG).to_owned();
    let again = program.request(Method::GET, path).header(IF_NONE_MATCH, &tag);
    let again = program.browser.send(again, "").await;
    assert_eq!((again.status, again.header(ETAG)), (StatusCode::NOT_MODIFIED, tag.as_str()));
    assert!(again.body.is_empty());
}

#[both]
async fn tokens_end_when_they_should(db: TestDb) {
    let program = Program::new(db).await;
    let app = &program.browser.app;
    let ask = async |secret: &str| {
        let request = Request::get("/api/v1/me").header(AUTHORIZATION, format!("bearer {secret}"));
        program.browser.send(request, "").await
    };
    let new = json!({"name": "CI", "lifetime": "7"});
    let created = json_of(&program.ask(Method::POST, "/tokens", new.clone()).await);
    let (id, secret) = (created["id"].as_str().unwrap(), created["secret"].as_str().unwrap());
    assert_eq!(domain::token::kind_of(secret), Some(domain::token::TokenKind::Personal));
    assert_eq!((&created["scopes"], &created["active"]), (&json!("read"), &json!(true)));
    assert_eq!(json_of(&ask(secret).await)["scopes"], "read");
    // Off and on again.
    let path = format!("/tokens/{id}");
    for (active, status) in [(false, 401), (false, 401), (true, 200)] {
        assert_eq!(program.ask(Method::PATCH, &path, json!({ "active": active })).await.status, StatusCode::OK);
        assert_eq!(ask(secret).await.status.as_u16(), status);
    }
    // It reads, and nothing else; it can't make one that may do more.
    let reader = Secret::from(secret.to_owned());
    let reader = app.with_token(reader);
    let new_org = service::org::NewOrg { display_name: "X".into(), handle: "x".into(), ..Default::default() };
    let fault = testapp::fault(app, service::org::create(&reader, new_org).await);
    assert!(fault.to_string().contains("scopes"), "{fault}");
    let maker = token(&program.admin, "account.tokens org.read").await;
    let more = TokenForm { name: "More".into(), scopes: "full".into(), lifetime: "never".into() };
    let fault = testapp::fault(app, service::token::create(&app.with_token(maker), &TokenHolder::Own, &more).await);
    assert!(fault.field_errors().iter().any(|error| error.field == "scopes"), "{fault}");
    // Nor one that outlives it, and no list of scopes means all of them.
    let maker = app.with_token(token(&program.admin, "account.tokens account.read").await);
    for (scopes, lifetime, field) in [
        ("account.read", "never", "lifetime"),
        ("account.read", "31", "lifetime"),
        (",", "7", "scopes"),
        (" ", "7", "scopes"),
    ] {
        let more = TokenForm { name: "More".into(), scopes: scopes.into(), lifetime: lifetime.into() };
        let fault = testapp::fault(app, service::token::create(&maker, &TokenHolder::Own, &more).await);
        assert_eq!(fault.field_errors()[0].field, field, "{fault:?}");
    }
    service::token::delete(
        &program.admin.ctx,
        &TokenHolder::Own,
        &service::token::list(&program.admin.ctx, &TokenHolder::Own).await.unwrap()[0].id.to_string(),
    )
    .await
    .unwrap();
    // When it was last used is written down, not with the request.
    assert_eq!(program.get("/tokens").await["items"][1]["last_used_at"], Value::Null);
    service::job::write_down_use(&app.services).await.unwrap();
    assert_ne!(program.get("/tokens").await["items"][1]["last_used_at"], Value::Null);
    // Sent twice under one key, it is made once, and its secret shown once.
    let keyed = async || {
        let request = program.request(Method::POST, "/tokens").header("idempotency-key", "t1");
        json_of(&program.browser.send(request, new.to_string()).await)
    };
    let (first, again) = (keyed().await, keyed().await);
    assert_eq!((&first["id"], &again["secret"]), (&again["id"], &Value::Null));
    let keyed = format!("/tokens/{}", first["id"].as_str().unwrap());
    assert_eq!(program.ask(Method::DELETE, &keyed, Value::Null).await.status, StatusCode::NO_CONTENT);
    // Five, and no more; deleting one makes room.
    for _ in 0..2 {
        assert_eq!(program.ask(Method::POST, "/tokens", new.clone()).await.status, StatusCode::CREATED);
    }
    problem(&program.ask(Method::POST, "/tokens", new.clone()).await, 409, "conflict");
    assert_eq!(program.ask(Method::DELETE, &path, Value::Null).await.status, StatusCode::NO_CONTENT);
    problem(&program.ask(Method::DELETE, &path, Value::Null).await, 404, "not_found");
    assert_eq!(ask(secret).await.status, StatusCode::UNAUTHORIZED);
    let last = json_of(&program.ask(Method::POST, "/tokens", new).await);
    let last = last["secret"].as_str().unwrap();
    assert_eq!(ask(last).await.status, StatusCode::OK);
    app.advance(Span::days(8));
    assert_eq!(ask(last).await.status, StatusCode::UNAUTHORIZED);
    app.assert_audit_verifies().await;
}

#[both]
async fn a_plan_is_shown_and_applied(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    let plans = "/organizations/acme/plans";
    let plan = program.ask(Method::POST, plans, json!({"act": "delete_organization"})).await;
    assert_eq!(plan.status, StatusCode::CREATED, "{}", plan.text());
    let token = json_of(&plan)["token"].clone();
    let apply = "/organizations/acme/plans/apply";
    let wrong = program
        .ask(Method::POST, apply, json!({"act": "delete_organization", "token": token, "confirm": "Acme"}))
        .await;
    assert_eq!(problem(&wrong, 422, "invalid")["errors"][0]["field"], "confirm");
    // Another credential of the same person can't apply it.
    let other = self::token(&program.admin, "full").await;
    let other = program.browser.app.with_token(other);
    assert!(service::org::delete(&other, "acme", token.as_str().unwrap(), "acme").await.is_err());
    let accepted = program
        .ask(Method::POST, apply, json!({"act": "delete_organization", "token": token, "confirm": "acme"}))
        .await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.text());
    let process = accepted.header(LOCATION).strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!(program.get(&process).await["state"], "queued");
    program.browser.app.run_jobs().await;
    assert_eq!(program.get(&process).await["state"], "succeeded");
    problem(&program.ask(Method::GET, "/organizations/acme", Value::Null).await, 404, "not_found");
    problem(
        &program
            .ask(Method::POST, apply, json!({"act": "delete_organization", "token": token, "confirm": "acme"}))
            .await,
        404,
        "not_found",
    );
}

#[both]
async fn a_former_handle_redirects_with_method_and_body(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    let act = "rename_organization";
    let plan = program.ask(Method::POST, "/organizations/acme/plans", json!({"act": act, "new_handle": "labs"})).await;
    assert_eq!(plan.status, StatusCode::CREATED, "{}", plan.text());
    assert_eq!(json_of(&plan)["changes"][0]["after"], "http://localhost:3000/organizations/labs");
    let apply = json!({"act": act, "new_handle": "labs", "token": json_of(&plan)["token"]});
    let applied = program.ask(Method::POST, "/organizations/acme/plans/apply", apply).await;
    assert_eq!((applied.status, applied.header(LOCATION)), (StatusCode::OK, "/api/v1/organizations/labs"));
    for (method, path, there) in [
        (Method::GET, "/organizations/acme?x=1", "/api/v1/organizations/labs?x=1"),
        (Method::POST, "/organizations/ACME/plans", "/api/v1/organizations/labs/plans"),
    ] {
        let moved = program.ask(method, path, json!({"act": "delete_organization"})).await;
        problem(&moved, 308, "moved");
        assert_eq!(moved.header(LOCATION), there);
    }
    // The console leads on, too, and the administration API just answers.
    let page = Request::get("/organizations/acme/admin?a=b").header("accept", "text/html");
    let session = program.admin.cookies.session.as_ref().unwrap().expose();
    let page = page.header("cookie", format!("{}={session}", service::cookie::SESSION));
    let page = program.browser.send(page, "").await;
    assert_eq!((page.status, page.location()), (StatusCode::PERMANENT_REDIRECT, "/organizations/labs/admin?a=b"));
    let stats = Request::get("/administration/organizations/acme/stats")
        .header(AUTHORIZATION, format!("Bearer {}", testapp::ADMINISTRATION_TOKEN));
    assert_eq!(program.browser.send(stats, "").await.status, StatusCode::OK);

    service::job::write_down_use(&program.browser.app.services).await.unwrap();
    let profile = program.get("/organizations/labs/profile").await;
    assert_eq!((&profile["aliases"][0]["handle"], &profile["aliases"][0]["hits"]), (&json!("acme"), &json!(4)));
    let gone = program.ask(Method::DELETE, "/organizations/labs/aliases/acme", Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    problem(&program.ask(Method::GET, "/organizations/acme", Value::Null).await, 404, "not_found");
    let request = program.request(Method::PATCH, "/organizations/labs/profile").header(IF_MATCH, "\"v1\"");
    let stale = program.browser.send(request, json!({"display_name": "Labs"}).to_string()).await;
    problem(&stale, 412, "stale");
    let request = program.request(Method::PATCH, "/organizations/labs/profile").header(IF_MATCH, stale.header(ETAG));
    let named = program.browser.send(request, json!({"display_name": "Labs"}).to_string()).await;
    assert_eq!(json_of(&named)["display_name"], "Labs");
}

#[both]
async fn the_audit_log_is_read_and_exported(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    for n in 1..=600 {
        let name = if n == 600 { "=HYPERLINK(1), \"Acme\"".to_owned() } else { format!("Acme {n}") };
        service::profile::save_display_name(&program.admin.ctx, "acme", Base::Version(n), &name).await.unwrap();
    }
    let log = program.get("/organizations/acme/audit?limit=2").await;
    assert_eq!(log["items"][0]["number"], 602);
    assert_eq!(log["items"][0]["details"][0]["value"], "Acme 599 → =HYPERLINK(1), \"Acme\"");
    assert_eq!((&log["items"][0]["who"], &log["next_token"]), (&json!("admin"), &json!("601")));
    assert_eq!(log["items"][0]["address"], "192.0.2.1");
    let next = program.get("/organizations/acme/audit?limit=2&next_token=601").await;
    assert_eq!(next["items"][0]["number"], 600);
    let created = program.get("/organizations/acme/audit?action=organization.created").await;
    assert_eq!((created["items"].as_array().unwrap().len(), &created["next_token"]), (1, &Value::Null));
    assert_eq!(created["items"][0]["who"], "admin, by a token");
    let later = program.get("/organizations/acme/audit?from=2999-01-01").await;
    assert_eq!(later["items"], json!([]));
    for wrong in ["limit=501", "action=typo", "actor=x", "from=2026-3-1", "form=2026-03-01"] {
        let path = format!("/organizations/acme/audit?{wrong}");
        problem(&program.ask(Method::GET, &path, Value::Null).await, 422, "invalid");
    }

    // More than a batch, and the export itself is its newest entry.
    let lines = program.ask(Method::GET, "/organizations/acme/audit/export", Value::Null).await;
    assert_eq!(lines.header(CONTENT_TYPE), "application/jsonl");
    let lines: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 603);
    assert_eq!(lines[0]["entry"]["action"], "audit.exported");
    let numbers: Vec<i64> = lines.iter().map(|line| line["entry"]["seq"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=603).rev().collect::<Vec<_>>());
    let csv = program.ask(Method::GET, "/organizations/acme/audit/export?format=csv", Value::Null).await.text();
    assert_eq!(csv.lines().count(), 605);
    assert!(csv.starts_with("time,number,action,who,details,address,request,hash\r\n"), "{csv}");
    let name = "\"Change: Acme 599 → =HYPERLINK(1), \"\"Acme\"\"\"";
    assert!(csv.contains(name), "{}", csv.lines().nth(3).unwrap());
    problem(
        &program.ask(Method::GET, "/organizations/acme/audit/export?format=xml", Value::Null).await,
        422,
        "invalid",
    );
    program.browser.app.assert_audit_verifies().await;
}

#[tokio::test]
async fn an_export_is_neither_a_foreign_page_s_nor_a_look_at_the_head() {
    let program = Program::new(TestDb::sqlite().await).await;
    program.create("acme").await;
    let session = program.admin.cookies.session.as_ref().unwrap().expose();
    let ask = |method: Method, site: &str| {
        let request = Request::builder().method(method).uri("/organizations/acme/audit/export?format=csv");
        let request = request.header("cookie", format!("{}={session}", service::cookie::SESSION));
        program.browser.send(request.header("sec-fetch-site", site), "")
    };
    let entries = async || program.browser.app.audit().await.len();
    let before = entries().await;
    assert_eq!(ask(Method::GET, "cross-site").await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(Method::HEAD, "same-origin").await.status, StatusCode::OK);
    assert_eq!(entries().await, before);
    let export = ask(Method::GET, "same-origin").await;
    assert_eq!(export.header("content-disposition"), "attachment; filename=\"audit-acme.csv\"");
    assert_eq!(entries().await, before + 1);
}

#[both]
async fn an_audit_log_is_streamed(db: TestDb) {
    let program = Program::new(db).await;
    program.create("acme").await;
    let path = "/organizations/acme/audit-stream";
    problem(&program.ask(Method::GET, path, Value::Null).await, 404, "not_found");
    let put = |header: Option<(http::HeaderName, &'static str)>, url: &str| {
        let mut request = program.request(Method::PUT, path);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        program.browser.send(request, json!({ "url": url }).to_string())
    };
    let url = "https://siem.example/in";
    problem(&put(None, url).await, 428, "precondition_required");
    problem(&put(Some((IF_NONE_MATCH, "\"v1\"")), url).await, 422, "invalid");
    problem(&put(Some((IF_MATCH, "*")), url).await, 404, "not_found");
    let refused = problem(&put(Some((IF_NONE_MATCH, "*")), "siem.example").await, 422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "url");

    let made = put(Some((IF_NONE_MATCH, "*")), url).await;
    assert_eq!((made.status, made.header(ETAG)), (StatusCode::CREATED, "\"v1\""), "{}", made.text());
    assert!(json_of(&made)["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!((&json_of(&made)["url"], &json_of(&made)["waiting"]), (&json!(url), &json!(1)));
    let again = put(Some((IF_NONE_MATCH, "*")), url).await;
    problem(&again, 412, "stale");
    assert_eq!(again.header(ETAG), "\"v1\"");
    let moved = put(Some((IF_MATCH, "\"v1\"")), "https://siem.example/other").await;
    assert_eq!((moved.status, moved.header(ETAG)), (StatusCode::OK, "\"v2\""), "{}", moved.text());
    assert_eq!(json_of(&moved)["secret"], Value::Null);
    problem(&put(Some((IF_MATCH, "\"v1\"")), url).await, 412, "stale");

    program.browser.app.providers.fail("https://siem.example/other", Some("No answer."));
    program.browser.app.deliver().await;
    let failing = program.get(path).await;
    assert_eq!((&failing["last_error"], &failing["attempts"]), (&json!("No answer."), &json!(1)), "{failing}");
    let asks = &program;
    let post = |act: &'static str| async move { asks.ask(Method::POST, &format!("{path}/{act}"), Value::Null).await };
    assert_eq!(json_of(&post("test").await), json!({"arrived": false, "error": "No answer."}));
    assert_eq!(json_of(&post("pause").await)["paused"], true);
    assert_eq!(json_of(&post("resume").await)["paused"], false);
    assert!(json_of(&post("secret").await)["secret"].as_str().unwrap().starts_with("whsec_"));
    let removed = program.ask(Method::DELETE, path, Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text());
    problem(&post("test").await, 404, "not_found");
}

#[both]
async fn limits_are_told_and_kept(db: TestDb) {
    let app = TestApp::with_limits(db, domain::rate::RateLimits { token: 3, address: 2 }).await;
    let browser = Browser::of(app, true);
    let admin = browser.app.administrator().await;
    let token = token(&admin, "full").await;
    let program = Program { browser, admin, token };
    let told = |answer: &Answer| {
        ["limit", "remaining", "reset"].map(|what| answer.header(format!("ratelimit-{what}")).to_owned())
    };
    let me = || program.ask(Method::GET, "/me", Value::Null);
    let first = me().await;
    assert_eq!((first.status, told(&first)), (StatusCode::OK, ["3", "2", "60"].map(str::to_owned)));
    assert_eq!(told(&program.ask(Method::GET, "/organizations/none", Value::Null).await)[1], "1", "refusals count");
    me().await;
    let refused = me().await;
    let detail = problem(&refused, 429, "throttled");
    assert!(detail["detail"].as_str().unwrap().contains("60 seconds"), "{detail}");
    assert_eq!((refused.header(RETRY_AFTER), told(&refused)), ("60", ["3", "0", "60"].map(str::to_owned)));

    let nobody = || program.browser.send(Request::get("/api/v1/me"), "");
    let first = nobody().await;
    problem(&first, 401, "unauthorized");
    assert_eq!(told(&first), ["2", "1", "60"].map(str::to_owned));
    nobody().await;
    problem(&nobody().await, 429, "throttled");
    // Neither the documents nor the console have a part in it.
    for path in ["/api/v1/openapi.json", "/api/v1/reference", "/sign-in", "/healthz"] {
        let answer = program.browser.send(Request::get(path), "").await;
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (StatusCode::OK, ""), "{path}");
    }
    let front = crate::support::call(crate::support::path_of::<app::api::session::LoadFront>());
    let front = program.browser.send(front, "").await;
    assert_eq!((front.status, front.header("ratelimit-limit")), (StatusCode::OK, ""), "{}", front.text());
    program.browser.app.advance(Span::from_seconds(60));
    assert_eq!(me().await.status, StatusCode::OK);
}
