use std::sync::{Arc, Mutex};
use std::time::Duration;

use data_encoding::BASE64;
use lettre::transport::smtp::client::Certificate;
use service::ports::{Attachment, Mail, MailError, Mailer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{MailFrom, SmtpMailer, SmtpUrl};
use crate::testing::tls;

/// Lines that a server was told, those of the message included; `*` marks the change to TLS.
type Told = Arc<Mutex<Vec<String>>>;

/// A server that takes every mail, but answers `refusal.1` to commands that begin with `refusal.0`.
#[derive(Clone)]
struct Server {
    told: Told,
    refusal: (&'static str, &'static str),
    tls: Option<TlsAcceptor>,
    /// Encrypted from the first byte.
    is_wrapped: bool,
}

impl Server {
    async fn start(refusal: (&'static str, &'static str), tls: Option<TlsAcceptor>, is_wrapped: bool) -> (u16, Told) {
        let server = Self { told: Told::default(), refusal, tls, is_wrapped };
        let told = Arc::clone(&server.told);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move {
                    let acceptor = server.tls.clone();
                    let is_encrypted = match &acceptor {
                        Some(_) if server.is_wrapped => true,
                        _ => server.talk(&mut stream, true).await,
                    };
                    if let (true, Some(acceptor)) = (is_encrypted, acceptor)
                        && let Ok(mut stream) = acceptor.accept(stream).await
                    {
                        server.told.lock().unwrap().push("*".to_owned());
                        server.talk(&mut stream, server.is_wrapped).await;
                    }
                });
            }
        });
        (port, told)
    }

    /// Speaks until the client goes, or (then `true`) wants TLS.
    async fn talk(&self, stream: &mut (impl AsyncRead + AsyncWrite + Unpin), greets: bool) -> bool {
        if greets {
            say(stream, "220 mail.example.com").await;
        }
        while let Some(line) = line(stream).await {
            self.told.lock().unwrap().push(line.clone());
            if !self.refusal.0.is_empty() && line.starts_with(self.refusal.0) {
                say(stream, self.refusal.1).await;
                continue;
            }
            match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => say(stream, "250-mail.example.com\r\n250-STARTTLS\r\n250-8BITMIME\r\n250 AUTH PLAIN").await,
                "STARTTLS" => {
                    say(stream, "220 go ahead").await;
                    return true;
                }
                "AUTH" => say(stream, "235 welcome").await,
                "DATA" => {
                    say(stream, "354 go ahead").await;
                    while let Some(line) = self::line(stream).await {
                        let is_last = line == ".";
                        self.told.lock().unwrap().push(line);
                        if is_last {
                            break;
                        }
                    }
                    say(stream, if self.refusal.0 == "." { self.refusal.1 } else { "250 taken" }).await;
                }
                "QUIT" => return false,
                _ => say(stream, "250 fine").await,
            }
        }
        false
    }
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), words: &str) {
    let _ = stream.write_all(format!("{words}\r\n").as_bytes()).await;
}

/// Byte by byte, so that nothing is read that belongs to TLS.
async fn line(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while !line.ends_with(b"\r\n") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        line.extend(byte);
    }
    Some(String::from_utf8_lossy(&line).trim_end_matches("\r\n").to_owned())
}

fn mailer(url: &str, ca: Option<&str>) -> SmtpMailer {
    let from = MailFrom::parse("Tenantry <console@example.com>").unwrap();
    let ca = ca.map(|pem| Certificate::from_pem(pem.as_bytes()).unwrap());
    let mailer = SmtpMailer::trusting(&SmtpUrl::parse(url).unwrap(), from, ca).unwrap();
    SmtpMailer { patience: Duration::from_secs(15), ..mailer }
}

fn mail() -> Mail {
    Mail {
        message_id: "0190-invitation@console.example.com".to_owned(),
        to: "ada@example.org".to_owned(),
        subject: "You are invited to Ünï".to_owned(),
        text: "Come in: https://console.example.com/i\n.\nBye".to_owned(),
        html: "<p>Come in</p>".to_owned(),
        unsubscribe: None,
        attachments: Vec::new(),
    }
}

