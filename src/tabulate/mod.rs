//! Counts roles by what they state: cross-tabs with intervals, changes between periods, values
//! that stand together.
//!
//! Shares come with 95 % score intervals (E. B. Wilson, "Probable inference, the law of
//! succession, and statistical inference", 1927), differences of shares with those of R. G.
//! Newcombe ("Interval estimation for the difference between independent proportions", 1998), and
//! of many comparisons the p-values are adjusted (Y. Benjamini and Y. Hochberg, "Controlling the
//! false discovery rate", 1995). Pay is compared by the month and in one currency only.

mod cross_tab;
mod facets;
mod interval;
mod over_time;
mod together;
mod trends;

pub use cross_tab::{Cell, CrossTab, DEFAULT_FLOOR, Layout, Values, cross_tab};
pub use facets::{DIMENSIONS, Facet, Facets, Found, Repeats, Span, isco_digits};
pub use interval::{benjamini_hochberg, difference, quartiles, two_proportions, wilson};
pub use over_time::over_time;
pub use together::{Pair, together};
pub use trends::{changes, trends};

pub use crate::over_time::{Change, Interval, SIGNIFICANT, Trends};

#[cfg(test)]
mod tests;
