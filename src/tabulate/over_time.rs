//! The roles of a run over the time in which they were posted.

use std::collections::BTreeMap;

use super::cross_tab::{Cell, DEFAULT_FLOOR, Layout, Values, cross_tab};
use super::facets::{Facets, Span};
use super::interval::wilson;
use super::trends::trends;
use crate::over_time::{ByPeriod, CountShare, OverTime, Period};
use crate::report::Report;
use crate::role::Role;

/// More periods than this are taken together, months as quarters and quarters as years.
const MOST_PERIODS: usize = 12;
/// Technologies in the table of periods.
const MOST_TECHNOLOGIES: usize = 30;

/// Counts the roles of a report, which stand in the order of its placements, by the period they were
/// posted in, repeats left out; `None` where there are not two periods with at least
/// [`DEFAULT_FLOOR`] roles.
///
/// # Panics
/// If there are not as many roles as placements.
pub fn over_time(report: &Report, roles: &[Role]) -> Option<OverTime> {
    let facets = Facets::dated(report, roles);
    let (span, of_roles, counts) = periods(&facets)?;
    let dated: usize = counts.values().sum();
    let specialisations = facets.values("specialisation")?;
    let technologies = facets.values("technology")?;
    let (specialisation_rows, a) = by_period(&specialisations, &of_roles, usize::MAX);
    let (technology_rows, b) = by_period(&technologies, &of_roles, MOST_TECHNOLOGIES);
    let period =
        |(name, count): (String, usize)| Some(Period { name, roles: count_share(count, dated)? });
    Some(OverTime {
        span: <&str>::from(span).to_string(),
        roles: roles.len() - facets.left_out,
        dated,
        floor: DEFAULT_FLOOR,
        suppressed: a + b,
        periods: counts.into_iter().filter_map(period).collect(),
        specialisations: specialisation_rows,
        technologies: technology_rows,
        specialisation_changes: trends(&specialisations, &of_roles, DEFAULT_FLOOR)?,
        technology_changes: trends(&technologies, &of_roles, DEFAULT_FLOOR)?,
    })
}

/// A length of periods that gives few enough, the period of each role, and the roles of each
/// period; `None` where there are not two of some size.
type Periods = (Span, Vec<Vec<String>>, BTreeMap<String, usize>);

fn periods(facets: &Facets) -> Option<Periods> {
    for span in [Span::Month, Span::Quarter, Span::Year] {
        let periods = facets.periods(span);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        periods.iter().flatten().for_each(|p| *counts.entry(p.clone()).or_default() += 1);
        if counts.values().filter(|count| **count >= DEFAULT_FLOOR).count() < 2 {
            return None;
        }
        if counts.len() <= MOST_PERIODS || matches!(span, Span::Year) {
            return Some((span, periods, counts));
        }
    }
    None
}

/// The values that most roles have, in every period, and how many cells are suppressed.
fn by_period(
    values: &[Vec<String>],
    periods: &[Vec<String>],
    most_rows: usize,
) -> (Vec<ByPeriod>, usize) {
    let layout = Layout { most_rows, columns_are_periods: true, ..Layout::default() };
    let table = cross_tab(values, periods, Values::Share, layout);
    let cell = |cell: &Cell| match *cell {
        Cell::Share { count, share, interval } => Some(CountShare { count, share, interval }),
        Cell::Count(_) | Cell::Pay { .. } | Cell::Suppressed => None,
    };
    let row = |(name, cells): (String, &Vec<Cell>)| ByPeriod {
        name,
        periods: cells.iter().map(cell).collect(),
    };
    let rows = table.rows.into_iter().zip(&table.cells).map(row).collect();
    (rows, table.suppressed)
}

fn count_share(count: usize, total: usize) -> Option<CountShare> {
    Some(CountShare { count, share: count as f64 / total as f64, interval: wilson(count, total)? })
}
