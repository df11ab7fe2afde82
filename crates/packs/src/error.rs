use thiserror::Error;

/// Why the pack cannot be used. The pack is part of the binary, so this is met by whoever edits it, in a test.
#[derive(Debug, Error)]
pub enum PackError {
    /// A file is not in the pack.
    #[error("the pack has no file {path}")]
    Missing {
        /// Path inside the pack.
        path: String,
    },
    /// A file is not UTF-8.
    #[error("{path} is not UTF-8 text")]
    Encoding {
        /// Path inside the pack.
        path: String,
        /// Where it breaks.
        #[source]
        source: std::str::Utf8Error,
    },
    /// A file is not the TOML that is expected.
    #[error("{path}: {source}")]
    Toml {
        /// Path inside the pack.
        path: String,
        /// Line and reason.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A code points to nothing.
    #[error("{place}: there is no {kind} with the code {code}")]
    Unknown {
        /// Where the code stands.
        place: String,
        /// What it should name.
        kind: &'static str,
        /// The code.
        code: String,
    },
    /// A code occurs twice.
    #[error("{place}: {code} occurs twice")]
    Twice {
        /// Where.
        place: String,
        /// The code.
        code: String,
    },
    /// A list has the wrong length.
    #[error("{place}: {found} rows instead of {expected}")]
    Count {
        /// Where.
        place: String,
        /// Rows in the file.
        found: usize,
        /// Rows that must be there.
        expected: usize,
    },
    /// A value is outside its range.
    #[error("{place}: {reason}")]
    Value {
        /// Where.
        place: String,
        /// What is wrong.
        reason: String,
    },
}
