use domain::Fault;

use crate::error::Error;
use crate::secret::Secret;

/// Takes the token out of a pasted bootstrap link; a bare token will do.
pub fn parse_link(text: &str) -> Result<Secret, Error> {
    let text = text.trim();
    let token = match text.split_once('?') {
        None => text,
        Some((path, query)) => {
            if !path.trim_end_matches('/').ends_with(super::PATH) {
                return Err(
                    Fault::invalid("link", "This isn't a bootstrap link. Its address ends in “/bootstrap”.").into()
                );
            }
            let query = query.split('#').next().unwrap_or_default();
            query.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap_or_default()
        }
    };
    let plausible = token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if text.is_empty() {
        Err(Fault::invalid("link", "Paste the bootstrap link you were given.").into())
    } else if plausible {
        Ok(Secret::from(token.to_owned()))
    } else {
        Err(Fault::invalid("link", "The link is incomplete. Copy the whole of it, up to its end.").into())
    }
}

#[cfg(test)]
mod tests {
    use super::parse_link;

    #[test]
    fn takes_whole_links_and_tokens_and_says_what_is_wrong() {
        let token = "A".repeat(43);
        for good in [
            token.clone(),
            format!("  https://console.example/bootstrap?token={token}\n"),
            format!("http://localhost:3000/bootstrap/?x=1&token={token}#top"),
        ] {
            assert_eq!(parse_link(&good).unwrap().expose(), token, "{good}");
        }
        for (bad, says) in [
            ("", "Paste the"),
            ("https://console.example/bootstrap?token=short", "incomplete"),
            ("https://console.example/other?token=x", "isn't a bootstrap link"),
        ] {
            assert!(parse_link(bad).unwrap_err().to_string().contains(says), "{bad}");
        }
    }
}
