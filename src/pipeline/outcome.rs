//! The clusters as the folder has them: corrected, described and reported.

use std::collections::BTreeSet;

use super::cluster_names::ClusterNames;
use super::found_groups::FoundGroups;
use super::ground::Ground;
use super::phrase_vectors::PhraseVectors;
use super::standard_codes::codes_of_groups;
use super::stored_model::{self, StoredModel};
use crate::clustering::{Clustering, DirectionId};
use crate::correct::{Corrected, GroupedRoles, Touch, correct};
use crate::corrections::{Corrections, Outcome as Made};
use crate::describe::{self, DescribeParams, Description, Meaning, Postings};
use crate::error::Error;
use crate::evaluate;
use crate::language::Language;
use crate::occupations::Occupations;
use crate::profile::DirectionSource;
use crate::report::{Report, SCHEMA_VERSION, placements};
use crate::tabulate::{Facets, Repeats, over_time};

/// What to make of what was found.
pub(super) struct Wishes<'a> {
    pub(super) corrections: &'a Corrections,
    /// Ids that corrections named when there were such roles.
    pub(super) named_before: &'a BTreeSet<String>,
    pub(super) describe: &'a DescribeParams,
    /// The model by which names are chosen.
    pub(super) phrases: &'a PhraseVectors<'a>,
}

/// Gives other names to what was described, and returns warnings.
pub(super) type Renaming<'a> = &'a mut dyn FnMut(&mut Description) -> Result<Vec<String>, Error>;

/// What a folder holds of its clusters.
pub(super) struct Outcome {
    pub(super) report: Report,
    pub(super) clustering: Clustering,
    pub(super) model: StoredModel,
    pub(super) language: Language,
}

impl Outcome {
    /// Corrects, describes and reports what was found.
    ///
    /// # Errors
    /// When a correction names a role that never was, or `rename` fails.
    pub(super) fn of(
        ground: &Ground,
        found: FoundGroups,
        wishes: &Wishes,
        rename: Renaming,
    ) -> Result<Outcome, Error> {
        let Ground { stored, embeddings, intake, offsets, vectors } = ground;
        let FoundGroups { fitted, lineage, places, given, .. } = found;
        let roles = stored.corpus.roles();
        let grouped = GroupedRoles { roles, representative: &stored.representative };
        let mut corrected = correct(fitted, grouped, wishes.corrections, wishes.named_before)?;
        let model = stored_model::of(&mut corrected.fitted, offsets.clone(), vectors, stored);
        let clustering = &corrected.fitted.clustering;
        let mut description = described(ground, clustering, wishes);
        let mut method = corrected.fitted.method.clone();
        method.warnings.extend(wishes.phrases.warning());
        method.warnings.extend(rename(&mut description)?);
        method.warnings.extend(lost(wishes.corrections.file(), &corrected.outcomes));
        set_names(&mut description, &corrected, &given);
        let mut placements = placements(
            &stored.corpus,
            &stored.representative,
            clustering,
            &description.profiles,
            &description.directions,
        );
        for (placement, by_hand) in placements.iter_mut().zip(&corrected.rows) {
            placement.by_hand = *by_hand;
        }
        let language = description.language;
        let mut report = Report {
            schema_version: SCHEMA_VERSION,
            written_by: concat!("rolecluster ", env!("CARGO_PKG_VERSION")).into(),
            model: embeddings.model().clone(),
            method,
            scores: evaluate::scores(vectors, clustering),
            placements,
            profiles: description.profiles,
            directions: description.directions,
            technologies: description.technologies,
            candidates: description.candidates,
            digest_tables: describe::own_tables(&intake.set_aside, roles, language),
            intake: intake.clone(),
            raw_labels: corrected.fitted.raw,
            hierarchy: corrected.fitted.hierarchy,
            lineage,
            corrections: corrected.outcomes,
            language: Some(language),
            codes: None,
            over_time: None,
            map: places,
        };
        report.over_time = over_time(&Facets::new(&report, roles, None, Repeats::LeftOut));
        report.codes = codes_of_groups(embeddings, &report, roles, language.key());
        Ok(Outcome { report, clustering: corrected.fitted.clustering, model, language })
    }

    pub(super) fn names(&self) -> ClusterNames {
        ClusterNames::new(&self.report.profiles, &self.report.directions)
    }
}

/// Describes the clusters, their names chosen by the run's own model where it can be loaded.
fn described(ground: &Ground, clustering: &Clustering, wishes: &Wishes) -> Description {
    let Ground { stored, embeddings, .. } = ground;
    let embed = |texts: &[String]| wishes.phrases.vectors(texts);
    let vectors = embeddings.vectors();
    let meaning = Meaning {
        vectors: Some(vectors),
        embed: Some(&embed),
        occupations: Occupations::of_model(embeddings.model()),
    };
    let postings = Postings { roles: stored.corpus.roles(), texts: &stored.texts };
    describe::describe(postings, clustering, vectors, wishes.describe, &meaning)
}

/// Corrections that hold on to nothing, as warnings.
fn lost(file: &str, outcomes: &[Made]) -> Vec<String> {
    let told = |made: &Made| {
        let (line, change) = (made.correction.line, &made.correction.change);
        let name = change.name().map_or_else(String::new, |(_, name)| format!(" {name:?}"));
        let note = made.note.as_deref().unwrap_or_default();
        format!(
            "{file}:{line}: the {}{name} found nothing to hold on to: {note}; it stays in the file",
            change.kind()
        )
    };
    outcomes.iter().filter(|made| !made.held).map(told).collect()
}

/// Puts the names that were given, before clustering or afterwards by a person, in place of those
/// that were made.
fn set_names(description: &mut Description, corrected: &Corrected, given: &[Option<String>]) {
    let Description { profiles, directions, .. } = description;
    for (profile, touch) in profiles.iter_mut().zip(&corrected.clusters) {
        profile.by_hand = touch.by_hand.iter().copied().collect();
    }
    let names = profiles.iter_mut().map(|profile| &mut profile.name);
    set(names.collect(), &corrected.clusters);
    // A direction of one specialisation has its name.
    for direction in directions.iter_mut() {
        if let [only] = direction.clusters[..] {
            direction.name.clone_from(&profiles[only.index()].name);
        }
    }
    let name_of = |earlier: &Option<DirectionId>| -> Option<String> {
        given.get((*earlier)?.index()).cloned().flatten()
    };
    let given_names = corrected.earlier_directions.iter().map(name_of);
    let mut touches = corrected.directions.clone();
    for ((direction, touch), name) in directions.iter_mut().zip(&mut touches).zip(given_names) {
        direction.by_hand = touch.by_hand.iter().copied().collect();
        if !given.is_empty() {
            direction.source = Some(match name {
                Some(_) => DirectionSource::Given,
                None => DirectionSource::Found,
            });
        }
        touch.name = touch.name.take().or(name);
    }
    set(directions.iter_mut().map(|direction| &mut direction.name).collect(), &touches);
}

/// Sets the names that `touches` hold. One that was made and is the same as one of those gets a
/// number.
fn set(names: Vec<&mut String>, touches: &[Touch]) {
    let mut taken: BTreeSet<String> =
        touches.iter().filter_map(|touch| Some(touch.name.as_ref()?.to_lowercase())).collect();
    for (name, touch) in names.into_iter().zip(touches) {
        if let Some(set) = &touch.name {
            name.clone_from(set);
            continue;
        }
        let made = name.clone();
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            *name = format!("{made} ({number})");
            number += 1;
        }
    }
}
