//! A run folder, loaded once: what is served does not change until the program ends.

use std::collections::BTreeSet;

use axum::body::Bytes;
use rolecluster::Error;
use rolecluster::clustering::ClusterId;
use rolecluster::export;
use rolecluster::language::Language;
use rolecluster::pipeline::{Explain, Found, Hit, Query, SearchOptions, Searcher, load_report};
use rolecluster::profile::ClusterProfile;
use rolecluster::report::{Placement, Report};
use rolecluster::role::{Role, RoleId};
use rolecluster::search::Mode;
use rolecluster::store::{Part, RunFolder};

use super::super::settings::ServeSettings;
use super::search_params::SearchParams;

/// Immutable after [`ServedRun::prepare`], so that handlers share it without locks.
pub struct ServedRun {
    searcher: Searcher,
    /// Absent before clustering.
    report: Option<Report>,
    /// The page of the map; absent where none was drawn.
    map: Option<Bytes>,
    language: Language,
    /// Values the search form offers as filters; the languages are counted by `prepare`.
    sections: Vec<String>,
    languages: Vec<(&'static str, usize)>,
}

impl ServedRun {
    pub fn open(settings: &ServeSettings) -> Result<Self, Error> {
        let run = RunFolder::open(&settings.dir)?;
        let searcher = Searcher::open(&run, settings.model.clone())?;
        let report = match run.has(Part::Clustering) && run.has(Part::Report) {
            true => Some(load_report(&run)?.0),
            false => None,
        };
        let roles = searcher.roles()?;
        let language = settings
            .language
            .unwrap_or_else(|| Language::of_most(roles.iter().map(|r| r.description.as_str())));
        let map = report.as_ref().and_then(|report| {
            let mut page = Vec::new();
            // It fails only where the report holds no map.
            export::html(report, roles, language, &mut page).ok()?;
            Some(Bytes::from(page))
        });
        let (sections, languages) = (sections(roles), Vec::new());
        Ok(ServedRun { searcher, report, map, language, sections, languages })
    }

    /// Loads the model and the indexes, which the first search would otherwise wait for. Returns
    /// notes for whoever runs the server.
    pub fn prepare(&mut self) -> Result<Vec<String>, Error> {
        self.searcher.prepare()?;
        self.languages = self.searcher.languages()?;
        Ok(self.searcher.take_notes())
    }

    pub fn search(&self, params: &SearchParams) -> Result<Vec<Hit>, Error> {
        self.searcher.search(&params.query(), &params.options)
    }

    /// The `k` nearest other roles by cosine similarity.
    pub fn similar(&self, id: &RoleId, k: usize) -> Result<Vec<Hit>, Error> {
        let options = SearchOptions {
            k,
            mode: Mode::Semantic,
            filters: Vec::new(),
            not: None,
            explain: Explain::No,
        };
        self.searcher.search(&Query::Like(id.clone()), &options)
    }

    pub fn role(&self, id: &RoleId) -> Result<Option<Found<'_>>, Error> {
        self.searcher.role(id)
    }

    pub fn n_roles(&self) -> usize {
        self.searcher.n_roles()
    }

    pub fn language(&self) -> Language {
        self.language
    }

    pub fn languages(&self) -> &[(&'static str, usize)] {
        &self.languages
    }

    pub fn map(&self) -> Option<Bytes> {
        self.map.clone()
    }

    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    pub fn clusters(&self) -> &[ClusterProfile] {
        self.report.as_ref().map_or(&[], |report| &report.profiles)
    }

    pub fn cluster(&self, id: u32) -> Option<&ClusterProfile> {
        self.clusters().get(id as usize)
    }

    /// Roles without a cluster.
    pub fn n_noise(&self) -> usize {
        self.placements().iter().filter(|p| p.cluster.is_none()).count()
    }

    /// The roles of a cluster, the strongest first.
    pub fn members(&self, id: ClusterId) -> Vec<&Placement> {
        let mut found: Vec<&Placement> =
            self.placements().iter().filter(|p| p.cluster == Some(id)).collect();
        found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        found
    }

    /// The sections of the input, in order of name.
    pub fn sections(&self) -> &[String] {
        &self.sections
    }

    /// Name and digest of the model.
    pub fn model(&self) -> (&str, &str) {
        let model = self.searcher.model();
        (&model.name, &model.digest)
    }

    fn placements(&self) -> &[Placement] {
        self.report.as_ref().map_or(&[], |report| &report.placements)
    }
}

fn sections(roles: &[Role]) -> Vec<String> {
    let found: BTreeSet<&str> = roles.iter().filter_map(|role| role.section.as_deref()).collect();
    found.into_iter().map(str::to_string).collect()
}
