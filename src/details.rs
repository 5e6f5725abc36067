//! What a posting states about the job beside what is to be done: when it was posted, where the
//! work is, who pays and how much, and what an applicant must bring. Each may be missing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumString, VariantNames};

use crate::unknown_name::UnknownName;

/// The details of one role.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Details {
    /// The day it was posted.
    pub posted: Option<Date>,
    /// Where the work is, as it is written.
    pub place: Option<String>,
    /// The city of `place`: its first part, without a province before it.
    pub city: Option<String>,
    /// The employer.
    pub company: Option<String>,
    /// The level.
    pub seniority: Option<Seniority>,
    /// Years of experience asked for.
    pub experience: Option<Years>,
    /// The lowest degree that is enough.
    pub education: Option<Education>,
    /// What is paid.
    pub pay: Option<Pay>,
}

/// The level of a role, by what its title or a column says.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    VariantNames,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_seniority)]
pub enum Seniority {
    /// Internship, apprenticeship, working student.
    Intern,
    /// For beginners.
    Junior,
    /// Between the two.
    Mid,
    /// Senior.
    Senior,
    /// Leads a team or the technical work of one.
    Lead,
    /// An expert above senior who leads nobody.
    Principal,
    /// Runs a department.
    Manager,
    /// Runs a division or the company.
    Director,
}

fn unknown_seniority(name: &str) -> UnknownName {
    UnknownName::new("seniority", name, Seniority::VARIANTS)
}

/// A degree, lowest first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    VariantNames,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_education)]
pub enum Education {
    /// The posting says that none is needed.
    None,
    /// Secondary school.
    Secondary,
    /// Vocational training or a short-cycle degree, such as 大专.
    Vocational,
    /// Bachelor, or a university degree that is not named more closely.
    Bachelor,
    /// Master.
    Master,
    /// Doctorate.
    Doctorate,
}

fn unknown_education(name: &str) -> UnknownName {
    UnknownName::new("education", name, Education::VARIANTS)
}

/// A range of years, either end open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    /// At least.
    pub min: Option<u8>,
    /// At most.
    pub max: Option<u8>,
}

/// The time an amount is paid for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    VariantNames,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_period)]
pub enum Period {
    /// An hour.
    Hour,
    /// A working day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

fn unknown_period(name: &str) -> UnknownName {
    UnknownName::new("period", name, Period::VARIANTS)
}

impl Period {
    /// How many of these make a month: a week has 40 hours and a year 52 weeks; a month has
    /// 21.75 working days, the figure that Chinese labour law counts wages by.
    pub fn per_month(self) -> f64 {
        match self {
            Period::Hour => 40.0 * 52.0 / 12.0,
            Period::Day => 21.75,
            Period::Week => 52.0 / 12.0,
            Period::Month => 1.0,
            Period::Year => 1.0 / 12.0,
        }
    }
}

/// What is paid, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pay {
    /// The words it was read from.
    pub raw: String,
    /// At least, in `currency` for a `period`.
    pub min: Option<f64>,
    /// At most.
    pub max: Option<f64>,
    /// ISO 4217 code; `None` where nothing says which.
    pub currency: Option<String>,
    /// What time the amount is for; `None` where nothing says which.
    pub period: Option<Period>,
    /// Whether the period is not written but the usual one for such an amount.
    pub period_is_usual: bool,
    /// How many months' pay a year has where that is said, such as 13 to 16, lowest and highest.
    pub months: Option<(u8, u8)>,
}

impl Pay {
    /// A twelfth of a year's pay, lowest and highest, in [`Pay::currency`]; `None` where period
    /// or currency is not known. Pay by the month counts as often as the year has months' pay.
    pub fn monthly(&self) -> Option<(f64, f64)> {
        self.currency.as_ref()?;
        let period = self.period?;
        let (low, high) = match (self.min, self.max) {
            (Some(min), Some(max)) => (min, max),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => return None,
        };
        let (fewest, most) = match (period, self.months) {
            (Period::Month, Some((fewest, most))) => (f64::from(fewest), f64::from(most)),
            _ => (12.0, 12.0),
        };
        let factor = period.per_month() / 12.0;
        Some((low * factor * fewest, high * factor * most))
    }

    /// The middle of [`Pay::monthly`].
    pub fn monthly_middle(&self) -> Option<f64> {
        self.monthly().map(|(low, high)| (low + high) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(min: f64, max: f64, period: Period, months: Option<(u8, u8)>) -> Pay {
        Pay {
            raw: String::new(),
            min: Some(min),
            max: Some(max),
            currency: Some("CNY".into()),
            period: Some(period),
            period_is_usual: false,
            months,
        }
    }

    #[test]
    fn every_period_becomes_a_month() {
        let monthly = |pay: Pay| pay.monthly().map(|(low, high)| (low.round(), high.round()));
        assert_eq!(
            monthly(pay(12000.0, 24000.0, Period::Month, Some((13, 16)))),
            Some((13000.0, 32000.0))
        );
        let year = pay(120_000.0, 240_000.0, Period::Year, None);
        assert_eq!(monthly(year.clone()), Some((10000.0, 20000.0)));
        assert_eq!(monthly(pay(200.0, 400.0, Period::Day, None)), Some((4350.0, 8700.0)));
        assert_eq!(monthly(pay(30.0, 60.0, Period::Hour, None)), Some((5200.0, 10400.0)));
        assert_eq!(Pay { currency: None, ..year.clone() }.monthly(), None);
        assert_eq!(Pay { period: None, ..year }.monthly(), None);
    }
}
