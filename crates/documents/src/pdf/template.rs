//! Which template belongs to which data.

use charts::Chart;
use kernel::Language;
use serde::Serialize;

use crate::report::{
    CampaignPresentation, ClassReport, IndividualReport, LevelTable, LoginCards, PaperForm, SchoolReport, TestAnalysis,
};
use crate::{Labels, pictures};

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
    /// [`crate::statistics::TableDocument`].
    Table,
    /// [`PaperForm`].
    Paper,
    /// [`TestAnalysis`].
    Analysis,
    /// [`crate::statistics::FindingsDocument`].
    Findings,
}

impl Template {
    /// Every source file that a template may read.
    pub(super) const FILES: [(&'static str, &'static str); 10] = [
        ("common.typ", include_str!("../../templates/common.typ")),
        ("individual.typ", include_str!("../../templates/individual.typ")),
        ("class.typ", include_str!("../../templates/class.typ")),
        ("school.typ", include_str!("../../templates/school.typ")),
        ("campaign.typ", include_str!("../../templates/campaign.typ")),
        ("cards.typ", include_str!("../../templates/cards.typ")),
        ("table.typ", include_str!("../../templates/table.typ")),
        ("paper.typ", include_str!("../../templates/paper.typ")),
        ("analysis.typ", include_str!("../../templates/analysis.typ")),
        ("findings.typ", include_str!("../../templates/findings.typ")),
    ];

    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::Individual => "individual.typ",
            Self::Class => "class.typ",
            Self::School => "school.typ",
            Self::Campaign => "campaign.typ",
            Self::Cards => "cards.typ",
            Self::Table => "table.typ",
            Self::Paper => "paper.typ",
            Self::Analysis => "analysis.typ",
            Self::Findings => "findings.typ",
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

    /// Files that the template reads beside the data, by the name it knows them by.
    fn files(&self) -> Vec<(&str, &[u8])> {
        Vec::new()
    }

    /// Charts drawn from the data, by the name under which the template finds them.
    fn pictures(&self, _labels: &Labels) -> Vec<(String, Picture)> {
        Vec::new()
    }
}

/// A chart for a template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// The `<svg>` element.
    pub svg: String,
    /// What a screen reader says.
    pub alt: String,
}

/// A chart with what it shows as the words for a screen reader; `None` when there is nothing to draw.
pub(crate) fn picture(chart: &(impl Chart + ?Sized), alt: &str) -> Option<Picture> {
    let table = chart.table();
    if table.rows.is_empty() {
        return None;
    }
    let rows: Vec<String> = table.rows.iter().map(|row| row.join(" ")).collect();
    Some(Picture { svg: chart.svg(), alt: format!("{alt}: {}", rows.join("; ")) })
}

/// A picture of each table of levels: `name-0`, `name-1`...
fn level_pictures(tables: &[LevelTable], name: &str, language: Language, labels: &Labels) -> Vec<(String, Picture)> {
    let one = |(place, table): (usize, &LevelTable)| {
        let name = format!("{name}-{place}");
        let chart = pictures::level_shares(table, &name, language, labels);
        picture(&chart, &format!("{}, {}", labels.text("levels"), table.title)).map(|picture| (name, picture))
    };
    tables.iter().enumerate().filter_map(one).collect()
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

    fn pictures(&self, labels: &Labels) -> Vec<(String, Picture)> {
        let band = self.scale.as_ref().and_then(|scale| {
            picture(&pictures::scale_band(scale, 330.0, self.imprint.language, labels), &scale.sentence)
        });
        band.map(|band| ("scale".to_owned(), band)).into_iter().collect()
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

    fn pictures(&self, labels: &Labels) -> Vec<(String, Picture)> {
        level_pictures(self.levels.as_slice(), "levels", self.imprint.language, labels)
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

    fn pictures(&self, labels: &Labels) -> Vec<(String, Picture)> {
        let chart = pictures::school_subjects(self, labels);
        let subjects = picture(&chart, labels.text("results-by-subject"));
        let mut all = level_pictures(&self.levels, "levels", self.imprint.language, labels);
        all.extend(subjects.map(|picture| ("subjects".to_owned(), picture)));
        all
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

    fn pictures(&self, labels: &Labels) -> Vec<(String, Picture)> {
        let mut all = Vec::new();
        let mut add = |name: String, picture: Option<Picture>| all.extend(picture.map(|picture| (name, picture)));
        for (place, grade) in self.grades.iter().enumerate() {
            let title = |key: &str| format!("{}, {}", labels.text(key), grade);
            add(
                format!("subjects-{grade}"),
                picture(&pictures::campaign_subjects(self, *grade, labels), &title("means-by-subject")),
            );
            add(
                format!("languages-{grade}"),
                picture(&pictures::campaign_languages(self, *grade, labels), &title("means-by-language")),
            );
            add(
                format!("schools-{grade}"),
                picture(&pictures::campaign_schools(self, place, labels), &title("places")),
            );
            add(
                format!("marks-{grade}"),
                picture(&pictures::campaign_marks(self, place, labels), &title("marks-and-monitoring")),
            );
        }
        for table in &self.correlations {
            let chart = pictures::correlations(table, self.imprint.language, labels);
            add(format!("correlations-{}", table.grade), picture(&chart, labels.text("correlations")));
        }
        let language = self.imprint.language;
        all.extend(level_pictures(&self.levels, "levels", language, labels));
        all.extend(level_pictures(&self.levels_by_language, "levels-by-language", language, labels));
        all
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

impl Document for PaperForm {
    const TEMPLATE: Template = Template::Paper;

    fn language(&self) -> Language {
        self.language
    }

    fn title(&self, _labels: &Labels) -> String {
        self.title.clone()
    }

    fn author(&self) -> &str {
        &self.issuer
    }

    fn files(&self) -> Vec<(&str, &[u8])> {
        self.pictures.iter().map(|(name, picture)| (name.as_str(), picture.bytes.as_slice())).collect()
    }
}

impl Document for TestAnalysis {
    const TEMPLATE: Template = Template::Analysis;

    fn language(&self) -> Language {
        self.imprint.language
    }

    fn title(&self, _labels: &Labels) -> String {
        self.title.clone()
    }

    fn author(&self) -> &str {
        &self.imprint.issuer
    }
}
