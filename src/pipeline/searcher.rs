//! Searches a run folder: a query or a known role -> the roles most like it.

use std::sync::Mutex;

use super::cluster_names::ClusterNames;
use super::lazy::{Lazy, lock};
use super::model_settings::QueryModel;
use super::query::{Explain, Hit, Query, SearchOptions};
use super::role_source::RoleSource;
use super::search_sources::{VectorSource, WordSource};
use crate::clustering::{Clustering, Label};
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::Silent;
use crate::role::{Role, RoleId};
use crate::search::{
    Candidate, ExactIndex, Filter, Mode, Neighbor, QueryTerms, RoleAttributes, RowFilter, Target,
    fuse, parts_of, sentences_of,
};
use crate::store::{Part, RolePart, RunFolder};

/// Weight of the unwanted text in a query (J. J. Rocchio, "Relevance feedback in information
/// retrieval", 1971). Usual values lie between 0.15 and 0.5; a text that was written down as
/// unwanted gets the largest of them.
const UNWANTED_WEIGHT: f32 = 0.5;

/// What every hit shows of its role.
const SHOWN: &[RolePart] = &[RolePart::Id, RolePart::Title, RolePart::Section];
/// The same and what an explanation needs.
const EXPLAINED: &[RolePart] =
    &[RolePart::Id, RolePart::Title, RolePart::Section, RolePart::Description, RolePart::Stack];

/// A run folder opened for searching, by any number of threads at once. The model is loaded for
/// the first text that needs it, and roles are read as an answer needs them, unless
/// [`Searcher::prepare`] was called.
pub struct Searcher {
    run: RunFolder,
    pub(super) roles: RoleSource,
    pub(super) vectors: VectorSource,
    pub(super) clustering: Option<Clustering>,
    pub(super) names: ClusterNames,
    model: QueryModel,
    encoder: Lazy<Encoder>,
    words: Lazy<WordSource>,
    pub(super) attributes: RoleAttributes,
    notes: Mutex<Vec<String>>,
}

/// A query after it was embedded or looked up.
struct Resolved {
    text: String,
    /// Empty in lexical mode.
    vector: Vec<f32>,
    /// The row of the role that others shall be like.
    itself: Option<usize>,
}

impl Searcher {
    /// Opens a run folder, clustered or not.
    ///
    /// # Errors
    /// When the folder holds no vectors, or a file of it is damaged.
    pub fn open(run: &RunFolder, model: QueryModel) -> Result<Self, Error> {
        let (clustering, names) = if run.has(Part::Clustering) && run.has(Part::Report) {
            (Some(run.json(Part::Clustering)?), ClusterNames::load(run)?)
        } else {
            (None, ClusterNames::default())
        };
        let (roles, mut notes) = (RoleSource::open(run)?, Vec::new());
        let vectors = VectorSource::open(run, roles.len(), &mut notes)?;
        Ok(Searcher {
            run: run.clone(),
            roles,
            vectors,
            clustering,
            names,
            model,
            encoder: Lazy::default(),
            words: Lazy::default(),
            attributes: RoleAttributes::default(),
            notes: Mutex::new(notes),
        })
    }

