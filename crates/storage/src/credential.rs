//! Sessions and tokens: how one is found, and who it says it is.

use domain::audit::Who;
use domain::id::{SessionId, TokenId};
use domain::people::Viewer;
use domain::token::{Scopes, TokenKind};

use crate::error::{Error, read};
use crate::macros::queries;

/// What every statement below asks of the credential's person.
macro_rules! person {
    () => {
        "p.id AS person_id, p.name, p.email, p.platform_admin"
    };
}

/// The organization that `$on` finds, and what the credential's person is to it.
macro_rules! org {
    ($credential:expr, $from:expr, $on:expr, $where:expr) => {
        concat!(
            "SELECT ",
            $credential,
            ", ",
            person!(),
            ", o.id AS org_id, o.handle, o.display_name, o.avatar, o.state, o.managed_by, o.holds, o.auth_policy, o.auth_epoch, m.role, m.state AS member_state,
                EXISTS (SELECT 1 FROM member pm JOIN organization po ON po.id = pm.org_id
                    WHERE pm.org_id = o.managed_by AND pm.person_id = p.id AND pm.role = 'owner'
                    AND pm.state = 'active' AND po.partner AND po.state = 'active' AND po.holds = '') AS partner_owner ",
            $from,
            " LEFT JOIN organization o ON ",
            $on,
            " LEFT JOIN member m ON m.org_id = o.id AND m.person_id = p.id AND m.state <> 'revoked' ",
            $where
        )
    };
}

/// The organization that has the name `$3`, live or as an alias.
macro_rules! by_name {
    () => {
        "o.id = (SELECT n.org_id FROM name_claim n WHERE n.folded = $3 AND n.kind <> 'held')"
    };
}

macro_rules! session {
    (columns) => {
        "s.id AS session_id, s.created_at AS issued_at, s.epoch"
    };
    (from) => {
        "FROM session s JOIN person p ON p.id = s.person_id AND p.session_generation = s.generation"
    };
    (live) => {
        "WHERE s.token_hash = $1 AND s.expires_at > $2"
    };
}

macro_rules! token {
    (columns) => {
        "t.id AS token_id, t.kind, t.scopes, t.expires_at, t.created_at AS issued_at, t.epoch,
            a.id AS account_id, a.name AS account_name, a.role AS account_role, w.id AS workspace_id,
            h.id AS home, h.holds AS home_holds, h.auth_policy AS home_policy, h.service_epoch AS home_epoch"
    };
    (from) => {
        "FROM token t LEFT JOIN person p ON p.id = t.person_id
            LEFT JOIN service_account a ON a.id = t.service_account_id LEFT JOIN workspace w ON w.id = t.workspace_id
            LEFT JOIN organization h ON h.id = COALESCE(a.org_id, w.org_id)"
    };
    (live) => {
        "WHERE t.token_hash = $1 AND t.active AND (t.expires_at IS NULL OR t.expires_at > $2)
            AND (a.id IS NULL OR a.active) AND (w.id IS NULL OR w.state <> 'archived')"
    };
}

/// By which the credential of a session or a token is found, alone or with an organization.
pub const OF_SESSION: [&str; 3] = [SESSION, SESSION_BY_HANDLE, SESSION_BY_ID];
pub const OF_TOKEN: [&str; 3] = [TOKEN, TOKEN_BY_HANDLE, TOKEN_BY_ID];

queries! {
    SESSION = concat!("SELECT ", session!(columns), ", ", person!(), " ", session!(from), " ", session!(live));
    SESSION_BY_HANDLE = org!(session!(columns), session!(from), by_name!(), session!(live));
    SESSION_BY_ID = org!(session!(columns), session!(from), "o.id = $3", session!(live));
    TOKEN = concat!("SELECT ", token!(columns), ", ", person!(), " ", token!(from), " ", token!(live));
    TOKEN_BY_HANDLE = org!(token!(columns), token!(from), by_name!(), token!(live));
    TOKEN_BY_ID = org!(token!(columns), token!(from), "o.id = $3", token!(live));
}

