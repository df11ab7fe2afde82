//! Which template belongs to which data.

use kernel::Language;
use serde::Serialize;

use crate::Labels;
use crate::report::{CampaignPresentation, ClassReport, IndividualReport, LoginCards, SchoolReport};

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Template {
    /// [`IndividualReport`].
    Individual,
    /// [`ClassReport`].
    Class,
    /// [`SchoolReport`].
    School,
    /// [`CampaignPresentation`].
    Campaign,
    /// [`LoginCards`].
    Cards,
}

impl Template {
    /// Every source file that a template may read.
    pub(super) const FILES: [(&'static str, &'static str); 6] = [
        ("common.typ", include_str!("../../templates/common.typ")),
        ("individual.typ", include_str!("../../templates/individual.typ")),
        ("class.typ", include_str!("../../templates/class.typ")),
        ("school.typ", include_str!("../../templates/school.typ")),
        ("campaign.typ", include_str!("../../templates/campaign.typ")),
        ("cards.typ", include_str!("../../templates/cards.typ")),
    ];

    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::Individual => "individual.typ",
            Self::Class => "class.typ",
            Self::School => "school.typ",
            Self::Campaign => "campaign.typ",
            Self::Cards => "cards.typ",
        }
    }
}

/// Data that a template shows.
pub trait Document: Serialize {
    /// The template.
    const TEMPLATE: Template;

    /// Language of the document.
    fn language(&self) -> Language;

    /// Title in the PDF's metadata; a reader shows it in place of the file name.
    fn title(&self, labels: &Labels) -> String;

    /// Author in the PDF's metadata: who issues it.
    fn author(&self) -> &str;

    /// The data as the template reads them: as they are, or with charts drawn from them.
    fn prepared(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::to_value(self)
    }
}

impl Document for IndividualReport {
    const TEMPLATE: Template = Template::Individual;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        format!("{}: {}, {}", labels.text("individual-title"), self.pupil, self.subject)
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}

impl Document for ClassReport {
    const TEMPLATE: Template = Template::Class;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        format!("{}: {}, {}", labels.text("class-title"), self.class, self.subject)
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}

impl Document for SchoolReport {
    const TEMPLATE: Template = Template::School;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        format!("{}: {}", labels.text("school-title"), self.school)
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}

impl Document for CampaignPresentation {
    const TEMPLATE: Template = Template::Campaign;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        format!("{}: {}", labels.text("presentation-title"), self.imprint.campaign)
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}

impl Document for LoginCards {
    const TEMPLATE: Template = Template::Cards;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, labels: &Labels) -> String {
        format!("{}: {}, {}", labels.text("cards-title"), self.class, self.school)
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}
