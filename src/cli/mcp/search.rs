//! Tools that find roles: by a text, or like another role.

use std::sync::Arc;

use rmcp::handler::server::common::schema_for_output;
use rmcp::model::JsonObject;
use rmcp::{tool, tool_router};
use rolecluster::pipeline;
use rolecluster::role::RoleId;

use super::super::answering::answers::Found;
use super::super::answering::{SearchRequest, checked_k};
use super::answers::RolesAnswer;
use super::arguments::{SearchArguments, SimilarArguments, parse, schema};
use super::quote::Shortener;
use super::server::Server;
use super::tool_answer::{ToolAnswer, ToolError};

#[tool_router(router = search_tools, vis = "pub(super)")]
impl Server {
    #[tool(
        description = "Finds the roles (job postings) of this collection that are most like a \
            text, in any language. Returns id, title, score and specialisation of each, best \
            first, and the sentence that answers the query. Use get_role for the whole text of one.",
        input_schema = schema::<SearchArguments>(),
        output_schema = schema_for_output::<RolesAnswer>(),
        annotations(title = "Search roles", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn search_roles(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<RolesAnswer>, ToolError> {
        let SearchArguments { query, k, mode, filters, min_score } = parse(arguments)?;
        let request = SearchRequest::new(query, Some(mode.name()), k, filters, min_score)?;
        let run = Arc::clone(&self.run);
        let answer = self.pool.run(move || run.search(&request)).await??;
        Ok(self.found(answer))
    }

    #[tool(
        description = "Finds the roles whose meaning is nearest to one role of this collection, \
            given by its id. Returns the same as search_roles; the role itself is not among them.",
        input_schema = schema::<SimilarArguments>(),
        output_schema = schema_for_output::<RolesAnswer>(),
        annotations(title = "Similar roles", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn similar_roles(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<RolesAnswer>, ToolError> {
        let SimilarArguments { id, k } = parse(arguments)?;
        let k = checked_k(k)?;
        let run = Arc::clone(&self.run);
        let answer = self.pool.run(move || run.similar(&RoleId::new(id), k)).await??;
        Ok(self.found(answer))
    }
}

impl Server {
    fn found(&self, answer: pipeline::Answer) -> ToolAnswer<RolesAnswer> {
        let Found { hits, searched_for, unwanted, nothing_near, .. } = answer.into();
        let mut short = Shortener::default();
        let hits = hits.into_iter().map(|hit| short.hit(hit, &self.run)).collect();
        let truncated = short.truncated;
        ToolAnswer(RolesAnswer { hits, searched_for, unwanted, nothing_near, truncated })
    }
}
