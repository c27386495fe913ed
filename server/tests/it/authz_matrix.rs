//! Every server function, page and REST route, asked by every kind of actor: what each gets, and what it leaves in the audit
//! log. What has no row fails the test; the table is a committed snapshot, so that a change of who
//! may do what is seen in review.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use app::api::admin::{
    DeleteOrg, LoadAdmin, LoadRevision, PreviewDeletion, RedactRevision, RestoreOrg, RestoreRevision, SaveAdmin,
};
use app::api::audit::{ChangeStream, LoadAudit, SetStream};
use app::api::auth_policy::{LoadAuthentication, PreviewAuthReset, ResetAuthentication, SaveAuthentication};
use app::api::billing::{
    AgreePayment, CancelSubscription, ChangePaymentMethod, CreatePlan, FinishCard, LoadBilling, LoadCard, LoadInvoice,
    LoadInvoices, LoadPlan, LoadPlans, MarkInvoicePaid, PayInvoice, Subscribe, UpdatePlan, VoidInvoice,
};
use app::api::bootstrap::{
    AcceptBootstrap, Join, LoadBootstrap, RedeemBootstrap, RevokeBootstrap, RotateBootstrap, TakeOwnership,
};
use app::api::cloud::{ChangeCloudAccount, ConnectCloudAccount, LoadCloudAccounts, UpdateCloudAccount};
use app::api::device::{DecideDevice, FindDevice, LoadDevice};
use app::api::instance::{LoadInstance, SaveInstance};
use app::api::mail::{LoadMail, LoadMails, RetryMail, RevealMail, SendTestMail};
use app::api::orgs::{CreateOrg, LoadNewOrg, LoadOrg, LoadOrgs, SearchOrgs};
use app::api::process::{AbandonStep, LoadOrgProcesses, LoadProcess, LoadProcesses, RetryProcess};
use app::api::profile::{LoadProfile, PreviewRename, RenameOrg, RetireAlias, SaveDisplayName};
use app::api::report::{LoadUnsubscribe, SendTestReport, Unsubscribe};
use app::api::secret::{LoadSecrets, RemoveSecret, SetSecret};
use app::api::service_account::{
    ChangeServiceAccount, CreateServiceAccount, LoadServiceAccount, LoadServiceAccounts, UpdateServiceAccount,
};
use app::api::session::{LoadFront, SignIn, SignOut};
use app::api::setup::{CompleteSetup, LoadSetup};
use app::api::token::{ChangeToken, CreateToken, LoadInstanceTokens, LoadTokens};
use app::api::usage::{
    CreateMeter, LoadMeters, LoadUsage, LoadWorkspacesUsage, SetUsageLimit, TestUsageLimit, UpdateMeter,
};
use app::api::workspace::{ChangeWorkspace, CreateWorkspace, LoadWorkspace, LoadWorkspaces, RenameWorkspace};
use domain::billing::PlanForm;
use domain::cloud::CloudAccountForm;
use domain::id::{OrgId, PersonId, ProcessId, ServiceAccountId};
use domain::people::{MemberState, Role};
use domain::service_account::ServiceAccountForm;
use domain::time::Span;
use domain::token::{TokenForm, TokenHolder, TokenKind};
use domain::usage::{Dimension, LimitForm, MeterForm};
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use serde_json::{Value, json};
use service::org::NewOrg;
use service::ports::MailError;
use service::{Ctx, Secret, cookie};
use testapp::Person;

use crate::avatar::picture;
use crate::support::{Answer, Browser, PASSWORD, call, encode, path_of};

const ACTORS: [&str; 9] =
    ["anonymous", "expired", "outsider", "external", "member", "frozen", "owner", "partner", "administrator"];

/// Who asks only where programs do: the administration token, a service account that owns the organization, one of its
/// workspaces, and a meter.
const PROGRAMS: [&str; 4] = ["instance", "service", "workspace", "meter"];

/// What a row asks for, built for the cell's own organization.
enum Ask {
    Page(fn(&Cell) -> String),
    Form(&'static str, fn(&Cell) -> Vec<(&'static str, String)>),
    /// Method, path and JSON body; the actor shows a token of theirs with every scope.
    Rest(&'static str, String, fn(&Cell) -> Value),
    /// A picture, as the console's script sends it.
    Upload,
}

struct Row {
    name: String,
    /// The page route it covers, in the router's notation.
    route: Option<&'static str>,
    ask: Ask,
}

/// An organization of its own for one actor and row.
struct Cell {
    handle: String,
    now: String,
    link: String,
    plan: String,
    process: ProcessId,
    workspace: String,
    service_account: String,
    /// Of whom the tokens are that the row is about, as forms name it, and the id of one to act on.
    holder: String,
    spare: String,
    /// The actor's token.
    secret: Option<Secret>,
    account: String,
    /// Under which a program waits to be signed in.
    code: String,
    /// Somebody who belongs nowhere.
    stray: PersonId,
    mail: String,
    /// Open, for the plan that the organization is on.
    invoice: String,
    /// A way to pay that isn't the default.
    method: String,
}

impl Row {
    /// Whether its organization needs a plan of its own to be asked about.
    fn is_billing(&self) -> bool {
        let words = ["billing", "invoice", "payment", "/fn/subscribe", "subscription", "card", "/plans", "_plan"];
        let is_preview = self.name.contains("{handle}/plans");
        !is_preview && words.iter().any(|word| self.name.contains(word))
    }

    /// The organization is on no plan before.
    fn begins_a_plan(&self) -> bool {
        self.name == name_of(path_of::<Subscribe>()) || self.name.starts_with("PUT ")
    }
}

fn page(route: &'static str, path: fn(&Cell) -> String) -> Row {
    Row { name: format!("GET {route}"), route: Some(route), ask: Ask::Page(path) }
}

/// A route of the console that is no page of it.
fn other(route: &'static str, path: fn(&Cell) -> String) -> Row {
    Row { name: format!("GET {route}"), route: None, ask: Ask::Page(path) }
}

/// The route that takes an avatar's picture.
fn upload() -> Row {
    Row { name: "POST /organizations/{handle}/avatar".to_owned(), route: None, ask: Ask::Upload }
}

