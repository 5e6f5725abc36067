//! A run folder as the pages show it: what answers are made of, and what was drawn from it once.

use std::collections::BTreeSet;

use bytes::Bytes;
use rolecluster::Error;
use rolecluster::export::{self, Links};
use rolecluster::language::Language;
use rolecluster::role::Role;

use super::super::answering::OpenedRun;
use super::super::settings::ServeSettings;

/// The routes of the pages, for the map.
const LINKS: Links =
    Links { search: "/", role: "/roles/", cluster: "/clusters/", api: "/api/search" };

/// Immutable after [`ServedRun::prepare`], so that handlers share it without locks.
pub struct ServedRun {
    pub opened: OpenedRun,
    /// The page of the map; absent where none was drawn.
    map: Option<Bytes>,
    map_policy: String,
    language: Language,
    /// Values the search form offers as filters; the languages are counted by `prepare`.
    sections: Vec<String>,
    languages: Vec<(&'static str, usize)>,
}

impl ServedRun {
    pub fn open(settings: &ServeSettings) -> Result<Self, Error> {
        let opened = OpenedRun::open(&settings.dir, settings.model.clone())?;
        let roles = opened.roles()?;
        let language = settings
            .language
            .unwrap_or_else(|| Language::of_most(roles.iter().map(|r| r.description.as_str())));
        let map = opened.report().and_then(|report| {
            let mut page = Vec::new();
            // It fails only where the report holds no map.
            export::html(report, roles, language, Some(&LINKS), &mut page).ok()?;
            Some(Bytes::from(page))
        });
        let (sections, languages) = (sections(roles), Vec::new());
        let map_policy = format!("{}; frame-ancestors 'none'", export::html_policy(Some(&LINKS)));
        Ok(ServedRun { opened, map, map_policy, language, sections, languages })
    }

    /// Loads what the first search would otherwise wait for. Returns notes for whoever runs the
    /// server.
    pub fn prepare(&mut self) -> Result<Vec<String>, Error> {
        let notes = self.opened.prepare()?;
        self.languages = self.opened.languages()?;
        Ok(notes)
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

    /// The content security policy of the map, which has a script and a style of its own.
    pub fn map_policy(&self) -> &str {
        &self.map_policy
    }

    /// The sections of the input, in order of name.
    pub fn sections(&self) -> &[String] {
        &self.sections
    }
}

fn sections(roles: &[Role]) -> Vec<String> {
    let found: BTreeSet<&str> = roles.iter().filter_map(|role| role.section.as_deref()).collect();
    found.into_iter().map(str::to_string).collect()
}
