//! A pupil who sits a test through the pages, as the test player does.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::client::{Answer, Browser};

/// What one pupil's sitting took.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// From sending the code to the last byte of the start page.
    pub sign_in: Vec<Duration>,
    /// From pressing Start to the last byte of the first task.
    pub start: Vec<Duration>,
    /// From sending an answer to the last byte of the next task.
    pub answer: Vec<Duration>,
}

/// An answer that the server has acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// The item, as the page names it.
    pub item: i64,
    /// The option that was chosen.
    pub option: String,
}

/// A pupil with a code.
#[derive(Debug)]
pub struct Pupil {
    browser: Browser,
    page: Answer,
    /// What it took so far.
    pub times: Times,
}

fn refused(what: &str, answer: &Answer) -> io::Error {
    let words: String = answer.body.chars().take(300).collect();
    io::Error::other(format!("{what}: status {} {words}", answer.status))
}

impl Pupil {
    /// Signs in with a code and, unless that was done before, presses Start.
    ///
    /// # Errors
    /// When the connection is lost or the server refuses.
    pub async fn begin(address: SocketAddr, code: &str) -> io::Result<Self> {
        let mut browser = Browser::connect(address).await?;
        let form = browser.get("/sit").await?;
        let token = form.after("name=\"csrf\" value=\"").unwrap_or_default().to_owned();
        let before = Instant::now();
        let answer = browser.post("/sit/code", &[("csrf", &token), ("code", code)]).await?;
        if answer.status != 303 {
            return Err(refused("code", &answer));
        }
        let page = browser.get("/sit").await?;
        let mut pupil = Self { browser, page, times: Times::default() };
        pupil.times.sign_in.push(before.elapsed());
        if pupil.state() == "start" {
            let before = Instant::now();
            pupil.send("/sit/start", &[]).await?;
            pupil.times.start.push(before.elapsed());
        }
        Ok(pupil)
    }

    /// `start`, `item`, `all-done` or `finished`.
    pub fn state(&self) -> &str {
        self.page.after("data-state=\"").unwrap_or_default()
    }

    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<()> {
        let token = self.page.after("name=\"csrf\" value=\"").unwrap_or_default().to_owned();
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        let answer = self.browser.post(path, &all).await?;
        if answer.status != 200 {
            return Err(refused(path, &answer));
        }
        self.page = answer;
        Ok(())
    }

    /// Answers the current task with its option of this number; `None` when there is no task any more.
    ///
    /// # Errors
    /// When the connection is lost or the server refuses; nobody knows then whether the answer was kept.
    pub async fn answer(&mut self, choice: usize) -> io::Result<Option<Acknowledged>> {
        if self.state() != "item" {
            return Ok(None);
        }
        let no_task = || io::Error::other("the page has no task");
        let item = self.page.after("name=\"item\" value=\"").ok_or_else(no_task)?.to_owned();
        let name = self.page.after("type=\"radio\"").and(self.radio()).ok_or_else(no_task)?;
        let options = self.options();
        let option = options.get(choice % options.len().max(1)).ok_or_else(no_task)?.clone();
        let before = Instant::now();
        self.send("/sit/answer", &[("item", &item), (&name, &option), ("do", "next")]).await?;
        self.times.answer.push(before.elapsed());
        Ok(Some(Acknowledged { item: item.parse().map_err(|_error| no_task())?, option }))
    }

    /// The name of the first group of radio buttons.
    fn radio(&self) -> Option<String> {
        let from = self.page.body.find("type=\"radio\"")?;
        let tag = self.page.body[from..].split('>').next()?;
        Some(tag.split("name=\"").nth(1)?.split('"').next()?.to_owned())
    }

    /// The values of all radio buttons.
    fn options(&self) -> Vec<String> {
        let tags = self.page.body.split("type=\"radio\"").skip(1);
        let value = |tag: &str| Some(tag.split('>').next()?.split("value=\"").nth(1)?.split('"').next()?.to_owned());
        tags.filter_map(value).collect()
    }

    /// Ends the test after the last task.
    ///
    /// # Errors
    /// When the connection is lost or the server refuses.
    pub async fn end(&mut self) -> io::Result<()> {
        if self.state() == "all-done" { self.send("/sit/end", &[]).await } else { Ok(()) }
    }
}
