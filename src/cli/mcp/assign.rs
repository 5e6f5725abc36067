//! The tool that places a text among the specialisations.

use std::sync::Arc;

use rmcp::handler::server::common::schema_for_output;
use rmcp::model::JsonObject;
use rmcp::{tool, tool_router};
use rolecluster::role::{Origin, Role, RoleId};

use super::answers::AssignAnswer;
use super::arguments::{AssignArguments, MOST_CHARACTERS, parse, schema};
use super::quote::Shortener;
use super::server::Server;
use super::tool_answer::{ToolAnswer, ToolError};

#[tool_router(router = assign_tools, vis = "pub(super)")]
impl Server {
    #[tool(
        description = "Tells to which specialisation of this collection a new posting belongs, \
            and how surely. Nothing is stored.",
        input_schema = schema::<AssignArguments>(),
        output_schema = schema_for_output::<AssignAnswer>(),
        annotations(title = "Assign a text", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn assign_text(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<AssignAnswer>, ToolError> {
        let role = posting(parse(arguments)?)?;
        let run = Arc::clone(&self.run);
        let place = self.pool.run(move || run.place(&role)).await??;
        let mut short = Shortener::default();
        let profile = place.cluster.and_then(|id| self.run.cluster(id.number()));
        Ok(ToolAnswer(AssignAnswer {
            cluster: place.cluster.map(u32::from),
            cluster_name: place.cluster_name.as_deref().map(|name| short.name(name)),
            strength: place.strength,
            likeness: place.likeness,
            reason: place.reason.map(|reason| reason.to_string()),
            specialisation: profile.map(|profile| self.brief(profile, &mut short)),
        }))
    }
}

/// The text as a role that is in no file.
fn posting(arguments: AssignArguments) -> Result<Role, ToolError> {
    let AssignArguments { text, title, stack } = arguments;
    if [&title, &text].iter().all(|part| part.trim().is_empty()) {
        return Err(ToolError::new("text is empty: give the text of a posting"));
    }
    let length: usize = [&title, &text].into_iter().chain(&stack).map(|s| s.chars().count()).sum();
    if length > MOST_CHARACTERS {
        return Err(ToolError::new(format!(
            "title, text and stack have {length} characters; {MOST_CHARACTERS} at most are read"
        )));
    }
    Ok(Role {
        id: RoleId::new("text"),
        title: title.into(),
        description: text.into(),
        stack: stack.into_iter().map(Into::into).collect(),
        section: None,
        origin: Origin::default(),
        facts: Default::default(),
        fields: Default::default(),
    })
}
