//! Compares two run folders.

use jiff::civil::Date;

use super::discover::load_report;
use crate::clustering::Clustering;
use crate::compare::{Comparison, Side, compare};
use crate::embeddings::Embeddings;
use crate::error::Error;
use crate::report::Report;
use crate::role::Corpus;
use crate::store::RunFolder;
use crate::tabulate::{DEFAULT_FLOOR, Facets, Repeats};

/// What two runs have in common and what not. Roles that repeat others do not count.
///
/// # Errors
/// When one of the runs is not clustered or damaged, or the vectors are of two models.
pub fn compare_runs(first: &RunFolder, second: &RunFolder) -> Result<Comparison, Error> {
    if let (Some(one), Some(other)) = (first.model(), second.model())
        && !one.comparable_with(other)
    {
        return Err(Error::DifferentModels {
            first: first.path().display().to_string(),
            first_model: one.name.clone(),
            second: second.path().display().to_string(),
            second_model: other.name.clone(),
        });
    }
    let (first, second) = (Loaded::of(first)?, Loaded::of(second)?);
    let (before, after) = (first.facets(), second.facets());
    let nothing = || Error::NothingToCompare;
    compare(&first.side(&before), &second.side(&after), DEFAULT_FLOOR).ok_or_else(nothing)
}

/// Everything of a run that is compared.
struct Loaded {
    name: String,
    report: Report,
    clustering: Clustering,
    corpus: Corpus,
    embeddings: Embeddings,
    counted: Vec<bool>,
}

impl Loaded {
    fn of(run: &RunFolder) -> Result<Self, Error> {
        let (report, clustering) = load_report(run)?;
        let counted = report.placements.iter().map(|place| place.duplicate_of.is_none()).collect();
        Ok(Loaded {
            name: run.path().display().to_string(),
            report,
            clustering,
            corpus: run.roles()?.corpus,
            embeddings: run.embeddings()?,
            counted,
        })
    }

    fn facets(&self) -> Facets<'_> {
        let today: Option<Date> = None;
        Facets::new(&self.report, self.corpus.roles(), today, Repeats::LeftOut)
    }

    fn side<'a>(&'a self, facets: &'a Facets<'a>) -> Side<'a> {
        Side {
            name: &self.name,
            profiles: &self.report.profiles,
            clustering: &self.clustering,
            vectors: self.embeddings.vectors(),
            counted: &self.counted,
            facets,
        }
    }
}
