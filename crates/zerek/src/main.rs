//! `zerek`: one program for a network of schools. This crate only composes: configuration, router, subcommands.

mod bench;
mod configuration;
mod demo;
mod examples;
mod export;
mod subcommands;
mod work;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Twelve thousand documents made on all cores grow the memory of the C library's allocator by half; not this one's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One open, self-hosted environment for a network of schools.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
struct Zerek {
    /// Print results as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load the demonstration network into an empty database and serve it.
    Demo(subcommands::demo::Arguments),
    /// Measure this machine: one line of JSON per figure.
    #[command(subcommand)]
    Bench(subcommands::bench::Figure),
    /// Bring in data from files.
    #[command(subcommand)]
    Import(subcommands::import::What),
    /// Write reports into a folder.
    #[command(subcommand)]
    Report(subcommands::report::What),
    /// Try a running server as its users would, and say what was tried.
    Check(subcommands::check::Arguments),
    /// Serve the pages.
    Serve(subcommands::serve::Arguments),
    /// Write what the database holds into a folder, as CSV or JSON.
    Export(subcommands::export::Arguments),
    /// Do background work as a process of its own.
    Worker(subcommands::worker::Arguments),
    #[command(flatten)]
    File(commands::FileCommand),
}

/// The tables of all rooms.
fn migrations() -> Vec<store::Migration> {
    statistics::migrations()
}

fn main() -> ExitCode {
    let matches = examples::with_examples(Zerek::command()).try_get_matches();
    let arguments = match matches.and_then(|matches| Zerek::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A line that cannot be understood is bad input like any other: 1. Status 2 says that results were written
            // and need a look; help and version are no mistake.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let result = match arguments.command {
        Command::Demo(demo) => subcommands::run(subcommands::demo::run(demo, arguments.json)),
        Command::Import(what) => subcommands::run(subcommands::import::run(what, arguments.json)),
        Command::Report(what) => subcommands::run(subcommands::report::run(what, arguments.json)),
        Command::Check(check) => subcommands::run(subcommands::check::run(check, arguments.json)),
        Command::Serve(serve) => subcommands::run(subcommands::serve::run(serve)),
        Command::Export(export) => subcommands::run(subcommands::export::run(export, arguments.json)),
        Command::Worker(worker) => subcommands::run(subcommands::worker::run(worker, arguments.json)),
        Command::Bench(figure) => subcommands::run(subcommands::bench::run(figure)),
        Command::File(file) => commands::run(file),
    };
    if let Err(error) = &result {
        eprintln!("zerek: {error}");
    }
    commands::exit_code(&result)
}
