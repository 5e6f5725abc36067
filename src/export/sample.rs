//! A small report with everything in it, some of it hostile, for the tests of this folder.

use std::collections::BTreeMap;

use crate::clustering::{ClusterId, DirectionId, Share};
use crate::digest_tables::{
    CountGroup, CountRow, CountTable, DigestTables, Figure, StatedRequirement, SummaryEntry,
    SummaryKind, SummaryTable,
};
use crate::embeddings::ModelFingerprint;
use crate::group_codes::{GroupCode, GroupCodes};
use crate::hierarchy::{Branch, Hierarchy};
use crate::intake::{
    BoilerplateSentence, BoilerplateSource, Duplicate, DuplicateKind, FileNote, Intake, SetAside,
    SetAsideKind, SimilarPair, SimilarPairs, Skipped,
};
use crate::lineage::{Event, Fate, Lineage};
use crate::profile::{ClusterProfile, Direction, TechnologyUse, Term};
use crate::report::{Method, Placement, Report, SCHEMA_VERSION, Scores};
use crate::role::{Origin, Role, RoleId};

/// Ends a script block, opens an element, breaks out of a quote, splits a line of JavaScript,
/// turns the writing direction, starts a table cell and a heading.
pub(super) const HOSTILE: &str = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> \
     ' \" `x` \u{2028}\u{2029} \u{202e}gnp.exe\u{202c} | # *b* [l](javascript:alert(1)) &lt;";

/// `n` roles in `n_clusters` heaps on the map; the last role is noise, the one before repeats
/// the first. Role 1 is [`HOSTILE`] wherever text may stand.
pub(super) fn sample(n: usize, n_clusters: usize) -> (Report, Vec<Role>) {
    let size = Size { n, n_clusters };
    let roles: Vec<Role> = (0..n).map(|i| size.role(i)).collect();
    let placements: Vec<Placement> =
        roles.iter().enumerate().map(|(i, r)| size.place(i, r)).collect();
    let report = Report {
        schema_version: SCHEMA_VERSION,
        written_by: "rolecluster test".into(),
        model: model(),
        method: method(n_clusters),
        scores: scores(n, n_clusters),
        profiles: (0..n_clusters).map(|c| size.profile(c)).collect(),
        directions: size.directions(&placements),
        technologies: vec![
            size.technology("Kubernetes", "container", n, 1.0),
            size.technology("Go", "language", n / 2, 1.0),
            size.technology(HOSTILE, "rocket_engine", 1, 1.0),
        ],
        candidates: vec![("Mooncake".into(), 2), (HOSTILE.into(), 1)],
        intake: intake(n, &placements),
        digest_tables: digest_tables(n),
        hierarchy: Some(hierarchy(&placements, n_clusters)),
        placements,
        raw_labels: None,
        lineage: Some(Lineage {
            shared_roles: n / 2,
            events: vec![Event { fate: Fate::Gone, old: vec![ClusterId(3)], new: vec![] }],
        }),
        corrections: vec![],
        language: None,
        codes: Some(codes(n_clusters)),
        over_time: None,
        map: Some((0..n).map(|i| size.point(i)).collect()),
    };
    (report, roles)
}

/// How many roles and clusters there are.
struct Size {
    n: usize,
    n_clusters: usize,
}

impl Size {
    fn id(&self, i: usize) -> RoleId {
        let n_clusters = self.n_clusters.max(1);
        RoleId::new(format!("{}.{}", i % n_clusters + 1, i / n_clusters + 1))
    }

    fn cluster(&self, i: usize) -> Option<ClusterId> {
        (i + 1 < self.n || self.n == 1).then(|| ClusterId((i % self.n_clusters) as u32))
    }

    fn role(&self, i: usize) -> Role {
        let text = |text: String| if i == 1 { HOSTILE.to_string() } else { text };
        Role {
            id: self.id(i),
            title: text(format!("岗位 role {i}")).into(),
            description: text(format!("负责集群 {i} 的稳定性。\nKeeps it up.")).into(),
            stack: vec!["Kubernetes".into(), text("Go".into()).into()],
            section: Some(text(format!("section {}", i % 2)).into()),
            origin: Origin { file: "postings.md".into(), line: i as u64 + 1 },
            fields: BTreeMap::from([("city".to_string(), "杭州".to_string())]).into(),
            ..Role::default()
        }
    }

