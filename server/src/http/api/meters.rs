use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Json, Response};
use domain::Fault;
use domain::money::Currency;
use domain::usage::{CustomMeter, MeterForm};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use service::{Ctx, meter};
use utoipa::ToSchema;

use super::json::{Body, created, etag, given, idempotency_key, if_match};
use super::problem::{OrProblem, Problem, Problems};

/// Something the platform measures beside the built-in meters.
#[derive(Serialize, ToSchema)]
pub struct Meter {
    /// The `type` of its events.
    key: String,
    label: String,
    /// What one is called.
    unit: String,
    /// How the events of a day come to its value: `sum`, `last`, `max` or `unique`.
    #[schema(value_type = String)]
    aggregation: &'static str,
    /// Of one unit, by currency: decimal numbers in the major unit. For `last` and `max` of a unit kept for a whole cycle.
    prices: BTreeMap<String, String>,
    /// Takes no more events.
    archived: bool,
    /// Counts its changes; also the ETag.
    version: i64,
    created_at: String,
}

impl From<CustomMeter> for Meter {
    fn from(meter: CustomMeter) -> Self {
        let price = |(code, price): (&String, &domain::money::UnitPrice)| {
            Currency::parse(code).ok().map(|currency| (code.clone(), price.plain(currency)))
        };
        Self {
            prices: meter.prices.iter().filter_map(price).collect(),
            key: meter.key.to_string(),
            label: meter.label,
            unit: meter.unit,
            aggregation: meter.aggregation.name(),
            archived: meter.archived,
            version: meter.version,
            created_at: meter.created_at.to_string(),
        }
    }
}

impl IntoResponse for Meter {
    fn into_response(self) -> Response {
        let version = self.version;
        let mut response = Json(self).into_response();
        etag(response.headers_mut(), version);
        response
    }
}

#[derive(Serialize, ToSchema)]
pub struct MeterList {
    /// By key, archived ones too.
    items: Vec<Meter>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeter {
    /// A small letter, then up to 62 small letters, digits and `_`.
    key: String,
    label: String,
    unit: String,
    /// `sum`, `last`, `max` or `unique`; never changes.
    aggregation: String,
    /// Decimal numbers, by currency.
    #[serde(default)]
    prices: BTreeMap<String, String>,
}

/// What isn't sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeterUpdate {
    #[serde(default, deserialize_with = "given")]
    label: Option<String>,
    #[serde(default, deserialize_with = "given")]
    unit: Option<String>,
    /// All of them.
    #[serde(default, deserialize_with = "given")]
    prices: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "given")]
    archived: Option<bool>,
}

/// As the form has them.
fn lines(prices: &BTreeMap<String, String>) -> String {
    prices.iter().map(|(code, amount)| format!("{code} {amount}\n")).collect()
}

/// List the platform's own meters
#[utoipa::path(get, path = "/meters", tag = "Usage", operation_id = "listMeters",
    responses((status = 200, body = MeterList), Problems))]
pub async fn list(Extension(ctx): Extension<Ctx>) -> Result<Json<MeterList>, Problem> {
    let items = meter::list(&ctx).await.or_problem(&ctx)?.into_iter().map(Meter::from).collect();
    Ok(Json(MeterList { items }))
}

/// Add a meter
#[utoipa::path(post, path = "/meters", tag = "Usage", operation_id = "createMeter",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated request under the same key, within 24 hours, answers the meter that the first one made.")),
    request_body = NewMeter, responses((status = 201, body = Meter), Problems))]
pub async fn create(
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    body: Body<NewMeter>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers, "POST /meters", &body.bytes)?;
    let NewMeter { key: name, label, unit, aggregation, prices } = body.value;
    let form = MeterForm { key: name, label, unit, aggregation, prices: lines(&prices), archived: false };
    let made = meter::create_once(&ctx, &form, key.as_ref()).await.or_problem(&ctx)?;
    Ok(created(&format!("/meters/{}", made.key), Meter::from(made)))
}

/// Change a meter, archive it or take it back
#[utoipa::path(patch, path = "/meters/{meter}", tag = "Usage", operation_id = "updateMeter",
    params(("meter" = String, Path), ("If-Match" = String, Header, description = "The ETag that was read, or `*`")),
    request_body = MeterUpdate, responses((status = 200, body = Meter), Problems))]
pub async fn update(
    Extension(ctx): Extension<Ctx>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Body<MeterUpdate>,
) -> Result<Meter, Problem> {
    let base = if_match(&headers)?;
    let known = meter::list(&ctx).await.or_problem(&ctx)?;
    let before = known.into_iter().find(|one| one.key.as_str() == key).ok_or(Fault::NotFound)?;
    let old = MeterForm::from(&before);
    let form = MeterForm {
        label: body.value.label.unwrap_or(old.label),
        unit: body.value.unit.unwrap_or(old.unit),
        prices: body.value.prices.map_or(old.prices, |prices| lines(&prices)),
        archived: body.value.archived.unwrap_or(old.archived),
        ..old
    };
    Ok(meter::update(&ctx, &key, base.or(before.version), &form).await.or_problem(&ctx)?.into())
}
