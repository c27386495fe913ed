//! As much of HTTP/1.1 as a bench needs: one request at a time over a connection that stays open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, bail};

pub struct Connection(BufReader<TcpStream>);

#[derive(Default)]
pub struct Response {
    pub status: u16,
    /// The value of its first Set-Cookie, without attributes.
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(64 * 1024, stream)))
    }

    /// Sends a whole request; the answer goes where the last one was, so that nothing is allocated under load.
    pub fn exchange(&mut self, request: &[u8], response: &mut Response) -> Result<()> {
        self.0.get_mut().write_all(request)?;
        response.body.clear();
        response.cookie = None;
        let status = self.line()?;
        response.status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let (mut length, mut chunked) = (0_u64, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a bad header")?;
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "set-cookie" if response.cookie.is_none() => {
                    response.cookie = value.split(';').next().map(str::to_owned);
                }
                _ => {}
            }
        }
        if chunked { self.chunks(&mut response.body) } else { self.part(length, &mut response.body) }
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let line = self.line()?;
            let size = u64::from_str_radix(line.split(';').next().unwrap_or_default(), 16)?;
            self.part(size, body)?;
            if !self.line()?.is_empty() {
                bail!("a chunk is longer than it says");
            }
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn part(&mut self, length: u64, body: &mut Vec<u8>) -> Result<()> {
        let read = (&mut self.0).take(length).read_to_end(body)?;
        if read as u64 == length { Ok(()) } else { bail!("the server closed the connection") }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

pub fn get(path: &str, cookie: Option<&str>) -> Vec<u8> {
    let cookie = cookie.map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n{cookie}\r\n").into_bytes()
}

pub fn post_form(path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let body = body.join("&");
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub fn post_json(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
