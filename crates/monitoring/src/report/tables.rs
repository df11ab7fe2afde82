//! Every table of a campaign as sheets of a workbook. No names of pupils, no keys.

use documents::Labels;
use documents::table::{Cell, Sheet, SheetColumn};
use kernel::{Language, SchoolId};

use super::scale::{level_names, scaled};
use super::words::{language_name, period};
use crate::model::{ItemStatistics, LevelSummary, Mean, Settings};
use crate::query::{CampaignSummary, ClassTest, FormStatistics, TaskStatistics};

struct Tables<'a> {
    summary: &'a CampaignSummary,
    labels: Labels,
    language: Language,
    settings: &'a Settings,
}

/// The sheets: subjects, schools, regions, classes, tasks, correlations, participation.
pub fn build_tables(
    summary: &CampaignSummary,
    classes: &[ClassTest],
    forms: &[FormStatistics],
    language: Language,
    settings: &Settings,
) -> Vec<Sheet> {
    let tables = Tables { summary, labels: Labels::built_in(language), language, settings };
    let sheets = [
        tables.subjects(),
        tables.schools(),
        tables.regions(),
        tables.classes(classes),
        tables.levels(),
        tables.tasks(forms),
        tables.correlations(),
        tables.participation(),
    ];
    sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect()
}

