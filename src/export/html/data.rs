//! The data of the page, as the script reads it: by column and in integers, which keeps a page of
//! fifty thousand roles small and quick to parse.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use arcstr::ArcStr;
use serde::Serialize;

use super::super::picture;
use super::super::picture::frame::Ring;
use super::super::picture::palette::COLORS;
use super::super::picture::scene::{Region, Scene};
use super::super::report_text::{self, by_person, percent};
use super::links::Links;
use super::map_text;
use crate::fields::Fields;
use crate::language::Language;
use crate::profile::{self, ClusterProfile};
use crate::report::{Placement, Report};
use crate::role::{Role, RoleId};

/// Coordinates are integers, this many per frame unit.
const STEPS: f32 = 100.0;

/// Everything but the texts.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    words: BTreeMap<&'static str, &'static str>,
    /// `null` for a page opened from the disk.
    links: Option<&'a Links>,
    /// The line under the title.
    facts: Vec<String>,
    /// What distance means.
    nearness: &'static str,
    /// How it was made: pairs of a name and a value.
    method: Vec<[String; 2]>,
    warnings: &'a [String],
    colors: [(&'static str, &'static str); COLORS.len()],
    steps: f32,
    width: f32,
    height: f32,
    /// `x, y, x, y, ...`
    places: Vec<i32>,
    ids: Vec<&'a str>,
    /// The first words of the text where there is no title.
    titles: Vec<Cow<'a, str>>,
    sections: Vec<&'a str>,
    /// Per role an index into `sections`, or -1.
    section: Vec<i32>,
    /// Per role a cluster, or -1.
    cluster: Vec<i32>,
    /// Per role, in percent.
    strength: Vec<u8>,
    /// `[row, row it repeats]`.
    repeats: Vec<[usize; 2]>,
    /// `[row, what a person said about its place]`.
    by_hand: Vec<(usize, String)>,
    /// Those whose names say something, see [`directions`].
    directions: Vec<Direction<'a>>,
    clusters: Vec<Cluster<'a>>,
}

#[derive(Serialize)]
struct Direction<'a> {
    name: &'a str,
    size: usize,
    anchor: [i32; 2],
    /// What a person set about it.
    by_hand: Option<String>,
}

#[derive(Serialize)]
struct Cluster<'a> {
    name: &'a str,
    size: usize,
    share: String,
    color: usize,
    mark: usize,
    anchor: [i32; 2],
    outer: Vec<Vec<i32>>,
    inner: Vec<Vec<i32>>,
    terms: Vec<&'a str>,
    technologies: Vec<Technology<'a>>,
    exemplars: Vec<usize>,
    /// An index into `directions`, if there are any.
    direction: Option<usize>,
    /// What a person set about it.
    by_hand: Option<String>,
}

#[derive(Serialize)]
struct Technology<'a> {
    name: &'a str,
    kind: String,
    count: usize,
    share: f64,
    lift: f64,
}

/// Of the roles of a report, those of the given rows of its placements.
pub(super) fn page<'a>(
    (report, roles, rows): (&'a Report, &'a [Role], &[usize]),
    scene: &Scene,
    language: Language,
    links: Option<&'a Links>,
) -> Page<'a> {
    let placements: Vec<&Placement> = rows.iter().map(|&row| &report.placements[row]).collect();
    let row_of: HashMap<&RoleId, usize> =
        placements.iter().enumerate().map(|(row, p)| (&p.id, row)).collect();
    let mut sections: Vec<&str> = placements.iter().filter_map(|p| p.section.as_deref()).collect();
    sections.sort_unstable();
    sections.dedup();
    let section = |s: Option<&str>| {
        s.and_then(|s| sections.binary_search(&s).ok()).map_or(-1, |at| at as i32)
    };
    let directions = directions(report, scene, language);
    let placed = |(row, place): (usize, &&'a Placement)| {
        Some((row, by_person(language, place.by_hand.as_slice())?))
    };
    Page {
        words: map_text::table(language),
        links,
        facts: map_text::facts(report, rows.len(), language),
        nearness: picture::nearness(language),
        method: map_text::method(report, language),
        warnings: &report.method.warnings,
        colors: COLORS,
        steps: STEPS,
        width: scene.width,
        height: scene.height,
        places: rows.iter().flat_map(|&row| scene.points[row].map(whole)).collect(),
        ids: placements.iter().map(|p| p.id.as_str()).collect(),
        titles: rows.iter().map(|&row| roles[row].heading()).collect(),
        section: placements.iter().map(|p| section(p.section.as_deref())).collect(),
        cluster: placements.iter().map(|p| p.cluster.map_or(-1, |c| c.0 as i32)).collect(),
        strength: placements.iter().map(|p| (100.0 * p.strength).round() as u8).collect(),
        repeats: placements
            .iter()
            .enumerate()
            .filter_map(|(row, p)| Some([row, *row_of.get(p.duplicate_of.as_ref()?)?]))
            .collect(),
        by_hand: placements.iter().enumerate().filter_map(placed).collect(),
        clusters: clusters(report, scene, &row_of, directions.len(), language),
        directions,
        sections,
    }
}

