//! What is wrong in a file, and where.

use std::fmt;

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// The responses.
    Responses,
    /// The key.
    Key,
    /// The term marks.
    Marks,
}

/// A column: its letters as a spreadsheet shows them, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Place, from 0.
    pub index: usize,
    /// Name in the first row.
    pub name: String,
}

impl Column {
    /// Letters as in a spreadsheet: A, B, …, Z, AA.
    pub fn letters(&self) -> String {
        let (mut letters, mut rest) = (Vec::new(), self.index + 1);
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + (rest % 26) as u8));
            rest /= 26;
        }
        letters.iter().rev().collect()
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.letters(), self.name)
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file has no rows.
    #[error("the file has no rows under its first row")]
    Empty,
    /// The file is neither UTF-8 nor UTF-16 nor windows-1251.
    #[error("the file is no text in UTF-8, UTF-16 or windows-1251; save it as CSV UTF-8")]
    NotText,
    /// A row is broken in itself.
    #[error("the row cannot be read: {reason}")]
    Unreadable {
        /// What the reader said.
        reason: String,
    },
    /// A row has another number of cells than the first.
    #[error("the row has {found} cells, the first row has {expected}")]
    RowLength {
        /// Cells found.
        found: usize,
        /// Cells of the first row.
        expected: usize,
    },
    /// A name stands twice in the first row.
    #[error("the name \"{name}\" stands over two columns")]
    DuplicateColumn {
        /// The name.
        name: String,
    },
    /// A column that was named is not there.
    #[error("there is no column \"{name}\"; the columns are {known}")]
    NoColumn {
        /// The name or pattern.
        name: String,
        /// Those that are there.
        known: String,
    },
    /// The tasks cannot be told from the other columns.
    #[error("which columns are tasks? There are {known}. Say it with --items, for example --items \"{example}\"")]
    WhichItems {
        /// What there is: names of columns, or first and last of numbered ones with how many they are.
        known: String,
        /// One way to say it.
        example: String,
    },
    /// The key has too many or too few rows.
    #[error("the key has {key} rows, the responses have {columns} tasks{}", left_over_words(left_over, without))]
    KeyLength {
        /// Rows of the key.
        key: usize,
        /// Task columns.
        columns: usize,
        /// Names in the key without a column, the first few; may be empty.
        left_over: String,
        /// Columns without a key, the first few; may be empty.
        without: String,
    },
    /// A task stands twice in the key.
    #[error("task \"{item}\" stands twice in the key")]
    DuplicateKey {
        /// The task.
        item: String,
    },
    /// A row of the key names no task or no right answer.
    #[error("a row of the key needs a task and its right answer; the columns are called item and key")]
    IncompleteKey,
    /// A skill letter that is not A, B or C.
    #[error("\"{value}\" is no skill level: use A, B or C")]
    Skill {
        /// What stands there.
        value: String,
    },
    /// Text where points belong.
    #[error("\"{value}\" is no number of points: use a whole number from 0 to 250, or leave the cell empty")]
    NotAScore {
        /// What stands there.
        value: String,
    },
    /// More points than the task gives.
    #[error("{value} points, but the task gives at most {maximum}")]
    AboveMaximum {
        /// Points.
        value: u32,
        /// Highest.
        maximum: u32,
    },
    /// A choice that differs from a usual one only in case, spaces or alphabet; read as that one.
    #[error("\"{value}\" was read as \"{known}\"")]
    ReadAs {
        /// What stands there.
        value: String,
        /// What it was taken for.
        known: String,
    },
    /// A choice of another kind than the others of the test; kept as it is, it earns nothing.
    #[error("\"{value}\" is not like the other answers ({usual}); it counts as a wrong answer")]
    OddChoice {
        /// What stands there.
        value: String,
        /// The usual answers.
        usual: String,
    },
    /// Key and points contradict each other.
    #[error("the answer \"{choice}\" and the points {score} do not fit the key \"{key}\"; the points count")]
    KeyAgainstScore {
        /// The answer.
        choice: String,
        /// Points in the file.
        score: u32,
        /// Key.
        key: String,
    },
    /// The total in the file is another one.
    #[error("the total is {found} in the file and {computed} by its tasks")]
    Total {
        /// In the file.
        found: String,
        /// Sum of the tasks.
        computed: u32,
    },
    /// A person stands twice.
    #[error("person \"{id}\" stands in row {first} already")]
    DuplicatePerson {
        /// Code of the person.
        id: String,
        /// Row in which it stands first.
        first: u32,
    },
    /// A task that nobody answered.
    #[error("nobody answered the task")]
    NoAnswers,
    /// The workbook has several sheets.
    #[error("the workbook has {count} sheets ({names}); leave one, or name the sheet")]
    Sheets {
        /// How many.
        count: usize,
        /// Their names.
        names: String,
    },
    /// A pupil who is not in the school or took no test.
    #[error("there is no pupil \"{name}\" in {class}{}", nearest_words(nearest.as_deref()))]
    UnknownPupil {
        /// Name in the file.
        name: String,
        /// Class in the file.
        class: String,
        /// Nearest name, when there is one.
        nearest: Option<String>,
    },
    /// More than one pupil has this name in the class.
    #[error("{count} pupils are called \"{name}\" in {class}; add their codes in a column \"id\"")]
    AmbiguousPupil {
        /// Name.
        name: String,
        /// Class.
        class: String,
        /// How many.
        count: usize,
    },
    /// A class that is not there.
    #[error("there is no class \"{class}\" in the school; its classes are {known}")]
    UnknownClass {
        /// Class in the file.
        class: String,
        /// Those that are there.
        known: String,
    },
    /// A school that is not there.
    #[error("there is no school \"{school}\"")]
    UnknownSchool {
        /// School in the file.
        school: String,
    },
    /// A subject that the campaign does not have.
    #[error("the campaign has no subject \"{subject}\"; its subjects are {known}")]
    UnknownSubject {
        /// Subject in the file.
        subject: String,
        /// Those that are there.
        known: String,
    },
    /// Text where a mark belongs.
    #[error("\"{value}\" is no mark in percent: use a number from 0 to 100, or leave the cell empty")]
    NotAPercent {
        /// What stands there.
        value: String,
    },
    /// The same mark stands twice.
    #[error("the mark of \"{name}\" in {subject} stands in row {first} already")]
    DuplicateMark {
        /// Pupil.
        name: String,
        /// Subject.
        subject: String,
        /// Row in which it stands first.
        first: u32,
    },
}

