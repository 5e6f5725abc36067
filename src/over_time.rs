//! How the roles of a run are spread over the time in which they were posted, and what is asked
//! for more, or less, in the last period than in the first.

use serde::{Deserialize, Serialize};

/// A difference counts as one where its adjusted p-value is below this.
pub const SIGNIFICANT: f64 = 0.05;

/// Both ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One value in two groups of roles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The value, such as the name of a technology.
    pub name: String,
    /// Roles with it in the first group.
    pub before: usize,
    /// Roles with it in the second.
    pub after: usize,
    /// Its share in the first group, in `[0, 1]`.
    pub share_before: f64,
    /// Its share in the second.
    pub share_after: f64,
    /// 95 % interval of the second share less the first.
    pub difference: Interval,
    /// Two-sided p-value of equal shares, adjusted for all values that were compared.
    pub p_adjusted: f64,
}

impl Change {
    /// Whether the shares differ beyond chance.
    pub fn is_significant(&self) -> bool {
        self.p_adjusted < SIGNIFICANT
    }

    /// The second share less the first.
    pub fn change(&self) -> f64 {
        self.share_after - self.share_before
    }
}

/// The values of two groups of roles compared: largest rise first, largest fall last.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trends {
    /// Name of the first group.
    pub first: String,
    /// Name of the second.
    pub last: String,
    /// Roles of the first.
    pub n_first: usize,
    /// Roles of the second.
    pub n_last: usize,
    /// Values that at least the floor of roles has, in both together.
    pub changes: Vec<Change>,
    /// Values with fewer.
    pub suppressed: usize,
}

impl Trends {
    /// At most `most` values that rose beyond chance, largest rise first.
    pub fn rising(&self, most: usize) -> Vec<&Change> {
        let rising = self.changes.iter().filter(|c| c.is_significant() && c.change() > 0.0);
        rising.take(most).collect()
    }

    /// At most `most` values that fell beyond chance, largest fall first.
    pub fn falling(&self, most: usize) -> Vec<&Change> {
        let falling = self.changes.iter().rev().filter(|c| c.is_significant() && c.change() < 0.0);
        falling.take(most).collect()
    }
}

/// A count and its share of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CountShare {
    /// Roles.
    pub count: usize,
    /// `count` over the whole, in `[0, 1]`.
    pub share: f64,
    /// 95 % score interval of the share (Wilson).
    pub interval: Interval,
}

/// A period and its share of the roles that say when they were posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// `2026-03`, `2026-Q1` or `2026`.
    pub name: String,
    /// Its roles.
    #[serde(flatten)]
    pub roles: CountShare,
}

/// A value, such as a technology, in every period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByPeriod {
    /// The value.
    pub name: String,
    /// The roles with it among those of each period; `None` where they are fewer than the floor.
    pub periods: Vec<Option<CountShare>>,
}

/// The roles of a run over time. Roles that repeat others do not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverTime {
    /// The length of a period: `month`, `quarter` or `year`.
    pub span: String,
    /// Roles that count.
    pub roles: usize,
    /// Those of them that say when they were posted.
    pub dated: usize,
    /// Cells of fewer roles are left empty.
    pub floor: usize,
    /// Cells that were left empty for it, of both tables together.
    pub suppressed: usize,
    /// The periods that have roles, in order.
    pub periods: Vec<Period>,
    /// Specialisations, largest first.
    pub specialisations: Vec<ByPeriod>,
    /// The technologies most asked for, most roles first.
    pub technologies: Vec<ByPeriod>,
    /// The first period compared with the last, of those that hold at least the floor of roles.
    pub specialisation_changes: Trends,
    /// The same of technologies.
    pub technology_changes: Trends,
}