    /// Messages for the user about indexes that were not used; each is returned once.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.notes))
    }

    /// The best roles for a query, best first. In lexical mode roles that share no word with it
    /// are left out.
    ///
    /// # Errors
    /// When the model cannot be loaded or is no longer the one that made the vectors, no role has
    /// the id asked for, or a filter names a field that no role has.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Hit>, Error> {
        let target = self.resolve(query, options)?;
        let found = self.rank(&target, options)?;
        if found.is_empty() {
            self.refuse_unknown_columns(&options.filters)?;
        }
        let rows: Vec<usize> = found.iter().map(|neighbor| neighbor.row).collect();
        let parts = if options.explain == Explain::No { SHOWN } else { EXPLAINED };
        let roles = self.roles.some(parts, &rows, |_, role, _| role.clone())?;
        let ranked = found.iter().zip(&roles).enumerate();
        let mut hits: Vec<Hit> = ranked.map(|(at, (n, role))| self.hit(at + 1, n, role)).collect();
        if options.explain != Explain::No {
            self.explain(&target, options.explain, &rows, &roles, &mut hits)?;
        }
        Ok(hits)
    }

    /// The scores of every role as an answer to "like this role": hybrid, semantic and lexical.
    pub(super) fn scores_like(&self, row: usize) -> Result<[Vec<f32>; 3], Error> {
        let words = self.word_scores(&self.roles.text(row)?, &SearchOptions::default())?;
        let cosines = self.vectors.scores(&self.vectors.row(row)?)?;
        Ok([fuse(&cosines, &words), cosines, words])
    }

    fn resolve(&self, query: &Query, options: &SearchOptions) -> Result<Resolved, Error> {
        let (text, mut vector, itself) = match query {
            // Without vectors there is no need for the model.
            Query::Text(text) if options.mode == Mode::Lexical => (text.clone(), Vec::new(), None),
            Query::Text(text) => (text.clone(), self.embed(&[text])?.into_vec(), None),
            Query::Like(id) => {
                let row = self.roles.row_of(id)?.ok_or_else(|| Error::NoSuchRole(id.clone()))?;
                (self.roles.text(row)?, self.vectors.row(row)?, Some(row))
            }
        };
        if let (Some(unwanted), false) = (&options.not, vector.is_empty()) {
            let unwanted = self.embed(&[unwanted])?.into_vec();
            for (wanted, unwanted) in vector.iter_mut().zip(&unwanted) {
                *wanted -= UNWANTED_WEIGHT * unwanted;
            }
            let mut row = Matrix::new(1, vector.len(), vector)?;
            row.normalize_rows();
            vector = row.into_vec();
        }
        Ok(Resolved { text, vector, itself })
    }

    fn rank(&self, target: &Resolved, options: &SearchOptions) -> Result<Vec<Neighbor>, Error> {
        let word_scores = match options.mode {
            Mode::Semantic => Vec::new(),
            Mode::Hybrid | Mode::Lexical => self.word_scores(&target.text, options)?,
        };
        let filters = &options.filters;
        let parts = parts_of(filters);
        let mut passing = |rows: &[usize]| {
            self.roles.some(&parts, rows, |row, role, text| {
                let candidate = self.candidate(row, role, text);
                filters.iter().all(|filter| filter.passes(&candidate))
            })
        };
        let filter: Option<&mut RowFilter<'_, Error>> =
            if filters.is_empty() { None } else { Some(&mut passing) };
        let target =
            Target { vector: &target.vector, word_scores: &word_scores, excluded: target.itself };
        self.vectors.rank(&target, options.mode, options.k, filter)
    }

    /// The inverted index, opened at the first call.
    pub(super) fn words(&self) -> Result<&WordSource, Error> {
        self.words.get_or_load(|| {
            let mut notes = Vec::new();
            let words = WordSource::open(&self.run, &self.roles, &mut notes)?;
            lock(&self.notes).append(&mut notes);
            Ok(words)
        })
    }

    /// The BM25 score of every role, less that of the unwanted text.
    fn word_scores(&self, text: &str, options: &SearchOptions) -> Result<Vec<f32>, Error> {
        let index = self.words()?;
        let mut scores = index.scores(text)?;
        if let Some(unwanted) = &options.not {
            let unwanted = index.scores(unwanted)?;
            scores.iter_mut().zip(unwanted).for_each(|(s, u)| *s = (*s - u).max(0.0));
        }
        Ok(scores)
    }

    fn candidate<'a>(&'a self, row: usize, role: &'a Role, text: &'a str) -> Candidate<'a> {
        let cluster = self.label(row);
        let (attributes, cluster_name) = (&self.attributes, self.names.of(cluster));
        Candidate { row, role, text, attributes, cluster, cluster_name }
    }

    pub(super) fn label(&self, row: usize) -> Label {
        self.clustering.as_ref().and_then(|found| found.labels().get(row).copied().flatten())
    }

    fn hit(&self, rank: usize, neighbor: &Neighbor, role: &Role) -> Hit {
        let cluster = self.label(neighbor.row);
        Hit {
            rank,
            id: role.id.clone(),
            title: role.title.clone(),
            score: neighbor.score,
            cluster,
            cluster_name: self.names.of(cluster).map(str::to_string),
            section: role.section.clone(),
            explanation: None,
        }
    }

    /// Adds explanations to `hits`, which are of `roles`, which stand at `rows`.
    fn explain(
        &self,
        target: &Resolved,
        explain: Explain,
        rows: &[usize],
        roles: &[Role],
        hits: &mut [Hit],
    ) -> Result<(), Error> {
        let terms = QueryTerms::of(&target.text);
        let vector = match (explain, target.vector.as_slice()) {
            // In lexical mode the query has not been embedded yet.
            (Explain::Yes, []) => Some(self.embed(&[&target.text])?.into_vec()),
            (Explain::Yes, vector) => Some(vector.to_vec()),
            _ => None,
        };
        for ((hit, role), &row) in hits.iter_mut().zip(roles).zip(rows) {
            let technologies = self.attributes.technologies(row, role);
            hit.explanation = Some(match &vector {
                Some(vector) => {
                    let sentences = sentences_of(role);
                    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
                    let similarities = ExactIndex::new(&self.embed(&sentences)?).scores(vector);
                    terms.by_meaning(role, &technologies, &sentences, &similarities)
                }
                None => terms.by_words(role, &technologies),
            });
        }
        Ok(())
    }

    /// Refuses a filter on a column that no role has. Called when nothing was found: a hit has
    /// the columns of all filters.
    fn refuse_unknown_columns(&self, filters: &[Filter]) -> Result<(), Error> {
        for column in filters.iter().filter_map(Filter::column) {
            let roles = self.roles()?;
            if !roles.iter().any(|role| role.fields.contains_key(column)) {
                return Err(Error::no_such_field(column, roles));
            }
        }
        Ok(())
    }

    fn embed(&self, texts: &[&str]) -> Result<Matrix, Error> {
        let encoder = self.encoder()?;
        let prompt = match &self.model.prompt_name {
            Some(name) => Some(name.as_str()),
            None => encoder.prompt_names().into_iter().find(|name| *name == "query"),
        };
        Ok(encoder.encode(texts, prompt, &Silent)?)
    }

    pub(super) fn encoder(&self) -> Result<&Encoder, Error> {
        self.encoder.get_or_load(|| self.model.load(self.vectors.model()))
    }
}

/// The ids of the `k` nearest other roles of every role, in row order.
pub fn neighbor_ids(run: &RunFolder, k: usize) -> Result<Vec<Vec<RoleId>>, Error> {
    let embeddings = run.embeddings()?;
    let all = ExactIndex::new(embeddings.vectors()).neighbors_of_all(k);
    let name = |n: &Neighbor| embeddings.ids()[n.row].clone();
    Ok(all.iter().map(|neighbors| neighbors.iter().map(name).collect()).collect())
}
