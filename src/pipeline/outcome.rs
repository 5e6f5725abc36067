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
use crate::tabulate::over_time;

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
        let gave_way = set_names(&mut description, &corrected, &given);
        tell_what_gave_way(&mut corrected.outcomes, &gave_way);
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
        report.over_time = over_time(&report, roles);
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

/// A group whose made name was the same as one that was set for another group.
#[derive(Debug, Clone, PartialEq, Eq)]
struct GaveWay {
    what: &'static str,
    number: usize,
    made: String,
    now: String,
}

/// Puts the names that were given, before clustering or afterwards by a person, in place of those
/// that were made, and says which of these gave way.
fn set_names(
    description: &mut Description,
    corrected: &Corrected,
    given: &[Option<String>],
) -> Vec<GaveWay> {
    let Description { profiles, directions, .. } = description;
    for (profile, touch) in profiles.iter_mut().zip(&corrected.clusters) {
        profile.by_hand = touch.by_hand.iter().copied().collect();
    }
    let names = profiles.iter_mut().map(|profile| &mut profile.name);
    let mut gave_way = set("specialisation", names.collect(), &corrected.clusters);
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
    // A direction of one specialisation has its name, and one that a person set stays where another
    // direction was made with the same.
    let taken = names_of(&touches);
    for (direction, touch) in directions.iter_mut().zip(&mut touches) {
        if let [only] = direction.clusters[..] {
            direction.name.clone_from(&profiles[only.index()].name);
            let follows = corrected.clusters[only.index()].name.clone();
            let follows = follows.filter(|name| !taken.contains(&name.to_lowercase()));
            touch.name = touch.name.take().or(follows);
        }
    }
    let names = directions.iter_mut().map(|direction| &mut direction.name);
    gave_way.extend(set("direction", names.collect(), &touches));
    gave_way
}

/// The names that `touches` hold, in small letters.
fn names_of(touches: &[Touch]) -> BTreeSet<String> {
    touches.iter().filter_map(|touch| Some(touch.name.as_ref()?.to_lowercase())).collect()
}

/// Sets the names that `touches` hold. One that was made and is the same as one of those gets a
/// number; these are returned.
fn set(what: &'static str, names: Vec<&mut String>, touches: &[Touch]) -> Vec<GaveWay> {
    let were_set = names_of(touches);
    let (mut taken, mut gave_way) = (were_set.clone(), Vec::new());
    for (at, (name, touch)) in names.into_iter().zip(touches).enumerate() {
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
        if were_set.contains(&made.to_lowercase()) {
            gave_way.push(GaveWay { what, number: at + 1, made, now: name.clone() });
        }
    }
    gave_way
}

