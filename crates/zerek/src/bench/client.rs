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
    /// Body, unpacked.
    pub body: String,
    /// Bytes of head and body as they came.
    pub transferred: usize,
}

impl Answer {
    /// The value of an attribute or input that stands in the page behind this text: `data-item="`, `name="csrf" value="`.
    pub fn after(&self, mark: &str) -> Option<&str> {
        let from = self.body.find(mark)? + mark.len();
        self.body[from..].split('"').next()
    }

    /// Every address that the page leads to.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.body.split("href=\"").skip(1).filter_map(|part| part.split('"').next())
    }

    /// The first address that has this in it and ends so.
    pub fn link(&self, has: &str, ends: &str) -> Option<String> {
        self.links().find(|href| href.contains(has) && href.ends_with(ends)).map(str::to_owned)
    }

    /// The token of the form that is sent to an address.
    pub fn token(&self, action: &str) -> Option<&str> {
        let form = self.body.split(&format!("action=\"{action}\"")).nth(1)?;
        form.split("name=\"csrf\" value=\"").nth(1)?.split('"').next()
    }
}

/// A browser.
#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    connection: BufReader<TcpStream>,
    cookies: BTreeMap<String, String>,
    compressed: bool,
}

fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut all)?;
    Ok(all)
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
        Ok(Self { address, connection: BufReader::new(stream), cookies: BTreeMap::new(), compressed: false })
    }

    /// From now on asks for compressed answers, as real browsers do.
    pub fn compressed(mut self) -> Self {
        self.compressed = true;
        self
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

    /// Signs in with a password; the status of the answer, 303 when it was right.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> io::Result<u16> {
        let form = self.get("/sign-in").await?;
        let token = form.token("/sign-in").unwrap_or_default();
        let fields = [("csrf", token), ("login", login), ("password", password), ("next", "/")];
        Ok(self.post("/sign-in", &fields).await?.status)
    }

    async fn ask(&mut self, head: &str, body: &str) -> io::Result<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let encodings = if self.compressed { "accept-encoding: gzip\r\n" } else { "" };
        let request =
            format!("{head}host: {}\r\n{encodings}cookie: {}\r\n\r\n{body}", self.address, cookies.join("; "));
        self.connection.get_mut().write_all(request.as_bytes()).await?;
        let line = self.line().await?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| broken("no status"))?;
        let (mut length, mut chunked, mut packed, mut transferred) = (0, false, false, line.len() + 4);
        loop {
            let line = self.line().await?;
            transferred += line.len() + 2;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(|_error| broken("content-length"))?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "content-encoding" => packed = value.eq_ignore_ascii_case("gzip"),
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let body = if chunked { self.chunks().await? } else { self.bytes(length).await? };
        transferred += body.len();
        let body = if packed { unpack(&body)? } else { body };
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned(), transferred })
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
