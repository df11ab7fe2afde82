//! `zerek bench`: figures that anyone can measure again on their own machine. One JSON line per figure.

pub mod client;
pub mod load;
pub mod pupil;
pub mod school;
pub mod server;
