//! The tool that reads one role.

use std::collections::BTreeMap;
use std::sync::Arc;

use rmcp::handler::server::common::schema_for_output;
use rmcp::model::JsonObject;
use rmcp::{tool, tool_router};
use rolecluster::Error;
use rolecluster::pipeline::Found;
use rolecluster::profile::ByHand;
use rolecluster::role::RoleId;

use super::answers::RoleAnswer;
use super::arguments::{MOST_CHARACTERS, RoleArguments, parse, schema};
use super::quote::{ENTRIES, Shortener, VALUE, fenced, part};
use super::server::Server;
use super::tool_answer::{ToolAnswer, ToolError};

#[tool_router(router = role_tools, vis = "pub(super)")]
impl Server {
    #[tool(
        description = "Reads one role (job posting) of this collection: its text, technologies, \
            other columns of the input, its specialisation, and whether a person placed it there. \
            A long text comes in parts.",
        input_schema = schema::<RoleArguments>(),
        output_schema = schema_for_output::<RoleAnswer>(),
        annotations(title = "One role", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn get_role(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<RoleAnswer>, ToolError> {
        let RoleArguments { id, offset, characters } = parse(arguments)?;
        if !(1..=MOST_CHARACTERS).contains(&characters) {
            return Err(ToolError::new(format!(
                "characters is a whole number from 1 to {MOST_CHARACTERS}"
            )));
        }
        let (run, id) = (Arc::clone(&self.run), RoleId::new(id));
        let read = move || match run.role(&id)? {
            Some(found) => Ok(answer(found, run.by_hand(&id), offset, characters)),
            None => Err(Error::NoSuchRole(id)),
        };
        Ok(ToolAnswer(self.pool.run(read).await??))
    }
}

fn answer(
    found: Found<'_>,
    by_hand: Option<ByHand>,
    offset: usize,
    characters: usize,
) -> RoleAnswer {
    let Found {
        role,
        cluster,
        cluster_name,
        direction,
        direction_name,
        strength,
        duplicate_of,
        technologies,
        language,
        ..
    } = found;
    let mut short = Shortener::default();
    let (text, length) = part(&role.description, offset, characters);
    let shown = text.chars().count();
    short.truncated |= offset > 0 || offset.saturating_add(shown) < length;
    let fields: BTreeMap<String, String> = role
        .fields
        .iter()
        .take(ENTRIES)
        .map(|(name, value)| (short.name(name), short.line(value, VALUE)))
        .collect();
    short.truncated |= fields.len() < role.fields.len();
    RoleAnswer {
        fenced: fenced(role, &text),
        id: short.id(role.id.as_str()),
        title: short.title(&role.heading()),
        text,
        offset,
        length,
        stack: short.list(role.stack.iter().map(|entry| entry.as_str())),
        technologies: short.list(technologies),
        section: role.section.as_deref().map(|section| short.name(section)),
        fields,
        language: language.to_string(),
        cluster: cluster.map(u32::from),
        cluster_name: cluster_name.map(|name| short.name(name)),
        direction: direction.map(u32::from),
        direction_name: direction_name.map(|name| short.name(name)),
        by_hand: by_hand.map(|what| what.key().to_string()),
        strength,
        duplicate_of: duplicate_of.map(|id| short.id(id.as_str())),
        truncated: short.truncated,
    }
}
