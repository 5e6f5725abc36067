//! Standard codes of the roles of a run, and of its specialisations and directions.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::classify::{Coder, NEAR, Query, Scheme, StandardCode, Tally};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::error::Error;
use crate::group_codes::GroupCodes;
use crate::isco_groups;
use crate::occupations::Occupations;
use crate::profile::Direction;
use crate::report::Report;
use crate::role::{Role, RoleId};
use crate::store::RunFolder;
use crate::text::{self, DetectedLanguage};

/// Roles of a specialisation that are looked at for its codes, the surest: the mean of so many
/// hardly moves with more.
const MOST_ROLES: usize = 200;

/// What to code roles by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSettings {
    /// The standard.
    pub scheme: Scheme,
    /// The language of the titles of the codes by its ISO 639-1 code; `None` takes the one most
    /// roles are written in. What has no title in it is called by its English one.
    pub language: Option<&'static str>,
}

/// The codes of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunCodes {
    /// The codes nearest each role, in the order of the run: best first, none where no standard
    /// occupation is near.
    pub roles: Vec<Vec<StandardCode>>,
    /// Those of its specialisations and directions.
    pub groups: GroupCodes,
}

/// The codes nearest each of `roles`, which are those of the run in its order, and nearest the
/// groups of its report.
///
/// # Errors
/// When the vectors are not those of the bundled model, by which the table of occupations was made.
pub fn standard_codes(
    run: &RunFolder,
    report: &Report,
    roles: &[Role],
    settings: CodeSettings,
) -> Result<RunCodes, Error> {
    let embeddings = run.embeddings()?;
    let coder = coder(embeddings.model(), settings.scheme)?;
    let language = settings.language.unwrap_or_else(|| language_of_most(roles));
    Ok(RunCodes {
        roles: of_roles(&coder, &embeddings, roles, language),
        groups: of_groups(&coder, &embeddings, report, roles, language),
    })
}

/// The occupations of ESCO nearest the groups of a report whose roles these are; `None` where the
/// vectors are not those of the bundled model.
pub(super) fn codes_of_groups(
    embeddings: &Embeddings,
    report: &Report,
    roles: &[Role],
    language: &str,
) -> Option<GroupCodes> {
    let coder = Coder::new(Occupations::of_model(embeddings.model())?, Scheme::Esco);
    Some(of_groups(&coder, embeddings, report, roles, language))
}

/// The groups of ISCO-08 that roles are nearest, each from the major group down to the unit group;
/// none where no standard occupation is near.
///
/// # Errors
/// As [`standard_codes`].
pub(super) fn groups_of_roles(
    run: &RunFolder,
    roles: &[Role],
) -> Result<HashMap<RoleId, Vec<String>>, Error> {
    let embeddings = run.embeddings()?;
    let coder = coder(embeddings.model(), Scheme::Isco)?;
    let language = language_of_most(roles);
    let codes = of_roles(&coder, &embeddings, roles, language);
    let group = |(role, codes): (&Role, &Vec<StandardCode>)| {
        Some((role.id.clone(), isco_groups::path(codes.first()?.code, language)))
    };
    Ok(roles.iter().zip(&codes).filter_map(group).collect())
}

/// Ranks the codes of a standard by vectors of a model.
///
/// # Errors
/// When the model is not the one by which the table of occupations was made.
pub(super) fn coder(model: &ModelFingerprint, scheme: Scheme) -> Result<Coder, Error> {
    let occupations = Occupations::of_model(model).ok_or_else(|| Error::NoCodes {
        model: model.name.clone(),
        digest: model.digest.clone(),
        wanted: Occupations::any_model().map_or("", |table| table.digest()),
    })?;
    Ok(Coder::new(occupations, scheme))
}

fn of_roles(
    coder: &Coder,
    embeddings: &Embeddings,
    roles: &[Role],
    language: &str,
) -> Vec<Vec<StandardCode>> {
    let codes = |(at, role): (usize, &Role)| coder.codes(query(embeddings, at, role), language);
    roles.par_iter().enumerate().map(codes).collect()
}

fn of_groups(
    coder: &Coder,
    embeddings: &Embeddings,
    report: &Report,
    roles: &[Role],
    language: &str,
) -> GroupCodes {
    let members = members(report);
    let tally = |rows: &Vec<usize>| {
        let looked_at = rows.iter().take(MOST_ROLES);
        Tally::of(coder, looked_at.map(|&row| query(embeddings, row, &roles[row])))
    };
    let tallies: Vec<Tally> = members.par_iter().map(tally).collect();
    let of_direction = |direction: &Direction| {
        let mut all = Tally::default();
        for cluster in &direction.clusters {
            if let (Some(tally), Some(rows)) =
                (tallies.get(cluster.index()), members.get(cluster.index()))
            {
                all.add(tally, rows.len());
            }
        }
        all.codes(coder, language)
    };
    GroupCodes {
        standard: <&str>::from(coder.scheme()).to_string(),
        least_score: NEAR,
        clusters: tallies.iter().map(|tally| tally.codes(coder, language)).collect(),
        directions: report.directions.iter().map(of_direction).collect(),
    }
}

/// The rows of each cluster, surest first, those left out that repeat others.
fn members(report: &Report) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); report.profiles.len()];
    for (row, place) in report.placements.iter().enumerate() {
        let cluster = place.cluster.filter(|_| place.duplicate_of.is_none());
        if let Some(rows) = cluster.and_then(|id| members.get_mut(id.index())) {
            rows.push(row);
        }
    }
    let strength = |row: usize| report.placements[row].strength;
    for rows in &mut members {
        rows.sort_by(|&a, &b| strength(b).total_cmp(&strength(a)).then(a.cmp(&b)));
    }
    members
}

fn query<'a>(embeddings: &'a Embeddings, row: usize, role: &'a Role) -> Query<'a> {
    Query { title: &role.title, vector: embeddings.vectors().row(row) }
}

/// The language of a text for titles; Chinese mixed with another counts as Chinese, as it does for
/// reports. `None` where it cannot be told.
pub(super) fn title_language(text: &str) -> Option<&'static str> {
    match text::language(text) {
        DetectedLanguage::Unknown => None,
        DetectedLanguage::Mixed => Some("zh"),
        language => Some(language.code()),
    }
}

/// The language most roles are written in.
fn language_of_most(roles: &[Role]) -> &'static str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let languages: Vec<Option<&'static str>> =
        roles.par_iter().map(|role| title_language(&role.text())).collect();
    for code in languages.into_iter().flatten() {
        *counts.entry(code).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|&(code, n)| (n, std::cmp::Reverse(code)));
    most.map_or("en", |(code, _)| code)
}
