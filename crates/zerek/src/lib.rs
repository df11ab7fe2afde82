//! One binary: configuration, router, subcommands.
