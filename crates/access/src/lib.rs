//! Who may do what: one rule table with two faces, sign-in, sessions.
