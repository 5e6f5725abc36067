//! Two runs of heaps on a circle, whose fates can be seen.

use super::*;
use crate::clustering::Label;
use crate::embeddings::ModelFingerprint;
use crate::intake::Intake;
use crate::report::{Method, Placement, Report, SCHEMA_VERSION, Scores};
use crate::role::{Role, RoleId};
use crate::tabulate::Repeats;

/// A run of heaps: the direction in degrees, the number of roles and what they name.
struct Run {
    report: Report,
    roles: Vec<Role>,
    vectors: Matrix,
    clustering: Clustering,
}

impl Run {
    fn of(heaps: &[(f32, usize, &str)]) -> Run {
        let (mut raw, mut vectors, mut roles) = (Vec::new(), Vec::new(), Vec::new());
        for (cluster, &(degrees, n, technology)) in heaps.iter().enumerate() {
            for at in 0..n {
                let angle = (degrees + at as f32 / n as f32).to_radians();
                vectors.extend([angle.cos(), angle.sin()]);
                raw.push(Some(cluster));
                roles.push(role(&format!("{cluster}.{at}"), technology));
            }
        }
        let vectors = Matrix::new(raw.len(), 2, vectors).unwrap();
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; raw.len()]);
        let members = clustering.members();
        let profiles = members.iter().enumerate().map(|(id, rows)| {
            ClusterProfile::called(id as u32, &*roles[rows[0]].stack[0], rows.len())
        });
        let profiles: Vec<ClusterProfile> = profiles.collect();
        let report = report(&roles, clustering.labels(), profiles);
        Run { report, roles, vectors, clustering }
    }
}

fn role(id: &str, technology: &str) -> Role {
    Role { id: RoleId::new(id), stack: vec![technology.into()], ..Role::default() }
}

fn report(roles: &[Role], labels: &[Label], profiles: Vec<ClusterProfile>) -> Report {
    let placement = |(role, label): (&Role, &Label)| Placement {
        id: role.id.clone(),
        title: Default::default(),
        section: None,
        cluster: *label,
        cluster_name: None,
        direction: None,
        direction_name: None,
        direction_source: None,
        by_hand: None,
        strength: 1.0,
        shares: vec![],
        between: None,
        duplicate_of: None,
    };
    Report {
        schema_version: SCHEMA_VERSION,
        written_by: "test".into(),
        model: ModelFingerprint {
            name: "m".into(),
            revision: "local".into(),
            digest: "d".into(),
            dimension: 2,
            dtype: "f32".into(),
            prompt: String::new(),
        },
        method: Method::default(),
        scores: Scores::default(),
        profiles,
        directions: vec![],
        technologies: vec![],
        candidates: vec![],
        intake: Intake::default(),
        digest_tables: Default::default(),
        placements: roles.iter().zip(labels).map(placement).collect(),
        raw_labels: None,
        hierarchy: None,
        lineage: None,
        corrections: vec![],
        language: None,
        codes: None,
        over_time: None,
        map: None,
    }
}

fn compared(first: &Run, second: &Run) -> Comparison {
    let counted = vec![true; first.roles.len().max(second.roles.len())];
    let before = Facets::new(&first.report, &first.roles, None, Repeats::LeftOut);
    let after = Facets::new(&second.report, &second.roles, None, Repeats::LeftOut);
    let left = Side {
        name: "2025",
        profiles: &first.report.profiles,
        clustering: &first.clustering,
        vectors: &first.vectors,
        counted: &counted[..first.roles.len()],
        facets: &before,
    };
    let right = Side {
        name: "2026",
        profiles: &second.report.profiles,
        clustering: &second.clustering,
        vectors: &second.vectors,
        counted: &counted[..second.roles.len()],
        facets: &after,
    };
    compare(&left, &right, 1).unwrap()
}

/// Fate and names before and after.
fn told(comparison: &Comparison) -> Vec<(Fate, String, String)> {
    let names = |all: &[Named]| {
        let mut names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        names.join("+")
    };
    let fates = comparison.specialisations.iter();
    fates.map(|f| (f.fate, names(&f.before), names(&f.after))).collect()
}

#[test]
fn every_fate_is_told() {
    let before = Run::of(&[
        (0.0, 40, "Redis"),
        (40.0, 60, "Kafka"),
        (80.0, 30, "Java"),
        (80.5, 30, "Rust"),
        (120.0, 30, "Ceph"),
        (200.0, 10, "React"),
    ]);
    let after = Run::of(&[
        (0.1, 41, "Redis"),
        (39.9, 10, "Kafka"),
        (40.4, 9, "Docker"),
        (80.25, 60, "Rust"),
        (240.0, 20, "Volcano"),
        (200.0, 60, "React"),
    ]);
    let told = told(&compared(&before, &after));
    let fate = |name: &str| {
        let found = told.iter().find(|(_, a, b)| a.contains(name) || b.contains(name)).unwrap();
        found.0
    };
    assert_eq!(fate("Volcano"), Fate::Appeared, "{told:?}");
    assert_eq!(fate("Ceph"), Fate::Vanished, "{told:?}");
    assert_eq!(fate("React"), Fate::Grew, "{told:?}");
    assert_eq!(fate("Redis"), Fate::Stayed, "{told:?}");
    assert_eq!(fate("Docker"), Fate::Split, "{told:?}");
    assert_eq!(fate("Java"), Fate::Merged, "{told:?}");
}

#[test]
fn a_run_compared_with_itself_has_stayed() {
    let run = Run::of(&[(0.0, 12, "Redis"), (90.0, 8, "Kafka")]);
    let comparison = compared(&run, &run);
    assert!(comparison.specialisations.iter().all(|fates| fates.fate == Fate::Stayed));
    assert!(comparison.specialisations.iter().all(|f| f.similarity.unwrap() > 0.999));
    assert!(comparison.technologies.changes.iter().all(|change| change.change() == 0.0));
    assert_eq!((comparison.roles_before, comparison.roles_after), (20, 20));
}

#[test]
fn technologies_gained_and_lost_are_counted() {
    let comparison = compared(&Run::of(&[(0.0, 30, "Redis")]), &Run::of(&[(0.0, 30, "Kafka")]));
    let changes = &comparison.technologies.changes;
    assert_eq!((&*changes[0].name, changes[0].before, changes[0].after), ("Kafka", 0, 30));
    assert!(changes.iter().all(|change| change.is_significant()));
    let within = comparison.specialisations[0].technologies.as_ref().unwrap();
    assert_eq!(within.changes.len(), 2);
}

#[test]
fn runs_in_two_languages_are_told_and_mixed_ones_are_not() {
    let written = |text: &str| {
        let mut run = Run::of(&[(0.0, 30, "Redis")]);
        run.roles.iter_mut().for_each(|role| role.description = text.into());
        run
    };
    let chinese = written("负责存储集群的运维与磁盘调优，编写文档");
    let english = written("Runs the clusters and tunes their disks");
    let both = Some([DetectedLanguage::Zh, DetectedLanguage::En]);
    assert_eq!(compared(&chinese, &english).languages, both);
    assert_eq!(compared(&english, &english).languages, None);
    let mut mixed = written("Runs the clusters and tunes their disks");
    for (role, other) in mixed.roles.iter_mut().zip(&chinese.roles).take(12) {
        role.description.clone_from(&other.description);
    }
    assert_eq!(compared(&chinese, &mixed).languages, None);
}
