//! Lists: search, filter, sort and position, all of which stand in the URL.

use serde::{Deserialize, Serialize};

use crate::org::OrgState;

pub const PAGE_SIZE: usize = 50;
pub const SEARCH_MAX: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgSort {
    #[default]
    Name,
    Handle,
    Created,
}

impl OrgSort {
    pub const ALL: [Self; 3] = [Self::Name, Self::Handle, Self::Created];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Handle => "handle",
            Self::Created => "created",
        }
    }
}

/// The organizations table as the URL asks for it. Unknown values fall back to the default; a link never fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrgsQuery {
    /// Every word must begin a word of the display name or the handle.
    #[serde(default)]
    pub search: String,
    #[serde(default)]
    pub state: Option<OrgState>,
    #[serde(default)]
    pub sort: OrgSort,
    #[serde(default)]
    pub descending: bool,
    #[serde(default)]
    pub position: Option<Position>,
}

/// Rows after or before a cursor, in the table's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    After(Cursor),
    Before(Cursor),
}

/// The sort key and id of a row at a page's edge. Opaque in URLs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub key: String,
    pub id: String,
}

impl Cursor {
    /// `id~key`, for a URL (which escapes it).
    pub fn to_text(&self) -> String {
        format!("{}~{}", self.id, self.key)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        let (id, key) = text.split_once('~')?;
        id.parse::<crate::id::OrgId>().ok()?;
        Some(Self { id: id.to_owned(), key: key.to_owned() })
    }
}

impl OrgsQuery {
    /// Reads URL parameters; `get` looks one up.
    pub fn from_params(get: impl Fn(&str) -> Option<String>) -> Self {
        let cursor = |name: &str| get(name).as_deref().and_then(Cursor::from_text);
        Self {
            search: get("search").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect(),
            state: get("state").as_deref().and_then(OrgState::from_name),
            sort: OrgSort::ALL.into_iter().find(|sort| get("sort").as_deref() == Some(sort.name())).unwrap_or_default(),
            descending: get("dir").as_deref() == Some("desc"),
            position: cursor("after").map(Position::After).or_else(|| cursor("before").map(Position::Before)),
        }
    }

    /// The URL parameters that differ from the default, unescaped.
    pub fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = Vec::new();
        if !self.search.is_empty() {
            params.push(("search", self.search.clone()));
        }
        if let Some(state) = self.state {
            params.push(("state", state.name().to_owned()));
        }
        if self.sort != OrgSort::default() {
            params.push(("sort", self.sort.name().to_owned()));
        }
        if self.descending {
            params.push(("dir", "desc".to_owned()));
        }
        match &self.position {
            Some(Position::After(cursor)) => params.push(("after", cursor.to_text())),
            Some(Position::Before(cursor)) => params.push(("before", cursor.to_text())),
            None => {}
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn positions() -> impl Strategy<Value = Option<Position>> {
        let cursor = (any::<[u8; 10]>(), any::<u32>(), any::<String>()).prop_map(|(random, seconds, key)| {
            let now = crate::Timestamp::from_micros(i64::from(seconds) * 1_000_000);
            Cursor { key, id: crate::OrgId::new(now, random).to_string() }
        });
        let position = (any::<bool>(), cursor)
            .prop_map(|(after, cursor)| if after { Position::After(cursor) } else { Position::Before(cursor) });
        prop::option::of(position)
    }

    proptest! {
        #![proptest_config(crate::testing::config())]

        #[test]
        fn a_query_survives_its_url(
            search in "([^\\s]([^\\s]| ){0,30}[^\\s])?",
            state in prop::option::of(prop::sample::select(&OrgState::ALL[..])),
            sort in prop::sample::select(&OrgSort::ALL[..]),
            descending in any::<bool>(),
            position in positions(),
        ) {
            let query = OrgsQuery { search, state, sort, descending, position };
            let params = query.to_params();
            let get = |name: &str| params.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
            prop_assert_eq!(OrgsQuery::from_params(get), query);
        }

        #[test]
        fn any_parameters_make_a_query_that_survives_its_url(text in any::<String>()) {
            let query = OrgsQuery::from_params(|_| Some(text.clone()));
            let params = query.to_params();
            let get = |name: &str| params.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
            prop_assert_eq!(OrgsQuery::from_params(get), query);
        }

        #[test]
        fn any_text_is_a_cursor_or_none(text in any::<String>()) {
            if let Some(cursor) = Cursor::from_text(&text) {
                prop_assert_eq!(cursor.to_text(), text);
            }
        }
    }

    #[test]
    fn unknown_values_fall_back() {
        assert_eq!(
            OrgsQuery::from_params(|_| Some("nonsense".into())),
            OrgsQuery { search: "nonsense".into(), ..OrgsQuery::default() }
        );
        assert_eq!(OrgsQuery::default().to_params(), []);
        assert_eq!(Cursor::from_text("1~key"), None);
    }
}
