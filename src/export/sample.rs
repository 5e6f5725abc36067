//! A small report with everything in it, some of it hostile, for the tests of this folder.

use std::collections::BTreeMap;

use crate::clustering::ClusterId;
use crate::embeddings::ModelFingerprint;
use crate::hierarchy::{Branch, Hierarchy};
use crate::intake::{
    BoilerplateSentence, BoilerplateSource, Duplicate, DuplicateKind, FileNote, Intake, SetAside,
    SetAsideKind, Skipped,
};
use crate::lineage::{Event, Fate, Lineage};
use crate::profile::{ClusterProfile, TechnologyUse, Term};
use crate::report::{Method, Placement, Report, SCHEMA_VERSION, Scores};
use crate::role::{Origin, Role, RoleId};

/// Ends a script block, opens an element, breaks out of a quote, splits a line of JavaScript,
/// turns the writing direction, starts a table cell and a heading.
pub(super) const HOSTILE: &str = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> \
     ' \" `x` \u{2028}\u{2029} \u{202e}gnp.exe\u{202c} | # *b* [l](javascript:alert(1)) &lt;";

/// `n` roles in `n_clusters` heaps on the map; the last role is noise, the one before repeats
/// the first. Role 1 is [`HOSTILE`] wherever text may stand.
pub(super) fn sample(n: usize, n_clusters: usize) -> (Report, Vec<Role>) {
    let id = |i: usize| {
        RoleId::new(format!("{}.{}", i % n_clusters.max(1) + 1, i / n_clusters.max(1) + 1))
    };
    let roles: Vec<Role> = (0..n)
        .map(|i| Role {
            id: id(i),
            title: if i == 1 { HOSTILE.into() } else { format!("岗位 role {i}") },
            description: if i == 1 {
                HOSTILE.into()
            } else {
                format!("负责集群 {i} 的稳定性。\nKeeps it up.")
            },
            stack: vec!["Kubernetes".into(), if i == 1 { HOSTILE.into() } else { "Go".into() }],
            section: Some(if i == 1 { HOSTILE.into() } else { format!("section {}", i % 2) }),
            origin: Origin { file: "postings.md".into(), line: i as u64 + 1 },
            facts: Default::default(),
            fields: BTreeMap::from([("city".to_string(), "杭州".to_string())]),
        })
        .collect();
    let name =
        |c: usize| if c == 1 { HOSTILE.to_string() } else { format!("GPU 集群 {c} · Volcano") };
    let cluster = |i: usize| (i + 1 < n || n == 1).then(|| ClusterId((i % n_clusters) as u32));
    let placements: Vec<Placement> = (0..n)
        .map(|i| Placement {
            id: id(i),
            title: roles[i].title.clone(),
            section: roles[i].section.clone(),
            cluster: cluster(i),
            cluster_name: cluster(i).map(|c| name(c.index())),
            strength: 1.0 - (i % 10) as f32 / 20.0,
            duplicate_of: (n > 2 && i == n - 2).then(|| id(0)),
        })
        .collect();
    let technology = |name: &str, kind: &str, count: usize, lift: f64| TechnologyUse {
        name: name.into(),
        label: name.into(),
        kind: kind.into(),
        count,
        share: count as f64 / n.max(1) as f64,
        lift,
    };
    let profiles: Vec<ClusterProfile> = (0..n_clusters)
        .map(|c| {
            let rows: Vec<usize> =
                (0..n).filter(|&i| cluster(i).is_some_and(|id| id.index() == c)).collect();
            ClusterProfile {
                id: ClusterId(c as u32),
                name: name(c),
                size: rows.len(),
                terms: vec![Term { term: "稳定性".into(), score: 1.5 }],
                technologies: vec![
                    technology("Kubernetes", "container", rows.len(), 1.0),
                    technology(
                        if c == 1 { HOSTILE } else { "Go" },
                        "language",
                        rows.len() / 2,
                        1.7,
                    ),
                ],
                exemplars: rows.iter().take(3).map(|&i| id(i)).collect(),
            }
        })
        .collect();
    let map = (0..n)
        .map(|i| {
            let c = i % n_clusters.max(1);
            let (x, y) = ((c % 8) as f32 * 10.0, (c / 8) as f32 * 10.0);
            let turn = i as f32 * 2.399_963;
            let radius = 3.0 * ((i * 7 % n) as f32 / n as f32).sqrt();
            [x + radius * turn.cos(), y + radius * turn.sin()]
        })
        .collect();
    let hierarchy = hierarchy(&placements, n_clusters);
    let report = Report {
        schema_version: SCHEMA_VERSION,
        written_by: "rolecluster test".into(),
        model: ModelFingerprint {
            name: "bundled".into(),
            revision: "local".into(),
            digest: "0123456789abcdef".into(),
            dimension: 384,
            dtype: "f32".into(),
            prompt: String::new(),
        },
        method: Method {
            algorithm: "kmeans".into(),
            parameters: BTreeMap::from([("k".to_string(), serde_json::json!(n_clusters))]),
            choice: vec![(2, 0.1), (n_clusters, 0.2)],
            warnings: vec!["a small change of k changes the picture".into()],
        },
        scores: Scores {
            n_clusters,
            silhouette: Some(0.2),
            noise_share: 1.0 / n.max(1) as f64,
            largest_share: 0.4,
            dbcv: Some(-0.3),
            dbcv_sample: Some(2000),
            stability: Some(0.7),
        },
        profiles,
        technologies: vec![
            technology("Kubernetes", "container", n, 1.0),
            technology("Go", "language", n / 2, 1.0),
            technology(HOSTILE, "rocket_engine", 1, 1.0),
        ],
        candidates: vec![("Mooncake".into(), 2), (HOSTILE.into(), 1)],
        intake: Intake {
            files: vec![FileNote {
                file: "postings.md".into(),
                format: "markdown".into(),
                encoding: "UTF-8".into(),
                roles: n,
                malformed: false,
                records: 0,
                columns: vec![],
                warnings: vec![],
            }],
            skipped: vec![Skipped { file: "-".into(), line: 7, reason: HOSTILE.into() }],
            skipped_total: 3,
            set_aside: vec![SetAside {
                file: "postings.md".into(),
                line: 1,
                heading: "通用要求".into(),
                kind: SetAsideKind::CommonRequirements,
                lines: vec!["- 本科".into(), HOSTILE.into()],
            }],
            boilerplate: vec![BoilerplateSentence {
                sentence: "良好的沟通能力".into(),
                count: 40,
                source: BoilerplateSource::Recurring,
            }],
            boilerplate_unlisted: 3,
            duplicates: placements
                .iter()
                .filter_map(|p| Some((p, p.duplicate_of.as_ref()?)))
                .map(|(p, of)| Duplicate {
                    role: p.id.clone(),
                    of: of.clone(),
                    kind: DuplicateKind::Near,
                    similarity: 0.93,
                })
                .collect(),
            shortened: vec![],
        },
        placements,
        raw_labels: None,
        hierarchy: Some(hierarchy),
        lineage: Some(Lineage {
            shared_roles: n / 2,
            events: vec![Event { fate: Fate::Gone, old: vec![ClusterId(3)], new: vec![] }],
        }),
        map: Some(map),
    };
    (report, roles)
}

/// The first two clusters make a direction, and the first one falls into two parts.
fn hierarchy(placements: &[Placement], n_clusters: usize) -> Hierarchy {
    let branch = |parent: Option<u32>, cluster: Option<usize>| Branch {
        parent,
        cluster: cluster.map(|c| ClusterId(c as u32)),
        size: 0,
        birth_distance: parent.map(|_| 0.9),
        death_distance: 0.5,
    };
    let mut branches = vec![branch(None, None), branch(Some(0), None)];
    branches.extend((0..n_clusters).map(|c| branch(Some(u32::from(c < 2)), Some(c))));
    let parts = [branches.len() as u32, branches.len() as u32 + 1];
    branches.extend([branch(Some(2), None), branch(Some(2), None)]);
    let at = |(row, placement): (usize, &Placement)| match placement.cluster {
        Some(ClusterId(0)) => parts[row % 2],
        Some(id) => id.0 + 2,
        None => 0,
    };
    let rows: Vec<u32> = placements.iter().enumerate().map(at).collect();
    let distances = (0..rows.len()).map(|row| 0.1 + row as f64 / 1000.0).collect();
    Hierarchy::new(branches, rows, distances)
}
