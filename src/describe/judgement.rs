//! Whether names find what they name, on the groups of `tests/fixtures/names`.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::head_form::is_tool_name;
use super::meaning::Centroids;
use super::*;
use crate::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use crate::occupations::Occupations;
use crate::progress::Silent;
use crate::role::{Origin, RoleId};

#[derive(Deserialize)]
struct Member {
    lang: String,
    group: String,
    title: String,
    text: String,
}

static ENCODER: LazyLock<Encoder> = LazyLock::new(|| {
    let files = ModelFiles::resolve(&Source::Bundled, None).unwrap();
    Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), Dtype::Auto).unwrap()
});

fn embed(texts: &[String]) -> Option<Matrix> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Some(ENCODER.encode(&texts, None, &Silent).unwrap())
}

fn head(name: &str) -> &str {
    name.split(" · ").next().unwrap_or_default()
}

/// The groups of a file, named together.
struct Judged {
    /// As in the file.
    groups: Vec<(String, String)>,
    names: Vec<String>,
    centroids: Centroids,
}

impl Judged {
    fn new(file: &str, language: Language) -> Self {
        let members: Vec<Member> =
            file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut numbers: BTreeMap<(String, String), usize> = BTreeMap::new();
        let raw: Vec<Option<usize>> = members
            .iter()
            .map(|member| {
                let next = numbers.len();
                let key = (member.lang.clone(), member.group.clone());
                Some(*numbers.entry(key).or_insert(next))
            })
            .collect();
        let roles: Vec<Role> = members.iter().enumerate().map(|(n, m)| role(n, m)).collect();
        let texts: Vec<String> = roles.iter().map(Role::text).collect();
        let vectors = embed(&texts).unwrap();
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; raw.len()]);
        let model = ENCODER.fingerprint(None).unwrap();
        let meaning = Meaning {
            vectors: None,
            embed: Some(&embed),
            occupations: Occupations::of_model(&model),
        };
        let params = DescribeParams { language: Some(language), ..DescribeParams::default() };
        let found = describe(&roles, &texts, &clustering, &vectors, &params, &meaning);
        let members_of = clustering.members();
        let group = |rows: &Vec<usize>| {
            let Member { lang, group, .. } = &members[rows[0]];
            (lang.clone(), group.clone())
        };
        Judged {
            groups: members_of.iter().map(group).collect(),
            names: found.profiles.into_iter().map(|profile| profile.name).collect(),
            centroids: Centroids::new(&vectors, &members_of),
        }
    }

    /// The share of the groups whose name, as `shown`, is nearest their own centroid.
    fn recall(&self, shown: impl Fn(&str) -> &str) -> f64 {
        let shown: Vec<String> = self.names.iter().map(|name| shown(name).to_string()).collect();
        let vectors = embed(&shown).unwrap();
        let finds = |cluster: &usize| self.centroids.margin(*cluster, vectors.row(*cluster)) > 0.0;
        (0..shown.len()).filter(finds).count() as f64 / shown.len() as f64
    }

    /// What must not be: one head for two groups, a lone tool, an entry of `never.txt`.
    fn faults(&self) -> Vec<String> {
        let never: HashSet<&str> =
            include_str!("../../tests/fixtures/names/never.txt").lines().collect();
        let mut seen = HashSet::new();
        let is_fault = |name: &&String| {
            let head = head(name);
            let folded = head.to_lowercase();
            let tool = is_tool_name(head);
            let cut =
                head.chars().next().is_some_and(unicode_normalization::char::is_combining_mark);
            !seen.insert(folded.clone()) || never.contains(&*folded) || tool || cut
        };
        self.names.iter().filter(is_fault).cloned().collect()
    }

    fn listed(&self) -> String {
        let line = |((lang, group), name): (&(String, String), &String)| {
            format!("{lang} {group}: {name}\n")
        };
        self.groups.iter().zip(&self.names).map(line).collect()
    }
}

fn role(n: usize, member: &Member) -> Role {
    Role {
        id: RoleId::new(n.to_string()),
        title: member.title.clone(),
        description: member.text.clone(),
        stack: Vec::new(),
        section: None,
        origin: Origin::default(),
        facts: Default::default(),
        fields: BTreeMap::new(),
    }
}

const GROUPS: &str = include_str!("../../tests/fixtures/names/groups.jsonl");
const ORDINARY: &str = include_str!("../../tests/fixtures/names/ordinary.jsonl");

#[test]
fn names_find_their_groups() {
    for language in [Language::En, Language::Zh] {
        let judged = Judged::new(GROUPS, language);
        assert!(judged.groups.len() >= 60);
        let (whole, heads) = (judged.recall(|name| name), judged.recall(head));
        let list = judged.listed();

        assert!(whole >= 0.8 && heads >= 0.8, "{whole} {heads}\n{list}");
        assert_eq!(judged.faults(), [""; 0], "{list}");
    }
}

#[test]
fn ordinary_postings_get_no_odd_heads() {
    for language in [Language::En, Language::Zh] {
        let judged = Judged::new(ORDINARY, language);

        assert_eq!(judged.faults(), [""; 0], "{}", judged.listed());
    }
}

#[test]
fn the_table_of_occupations_was_made_by_the_bundled_model() {
    let model = ENCODER.fingerprint(None).unwrap();
    let table = Occupations::of_model(&model).expect("run data/occupations/build.py none");
    // A few rows anew, from their labels.
    for row in (0..table.rows().len()).step_by(table.rows().len() / 12) {
        let labels: Vec<String> = table.labels(row).map(|(_, label)| label.to_string()).collect();
        let mut mean = Matrix::zeros(1, model.dimension);
        for vector in embed(&labels).unwrap().iter_rows() {
            mean.row_mut(0).iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
        }
        mean.normalize_rows();
        let cosine = crate::geometry::inner_product(mean.row(0), table.vectors().row(row));
        assert!(cosine > 0.999, "{}: {cosine}", table.rows()[row].code);
    }
}
