//! Counts, as JSON or CSV.

use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path};
use axum::response::{IntoResponse, Json, Response};
use domain::Timestamp;
use domain::stats::{OrgStats, RoleCount};
use http::header::CONTENT_TYPE;
use http::{StatusCode, Uri};
use serde::Serialize;
use serde_json::json;
use service::Ctx;
use service::administration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::refusal::{Detail, Refusal, authenticate};
use super::{Answer, name};
use crate::http::query_value;

#[derive(Serialize)]
struct Counts {
    active: i64,
    revoked: i64,
}

impl From<RoleCount> for Counts {
    fn from(RoleCount { active, revoked }: RoleCount) -> Self {
        Self { active, revoked }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct PerProfile {
    admin: Counts,
    standard: Counts,
    outsider: Counts,
}

impl From<OrgStats> for PerProfile {
    fn from(stats: OrgStats) -> Self {
        Self { admin: stats.owners.into(), standard: stats.members.into(), outsider: stats.externals.into() }
    }
}

#[derive(Serialize)]
struct One {
    realms: i64,
    data_size: i64,
    metadata_size: i64,
    users: i64,
    active_users: i64,
    users_per_profile_detail: PerProfile,
}

/// `GET /administration/organizations/{id}/stats`.
pub async fn of_one(Extension(ctx): Extension<Ctx>, path: Result<Path<String>, PathRejection>) -> Answer {
    authenticate(&ctx).await?;
    let stats = administration::stats(&ctx, &name(path)?).await.map_err(|error| Refusal::of(error, &ctx))?;
    Ok(Json(One {
        realms: 0,
        data_size: 0,
        metadata_size: 0,
        users: stats.users(),
        active_users: stats.active(),
        users_per_profile_detail: stats.into(),
    })
    .into_response())
}

#[derive(Serialize)]
struct Listed {
    organization_id: String,
    data_size: i64,
    metadata_size: i64,
    realms: i64,
    users: i64,
    active_users: i64,
    users_per_profile_detail: PerProfile,
}

#[derive(Serialize)]
struct AllListed {
    stats: Vec<Listed>,
}

/// `GET /administration/stats?format=json|csv&at=…`.
pub async fn of_all(Extension(ctx): Extension<Ctx>, uri: Uri) -> Answer {
    authenticate(&ctx).await?;
    let csv = match query_value(&uri, "format").as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(other) => {
            return Err(Refusal::invalid(vec![Detail {
                kind: "enum",
                loc: vec![json!("query"), json!("format")],
                msg: "Input should be 'csv' or 'json'".to_owned(),
                input: json!(other),
            }]));
        }
    };
    let at = query_value(&uri, "at").map(|at| moment(&at)).transpose()?;
    let all = administration::stats_of_all(&ctx, at).await.map_err(|error| Refusal::of(error, &ctx))?;
    Ok(if csv { in_csv(all) } else { in_json(all) })
}

/// RFC 3339 with a zone; a space may stand for the `T`.
fn moment(text: &str) -> Result<Timestamp, Refusal> {
    let refuse = || Refusal::new(StatusCode::BAD_REQUEST, "Invalid `at` query argument (expected RFC3339 datetime)");
    let at = OffsetDateTime::parse(&text.replacen(' ', "T", 1), &Rfc3339).map_err(|_| refuse())?;
    let micros = at.unix_timestamp_nanos().div_euclid(1_000);
    i64::try_from(micros).map(Timestamp::from_micros).map_err(|_| refuse())
}

type All = std::collections::BTreeMap<String, OrgStats>;

fn in_json(all: All) -> Response {
    let stats: Vec<Listed> = all
        .into_iter()
        .map(|(organization_id, stats)| Listed {
            organization_id,
            data_size: 0,
            metadata_size: 0,
            realms: 0,
            users: stats.users(),
            active_users: stats.active(),
            users_per_profile_detail: stats.into(),
        })
        .collect();
    Json(AllListed { stats }).into_response()
}

const HEADER: &str = "organization_id,data_size,metadata_size,realms,active_users,admin_users_active,\
    admin_users_revoked,standard_users_active,standard_users_revoked,outsider_users_active,outsider_users_revoked\r\n";

/// Handles hold no character that CSV would quote.
fn in_csv(all: All) -> Response {
    let mut text = HEADER.to_owned();
    for (handle, stats) in all {
        let OrgStats { owners, members, externals } = stats;
        let people = [owners, members, externals].map(|count| format!("{},{}", count.active, count.revoked)).join(",");
        text.push_str(&format!("{handle},0,0,0,{},{people}\r\n", stats.active()));
    }
    ([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}
