//! A search, its values checked.

use rolecluster::pipeline::{Explain, Query, SearchOptions};
use rolecluster::search::{Filter, Mode};

use super::limits::{LONGEST_QUERY, MOST_FILTERS, MOST_ROLES};
use super::request_error::RequestError;

/// A search for roles like a text.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    pub text: String,
    /// Name of the mode, as it was given.
    pub mode: String,
    /// As they were given, `FIELD=VALUE`.
    pub filters: Vec<String>,
    pub options: SearchOptions,
}

impl SearchRequest {
    /// Checks the values.
    pub fn new(
        text: String,
        mode: Option<&str>,
        k: usize,
        filters: Vec<String>,
        min_score: Option<f32>,
    ) -> Result<Self, RequestError> {
        check_text(&text)?;
        if filters.len() > MOST_FILTERS {
            return Err(RequestError::Invalid(format!("{MOST_FILTERS} filters at most")));
        }
        let mode = mode.unwrap_or("hybrid");
        let refused = |error: &dyn std::fmt::Display| RequestError::Invalid(error.to_string());
        let parsed = filters.iter().map(|filter| filter.parse::<Filter>());
        let options = SearchOptions {
            k: checked_k(k)?,
            mode: mode.parse::<Mode>().map_err(|error| refused(&error))?,
            filters: parsed.collect::<Result<_, _>>().map_err(|error| refused(&error))?,
            not: None,
            explain: Explain::ByWords,
            min_score: min_score.map(checked_score).transpose()?,
        };
        Ok(SearchRequest { text, mode: mode.to_string(), filters, options })
    }

    pub fn query(&self) -> Query {
        Query::Text(self.text.clone())
    }
}

/// Refuses a query that is empty or too long.
fn check_text(text: &str) -> Result<(), RequestError> {
    if text.trim().is_empty() {
        let why = "the query is empty; say what the roles are like";
        return Err(RequestError::Invalid(why.into()));
    }
    if text.chars().count() > LONGEST_QUERY {
        let (what, most) = ("the query", LONGEST_QUERY);
        return Err(RequestError::TooLong { what, most, unit: "characters" });
    }
    Ok(())
}

/// A score from 0 to 1.
fn checked_score(score: f32) -> Result<f32, RequestError> {
    match (0.0..=1.0).contains(&score) {
        true => Ok(score),
        false => Err(RequestError::Invalid("min_score is a number from 0 to 1".into())),
    }
}

/// A number of roles from 1 to [`MOST_ROLES`].
pub fn checked_k(k: usize) -> Result<usize, RequestError> {
    match k {
        1..=MOST_ROLES => Ok(k),
        _ => Err(RequestError::Invalid(format!("k is a whole number from 1 to {MOST_ROLES}"))),
    }
}