fn function<F: server_fn::ServerFn>(fields: fn(&Cell) -> Vec<(&'static str, String)>) -> Row {
    Row { name: name_of(path_of::<F>()), route: None, ask: Ask::Form(path_of::<F>(), fields) }
}

/// A route of the native surface, in its document's notation.
fn api(method: &'static str, route: &'static str, body: fn(&Cell) -> Value) -> Row {
    rest(method, "/api/v1", route, body)
}

fn administration(method: &'static str, route: &'static str, body: fn(&Cell) -> Value) -> Row {
    rest(method, "/administration", route, body)
}

fn rest(method: &'static str, base: &'static str, route: &'static str, body: fn(&Cell) -> Value) -> Row {
    let path = format!("{base}{route}");
    Row { name: format!("{method} {path}"), route: None, ask: Ask::Rest(method, path, body) }
}

/// A function on the tokens of `whose`.
fn tokens<F: server_fn::ServerFn>(whose: &str, fields: fn(&Cell) -> Vec<(&'static str, String)>) -> Row {
    let row = function::<F>(fields);
    Row { name: format!("{} {whose}", row.name), ..row }
}

/// The path without the hash that tells functions of one name apart.
fn name_of(path: &str) -> String {
    path.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

fn handle(cell: &Cell) -> Vec<(&'static str, String)> {
    vec![("handle", cell.handle.clone())]
}

/// A cloud account as a form and as JSON.
fn account_fields(name: &'static str) -> Vec<(&'static str, String)> {
    let fields = [
        ("form[name]", name),
        ("form[provider]", "own"),
        ("form[connector]", "webhook"),
        ("form[url]", "https://hooks.example.com"),
        ("form[secret]", ACCOUNT_SECRET),
    ];
    fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

fn account_json(name: &str) -> Value {
    json!({
        "name": name, "provider": "own", "connector": "webhook", "url": "https://hooks.example.com", "secret": ACCOUNT_SECRET
    })
}

/// The meter that a row about meters changes.
fn meter_of(cell: &Cell) -> String {
    cell.handle.replace('-', "_")
}

fn meter_fields(key: String) -> Vec<(&'static str, String)> {
    let fields = [("form[label]", "GPU hours"), ("form[unit]", "hour"), ("form[aggregation]", "sum")];
    let fields = fields.into_iter().map(|(name, value)| (name, value.to_owned()));
    std::iter::once(("form[key]", key)).chain(fields).collect()
}

/// The plan that a row about billing is about: each cell has its own.
fn plan_of(cell: &Cell) -> String {
    format!("p-{}", cell.handle)
}

fn plan_form(key: String) -> PlanForm {
    PlanForm {
        key,
        name: "Team".into(),
        currency: "EUR".into(),
        price: "49".into(),
        buyer: "owners".into(),
        ..PlanForm::default()
    }
}

fn plan_fields(key: String) -> Vec<(&'static str, String)> {
    let fields =
        [("form[name]", "Team 2"), ("form[currency]", "EUR"), ("form[price]", "59"), ("form[buyer]", "owners")];
    let fields = fields.into_iter().map(|(name, value)| (name, value.to_owned()));
    std::iter::once(("form[key]", key)).chain(fields).collect()
}

fn invoice(cell: &Cell) -> Vec<(&'static str, String)> {
    vec![("handle", cell.handle.clone()), ("number", cell.invoice.clone())]
}

/// Of whom tokens are.
const SERVICE: &str = "(service account)";
const WORKSPACE: &str = "(workspace)";
const INSTANCE: &str = "(instance)";

fn new_token(holder: String) -> Vec<(&'static str, String)> {
    vec![("holder", holder), ("name", "CI".into()), ("lifetime", "never".into())]
}

fn turn_off(cell: &Cell) -> Vec<(&'static str, String)> {
    vec![("holder", cell.holder.clone()), ("off", cell.spare.clone())]
}

const ACCOUNT_SECRET: &str = "a-secret-of-enough-characters";

fn rows() -> Vec<Row> {
    let nothing = |_: &Cell| Vec::new();
    let account = |cell: &Cell| {
        vec![
            ("name", "New Person".to_owned()),
            ("email", format!("{}@new.example", cell.handle)),
            ("password", PASSWORD.to_owned()),
        ]
    };
    vec![
        page("/", |_| "/".into()),
        page("/sign-in", |_| "/sign-in".into()),
        page("/setup", |_| "/setup".into()),
        page("/bootstrap", |_| "/bootstrap".into()),
        page("/join", |_| "/join".into()),
        page("/unsubscribe", |_| "/unsubscribe".into()),
        page("/organizations", |_| "/organizations".into()),
        page("/organizations/new", |_| "/organizations/new".into()),
        page("/organizations/{handle}", |cell| format!("/organizations/{}", cell.handle)),
        page("/organizations/{handle}/audit", |cell| format!("/organizations/{}/audit", cell.handle)),
        other("/organizations/{handle}/usage/export", |cell| format!("/organizations/{}/usage/export", cell.handle)),
        other("/organizations/{handle}/audit/export", |cell| format!("/organizations/{}/audit/export", cell.handle)),
        page("/organizations/{handle}/profile", |cell| format!("/organizations/{}/profile", cell.handle)),
        page("/organizations/{handle}/admin", |cell| format!("/organizations/{}/admin", cell.handle)),
        page("/organizations/{handle}/admin/revisions/{version}", |cell| {
            format!("/organizations/{}/admin/revisions/1", cell.handle)
        }),
        page("/account/tokens", |_| "/account/tokens".into()),
        page("/processes", |_| "/processes".into()),
        page("/processes/{process}", |cell| format!("/processes/{}", cell.process)),
        other("/live", |cell| format!("/live?topic=process:{}", cell.process)),
        page("/instance/settings", |_| "/instance/settings".into()),
        page("/instance/meters", |_| "/instance/meters".into()),
        page("/instance/meters/{meter}", |cell| format!("/instance/meters/{}", meter_of(cell))),
        page("/organizations/{handle}/usage", |cell| format!("/organizations/{}/usage", cell.handle)),
        page("/organizations/{handle}/usage/workspaces", |cell| {
            format!("/organizations/{}/usage/workspaces", cell.handle)
        }),
        page("/instance/mail", |_| "/instance/mail".into()),
        page("/instance/mail/{mail}", |cell| format!("/instance/mail/{}", cell.mail)),
        page("/organizations/{handle}/processes", |cell| format!("/organizations/{}/processes", cell.handle)),
        page("/organizations/{handle}/authentication", |cell| format!("/organizations/{}/authentication", cell.handle)),
        page("/organizations/{handle}/secrets", |cell| format!("/organizations/{}/secrets", cell.handle)),
        page("/organizations/{handle}/workspaces", |cell| format!("/organizations/{}/workspaces", cell.handle)),
        page("/organizations/{handle}/workspaces/{workspace}", |cell| {
            format!("/organizations/{}/workspaces/{}", cell.handle, cell.workspace)
        }),
        page("/organizations/{handle}/cloud-accounts", |cell| format!("/organizations/{}/cloud-accounts", cell.handle)),
        page("/organizations/{handle}/cloud-accounts/{account}", |cell| {
            format!("/organizations/{}/cloud-accounts/{}", cell.handle, cell.account)
        }),
        page("/organizations/{handle}/service-accounts", |cell| {
            format!("/organizations/{}/service-accounts", cell.handle)
        }),
        page("/organizations/{handle}/service-accounts/{account}", |cell| {
            format!("/organizations/{}/service-accounts/{}", cell.handle, cell.service_account)
        }),
        page("/organizations/{handle}/billing", |cell| format!("/organizations/{}/billing", cell.handle)),
        page("/organizations/{handle}/billing/card", |cell| format!("/organizations/{}/billing/card", cell.handle)),
        page("/organizations/{handle}/billing/invoices/{number}", |cell| {
            format!("/organizations/{}/billing/invoices/{}", cell.handle, cell.invoice)
        }),
        other("/organizations/{handle}/billing/invoices/{number}/pdf", |cell| {
            format!("/organizations/{}/billing/invoices/{}/pdf", cell.handle, cell.invoice)
        }),
        page("/instance/plans", |_| "/instance/plans".into()),
        page("/instance/plans/{plan}", |cell| format!("/instance/plans/{}", plan_of(cell))),
        page("/instance/invoices", |_| "/instance/invoices".into()),
        page("/instance/tokens", |_| "/instance/tokens".into()),
        page("/device", |_| "/device?user_code=BCDF-GHJK".into()),
        function::<LoadFront>(nothing),
        function::<SignIn>(|cell| {
            vec![("email", format!("{}@example.com", cell.handle)), ("password", "wrong".into())]
        }),
        function::<SignOut>(nothing),
        function::<LoadSetup>(nothing),
        function::<CompleteSetup>(account),
        function::<LoadBootstrap>(nothing),
        function::<Join>(|cell| vec![("link", cell.link.clone())]),
        function::<RedeemBootstrap>(account),
        function::<AcceptBootstrap>(nothing),
        function::<RotateBootstrap>(|cell| [handle(cell), vec![("lifetime", "week".into())]].concat()),
        function::<RevokeBootstrap>(handle),
        function::<TakeOwnership>(handle),
        function::<LoadOrgs>(|_| vec![("query[search]", String::new())]),
        function::<LoadNewOrg>(nothing),
        function::<CreateOrg>(|cell| vec![("display_name", "New".into()), ("handle", format!("new-{}", cell.handle))]),
        function::<LoadOrg>(handle),
        function::<SearchOrgs>(|_| vec![("search", "a".into())]),
        function::<LoadAdmin>(handle),
        function::<SaveAdmin>(|cell| {
            let save = [("version", "1"), ("form[platform_domain]", "new.example.com"), ("form[workspace]", "{}")];
            [handle(cell), save.into_iter().map(|(name, value)| (name, value.to_owned())).collect()].concat()
        }),
        function::<LoadRevision>(|cell| [handle(cell), vec![("version", "1".into())]].concat()),
        function::<RestoreRevision>(|cell| {
            [handle(cell), vec![("version", "1".into()), ("revision", "1".into())]].concat()
        }),
        function::<RedactRevision>(|cell| {
            [handle(cell), vec![("revision", "1".into()), ("reason", "leak".into())]].concat()
        }),
        function::<PreviewDeletion>(handle),
        function::<DeleteOrg>(|cell| {
            [handle(cell), vec![("plan", cell.plan.clone()), ("confirm", cell.handle.clone())]].concat()
        }),
        function::<RestoreOrg>(handle),
        function::<LoadProcess>(|cell| vec![("process", cell.process.to_string())]),
        function::<RetryProcess>(|cell| vec![("process", cell.process.to_string())]),
        function::<AbandonStep>(|cell| {
            vec![("process", cell.process.to_string()), ("step", "0".into()), ("reason", "gone".into())]
        }),
        function::<LoadProcesses>(nothing),
        function::<LoadOrgProcesses>(handle),
        function::<LoadInstance>(nothing),
        function::<SaveInstance>(|_| {
            vec![("form[deletion_grace_days]", "0".into()), ("form[owners_may_delete]", "true".into())]
        }),
        function::<LoadAuthentication>(handle),
        function::<SaveAuthentication>(|cell| {
            [handle(cell), vec![("version", "1".into()), ("form[token_days]", "3650".into())]].concat()
        }),
        function::<PreviewAuthReset>(handle),
        function::<ResetAuthentication>(|cell| [handle(cell), vec![("plan", cell.plan.clone())]].concat()),
        function::<SendTestReport>(handle),
        function::<LoadUnsubscribe>(nothing),
        function::<Unsubscribe>(nothing),
        function::<LoadMails>(nothing),
        function::<LoadMail>(|cell| vec![("mail", cell.mail.clone())]),
        function::<SendTestMail>(nothing),
        function::<RevealMail>(|cell| vec![("mail", cell.mail.clone())]),
        function::<RetryMail>(|cell| vec![("mail", cell.mail.clone())]),
        function::<LoadSecrets>(handle),
        function::<SetSecret>(|cell| [handle(cell), vec![("name", "db".into()), ("value", "x".into())]].concat()),
        function::<RemoveSecret>(|cell| [handle(cell), vec![("name", "spare".into())]].concat()),
        function::<LoadWorkspaces>(handle),
        function::<LoadWorkspace>(|cell| [handle(cell), vec![("workspace", cell.workspace.clone())]].concat()),
        function::<CreateWorkspace>(|cell| [handle(cell), vec![("name", "new".into())]].concat()),
        function::<RenameWorkspace>(|cell| {
            let fields = [("workspace", cell.workspace.as_str()), ("version", "1"), ("name", "other")];
            [handle(cell), fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect()].concat()
        }),
        function::<ChangeWorkspace>(|cell| [handle(cell), vec![("act", format!("sleep:{}", cell.workspace))]].concat()),
        function::<LoadCloudAccounts>(handle),
        function::<ConnectCloudAccount>(|cell| [handle(cell), account_fields("Another")].concat()),
        function::<UpdateCloudAccount>(|cell| {
            let which = vec![("account", cell.account.clone()), ("version", "1".into())];
            [handle(cell), which, account_fields("Renamed")].concat()
        }),
        function::<ChangeCloudAccount>(|cell| [handle(cell), vec![("refresh", cell.account.clone())]].concat()),
        function::<LoadTokens>(nothing),
        tokens::<CreateToken>("(own)", |_| new_token("own".into())),
        tokens::<ChangeToken>("(own)", |_| {
            vec![("holder", "own".into()), ("delete", "01a201a4-3d50-73ef-8f88-63e4c9b40b30".into())]
        }),
        function::<LoadInstanceTokens>(nothing),
        tokens::<CreateToken>(SERVICE, |cell| new_token(cell.holder.clone())),
        tokens::<ChangeToken>(SERVICE, turn_off),
        tokens::<CreateToken>(WORKSPACE, |cell| new_token(cell.holder.clone())),
        tokens::<ChangeToken>(WORKSPACE, turn_off),
        tokens::<CreateToken>(INSTANCE, |cell| new_token(cell.holder.clone())),
        tokens::<ChangeToken>(INSTANCE, turn_off),
        function::<LoadServiceAccounts>(handle),
        function::<LoadServiceAccount>(|cell| [handle(cell), vec![("account", cell.service_account.clone())]].concat()),
        function::<CreateServiceAccount>(|cell| [handle(cell), vec![("form[name]", "Another".into())]].concat()),
        function::<UpdateServiceAccount>(|cell| {
            let fields = [("account", cell.service_account.as_str()), ("version", "1"), ("form[name]", "Renamed")];
            [handle(cell), fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect()].concat()
        }),
        function::<ChangeServiceAccount>(|cell| [handle(cell), vec![("off", cell.service_account.clone())]].concat()),
        function::<LoadDevice>(nothing),
        function::<FindDevice>(|cell| vec![("user_code", cell.code.clone())]),
        function::<DecideDevice>(|cell| vec![("user_code", cell.code.clone()), ("decision", "approve".into())]),
        function::<LoadUsage>(handle),
        function::<LoadWorkspacesUsage>(handle),
        function::<SetUsageLimit>(|cell| {
            let fields = [("dimension", "users"), ("version", "1"), ("form[value]", "5"), ("form[action]", "warn")];
            [handle(cell), fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect()].concat()
        }),
        function::<TestUsageLimit>(|cell| [handle(cell), vec![("dimension", "users".into())]].concat()),
        function::<LoadMeters>(nothing),
        function::<CreateMeter>(|cell| meter_fields(format!("new_{}", meter_of(cell)))),
        function::<UpdateMeter>(|cell| {
            let which = vec![("meter", meter_of(cell)), ("version", "1".into())];
            [which, meter_fields(meter_of(cell))].concat()
        }),
        api("POST", "/usage/events", |cell| {
            json!({
                "specversion": "1.0", "source": "/matrix", "id": cell.handle, "type": "db_execution_ms",
                "subject": cell.workspace, "time": cell.now, "data": {"quantity": 1}
            })
        }),
        api("GET", "/organizations/{handle}/usage", |_| Value::Null),
        api("GET", "/organizations/{handle}/usage/export", |_| Value::Null),
        api("GET", "/organizations/{handle}/usage/workspaces", |_| Value::Null),
        api("GET", "/organizations/{handle}/usage/limits", |_| Value::Null),
        api("GET", "/organizations/{handle}/usage/limits/{dimension}", |_| Value::Null),
        api("PUT", "/organizations/{handle}/usage/limits/{dimension}", |_| json!({"value": "5", "action": "warn"})),
        api("DELETE", "/organizations/{handle}/usage/limits/{dimension}", |_| Value::Null),
        api("POST", "/organizations/{handle}/usage/limits/{dimension}/test", |_| Value::Null),
        api("GET", "/organizations/{handle}/usage/limits/{dimension}/rehearsal", |_| Value::Null),
        api("GET", "/meters", |_| Value::Null),
        api(
            "POST",
            "/meters",
            |cell| json!({"key": format!("new_{}", meter_of(cell)), "label": "GPU", "unit": "hour", "aggregation": "sum"}),
        ),
        api("PATCH", "/meters/{meter}", |_| json!({"label": "Renamed"})),
        function::<LoadBilling>(handle),
        function::<LoadInvoice>(invoice),
        function::<LoadInvoices>(nothing),
        function::<Subscribe>(|cell| [handle(cell), vec![("plan", plan_of(cell))]].concat()),
        function::<CancelSubscription>(|cell| {
            [handle(cell), vec![("version", "1".into()), ("act", "cancel".into())]].concat()
        }),
        function::<MarkInvoicePaid>(|cell| [invoice(cell), vec![("note", "by transfer".into())]].concat()),
        function::<VoidInvoice>(|cell| [invoice(cell), vec![("reason", "a mistake".into())]].concat()),
        function::<PayInvoice>(invoice),
        function::<AgreePayment>(|cell| [handle(cell), vec![("label", "By cheque".into())]].concat()),
        function::<ChangePaymentMethod>(|cell| [handle(cell), vec![("remove", cell.method.clone())]].concat()),
        function::<LoadCard>(handle),
        function::<FinishCard>(|cell| [handle(cell), vec![("setup", "seti_1".into())]].concat()),
        function::<LoadPlans>(nothing),
        function::<LoadPlan>(|cell| vec![("plan", plan_of(cell))]),
        function::<CreatePlan>(|cell| plan_fields(format!("new-{}", cell.handle))),
        function::<UpdatePlan>(|cell| {
            [vec![("plan", plan_of(cell)), ("version", "1".into())], plan_fields(plan_of(cell))].concat()
        }),
        api("GET", "/plans", |_| Value::Null),
        api(
            "POST",
            "/plans",
            |cell| json!({"key": format!("new-{}", cell.handle), "name": "Team", "currency": "EUR", "price": "49"}),
        ),
        api("GET", "/plans/{plan}", |_| Value::Null),
        api("PATCH", "/plans/{plan}", |_| json!({"name": "Team 2"})),
        api("GET", "/organizations/{handle}/billing", |_| Value::Null),
        api("PUT", "/organizations/{handle}/subscription", |cell| json!({"plan": plan_of(cell)})),
        api("DELETE", "/organizations/{handle}/subscription", |_| Value::Null),
        api("POST", "/organizations/{handle}/subscription/keep", |_| Value::Null),
        api("GET", "/organizations/{handle}/invoices", |_| Value::Null),
        api("GET", "/organizations/{handle}/invoices/{number}", |_| Value::Null),
        api("GET", "/organizations/{handle}/invoices/{number}/pdf", |_| Value::Null),
        api("POST", "/organizations/{handle}/invoices/{number}/paid", |_| json!({"note": "by transfer"})),
        api("POST", "/organizations/{handle}/invoices/{number}/void", |_| json!({"reason": "a mistake"})),
        api("POST", "/organizations/{handle}/payment-methods", |_| json!({"label": "By cheque"})),
        api("GET", "/invoices", |_| Value::Null),
        function::<LoadAudit>(handle),
        function::<SetStream>(|cell| {
            [handle(cell), vec![("version", "1".into()), ("url", "https://siem.example/other".into())]].concat()
        }),
        function::<ChangeStream>(|cell| [handle(cell), vec![("act", "test".into())]].concat()),
        api("GET", "/organizations/{handle}/audit-stream", |_| Value::Null),
        api("PUT", "/organizations/{handle}/audit-stream", |_| json!({"url": "https://siem.example/other"})),
        api("DELETE", "/organizations/{handle}/audit-stream", |_| Value::Null),
        api("POST", "/organizations/{handle}/audit-stream/test", |_| Value::Null),
        api("POST", "/organizations/{handle}/audit-stream/pause", |_| Value::Null),
        api("POST", "/organizations/{handle}/audit-stream/resume", |_| Value::Null),
        api("POST", "/organizations/{handle}/audit-stream/secret", |_| Value::Null),
        api("GET", "/organizations/{handle}/audit", |_| Value::Null),
        api("GET", "/organizations/{handle}/audit/export", |_| Value::Null),
        upload(),
        other("/avatars/{file}", |_| format!("/avatars/{}-64.webp", "0".repeat(64))),
        function::<LoadProfile>(handle),
        function::<SaveDisplayName>(|cell| {
            [handle(cell), vec![("version", "1".into()), ("display_name", "New name".into())]].concat()
        }),
        function::<PreviewRename>(|cell| [handle(cell), vec![("new_handle", format!("{}-x", cell.handle))]].concat()),
        function::<RenameOrg>(|cell| {
            [handle(cell), vec![("new_handle", format!("{}-x", cell.handle)), ("plan", cell.plan.clone())]].concat()
        }),
        function::<RetireAlias>(|cell| [handle(cell), vec![("alias", "none".into())]].concat()),
        api("GET", "/organizations/{handle}/profile", |_| Value::Null),
        api("PATCH", "/organizations/{handle}/profile", |_| json!({"display_name": "New name"})),
        api("DELETE", "/organizations/{handle}/aliases/{alias}", |_| Value::Null),
        api("PUT", "/organizations/{handle}/avatar", |_| json!("a picture")),
        api("DELETE", "/organizations/{handle}/avatar", |_| Value::Null),
        api("GET", "/me", |_| Value::Null),
        api("GET", "/tokens", |_| Value::Null),
        api("POST", "/tokens", |_| json!({"name": "Another", "lifetime": "7"})),
        api("PATCH", "/tokens/{token}", |_| json!({"active": false})),
        api("DELETE", "/tokens/{token}", |_| Value::Null),
        api("GET", "/instance/tokens", |_| Value::Null),
        api("POST", "/instance/tokens", |_| json!({"kind": "meter", "name": "Another", "lifetime": "7"})),
        api("PATCH", "/instance/tokens/{token}", |_| json!({"active": false})),
        api("DELETE", "/instance/tokens/{token}", |_| Value::Null),
        api("GET", "/organizations/{handle}/service-accounts", |_| Value::Null),
        api("POST", "/organizations/{handle}/service-accounts", |_| json!({"name": "Another"})),
        api("GET", "/organizations/{handle}/service-accounts/{service_account}", |_| Value::Null),
        api("PATCH", "/organizations/{handle}/service-accounts/{service_account}", |_| json!({"name": "Renamed"})),
        api("DELETE", "/organizations/{handle}/service-accounts/{service_account}", |_| Value::Null),
        api("GET", "/organizations/{handle}/service-accounts/{service_account}/tokens", |_| Value::Null),
        api(
            "POST",
            "/organizations/{handle}/service-accounts/{service_account}/tokens",
            |_| json!({"name": "Another", "lifetime": "7"}),
        ),
        api(
            "PATCH",
            "/organizations/{handle}/service-accounts/{service_account}/tokens/{token}",
            |_| json!({"active": false}),
        ),
        api("DELETE", "/organizations/{handle}/service-accounts/{service_account}/tokens/{token}", |_| Value::Null),
        api("GET", "/organizations/{handle}/workspaces/{workspace}/tokens", |_| Value::Null),
        api(
            "POST",
            "/organizations/{handle}/workspaces/{workspace}/tokens",
            |_| json!({"name": "Another", "lifetime": "7"}),
        ),
        api("PATCH", "/organizations/{handle}/workspaces/{workspace}/tokens/{token}", |_| json!({"active": false})),
        api("DELETE", "/organizations/{handle}/workspaces/{workspace}/tokens/{token}", |_| Value::Null),
        api("GET", "/organizations", |_| Value::Null),
        api("POST", "/organizations", |cell| json!({"display_name": "New", "handle": format!("new-{}", cell.handle)})),
        api("GET", "/organizations/{handle}", |_| Value::Null),
        api("PATCH", "/organizations/{handle}", |_| json!({"platform_domain": "new.example.com"})),
        api("GET", "/organizations/{handle}/workspace-settings", |_| Value::Null),
        api("POST", "/organizations/{handle}/plans", |_| json!({"act": "delete_organization"})),
        api(
            "POST",
            "/organizations/{handle}/plans/apply",
            |cell| json!({"act": "delete_organization", "token": cell.plan, "confirm": cell.handle}),
        ),
        api("GET", "/processes", |_| Value::Null),
        api("GET", "/processes/{process}", |_| Value::Null),
        api("POST", "/processes/{process}/retry", |_| Value::Null),
        api("POST", "/processes/{process}/steps/{position}/abandon", |_| json!({"reason": "gone"})),
        api("GET", "/organizations/{handle}/processes", |_| Value::Null),
        api("POST", "/organizations/{handle}/restore", |_| Value::Null),
        api("POST", "/organizations/{handle}/report/test", |_| Value::Null),
        api("GET", "/organizations/{handle}/workspaces", |_| Value::Null),
        api("POST", "/organizations/{handle}/workspaces", |_| json!({"name": "new"})),
        api("GET", "/organizations/{handle}/workspaces/{workspace}", |_| Value::Null),
        api("PATCH", "/organizations/{handle}/workspaces/{workspace}", |_| json!({"act": "sleep"})),
        api("DELETE", "/organizations/{handle}/workspaces/{workspace}", |_| Value::Null),
        api("GET", "/organizations/{handle}/cloud-accounts", |_| Value::Null),
        api("POST", "/organizations/{handle}/cloud-accounts", |_| account_json("Another")),
        api("GET", "/organizations/{handle}/cloud-accounts/{account}", |_| Value::Null),
        api("PATCH", "/organizations/{handle}/cloud-accounts/{account}", |_| json!({"name": "Renamed"})),
        api("DELETE", "/organizations/{handle}/cloud-accounts/{account}", |_| Value::Null),
        api("POST", "/organizations/{handle}/cloud-accounts/{account}/refresh", |_| Value::Null),
        api("GET", "/organizations/{handle}/authentication", |_| Value::Null),
        api("PATCH", "/organizations/{handle}/authentication", |_| json!({"console_hours": 8})),
        api("GET", "/organizations/{handle}/secrets", |_| Value::Null),
        api("PUT", "/organizations/{handle}/secrets/{name}", |_| json!({"value": "x"})),
        api("DELETE", "/organizations/{handle}/secrets/{name}", |_| Value::Null),
        api("GET", "/instance/settings", |_| Value::Null),
        api("PATCH", "/instance/settings", |_| json!({"owners_may_delete": true})),
        api("POST", "/people/{person}/erase", |_| Value::Null),
        api("GET", "/instance/mail", |_| Value::Null),
        api("POST", "/instance/mail/test", |_| Value::Null),
        api("POST", "/instance/mail/{mail}/retry", |_| Value::Null),
        administration("POST", "/organizations", |cell| json!({"organization_id": format!("new-{}", cell.handle)})),
        administration("GET", "/organizations/{handle}", |_| Value::Null),
        administration("PATCH", "/organizations/{handle}", |_| json!({"active_users_limit": 5})),
        administration("GET", "/organizations/{handle}/stats", |_| Value::Null),
        administration("GET", "/stats", |_| Value::Null),
        api("POST", "/device/authorize", |_| json!({"client_id": "tenantry-cli"})),
        api("POST", "/device/token", |_| {
            let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
            json!({"client_id": "tenantry-cli", "grant_type": grant_type, "device_code": "none"})
        }),
        // Last: whoever asks has no token after it.
        api("DELETE", "/me/token", |_| Value::Null),
    ]
}

struct World {
    browser: Browser,
    admin: Person,
    partner: OrgId,
    people: BTreeMap<&'static str, Person>,
    process: ProcessId,
    /// A mail to the administrator that was refused.
    mail: String,
    /// The session of a person whose time is up.
    expired: cookie::Cookies,
    /// Of everyone who can have one, with the id of a spare one to act on.
    tokens: BTreeMap<&'static str, (String, Secret)>,
}

async fn world() -> World {
    let browser = Browser::new().await;
    let app = &browser.app;
    let ghost = app.person("ghost@example.com", true).await;
    let mut tokens = BTreeMap::from([("expired", token(&ghost, "30").await)]);
    let expired = ghost.cookies;
    app.advance(Span::days(31));
    let admin = app.administrator().await;
    let mut people = BTreeMap::new();
    for actor in ["outsider", "external", "member", "frozen", "owner", "partner"] {
        people.insert(actor, app.person(&format!("{actor}@example.com"), false).await);
    }
    for (actor, person) in people.iter().chain([(&"administrator", &admin)]) {
        tokens.insert(actor, token(person, "never").await);
    }
    let instance = Secret::from(testapp::ADMINISTRATION_TOKEN.to_owned());
    tokens.insert("instance", (tokens["owner"].0.clone(), instance));
    tokens.insert("meter", make_token(&admin.ctx, &TokenHolder::Meter, "never").await);
    app.org(&admin, "the-partner").await;
    let partner = app.org_id(&admin, "the-partner").await;
    app.add_member(partner, &people["partner"], Role::Owner, MemberState::Active).await;
    service::bootstrap::take_ownership(&admin.ctx, "the-partner").await.unwrap();
    let loaded = service::org::load_admin(&admin.ctx, "the-partner").await.unwrap();
    let form = domain::settings::SettingsForm { partner: true, ..loaded.form };
    service::org::save_settings(&admin.ctx, "the-partner", loaded.version, &form, "").await.unwrap();
    app.org(&admin, "going").await;
    let plan = service::org::preview_deletion(&admin.ctx, "going").await.unwrap();
    let process = service::org::delete(&admin.ctx, "going", &plan.token, "going").await.unwrap().process;
    // Whoever watches it is told that there is nothing more to see.
    app.run_jobs().await;
    app.mail.fail(Some(MailError::Permanent("No such mailbox.".into())));
    let mail = service::mail::send_test(&admin.ctx).await.unwrap().id.to_string();
    app.run_jobs().await;
    app.mail.fail(None);
    World { browser, admin, partner, people, process, mail, expired, tokens }
}

/// A token to act with, and the id of a spare one to act on.
async fn token(person: &Person, lifetime: &str) -> (String, Secret) {
    let (spare, _) = make_token(&person.ctx, &TokenHolder::Own, lifetime).await;
    (spare, make_token(&person.ctx, &TokenHolder::Own, lifetime).await.1)
}

/// A token that may do all it can, with its id. Of the instance's earlier ones none stays: there can't be one for each cell.
async fn make_token(ctx: &Ctx, holder: &TokenHolder, lifetime: &str) -> (String, Secret) {
    if *holder == TokenHolder::Admin {
        for row in service::token::list(ctx, holder).await.unwrap() {
            if row.kind == TokenKind::Admin {
                service::token::delete(ctx, holder, &row.id.to_string()).await.unwrap();
            }
        }
    }
    let scopes = if holder.kind().only().is_some() { "" } else { "full" };
    let form = TokenForm { name: "All".into(), scopes: scopes.into(), lifetime: lifetime.into() };
    let (row, secret) = service::token::create(ctx, holder, &form).await.unwrap();
    (row.id.to_string(), secret)
}

async fn make_account(ctx: &Ctx, handle: &str, name: &str) -> ServiceAccountId {
    let form = ServiceAccountForm { name: name.into(), role: "owner".into(), ..ServiceAccountForm::default() };
    service::service_account::create(ctx, handle, &form).await.unwrap().id
}

fn session_pair(cookies: &cookie::Cookies) -> Option<String> {
    cookies.session.as_ref().map(|session| format!("{}={}", cookie::SESSION, session.expose()))
}

impl World {
    /// The acting administrator's own session or token makes the plan, which only it may apply.
    async fn cell(&self, handle: String, actor: &str, cookies: &cookie::Cookies, row: &Row) -> Cell {
        let app = &self.browser.app;
        let token = self.tokens.get(actor).filter(|_| matches!(row.ask, Ask::Rest(..)));
        let admin = match (actor, token) {
            ("administrator" | "instance", Some((_, secret))) => app.with_token(secret.clone()),
            ("administrator", None) => app.request(cookies.clone()),
            _ => self.admin.ctx.clone(),
        };
        let new = NewOrg { display_name: "Cell".into(), handle: handle.clone(), ..NewOrg::default() };
        let link = service::org::create(&admin, new).await.unwrap().link.unwrap().url;
        let id = app.org_id(&self.admin, &handle).await;
        for (actor, role, state) in [
            ("external", Role::External, MemberState::Active),
            ("member", Role::Member, MemberState::Active),
            ("frozen", Role::Member, MemberState::Frozen),
            ("owner", Role::Owner, MemberState::Active),
        ] {
            app.add_member(id, &self.people[actor], role, state).await;
        }
        app.manage(id, self.partner).await;
        let workspace = service::workspace::create(&admin, &handle, "build").await.unwrap().id.to_string();
        let form = CloudAccountForm {
            name: "Main".into(),
            provider: "own".into(),
            connector: "webhook".into(),
            url: "https://hooks.example.com".into(),
            secret: ACCOUNT_SECRET.into(),
            ..CloudAccountForm::default()
        };
        let account = service::cloud::connect(&admin, &handle, &form).await.unwrap().to_string();
        let spare = Secret::from("x".to_owned());
        service::org_secret::set(&admin, &handle, "spare", &spare).await.unwrap();
        service::audit_stream::set(&admin, &handle, None, "https://siem.example/in").await.unwrap();
        let asks_for_person = matches!(&row.ask, Ask::Rest(_, path, _) if path.contains("{person}"));
        let stray = match asks_for_person {
            true => app.person(&format!("{handle}@stray.example"), false).await.id,
            false => self.people["outsider"].id,
        };
        let code = match row.name.ends_with("_device") {
            true => service::device::authorize(&app.anonymous(), "tenantry-cli").await.unwrap().unwrap().user_code,
            false => String::new(),
        };
        let mail = self.mail.clone();
        let service_account = make_account(&admin, &handle, "Main").await;
        let workspace_id = workspace.parse().unwrap();
        let holder = match row.name.as_str() {
            name if name.ends_with(SERVICE) || name.contains("{service_account}/tokens") => {
                TokenHolder::ServiceAccount(handle.clone(), service_account)
            }
            name if name.ends_with(WORKSPACE) || name.contains("{workspace}/tokens") => {
                TokenHolder::Workspace(handle.clone(), workspace_id)
            }
            name if name.ends_with(INSTANCE) || name.contains("/instance/tokens") => TokenHolder::Admin,
            _ => TokenHolder::Own,
        };
        let secret = match actor {
            "service" => {
                let own = TokenHolder::ServiceAccount(handle.clone(), make_account(&admin, &handle, "Actor").await);
                Some(make_token(&admin, &own, "never").await.1)
            }
            "workspace" => {
                let own = TokenHolder::Workspace(handle.clone(), workspace_id);
                Some(make_token(&admin, &own, "never").await.1)
            }
            _ => self.tokens.get(actor).map(|(_, secret)| secret.clone()),
        };
        let spare = match &holder {
            TokenHolder::Own => self.tokens.get(actor).map_or_else(|| "none".to_owned(), |(id, _)| id.clone()),
            _ => make_token(&admin, &holder, "never").await.0,
        };
        if row.name.starts_with("DELETE") && row.name.ends_with("{service_account}") {
            let account = service_account.to_string();
            service::service_account::set_active(&admin, &handle, &account, false).await.unwrap();
        }
        let plan = service::org::preview_deletion(&admin, &handle).await.unwrap().token;
        let limit = LimitForm { value: "100".into(), action: "warn".into() };
        let base = service::org::Base::Current;
        service::usage::set_limit(&admin, &handle, Dimension::Users, base, &limit).await.unwrap();
        if row.name.contains("meter") {
            let key = handle.replace('-', "_");
            let (label, unit) = ("GPU hours".to_owned(), "hour".to_owned());
            let form = MeterForm { key, label, unit, aggregation: "sum".into(), ..MeterForm::default() };
            service::meter::create(&self.admin.ctx, &form).await.unwrap();
        }
        let (mut invoice, mut method) = ("INV-999999".to_owned(), String::new());
        if row.is_billing() {
            let plan = service::plan::create(&self.admin.ctx, &plan_form(format!("p-{handle}"))).await.unwrap();
            if !row.begins_a_plan() {
                service::billing::subscribe(&admin, &handle, plan.key.as_str()).await.unwrap();
                let (rows, _) = service::billing::list(&admin, &handle, None, 1).await.unwrap();
                invoice = rows[0].number.to_string();
            }
            for label in ["Bank transfer", "By hand"] {
                service::billing::agree(&admin, &handle, label).await.unwrap();
            }
            let methods = service::billing::read(&admin, &handle).await.unwrap().methods;
            method = methods.iter().find(|method| !method.is_default).unwrap().id.to_string();
        }
        Cell {
            invoice,
            method,
            now: app.clock.now().to_string(),
            handle,
            link,
            plan,
            process: self.process,
            workspace,
            service_account: service_account.to_string(),
            spare,
            secret,
            holder: holder.to_string(),
            account,
            mail,
            code,
            stray,
        }
    }

    async fn cookies_of(&self, actor: &str) -> cookie::Cookies {
        let email = match actor {
            actor if actor == "anonymous" || PROGRAMS.contains(&actor) => return cookie::Cookies::default(),
            "expired" => return self.expired.clone(),
            "administrator" => &self.admin.email,
            actor => &self.people[actor].email,
        };
        self.browser.app.sign_in(email).await.unwrap()
    }

    /// Makes the browser the actor's, holding the cell's link.
    fn become_actor(&mut self, cookies: &cookie::Cookies, cell: &Cell) {
        let link = format!("{}={}", cookie::LINK, cell.link.split("token=").nth(1).unwrap());
        self.browser.cookies = session_pair(cookies).into_iter().chain([link]).collect();
    }

    async fn ask(&self, row: &Row, cell: &Cell) -> Answer {
        match &row.ask {
            Ask::Rest(method, path, body) => {
                let path = path
                    .replace("{handle}", &cell.handle)
                    .replace("{process}", &cell.process.to_string())
                    .replace("{workspace}", &cell.workspace)
                    .replace("{account}", &cell.account)
                    .replace("{mail}", &cell.mail)
                    .replace("{position}", "0")
                    .replace("{name}", "spare")
                    .replace("{person}", &cell.stray.to_string())
                    .replace("{service_account}", &cell.service_account)
                    .replace("{dimension}", "users")
                    .replace("{meter}", &meter_of(cell))
                    .replace("{plan}", &plan_of(cell))
                    .replace("{number}", &cell.invoice)
                    .replace("{token}", &cell.spare);
                let mut request = Request::builder().method(*method).uri(path).header(CONTENT_TYPE, "application/json");
                request = request.header(IF_MATCH, "\"v1\"");
                if let Some(secret) = &cell.secret {
                    request = request.header(AUTHORIZATION, format!("Bearer {}", secret.expose()));
                }
                let body = body(cell);
                let body = if body.is_null() { String::new() } else { body.to_string() };
                self.browser.send(request, body).await
            }
            Ask::Page(path) => self.browser.send(Request::get(path(cell)).header(ACCEPT, "text/html"), "").await,
            Ask::Upload => {
                let (request, body) = picture(&cell.handle, "application/json", &[("file", b"a picture")]);
                self.browser.send(request, body).await
            }
            Ask::Form(path, fields) => {
                let fields = fields(cell);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.browser.send(call(path), encode(&fields)).await
            }
        }
    }
}

/// Entries by kind of chain.
async fn entries(world: &World) -> BTreeMap<String, i64> {
    let mut kinds = BTreeMap::new();
    let mut tx = world.browser.app.db.read().await.unwrap();
    for head in storage::audit::heads(&mut tx).await.unwrap() {
        *kinds.entry(head.chain.split(':').next().unwrap_or_default().to_owned()).or_default() += head.seq;
    }
    kinds
}

/// ` +1 org +1 account`: what was logged between the two counts.
fn added(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> String {
    let new = after.iter().map(|(chain, count)| (chain, count - before.get(chain).copied().unwrap_or(0)));
    new.filter(|(_, count)| *count > 0).map(|(chain, count)| format!(" +{count} {chain}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_every_actor_as_committed() {
    let rows = rows();
    assert_complete(&rows);
    let mut world = world().await;
    let mut table = String::new();
    for (n, row) in rows.iter().enumerate() {
        writeln!(table, "{}", row.name).unwrap();
        let programs = PROGRAMS.into_iter().filter(|_| matches!(row.ask, Ask::Rest(..)));
        for actor in ACTORS.into_iter().chain(programs) {
            let cookies = world.cookies_of(actor).await;
            let cell = world.cell(format!("r{n}-{actor}"), actor, &cookies, row).await;
            world.become_actor(&cookies, &cell);
            let before = entries(&world).await;
            let answer = world.ask(row, &cell).await;
            let audit = added(&before, &entries(&world).await);
            let status = answer.status.as_u16();
            let location = answer.location().replace(&cell.handle, "…");
            let location = location.split(['?', '#']).next().unwrap_or_default();
            // Identifiers of what was just made differ at each run.
            let location = match location.rsplit_once('/') {
                Some((folder, id)) if id.parse::<ProcessId>().is_ok() => format!("{folder}/…"),
                _ => location.to_owned(),
            };
            writeln!(table, "  {actor:15}{status}{}{location}{audit}", if location.is_empty() { "" } else { " → " })
                .unwrap();
        }
    }
    insta::assert_snapshot!("authz_matrix", table);
    world.browser.app.assert_audit_verifies().await;
}

/// Each server function and each page route stands in the table.
fn assert_complete(rows: &[Row]) {
    let (mut asked, mut names) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        assert!(names.insert(&row.name), "{} stands twice", row.name);
        if let Ask::Form(path, _) = &row.ask {
            asked.insert(path.to_string());
        }
    }
    let registered: BTreeSet<String> = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(asked, registered, "server functions without a row, or rows without a function");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/src/api");
    let mut written = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        written += text.lines().filter(|line| line.starts_with("#[server]") || line.starts_with("#[server(")).count();
    }
    assert_eq!(written, registered.len(), "two functions on one path: one silently wins");

    let routes: BTreeSet<&str> =
        rows.iter().map(|row| row.name.as_str()).filter(|name| name.contains(" /api/v1/")).collect();
    let document: Value = serde_json::from_str(&server::http::api::openapi()).unwrap();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
            methods.map(move |method| format!("{} /api/v1{path}", method.to_ascii_uppercase()))
        })
        .map(|name| {
            let names = [
                ("processes", "process"),
                ("tokens", "token"),
                ("workspaces", "workspace"),
                ("cloud-accounts", "account"),
                ("service-accounts", "service_account"),
                ("people", "person"),
                ("mail", "mail"),
            ];
            names.iter().fold(name, |name, (folder, id)| {
                name.replace(&format!("/{folder}/{{id}}"), &format!("/{folder}/{{{id}}}"))
            })
        })
        .collect();
    assert_eq!(routes, described.iter().map(String::as_str).collect(), "REST routes without a row");

    let pages: BTreeSet<String> = rows.iter().filter_map(|row| row.route).map(str::to_owned).collect();
    assert_eq!(pages, server::http::page_routes().iter().cloned().collect(), "pages without a row");
}
