//! The wide table: one row per role, with all that the input said and all that was found. Every
//! tabular format writes the same columns.

mod clusters;
mod codes;
mod column;
mod csv;
mod jsonl;
mod options;
mod parquet;
#[cfg(feature = "xlsx")]
mod xlsx;
#[cfg(not(feature = "xlsx"))]
#[path = "xlsx_disabled.rs"]
mod xlsx;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::describe::technologies_in;
use crate::details::Details;
use crate::extract::extract;
use crate::report::Report;
use crate::role::{Role, RoleId};

use column::{Column, Values};
pub(super) use csv::write as csv;
pub(super) use jsonl::write as jsonl;
pub use options::{Changed, Formulas, TableOptions};
pub(super) use parquet::{batch, write as parquet};
pub(super) use xlsx::write as xlsx;

/// The columns of the table of `roles`, which stand in the order of the report's placements.
///
/// # Panics
/// If roles, neighbours or codes are not as many as the placements.
pub(super) fn columns(report: &Report, roles: &[Role], options: &TableOptions) -> Vec<Column> {
    assert_eq!(report.placements.len(), roles.len(), "one placement per role");
    assert!(options.neighbors.is_none_or(|lists| lists.len() == roles.len()));
    assert!(options.codes.is_none_or(|lists| lists.len() == roles.len()));
    let details: Vec<Details> = roles.par_iter().map(|role| extract(role, options.today)).collect();
    let mut columns = vec![
        Column::of("id", Values::text(roles.iter().map(|role| Some(role.id.to_string())))).ids(),
        Column::of("title", Values::text(roles.iter().map(|role| Some(role.title.clone())))),
        Column::of("section", Values::text(roles.iter().map(|role| role.section.clone()))),
    ];
    columns.extend(clusters::columns(report));
    let repeated = report.placements.iter().map(|place| place.duplicate_of.as_ref());
    let repeated = repeated.map(|of| of.map(RoleId::to_string));
    columns.push(Column::of("duplicate_of", Values::text(repeated)).ids());
    let technologies = |role: &Role| technologies_in(role).into_iter().map(String::from).collect();
    let technologies: Vec<Vec<String>> = roles.par_iter().map(technologies).collect();
    columns.push(Column::of("technologies", Values::List(technologies)));
    columns.extend(stated(&details));
    if let Some(lists) = options.codes {
        columns.extend(codes::of_roles(lists));
    }
    if let Some(of_groups) = options.group_codes {
        columns.extend(codes::of_groups(report, of_groups));
    }
    if let Some(lists) = options.neighbors {
        let ids = |list: &Vec<RoleId>| list.iter().map(RoleId::to_string).collect();
        columns.push(Column::of("neighbors", Values::List(lists.iter().map(ids).collect())).ids());
    }
    let of_input = input_columns(&columns, roles);
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

/// The columns of the input, typed where no value would lose its spelling; one that has the name
/// of a column before it is called `input.NAME`.
fn input_columns(before: &[Column], roles: &[Role]) -> Vec<Column> {
    let mut columns = vec![
        Column::of("stack", Values::List(roles.iter().map(|role| role.stack.clone()).collect())),
        Column::of(
            "description",
            Values::text(roles.iter().map(|r| Some(r.description.to_string()))),
        ),
        Column::of("file", Values::text(roles.iter().map(|r| Some(r.origin.file.clone())))),
        Column::of(
            "line",
            Values::Integer(roles.iter().map(|r| i64::try_from(r.origin.line).ok()).collect()),
        ),
    ];
    let names: BTreeSet<&String> = roles.iter().flat_map(|role| role.fields.keys()).collect();
    for name in names {
        let values: Vec<Option<&str>> =
            roles.iter().map(|role| role.fields.get(name).map(String::as_str)).collect();
        let taken = |name: &str| before.iter().chain(&columns).any(|c| c.name == name);
        let mut shown = name.clone();
        while taken(&shown) {
            shown = format!("input.{shown}");
        }
        columns.push(Column::of(shown, Values::typed(name, &values)));
    }
    columns
}

#[cfg(test)]
mod tests;