fn count(told: &Told, line: &str) -> usize {
    told.lock().unwrap().iter().filter(|told| *told == line).count()
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let (port, told) = Server::start(("", ""), None, false).await;
    let mailer = mailer(&format!("smtp://127.0.0.1:{port}?tls=none"), None);
    mailer.send(&mail()).await.unwrap();
    let plain = told.lock().unwrap().join("\n");
    for line in [
        "EHLO example.com",
        "MAIL FROM:<console@example.com>",
        "RCPT TO:<ada@example.org>",
        "From: Tenantry <console@example.com>",
        "To: ada@example.org",
        "Message-ID: <0190-invitation@console.example.com>",
        "Auto-Submitted: auto-generated",
        "Come in: https://console.example.com/i",
        // A lone dot would end the message; it is doubled on the way.
        "..",
        "<p>Come in</p>",
    ] {
        assert_eq!(count(&told, line), 1, "{line} in {plain}");
    }
    assert!(plain.contains("multipart/alternative") && !plain.contains("multipart/mixed"), "{plain}");
    assert!(!plain.contains("List-Unsubscribe"));

    told.lock().unwrap().clear();
    let attachment = Attachment {
        name: "a\r\nb/\"report\".csv".to_owned(),
        content_type: "text/csv".to_owned(),
        bytes: b"\x00who,when".to_vec(),
    };
    let unsubscribe = Some("https://console.example.com/unsubscribe/abc".to_owned());
    mailer.send(&Mail { unsubscribe, attachments: vec![attachment], ..mail() }).await.unwrap();
    let full = told.lock().unwrap().join("\n");
    for line in [
        "List-Unsubscribe: <https://console.example.com/unsubscribe/abc>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Message-ID: <0190-invitation@console.example.com>",
        "Content-Type: text/csv",
        &BASE64.encode(b"\x00who,when"),
    ] {
        assert_eq!(count(&told, line), 1, "{line} in {full}");
    }
    assert!(full.contains("filename=\"a__b__report_.csv\""), "{full}");
}

#[tokio::test]
async fn no_value_begins_a_header_of_its_own() {
    let (port, told) = Server::start(("", ""), None, false).await;
    let mailer = mailer(&format!("smtp://127.0.0.1:{port}?tls=none"), None);
    for breaks in ["\r\n", "\n", "\r", "\r\n\r\n", "\u{85}\n", "é\r\n"] {
        let subject = format!("Hello{breaks}Bcc: eve@example.net");
        mailer.send(&Mail { subject, ..mail() }).await.unwrap();
    }
    assert_eq!(count(&told, "Subject: Hello Bcc: eve@example.net"), 5);
    // The end of a mail, as one server or another understands it, and what would follow.
    for end in ["\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r\n\0.\r\n", "\r\n.\r\n"] {
        let text = format!("Hello{end}MAIL FROM:<eve@example.net>");
        mailer.send(&Mail { html: text.clone(), text, ..mail() }).await.unwrap();
    }
    // Two in each of these, one in each of those before; and each of the twelve ends once.
    assert_eq!((count(&told, ".."), count(&told, ".")), (18, 12));
    assert!(!told.lock().unwrap().iter().any(|line| line.contains(['\r', '\n', '\0'])));
    {
        let told = told.lock().unwrap();
        assert!(!told.iter().any(|line| line.starts_with("Bcc:") || line.contains("RCPT TO:<eve")), "{told:?}");
    }
    let before = told.lock().unwrap().len();
    for to in [
        "ada@example.org\r\nBcc: eve@example.net",
        "ada@example.org>\r\nRCPT TO:<eve@example.net",
        "ada@example.org, eve@example.net",
        "Ada <ada@example.org>",
        "ada@example.org\n",
        "",
    ] {
        let refused = mailer.send(&Mail { to: to.to_owned(), ..mail() }).await.unwrap_err();
        assert!(matches!(refused, MailError::Permanent(_)), "{to:?}");
    }
    for odd in ["a@b>\r\nBcc: eve@example.net", "a b", "é@b", ""] {
        let refused = mailer.send(&Mail { message_id: odd.to_owned(), ..mail() }).await.unwrap_err();
        assert!(matches!(refused, MailError::Permanent(_)), "{odd:?}");
        let refused = mailer.send(&Mail { unsubscribe: Some(odd.to_owned()), ..mail() }).await.unwrap_err();
        assert!(matches!(refused, MailError::Permanent(_)), "{odd:?}");
    }
    assert_eq!(told.lock().unwrap().len(), before, "none of these came to the server");
}

