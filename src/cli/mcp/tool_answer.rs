//! Answers and errors of tools as the protocol carries them.

use rmcp::ErrorData;
use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock};
use rolecluster::Error;
use serde::Serialize;

use super::super::answering::RequestError;

/// An answer that can also be read.
pub trait InWords {
    /// The same in words.
    fn in_words(&self) -> String;
}

/// A tool's answer: as JSON by the tool's schema, and in words.
pub struct ToolAnswer<T>(pub T);

impl<T: Serialize + InWords> IntoCallToolResult for ToolAnswer<T> {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        let value = as_printed(&self.0)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let mut result = CallToolResult::structured(value);
        result.content = vec![ContentBlock::text(self.0.in_words())];
        Ok(result.into())
    }
}

/// The value whose JSON is that of `value`. `serde_json::to_value` widens an `f32`, so that 0.7
/// would be printed as 0.699999988079071.
pub fn as_printed(value: &impl Serialize) -> serde_json::Result<serde_json::Value> {
    serde_json::from_str(&serde_json::to_string(value)?)
}

/// Why a tool has no answer, in words for the model: a result of the tool and not an error of the
/// protocol, which clients show to nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ToolError(String);

impl ToolError {
    pub fn new(message: impl Into<String>) -> Self {
        ToolError(message.into())
    }
}

impl From<RequestError> for ToolError {
    fn from(error: RequestError) -> Self {
        ToolError(error.to_string())
    }
}

impl From<Error> for ToolError {
    /// Who asks runs the program too, so the whole chain of causes is told.
    fn from(error: Error) -> Self {
        match error {
            Error::NoSuchRole(id) => ToolError(format!(
                "there is no role {:?}; search_roles gives the ids of roles",
                id.as_str()
            )),
            error => ToolError(format!("{:#}", anyhow::Error::from(error))),
        }
    }
}

impl IntoCallToolResult for ToolError {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        Ok(CallToolResult::error(vec![ContentBlock::text(self.0)]).into())
    }
}
