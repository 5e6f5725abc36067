//! Standard codes of the roles of a run.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::classify::{Coder, Query, Scheme, StandardCode};
use crate::embeddings::ModelFingerprint;
use crate::error::Error;
use crate::isco_groups;
use crate::occupations::Occupations;
use crate::role::{Role, RoleId};
use crate::store::RunFolder;
use crate::text::{self, DetectedLanguage};

/// What to code roles by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSettings {
    /// The standard.
    pub scheme: Scheme,
    /// The language of the titles of the codes by its ISO 639-1 code; `None` takes the one most
    /// roles are written in. What has no title in it is called by its English one.
    pub language: Option<&'static str>,
}

/// The codes nearest each of `roles`, which are those of the run in its order; best first, none
/// where no standard occupation is near.
///
/// # Errors
/// When the vectors are not those of the bundled model, by which the table of occupations was made.
pub fn standard_codes(
    run: &RunFolder,
    roles: &[Role],
    settings: CodeSettings,
) -> Result<Vec<Vec<StandardCode>>, Error> {
    let embeddings = run.embeddings()?;
    let coder = coder(embeddings.model())?;
    let language = settings.language.unwrap_or_else(|| language_of_most(roles));
    let codes = |(at, role): (usize, &Role)| {
        let query = Query { title: &role.title, vector: embeddings.vectors().row(at) };
        coder.codes(query, settings.scheme, language)
    };
    Ok(roles.par_iter().enumerate().map(codes).collect())
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
    let language = language_of_most(roles);
    let settings = CodeSettings { scheme: Scheme::Isco, language: Some(language) };
    let codes = standard_codes(run, roles, settings)?;
    let group = |(role, codes): (&Role, &Vec<StandardCode>)| {
        Some((role.id.clone(), isco_groups::path(codes.first()?.code, language)))
    };
    Ok(roles.iter().zip(&codes).filter_map(group).collect())
}

/// Ranks the occupations of the standards by vectors of a model.
///
/// # Errors
/// When the model is not the one by which the table of occupations was made.
pub(super) fn coder(model: &ModelFingerprint) -> Result<Coder, Error> {
    let occupations = Occupations::of_model(model).ok_or_else(|| Error::NoCodes {
        model: model.name.clone(),
        digest: model.digest.clone(),
        wanted: Occupations::any_model().map_or("", |table| table.digest()),
    })?;
    Ok(Coder::new(occupations))
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
