//! The server as its own process: started, measured, stopped or killed.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Kept, so that the server can go on writing.
    _output: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts `zerek serve` on a free port and waits until it listens.
    ///
    /// # Errors
    /// When it ends instead.
    pub async fn start(program: &Path, data: &Path, database: Option<&str>) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        if let Some(database) = database {
            command.args(["--database", database]);
        }
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await? {
            let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
            if let Some(address) = address.and_then(|text| text.parse().ok()) {
                return Ok(Self { child, _output: lines, address });
            }
        }
        let status = child.wait().await?;
        Err(io::Error::other(format!("the server ended before it listened: {status}")))
    }

    /// Ends it with SIGKILL: no handler runs, nothing is flushed.
    ///
    /// # Errors
    /// What the operating system says.
    pub async fn kill(mut self) -> io::Result<()> {
        self.child.kill().await
    }

    /// Processor seconds used and megabytes of memory held now, where `/proc` tells.
    pub fn usage(&self) -> Option<(f64, f64)> {
        let usage = usage(self.child.id()?)?;
        Some((usage.processor_s, usage.memory_mb))
    }
}

/// What a process has used so far.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Processor seconds, all threads.
    pub processor_s: f64,
    /// Megabytes of memory held now.
    pub memory_mb: f64,
    /// Megabytes of memory held at most.
    pub largest_memory_mb: f64,
}

/// What a process has used so far, where `/proc` tells.
pub fn usage(process: u32) -> Option<Usage> {
    let folder = PathBuf::from(format!("/proc/{process}"));
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    // Behind the name in parentheses: user and system time are fields 14 and 15, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = std::fs::read_to_string(folder.join("status")).ok()?;
    let megabytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
    };
    Some(Usage { processor_s: ticks / 100.0, memory_mb: megabytes("VmRSS:")?, largest_memory_mb: megabytes("VmHWM:")? })
}
