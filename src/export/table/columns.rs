//! The columns of the table, for all roles or for some at a time.

use std::collections::BTreeSet;
use std::ops::Range;

use arcstr::ArcStr;
use rayon::prelude::*;

use super::column::{Column, Kind, Values};
use super::options::TableOptions;
use super::{clusters, codes};
use crate::describe::technologies_in;
use crate::details::Details;
use crate::extract::extract;
use crate::report::{Placement, Report};
use crate::role::{Role, RoleId};

/// Rows whose cells are in memory at once, where a format is written row by row.
const ROWS_AT_ONCE: usize = 4_096;

/// The table of some roles, whose columns can be made for all of them or for some rows at a time.
pub(in crate::export) struct Table<'a> {
    report: &'a Report,
    roles: &'a [Role],
    options: &'a TableOptions<'a>,
    /// The columns of the input by name, with what all their values are.
    of_input: Vec<(&'a str, Kind)>,
}

impl<'a> Table<'a> {
    /// Of `roles`, which stand in the order of the report's placements.
    ///
    /// # Panics
    /// If roles, neighbours or codes are not as many as the placements.
    pub fn of(report: &'a Report, roles: &'a [Role], options: &'a TableOptions<'a>) -> Self {
        assert_eq!(report.placements.len(), roles.len(), "one placement per role");
        assert!(options.neighbors.is_none_or(|lists| lists.len() == roles.len()));
        assert!(options.codes.is_none_or(|lists| lists.len() == roles.len()));
        let names: BTreeSet<&str> =
            roles.iter().flat_map(|role| role.fields.keys().map(ArcStr::as_str)).collect();
        let kind = |name: &'a str| {
            let values = roles.iter().filter_map(move |role| role.fields.get(name));
            (name, Kind::of(name, values.map(ArcStr::as_str)))
        };
        Table { report, roles, options, of_input: names.into_iter().map(kind).collect() }
    }

    /// All rows.
    pub fn columns(&self) -> Vec<Column> {
        self.some(0..self.roles.len())
    }

    /// The columns of some rows after the other, at least once.
    pub fn parts(&self) -> impl Iterator<Item = Vec<Column>> {
        let n = self.roles.len();
        (0..n.max(1))
            .step_by(ROWS_AT_ONCE)
            .map(move |start| self.some(start..n.min(start + ROWS_AT_ONCE)))
    }

    fn some(&self, rows: Range<usize>) -> Vec<Column> {
        let options = TableOptions {
            neighbors: self.options.neighbors.map(|lists| &lists[rows.clone()]),
            codes: self.options.codes.map(|lists| &lists[rows.clone()]),
            ..*self.options
        };
        let places = &self.report.placements[rows.clone()];
        columns((self.report, places), &self.roles[rows], &options, &self.of_input)
    }
}

fn columns(
    (report, places): (&Report, &[Placement]),
    roles: &[Role],
    options: &TableOptions,
    of_input: &[(&str, Kind)],
) -> Vec<Column> {
    let details: Vec<Details> = roles.par_iter().map(|role| extract(role, options.today)).collect();
    let mut columns = vec![
        Column::of("id", Values::text(roles.iter().map(|role| Some(role.id.as_str())))).ids(),
        Column::of("title", Values::text(roles.iter().map(|role| Some(role.title.as_str())))),
        Column::of("section", Values::text(roles.iter().map(|role| role.section.as_deref()))),
    ];
    columns.extend(clusters::columns(report, places));
    let repeated = places.iter().map(|place| place.duplicate_of.as_ref());
    let repeated = repeated.map(|of| of.map(RoleId::as_str));
    columns.push(Column::of("duplicate_of", Values::text(repeated)).ids());
    let technologies = |role: &Role| technologies_in(role).into_iter().map(String::from).collect();
    let technologies: Vec<Vec<String>> = roles.par_iter().map(technologies).collect();
    columns.push(Column::of("technologies", Values::List(technologies)));
    columns.extend(stated(&details));
    if let Some(lists) = options.codes {
        columns.extend(codes::of_roles(lists));
    }
    if let Some(of_groups) = options.group_codes {
        columns.extend(codes::of_groups(places, of_groups));
    }
    if let Some(lists) = options.neighbors {
        let ids = |list: &Vec<RoleId>| list.iter().map(RoleId::to_string).collect();
        columns.push(Column::of("neighbors", Values::List(lists.iter().map(ids).collect())).ids());
    }
    let of_input = input_columns(&columns, roles, of_input);
    columns.extend(of_input);
    columns
}

/// What the roles state, normalised; the words of the input are among its own columns.
fn stated(details: &[Details]) -> Vec<Column> {
    let text = |name: &'static str, of: &dyn Fn(&Details) -> Option<String>| {
        Column::of(name, Values::text(details.iter().map(of)))
    };
    let number = |name: &'static str, of: &dyn Fn(&Details) -> Option<f64>| {
        Column::of(name, Values::Float(details.iter().map(of).collect()))
    };
    let years = |name: &'static str, of: &dyn Fn(&Details) -> Option<u8>| {
        Column::of(name, Values::Integer(details.iter().map(|d| of(d).map(i64::from)).collect()))
    };
    let posted = details.iter().map(|d| d.posted).collect();
    vec![
        Column::of("posted", Values::Date(posted)),
        text("place", &|d| d.place.clone()),
        text("city", &|d| d.city.clone()),
        text("company", &|d| d.company.clone()),
        text("seniority", &|d| d.seniority.map(|level| <&str>::from(level).to_string())),
        years("experience_min", &|d| d.experience?.min),
        years("experience_max", &|d| d.experience?.max),
        text("education", &|d| d.education.map(|level| <&str>::from(level).to_string())),
        text("pay", &|d| d.pay.as_ref().map(|pay| pay.raw.clone())),
        number("pay_min", &|d| d.pay.as_ref()?.min),
        number("pay_max", &|d| d.pay.as_ref()?.max),
        text("pay_currency", &|d| d.pay.as_ref()?.currency.clone()),
        text("pay_period", &|d| d.pay.as_ref()?.period.map(|p| <&str>::from(p).to_string())),
        number("pay_month_min", &|d| Some(d.pay.as_ref()?.monthly()?.0)),
        number("pay_month_max", &|d| Some(d.pay.as_ref()?.monthly()?.1)),
    ]
}

/// The columns of the input, of their kinds; one that has the name of a column before it is called
/// `input.NAME`.
fn input_columns(before: &[Column], roles: &[Role], named: &[(&str, Kind)]) -> Vec<Column> {
    let stack = |role: &Role| role.stack.iter().map(ArcStr::to_string).collect();
    let mut columns = vec![
        Column::of("stack", Values::List(roles.iter().map(stack).collect())),
        Column::of("description", Values::text(roles.iter().map(|r| Some(r.description.as_str())))),
        Column::of("file", Values::text(roles.iter().map(|r| Some(r.origin.file.as_str())))),
        Column::of(
            "line",
            Values::Integer(roles.iter().map(|r| i64::try_from(r.origin.line).ok()).collect()),
        ),
    ];
    for &(name, kind) in named {
        let values: Vec<Option<&str>> =
            roles.iter().map(|role| role.fields.get(name).map(ArcStr::as_str)).collect();
        let taken = |name: &str| before.iter().chain(&columns).any(|c| c.name == name);
        let mut shown = name.to_string();
        while taken(&shown) {
            shown = format!("input.{shown}");
        }
        columns.push(Column::of(shown, Values::typed(kind, &values)));
    }
    columns
}
