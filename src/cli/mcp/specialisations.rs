//! Tools about specialisations: all of them, one, or two side by side.

use rmcp::handler::server::common::schema_for_output;
use rmcp::model::JsonObject;
use rmcp::{tool, tool_router};
use rolecluster::profile::{ByHand, ClusterProfile, Direction};

use super::super::answering::answers::TechnologyUse;
use super::answers::{
    Brief, ComparisonAnswer, DirectionBrief, ListAnswer, RoleName, SpecialisationAnswer,
};
use super::arguments::{
    ComparisonArguments, ListArguments, MOST_LISTED, SpecialisationArguments, parse, schema,
};
use super::comparison;
use super::quote::{Shortener, quoted};
use super::server::Server;
use super::tool_answer::{ToolAnswer, ToolError};

/// Technologies named beside a specialisation in a list.
const N_TECHNOLOGIES: usize = 5;
/// Technologies in the answer about one.
const MOST_USES: usize = 30;
/// Roles in the answer about one.
const MOST_ROLES: usize = 20;
/// Names listed where one is not found.
const SUGGESTED: usize = 10;

#[tool_router(router = specialisation_tools, vis = "pub(super)")]
impl Server {
    #[tool(
        description = "Lists the specialisations of this collection: groups of like roles that \
            were found by clustering, each with its number, name, size and characteristic \
            technologies, and the directions that they make. by_hand says what a person set. Begin \
            here to learn what the collection holds.",
        input_schema = schema::<ListArguments>(),
        output_schema = schema_for_output::<ListAnswer>(),
        annotations(title = "Specialisations", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn list_specialisations(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<ListAnswer>, ToolError> {
        let ListArguments { offset, limit } = parse(arguments)?;
        if !(1..=MOST_LISTED).contains(&limit) {
            return Err(ToolError::new(format!("limit is a whole number from 1 to {MOST_LISTED}")));
        }
        let all = self.clusters()?;
        let mut short = Shortener::default();
        let shown: Vec<&ClusterProfile> = all.iter().skip(offset).take(limit).collect();
        let directions = self.directions_of(&shown, &mut short);
        let specialisations: Vec<Brief> =
            shown.iter().map(|profile| self.brief(profile, &mut short)).collect();
        let follow = offset.saturating_add(specialisations.len()) < all.len();
        Ok(ToolAnswer(ListAnswer {
            n_roles: self.run.n_roles(),
            n_unplaced: self.run.n_noise(),
            n_specialisations: all.len(),
            directions,
            offset,
            specialisations,
            truncated: follow || short.truncated,
        }))
    }

    #[tool(
        description = "Describes one specialisation: typical words, technologies with the share of \
            its roles that name them and how much more often that is than usual, and its most \
            typical roles.",
        input_schema = schema::<SpecialisationArguments>(),
        output_schema = schema_for_output::<SpecialisationAnswer>(),
        annotations(title = "One specialisation", read_only_hint = true, idempotent_hint = true,
            open_world_hint = false)
    )]
    pub async fn get_specialisation(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<SpecialisationAnswer>, ToolError> {
        let SpecialisationArguments { specialisation } = parse(arguments)?;
        let profile = self.cluster(&specialisation)?;
        let mut short = Shortener::default();
        let brief = self.brief(profile, &mut short);
        let terms = short.list(profile.terms.iter().map(|term| term.term.as_str()));
        let uses: Vec<TechnologyUse> =
            profile.technologies.iter().map(TechnologyUse::from).collect();
        let uses = short.technologies(&uses, MOST_USES);
        let roles = self.roles_of(profile, &mut short);
        let truncated = short.truncated;
        Ok(ToolAnswer(SpecialisationAnswer { brief, terms, uses, roles, truncated }))
    }

    #[tool(
        description = "Compares two specialisations: the technologies that both ask for, those \
            that one asks for more often, and the words typical of both or of one.",
        input_schema = schema::<ComparisonArguments>(),
        output_schema = schema_for_output::<ComparisonAnswer>(),
        annotations(title = "Compare specialisations", read_only_hint = true,
            idempotent_hint = true, open_world_hint = false)
    )]
    pub async fn compare_specialisations(
        &self,
        arguments: JsonObject,
    ) -> Result<ToolAnswer<ComparisonAnswer>, ToolError> {
        let ComparisonArguments { first, second } = parse(arguments)?;
        let (first, second) = (self.cluster(&first)?, self.cluster(&second)?);
        if first.id == second.id {
            return Err(ToolError::new("these are the same specialisation; name two"));
        }
        let mut short = Shortener::default();
        let briefs = (self.brief(first, &mut short), self.brief(second, &mut short));
        Ok(ToolAnswer(comparison::of(first, second, briefs, short)))
    }
}

