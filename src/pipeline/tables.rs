//! Tables of a run: cross-tabs, changes between periods, values that stand together.

use jiff::civil::Date;
use serde::Serialize;

use super::discover::load_report;
use super::standard_codes::groups_of_roles;
use crate::error::Error;
use crate::store::RunFolder;
use crate::tabulate::{
    CrossTab, DEFAULT_FLOOR, DIMENSIONS, Facet, Facets, Found, Layout, Pair, Repeats, Span, Trends,
    Values, cross_tab, isco_digits, together, trends,
};

/// What a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
#[strum(parse_err_ty = crate::unknown_name::UnknownName, parse_err_fn = unknown_measure)]
pub enum Measure {
    /// Roles.
    #[default]
    Count,
    /// Shares of the roles of each column, with intervals.
    Share,
    /// Quartiles of a month's pay in one currency.
    Pay,
    /// The rows in the first and in the last period.
    Change,
    /// Values of the rows that stand together in a role.
    Together,
    /// In how many roles each detail was found; rows and columns make no difference.
    Found,
}

fn unknown_measure(name: &str) -> crate::unknown_name::UnknownName {
    let known = <Measure as strum::VariantNames>::VARIANTS;
    crate::unknown_name::UnknownName::new("kind of values", name, known)
}

/// What to count, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSettings {
    /// The dimension of the rows: one of [`DIMENSIONS`] or a column of the input.
    pub rows: String,
    /// That of the columns; `None` for one column of all roles.
    pub columns: Option<String>,
    /// Periods as columns instead; for [`Measure::Change`] the length of a period.
    pub by: Option<Span>,
    /// What to show.
    pub measure: Measure,
    /// ISO 4217 code of the currency of pay; `None` takes the one most roles pay in.
    pub currency: Option<String>,
    /// Fewer roles than that are not shown.
    pub floor: usize,
    /// Rows at most.
    pub most_rows: usize,
    /// The day relative dates count from.
    pub today: Option<Date>,
    /// Whether roles that repeat others count.
    pub repeats: Repeats,
}

impl Default for TableSettings {
    fn default() -> Self {
        TableSettings {
            rows: "technology".into(),
            columns: None,
            by: None,
            measure: Measure::Count,
            currency: None,
            floor: DEFAULT_FLOOR,
            most_rows: Layout::default().most_rows,
            today: None,
            repeats: Repeats::LeftOut,
        }
    }
}

/// A table and what to know about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// The dimension of the rows.
    pub rows: String,
    /// That of the columns; `None` where there is one column of all roles.
    pub columns: Option<String>,
    /// Roles that were counted.
    pub roles: usize,
    /// Roles left out because they repeat others.
    pub repeats_left_out: usize,
    /// Currency of the pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Roles whose pay is in another currency, and so not in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_currencies: Option<usize>,
    /// Roles whose pay is not a month's in any currency, since they do not say which, or for what
    /// time it is; they are not in the table either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unclear_pay: Option<usize>,
    /// The table itself.
    pub content: Content,
}

/// The table itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Rows and columns.
    Cells(CrossTab),
    /// Two periods compared; `None` where there are not two with enough roles.
    Change(Option<Trends>),
    /// Pairs of values.
    Together(Vec<Pair>),
    /// The details.
    Found(Vec<Found>),
}

/// Makes a table of the roles of a run.
///
/// # Errors
/// When the run is not clustered or damaged, or no role has a dimension asked for.
pub fn table(run: &RunFolder, settings: &TableSettings) -> Result<Table, Error> {
    let (report, _) = load_report(run)?;
    let roles = run.roles()?.corpus;
    let mut facets = Facets::new(&report, roles.roles(), settings.today, settings.repeats);
    let dimensions = [Some(settings.rows.as_str()), settings.columns.as_deref()];
    if dimensions.into_iter().flatten().any(|name| isco_digits(name).is_some()) {
        let groups = groups_of_roles(run, roles.roles())?;
        facets = facets.with_groups(|id| groups.get(id).cloned().unwrap_or_default());
    }
    let rows = values(&facets, &settings.rows)?;
    let mut table = Table {
        rows: settings.rows.clone(),
        columns: settings.columns.clone(),
        roles: facets.rows().len(),
        repeats_left_out: facets.left_out,
        currency: None,
        other_currencies: None,
        unclear_pay: None,
        content: Content::Change(None),
    };
    table.content = match settings.measure {
        Measure::Found => Content::Found(facets.found()),
        Measure::Together => {
            let mut pairs = together(&rows, settings.floor);
            pairs.truncate(settings.most_rows);
            Content::Together(pairs)
        }
        Measure::Change => {
            let periods = facets.periods(settings.by.unwrap_or(Span::Month));
            Content::Change(trends(&rows, &periods, settings.floor))
        }
        Measure::Count | Measure::Share | Measure::Pay => {
            Content::Cells(cells(&facets, &rows, settings, &mut table)?)
        }
    };
    Ok(table)
}

