//! Parsec Server's administration API, replayed: `wire/parsec-administration.jsonl` holds exchanges recorded from a real
//! server, in the order of `n`. Those of the routes that exist here are asked again. The recording is a sample, so some
//! state comes from exchanges that aren't in it; [`arrange`] makes that state. No expectation is edited: where we differ
//! on purpose, [`divergence`] says how and why.

use domain::people::{MemberState, Role};
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, Request, StatusCode};
use serde_json::{Value, json};
use testapp::{ADMINISTRATION_TOKEN, TestApp};
use testkit::{TestDb, both};

use crate::support::{Answer, Browser};

const RECORDING: &str = include_str!("wire/parsec-administration.jsonl");
/// What the recording's server was called, and its token, which is too short for ours.
const HOST: &str = "127.0.0.1:6778";
const RECORDED_TOKEN: &str = "s3cr3t";

#[derive(Debug, serde::Deserialize)]
struct Exchange {
    n: u32,
    case: String,
    method: String,
    path: String,
    request_headers: std::collections::BTreeMap<String, String>,
    request_body: Option<String>,
    status: u16,
    response_headers: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    response_json: Value,
    #[serde(default)]
    response_body: Option<String>,
}

/// Where we answer otherwise on purpose (see `docs/administration-api.md`): the status, and why.
fn divergence(n: u32) -> Option<(u16, &'static str)> {
    const NAMES: &str = "names are ASCII and begin with a letter or digit";
    const NUMBERS: &str = "integers above 2^31-1 and NaN are refused, where the original breaks";
    match n {
        44 | 50 | 56 => Some((422, NAMES)),
        72 | 88 | 110 => Some((422, NUMBERS)),
        352 => Some((303, "/redirect opens the console's page instead of parsec3://")),
        _ => None,
    }
}

/// Routes of a later issue, which the recording asks as well.
fn is_not_yet(path: &str) -> bool {
    path.contains("/users")
}

async fn administration(browser: &Browser, method: &str, path: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header(AUTHORIZATION, format!("Bearer {ADMINISTRATION_TOKEN}"))
        .header(CONTENT_TYPE, "application/json");
    let answer = browser.send(request, body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{method} {path} {body}: {}", answer.text());
    answer
}

async fn create(browser: &Browser, options: Value) -> Answer {
    administration(browser, "POST", "/administration/organizations", &options).await
}

/// Somebody redeems the bootstrap link and becomes the first owner.
async fn bootstrap(browser: &Browser, answer: &Answer, email: &str) {
    let json: Value = serde_json::from_slice(&answer.body).unwrap();
    let url = json["bootstrap_url"].as_str().unwrap();
    let token = service::bootstrap::parse_link(url).unwrap();
    let cookies = service::cookie::Cookies { link: Some(token), ..Default::default() };
    let password = service::Secret::from(testapp::PASSWORD.to_owned());
    service::bootstrap::redeem(&browser.app.request(cookies), "Alice", email, password).await.unwrap();
}

/// Makes the state that exchanges outside the recording left, before exchange `n`.
async fn arrange(browser: &Browser, n: u32) {
    let app = &browser.app;
    match n {
        26 => drop(create(browser, json!({"organization_id": "NullLimit", "active_users_limit": null})).await),
        28 => drop(create(browser, json!({"organization_id": "ZeroLimit", "active_users_limit": 0})).await),
        34 => drop(create(browser, json!({"organization_id": "DefaultOrg", "active_users_limit": 3})).await),
        214 => {
            for id in ["ZeroArch", "a", &"a".repeat(32), "UnkField", "Trealm_4", "Ttos6", "Ttos8", "VndJson"] {
                create(browser, json!({"organization_id": id})).await;
            }
            for id in ["HostOrg", "HostOrg3"] {
                create(browser, json!({"organization_id": id})).await;
            }
            let again = create(browser, json!({"organization_id": "DefaultOrg", "active_users_limit": 3})).await;
            bootstrap(browser, &again, "alice@example.com").await;
            let expired = json!({"is_expired": true});
            administration(browser, "PATCH", "/administration/organizations/NullLimit", &expired).await;
        }
        219 => {
            let admin = app.administrator().await;
            let org = app.org_id(&admin, "DefaultOrg").await;
            for (name, role, state) in [
                ("adam", Role::Owner, MemberState::Active),
                ("bob", Role::Member, MemberState::Active),
                ("mallory", Role::Member, MemberState::Revoked),
                ("zoe", Role::External, MemberState::Active),
            ] {
                let person = app.person(&format!("{name}@example.com"), false).await;
                app.add_member(org, &person, role, state).await;
            }
        }
        304 => {
            let created = create(browser, json!({"organization_id": "SeqOrg"})).await;
            bootstrap(browser, &created, "sequester@example.com").await;
        }
        344 => {
            let expired = json!({"is_expired": true});
            administration(browser, "PATCH", "/administration/organizations/DefaultOrg", &expired).await;
        }
        _ => {}
    }
}

async fn ask(browser: &Browser, exchange: &Exchange) -> Answer {
    let mut request = Request::builder().method(exchange.method.as_str()).uri(exchange.path.as_str());
    let headers: &mut HeaderMap = request.headers_mut().unwrap();
    headers.insert("host", HOST.parse().unwrap());
    for (name, value) in &exchange.request_headers {
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, value.replace(RECORDED_TOKEN, ADMINISTRATION_TOKEN).parse().unwrap());
    }
    browser.send(request, exchange.request_body.clone().unwrap_or_default()).await
}

