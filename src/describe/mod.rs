//! Describes clusters: names, typical words, technologies, exemplars.
//!
//! One file per part: `technology_matches` and `technology_counts` find and count the technologies that roles
//! name, `ctfidf` weighs the words typical of a cluster, `exemplars` picks sure members near
//! its centroid, `name_head` and `name` compose its name. All of them read text through one
//! lexicon, `data/lexicon/technologies.tsv` and `glossary.tsv`, so that `K8s` and `Kubernetes`,
//! `运维` and `operations` are counted as one.

mod ctfidf;
mod directions;
mod exemplars;
mod head_choice;
mod head_form;
#[cfg(test)]
mod judgement;
mod lexicon;
mod matcher;
mod meaning;
mod mentions;
mod name;
mod name_head;
mod name_language;
mod own_tables;
mod own_terms;
mod phrase_format;
mod read_rows;
mod remote;
mod sources;
mod standard_titles;
mod technology_counts;
mod technology_matches;
#[cfg(test)]
mod tests;
mod title_phrases;
mod title_text;
mod tokens;

pub use meaning::{EmbedPhrases, Meaning};
pub use mentions::{Mention, mentions, mentions_in_query, technology_spelt};
pub use own_tables::own_tables;
pub use own_terms::{OwnTerms, OwnTermsError};
pub use remote::{NameAnswers, NameCache, RemoteNamer, Renamed, rename};

use rayon::prelude::*;

use crate::clustering::{ClusterId, Clustering};
use crate::geometry::Matrix;
use crate::language::Language;
use crate::long_text::LongText;
use crate::profile::{ClusterProfile, Direction, TechnologyUse};
use crate::role::Role;
use name_language::NameLanguage;
use phrase_format::PhraseFormat;
use read_rows::ReadRows;
use technology_counts::{Mentioned, Technologies};
use tokens::Tokens;

/// How to describe clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribeParams {
    /// The language of names and terms; `None` takes the one most roles are written in, which for
    /// names may be another than the two that reports are written in.
    pub language: Option<Language>,
    /// Typical words kept per cluster.
    pub n_terms: usize,
    /// Exemplar roles per cluster.
    pub n_exemplars: usize,
    /// Unknown stack entries kept.
    pub n_candidates: usize,
    /// Where to ask for names by [`rename`]; `None` asks nobody. [`describe`] itself never
    /// leaves this machine.
    pub namer: Option<RemoteNamer>,
}

impl Default for DescribeParams {
    fn default() -> Self {
        DescribeParams {
            language: None,
            n_terms: 15,
            n_exemplars: 3,
            n_candidates: 200,
            namer: None,
        }
    }
}

/// What [`describe`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// The language of the report; names and terms may be in another, which most roles have.
    pub language: Language,
    /// One profile per cluster, by cluster id.
    pub profiles: Vec<ClusterProfile>,
    /// Groups of clusters, by direction id.
    pub directions: Vec<Direction>,
    /// Technologies over all roles, noise included, most asked-for first; lift is 1.
    pub technologies: Vec<TechnologyUse>,
    /// Stack entries the lexicon does not know, as most roles write them, with the number of
    /// roles that name them, most frequent first.
    pub candidates: Vec<(String, usize)>,
}

/// The technologies a role names in title, text or stack, by canonical name.
pub fn technologies_in(role: &Role) -> Vec<&'static str> {
    let known = technology_counts::of_role(role).known;
    known.into_iter().map(|entry| lexicon::lexicon().technologies[entry].name).collect()
}

/// The technologies a text names that may be prose or a bare list, such as a query: `Go, Volcano`
/// asks for the language. By canonical name.
pub fn technologies_in_text(text: &str) -> Vec<&'static str> {
    let entries = text.split([',', '，', '、', ' ']);
    let known = technology_counts::of_parts(&[text], entries).known;
    known.into_iter().map(|entry| lexicon::lexicon().technologies[entry].name).collect()
}

/// Roles and what is left of their texts after cleaning, one of each.
#[derive(Debug, Clone, Copy)]
pub struct Postings<'a> {
    /// The roles.
    pub roles: &'a [Role],
    /// A text per role.
    pub texts: &'a [LongText],
}

/// Describes every cluster: name, typical words, technologies, exemplars.
///
/// `texts` are the roles' texts freed of boilerplate, `vectors` their unit rows; both, and
/// the labels, are aligned with `roles`. Technologies are looked for in the roles as they
/// were read, since a sentence said by everyone still asks for what it names; names and typical words
/// are those of a sample where there are more than 200,000 roles. The result
/// does not depend on the order of the rows, as long as the cluster ids do not. `meaning` lets names
/// be chosen by what they mean beside what they say; its default does without.
///
/// # Panics
/// If `texts`, `clustering` or `vectors` is not as long as `roles`.
pub fn describe(
    Postings { roles, texts }: Postings<'_>,
    clustering: &Clustering,
    vectors: &Matrix,
    params: &DescribeParams,
    meaning: &Meaning,
) -> Description {
    assert_eq!(roles.len(), texts.len(), "one text per role");
    assert_eq!(roles.len(), clustering.labels().len(), "one label per role");
    assert_eq!(roles.len(), vectors.rows(), "one vector per role");
    let members = clustering.members();

    let mentioned = Mentioned::by(roles);
    let read = ReadRows::of(roles, &members);
    let tokens = Tokens::new(roles, texts, read.rows());
    let vectors_read = read.vectors(vectors);
    let language =
        params.language.unwrap_or_else(|| Language::of_most(texts.iter().map(LongText::as_str)));
    let named_in = NameLanguage::new(params.language, language, &tokens.languages);
    let technologies = Technologies::new(&mentioned, &members, language);
    let wording = PhraseFormat::new(&tokens, named_in);
    let named = |technologies: &_, typical: &[_], members: &[_]| {
        let (tokens, wording) = (&tokens, &wording);
        let sources = sources::Sources { tokens, technologies, typical, members, wording };
        name::names(&sources, &vectors_read, meaning)
    };
    let members_read = read.places(&members);
    let typical = ctfidf::typical(&tokens, &members_read);
    let names = named(&technologies, &typical, &members_read);

    let exemplars =
        exemplars::Exemplars { roles, texts, vectors, strengths: clustering.strengths() };
    let profile = |(at, name): (usize, String)| ClusterProfile {
        id: ClusterId(at as u32),
        name,
        size: members[at].len(),
        terms: ctfidf::terms(&typical[at], &wording, params.n_terms),
        technologies: technologies.of_cluster(at),
        exemplars: exemplars.of_cluster(&members[at], params.n_exemplars),
        direction: clustering.direction_of(ClusterId(at as u32)),
        certainty: clustering.certainty(ClusterId(at as u32)),
        by_hand: Vec::new(),
    };
    let profiles: Vec<ClusterProfile> = names.into_par_iter().enumerate().map(profile).collect();
    Description {
        directions: directions::describe(&profiles, clustering, |members| {
            let technologies = Technologies::new(&mentioned, members, language);
            let members = read.places(members);
            named(&technologies, &ctfidf::typical(&tokens, &members), &members)
        }),
        language,
        profiles,
        technologies: technologies.overall(),
        candidates: mentioned.candidates(params.n_candidates),
    }
}
