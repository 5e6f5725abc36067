use std::collections::BTreeSet;

use super::*;
use crate::cluster::{Choice, ClusterModel, KMeansParams, assign, fit_kmeans};
use crate::clustering::Label;
use crate::corrections::{Change, Correction, Level};
use crate::geometry::Matrix;
use crate::report::Method;
use crate::role::{Role, RoleId};

/// Rows a-d at 0, e-g at 10, h-i at 30; the first two clusters are one direction.
fn found() -> (Matrix, Fitted, Vec<Role>) {
    let points = vec![0.0, 0.1, 0.2, 0.3, 10.0, 10.1, 10.2, 30.0, 30.1];
    let rows = Matrix::new(9, 1, points).unwrap();
    let params = KMeansParams { k: Choice::Given(3), ..KMeansParams::default() };
    let kmeans = fit_kmeans(&rows, 3, &params).unwrap();
    let model: ClusterModel = kmeans.model();
    let clustering = kmeans.clustering.with_levels(&[0, 0, 1], vec![]);
    let method = Method::default();
    let role = |name: char| Role {
        id: RoleId::new(name),
        title: name.to_string().into(),
        ..Role::default()
    };
    let fitted = Fitted { clustering, method, model, raw: None, hierarchy: None };
    (rows, fitted, ('a'..='i').map(role).collect())
}

fn ids(names: &str) -> Vec<RoleId> {
    names.chars().map(RoleId::new).collect()
}

fn rename(level: Level, roles: &str, name: &str) -> Change {
    Change::Rename { level, roles: ids(roles), name: name.into() }
}

fn made(changes: Vec<Change>) -> Corrected {
    let (_, fitted, roles) = found();
    corrected(fitted, &roles, changes, &BTreeSet::new()).unwrap()
}

fn corrected(
    fitted: Fitted,
    roles: &[Role],
    changes: Vec<Change>,
    before: &BTreeSet<String>,
) -> Result<Corrected, CorrectionsError> {
    let representative: Vec<usize> = (0..roles.len()).collect();
    let grouped = GroupedRoles { roles, representative: &representative };
    let entry = |(at, change)| Correction { line: 10 * (at + 1), change };
    let entries = changes.into_iter().enumerate().map(entry).collect();
    correct(fitted, grouped, &Corrections::new("c.toml", entries).unwrap(), before)
}

/// The number of each row's cluster, counted from 1.
fn told(found: &Corrected) -> String {
    let number = |label: &Label| label.map_or("-".to_string(), |id| id.to_string());
    found.fitted.clustering.labels().iter().map(number).collect()
}

#[test]
fn a_rename_holds_on_to_most_of_its_roles_and_changes_no_label() {
    let (_, fitted, _) = found();
    let given = made(vec![
        rename(Level::Specialisation, "ef", "Middle"),
        rename(Level::Direction, "ah", "Nothing"),
        rename(Level::Direction, "hi", "Far"),
    ]);
    assert_eq!(given.fitted, fitted);
    assert_eq!(given.clusters[1].name.as_deref(), Some("Middle"));
    assert_eq!(given.directions[1].name.as_deref(), Some("Far"));
    assert_eq!((&given.clusters[0], &given.directions[0]), (&Touch::default(), &Touch::default()));
    let held: Vec<bool> = given.outcomes.iter().map(|outcome| outcome.held).collect();
    assert_eq!(held, [true, false, true]);
    let note = given.outcomes[1].note.as_deref();
    assert_eq!(note, Some("no direction has most of the 2 roles it goes by"));
}

#[test]
fn groups_are_merged_split_moved_and_pinned_one_after_the_other() {
    let merged =
        made(vec![Change::Merge { groups: vec![ids("ab"), ids("hi")], name: Some("Both".into()) }]);
    assert_eq!(told(&merged), "111122211");
    assert_eq!(merged.clusters[0].name.as_deref(), Some("Both"));
    assert_eq!(merged.earlier_directions, [Some(DirectionId(0))]);

    let split = made(vec![
        Change::Split { roles: ids("be"), name: None },
        Change::Move { roles: ids("i"), to: ids("fg") },
    ]);
    assert_eq!(told(&split), "141142232");
    assert_eq!((split.rows[1], split.rows[8]), (Some(ByHand::Split), Some(ByHand::Moved)));
    assert_eq!(split.earlier_directions, [Some(DirectionId(0)), Some(DirectionId(1))]);

    let pinned = made(vec![
        Change::Pin { roles: ids("abh"), name: "Pinned".into() },
        Change::Pin { roles: ids("cegi"), name: "Nowhere near".into() },
    ]);
    assert_eq!(told(&pinned), "113132313");
}

#[test]
fn all_that_is_corrected_is_obeyed_for_new_rows_too() {
    let (rows, _, _) = found();
    let merged = made(vec![Change::Merge { groups: vec![ids("a"), ids("h")], name: None }]);
    let new = Matrix::new(3, 1, vec![29.0, 1.0, 12.0]).unwrap();
    let places = assign(&merged.fitted.model, &rows, &new).unwrap();
    let numbers: Vec<u32> = places.iter().map(|place| place.label.unwrap().number()).collect();
    assert_eq!(numbers, [1, 1, 2]);
}

#[test]
fn roles_that_are_gone_are_told_and_those_that_never_were_are_refused() {
    let (_, fitted, roles) = found();
    let unknown = vec![Change::Split { roles: ids("az"), name: None }];
    let error = corrected(fitted.clone(), &roles, unknown.clone(), &BTreeSet::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "c.toml:10: the split names role \"z\", and no role has that id; put it right, or leave \
         it out; `rolecluster export DIR --format csv` lists all ids"
    );
    let before = BTreeSet::from(["z".to_string(), "y".to_string()]);
    let split = corrected(fitted.clone(), &roles, unknown, &before).unwrap();
    let note = split.outcomes[0].note.as_deref();
    assert_eq!(note, Some("1 of the 2 roles it names are no longer in the run"));
    let gone = vec![rename(Level::Specialisation, "yz", "Old")];
    let gone = corrected(fitted, &roles, gone, &before).unwrap();
    assert!(!gone.outcomes[0].held);
}

#[test]
fn a_role_takes_those_that_repeat_it_along() {
    let (_, fitted, roles) = found();
    let representative = [0, 0, 2, 3, 4, 5, 6, 7, 8];
    let grouped = GroupedRoles { roles: &roles, representative: &representative };
    let entry = Correction { line: 1, change: Change::Move { roles: ids("b"), to: ids("h") } };
    let corrections = Corrections::new("c.toml", vec![entry]).unwrap();
    let moved = correct(fitted, grouped, &corrections, &BTreeSet::new()).unwrap();
    assert_eq!(told(&moved), "331122233");
}
