//! `zerek qti convert`: an item in another version, with what could not be carried.

use super::input;
use crate::{BadInput, Outcome};
use std::io::Write as _;
use std::path::Path;

pub fn run(path: &Path, to: &str, output: Option<&Path>) -> Result<Outcome, BadInput> {
    let item = input::item(path)?;
    let (text, losses) = match to {
        "3.0" | "3" => qti::convert::to_v30(&item),
        "2.2" | "2.1" | "2" => qti::convert::to_v22(&item),
        other => return Err(BadInput(format!("version {other:?} is not written; ask for 3.0 or 2.2"))),
    };
    write(output, &text)?;
    for loss in &losses {
        eprintln!("{}:{}: {}", path.display(), loss.line, loss.message);
    }
    Ok(if losses.is_empty() { Outcome::Done } else { Outcome::Warnings })
}

/// Writes under the final name only when complete.
fn write(output: Option<&Path>, text: &str) -> Result<(), BadInput> {
    let Some(path) = output else {
        println!("{text}");
        return Ok(());
    };
    let fail = |error: std::io::Error| BadInput(format!("{}: cannot be written: {error}", path.display()));
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let mut file = std::fs::File::create(&partial).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    file.sync_all().map_err(fail)?;
    std::fs::rename(&partial, path).map_err(fail)
}
