//! Query parameters of a request, parsed and checked.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use rolecluster::pipeline::{Explain, Query, SearchOptions};
use rolecluster::role::RoleId;
use rolecluster::search::{Filter, Mode};

use super::api_error::ApiError;

/// Longest query in characters, enough for a whole posting.
pub const LONGEST_QUERY: usize = 3000;
/// Most roles in one answer.
pub const MOST_ROLES: usize = 100;
/// Roles in an answer where `k` is not given.
pub const DEFAULT_ROLES: usize = 10;
/// Most filters in one search; each is compared with every role.
const MOST_FILTERS: usize = 16;

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchParams {
    pub text: String,
    /// Name of the mode, as it was given.
    pub mode: String,
    /// As they were given, `FIELD=VALUE`.
    pub filters: Vec<String>,
    pub options: SearchOptions,
}

impl SearchParams {
    /// From `q`, `k`, `mode` and any number of `filter`.
    pub fn parse(query: Option<&str>) -> Result<Self, ApiError> {
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
        let text = text.ok_or_else(|| ApiError::bad_request("q is missing: what to look for"))?;
        SearchParams::new(text, mode.as_deref(), n_roles(k.as_deref())?, filters)
    }

    /// Checks the values.
    pub fn new(
        text: String,
        mode: Option<&str>,
        k: usize,
        filters: Vec<String>,
    ) -> Result<Self, ApiError> {
        if text.trim().is_empty() {
            return Err(ApiError::bad_request("q is empty: say what the roles are like"));
        }
        if text.chars().count() > LONGEST_QUERY {
            return Err(ApiError::too_long("q", LONGEST_QUERY, "characters"));
        }
        if filters.len() > MOST_FILTERS {
            return Err(ApiError::bad_request(format!("{MOST_FILTERS} filters at most")));
        }
        let mode = mode.unwrap_or("hybrid");
        let refused = |error: &dyn std::fmt::Display| ApiError::bad_request(error.to_string());
        let parsed = filters.iter().map(|filter| filter.parse::<Filter>());
        let options = SearchOptions {
            k,
            mode: mode.parse::<Mode>().map_err(|error| refused(&error))?,
            filters: parsed.collect::<Result<_, _>>().map_err(|error| refused(&error))?,
            not: None,
            explain: Explain::ByWords,
        };
        Ok(SearchParams { text, mode: mode.to_string(), filters, options })
    }

    pub fn query(&self) -> Query {
        Query::Text(self.text.clone())
    }
}

/// `k`, and nothing else.
pub fn only_k(query: Option<&str>) -> Result<usize, ApiError> {
    let mut k = None;
    for (name, value) in pairs(query) {
        match name.as_str() {
            "k" => once(&mut k, "k", value)?,
            other => return Err(unknown(other, "k")),
        }
    }
    n_roles(k.as_deref())
}

/// The `{id}` of a path, if it is text.
pub type Id = Result<Path<String>, PathRejection>;

/// The role id of a path.
pub fn role_id(id: Id) -> Result<RoleId, ApiError> {
    let refused = |_| ApiError::bad_request("the id in the address is no text in UTF-8");
    id.map(|Path(id)| RoleId::new(id)).map_err(refused)
}

/// Refuses any parameter.
pub fn none(query: Option<&str>) -> Result<(), ApiError> {
    match pairs(query).next() {
        None => Ok(()),
        Some((name, _)) => {
            Err(ApiError::bad_request(format!("there is no parameter {name:?} here")))
        }
    }
}

/// Names and values, without the token, which the access check has seen.
pub fn pairs(query: Option<&str>) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .filter(|(name, _)| name != "token")
}

fn n_roles(k: Option<&str>) -> Result<usize, ApiError> {
    let Some(k) = k else { return Ok(DEFAULT_ROLES) };
    match k.parse() {
        Ok(k @ 1..=MOST_ROLES) => Ok(k),
        _ => Err(ApiError::bad_request(format!("k is a whole number from 1 to {MOST_ROLES}"))),
    }
}

fn once(kept: &mut Option<String>, name: &str, value: String) -> Result<(), ApiError> {
    match kept.replace(value) {
        None => Ok(()),
        Some(_) => Err(ApiError::bad_request(format!("{name} is given twice"))),
    }
}

fn unknown(name: &str, known: &str) -> ApiError {
    ApiError::bad_request(format!("there is no parameter {name:?}; there are {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_read() {
        let query = "q=%E5%AD%98%E5%82%A8+Ceph&k=3&mode=lexical&filter=language%3Dzh&filter=a=b";
        let params = SearchParams::parse(Some(query)).unwrap();
        assert_eq!(params.text, "存储 Ceph");
        assert_eq!((params.options.k, params.options.mode), (3, Mode::Lexical));
        assert_eq!(params.filters, ["language=zh", "a=b"]);
        let params = SearchParams::parse(Some("q=x")).unwrap();
        assert_eq!((params.options.k, params.options.mode), (DEFAULT_ROLES, Mode::Hybrid));
    }

    #[test]
    fn a_bad_value_is_refused_with_its_reason() {
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
            let error = SearchParams::parse(Some(query)).unwrap_err();
            assert_eq!(error.status().as_u16(), status, "{query:.40}");
            assert!(error.message().contains(word), "{query:.40}: {}", error.message());
        }
    }
}
