//! The file subcommands alone, quick to build while working on an engine:
//! `cargo run -p commands --example files -- qti check item.xml`.

use clap::Parser;
use std::process::ExitCode;

#[derive(Debug, Parser)]
struct Files {
    #[command(subcommand)]
    command: commands::FileCommand,
}

fn main() -> ExitCode {
    let result = commands::run(Files::parse().command);
    if let Err(error) = &result {
        eprintln!("{error}");
    }
    commands::exit_code(&result)
}