    fn place(&self, i: usize, role: &Role) -> Placement {
        Placement {
            id: role.id.clone(),
            title: role.title.clone(),
            section: role.section.clone(),
            cluster: self.cluster(i),
            cluster_name: self.cluster(i).map(|c| name(c.index()).into()),
            direction: self.cluster(i).map(|c| direction(c.index())),
            direction_name: self.cluster(i).map(|c| direction_name(direction(c.index())).into()),
            direction_source: None,
            by_hand: None,
            strength: 1.0 - (i % 10) as f32 / 20.0,
            shares: self
                .cluster(i)
                .map(|cluster| Share { cluster, share: 0.5 })
                .into_iter()
                .collect(),
            between: None,
            duplicate_of: (self.n > 2 && i == self.n - 2).then(|| self.id(0)),
        }
    }

    fn technology(&self, name: &str, kind: &str, count: usize, lift: f64) -> TechnologyUse {
        TechnologyUse {
            name: name.into(),
            label: name.into(),
            kind: kind.into(),
            count,
            share: count as f64 / self.n.max(1) as f64,
            lift,
        }
    }

    fn profile(&self, c: usize) -> ClusterProfile {
        let is_in = |&i: &usize| self.cluster(i).is_some_and(|id| id.index() == c);
        let rows: Vec<usize> = (0..self.n).filter(is_in).collect();
        let second = if c == 1 { HOSTILE } else { "Go" };
        ClusterProfile {
            id: ClusterId(c as u32),
            name: name(c),
            size: rows.len(),
            terms: vec![Term { term: "稳定性".into(), score: 1.5 }],
            technologies: vec![
                self.technology("Kubernetes", "container", rows.len(), 1.0),
                self.technology(second, "language", rows.len() / 2, 1.7),
            ],
            exemplars: rows.iter().take(3).map(|&i| self.id(i)).collect(),
            direction: Some(direction(c)),
            certainty: Some(0.75),
            by_hand: vec![],
        }
    }

    fn directions(&self, placements: &[Placement]) -> Vec<Direction> {
        let describe = |d: usize| {
            let id = DirectionId(d as u32);
            Direction {
                id,
                name: direction_name(id),
                size: placements.iter().filter(|p| p.direction == Some(id)).count(),
                clusters: (2 * d..(2 * d + 2).min(self.n_clusters))
                    .map(|c| ClusterId(c as u32))
                    .collect(),
                source: None,
                by_hand: vec![],
            }
        };
        (0..self.n_clusters.div_ceil(2)).map(describe).collect()
    }

    fn point(&self, i: usize) -> [f32; 2] {
        let c = i % self.n_clusters.max(1);
        let (x, y) = ((c % 8) as f32 * 10.0, (c / 8) as f32 * 10.0);
        let turn = i as f32 * 2.399_963;
        let radius = 3.0 * ((i * 7 % self.n) as f32 / self.n as f32).sqrt();
        [x + radius * turn.cos(), y + radius * turn.sin()]
    }
}

fn name(c: usize) -> String {
    if c == 1 { HOSTILE.to_string() } else { format!("GPU 集群 {c} · Volcano") }
}

/// Clusters by twos make a direction.
fn direction(c: usize) -> DirectionId {
    DirectionId((c / 2) as u32)
}

fn direction_name(id: DirectionId) -> String {
    format!("方向 {}", id.0 + 1)
}

fn model() -> ModelFingerprint {
    ModelFingerprint {
        name: "bundled".into(),
        revision: "local".into(),
        digest: "0123456789abcdef".into(),
        dimension: 384,
        dtype: "f32".into(),
        prompt: String::new(),
    }
}

