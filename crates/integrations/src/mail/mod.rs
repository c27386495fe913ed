//! Mail by SMTP.

mod settings;
#[cfg(test)]
mod tests;

use std::time::Duration;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Body, Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use service::ports::{Mail, MailError, Mailer};
use tokio::time::timeout;

pub use settings::{MailFrom, SmtpUrl};

/// How long a mail may take, from the connection to the server's word that it has it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of a server's words is kept, in characters.
const WORDS_MAX: usize = 300;

/// Hands mails to one server, over a connection each.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: MailFrom,
    patience: Duration,
}

impl SmtpMailer {
    /// Fails when the system has no authorities to trust.
    pub fn new(url: &SmtpUrl, from: MailFrom) -> Result<Self, String> {
        Self::trusting(url, from, None)
    }

    fn trusting(url: &SmtpUrl, from: MailFrom, ca: Option<Certificate>) -> Result<Self, String> {
        // Whoever came first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let parameters = || {
            let mut builder = TlsParameters::builder(url.host().to_owned());
            if let Some(ca) = ca {
                builder = builder.add_root_certificate(ca);
            }
            builder.build().map_err(|error| format!("Mail can't be sent over TLS: {error}"))
        };
        let tls = match url.security() {
            settings::Security::Tls => Tls::Wrapper(parameters()?),
            settings::Security::StartTls => Tls::Required(parameters()?),
            settings::Security::None => Tls::None,
        };
        // Servers that look at the greeting want a name; the machine's own is often `localhost`.
        let hello = ClientId::Domain(from.mailbox().email.domain().to_owned());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(url.host())
            .port(url.port())
            .tls(tls)
            .hello_name(hello);
        if let Some(credentials) = url.credentials() {
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), from, patience: PATIENCE })
    }
}

#[async_trait::async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = compose(self.from.mailbox(), mail).map_err(MailError::Permanent)?;
        match timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(MailError::Temporary("The mail server didn't answer in time.".to_owned())),
        }
    }
}

/// The message, or why there can't be one. Whatever could end a header line and begin another is refused or encoded.
fn compose(from: &Mailbox, mail: &Mail) -> Result<Message, String> {
    let to: Address = mail.to.parse().map_err(|_| "The recipient is no email address.".to_owned())?;
    if !is_plain(&mail.message_id) {
        return Err("The mail's id can't stand in a header.".to_owned());
    }
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}>", mail.message_id)))
        // So that no vacation notice answers.
        .raw_header(raw("Auto-Submitted", "auto-generated"));
    if let Some(address) = &mail.unsubscribe {
        if !is_plain(address) {
            return Err("The address that ends mails of this kind can't stand in a header.".to_owned());
        }
        builder = builder
            .raw_header(raw("List-Unsubscribe", &format!("<{address}>")))
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let body = MultiPart::alternative_plain_html(lines(&mail.text), lines(&mail.html));
    let message = if mail.attachments.is_empty() {
        builder.multipart(body)
    } else {
        let mut parts = MultiPart::mixed().multipart(body);
        for attachment in &mail.attachments {
            let kind = ContentType::parse(&attachment.content_type)
                .map_err(|_| "An attachment's type is no media type.".to_owned())?;
            // The only encoding that leaves line ends as they are.
            let body = Body::new_with_encoding(attachment.bytes.clone(), ContentTransferEncoding::Base64);
            let body = body.map_err(|_| "An attachment can't be encoded.".to_owned())?;
            parts = parts.singlepart(Part::new(file_name(&attachment.name)).body(body, kind));
        }
        builder.multipart(parts)
    };
    message.map_err(|error| format!("The mail can't be put together: {error}."))
}

/// A refusal for good is about this mail; everything else may be otherwise the next time. Credentials that are refused are
/// for the operator to mend, and no mail should be lost by that.
fn failed(error: &lettre::transport::smtp::Error) -> MailError {
    let words: String = one_line(&error.to_string()).chars().take(WORDS_MAX).collect();
    let words = format!("The mail server refused, or can't be reached: {words}");
    let is_about_credentials =
        error.status().is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"));
    if error.is_permanent() && !is_about_credentials {
        MailError::Permanent(words)
    } else {
        MailError::Temporary(words)
    }
}

/// Visible ASCII that closes no angle bracket.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// With line ends as SMTP wants them: servers differ on what a lone CR or LF means, and some would take one for the end of
/// the mail.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "").split(['\r', '\n']).collect::<Vec<_>>().join("\r\n")
}

fn file_name(name: &str) -> String {
    let is_odd = |letter: char| letter.is_control() || matches!(letter, '"' | '\\' | '/');
    name.chars().map(|letter| if is_odd(letter) { '_' } else { letter }).collect()
}

/// A header as it is: its value is plain, and an address must stay in one piece.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.to_owned(), value.to_owned())
}
