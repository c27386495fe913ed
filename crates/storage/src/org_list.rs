//! The organizations table: search, filter, sort and keyset paging, each answered from an index, so that a page costs
//! the same whatever the number of organizations.

use domain::Timestamp;
use domain::authz::cap::OrgsList;
use domain::avatar::AvatarHash;
use domain::name::{DisplayName, Handle};
use domain::org::{OrgRow, OrgState, SwitcherEntry};
use domain::page::{Cursor, OrgSort, OrgsQuery, Position};
use sqlx::AssertSqlSafe;

use crate::authz::{Granted, Visible};
use crate::error::{Error, read};
use crate::macros::on;
use crate::org::org_name;
use crate::tx::Tx;

/// Rows of one page and where its neighbours start.
#[derive(Debug)]
pub struct OrgsFound {
    pub rows: Vec<OrgRow>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

/// Search uses at most so many words.
const WORDS_MAX: usize = 6;

enum Bind {
    Text(String),
    Number(i64),
}

/// A statement of constant pieces; every value is bound.
#[derive(Default)]
struct Statement {
    sql: String,
    binds: Vec<Bind>,
}

impl Statement {
    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn bind(&mut self, value: Bind) {
        self.binds.push(value);
        self.sql.push_str(&format!("${}", self.binds.len()));
    }
}

const COLUMNS: &str =
    "SELECT o.id, o.handle, o.display_name, o.name_folded, o.avatar, o.state, o.partner, o.created_at,
    m.handle AS partner_handle, m.display_name AS partner_name
    FROM organization o LEFT JOIN organization m ON m.id = o.managed_by WHERE 1 = 1";

const fn sort_column(sort: OrgSort) -> &'static str {
    match sort {
        OrgSort::Name => "o.name_folded",
        OrgSort::Handle => "o.handle_folded",
        OrgSort::Created => "o.created_at",
    }
}

fn sort_value(sort: OrgSort, key: &str) -> Option<Bind> {
    match sort {
        OrgSort::Name | OrgSort::Handle => Some(Bind::Text(key.to_owned())),
        OrgSort::Created => key.parse().ok().map(Bind::Number),
    }
}

fn statement(visible: Visible, query: &OrgsQuery, limit: usize) -> Statement {
    let mut s = Statement::default();
    s.push(COLUMNS);
    if let Visible::Only(org) = visible {
        s.push(" AND o.state IN ('active', 'pending_bootstrap') AND o.id = ");
        s.bind(Bind::Text(org.to_string()));
    }
    if let Visible::OfPerson(person) = visible {
        s.push(" AND o.state IN ('active', 'pending_bootstrap') AND (o.id IN (SELECT org_id FROM member WHERE state = 'active' AND person_id = ");
        s.bind(Bind::Text(person.to_string()));
        s.push(
            ") OR o.managed_by IN (SELECT po.id FROM member pm JOIN organization po ON po.id = pm.org_id
            WHERE pm.role = 'owner' AND pm.state = 'active' AND po.partner AND po.state = 'active' AND po.holds = ''
            AND pm.person_id = ",
        );
        s.bind(Bind::Text(person.to_string()));
        s.push("))");
    }
    if let Some(state) = query.state {
        s.push(" AND o.state = ");
        s.bind(Bind::Text(state.name().to_owned()));
    }
    let folded = query.search.to_lowercase();
    for word in folded.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()).take(WORDS_MAX) {
        s.push(" AND o.id IN (SELECT org_id FROM organization_word WHERE word >= ");
        s.bind(Bind::Text(word.to_owned()));
        s.push(" AND word < ");
        s.bind(Bind::Text(format!("{word}{}", char::MAX)));
        s.push(")");
    }
    let backwards = matches!(query.position, Some(Position::Before(_)));
    let descending = query.descending != backwards;
    let column = sort_column(query.sort);
    if let Some(Position::After(cursor) | Position::Before(cursor)) = &query.position
        && let Some(key) = sort_value(query.sort, &cursor.key)
    {
        s.push(" AND (");
        s.push(column);
        s.push(", o.id) ");
        s.push(if descending { "< (" } else { "> (" });
        s.bind(key);
        s.push(", ");
        s.bind(Bind::Text(cursor.id.clone()));
        s.push(")");
    }
    let direction = if descending { " DESC" } else { "" };
    s.push(&format!(" ORDER BY {column}{direction}, o.id{direction} LIMIT {limit}"));
    s
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    handle: String,
    display_name: String,
    name_folded: String,
    avatar: Option<String>,
    state: String,
    partner: bool,
    created_at: i64,
    partner_handle: Option<String>,
    partner_name: Option<String>,
}