fn method(n_clusters: usize) -> Method {
    Method {
        algorithm: "kmeans".into(),
        parameters: BTreeMap::from([("k".to_string(), serde_json::json!(n_clusters))]),
        choice: vec![(2, 0.1), (n_clusters, 0.2)],
        warnings: vec!["a small change of k changes the picture".into()],
    }
}

fn scores(n: usize, n_clusters: usize) -> Scores {
    Scores {
        n_clusters,
        silhouette: Some(0.2),
        noise_share: 1.0 / n.max(1) as f64,
        largest_share: 0.4,
        dbcv: Some(-0.3),
        dbcv_sample: Some(2000),
        stability: Some(0.7),
    }
}

fn intake(n: usize, placements: &[Placement]) -> Intake {
    let duplicate = |placement: &Placement| {
        Some(Duplicate {
            role: placement.id.clone(),
            of: placement.duplicate_of.clone()?,
            kind: DuplicateKind::Near,
            similarity: 0.93,
        })
    };
    Intake {
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
            section: None,
            kind: SetAsideKind::CommonRequirements,
            lines: vec!["- 本科".into(), HOSTILE.into()],
        }],
        boilerplate: vec![BoilerplateSentence {
            sentence: "良好的沟通能力".into(),
            count: 40,
            source: BoilerplateSource::Recurring,
        }],
        boilerplate_unlisted: 3,
        duplicates: placements.iter().filter_map(duplicate).collect(),
        similar: similar(placements),
        shortened: vec![],
    }
}

fn digest_tables(n: usize) -> DigestTables {
    let (file, line) = ("postings.md".to_string(), 90);
    let count = |label: &str, stated: f64| CountRow {
        label: label.into(),
        stated: Figure { value: stated, percent: false },
        roles: n,
        share: 1.0,
        technologies: vec![label.into()],
    };
    let group = CountGroup {
        name: "容器".into(),
        stated: Some(Figure { value: 200.0, percent: false }),
        mentions: n,
        rows: vec![count("Kubernetes/K8s", 150.0), count(HOSTILE, 3.0)],
    };
    let entry = |label: &str, roles| SummaryEntry { label: label.into(), roles };
    let kind = SummaryKind {
        name: "编程语言".into(),
        entries: vec![entry("Go", n / 2), entry("Rust", 0), entry(HOSTILE, 1)],
    };
    DigestTables {
        counts: vec![CountTable {
            file: file.clone(),
            line,
            heading: "技术频率统计".into(),
            groups: vec![group],
        }],
        summaries: vec![SummaryTable {
            file: file.clone(),
            line,
            heading: "技术汇总".into(),
            section: Some(HOSTILE.into()),
            n_roles: n,
            kinds: vec![kind],
            unlisted: vec![entry("Kubernetes", n)],
        }],
        requirements: vec![
            StatedRequirement { file: file.clone(), line: 1, text: "本科".into(), roles: 4 },
            StatedRequirement { file, line: 1, text: HOSTILE.into(), roles: 0 },
        ],
    }
}

fn similar(placements: &[Placement]) -> SimilarPairs {
    let pair = |of: &[Placement]| SimilarPair {
        first: of[0].id.clone(),
        second: of[1].id.clone(),
        similarity: 0.42,
    };
    let pairs = placements.chunks_exact(2).take(2).map(pair).collect();
    SimilarPairs { least: 0.25, pairs, unlisted: 7 }
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

/// The first cluster and direction have codes, the others none.
fn codes(n_clusters: usize) -> GroupCodes {
    let code = |code: &str, title: &str, score: f64| GroupCode {
        code: code.into(),
        title: title.into(),
        score,
        share: 0.5,
        isco: Some("2522".into()),
    };
    let near = vec![code("esco:1", "ICT system administrator", 0.75), code("esco:2", HOSTILE, 0.5)];
    let mut clusters = vec![Vec::new(); n_clusters];
    let mut directions = vec![Vec::new(); n_clusters.div_ceil(2)];
    if let (Some(cluster), Some(direction)) = (clusters.first_mut(), directions.first_mut()) {
        cluster.clone_from(&near);
        direction.clone_from(&near);
    }
    GroupCodes { standard: "esco".into(), least_score: 0.4, clusters, directions }
}