fn left_over_words(left_over: &str, without: &str) -> String {
    let words = [("no task column for", left_over), ("no key for", without)];
    let told = words.into_iter().filter(|(_, names)| !names.is_empty());
    told.map(|(words, names)| format!("; {words} {names}")).collect::<Vec<_>>().concat()
}

fn nearest_words(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

/// A problem with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which file.
    pub file: File,
    /// Row as a spreadsheet counts it: the first row is 1.
    pub row: Option<u32>,
    /// Column.
    pub column: Option<Column>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = match self.file {
            File::Responses => "responses",
            File::Key => "key",
            File::Marks => "marks",
        };
        formatter.write_str(file)?;
        if let Some(row) = self.row {
            write!(formatter, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(formatter, ", column {column}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

/// A file that was refused: nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct Rejected {
    /// What is wrong, in the order of rows; at most [`Rejected::LIMIT`].
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub total: usize,
}

impl Rejected {
    /// So many findings are kept; a file with more of them has one reason, not many.
    pub const LIMIT: usize = 100;

    pub(crate) fn new(mut findings: Vec<Finding>) -> Self {
        let total = findings.len();
        findings.truncate(Self::LIMIT);
        Self { findings, total }
    }

    pub(crate) fn file(file: File, problem: Problem) -> Self {
        Self::new(vec![Finding { file, row: None, column: None, problem }])
    }

    fn text(&self) -> String {
        let mut lines: Vec<String> = self.findings.iter().take(10).map(Finding::to_string).collect();
        if self.total > 10 {
            lines.push(format!("… and {} more", self.total - 10));
        }
        lines.join("\n")
    }
}