impl Row {
    fn cursor(&self, sort: OrgSort) -> Cursor {
        let key = match sort {
            OrgSort::Name => self.name_folded.clone(),
            OrgSort::Handle => self.handle.to_ascii_lowercase(),
            OrgSort::Created => self.created_at.to_string(),
        };
        Cursor { key, id: self.id.clone() }
    }
}

impl TryFrom<Row> for OrgRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "organization";
        let managed_by = row.partner_handle.as_deref().zip(row.partner_name.as_deref());
        Ok(Self {
            id: read(row.id.parse().ok(), TABLE, "id", &row.id)?,
            handle: read(Handle::parse(&row.handle).ok(), TABLE, "handle", &row.id)?,
            display_name: read(DisplayName::parse(&row.display_name).ok(), TABLE, "display_name", &row.id)?,
            avatar: row.avatar.map(|hash| read(AvatarHash::parse(&hash), TABLE, "avatar", &row.id)).transpose()?,
            state: read(OrgState::from_name(&row.state), TABLE, "state", &row.id)?,
            partner: row.partner,
            managed_by: managed_by.map(|(handle, name)| org_name(handle, name)).transpose()?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

async fn fetch(tx: &mut Tx, statement: Statement) -> Result<Vec<Row>, Error> {
    let Statement { sql, binds } = statement;
    on!(tx, c => {
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for bind in binds {
            query = match bind {
                Bind::Text(text) => query.bind(text),
                Bind::Number(number) => query.bind(number),
            };
        }
        query.fetch_all(c).await
    })
}

/// A page of at most `limit` organizations that the proof's holder may see.
pub async fn page(tx: &mut Tx, grant: &Granted<OrgsList>, query: &OrgsQuery, limit: usize) -> Result<OrgsFound, Error> {
    grant.check(tx)?;
    // One row more than the page tells whether there is a next one.
    let mut rows = fetch(tx, statement(grant.visible(), query, limit + 1)).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let backwards = matches!(query.position, Some(Position::Before(_)));
    if backwards {
        rows.reverse();
    }
    let edge = |row: Option<&Row>| row.map(|row| row.cursor(query.sort));
    let (has_previous, has_next) = match query.position {
        None => (false, more),
        Some(Position::After(_)) => (true, more),
        Some(Position::Before(_)) => (more, true),
    };
    Ok(OrgsFound {
        previous: edge(rows.first()).filter(|_| has_previous),
        next: edge(rows.last()).filter(|_| has_next),
        rows: rows.into_iter().map(OrgRow::try_from).collect::<Result<_, _>>()?,
    })
}

/// The first few that `search` finds, for the switcher.
pub async fn search(
    tx: &mut Tx,
    grant: &Granted<OrgsList>,
    search: &str,
    limit: usize,
) -> Result<Vec<SwitcherEntry>, Error> {
    grant.check(tx)?;
    let query = OrgsQuery { search: search.to_owned(), ..OrgsQuery::default() };
    let rows = fetch(tx, statement(grant.visible(), &query, limit)).await?;
    rows.into_iter()
        .map(|row| {
            let OrgRow { id, handle, display_name, avatar, .. } = OrgRow::try_from(row)?;
            Ok(SwitcherEntry { id, handle, display_name, avatar })
        })
        .collect()
}

/// Every shape of statement that a page can ask for, to be prepared by a test.
pub fn all_shapes() -> Vec<String> {
    let cursor = Cursor { key: "1".into(), id: String::new() };
    let positions = [None, Some(Position::After(cursor.clone())), Some(Position::Before(cursor))];
    let person = domain::PersonId::new(Timestamp::from_micros(0), [0; 10]);
    let mut shapes = Vec::new();
    for visible in [Visible::All, Visible::OfPerson(person)] {
        for sort in OrgSort::ALL {
            for position in &positions {
                for (state, text, descending) in [(None, "", false), (Some(OrgState::Active), "two words", true)] {
                    let query = OrgsQuery { search: text.into(), state, sort, descending, position: position.clone() };
                    shapes.push(statement(visible, &query, 1).sql);
                }
            }
        }
    }
    shapes
}