fn cells(
    facets: &Facets,
    rows: &[Vec<String>],
    settings: &TableSettings,
    table: &mut Table,
) -> Result<CrossTab, Error> {
    let columns = match (&settings.by, &settings.columns) {
        (Some(span), _) => facets.periods(*span),
        (None, Some(name)) => values(facets, name)?,
        (None, None) => vec![vec!["all".to_string()]; facets.rows().len()],
    };
    if let Some(span) = settings.by {
        table.columns = Some(<&str>::from(span).to_string());
    }
    let layout = Layout {
        floor: settings.floor,
        most_rows: settings.most_rows,
        columns_are_periods: is_period(table.columns.as_deref()),
        ..Layout::default()
    };
    let paid = (settings.measure == Measure::Pay).then(|| paid(facets, settings, table));
    let pay: Option<Vec<Option<f64>>> =
        paid.as_ref().map(|all| all.iter().map(Paid::in_table).collect());
    let measure = match (&pay, settings.measure) {
        (Some(pay), _) => Values::Pay(pay),
        (None, Measure::Share) => Values::Share,
        (None, _) => Values::Count,
    };
    let mut found = cross_tab(rows, &columns, measure, layout);
    if let Some(paid) = paid {
        // They state all that was asked for, so they are not among those that do not.
        let left_out = |why: Paid| {
            let is_left_out =
                |&at: &usize| paid[at] == why && !rows[at].is_empty() && !columns[at].is_empty();
            (0..paid.len()).filter(is_left_out).count()
        };
        let (other, unclear) = (left_out(Paid::Otherwise), left_out(Paid::Unclear));
        found.without -= other + unclear;
        (table.other_currencies, table.unclear_pay) = (Some(other), Some(unclear));
    }
    Ok(found)
}

fn is_period(dimension: Option<&str>) -> bool {
    matches!(dimension, Some("month" | "quarter" | "year"))
}

fn values(facets: &Facets, dimension: &str) -> Result<Vec<Vec<String>>, Error> {
    facets.values(dimension).ok_or_else(|| {
        let known = DIMENSIONS.iter().map(|name| name.to_string()).chain(facets.columns());
        Error::NoSuchDimension { dimension: dimension.to_string(), known: known.collect() }
    })
}

/// What a role states of its pay.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Paid {
    /// So much a month, in the currency of the table.
    Monthly(f64),
    /// In another currency.
    Otherwise,
    /// Without a currency, or without the time it is for.
    Unclear,
    /// Nothing.
    Unsaid,
}

impl Paid {
    /// A month's pay, where it is in the currency of the table.
    fn in_table(&self) -> Option<f64> {
        match self {
            Paid::Monthly(pay) => Some(*pay),
            Paid::Otherwise | Paid::Unclear | Paid::Unsaid => None,
        }
    }
}

/// What every role states of its pay, seen from one currency, which the table is told.
fn paid(facets: &Facets, settings: &TableSettings, table: &mut Table) -> Vec<Paid> {
    let monthly = |facet: &Facet| {
        let pay = facet.details.pay.as_ref()?;
        Some((pay.currency.clone()?, pay.monthly_middle()?))
    };
    let all: Vec<Option<(String, f64)>> = facets.rows().iter().map(monthly).collect();
    let count = |code: &str| all.iter().flatten().filter(|(other, _)| other == code).count();
    let usual = || {
        let codes = all.iter().flatten().map(|(code, _)| code.as_str());
        codes.max_by_key(|code| (count(code), std::cmp::Reverse(*code))).map(str::to_string)
    };
    table.currency = settings.currency.as_ref().map(|code| code.to_uppercase()).or_else(usual);
    let one = |(facet, monthly): (&Facet, &Option<(String, f64)>)| match monthly {
        Some((code, pay)) if table.currency.as_ref() == Some(code) => Paid::Monthly(*pay),
        Some(_) => Paid::Otherwise,
        None if facet.details.pay.is_some() => Paid::Unclear,
        None => Paid::Unsaid,
    };
    facets.rows().iter().zip(&all).map(one).collect()
}