impl Tables<'_> {
    fn label(&self, key: &str) -> String {
        self.labels.text(key).to_owned()
    }

    fn sheet(&self, name: &str, heads: &[String], rows: Vec<Vec<Cell>>) -> Sheet {
        let campaign = &self.summary.campaign;
        let mut notes =
            vec![format!("{}, {}", campaign.name.in_language(self.language), period(campaign, self.language))];
        if campaign.demonstration {
            notes.push(self.label("demonstration-note"));
        }
        Sheet {
            name: self.label(name),
            title: self.label(name),
            notes,
            columns: heads.iter().map(SheetColumn::new).collect(),
            rows,
        }
    }

    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.label(key)).collect()
    }

    /// A mean with its n, in two cells; the first is empty where the group is too small.
    fn mean(&self, mean: Option<&Mean>, inside: bool) -> [Cell; 2] {
        let Some(mean) = mean else { return [Cell::Empty, Cell::Empty] };
        let shown = mean.shown(inside, self.settings.minimum_group).percent();
        [shown.map_or(Cell::Empty, |percent| self.percent(percent)), Cell::from(mean.n)]
    }

    fn percent(&self, percent: f64) -> Cell {
        Cell::Percent(percent, self.settings.decimals as u8)
    }

    fn subject(&self, test: kernel::TestId) -> Cell {
        let name = self.summary.campaign.test(test).map(|test| test.name.in_language(self.language).to_owned());
        name.map_or(Cell::Empty, Cell::from)
    }

    fn school(&self, school: SchoolId) -> Cell {
        let name = self.summary.tree.school(school).map(|node| node.name.in_language(self.language).to_owned());
        name.map_or(Cell::Empty, Cell::from)
    }

    fn subjects(&self) -> Sheet {
        let keys = [
            "grade",
            "subject",
            "mean",
            "pupils",
            "standard-error",
            "kazakh-medium",
            "pupils",
            "russian-medium",
            "pupils",
            "alpha",
        ];
        let row = |test: &crate::query::TestSummary| {
            let mut row = vec![Cell::from(u32::from(test.test.grade)), self.subject(test.test.id)];
            row.extend(self.mean(Some(&test.mean), false));
            row.push(test.mean.standard_error.map_or(Cell::Empty, |error| self.percent(error)));
            row.extend(self.mean(test.by_language.get(&Language::Kk), false));
            row.extend(self.mean(test.by_language.get(&Language::Ru), false));
            let alpha = test.statistics.as_ref().and_then(|statistics| statistics.alpha);
            row.push(alpha.map_or(Cell::Empty, |alpha| Cell::Number(alpha, 3)));
            row
        };
        self.sheet("means-by-subject", &self.heads(&keys), self.summary.tests.iter().map(row).collect())
    }

    /// Places with every subject's mean, as facts 000b 3.10 and 3.12 print them.
    fn schools(&self) -> Sheet {
        let mut heads =
            self.heads(&["grade", "school", "region", "place", "monitoring", "marks", "gap", "place-difference"]);
        let tests: Vec<_> = self.summary.tests.iter().collect();
        for test in &tests {
            let name = test.test.name.in_language(self.language);
            heads.push(format!("{name}, {}", test.test.grade));
            heads.push(format!("n ({name}, {})", test.test.grade));
        }
        let mut rows = Vec::new();
        for grade in &self.summary.grades {
            for school in &grade.schools {
                let region = self.summary.tree.above(school.school.into(), roster::OrgUnitKind::Region);
                let region = region.map(|node| node.name.in_language(self.language).to_owned());
                let difference = self.summary.differences.iter().find(|pair| pair.school == school.school);
                let mut row = vec![
                    Cell::from(u32::from(grade.grade)),
                    self.school(school.school),
                    region.map_or(Cell::Empty, Cell::from),
                    school.place.map_or(Cell::Empty, |place| Cell::from(place.place)),
                    school.shown.map_or(Cell::Empty, |shown| self.percent(shown)),
                    school.comparison.map_or(Cell::Empty, |compared| self.percent(compared.marks)),
                    school.comparison.map_or(Cell::Empty, |compared| self.percent(compared.gap)),
                    difference.map_or(Cell::Empty, |pair| Cell::Whole(i64::from(pair.difference))),
                ];
                for test in &tests {
                    let own = school.subjects.iter().find(|subject| subject.test == test.test.id);
                    row.extend(self.mean(own.map(|subject| &subject.mean), false));
                }
                rows.push(row);
            }
        }
        self.sheet("places", &heads, rows)
    }

    fn regions(&self) -> Sheet {
        let mut rows = Vec::new();
        for test in &self.summary.tests {
            for (region, mean) in &test.by_region {
                let name = self.summary.tree.get(*region).map(|node| node.name.in_language(self.language).to_owned());
                let mut row = vec![
                    name.map_or(Cell::Empty, Cell::from),
                    Cell::from(u32::from(test.test.grade)),
                    self.subject(test.test.id),
                ];
                row.extend(self.mean(Some(mean), false));
                rows.push(row);
            }
        }
        self.sheet("region", &self.heads(&["region", "grade", "subject", "mean", "pupils"]), rows)
    }

    /// Classes stand outside their school here, so small ones show no mean.
    fn classes(&self, classes: &[ClassTest]) -> Sheet {
        let row = |class: &ClassTest| {
            let mut row = vec![
                self.school(class.school),
                Cell::from(u32::from(class.grade)),
                Cell::from(class.letter.as_str()),
                class.language.map_or(Cell::Empty, |own| Cell::from(language_name(own, self.language))),
                self.subject(class.test),
            ];
            row.extend(self.mean(Some(&class.mean), false));
            row
        };
        let keys = ["school", "grade", "class", "language-of-instruction", "subject", "mean", "pupils"];
        self.sheet("results-by-class", &self.heads(&keys), classes.iter().map(row).collect())
    }

    /// Every test on its scale: the whole, languages of instruction, districts and schools.
    fn levels(&self) -> Sheet {
        let mut heads =
            self.heads(&["grade", "subject", "breakdown", "group", "pupils", "scale-mean", "standard-error"]);
        let scaled: Vec<_> =
            self.summary.tests.iter().filter_map(|test| Some((test, test.scale.as_ref()?, scaled(test)?))).collect();
        // The levels of a network are the same for all of its tests.
        let names = scaled.first().map_or_else(Vec::new, |(.., test)| level_names(test, self.language));
        heads.extend(names.iter().map(|name| format!("{name}, %")));
        heads.extend(names.iter().map(|name| format!("n ({name})")));
        let mut rows = Vec::new();
        for (test, scale, _) in scaled {
            let mut add = |by: &str, group: Cell, of: &LevelSummary| {
                let mut row = vec![
                    Cell::from(u32::from(test.test.grade)),
                    self.subject(test.test.id),
                    Cell::from(self.label(by)),
                    group,
                ];
                row.extend(self.level_cells(of));
                rows.push(row);
            };
            add("campaign", Cell::Empty, &scale.whole);
            for (language, of) in &scale.by_language {
                add("language-of-instruction", Cell::from(language_name(*language, self.language)), of);
            }
            for (district, of) in &scale.by_district {
                let name = self.summary.tree.get(*district).map(|node| node.name.in_language(self.language).to_owned());
                add("district", name.map_or(Cell::Empty, Cell::from), of);
            }
            for (school, of) in &scale.by_school {
                add("school", self.school(*school), of);
            }
        }
        self.sheet("levels", &heads, rows)
    }

    /// Pupils, mean with its error, shares and counts; only the first where the group is too small.
    fn level_cells(&self, of: &LevelSummary) -> Vec<Cell> {
        let mut row = vec![Cell::from(of.n)];
        if !of.may_show(false, self.settings.minimum_group) {
            row.extend(std::iter::repeat_n(Cell::Empty, 2 + 2 * of.counts.len()));
            return row;
        }
        row.push(of.mean.map_or(Cell::Empty, |mean| Cell::Number(mean, 0)));
        row.push(of.standard_error.map_or(Cell::Empty, |error| Cell::Number(error, 1)));
        let share = |level| of.share(level).map_or(Cell::Empty, |share| self.percent(share));
        row.extend((0..of.counts.len()).map(share));
        row.extend(of.counts.iter().map(|count| Cell::from(*count)));
        row
    }

    fn tasks(&self, forms: &[FormStatistics]) -> Sheet {
        let keys = [
            "grade",
            "subject",
            "language-of-instruction",
            "number",
            "section",
            "topic",
            "criterion",
            "pupils",
            "share-correct",
            "status-skipped",
            "status-not-reached",
        ];
        let mut heads = self.heads(&keys);
        heads.extend(["r (item-rest)", "b", "SE (b)", "a", "infit", "outfit", "S-X2", "df", "p"].map(str::to_owned));
        let row = |(form, task): (&FormStatistics, &TaskStatistics)| {
            let test = self.summary.campaign.test(form.test)?;
            let statistics = &task.statistics;
            let mut row = vec![
                Cell::from(u32::from(test.grade)),
                self.subject(form.test),
                Cell::from(language_name(form.language, self.language)),
                Cell::from(statistics.position),
            ];
            row.extend(task.texts.iter().map(|text| Cell::from(text.in_language(self.language))));
            let enough = statistics.n >= self.settings.minimum_group;
            row.extend([
                Cell::from(statistics.n),
                statistics.facility.filter(|_| enough).map_or(Cell::Empty, |share| self.percent(100.0 * share)),
                Cell::from(statistics.skipped),
                Cell::from(statistics.not_reached),
                statistics.item_rest.filter(|_| enough).map_or(Cell::Empty, |r| Cell::Number(r, 3)),
            ]);
            row.extend(calibration_cells(statistics));
            Some(row)
        };
        let tasks = forms.iter().flat_map(|form| form.tasks.iter().map(move |task| (form, task)));
        self.sheet("by-task", &heads, tasks.filter_map(row).collect())
    }

    fn correlations(&self) -> Sheet {
        let mut rows = Vec::new();
        for grade in &self.summary.grades {
            let Some(found) = &grade.correlations else { continue };
            for (index, one) in found.tests.iter().enumerate() {
                for (other, pair) in found.tests.iter().zip(&found.cells[index]).skip(index + 1) {
                    let Some(pair) = pair else { continue };
                    rows.push(vec![
                        Cell::from(u32::from(grade.grade)),
                        self.subject(kernel::TestId(*one)),
                        self.subject(kernel::TestId(*other)),
                        pair.r.map_or(Cell::Empty, |r| Cell::Number(r, 3)),
                        Cell::Whole(i64::try_from(pair.n).unwrap_or(0)),
                    ]);
                }
            }
        }
        let mut heads = self.heads(&["grade", "subject", "subject"]);
        heads.extend(["r".to_owned(), self.label("pupils")]);
        self.sheet("correlations", &heads, rows)
    }

    fn participation(&self) -> Sheet {
        let row = |row: &crate::query::Participation| {
            let share = 100.0 * f64::from(row.took_part) / f64::from(row.enrolled.max(1));
            vec![
                self.school(row.school),
                Cell::from(u32::from(row.grade)),
                Cell::from(language_name(row.language, self.language)),
                Cell::from(row.enrolled),
                Cell::from(row.took_part),
                self.percent(share),
            ]
        };
        let keys = ["school", "grade", "language-of-instruction", "enrolled", "took-part", "percent"];
        self.sheet("participation", &self.heads(&keys), self.summary.participation.iter().map(row).collect())
    }
}

/// Difficulty (the mean of the steps) with its error, discrimination and fit of a task; empty without a scale.
fn calibration_cells(statistics: &ItemStatistics) -> [Cell; 8] {
    let cell = |value: Option<f64>, decimals| value.map_or(Cell::Empty, |value| Cell::Number(value, decimals));
    let Some(task) = &statistics.calibration else { return std::array::from_fn(|_| Cell::Empty) };
    let steps = task.b.len() as f64;
    let mean = (!task.b.is_empty()).then(|| task.b.iter().map(|step| step.value).sum::<f64>() / steps);
    [
        cell(mean, 3),
        // Only a task of one step has one error.
        cell(task.b.first().filter(|_| task.b.len() == 1).and_then(|step| step.se), 3),
        cell(task.a.map(|a| a.value), 3),
        cell(task.mean_square.map(|fit| fit.infit), 3),
        cell(task.mean_square.map(|fit| fit.outfit), 3),
        cell(task.s_x2.map(|fit| fit.x), 2),
        task.s_x2.map_or(Cell::Empty, |fit| Cell::Whole(fit.df)),
        cell(task.s_x2.and_then(|fit| fit.p), 4),
    ]
}
