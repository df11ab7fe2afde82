//! Why an item deserves a look: named flags with the number behind each.

use std::fmt;

use super::{ItemStatistics, OptionStatistics};

/// Limits beyond which an item is flagged. The defaults are the customary ones; a network may set its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlagRules {
    /// Facility above this is too easy.
    pub easy: f64,
    /// Facility below this is too hard.
    pub hard: f64,
    /// Item-rest correlation below this discriminates little (Ebel 1965 names 0.2).
    pub item_rest: f64,
    /// Share of skipped responses above this.
    pub skipped: f64,
    /// Share of responses not reached above this.
    pub not_reached: f64,
    /// An option chosen by a smaller share than this attracts nobody.
    pub rare_option: f64,
    /// Fewer responses than this make every statistic of the item unstable.
    pub few: usize,
}

impl Default for FlagRules {
    fn default() -> Self {
        Self { easy: 0.95, hard: 0.1, item_rest: 0.2, skipped: 0.15, not_reached: 0.1, rare_option: 0.02, few: 50 }
    }
}

/// One reason to look at an item.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ItemFlag {
    /// Nobody has a score on it: no statistic exists.
    NoResponses,
    /// All scores are equal: no correlation exists.
    AllAlike,
    /// Few responses.
    Few(usize),
    /// Facility above the limit.
    TooEasy(f64),
    /// Facility below the limit.
    TooHard(f64),
    /// Item-rest correlation at or below zero: wrong key or misleading item.
    NegativeDiscrimination(f64),
    /// Item-rest correlation below the limit.
    LowDiscrimination(f64),
    /// Share skipped above the limit.
    ManySkipped(f64),
    /// Share not reached above the limit.
    ManyNotReached(f64),
    /// A score between 0 and the maximum that nobody earned.
    EmptyScore(u8),
    /// A wrong option goes with high scores: its correlation with the rest score.
    DistractorCorrelates(String, f64),
    /// A wrong option goes with higher scores than the key: check the key.
    DistractorBeatsKey(String),
    /// A wrong option that hardly anybody chose.
    UnusedOption(String),
}

impl fmt::Display for ItemFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResponses => write!(f, "nobody has a score on it"),
            Self::AllAlike => write!(f, "all scores are alike"),
            Self::Few(n) => write!(f, "only {n} responses: statistics are unstable"),
            Self::TooEasy(p) => write!(f, "very easy: facility {p:.2}"),
            Self::TooHard(p) => write!(f, "very hard: facility {p:.2}"),
            Self::NegativeDiscrimination(r) => write!(f, "item-rest correlation {r:.2}: check the key and the wording"),
            Self::LowDiscrimination(r) => write!(f, "discriminates little: item-rest correlation {r:.2}"),
            Self::ManySkipped(p) => write!(f, "skipped by {:.0} %", 100.0 * p),
            Self::ManyNotReached(p) => write!(f, "not reached by {:.0} %", 100.0 * p),
            Self::EmptyScore(score) => write!(f, "nobody earned exactly {score}: join score categories"),
            Self::DistractorCorrelates(option, r) => write!(f, "wrong option {option} goes with high scores ({r:.2})"),
            Self::DistractorBeatsKey(option) => {
                write!(f, "option {option} discriminates better than the key: check the key")
            }
            Self::UnusedOption(option) => write!(f, "option {option} attracts hardly anybody"),
        }
    }
}

/// All flags of one item.
pub(super) fn flags(item: &ItemStatistics, options: &[OptionStatistics], rules: &FlagRules) -> Vec<ItemFlag> {
    let Some(facility) = item.facility else { return vec![ItemFlag::NoResponses] };
    let mut flags = Vec::new();
    if item.n < rules.few {
        flags.push(ItemFlag::Few(item.n));
    }
    if item.sd == Some(0.0) {
        flags.push(ItemFlag::AllAlike);
    }
    if facility > rules.easy {
        flags.push(ItemFlag::TooEasy(facility));
    } else if facility < rules.hard {
        flags.push(ItemFlag::TooHard(facility));
    }
    match item.item_rest {
        Some(r) if r <= 0.0 => flags.push(ItemFlag::NegativeDiscrimination(r)),
        Some(r) if r < rules.item_rest => flags.push(ItemFlag::LowDiscrimination(r)),
        _ => {}
    }
    let presented = (item.presented as f64).max(1.0);
    let (skipped, not_reached) = (item.skipped as f64 / presented, item.not_reached as f64 / presented);
    if skipped > rules.skipped {
        flags.push(ItemFlag::ManySkipped(skipped));
    }
    if not_reached > rules.not_reached {
        flags.push(ItemFlag::ManyNotReached(not_reached));
    }
    if item.max > 1 {
        let empty = item.score_counts.iter().enumerate().filter(|(_, count)| **count == 0);
        flags.extend(empty.map(|(score, _)| ItemFlag::EmptyScore(score as u8)));
    }
    let key =
        options.iter().filter(|option| option.is_key).filter_map(|option| option.rest_correlation).reduce(f64::max);
    for option in options.iter().filter(|option| !option.is_key) {
        let label = || option.option.clone();
        match option.rest_correlation {
            Some(r) if key.is_some_and(|key| r > key) => flags.push(ItemFlag::DistractorBeatsKey(label())),
            Some(r) if r > 0.05 => flags.push(ItemFlag::DistractorCorrelates(label(), r)),
            _ => {}
        }
        if option.share.is_some_and(|share| share < rules.rare_option) {
            flags.push(ItemFlag::UnusedOption(label()));
        }
    }
    flags
}
