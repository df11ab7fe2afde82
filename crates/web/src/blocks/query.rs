//! Addresses of the same page with one thing changed: sorting, paging, filters, export.

/// The path of a page and its query.
#[derive(Debug, Clone, Default)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    /// From a path with its query.
    pub fn of(here: &str) -> Self {
        let (path, query) = here.split_once('?').unwrap_or((here, ""));
        Self { path: path.to_owned(), pairs: form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// A value of the query; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// A value as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok()
    }

    /// The number of the page of a long list, from 1.
    pub fn page(&self) -> u32 {
        self.get("page").parse().unwrap_or(1).clamp(1, 1_000_000)
    }

    /// The address with these values instead; an empty value takes the name out.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let set = changes.iter().copied().filter(|(_, value)| !value.is_empty());
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(set)).finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        &self.path
    }
}
