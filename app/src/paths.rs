//! Every URL of the console, built in one place.

use domain::audit::AuditQuery;
use domain::billing::page::InvoicesQuery;
use domain::billing::{InvoiceNumber, PlanKey};
use domain::id::{CloudAccountId, MailId, ProcessId, ServiceAccountId, WorkspaceId};
use domain::job::ProcessesQuery;
use domain::mail::MailsQuery;
use domain::name::Handle;
use domain::page::OrgsQuery;
use domain::usage::page::UsageQuery;
use domain::workspace::WorkspacesQuery;

pub const fn home() -> &'static str {
    "/"
}

/// `next`: where to go after signing in.
pub fn sign_in(next: Option<&str>) -> String {
    match next {
        Some(next) if next != "/" => format!("/sign-in?next={}", escape(next)),
        _ => "/sign-in".to_owned(),
    }
}

pub const fn setup() -> &'static str {
    "/setup"
}

pub const fn join() -> &'static str {
    "/join"
}

pub const fn bootstrap() -> &'static str {
    "/bootstrap"
}

/// Where the link in a report leads.
pub const fn unsubscribe() -> &'static str {
    "/unsubscribe"
}

pub fn organizations(query: &OrgsQuery) -> String {
    ["/organizations", &self::query(&query.to_params())].concat()
}

/// The organizations that are left, telling which was deleted just now.
pub fn organizations_after_deletion(handle: &str) -> String {
    format!("/organizations?deleted={}", escape(handle))
}

/// `?a=1&b=2`, or nothing for no parameters.
pub fn query(parameters: &[(&str, String)]) -> String {
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

pub const fn new_organization() -> &'static str {
    "/organizations/new"
}

pub fn process(process: ProcessId) -> String {
    format!("/processes/{process}")
}

/// Every process of the instance.
pub fn processes(query: &ProcessesQuery) -> String {
    ["/processes", &self::query(&query.to_params())].concat()
}

/// What is set for the whole instance.
pub const fn instance_settings() -> &'static str {
    "/instance/settings"
}

/// What organizations can be on.
pub const fn plans() -> &'static str {
    "/instance/plans"
}

pub fn plan(plan: &PlanKey) -> String {
    format!("/instance/plans/{plan}")
}

/// The invoices of all organizations.
pub fn invoices(query: &InvoicesQuery) -> String {
    ["/instance/invoices", &self::query(&query.to_params())].concat()
}

/// What can be measured.
pub const fn meters() -> &'static str {
    "/instance/meters"
}

/// One of the platform's own.
pub fn meter(key: &str) -> String {
    format!("/instance/meters/{}", escape(key))
}

/// What the API answers and takes, for people.
pub const fn api_reference() -> &'static str {
    "/api/v1/reference"
}

/// Tokens that are nobody's own.
pub const fn instance_tokens() -> &'static str {
    "/instance/tokens"
}

/// What was mailed.
pub fn mails(query: &MailsQuery) -> String {
    ["/instance/mail", &self::query(&query.to_params())].concat()
}

pub fn mail(mail: MailId) -> String {
    format!("/instance/mail/{mail}")
}

/// The stream that tells when `topic` has moved on.
pub fn live(topic: &str) -> String {
    format!("/live?topic={}", escape(topic))
}

/// One's own access tokens.
pub const fn tokens() -> &'static str {
    "/account/tokens"
}

/// Where programs that show a code are signed in.
pub const fn device() -> &'static str {
    "/device"
}

/// The pages of one organization.
pub struct OrgPaths(String);

pub fn org(handle: &Handle) -> OrgPaths {
    OrgPaths(format!("/organizations/{handle}"))
}

/// As [`org`], for a handle that came as text.
pub fn org_text(handle: &str) -> OrgPaths {
    OrgPaths(format!("/organizations/{}", escape(handle)))
}

impl OrgPaths {
    pub fn overview(&self) -> String {
        self.0.clone()
    }

    pub fn admin(&self) -> String {
        format!("{}/admin", self.0)
    }

    pub fn audit(&self, query: &AuditQuery) -> String {
        format!("{}/audit{}", self.0, self::query(&query.to_params()))
    }

    /// The log as a file, in the format of this name.
    pub fn audit_export(&self, query: &AuditQuery, format: &'static str) -> String {
        let mut parameters = query.to_params();
        parameters.push(("format", format.to_owned()));
        format!("{}/audit/export{}", self.0, self::query(&parameters))
    }

    pub fn processes(&self, query: &ProcessesQuery) -> String {
        format!("{}/processes{}", self.0, self::query(&query.to_params()))
    }

    pub fn workspaces(&self, query: &WorkspacesQuery) -> String {
        format!("{}/workspaces{}", self.0, self::query(&query.to_params()))
    }

    pub fn cloud_accounts(&self) -> String {
        format!("{}/cloud-accounts", self.0)
    }

    pub fn cloud_account(&self, account: CloudAccountId) -> String {
        format!("{}/cloud-accounts/{account}", self.0)
    }

    pub fn workspace(&self, workspace: WorkspaceId) -> String {
        format!("{}/workspaces/{workspace}", self.0)
    }

    pub fn authentication(&self) -> String {
        format!("{}/authentication", self.0)
    }

    pub fn service_accounts(&self) -> String {
        format!("{}/service-accounts", self.0)
    }

    pub fn service_account(&self, account: ServiceAccountId) -> String {
        format!("{}/service-accounts/{account}", self.0)
    }

    pub fn secrets(&self) -> String {
        format!("{}/secrets", self.0)
    }

    pub fn usage(&self, query: &UsageQuery) -> String {
        format!("{}/usage{}", self.0, self::query(&query.to_params()))
    }