/// What is fresh in every run, by its form: tokens and times.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(normal_text(text)),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normal(value))).collect(),
        other => other.clone(),
    }
}

fn normal_text(text: &str) -> String {
    if let Some((before, token)) = text.split_once("&p=") {
        assert!(token.len() == 24 && token.starts_with("xB"), "no MessagePack bin of 16 bytes: {token}");
        return format!("{before}&p=TOKEN");
    }
    let is_time = text.len() == "2026-11-22T01:33:15.043871Z".len() && text.ends_with('Z') && text.contains('T');
    if is_time { "TIME".to_owned() } else { text.to_owned() }
}

/// The field that a 422's first complaint names.
fn place(detail: &Value) -> Vec<Value> {
    detail["loc"].as_array().into_iter().flatten().take(2).cloned().collect()
}

/// Organizations that exist only where names may be anything, and `DefaultOrg`, whose one workspace and metered bytes
/// nothing here can hold yet.
fn is_comparable(id: &str) -> bool {
    id.is_ascii() && id != "_-_" && id != "DefaultOrg"
}

/// The organizations of a stats answer in their order; the recording may be cut off after some of them.
fn listed(text: &str) -> Vec<Value> {
    // Every one ends with the counts of its last profile.
    let objects = text.split("{\"organization_id\"").skip(1).filter_map(|rest| rest.split_once("}}}"));
    let objects =
        objects.map(|(object, _)| serde_json::from_str(&format!("{{\"organization_id\"{object}}}}}}}")).unwrap());
    objects.filter(|object: &Value| is_comparable(object["organization_id"].as_str().unwrap())).collect()
}