/// The directions, if their names tell more than those of the specialisations: there are several,
/// and one holds several specialisations or has a name that was not made for its specialisation.
fn directions<'a>(report: &'a Report, scene: &Scene, language: Language) -> Vec<Direction<'a>> {
    let is_plain = |d: &profile::Direction| {
        d.clusters.len() == 1 && d.source.is_none() && d.by_hand.is_empty()
    };
    if report.directions.len() < 2 || report.directions.iter().all(is_plain) {
        return Vec::new();
    }
    let told = |(direction, middle): (&'a profile::Direction, &[f32; 2])| Direction {
        name: &direction.name,
        size: direction.size,
        anchor: middle.map(whole),
        by_hand: by_person(language, &direction.by_hand),
    };
    report.directions.iter().zip(&scene.middles).map(told).collect()
}

/// The clusters, of which the directions below `n_directions` are told.
fn clusters<'a>(
    report: &'a Report,
    scene: &Scene,
    row_of: &HashMap<&RoleId, usize>,
    n_directions: usize,
    language: Language,
) -> Vec<Cluster<'a>> {
    let n = report.placements.len().max(1) as f64;
    let cluster = |(profile, region): (&'a ClusterProfile, &Region)| Cluster {
        name: &profile.name,
        size: profile.size,
        share: percent(profile.size as f64 / n),
        color: region.style.color,
        mark: region.style.mark.index(),
        anchor: region.anchor.map(whole),
        outer: region.outer.iter().map(flat).collect(),
        inner: region.inner.iter().map(flat).collect(),
        terms: profile.terms.iter().map(|t| t.term.as_str()).collect(),
        technologies: technologies(profile, language),
        exemplars: profile.exemplars.iter().filter_map(|id| row_of.get(id).copied()).collect(),
        direction: profile.direction.map(|id| id.index()).filter(|&at| at < n_directions),
        by_hand: by_person(language, &profile.by_hand),
    };
    report.profiles.iter().zip(&scene.regions).map(cluster).collect()
}

fn technologies(profile: &ClusterProfile, language: Language) -> Vec<Technology<'_>> {
    let mut all = Vec::with_capacity(profile.technologies.len());
    for t in &profile.technologies {
        let kind = report_text::kind(language, &t.kind);
        let (name, count, share, lift) = (t.label.as_str(), t.count, t.share, t.lift);
        all.push(Technology { name, kind, count, share, lift });
    }
    all
}

/// Description, stack and other columns of some roles.
pub(super) fn texts<'a>(
    roles: &'a [Role],
    rows: &[usize],
) -> Vec<(&'a str, &'a [ArcStr], &'a Fields)> {
    let of = |&row: &usize| {
        let role = &roles[row];
        (role.description.as_str(), role.stack.as_slice(), &role.fields)
    };
    rows.iter().map(of).collect()
}

fn flat(ring: &Ring) -> Vec<i32> {
    ring.iter().flat_map(|p| p.map(whole)).collect()
}

fn whole(x: f32) -> i32 {
    (x * STEPS).round() as i32
}
