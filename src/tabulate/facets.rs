//! What roles can be counted by: the values of each role along each dimension.

use std::collections::BTreeSet;

use arcstr::ArcStr;
use jiff::civil::Date;
use rayon::prelude::*;

use super::trends::trends;
use crate::describe::technologies_in;
use crate::details::Details;
use crate::extract::extract;
use crate::isco_groups::LEVELS;
use crate::over_time::Trends;
use crate::report::{Placement, Report};
use crate::role::{Role, RoleId};
use crate::text;

/// The length of a period.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::VariantNames, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = crate::unknown_name::UnknownName, parse_err_fn = unknown_span)]
pub enum Span {
    /// `2026-03`.
    Month,
    /// `2026-Q1`.
    Quarter,
    /// `2026`.
    Year,
}

fn unknown_span(name: &str) -> crate::unknown_name::UnknownName {
    crate::unknown_name::UnknownName::new("period", name, <Span as strum::VariantNames>::VARIANTS)
}

impl Span {
    /// The period a day lies in; periods sort as text does.
    pub fn of(self, day: Date) -> String {
        let year = day.year();
        match self {
            Span::Month => format!("{year:04}-{:02}", day.month()),
            Span::Quarter => format!("{year:04}-Q{}", (day.month() - 1) / 3 + 1),
            Span::Year => format!("{year:04}"),
        }
    }
}

/// The dimensions that every run has; any column of the input is one too.
pub const DIMENSIONS: &[&str] = &[
    "specialisation",
    "technology",
    "section",
    "seniority",
    "education",
    "experience",
    "city",
    "place",
    "company",
    "currency",
    "language",
    "month",
    "quarter",
    "year",
    "isco1",
    "isco2",
    "isco3",
    "isco4",
];

/// The digits of an ISCO group that a dimension counts by, if it is one of groups.
pub fn isco_digits(dimension: &str) -> Option<usize> {
    let digits = dimension.strip_prefix("isco")?.parse().ok()?;
    LEVELS.contains(&digits).then_some(digits)
}

/// Which roles are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeats {
    /// A role that repeats another is left out: one posting published forty times counts once.
    #[default]
    LeftOut,
    /// Every role counts.
    Counted,
}

/// Roles with what is known of each.
#[derive(Debug)]
pub struct Facets<'a> {
    rows: Vec<Facet<'a>>,
    /// Roles left out because they repeat others.
    pub left_out: usize,
}

/// One role.
#[derive(Debug)]
pub struct Facet<'a> {
    /// The role.
    pub role: &'a Role,
    /// Its place in the run.
    pub placement: &'a Placement,
    /// What it states.
    pub details: Details,
    /// The technologies it names, by canonical name.
    pub technologies: Vec<&'static str>,
    /// The unit group of ISCO-08 it is nearest and those above it, from the major group down; empty
    /// where none is near, or [`Facets::with_groups`] was not asked.
    pub groups: Vec<String>,
}

/// In how many roles a detail was found.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Found {
    /// The detail.
    pub field: &'static str,
    /// Roles.
    pub count: usize,
    /// `count` over the roles that are counted, in `[0, 1]`.
    pub share: f64,
}

impl<'a> Facets<'a> {
    /// Looks through the roles of a report, which stand in the order of its placements. Relative
    /// dates are understood where `today` is given.
    ///
    /// # Panics
    /// If there are not as many roles as placements.
    pub fn new(
        report: &'a Report,
        roles: &'a [Role],
        today: Option<Date>,
        repeats: Repeats,
    ) -> Self {
        Facets::of_those(report, roles, (today, repeats), |_| true)
    }

    /// Those of the roles that repeat no other of which the day they were posted is known.
    ///
    /// # Panics
    /// If there are not as many roles as placements.
    pub fn dated(report: &'a Report, roles: &'a [Role]) -> Self {
        Facets::of_those(report, roles, (None, Repeats::LeftOut), |details| {
            details.posted.is_some()
        })
    }

    /// What is known of a million roles is not held where it is not meant.
    fn of_those(
        report: &'a Report,
        roles: &'a [Role],
        (today, repeats): (Option<Date>, Repeats),
        is_meant: impl Fn(&Details) -> bool + Sync,
    ) -> Self {
        assert_eq!(report.placements.len(), roles.len(), "one placement per role");
        let counted: Vec<(&Role, &Placement)> = roles
            .iter()
            .zip(&report.placements)
            .filter(|(_, place)| repeats == Repeats::Counted || place.duplicate_of.is_none())
            .collect();
        let left_out = roles.len() - counted.len();
        let facet = |(role, placement): (&'a Role, &'a Placement)| {
            let details = extract(role, today);
            is_meant(&details).then(|| Facet {
                role,
                placement,
                details,
                technologies: technologies_in(role),
                groups: Vec::new(),
            })
        };
        Facets { rows: counted.into_par_iter().filter_map(facet).collect(), left_out }
    }

