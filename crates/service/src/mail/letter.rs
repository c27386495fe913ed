//! What a mail says, as plain text and as simple HTML: no pictures, nothing from elsewhere, readable in light and dark.

use std::fmt::Write;

/// The body of a mail, from which both forms are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letter {
    pub parts: Vec<Part>,
    /// Ends “You get this mail because …”.
    pub why: String,
    /// What to open so that no more of them come.
    pub unsubscribe: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    List(Vec<String>),
}

impl Letter {
    /// `console`: where this console is.
    pub fn text(&self, console: &str) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(&one_line(text)),
                Part::List(items) => {
                    let items: Vec<String> = items.iter().map(|item| format!("- {}", one_line(item))).collect();
                    out.push_str(&items.join("\n"));
                }
            }
            out.push_str("\n\n");
        }
        // What mail programs know as the beginning of a signature.
        let _ = write!(out, "-- \nYou get this mail because {}\nTenantry, {console}\n", one_line(&self.why));
        if let Some(address) = &self.unsubscribe {
            let _ = writeln!(out, "Unsubscribe: {address}");
        }
        out
    }

    pub fn html(&self, title: &str, console: &str) -> String {
        let mut body = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => {
                    let _ = writeln!(body, "<p>{}</p>", escape(text));
                }
                Part::List(items) => {
                    let items: String = items.iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
                    let _ = writeln!(body, "<ul>\n{items}</ul>");
                }
            }
        }
        let unsubscribe = self
            .unsubscribe
            .as_ref()
            .map_or_else(String::new, |address| format!("<br><a href=\"{}\">Unsubscribe</a>", escape(address)));
        let (title, why, console) = (escape(title), escape(&self.why), escape(console));
        // Without colours of its own, so that the reader's theme holds.
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
             <body style=\"margin:0 auto;max-width:40em;padding:1.5em;font-family:sans-serif;line-height:1.5\">\n\
             <h1 style=\"font-size:1.25em\">{title}</h1>\n{body}<hr>\n\
             <p style=\"font-size:.875em\">You get this mail because {why}<br>\
             Tenantry, <a href=\"{console}\">{console}</a>{unsubscribe}</p>\n</body>\n</html>\n"
        )
    }
}

/// Names that people chose end no line.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same_and_nothing_breaks_out() {
        let letter = Letter {
            parts: vec![
                Part::Text("Hello <b>\"Ada\"</b> & others\n-- \nforged".into()),
                Part::List(vec!["one".into(), "<script>".into()]),
            ],
            why: "you asked.".into(),
            unsubscribe: Some("https://c.example/u?a=1&b=2".into()),
        };
        let (text, html) = (letter.text("https://c.example"), letter.html("A <title>", "https://c.example"));
        assert_eq!(
            text,
            "Hello <b>\"Ada\"</b> & others --  forged\n\n- one\n- <script>\n\n-- \nYou get this mail because you asked.\n\
             Tenantry, https://c.example\nUnsubscribe: https://c.example/u?a=1&b=2\n"
        );
        assert!(!html.contains("<b>") && !html.contains("<script>") && !html.contains("A <title>"), "{html}");
        assert!(html.contains("href=\"https://c.example/u?a=1&amp;b=2\""), "{html}");
        for remote in ["<img", "<link", "<style", "<table", "src="] {
            assert!(!html.contains(remote), "{remote}");
        }
    }
}
