//! The names of the Admin page's form fields, and what the page calls them.

pub const PARTNER: &str = "partner";
pub const ENFORCE_MFA: &str = "enforce_mfa";
pub const REPORT: &str = "report";
pub const REPORT_RECIPIENTS: &str = "report_recipients";
pub const REPORT_SCHEDULE: &str = "report_schedule";
pub const REPORT_TIME_ZONE: &str = "report_time_zone";
pub const PLATFORM_DOMAIN: &str = "platform_domain";
/// The choice between unlimited and limited; errors, changes and conflicts call it [`SEATS`].
pub const SEATS_MODE: &str = "seats_mode";
pub const SEATS: &str = "seats";
pub const DEFAULT_USER_HOST: &str = "default_user_host";
pub const LOGIN_DOMAIN: &str = "login_domain";
/// The one that the platform provides.
pub const PLAN: &str = "plan";
pub const WORKSPACE: &str = "workspace";
/// Not on the form: see [`super::Limits`].
pub const EXTERNALS: &str = "externals_allowed";
pub const ARCHIVING: &str = "archiving_seconds";
pub const TERMS: &str = "terms";

/// Every field that can change or conflict, in the page's order.
pub const ALL: &[&str] = &[
    PARTNER,
    ENFORCE_MFA,
    REPORT,
    REPORT_RECIPIENTS,
    REPORT_SCHEDULE,
    REPORT_TIME_ZONE,
    PLATFORM_DOMAIN,
    SEATS,
    DEFAULT_USER_HOST,
    LOGIN_DOMAIN,
    PLAN,
    WORKSPACE,
];

/// The field's label; empty for a name that isn't a field's.
pub fn label(name: &str) -> &'static str {
    match name {
        PARTNER => "Partner Organization",
        ENFORCE_MFA => "Enforce MFA",
        REPORT => "Receive Active User Report",
        REPORT_RECIPIENTS => "Email Recipients",
        REPORT_SCHEDULE => "Schedule",
        REPORT_TIME_ZONE => "Time zone",
        PLATFORM_DOMAIN => "Platform Domain",
        SEATS | SEATS_MODE => "Seats",
        DEFAULT_USER_HOST => "Default User Host",
        LOGIN_DOMAIN => "Custom Login Domain",
        PLAN => "Plan",
        WORKSPACE => "Workspace settings",
        EXTERNALS => "Externals allowed",
        ARCHIVING => "Minimum archiving period",
        TERMS => "Terms of service",
        _ => "",
    }
}
