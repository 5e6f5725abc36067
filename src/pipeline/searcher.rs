//! Searches a run folder: a query or a known role -> the roles most like it.

use std::sync::Mutex;

use arcstr::ArcStr;

use super::baseline;
use super::cluster_names::ClusterNames;
use super::lazy::{Lazy, lock};
use super::model_settings::QueryModel;
use super::query::{Answer, Explain, Hit, Query, Resolved, SearchOptions};
use super::query_text::embed_queries;
use super::role_source::RoleSource;
use super::search_sources::{VectorSource, WordSource};
use crate::clustering::{Clustering, DirectionId, Label};
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::role::{Role, RoleId};
use crate::search::{
    Among, Baseline, Candidate, ExactIndex, FieldIndexes, Filter, Mode, Neighbor, QueryTerms,
    RoleAttributes, Target, parts_of, sentences_of, specific, wish,
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
    baseline: Lazy<Baseline>,
    pub(super) attributes: RoleAttributes,
    fields: FieldIndexes,
    notes: Mutex<Vec<String>>,
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
            baseline: Lazy::default(),
            attributes: RoleAttributes::default(),
            fields: FieldIndexes::default(),
            notes: Mutex::new(notes),
        })
    }

    /// Messages for the user about indexes that were not used; each is returned once.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.notes))
    }

    /// The best roles for a query, best first. In lexical mode roles that share no word with it
    /// are left out. There are no hits when nothing is near, see [`Answer::nothing_near`].
    ///
    /// # Errors
    /// When the model cannot be loaded or is no longer the one that made the vectors, no role has
    /// the id asked for, or no role passes one of the filters.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Answer, Error> {
        let target = self.resolve(query, options)?;
        let mut found = self.rank(&target, options)?;
        if found.is_empty() {
            self.refuse_unmet(&options.filters)?;
        }
        let best = found.first().map(|best| best.score.max(0.0));
        let noise = match options.mode {
            Mode::Lexical => 0.0,
            Mode::Hybrid | Mode::Semantic => self.baseline()?.noise(self.roles.len()),
        };
        // Emoji and punctuation have a place among the vectors as all texts have, but no meaning.
        let says_nothing =
            matches!(query, Query::Text(text) if !text.contains(char::is_alphanumeric));
        let nothing_near = says_nothing
            || best.is_none_or(|best| best <= noise)
                && self.best_by_words(&target, options)? <= noise;
        match options.min_score {
            Some(least) => found.retain(|neighbor| neighbor.score.max(0.0) >= least),
            None if nothing_near => found.clear(),
            None => {}
        }
        let hits = self.hits(&target, options.explain, &found)?;
        let searched_for = target.corrected.then_some(target.text);
        let unwanted = target.denied;
        Ok(Answer { hits, searched_for, unwanted, nothing_near, best, noise })
    }

    /// What is shown of the roles in `found`.
    fn hits(
        &self,
        target: &Resolved,
        explain: Explain,
        found: &[Neighbor],
    ) -> Result<Vec<Hit>, Error> {
        let rows: Vec<usize> = found.iter().map(|neighbor| neighbor.row).collect();
        let parts = if explain == Explain::No { SHOWN } else { EXPLAINED };
        let roles = self.roles.some(parts, &rows, |_, role, _| role.clone())?;
        let ranked = found.iter().zip(&roles).enumerate();
        let mut hits: Vec<Hit> = ranked.map(|(at, (n, role))| self.hit(at + 1, n, role)).collect();
        if explain != Explain::No {
            self.explain(target, explain, &rows, &roles, &mut hits)?;
        }
        Ok(hits)
    }

    /// The scores of every role as an answer to "like this role": hybrid, semantic and lexical.
    pub(super) fn scores_like(&self, row: usize) -> Result<[Vec<f32>; 3], Error> {
        let words = self.words()?.scores(&self.roles.text(row)?)?;
        let vector = self.vectors.row(row)?;
        let cosines = self.vectors.scores(&vector)?;
        let baseline = *self.baseline()?;
        let told = specific(words.clone());
        let target =
            Target { vector: &vector, words: &told, unwanted: &[], baseline, excluded: Some(row) };
        let of =
            |mode| cosines.iter().enumerate().map(|(row, &c)| target.score(mode, row, c)).collect();
        Ok([of(Mode::Hybrid), of(Mode::Semantic), words])
    }

    fn resolve(&self, query: &Query, options: &SearchOptions) -> Result<Resolved, Error> {
        let (text, corrected, itself) = match query {
            Query::Text(text) => match self.corrected(text, options.mode)? {
                Some(better) => (better, true, None),
                None => (text.clone(), false, None),
            },
            Query::Like(id) => {
                let row = self.roles.row_of(id)?.ok_or_else(|| Error::NoSuchRole(id.clone()))?;
                (self.roles.text(row)?, false, Some(row))
            }
        };
        let wish = if itself.is_none() { wish(&text) } else { None };
        let denied = wish.as_ref().map(|wish| wish.unwanted.clone());
        let unwanted: Vec<&str> = denied.iter().chain(&options.not).map(String::as_str).collect();
        let unwanted = (!unwanted.is_empty()).then(|| unwanted.join(", "));
        let wanted = wish.as_ref().map_or(text.as_str(), |wish| wish.wanted.as_str());
        let mut vector = match itself {
            Some(row) => self.vectors.row(row)?,
            // Without vectors there is no need for the model.
            None if options.mode == Mode::Lexical => Vec::new(),
            None => self.embed(&[wanted])?.into_vec(),
        };
        if let (Some(unwanted), false) = (&unwanted, vector.is_empty()) {
            vector = self.away_from(vector, unwanted)?;
        }
        let wanted = wanted.to_string();
        Ok(Resolved { text, wanted, corrected, unwanted, denied, vector, itself })
    }

    /// A query vector moved away from a text.
    fn away_from(&self, mut vector: Vec<f32>, unwanted: &str) -> Result<Vec<f32>, Error> {
        let unwanted = self.embed(&[unwanted])?.into_vec();
        for (wanted, unwanted) in vector.iter_mut().zip(&unwanted) {
            *wanted -= UNWANTED_WEIGHT * unwanted;
        }
        let mut row = Matrix::new(1, vector.len(), vector)?;
        row.normalize_rows();
        Ok(row.into_vec())
    }

    /// The query with its misspelt words put right, if there are any. The model knows words that
    /// the roles do not use.
    fn corrected(&self, text: &str, mode: Mode) -> Result<Option<String>, Error> {
        let encoder = match mode {
            Mode::Lexical => None,
            Mode::Hybrid | Mode::Semantic => Some(self.encoder()?),
        };
        let is_word = |word: &str| encoder.is_some_and(|encoder| encoder.has_token_for(word));
        self.words()?.corrected(text, &is_word)
    }

    fn rank(&self, target: &Resolved, options: &SearchOptions) -> Result<Vec<Neighbor>, Error> {
        let words = match options.mode {
            Mode::Semantic => Vec::new(),
            Mode::Hybrid => specific(self.words()?.scores(&target.wanted)?),
            Mode::Lexical => self.words()?.scores(&target.wanted)?,
        };
        self.rank_by(target, &words, options)
    }

    /// The highest score when the query's words count whole: those that all roles have tell these
    /// apart no better, but they are there.
    fn best_by_words(&self, target: &Resolved, options: &SearchOptions) -> Result<f32, Error> {
        if options.mode != Mode::Hybrid {
            return Ok(0.0);
        }
        let words = self.words()?.scores(&target.wanted)?;
        let best = self.rank_by(target, &words, &SearchOptions { k: 1, ..options.clone() })?;
        Ok(best.first().map_or(0.0, |best| best.score))
    }

    /// The best roles when they have the shares `words` of the query's words.
    fn rank_by(
        &self,
        target: &Resolved,
        words: &[f32],
        options: &SearchOptions,
    ) -> Result<Vec<Neighbor>, Error> {
        let unwanted = match &target.unwanted {
            Some(unwanted) => self.words()?.scores(unwanted)?,
            None => Vec::new(),
        };
        let baseline = match options.mode {
            Mode::Lexical => Baseline::UNKNOWN,
            Mode::Hybrid | Mode::Semantic => *self.baseline()?,
        };
        let target = Target {
            vector: &target.vector,
            words,
            unwanted: &unwanted,
            baseline,
            excluded: target.itself,
        };
        let (mode, k, filters) = (options.mode, options.k, &options.filters);
        if filters.is_empty() {
            return self.vectors.rank(&target, mode, k, Among::All);
        }
        let (stored, parts) = (self.roles.in_memory(), parts_of(filters));
        if stored.is_some() || parts.is_empty() {
            // Clusters and directions are known without the roles.
            let nobody = Role::default();
            let role = |row: usize| match stored {
                Some(all) => self.candidate(row, &all.corpus.roles()[row], &all.texts[row]),
                None => self.candidate(row, &nobody, ""),
            };
            let rows = self.fields.rows(filters, self.roles.len(), &role);
            return self.vectors.rank(&target, mode, k, Among::Rows(&rows));
        }
        let mut passing = |rows: &[usize]| {
            self.roles.some(&parts, rows, |row, role, text| {
                let candidate = self.candidate(row, role, text);
                filters.iter().all(|filter| filter.passes(&candidate))
            })
        };
        self.vectors.rank(&target, mode, k, Among::Passing(&mut passing))
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

    /// What a cosine means, read or measured at the first call.
    pub(super) fn baseline(&self) -> Result<&Baseline, Error> {
        self.baseline.get_or_load(|| {
            let found = baseline::open(&self.run, &self.vectors, || self.encoder())?;
            Ok(found.unwrap_or_else(|| {
                let folder = self.run.path().display();
                lock(&self.notes).push(format!(
                    "{folder} does not say how near unrelated texts come, and the model that could \
                     tell is not here; scores are plain cosines"
                ));
                Baseline::UNKNOWN
            }))
        })
    }

    fn candidate<'a>(&'a self, row: usize, role: &'a Role, text: &'a str) -> Candidate<'a> {
        let cluster = self.label(row);
        let direction = self.direction(cluster);
        Candidate {
            row,
            role,
            text,
            attributes: &self.attributes,
            cluster,
            cluster_name: self.names.of(cluster),
            direction,
            direction_name: self.names.of_direction(direction),
        }
    }

    /// The direction of a cluster.
    pub(super) fn direction(&self, cluster: Label) -> Option<DirectionId> {
        self.clustering.as_ref()?.direction_of(cluster?)
    }

    pub(super) fn label(&self, row: usize) -> Label {
        self.clustering.as_ref().and_then(|found| found.labels().get(row).copied().flatten())
    }

    fn hit(&self, rank: usize, neighbor: &Neighbor, role: &Role) -> Hit {
        let cluster = self.label(neighbor.row);
        let direction = self.direction(cluster);
        Hit {
            rank,
            id: role.id.clone(),
            title: role.title.to_string(),
            score: neighbor.score.max(0.0),
            cluster,
            cluster_name: self.names.of(cluster).map(str::to_string),
            direction,
            direction_name: self.names.of_direction(direction).map(str::to_string),
            section: role.section.as_ref().map(ArcStr::to_string),
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
        let terms = QueryTerms::of(&target.wanted);
        let vector = match (explain, target.vector.as_slice()) {
            // In lexical mode the query has not been embedded yet.
            (Explain::Yes, []) => Some(self.embed(&[&target.wanted])?.into_vec()),
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

    /// Refuses a filter that no role passes. Called when nothing was found.
    fn refuse_unmet(&self, filters: &[Filter]) -> Result<(), Error> {
        if filters.is_empty() {
            return Ok(());
        }
        let stored = self.roles.whole()?;
        let roles = stored.corpus.roles().iter().zip(&stored.texts).enumerate();
        let all: Vec<Candidate<'_>> =
            roles.map(|(row, (role, text))| self.candidate(row, role, text)).collect();
        match filters.iter().find_map(|filter| filter.refusal(&all)) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }

    fn embed(&self, texts: &[&str]) -> Result<Matrix, Error> {
        embed_queries(self.encoder()?, self.model.prompt_name.as_deref(), texts)
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
