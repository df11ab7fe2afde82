//! Campaigns with their tests.

use jiff::tz::TimeZone;
use kernel::{CampaignId, Date, FormId, Language, Localized, TestId};
use serde::{Deserialize, Serialize};

/// Where a campaign is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CampaignState {
    /// Being prepared; nobody can sit.
    Planned,
    /// Pupils sit within the windows of their sittings.
    Open,
    /// Over; results are made.
    Closed,
}

impl CampaignState {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The state with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Planned, Self::Open, Self::Closed].into_iter().find(|state| state.code() == code)
    }
}

/// Where the answers of a campaign come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Sat here.
    Zerek,
    /// Sat elsewhere and brought in.
    Import,
}

impl Source {
    /// Word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zerek => "zerek",
            Self::Import => "import",
        }
    }

    /// The source with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Zerek, Self::Import].into_iter().find(|source| source.code() == code)
    }
}

/// A coded reason of absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceReason {
    /// Code.
    pub code: String,
    /// As shown.
    pub name: Localized,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Id.
    pub id: CampaignId,
    /// Short word, unique.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// School year, named by the year in which it begins.
    pub school_year: i16,
    /// First day.
    pub opens_on: Date,
    /// Last day.
    pub closes_on: Date,
    /// IANA name of the time zone in which the days are meant.
    pub zone: String,
    /// Where it is in its life.
    pub state: CampaignState,
    /// Whether every page says that the data are a demonstration.
    pub demonstration: bool,
    /// Where the answers come from.
    pub source: Source,
    /// Why a pupil can be absent.
    pub absence_reasons: Vec<AbsenceReason>,
    /// The tests, by day and code.
    pub tests: Vec<Test>,
}

impl Campaign {
    /// One of its tests.
    pub fn test(&self, id: TestId) -> Option<&Test> {
        self.tests.iter().find(|test| test.id == id)
    }

    /// The zone in which its days are meant and its moments are shown.
    pub fn time_zone(&self) -> TimeZone {
        time_zone(&self.zone)
    }
}

/// The time zone with this name. Names are checked when a campaign is made, so another one means that the machine's
/// time zones have changed since: then moments are shown in UTC.
pub(crate) fn time_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A test of a campaign: a subject in a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Id.
    pub id: TestId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Short word, unique in the campaign.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Subject's code.
    pub subject: String,
    /// Grade.
    pub grade: u8,
    /// The language of instruction whose pupils sit it; none: all.
    pub audience: Option<Language>,
    /// The day it is meant for. Pupils may sit it on any day of the campaign.
    pub held_on: Date,
    /// Number of items.
    pub item_count: i64,
    /// Minutes for it.
    pub minutes: i64,
    /// Its forms by language.
    pub forms: Vec<(Language, FormId)>,
}

impl Test {
    /// The form for pupils with a language of instruction: their own, or the only one there is.
    pub fn form_for(&self, language: Language) -> Option<(Language, FormId)> {
        let own = self.forms.iter().find(|(other, _)| *other == language);
        own.or(self.forms.first()).copied()
    }
}

/// A campaign to be made.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// Short word, unique.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// School year, named by the year in which it begins.
    pub school_year: i16,
    /// First day.
    pub opens_on: Date,
    /// Last day.
    pub closes_on: Date,
    /// IANA name of the time zone: `Asia/Almaty`.
    pub zone: String,
    /// Whether the data are a demonstration.
    pub demonstration: bool,
    /// Where the answers come from.
    pub source: Source,
    /// Why a pupil can be absent.
    pub absence_reasons: Vec<AbsenceReason>,
    /// Its tests.
    pub tests: Vec<NewTest>,
}

/// A test to be made.
#[derive(Debug, Clone)]
pub struct NewTest {
    /// Short word, unique in the campaign.
    pub code: String,
    /// Name.
    pub name: Localized,
    /// Subject's code.
    pub subject: String,
    /// Grade.
    pub grade: u8,
    /// The language of instruction whose pupils sit it; none: all.
    pub audience: Option<Language>,
    /// The day it is meant for.
    pub held_on: Date,
    /// Number of items.
    pub item_count: i64,
    /// Minutes for it.
    pub minutes: i64,
    /// Its forms by language.
    pub forms: Vec<(Language, FormId)>,
}