#[derive(sqlx::FromRow)]
pub struct CredentialRow {
    #[sqlx(default)]
    pub session_id: Option<String>,
    #[sqlx(default)]
    pub token_id: Option<String>,
    #[sqlx(default)]
    pub kind: Option<String>,
    #[sqlx(default)]
    pub scopes: Option<String>,
    #[sqlx(default)]
    pub expires_at: Option<i64>,
    /// When it was issued, and what the instance's counter of resets was then.
    pub issued_at: i64,
    pub epoch: i64,
    #[sqlx(default)]
    pub account_id: Option<String>,
    #[sqlx(default)]
    pub account_name: Option<String>,
    #[sqlx(default)]
    pub account_role: Option<String>,
    #[sqlx(default)]
    pub workspace_id: Option<String>,
    /// The one organization of a service account or workspace.
    #[sqlx(default)]
    pub home: Option<String>,
    #[sqlx(default)]
    pub home_holds: Option<String>,
    #[sqlx(default)]
    pub home_policy: Option<String>,
    #[sqlx(default)]
    pub home_epoch: Option<i64>,
    pub person_id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub platform_admin: Option<bool>,
    #[sqlx(default)]
    pub org_id: Option<String>,
    #[sqlx(default)]
    pub handle: Option<String>,
    #[sqlx(default)]
    pub display_name: Option<String>,
    #[sqlx(default)]
    pub avatar: Option<String>,
    #[sqlx(default)]
    pub state: Option<String>,
    #[sqlx(default)]
    pub managed_by: Option<String>,
    #[sqlx(default)]
    pub holds: Option<String>,
    #[sqlx(default)]
    pub auth_policy: Option<String>,
    #[sqlx(default)]
    pub auth_epoch: Option<i64>,
    #[sqlx(default)]
    pub role: Option<String>,
    #[sqlx(default)]
    pub member_state: Option<String>,
    #[sqlx(default)]
    pub partner_owner: bool,
}

/// Who the credential says it is, and how far its word goes.
pub struct Credential {
    pub who: Who,
    pub viewer: Option<Viewer>,
    pub session: Option<SessionId>,
    pub scopes: Scopes,
    /// `None` for a session.
    pub kind: Option<TokenKind>,
}

impl Credential {
    pub fn of(row: &CredentialRow) -> Result<Self, Error> {
        let viewer = match (&row.person_id, &row.name, &row.email, row.platform_admin) {
            (Some(id), Some(name), Some(email), Some(platform_admin)) => Some(Viewer {
                id: read(id.parse().ok(), "person", "id", id)?,
                name: name.clone(),
                email: email.clone(),
                platform_admin,
            }),
            _ => None,
        };
        if let Some(id) = &row.session_id {
            let person = viewer.as_ref().map(|viewer| viewer.id);
            return Ok(Self {
                who: Who::Person { person: read(person, "session", "person_id", id)?, impersonator: None, token: None },
                viewer,
                session: Some(read(id.parse().ok(), "session", "id", id)?),
                scopes: Scopes::Full,
                kind: None,
            });
        }
        let id = row.token_id.as_deref().unwrap_or_default();
        let token: TokenId = read(id.parse().ok(), "token", "id", id)?;
        let kind = read(row.kind.as_deref().and_then(TokenKind::from_name), "token", "kind", id)?;
        let holder = (viewer.as_ref(), row.account_id.as_deref(), row.workspace_id.as_deref());
        let who = match (kind, holder) {
            (TokenKind::Personal | TokenKind::Cli, (Some(viewer), ..)) => {
                Who::Person { person: viewer.id, impersonator: None, token: Some(token) }
            }
            (TokenKind::Service, (None, Some(account), _)) => {
                Who::ServiceAccount { account: read(account.parse().ok(), "token", "service_account_id", id)?, token }
            }
            (TokenKind::Workspace, (None, None, Some(workspace))) => {
                Who::Workspace { workspace: read(workspace.parse().ok(), "token", "workspace_id", id)?, token }
            }
            (TokenKind::Admin | TokenKind::Meter, (None, None, None)) => Who::Token { token },
            _ => return read(None, "token", "kind", id),
        };
        Ok(Self {
            who,
            viewer,
            session: None,
            scopes: read(row.scopes.as_deref().and_then(|text| Scopes::parse(text).ok()), "token", "scopes", id)?,
            kind: Some(kind),
        })
    }
}
