//! Campaigns, sittings, attempts and the answer log.
