use serde::Deserialize;

/// Lists from which invented people get their names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Kazakh names.
    pub kazakh: KazakhNames,
    /// Names of Russian-speaking families.
    pub russian: RussianNames,
}

/// Kazakh names. Pairs are (male form, female form).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KazakhNames {
    /// Family names.
    pub families: Vec<(String, String)>,
    /// Boys' names.
    pub given_m: Vec<String>,
    /// Girls' names.
    pub given_f: Vec<String>,
    /// Fathers' names, to which -ұлы or -қызы is added.
    pub fathers: Vec<String>,
}

/// Names of Russian-speaking families. Pairs are (male form, female form).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RussianNames {
    /// Family names.
    pub families: Vec<(String, String)>,
    /// Boys' names.
    pub given_m: Vec<String>,
    /// Girls' names.
    pub given_f: Vec<String>,
    /// Patronymics.
    pub patronymics: Vec<(String, String)>,
}