#[tokio::test]
async fn credentials_and_mail_travel_encrypted_only() {
    let (ca, acceptor) = tls();
    for (scheme, is_wrapped) in [("smtp", false), ("smtps", true)] {
        let (port, told) = Server::start(("", ""), Some(acceptor.clone()), is_wrapped).await;
        let url = format!("{scheme}://app:s3cret@127.0.0.1:{port}");
        mailer(&url, Some(&ca)).send(&mail()).await.unwrap();
        {
            let told = told.lock().unwrap();
            let (clear, secret) = told.split_at(told.iter().position(|line| line == "*").unwrap());
            assert_eq!(clear, if is_wrapped { &[][..] } else { &["EHLO example.com", "STARTTLS"] });
            let auth = format!("AUTH PLAIN {}", BASE64.encode(b"\0app\0s3cret"));
            assert!(secret.contains(&auth) && secret.contains(&"RCPT TO:<ada@example.org>".to_owned()));
        }
        // Whom no authority vouches for gets nothing.
        told.lock().unwrap().clear();
        let refused = mailer(&url, None).send(&mail()).await.unwrap_err();
        assert!(matches!(&refused, MailError::Temporary(words) if words.contains("certificate")), "{refused}");
        assert!(!told.lock().unwrap().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
    }
    // A server, or somebody between, that doesn't offer TLS.
    let (port, told) = Server::start(("EHLO", "250 mail.example.com"), None, false).await;
    let refused = mailer(&format!("smtp://app:s3cret@127.0.0.1:{port}"), None).send(&mail()).await.unwrap_err();
    assert!(matches!(&refused, MailError::Temporary(words) if words.contains("STARTTLS")), "{refused}");
    assert!(!told.lock().unwrap().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}

#[tokio::test]
async fn only_a_refusal_of_the_mail_is_for_good() {
    for (command, answer, is_permanent) in [
        ("RCPT", "550 no such user", true),
        ("MAIL", "552 too much", true),
        (".", "554 looks like spam", true),
        ("RCPT", "450 mailbox busy", false),
        ("MAIL", "421 going down", false),
        (".", "451 try again", false),
        ("AUTH", "535 wrong password", false),
        ("EHLO", "nonsense", false),
    ] {
        let (port, _) = Server::start((command, answer), None, false).await;
        let mailer = mailer(&format!("smtp://app:s3cret@127.0.0.1:{port}?tls=none"), None);
        let refused = mailer.send(&mail()).await.unwrap_err();
        assert_eq!(matches!(refused, MailError::Permanent(_)), is_permanent, "{command} {answer}: {refused}");
        assert!(!refused.to_string().contains("s3cret"));
    }
    let nobody = mailer("smtp://127.0.0.1:1?tls=none", None).send(&mail()).await.unwrap_err();
    assert!(matches!(nobody, MailError::Temporary(_)), "{nobody}");
    // A server that accepts the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}?tls=none", silent.local_addr().unwrap().port());
    let mailer = SmtpMailer { patience: Duration::from_millis(100), ..mailer(&url, None) };
    let late = mailer.send(&mail()).await.unwrap_err();
    assert_eq!(late, MailError::Temporary("The mail server didn't answer in time.".to_owned()));
}
