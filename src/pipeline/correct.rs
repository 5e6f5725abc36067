//! Makes a person's corrections in a run folder, without clustering again.

use super::cluster_history::History;
use super::discover;
use super::found_groups::FoundGroups;
use super::ground::Ground;
use super::outcome::{Outcome, Wishes};
use super::phrase_vectors::PhraseVectors;
use crate::correct::refuse_unknown;
use crate::corrections::Corrections;
use crate::describe::{DescribeParams, Description};
use crate::encode::DeviceChoice;
use crate::error::Error;
use crate::profile::{ByHand, ClusterProfile};
use crate::report::{Placement, Report};
use crate::role::RoleId;
use crate::store::{Part, RunFolder, RunWriter};

/// Makes `corrections` in a folder that was clustered, in place of those made in it before. The
/// result is what clustering again by the same settings gives.
///
/// # Errors
/// When the folder has not been clustered, a correction names a role that never was, or the disk
/// refuses.
pub fn correct_run(run: &mut RunWriter, corrections: &Corrections) -> Result<Report, Error> {
    let reader = run.reader();
    let ground = Ground::load(&reader)?;
    let mut history = History::load(&reader);
    history.note_named(corrections, ground.roles());
    let (found, outcome) = corrected(&reader, &ground, corrections, &history)?;
    run.write_json(Part::History, &history)?;
    let kept = (!corrections.is_empty()).then(|| found.corrected_by(corrections));
    discover::write(run, kept, outcome, ground.roles())
}

/// Refuses corrections that name roles which never were.
///
/// # Errors
/// Names the first.
pub fn check_corrections(run: &RunFolder, corrections: &Corrections) -> Result<(), Error> {
    let stored = run.roles()?;
    let history = History::load(run);
    Ok(refuse_unknown(stored.corpus.roles(), corrections, history.named())?)
}

/// What was found in a folder, and what these corrections make of it; nothing is written.
pub(super) fn corrected(
    run: &RunFolder,
    ground: &Ground,
    corrections: &Corrections,
    history: &History,
) -> Result<(FoundGroups, Outcome), Error> {
    let found = FoundGroups::load(run)?;
    let describe = DescribeParams { language: found.language, ..DescribeParams::default() };
    let phrases = PhraseVectors::uncached(ground.embeddings.model(), DeviceChoice::default());
    let wishes = Wishes {
        corrections,
        named_before: history.named(),
        describe: &describe,
        phrases: &phrases,
    };
    let before = match run.has(Part::Names) {
        true => Some(run.json::<Report>(Part::Report)?),
        false => None,
    };
    let mut rename = |description: &mut Description| {
        if let Some(before) = &before {
            keep_names(&mut description.profiles, before);
        }
        Ok(Vec::new())
    };
    let outcome = Outcome::of(ground, found.clone(), &wishes, &mut rename)?;
    Ok((found, outcome))
}

/// Names that an endpoint gave stay where size and exemplars say that a specialisation is what it
/// was.
fn keep_names(profiles: &mut [ClusterProfile], before: &Report) {
    for profile in profiles {
        let same = |old: &&ClusterProfile| {
            old.size == profile.size
                && old.exemplars == profile.exemplars
                && !old.by_hand.contains(&ByHand::Named)
        };
        if let Some(old) = before.profiles.iter().find(same) {
            profile.name.clone_from(&old.name);
        }
    }
}

/// Roles written down to find a group again by: its exemplars, then those that belong to it most
/// surely.
const ROLES_HELD_BY: usize = 9;

/// The roles that a correction of a group is to hold on to; `is_in` says which are in it, `first`
/// come before all.
pub fn roles_to_hold_by(
    report: &Report,
    first: &[RoleId],
    is_in: impl Fn(&Placement) -> bool,
) -> Vec<RoleId> {
    let mut members: Vec<&Placement> = report
        .placements
        .iter()
        .filter(|placement| placement.duplicate_of.is_none() && is_in(placement))
        .collect();
    let place = |id: &RoleId| first.iter().position(|other| other == id).unwrap_or(first.len());
    // The sort is stable: of equal strength the first comes first.
    members.sort_by(|a, b| place(&a.id).cmp(&place(&b.id)).then(b.strength.total_cmp(&a.strength)));
    members.into_iter().take(ROLES_HELD_BY).map(|placement| placement.id.clone()).collect()
}
