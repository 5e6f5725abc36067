//! What a search was asked for, read from the address.

use rolecluster::pipeline::{Explain, Query, SearchOptions};
use rolecluster::search::{Filter, Mode};

use super::problem::Problem;

/// Longest query in characters: a posting fits, a book does not.
pub const LONGEST_QUERY: usize = 3000;
/// Most roles in one answer.
pub const MOST_ROLES: usize = 100;
/// Roles in an answer when nothing is said.
pub const USUAL_ROLES: usize = 10;
/// Every filter is held against every role.
const MOST_FILTERS: usize = 16;

/// A search as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub text: String,
    /// Name of the mode, as it was asked for.
    pub mode: String,
    /// As they were asked for.
    pub filters: Vec<String>,
    pub options: SearchOptions,
}

impl Asked {
    /// `q`, `k`, `mode` and any number of `filter`.
    pub fn read(query: Option<&str>) -> Result<Self, Problem> {
        let [mut text, mut mode, mut k] = [None, None, None];
        let mut filters = Vec::new();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => once(&mut text, "q", value)?,
                "mode" => once(&mut mode, "mode", value)?,
                "k" => once(&mut k, "k", value)?,
                "filter" => filters.push(value),
                other => return Err(unknown(other, "q, k, mode and filter")),
            }
        }
        let text = text.ok_or_else(|| Problem::bad_request("q is missing: what to look for"))?;
        Asked::new(text, mode.as_deref(), n_roles(k.as_deref())?, filters)
    }

    /// Checks what was read.
    pub fn new(
        text: String,
        mode: Option<&str>,
        k: usize,
        filters: Vec<String>,
    ) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::bad_request("q is empty: say what the roles are like"));
        }
        if text.chars().count() > LONGEST_QUERY {
            return Err(Problem::too_long("q", LONGEST_QUERY, "characters"));
        }
        if filters.len() > MOST_FILTERS {
            return Err(Problem::bad_request(format!("{MOST_FILTERS} filters at most")));
        }
        let mode = mode.unwrap_or("hybrid");
        let refused = |error: &dyn std::fmt::Display| Problem::bad_request(error.to_string());
        let parsed = filters.iter().map(|filter| filter.parse::<Filter>());
        let options = SearchOptions {
            k,
            mode: mode.parse::<Mode>().map_err(|error| refused(&error))?,
            filters: parsed.collect::<Result<_, _>>().map_err(|error| refused(&error))?,
            not: None,
            explain: Explain::ByWords,
        };
        Ok(Asked { text, mode: mode.to_string(), filters, options })
    }

    pub fn query(&self) -> Query {
        Query::Text(self.text.clone())
    }
}

/// `k`, and nothing else.
pub fn only_k(query: Option<&str>) -> Result<usize, Problem> {
    let mut k = None;
    for (name, value) in pairs(query) {
        match name.as_str() {
            "k" => once(&mut k, "k", value)?,
            other => return Err(unknown(other, "k")),
        }
    }
    n_roles(k.as_deref())
}

/// Names and values; a token was looked at by the guard.
pub fn pairs(query: Option<&str>) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .filter(|(name, _)| name != "token")
}

fn n_roles(k: Option<&str>) -> Result<usize, Problem> {
    let Some(k) = k else { return Ok(USUAL_ROLES) };
    match k.parse() {
        Ok(k @ 1..=MOST_ROLES) => Ok(k),
        _ => Err(Problem::bad_request(format!("k is a whole number from 1 to {MOST_ROLES}"))),
    }
}

fn once(kept: &mut Option<String>, name: &str, value: String) -> Result<(), Problem> {
    match kept.replace(value) {
        None => Ok(()),
        Some(_) => Err(Problem::bad_request(format!("{name} is given twice"))),
    }
}

fn unknown(name: &str, known: &str) -> Problem {
    Problem::bad_request(format!("there is no parameter {name:?}; there are {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_is_read() {
        let query = "q=%E5%AD%98%E5%82%A8+Ceph&k=3&mode=lexical&filter=language%3Dzh&filter=a=b";
        let asked = Asked::read(Some(query)).unwrap();
        assert_eq!(asked.text, "存储 Ceph");
        assert_eq!((asked.options.k, asked.options.mode), (3, Mode::Lexical));
        assert_eq!(asked.filters, ["language=zh", "a=b"]);
        let asked = Asked::read(Some("q=x")).unwrap();
        assert_eq!((asked.options.k, asked.options.mode), (USUAL_ROLES, Mode::Hybrid));
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let long = format!("q={}", "x".repeat(LONGEST_QUERY + 1));
        let many = format!("q=x{}", "&filter=a=b".repeat(MOST_FILTERS + 1));
        for (query, status, word) in [
            ("", 400, "missing"),
            ("q=+", 400, "empty"),
            ("q=x&k=0", 400, "from 1 to 100"),
            ("q=x&k=101", 400, "from 1 to 100"),
            ("q=x&k=-1", 400, "from 1 to 100"),
            ("q=x&q=y", 400, "twice"),
            ("q=x&mode=psychic", 400, "semantic"),
            ("q=x&filter=section", 400, "FIELD=VALUE"),
            ("q=x&kk=1", 400, "kk"),
            (&long, 414, "3000 characters"),
            (&many, 400, "16"),
        ] {
            let problem = Asked::read(Some(query)).unwrap_err();
            assert_eq!(problem.status().as_u16(), status, "{query:.40}");
            assert!(problem.message().contains(word), "{query:.40}: {}", problem.message());
        }
    }
}
