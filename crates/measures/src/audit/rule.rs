//! Declared relations between cells, as TOML.
//!
//! ```toml
//! [[rule]]
//! kind = "share"
//! tables = ["table27", "table41"]
//! rows = "all"
//! target = "share_5"
//! part = "[n_5]"
//! whole = "[students_total]"
//!
//! [[rule]]
//! kind = "mean"
//! says = "network quality of the year"
//! line = "L356"
//! value = "87.5"
//! of = "[quality@*]"
//! ```

use crate::exact::Exact;
use kernel::Localized;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a rule claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// The target is the sum of `of`.
    Sum,
    /// The target is `part` in percent of `whole`.
    Share,
    /// The target is the mean of `of`, weighted by `weights` if given.
    Mean,
    /// The target is `later` minus `earlier`.
    Change,
    /// The target column holds the places of the column `of`.
    Rank,
    /// The target equals `there`.
    Equals,
    /// The target is not above `whole`; with `size` and `whole_size`, what is left of the whole fits into what is left
    /// of its size.
    Subset,
    /// The target lies between `low` and `high`.
    Between,
    /// The rows named in `row` have the highest values of `of`.
    Highest,
    /// The rows named in `row` have the lowest values of `of`.
    Lowest,
    /// Every element of `of` is as `is` says.
    Every,
    /// No value of the target column occurs twice.
    Unique,
}

/// Which sign `every` claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Above zero.
    Positive,
    /// Below zero.
    Negative,
    /// Zero.
    Zero,
}

/// Another way to come to the printed number, tried when the rule's own fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlternativeRule {
    /// Expression.
    pub equals: String,
    /// What it is, in words: "mean of the rounded school values".
    pub means: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What is claimed.
    pub kind: RuleKind,
    /// Tables it holds in; for a claim of the text, the first gives the context.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Rows under check: `body` (default), `all`, or a row selector.
    #[serde(default = "body")]
    pub rows: String,
    /// The rule holds for each of these columns; `{}` in other fields stands for the column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Column under check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// A number claimed in the text instead of a cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What the text says, in our words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Where it says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Weights of a mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
    /// Part of a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Whole of a share or subset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<String>,
    /// Later value of a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<String>,
    /// Earlier value of a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<String>,
    /// Other side of an equality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<String>,
    /// Size of the group that a subset's target counts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Size of the whole group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_size: Option<String>,
    /// Lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// Upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// Rows claimed to be highest or lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Sign claimed of every element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<Sign>,
    /// The smallest value has place 1.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ascending: bool,
    /// Largest distance that still counts as agreement, named as such in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Exact>,
    /// Known correction of the computed value by row label (35 pupils of grade 1 left out).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub adjust: BTreeMap<String, Exact>,
    /// Other ways to come to the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<AlternativeRule>,
    /// Where the relation comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

fn body() -> String {
    "body".to_owned()
}