/// Says of each correction that set a name which groups had it before.
fn tell_what_gave_way(outcomes: &mut [Made], gave_way: &[GaveWay]) {
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.held) {
        let Some((_, name)) = outcome.correction.change.name() else { continue };
        let name = name.to_lowercase();
        let had_it = gave_way.iter().filter(|one| one.made.to_lowercase() == name);
        let told = had_it.map(|GaveWay { what, number, made, now }| {
            format!("{what} {number} was called {made:?} too, and is {now:?} now")
        });
        let notes: Vec<String> = outcome.note.take().into_iter().chain(told).collect();
        outcome.note = (!notes.is_empty()).then(|| notes.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Choice, Fitted, KMeansParams, fit_kmeans};
    use crate::clustering::ClusterId;
    use crate::corrections::{Change, Correction, Level};
    use crate::geometry::Matrix;
    use crate::profile::{ClusterProfile, Direction};
    use crate::report::Method;
    use crate::role::{Role, RoleId};

    fn rename(level: Level, roles: &str, name: &str) -> Change {
        let roles = roles.chars().map(RoleId::new).collect();
        Change::Rename { level, roles, name: name.into() }
    }

    /// Roles a-d at 0, e-g at 10, h-i at 30; the first two specialisations are one direction.
    fn corrected(changes: Vec<Change>) -> Corrected {
        let points = vec![0.0, 0.1, 0.2, 0.3, 10.0, 10.1, 10.2, 30.0, 30.1];
        let rows = Matrix::new(9, 1, points).unwrap();
        let params = KMeansParams { k: Choice::Given(3), ..KMeansParams::default() };
        let kmeans = fit_kmeans(&rows, 3, &params).unwrap();
        let model = kmeans.model();
        let clustering = kmeans.clustering.with_levels(&[0, 0, 1], vec![]);
        let method = Method::default();
        let fitted = Fitted { clustering, method, model, raw: None, hierarchy: None };
        let role = |id: char| Role { id: RoleId::new(id), ..Role::default() };
        let roles: Vec<Role> = ('a'..='i').map(role).collect();
        let representative: Vec<usize> = (0..roles.len()).collect();
        let grouped = GroupedRoles { roles: &roles, representative: &representative };
        let entry = |(at, change)| Correction { line: at + 1, change };
        let entries = changes.into_iter().enumerate().map(entry).collect();
        let corrections = Corrections::new("c.toml", entries).unwrap();
        correct(fitted, grouped, &corrections, &BTreeSet::new()).unwrap()
    }

    /// The names after `changes` of groups that were made with these: specialisations, directions,
    /// and the note on the first change.
    fn named(
        made: ([&str; 3], [&str; 2]),
        changes: Vec<Change>,
        given: &[Option<String>],
    ) -> (Vec<String>, Vec<String>, Option<String>) {
        let profile = |(at, name): (usize, &str)| ClusterProfile::called(at as u32, name, 1);
        let direction = |(at, name): (usize, &str)| Direction {
            id: DirectionId(at as u32),
            name: name.into(),
            size: 1,
            clusters: if at == 0 { vec![ClusterId(0), ClusterId(1)] } else { vec![ClusterId(2)] },
            source: None,
            by_hand: vec![],
        };
        let mut description = Description {
            language: Language::En,
            profiles: made.0.into_iter().enumerate().map(profile).collect(),
            directions: made.1.into_iter().enumerate().map(direction).collect(),
            technologies: vec![],
            candidates: vec![],
        };
        let mut corrected = corrected(changes);
        let gave_way = set_names(&mut description, &corrected, given);
        tell_what_gave_way(&mut corrected.outcomes, &gave_way);
        (
            description.profiles.into_iter().map(|profile| profile.name).collect(),
            description.directions.into_iter().map(|direction| direction.name).collect(),
            corrected.outcomes.into_iter().next().and_then(|outcome| outcome.note),
        )
    }

    const MADE: ([&str; 3], [&str; 2]) = (["Storage", "Web", "Data"], ["Systems", "Data"]);

    #[test]
    fn a_made_name_gives_way_to_one_that_was_set_and_that_is_told() {
        let changes = vec![rename(Level::Specialisation, "hi", "web")];
        let (specialisations, _, note) = named(MADE, changes, &[]);
        assert_eq!(specialisations, ["Storage", "Web (2)", "web"]);
        let told = "specialisation 2 was called \"Web\" too, and is \"Web (2)\" now";
        assert_eq!(note.as_deref(), Some(told));
        let changes = vec![rename(Level::Specialisation, "hi", "Tables")];
        assert_eq!(named(MADE, changes, &[]).2, None);
    }

    #[test]
    fn a_direction_follows_the_name_of_its_only_specialisation() {
        let of_directions = |made, changes, given: &[Option<String>]| named(made, changes, given).1;
        let tables = || rename(Level::Specialisation, "hi", "Tables");
        assert_eq!(of_directions(MADE, vec![tables()], &[]), ["Systems", "Tables"]);
        let far = rename(Level::Direction, "hi", "Far");
        assert_eq!(of_directions(MADE, vec![tables(), far], &[]), ["Systems", "Far"]);
        let given = [None, Some("Given".to_string())];
        assert_eq!(of_directions(MADE, vec![tables()], &given), ["Systems", "Given"]);
        // Also where another direction was made with that name, but not where a person set it.
        let made = (MADE.0, ["Tables", "Data"]);
        assert_eq!(of_directions(made, vec![tables()], &[]), ["Tables (2)", "Tables"]);
        let near = rename(Level::Direction, "abcde", "Tables");
        assert_eq!(of_directions(MADE, vec![tables(), near], &[]), ["Tables", "Tables (2)"]);
    }
}