fn compare(exchange: &Exchange, answer: &Answer) {
    let told = format!("{} ({}): {}", exchange.n, exchange.case, answer.text());
    if let Some((status, why)) = divergence(exchange.n) {
        assert_eq!(answer.status, status, "{why}; {told}");
        return;
    }
    assert_eq!(answer.status.as_u16(), exchange.status, "{told}");
    let ours: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(allow) = exchange.response_headers.get("allow") {
        assert!(answer.header(ALLOW).split(", ").any(|method| method == allow), "{told}");
    }
    if let Some(location) = exchange.response_headers.get("location") {
        assert!(location.ends_with(answer.location()), "{} in {told}", answer.location());
        return;
    }
    if exchange.path.starts_with("/administration/stats") && exchange.status == 200 {
        let recorded = exchange.response_body.clone().unwrap_or_else(|| exchange.response_json.to_string());
        assert_eq!(answer.header(CONTENT_TYPE), exchange.response_headers["content-type"], "{told}");
        if answer.header(CONTENT_TYPE).starts_with("text/csv") {
            let lines = |text: &str| {
                let lines = text.split("\r\n").filter(|line| is_comparable(line.split(',').next().unwrap()));
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(lines(&answer.text()), lines(&recorded), "{told}");
        } else {
            let recorded = listed(&recorded);
            assert_eq!(listed(&answer.text())[..recorded.len()], recorded, "{told}");
        }
        return;
    }
    match exchange.status {
        404 if exchange.response_json.is_null() => {}
        422 => {
            let recorded = &exchange.response_json["detail"][0];
            let places: Vec<_> = ours["detail"].as_array().unwrap().iter().map(place).collect();
            assert!(places.contains(&place(recorded)), "no complaint about {:?} in {told}", place(recorded));
        }
        _ => {
            let mut recorded = normal(&exchange.response_json);
            if exchange.path.ends_with("/DefaultOrg/stats") {
                for (name, none) in [("realms", 0), ("data_size", 0), ("metadata_size", 0)] {
                    recorded[name] = json!(none);
                }
            }
            assert_eq!(normal(&ours), recorded, "{told}");
        }
    }
}

#[both]
async fn the_recorded_exchanges_come_out_as_recorded(db: TestDb) {
    let browser = Browser::of(TestApp::new(db).await, false);
    let exchanges: Vec<Exchange> = RECORDING.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut asked = 0;
    for exchange in exchanges.iter().filter(|exchange| !is_not_yet(&exchange.path)) {
        arrange(&browser, exchange.n).await;
        compare(exchange, &ask(&browser, exchange).await);
        asked += 1;
    }
    assert_eq!(asked, exchanges.iter().filter(|exchange| !is_not_yet(&exchange.path)).count());
    assert!(asked > 100, "the recording is not there");
    browser.app.assert_audit_verifies().await;
}

#[both]
async fn the_documented_curl_calls_work(db: TestDb) {
    let browser = Browser::of(TestApp::new(db).await, true);
    // As jq prints it without `-c`, and as `curl --data` names its type.
    let data = "{\n  \"organization_id\": \"MyOrganization\"\n}";
    let request = |method: &str, path: &str, media: &str| {
        let request = Request::builder().method(method).uri(path).header(CONTENT_TYPE, media);
        request.header(AUTHORIZATION, format!("Bearer {ADMINISTRATION_TOKEN}"))
    };
    let form = "application/x-www-form-urlencoded";
    let created = browser.send(request("POST", "/administration/organizations", form), data).await;
    assert_eq!(created.status, StatusCode::OK, "{}", created.text());
    let json: Value = serde_json::from_slice(&created.body).unwrap();
    let url = json["bootstrap_url"].as_str().unwrap();
    assert!(
        url.starts_with("parsec3://localhost:3000/MyOrganization?no_ssl=true&a=bootstrap_organization&p="),
        "{url}"
    );
    let path = "/administration/organizations/MyOrganization";
    let data = json!({
        "organization_id": "MyOrganization",
        "user_profile_outsider_allowed": false,
        "active_users_limit": 5,
        "tos": {"fr": "parsec3://127.0.0.1:6777/tos-FR"},
        "realm_minimum_archiving_period_before_deletion": 864_000,
    });
    for media in ["application/json", form] {
        let patched = browser.send(request("PATCH", path, media), data.to_string()).await;
        assert_eq!((patched.status, patched.text().as_str()), (StatusCode::OK, "{}"));
    }
    let shown: Value = serde_json::from_slice(&browser.send(request("GET", path, form), "").await.body).unwrap();
    assert_eq!(shown["active_users_limit"], 5);
    assert_eq!(shown["tos"]["per_locale_urls"]["fr"], "parsec3://127.0.0.1:6777/tos-FR");
    // The link it handed out is the console's, too.
    let redirection = json["bootstrap_url_as_http_redirection"].as_str().unwrap();
    let opened = browser.send(Request::get(redirection.strip_prefix("http://localhost:3000").unwrap()), "").await;
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/bootstrap"));
    bootstrap(&browser, &created, "alice@example.com").await;
    let again = browser.send(request("POST", "/administration/organizations", form), data.to_string()).await;
    assert_eq!(
        (again.status, again.text().as_str()),
        (StatusCode::BAD_REQUEST, r#"{"detail":"Organization already exists"}"#)
    );
}

#[both]
async fn what_the_recording_does_not_ask(db: TestDb) {
    let browser = Browser::of(TestApp::new(db).await, true);
    create(&browser, json!({"organization_id": "Acme"})).await;
    let ask = async |method: &str, path: &str, body: Value| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {ADMINISTRATION_TOKEN}"))
            .header(CONTENT_TYPE, "application/json");
        let answer = browser.send(request, body.to_string()).await;
        (answer.status.as_u16(), serde_json::from_slice::<Value>(&answer.body).unwrap())
    };
    let exists = (400, json!({"detail": "Organization already exists"}));
    let organizations = "/administration/organizations";
    // Another case is another name to this API, and the namespace is one.
    assert_eq!(ask("POST", organizations, json!({"organization_id": "acme"})).await, exists);
    assert_eq!(ask("GET", "/administration/organizations/acme", json!({})).await.0, 404);
    // A reserved word, and a name with another's DNS label.
    assert_eq!(ask("POST", organizations, json!({"organization_id": "admin"})).await, exists);
    create(&browser, json!({"organization_id": "a-b"})).await;
    assert_eq!(ask("POST", organizations, json!({"organization_id": "A_b"})).await, exists);
    let slash = browser.send(Request::get("/administration/stats/?format=csv"), "").await;
    assert_eq!(slash.location(), "/administration/stats?format=csv");
    // Links that run script.
    let tos = json!({"tos": {"en": "javascript:alert(1)"}});
    let (status, refused) = ask("PATCH", "/administration/organizations/Acme", tos).await;
    assert_eq!((status, &refused["detail"][0]["loc"]), (422, &json!(["body", "tos", "en"])));
    // An organization that is being deleted is gone here, and its name isn't free.
    let admin = browser.app.administrator().await;
    let plan = service::org::preview_deletion(&admin.ctx, "Acme").await.unwrap();
    service::org::delete(&admin.ctx, "Acme", &plan.token, "Acme").await.unwrap();
    assert_eq!(ask("GET", "/administration/organizations/Acme", json!({})).await.0, 404);
    assert_eq!(ask("POST", organizations, json!({"organization_id": "Acme"})).await, exists);
    browser.app.run_jobs().await;
    assert_eq!(ask("POST", organizations, json!({"organization_id": "Acme"})).await, exists);
    // A console session is no token.
    let cookie = format!("{}={}", service::cookie::SESSION, admin.cookies.session.unwrap().expose());
    let answer = browser.send(Request::get("/administration/stats").header("cookie", cookie), "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[both]
async fn an_expired_organization_is_closed_to_its_people(db: TestDb) {
    let browser = Browser::of(TestApp::new(db).await, true);
    let admin = browser.app.administrator().await;
    let owner = browser.app.person("owner@example.com", false).await;
    browser.app.org(&admin, "acme").await;
    service::bootstrap::take_ownership(&admin.ctx, "acme").await.unwrap();
    let org = browser.app.org_id(&admin, "acme").await;
    browser.app.add_member(org, &owner, Role::Owner, MemberState::Active).await;
    let set = async |expired: bool| {
        let path = "/administration/organizations/acme";
        administration(&browser, "PATCH", path, &json!({"is_expired": expired})).await;
    };
    assert!(service::org::load(&owner.ctx, "acme").await.is_ok());
    set(true).await;
    let fault = testapp::fault(&browser.app, service::org::load(&owner.ctx, "acme").await);
    assert!(fault.to_string().contains("expired"), "{fault}");
    assert!(service::org::load(&admin.ctx, "acme").await.is_ok(), "a platform administrator still may");
    set(false).await;
    assert!(service::org::load(&owner.ctx, "acme").await.is_ok());
    let actions: Vec<String> = browser.app.audit().await.into_iter().map(|(_, action)| action).collect();
    for action in ["organization.hold_set", "organization.hold_lifted"] {
        assert_eq!(actions.iter().filter(|logged| *logged == action).count(), 1, "{actions:?}");
    }
}
