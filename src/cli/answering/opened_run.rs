//! A run folder, loaded once: the answers do not change until the program ends.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use rolecluster::Error;
use rolecluster::clustering::{ClusterId, DirectionId};
use rolecluster::pipeline::{
    Answer, Assigner, Found, Place, Query, QueryModel, SearchOptions, Searcher, load_report,
};
use rolecluster::profile::{ByHand, ClusterProfile, Direction};
use rolecluster::report::{Placement, Report};
use rolecluster::role::{Role, RoleId};
use rolecluster::search::Mode;
use rolecluster::store::{Part, RunFolder};

use super::search_request::SearchRequest;

/// Immutable, so that threads share it without locks.
pub struct OpenedRun {
    searcher: Searcher,
    /// Absent before clustering.
    report: Option<Report>,
    folder: RunFolder,
    /// Opened for the first text to place.
    assigner: OnceLock<Assigner>,
    /// The first words of roles without a title, by id.
    first_words: OnceLock<HashMap<String, String>>,
}

impl OpenedRun {
    pub fn open(dir: &Path, model: QueryModel) -> Result<Self, Error> {
        let run = RunFolder::open(dir)?;
        let searcher = Searcher::open(&run, model)?;
        let report = match run.has(Part::Clustering) && run.has(Part::Report) {
            true => Some(load_report(&run)?.0),
            false => None,
        };
        Ok(OpenedRun {
            searcher,
            report,
            folder: run,
            assigner: OnceLock::new(),
            first_words: OnceLock::new(),
        })
    }

    /// Loads the model and the indexes, which the first search would otherwise wait for. Returns
    /// notes for whoever runs the program.
    pub fn prepare(&self) -> Result<Vec<String>, Error> {
        self.searcher.prepare()?;
        Ok(self.searcher.take_notes())
    }

    pub fn search(&self, request: &SearchRequest) -> Result<Answer, Error> {
        self.searcher.search(&request.query(), &request.options)
    }

    /// The `k` nearest other roles by meaning.
    pub fn similar(&self, id: &RoleId, k: usize) -> Result<Answer, Error> {
        let options = SearchOptions { k, mode: Mode::Semantic, ..SearchOptions::default() };
        self.searcher.search(&Query::Like(id.clone()), &options)
    }

    pub fn role(&self, id: &RoleId) -> Result<Option<Found<'_>>, Error> {
        self.searcher.role(id)
    }

    /// The specialisation of a text that is not in the folder.
    pub fn place(&self, role: &Role) -> Result<Place, Error> {
        let assigner = match self.assigner.get() {
            Some(opened) => opened,
            None => {
                let opened = Assigner::open(&self.folder)?;
                self.assigner.get_or_init(|| opened)
            }
        };
        self.searcher.place(assigner, role)
    }

    /// The run folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn n_roles(&self) -> usize {
        self.searcher.n_roles()
    }

    /// The title of a role, or the first words of its text where there is none; empty if there
    /// are none.
    pub fn title<'a>(&'a self, id: &str, title: &'a str) -> &'a str {
        match title.trim() {
            "" => {
                let first_words = self.first_words.get_or_init(|| first_words(&self.searcher));
                first_words.get(id).map_or("", String::as_str)
            }
            title => title,
        }
    }

    /// All roles in input order.
    pub fn roles(&self) -> Result<&[Role], Error> {
        self.searcher.roles()
    }

    /// The languages the roles are written in, by code, most frequent first.
    pub fn languages(&self) -> Result<Vec<(&'static str, usize)>, Error> {
        self.searcher.languages()
    }

    pub fn report(&self) -> Option<&Report> {
        self.report.as_ref()
    }

    pub fn clusters(&self) -> &[ClusterProfile] {
        self.report.as_ref().map_or(&[], |report| &report.profiles)
    }

    pub fn directions(&self) -> &[Direction] {
        self.report.as_ref().map_or(&[], |report| &report.directions)
    }

    pub fn direction(&self, id: DirectionId) -> Option<&Direction> {
        self.directions().get(id.index())
    }

    /// A cluster by its number, which counts from 1.
    pub fn cluster(&self, number: u32) -> Option<&ClusterProfile> {
        let id = ClusterId::try_from(number).ok()?;
        self.clusters().get(id.index())
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

    /// What a person said about the place of a role.
    pub fn by_hand(&self, id: &RoleId) -> Option<ByHand> {
        self.placements().iter().find(|place| place.id == *id)?.by_hand
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

/// The roles are in memory once a search has been made; where they cannot be read, no hit could be
/// shown either.
fn first_words(searcher: &Searcher) -> HashMap<String, String> {
    let untitled = searcher.roles().unwrap_or_default().iter();
    let untitled = untitled.filter(|role| role.title.trim().is_empty());
    untitled.map(|role| (role.id.to_string(), role.heading().into_owned())).collect()
}
