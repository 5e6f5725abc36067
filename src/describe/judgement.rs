//! Whether names find what they name, on the groups of `tests/fixtures/names`.

// What is printed is seen when a test fails, or with `--no-capture`.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::head_form::is_tool_name;
use super::meaning::Centroids;
use super::*;
use crate::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use crate::occupations::Occupations;
use crate::progress::Silent;
use crate::role::RoleId;

#[derive(Clone, Deserialize)]
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
    fn new(members: &[Member], language: Option<Language>) -> Self {
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
        let texts: Vec<LongText> = texts.into_iter().map(LongText::from).collect();
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; raw.len()]);
        let model = ENCODER.fingerprint(None).unwrap();
        let meaning = Meaning {
            vectors: None,
            embed: Some(&embed),
            occupations: Occupations::of_model(&model),
        };
        let params = DescribeParams { language, ..DescribeParams::default() };
        let found = describe(
            Postings { roles: &roles, texts: &texts },
            &clustering,
            &vectors,
            &params,
            &meaning,
        );
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

    /// How many of the groups have a name that, as `shown`, is nearest their own centroid among all of
    /// these groups.
    fn found(&self, all: &Judged, shown: impl Fn(&str) -> &str) -> usize {
        let shown: Vec<String> = self.names.iter().map(|name| shown(name).to_string()).collect();
        let vectors = embed(&shown).unwrap();
        let finds = |(group, vector): &(&(String, String), &[f32])| {
            let cluster = all.groups.iter().position(|other| other == *group).unwrap();
            all.centroids.margin(cluster, vector) > 0.0
        };
        self.groups.iter().zip(vectors.iter_rows()).filter(finds).count()
    }

    /// Those of the groups whose heads are nearer to another group.
    fn missed(&self) -> String {
        let heads: Vec<String> = self.names.iter().map(|name| head(name).to_string()).collect();
        let vectors = embed(&heads).unwrap();
        let is_missed = |at: &usize| self.centroids.margin(*at, vectors.row(*at)) <= 0.0;
        let missed = (0..heads.len()).filter(is_missed);
        missed.map(|at| format!("{}: {}\n", self.groups[at].1, heads[at])).collect()
    }

    /// What must not be: one head for two groups, a lone tool, an entry of `never.txt`.
    fn faults(&self) -> Vec<String> {
        let never: HashSet<&str> =
            include_str!("../../tests/fixtures/names/never.txt").lines().collect();
        let mut seen = HashSet::new();
        let is_fault = |name: &&String| {
            let head = head(name);
            let none = head.starts_with("Group ") || head.starts_with('第');
            let folded = head.to_lowercase();
            let tool = is_tool_name(head);
            let cut =
                head.chars().next().is_some_and(unicode_normalization::char::is_combining_mark);
            none || !seen.insert(folded.clone()) || never.contains(&*folded) || tool || cut
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
        title: member.title.as_str().into(),
        description: member.text.as_str().into(),
        ..Role::default()
    }
}

fn members(file: &str) -> Vec<Member> {
    file.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The members of each language, languages in the order of their codes.
fn by_language(members: &[Member]) -> BTreeMap<&str, Vec<Member>> {
    let mut of_language: BTreeMap<&str, Vec<Member>> = BTreeMap::new();
    for member in members {
        of_language.entry(&member.lang).or_default().push(member.clone());
    }
    of_language
}

const GROUPS: &str = include_str!("../../tests/fixtures/names/groups.jsonl");
const ORDINARY: &str = include_str!("../../tests/fixtures/names/ordinary.jsonl");
const TRADES: &str = include_str!("../../tests/fixtures/names/trades.jsonl");

#[test]
fn names_find_their_groups() {
    for language in [Language::En, Language::Zh] {
        let judged = Judged::new(&members(GROUPS), Some(language));
        let n = judged.groups.len();
        assert!(n >= 60);
        let (whole, heads) = (judged.found(&judged, |name| name), judged.found(&judged, head));
        let list = judged.listed();
        println!("{language:?}: names {whole}, heads {heads} of {n}\n{list}");
        println!("missed:\n{}", judged.missed());

        assert!(5 * whole >= 4 * n && 5 * heads >= 4 * n, "{whole} {heads}\n{list}");
        assert_eq!(judged.faults(), [""; 0], "{list}");
    }
}

#[test]
fn names_in_the_language_of_their_postings_find_their_groups() {
    let all = members(GROUPS);
    let among = Judged::new(&all, Some(Language::En));
    let mut found = 0;
    for (language, members) in by_language(&all) {
        let judged = Judged::new(&members, None);
        let (whole, heads) = (judged.found(&among, |name| name), judged.found(&among, head));
        let list = judged.listed();
        println!("{language}: names {whole}, heads {heads} of {}\n{list}", judged.groups.len());

        assert_eq!(judged.faults(), [""; 0], "{list}");
        found += heads;
    }
    println!("{found} of {}", among.groups.len());
    assert!(5 * found >= 4 * among.groups.len(), "{found}");
}

#[test]
fn ordinary_postings_get_no_odd_heads() {
    for language in [Language::En, Language::Zh] {
        let judged = Judged::new(&members(ORDINARY), Some(language));
        println!("{}", judged.listed());

        assert_eq!(judged.faults(), [""; 0], "{}", judged.listed());
    }
}

#[test]
fn trades_are_named_in_the_language_of_their_postings() {
    let all = members(TRADES);
    for (language, members) in by_language(&all) {
        for asked in [None, Some(Language::En), Some(Language::Zh)] {
            let judged = Judged::new(&members, asked);
            println!("{asked:?}\n{}", judged.listed());

            assert_eq!(judged.faults(), [""; 0], "{language} {}", judged.listed());
        }
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
