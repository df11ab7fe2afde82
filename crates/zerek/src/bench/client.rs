//! A browser of the smallest kind: one kept connection, cookies, forms. It does what a test page needs and no more, so that
//! the load generator takes little from the server on the same machine.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: String,
}

impl Answer {
    /// The value of an attribute or input that stands in the page behind this text: `data-item="`, `name="csrf" value="`.
    pub fn after(&self, mark: &str) -> Option<&str> {
        let from = self.body.find(mark)? + mark.len();
        self.body[from..].split('"').next()
    }
}

/// A browser.
#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    connection: BufReader<TcpStream>,
    cookies: BTreeMap<String, String>,
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

impl Browser {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, connection: BufReader::new(stream), cookies: BTreeMap::new() })
    }

    /// Loads a page.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "").await
    }

    /// Sends a form as the test player does, so that the answer is the part of the page that changes.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        // Codes, tokens, ids and options consist of signs that need no escaping.
        let body = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\nx-zerek-player: 1\r\n\
             content-length: {}\r\n",
            body.len()
        );
        self.ask(&head, &body).await
    }

    async fn ask(&mut self, head: &str, body: &str) -> io::Result<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!("{head}host: {}\r\ncookie: {}\r\n\r\n{body}", self.address, cookies.join("; "));
        self.connection.get_mut().write_all(request.as_bytes()).await?;
        let line = self.line().await?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| broken("no status"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(|_error| broken("content-length"))?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let body = if chunked { self.chunks().await? } else { self.bytes(length).await? };
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.connection.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    async fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.connection.read_exact(&mut bytes).await?;
        Ok(bytes)
    }

    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let line = self.line().await?;
            let length = usize::from_str_radix(&line, 16).map_err(|_error| broken("chunk"))?;
            all.extend(self.bytes(length).await?);
            self.line().await?;
            if length == 0 {
                return Ok(all);
            }
        }
    }
}
