use domain::Fault;

use crate::error::Error;
use crate::secret::Secret;

/// Takes the token out of a pasted bootstrap link, of the console's or the administration API's form; a bare token
/// will do.
pub fn parse_link(text: &str) -> Result<Secret, Error> {
    let text = text.trim();
    let token = match text.split_once('?') {
        None => text,
        Some((address, query)) => {
            let query = query.split('#').next().unwrap_or_default();
            let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            if address.trim_end_matches('/').ends_with(super::PATH) {
                value("token").unwrap_or_default()
            } else if value("a") == Some("bootstrap_organization") {
                value("p").unwrap_or_default()
            } else {
                let message =
                    "This isn't a bootstrap link. Its address ends in “/bootstrap”, or begins with “parsec3://”.";
                return Err(Fault::invalid("link", message).into());
            }
        }
    };
    if text.is_empty() {
        Err(Fault::invalid("link", "Paste the bootstrap link you were given.").into())
    } else if domain::link::is_token(token) {
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
            format!("parsec3://console.example:80/Org?no_ssl=true&a=bootstrap_organization&p={token}"),
            format!("https://console.example/redirect/Org?a=bootstrap_organization&p={token}"),
        ] {
            assert_eq!(parse_link(&good).unwrap().expose(), token, "{good}");
        }
        for (bad, says) in [
            ("", "Paste the"),
            ("https://console.example/bootstrap?token=short", "incomplete"),
            ("https://console.example/other?token=x", "isn't a bootstrap link"),
            ("parsec3://console.example/Org?a=claim_user&p=x", "isn't a bootstrap link"),
            ("parsec3://console.example/Org?a=bootstrap_organization", "incomplete"),
        ] {
            assert!(parse_link(bad).unwrap_err().to_string().contains(says), "{bad}");
        }
    }
}
