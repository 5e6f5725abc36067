//! The clusters as they were found, before a person's corrections.

use serde::{Deserialize, Serialize};

use super::stored_model::StoredModel;
use crate::cluster::Fitted;
use crate::clustering::SchemaVersion;
use crate::corrections::{Change, Corrections};
use crate::error::Error;
use crate::language::Language;
use crate::lineage::Lineage;
use crate::report::Report;
use crate::store::{Part, RunFolder};

/// All that the roles need to be described again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FoundGroups {
    #[serde(default)]
    pub(super) schema_version: SchemaVersion,
    pub(super) fitted: Fitted,
    pub(super) lineage: Option<Lineage>,
    /// Where each role stands on the map.
    pub(super) places: Option<Vec<[f32; 2]>>,
    /// The names of directions that were given, by direction id, `None` for one that was found;
    /// empty where none were given.
    #[serde(default)]
    pub(super) given: Vec<Option<String>>,
    /// The corrections that the folder's report has.
    #[serde(default)]
    pub(super) corrected: Vec<Change>,
    /// The language names are in; `None` for the one most roles are written in.
    #[serde(default)]
    pub(super) language: Option<Language>,
}

impl FoundGroups {
    pub(super) fn new(fitted: Fitted, places: Option<Vec<[f32; 2]>>) -> FoundGroups {
        FoundGroups {
            schema_version: SchemaVersion::default(),
            fitted,
            lineage: None,
            places,
            given: Vec::new(),
            corrected: Vec::new(),
            language: None,
        }
    }

    /// Of a folder that was clustered: as it is kept there, or, where nothing was corrected, as the
    /// report has it.
    ///
    /// # Errors
    /// When the folder has not been clustered, or a file of it is damaged.
    pub(super) fn load(run: &RunFolder) -> Result<FoundGroups, Error> {
        if run.has(Part::Found) {
            return Ok(run.json(Part::Found)?);
        }
        let report: Report = run.json(Part::Report)?;
        let model: StoredModel = run.json(Part::Model)?;
        let is_given = report.directions.iter().any(|direction| direction.source.is_some());
        let given = report.directions.iter().filter(|_| is_given);
        let given = given.map(|direction| direction.given_name().map(str::to_string)).collect();
        let fitted = Fitted {
            clustering: run.json(Part::Clustering)?,
            method: report.method,
            model: model.clusters,
            raw: report.raw_labels,
            hierarchy: report.hierarchy,
        };
        let (lineage, language) = (report.lineage, report.language);
        Ok(FoundGroups { lineage, given, language, ..FoundGroups::new(fitted, report.map) })
    }

    /// Whether the folder's report has these corrections, and no others.
    ///
    /// # Errors
    /// When a file of the folder is damaged.
    pub(super) fn is_corrected_by(
        run: &RunFolder,
        corrections: &Corrections,
    ) -> Result<bool, Error> {
        let wanted = corrections.entries().iter().map(|entry| &entry.change);
        if !run.has(Part::Found) {
            return Ok(corrections.is_empty());
        }
        let found: FoundGroups = run.json(Part::Found)?;
        Ok(wanted.eq(&found.corrected))
    }

    /// The same, in a folder whose report has these corrections.
    pub(super) fn corrected_by(self, corrections: &Corrections) -> FoundGroups {
        let changes = corrections.entries().iter().map(|entry| entry.change.clone());
        FoundGroups { corrected: changes.collect(), ..self }
    }
}
