//! Choosing a representation by `Accept-Encoding` (RFC 9110, 12.5.3).

/// A content coding that assets are stored in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// Best first: what is preferred where the client has no preference.
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    fn is_called(self, name: &str) -> bool {
        name.eq_ignore_ascii_case(self.name()) || (self == Self::Gzip && name.eq_ignore_ascii_case("x-gzip"))
    }
}

/// The coding to answer with among those that are `stored`, or `None` when the client accepts none of them.
/// `accept`: the request's `Accept-Encoding`; `None` without one, which accepts everything but is answered plainly.
pub fn choose(accept: Option<&str>, stored: impl Fn(Coding) -> bool) -> Option<Coding> {
    let Some(accept) = accept else { return Some(Coding::Identity).filter(|coding| stored(*coding)) };
    let weights: Vec<(&str, u16)> = accept.split(',').filter_map(parse_item).collect();
    let named = |coding: Coding| weights.iter().find(|(name, _)| coding.is_called(name)).map(|(_, weight)| *weight);
    let any = weights.iter().find(|(name, _)| *name == "*").map(|(_, weight)| *weight);
    // Doubled, so that an identity nobody asked for can stand below everything asked for and above nothing.
    let rank = |coding: Coding| match (named(coding), any, coding) {
        (Some(weight), _, _) => weight * 2,
        (None, Some(0), _) => 0,
        (None, _, Coding::Identity) => 1,
        (None, any, _) => any.unwrap_or(0) * 2,
    };
    let mut best = None;
    for coding in Coding::ALL.into_iter().filter(|coding| stored(*coding)) {
        let rank = rank(coding);
        if rank > best.map_or(0, |(_, best)| best) {
            best = Some((coding, rank));
        }
    }
    best.map(|(coding, _)| coding)
}

/// `gzip;q=0.5` as name and thousandths; an unreadable weight drops the item.
fn parse_item(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let mut weight = 1000;
    for parameter in parts {
        let (key, value) = parameter.split_once('=')?;
        if key.trim().eq_ignore_ascii_case("q") {
            weight = parse_weight(value.trim())?;
        }
    }
    Some((name, weight))
}

/// `0`, `1`, `0.123`: at most three decimals, at most 1.
fn parse_weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_acceptable_coding_is_chosen() {
        use Coding::{Brotli, Gzip, Identity};
        for (accept, chosen) in [
            (None, Some(Identity)),
            (Some(""), Some(Identity)),
            (Some("gzip, deflate, br, zstd"), Some(Brotli)),
            (Some("gzip;q=1.0, br;q=0.5"), Some(Gzip)),
            (Some("BR;Q=0.1"), Some(Brotli)),
            (Some("x-gzip"), Some(Gzip)),
            (Some("*"), Some(Brotli)),
            (Some("*;q=0"), None),
            (Some("identity;q=0"), None),
            (Some("identity;q=0, *"), Some(Brotli)),
            (Some("gzip;q=0, *;q=0.5"), Some(Brotli)),
            (Some("br;q=0, gzip;q=0"), Some(Identity)),
            (Some("identity, br;q=0.5"), Some(Identity)),
            (Some("identity;q=0.5, *;q=0"), Some(Identity)),
            (Some("deflate"), Some(Identity)),
            (Some("br;q=2, gzip"), Some(Gzip)),
            (Some("br;q=0.0001, gzip;q=0.001"), Some(Gzip)),
            (Some("gzip ; q = 0.2 , br ; q=0.1"), Some(Gzip)),
        ] {
            assert_eq!(choose(accept, |_| true), chosen, "{accept:?}");
        }
    }

    #[test]
    fn only_stored_codings_are_chosen() {
        let plain = |coding| coding == Coding::Identity;
        assert_eq!(choose(Some("br, gzip"), plain), Some(Coding::Identity));
        assert_eq!(choose(Some("br, identity;q=0"), plain), None);
        assert_eq!(choose(Some("br;q=0, gzip"), |coding| coding != Coding::Gzip), Some(Coding::Identity));
    }
}