    /// The same roles with the groups of ISCO-08 that `groups` says, by which they are counted along
    /// `isco1` to `isco4`.
    pub fn with_groups(mut self, groups: impl Fn(&RoleId) -> Vec<String>) -> Self {
        for facet in &mut self.rows {
            facet.groups = groups(&facet.role.id);
        }
        self
    }

    /// The roles that are counted.
    pub fn rows(&self) -> &[Facet<'a>] {
        &self.rows
    }

    /// The values of every role along a dimension: one of [`DIMENSIONS`] or a column of the
    /// input, none where a role has none. `None` for a dimension that no role has.
    pub fn values(&self, dimension: &str) -> Option<Vec<Vec<String>>> {
        let values: Vec<Vec<String>> =
            self.rows.iter().map(|facet| facet.values(dimension)).collect();
        let is_known = DIMENSIONS.contains(&dimension)
            || self.rows.iter().any(|facet| facet.role.fields.contains_key(dimension));
        is_known.then_some(values)
    }

    /// The first and the last period compared, by specialisation and by technology; empty where
    /// there are not two periods with at least `floor` roles.
    pub fn trends(&self, span: Span, floor: usize) -> Vec<(&'static str, Trends)> {
        let periods = self.periods(span);
        let of = |dimension: &'static str| {
            let values = self.values(dimension)?;
            Some((dimension, trends(&values, &periods, floor)?))
        };
        ["specialisation", "technology"].into_iter().filter_map(of).collect()
    }

    /// In how many roles each detail was found, in the order of the table of roles.
    pub fn found(&self) -> Vec<Found> {
        let of = |field: &'static str, is_found: fn(&Details) -> bool| {
            let count = self.rows.iter().filter(|facet| is_found(&facet.details)).count();
            Found { field, count, share: count as f64 / self.rows.len().max(1) as f64 }
        };
        vec![
            of("posted", |details| details.posted.is_some()),
            of("place", |details| details.place.is_some()),
            of("company", |details| details.company.is_some()),
            of("seniority", |details| details.seniority.is_some()),
            of("experience", |details| details.experience.is_some()),
            of("education", |details| details.education.is_some()),
            of("pay", |details| details.pay.is_some()),
        ]
    }

    /// The period every role was posted in, none where that is not known.
    pub fn periods(&self, span: Span) -> Vec<Vec<String>> {
        let period = |facet: &Facet| facet.details.posted.map(|day| span.of(day));
        self.rows.iter().map(|facet| period(facet).into_iter().collect()).collect()
    }

    /// The dimensions that are the columns of the input, in order.
    pub fn columns(&self) -> Vec<String> {
        let names: BTreeSet<&ArcStr> =
            self.rows.iter().flat_map(|facet| facet.role.fields.keys()).collect();
        names.into_iter().map(ArcStr::to_string).collect()
    }
}

impl Facet<'_> {
    fn values(&self, dimension: &str) -> Vec<String> {
        let details = &self.details;
        let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
        let shared = |value: Option<&ArcStr>| one(value.map(ArcStr::to_string));
        let period = |span: Span| one(details.posted.map(|day| span.of(day)));
        match dimension {
            "specialisation" => shared(self.placement.cluster_name.as_ref()),
            "technology" => self.technologies.iter().map(|name| name.to_string()).collect(),
            "section" => shared(self.role.section.as_ref()),
            "seniority" => one(details.seniority.map(|level| <&str>::from(level).to_string())),
            "education" => one(details.education.map(|level| <&str>::from(level).to_string())),
            "experience" => one(details.experience.and_then(|years| years.min).map(years_of)),
            "city" => one(details.city.clone()),
            "place" => one(details.place.clone()),
            "company" => one(details.company.clone()),
            "currency" => one(details.pay.as_ref().and_then(|pay| pay.currency.clone())),
            "language" => one(Some(text::language(&self.role.text()).code().to_string())),
            "month" => period(Span::Month),
            "quarter" => period(Span::Quarter),
            "year" => period(Span::Year),
            column => match isco_digits(column) {
                Some(digits) => one(self.groups.get(digits - 1).cloned()),
                None => shared(self.role.fields.get(column)),
            },
        }
    }
}

/// Years of experience in the steps that boards offer.
fn years_of(least: u8) -> String {
    match least {
        0 => "0",
        1..=2 => "1-2",
        3..=4 => "3-4",
        5..=9 => "5-9",
        _ => "10+",
    }
    .to_string()
}
