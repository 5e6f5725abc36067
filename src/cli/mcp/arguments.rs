//! What the tools are asked with. The descriptions are written for a model.

use rmcp::handler::server::common::schema_for_input;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::super::answering::limits::{DEFAULT_ROLES, MOST_FILTERS, MOST_ROLES};
use super::tool_answer::ToolError;

/// Specialisations in one list.
pub const LISTED: usize = 50;
/// Most specialisations in one list.
pub const MOST_LISTED: usize = 200;
/// Characters of a posting in one answer.
pub const CHARACTERS: usize = 6000;
/// Most characters of a posting in one answer.
pub const MOST_CHARACTERS: usize = 20_000;

/// `search_roles`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchArguments {
    /// What the wanted roles are like, in any language: a description in your own words, terms
    /// such as "Kubernetes on-call", or a whole posting. Meaning counts, so synonyms and other
    /// languages are found.
    pub query: String,
    /// How many roles to return.
    #[serde(default = "default_k")]
    #[schemars(range(min = 1, max = MOST_ROLES))]
    pub k: usize,
    /// What ranks the roles.
    #[serde(default)]
    pub mode: Mode,
    /// Only roles that pass all of these, each written FIELD=VALUE. FIELD is section, cluster or
    /// direction (the number or a part of the name of one, or none), language (a code such as en or zh),
    /// technology (such as Kubernetes), title, or any column of the input; numbers and dates also
    /// take >=, <=, > and <, such as salary>=20000.
    #[serde(default)]
    #[schemars(length(max = MOST_FILTERS))]
    pub filters: Vec<String>,
    /// Only roles with at least this score. Leave it out to get no role when nothing is near; 0
    /// shows the nearest ones all the same.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1))]
    pub min_score: Option<f32>,
}

/// What ranks the roles.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Meaning and words together: right for almost every question.
    #[default]
    Hybrid,
    /// Meaning alone, across languages.
    Semantic,
    /// Exact words alone.
    Lexical,
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Mode::Hybrid => "hybrid",
            Mode::Semantic => "semantic",
            Mode::Lexical => "lexical",
        }
    }
}

/// `get_role`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleArguments {
    /// The id of the role, as search_roles gives it.
    pub id: String,
    /// The character of the text to begin with; to read on where an earlier answer was truncated.
    #[serde(default)]
    pub offset: usize,
    /// How many characters of the text to return.
    #[serde(default = "default_characters")]
    #[schemars(range(min = 1, max = MOST_CHARACTERS))]
    pub characters: usize,
}

/// `similar_roles`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimilarArguments {
    /// The id of the role, as search_roles gives it.
    pub id: String,
    /// How many roles to return.
    #[serde(default = "default_k")]
    #[schemars(range(min = 1, max = MOST_ROLES))]
    pub k: usize,
}

/// `list_specialisations`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListArguments {
    /// How many specialisations to leave out at the beginning; to read on where an earlier answer
    /// was truncated.
    #[serde(default)]
    pub offset: usize,
    /// How many specialisations to return.
    #[serde(default = "default_listed")]
    #[schemars(range(min = 1, max = MOST_LISTED))]
    pub limit: usize,
}

/// `get_specialisation`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialisationArguments {
    /// The number of the specialisation, as list_specialisations gives it, or its name.
    #[serde(deserialize_with = "text_or_number")]
    pub specialisation: String,
}

/// `compare_specialisations`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonArguments {
    /// The number of the first specialisation, as list_specialisations gives it, or its name.
    #[serde(deserialize_with = "text_or_number")]
    pub first: String,
    /// The number of the second specialisation, or its name.
    #[serde(deserialize_with = "text_or_number")]
    pub second: String,
}

/// `assign_text`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignArguments {
    /// The text of the posting: duties and requirements, in any language.
    pub text: String,
    /// Its title, if it has one.
    #[serde(default)]
    pub title: String,
    /// Technologies that are listed apart from the text.
    #[serde(default)]
    pub stack: Vec<String>,
}

/// Reads the arguments of a tool. What is wrong with them is the tool's answer, so that the model
/// reads it and tries again.
pub fn parse<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, ToolError> {
    serde_json::from_value(Value::Object(arguments))
        .map_err(|error| ToolError::new(format!("the arguments are wrong: {error}")))
}

/// The schema of a tool's arguments.
pub fn schema<T: JsonSchema + 'static>() -> std::sync::Arc<JsonObject> {
    // It fails for what is no struct.
    schema_for_input::<T>().unwrap_or_default()
}

/// A number as models write them: `"3"` or `3`.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!("{other} is neither a number nor a name"))),
    }
}

fn default_k() -> usize {
    DEFAULT_ROLES
}

fn default_characters() -> usize {
    CHARACTERS
}

fn default_listed() -> usize {
    LISTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_say_the_limits_that_are_enforced() {
        let search = Value::Object((*schema::<SearchArguments>()).clone());
        assert_eq!(search["properties"]["k"]["maximum"], MOST_ROLES);
        assert_eq!(search["properties"]["k"]["default"], DEFAULT_ROLES);
        assert_eq!(search["properties"]["filters"]["maxItems"], MOST_FILTERS);
        assert_eq!(search["additionalProperties"], false);
        assert_eq!(search["required"], serde_json::json!(["query"]));
        let role = Value::Object((*schema::<RoleArguments>()).clone());
        assert_eq!(role["properties"]["characters"]["maximum"], MOST_CHARACTERS);
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let object = |json: Value| json.as_object().unwrap().clone();
        let error = |json| parse::<SearchArguments>(object(json)).unwrap_err().to_string();
        assert!(error(serde_json::json!({})).contains("query"));
        assert!(error(serde_json::json!({"query": "x", "top": 3})).contains("top"));
        let one: SpecialisationArguments =
            parse(object(serde_json::json!({"specialisation": 3}))).unwrap();
        assert_eq!(one.specialisation, "3");
    }
}