/// A file of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Other spellings of row labels.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Columns that name the rows, by table; found automatically otherwise.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum RuleError {
    /// Not TOML of the shape above.
    #[error("{file}: {message}")]
    Syntax {
        /// File.
        file: String,
        /// What the reader says, with line.
        message: String,
    },
    /// An expression that cannot be read.
    #[error("expression \"{text}\": {expected} expected at position {at}")]
    Expression {
        /// Expression.
        text: String,
        /// Position in bytes.
        at: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// A function that does not exist.
    #[error("there is no function \"{0}\": use sum, mean, min, max, count, round or abs")]
    UnknownFunction(String),
    /// A table that was not given.
    #[error("there is no table \"{0}\": give its file too, or correct the name")]
    UnknownTable(String),
    /// A column that the table does not have.
    #[error("table \"{table}\" has no column \"{column}\"")]
    UnknownColumn {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// A row that the table does not have.
    #[error("table \"{table}\" has no row \"{row}\"")]
    UnknownRow {
        /// Table.
        table: String,
        /// Row selector.
        row: String,
    },
    /// A field that the kind needs.
    #[error("a rule of kind {kind:?} needs \"{field}\"")]
    Missing {
        /// Kind.
        kind: RuleKind,
        /// Field.
        field: &'static str,
    },
    /// A claimed value that is not a number.
    #[error("\"{0}\" is not a number")]
    NotANumber(String),
}

impl RuleError {
    /// What is wrong and what to do.
    pub fn words(&self) -> Localized {
        let say = |kk: String, ru: String| Localized::new(kk, ru, self.to_string());
        match self {
            // The reader of TOML speaks English; it names the line, and the line says what is wrong.
            Self::Syntax { file, message } => {
                say(format!("{file}: ереже оқылмайды: {message}"), format!("{file}: правило не читается: {message}"))
            }
            Self::Expression { text, at, expected } => say(
                format!("«{text}» өрнегі: {at}-орында {expected} күтілген еді"),
                format!("выражение «{text}»: на месте {at} ожидалось {expected}"),
            ),
            Self::UnknownFunction(name) => say(
                format!("«{name}» функциясы жоқ: sum, mean, min, max, count, round, abs бар"),
                format!("функции «{name}» нет: есть sum, mean, min, max, count, round, abs"),
            ),
            Self::UnknownTable(name) => say(
                format!("«{name}» кестесі жоқ: оның файлын да беріңіз немесе атауын түзетіңіз"),
                format!("таблицы «{name}» нет: дайте и её файл или исправьте имя"),
            ),
            Self::UnknownColumn { table, column } => say(
                format!("«{table}» кестесінде «{column}» бағаны жоқ"),
                format!("в таблице «{table}» нет столбца «{column}»"),
            ),
            Self::UnknownRow { table, row } => {
                say(format!("«{table}» кестесінде «{row}» жолы жоқ"), format!("в таблице «{table}» нет строки «{row}»"))
            }
            Self::Missing { kind, field } => say(
                format!("{kind:?} түріндегі ережеге «{field}» керек"),
                format!("правилу вида {kind:?} нужно поле «{field}»"),
            ),
            Self::NotANumber(text) => say(format!("«{text}» – сан емес"), format!("«{text}» – не число")),
        }
    }
}

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// [`RuleError::Syntax`] with the line of the problem.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, RuleError> {
        toml::from_str(text).map_err(|error| RuleError::Syntax { file: file.to_owned(), message: error.to_string() })
    }

    /// Adds another file's rules.
    pub fn extend(&mut self, other: Self) {
        self.aliases.extend(other.aliases);
        self.labels.extend(other.labels);
        self.rules.extend(other.rules);
    }
}

impl Rule {
    /// A rule of a kind with nothing else filled in.
    pub fn new(kind: RuleKind, table: &str) -> Self {
        Self {
            kind,
            tables: vec![table.to_owned()],
            rows: body(),
            columns: Vec::new(),
            target: None,
            value: None,
            says: None,
            line: None,
            of: None,
            weights: None,
            part: None,
            whole: None,
            later: None,
            earlier: None,
            there: None,
            size: None,
            whole_size: None,
            low: None,
            high: None,
            row: None,
            is: None,
            ascending: false,
            tolerance: None,
            adjust: BTreeMap::new(),
            alternatives: Vec::new(),
            source: None,
        }
    }

    /// The rule with `{}` replaced by a column in every expression.
    pub(crate) fn for_column(&self, column: &str) -> Self {
        let fill = |text: &Option<String>| text.as_ref().map(|text| text.replace("{}", column));
        Self {
            target: Some(self.target.as_ref().map_or_else(|| column.to_owned(), |text| text.replace("{}", column))),
            of: fill(&self.of),
            weights: fill(&self.weights),
            part: fill(&self.part),
            whole: fill(&self.whole),
            later: fill(&self.later),
            earlier: fill(&self.earlier),
            there: fill(&self.there),
            size: fill(&self.size),
            whole_size: fill(&self.whole_size),
            low: fill(&self.low),
            high: fill(&self.high),
            alternatives: self
                .alternatives
                .iter()
                .map(|one| AlternativeRule { equals: one.equals.replace("{}", column), means: one.means.clone() })
                .collect(),
            ..self.clone()
        }
    }
}
