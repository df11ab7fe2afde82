//! What every room shares: ids, localized text, languages, the clock, who acts and how far they reach. No I/O.