impl Server {
    /// A specialisation in a list.
    pub(super) fn brief(&self, profile: &ClusterProfile, short: &mut Shortener) -> Brief {
        let telling = profile.telling();
        let direction = profile.direction.and_then(|id| self.run.direction(id));
        Brief {
            cluster: profile.id.number(),
            name: short.name(&profile.name),
            size: profile.size,
            share: profile.size as f64 / self.run.n_roles().max(1) as f64,
            direction: direction.map(|direction| short.name(&direction.name)),
            by_hand: keys(&profile.by_hand),
            technologies: telling
                .iter()
                .take(N_TECHNOLOGIES)
                .map(|t| short.name(&t.label))
                .collect(),
        }
    }

    /// The directions that hold one of these specialisations.
    fn directions_of(
        &self,
        shown: &[&ClusterProfile],
        short: &mut Shortener,
    ) -> Vec<DirectionBrief> {
        let holds = |direction: &&Direction| {
            shown.iter().any(|profile| profile.direction == Some(direction.id))
        };
        let brief = |direction: &Direction| DirectionBrief {
            id: direction.id.number(),
            name: short.name(&direction.name),
            size: direction.size,
            clusters: direction.clusters.iter().map(|id| id.number()).collect(),
            source: direction.source.map(|source| source.key().to_string()),
            by_hand: keys(&direction.by_hand),
        };
        self.run.directions().iter().filter(holds).map(brief).collect()
    }

    /// The exemplars, then the surest members.
    fn roles_of(&self, profile: &ClusterProfile, short: &mut Shortener) -> Vec<RoleName> {
        let members = self.run.members(profile.id);
        let exemplars =
            profile.exemplars.iter().filter_map(|id| members.iter().find(|m| m.id == *id));
        let others = members.iter().filter(|m| !profile.exemplars.contains(&m.id));
        short.truncated |= members.len() > MOST_ROLES;
        let name = |member: &&rolecluster::report::Placement| RoleName {
            id: short.id(member.id.as_str()),
            title: short.title(self.run.title(member.id.as_str(), &member.title)),
            by_hand: member.by_hand.map(|what| what.key().to_string()),
        };
        exemplars.chain(others).take(MOST_ROLES).map(name).collect()
    }

    fn clusters(&self) -> Result<&[ClusterProfile], ToolError> {
        match self.run.clusters() {
            [] => Err(ToolError::new(
                "this collection has no specialisations yet; `rolecluster cluster DIR` finds them",
            )),
            all => Ok(all),
        }
    }

    /// The specialisation of this number or name, or the only one whose name contains it.
    fn cluster(&self, wanted: &str) -> Result<&ClusterProfile, ToolError> {
        let all = self.clusters()?;
        if let Some(profile) =
            wanted.trim().parse().ok().and_then(|number| self.run.cluster(number))
        {
            return Ok(profile);
        }
        let folded = |text: &str| rolecluster::text::normalize(text).to_lowercase();
        let wanted_name = folded(wanted);
        let named = |profile: &&ClusterProfile| folded(&profile.name) == wanted_name;
        if let Some(profile) = all.iter().find(named) {
            return Ok(profile);
        }
        let within = |profile: &&ClusterProfile| folded(&profile.name).contains(&wanted_name);
        let found: Vec<&ClusterProfile> =
            all.iter().filter(|_| !wanted_name.is_empty()).filter(within).collect();
        match found.as_slice() {
            [only] => Ok(only),
            [] => Err(unknown(wanted, &all.iter().collect::<Vec<_>>(), "there is no")),
            several => Err(unknown(wanted, several, "there are several of")),
        }
    }
}

fn keys(by_hand: &[ByHand]) -> Vec<String> {
    by_hand.iter().map(|what| what.key().to_string()).collect()
}

fn unknown(wanted: &str, candidates: &[&ClusterProfile], what: &str) -> ToolError {
    let mut short = Shortener::default();
    let names = candidates.iter().take(SUGGESTED);
    let names: Vec<String> =
        names.map(|p| format!("{} {}", p.id, quoted(&short.name(&p.name)))).collect();
    let more = if candidates.len() > SUGGESTED { ", …" } else { "" };
    ToolError::new(format!(
        "{what} specialisation {}; there are {}{more} (list_specialisations lists all)",
        quoted(&short.name(wanted)),
        names.join(", ")
    ))
}
