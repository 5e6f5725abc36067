//! Query parameters of a request, as they are typed. Checking the values is
//! [`SearchRequest`]'s.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use rolecluster::role::RoleId;
use utoipa::{IntoParams, ToSchema};

use super::super::answering::limits::DEFAULT_ROLES;
use super::super::answering::{SearchRequest, checked_k};
use super::api_error::ApiError;

/// The parameters of a search, as they are described. The numbers are literals, as the macro wants
/// them; a test compares them with the limits.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone")]
pub struct SearchParams {
    /// The query, in any language.
    #[param(min_length = 1, max_length = 3000, example = "Ceph disks")]
    q: String,
    /// Number of roles.
    #[param(required = false, minimum = 1, maximum = 100, default = 10, example = 5)]
    k: usize,
    /// Ranking: semantic by the meaning of the text, lexical by its words and the spellings of
    /// technologies, hybrid by both.
    #[param(required = false, inline, default = "hybrid", example = "hybrid")]
    mode: ModeName,
    /// Only roles with at least this score. Without it there are no hits when nothing is near.
    #[param(required = false, minimum = 0, maximum = 1, example = 0.0)]
    min_score: f32,
    /// FIELD=VALUE, at most 16 times; all must hold. FIELD is section, cluster, direction,
    /// language, technology, title or a column of the input.
    #[param(required = false, explode, max_items = 16, example = json!(["language=en"]))]
    filter: Vec<String>,
}

/// The names of the modes.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "read by the derive alone")]
enum ModeName {
    Hybrid,
    Semantic,
    Lexical,
}

impl SearchParams {
    /// Reads and checks a search.
    pub fn parse(query: Option<&str>) -> Result<SearchRequest, ApiError> {
        let [mut text, mut mode, mut k, mut min_score] = [None, None, None, None];
        let mut filters = Vec::new();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "q" => once(&mut text, "q", value)?,
                "mode" => once(&mut mode, "mode", value)?,
                "k" => once(&mut k, "k", value)?,
                "min_score" => once(&mut min_score, "min_score", value)?,
                "filter" => filters.push(value),
                other => return Err(unknown(other, "q, k, mode, min_score and filter")),
            }
        }
        let text = text.ok_or_else(|| ApiError::bad_request("q is missing: what to look for"))?;
        // What is no number is out of range too, and told so.
        let min_score = min_score.map(|score| score.parse().unwrap_or(f32::NAN));
        let k = n_roles(k.as_deref())?;
        Ok(SearchRequest::new(text, mode.as_deref(), k, filters, min_score)?)
    }
}

/// `k`, and nothing else.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone")]
pub struct Only {
    /// Number of roles.
    #[param(required = false, minimum = 1, maximum = 100, default = 10, example = 5)]
    k: usize,
}

impl Only {
    pub fn parse(query: Option<&str>) -> Result<usize, ApiError> {
        let mut k = None;
        for (name, value) in pairs(query) {
            match name.as_str() {
                "k" => once(&mut k, "k", value)?,
                other => return Err(unknown(other, "k")),
            }
        }
        n_roles(k.as_deref())
    }
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
    // What is no number is out of range too, and told so.
    Ok(checked_k(k.parse().unwrap_or(usize::MAX))?)
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
    use rolecluster::search::Mode;

    use super::super::super::answering::limits::{LONGEST_QUERY, MOST_FILTERS};
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
            ("q=x&min_score=1.5", 400, "from 0 to 1"),
            ("q=x&min_score=high", 400, "from 0 to 1"),
            (&long, 414, "3000 characters"),
            (&many, 400, "16"),
        ] {
            let error = SearchParams::parse(Some(query)).unwrap_err();
            assert_eq!(error.status().as_u16(), status, "{query:.40}");
            assert!(error.message().contains(word), "{query:.40}: {}", error.message());
        }
    }
}
