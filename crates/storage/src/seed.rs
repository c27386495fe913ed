//! Many organizations at once, for measuring. No user reaches this.

use domain::Timestamp;
use domain::id::OrgId;
use domain::name::{DisplayName, Handle, search_words};
use domain::settings::Settings;
use sqlx::QueryBuilder;

use crate::error::{Error, read};
use crate::macros::on;
use crate::org::to_json;
use crate::tx::WriteTx;

/// Rows a statement inserts.
pub const SEED_BATCH: usize = 400;

/// Inserts plain active organizations with their claims and search words.
pub async fn organizations(tx: &mut WriteTx, orgs: &[(OrgId, Handle, DisplayName, Timestamp)]) -> Result<(), Error> {
    let first = read(orgs.first(), "organization", "id", "none")?;
    let settings = to_json(&Settings::default(), first.0)?;
    for chunk in orgs.chunks(SEED_BATCH) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO organization (id, handle, handle_folded, display_name, name_folded, state, version, settings, partner, created_at) ");
            query.push_values(chunk, |mut row, (id, handle, name, at)| {
                row.push_bind(id.to_string()).push_bind(handle.as_str()).push_bind(handle.folded())
                    .push_bind(name.as_str()).push_bind(name.folded()).push_bind("active").push_bind(1_i64)
                    .push_bind(settings.as_str()).push_bind(false).push_bind(at.micros());
            });
            query.build().execute(c).await.map(drop)
        })?;
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO name_claim (folded, handle, dns_label, org_id, kind, hits) ");
            query.push_values(chunk, |mut row, (id, handle, _, _)| {
                row.push_bind(handle.folded()).push_bind(handle.as_str()).push_bind(handle.dns_label())
                    .push_bind(id.to_string()).push_bind("live").push_bind(0_i64);
            });
            query.build().execute(c).await.map(drop)
        })?;
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO dns_label_claim (dns_label, org_id) ");
            query.push_values(chunk, |mut row, (id, handle, _, _)| {
                row.push_bind(handle.dns_label()).push_bind(id.to_string());
            });
            query.build().execute(c).await.map(drop)
        })?;
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO revision (org_id, version, at, author_name, settings, changed) ");
            query.push_values(chunk, |mut row, (id, _, _, at)| {
                row.push_bind(id.to_string()).push_bind(1_i64).push_bind(at.micros()).push_bind("Tenantry")
                    .push_bind(settings.as_str()).push_bind("[]");
            });
            query.build().execute(c).await.map(drop)
        })?;
        let words: Vec<(String, OrgId)> = chunk
            .iter()
            .flat_map(|(id, handle, name, _)| search_words(name, handle).into_iter().map(move |word| (word, *id)))
            .collect();
        for words in words.chunks(SEED_BATCH) {
            on!(tx, c => {
                let mut query = QueryBuilder::new("INSERT INTO organization_word (word, org_id) ");
                query.push_values(words, |mut row, (word, id)| {
                    row.push_bind(word.as_str()).push_bind(id.to_string());
                });
                query.build().execute(c).await.map(drop)
            })?;
        }
    }
    Ok(())
}