    /// What each workspace used.
    pub fn usage_by_workspace(&self, query: &UsageQuery) -> String {
        format!("{}/usage/workspaces{}", self.0, self::query(&query.to_params()))
    }

    /// The days as CSV.
    pub fn usage_export(&self, query: &UsageQuery) -> String {
        format!("{}/usage/export{}", self.0, self::query(&query.to_params()))
    }

    pub fn billing(&self) -> String {
        format!("{}/billing", self.0)
    }

    /// Where a card is entered.
    pub fn card(&self) -> String {
        format!("{}/billing/card", self.0)
    }

    pub fn invoice(&self, number: InvoiceNumber) -> String {
        format!("{}/billing/invoices/{number}", self.0)
    }

    /// The invoice as PDF.
    pub fn invoice_document(&self, number: InvoiceNumber) -> String {
        format!("{}/billing/invoices/{number}/pdf", self.0)
    }

    pub fn profile(&self) -> String {
        format!("{}/profile", self.0)
    }

    /// Takes the avatar's picture; not a page.
    pub fn avatar(&self) -> String {
        format!("{}/avatar", self.0)
    }

    /// The Admin page, telling which revision was restored just now.
    pub fn admin_after_restore(&self, revision: i64) -> String {
        format!("{}/admin?restored={revision}", self.0)
    }

    pub fn revision(&self, version: i64, against: Option<i64>) -> String {
        match against {
            Some(against) => format!("{}/admin/revisions/{version}?against={against}", self.0),
            None => format!("{}/admin/revisions/{version}", self.0),
        }
    }
}

/// An address of an organization, in the console or of the API, under another handle.
pub fn with_handle(address: &str, handle: &str) -> String {
    let Some((before, rest)) = address.split_once("/organizations/") else { return address.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    format!("{before}/organizations/{handle}{}", &rest[end..])
}

/// Where a form without script is answered: the server function's path, and the page the form stands on.
pub fn answer(action: &str, page: &str) -> String {
    format!("{action}?page={}", escape(page))
}

/// `path` when it is a path of this site, else `fallback`: no sign-in leads elsewhere.
pub fn local_or(path: &str, fallback: &str) -> String {
    let bytes = path.as_bytes();
    let local = bytes.first() == Some(&b'/')
        && !matches!(bytes.get(1), Some(b'/' | b'\\'))
        && path.bytes().all(|b| b.is_ascii_graphic());
    if local { path.to_owned() } else { fallback.to_owned() }
}

/// Percent-encodes everything but unreserved characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::job::ProcessState;
    use domain::mail::MailState;
    use domain::org::OrgState;
    use domain::usage::page::Range;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for (path, goes) in [
            ("/organizations?search=a%20b", "/organizations?search=a%20b"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(local_or(path, home()), goes, "{path:?}");
        }
    }

    #[test]
    fn every_url_is_as_committed() {
        let handle = Handle::parse("Acme_1").unwrap();
        let query = OrgsQuery { search: "a&b c".into(), state: Some(OrgState::Active), ..OrgsQuery::default() };
        let all = [
            home().to_owned(),
            sign_in(None),
            sign_in(Some("/organizations?search=x")),
            setup().to_owned(),
            join().to_owned(),
            bootstrap().to_owned(),
            unsubscribe().to_owned(),
            organizations(&OrgsQuery::default()),
            organizations(&query),
            new_organization().to_owned(),
            org(&handle).overview(),
            org(&handle).admin(),
            org(&handle).profile(),
            org(&handle).avatar(),
            org(&handle).workspaces(&WorkspacesQuery { search: "x".into(), ..WorkspacesQuery::default() }),
            org(&handle).cloud_accounts(),
            org(&handle).secrets(),
            org(&handle).authentication(),
            org(&handle).service_accounts(),
            org(&handle).service_account("01a201a4-3d50-73ef-8f88-63e4c9b40b30".parse().unwrap()),
            org(&handle).processes(&ProcessesQuery::default()),
            processes(&ProcessesQuery { state: Some(ProcessState::Waiting), ..ProcessesQuery::default() }),
            instance_settings().to_owned(),
            meters().to_owned(),
            plans().to_owned(),
            plan(&PlanKey::parse("team").unwrap()),
            invoices(&InvoicesQuery { state: Some("open".into()), before: Some(InvoiceNumber::new(42)) }),
            org(&handle).billing(),
            org(&handle).card(),
            org(&handle).invoice(InvoiceNumber::new(42)),
            org(&handle).invoice_document(InvoiceNumber::new(42)),
            meter("gpu_hours"),
            api_reference().to_owned(),
            org(&handle).usage(&UsageQuery::default()),
            org(&handle).usage_by_workspace(&UsageQuery { range: Range::Cycle, ..UsageQuery::default() }),
            org(&handle).usage_export(&UsageQuery { range: Range::Last(7), ..UsageQuery::default() }),
            instance_tokens().to_owned(),
            mails(&MailsQuery { state: Some(MailState::Kept), before: None }),
            org(&handle).audit(&AuditQuery { action: Some("member.added".into()), ..AuditQuery::default() }),
            org(&handle).audit_export(&AuditQuery::default(), "csv"),
            with_handle("/organizations/old?x=/organizations/y", "new"),
            with_handle("/api/v1/organizations/old/plans/apply", "new"),
            with_handle("/account/tokens", "new"),
            org(&handle).admin_after_restore(3),
            org(&handle).revision(7, None),
            org(&handle).revision(7, Some(2)),
            org_text("a/../b").overview(),
            tokens().to_owned(),
            device().to_owned(),
        ];
        insta::assert_snapshot!("paths", all.join("\n"));
    }
}
