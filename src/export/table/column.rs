//! A column and its type.

use jiff::civil::Date;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::export) struct Column {
    pub name: String,
    pub values: Values,
    /// Whether the values are ids of roles.
    pub is_ids: bool,
    /// What CSV, which has no null, writes for a missing value.
    pub empty: &'static str,
}

/// The values of a column, one per role, `None` where there is none.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::export) enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    Float(Vec<Option<f64>>),
    /// Numbers of single precision, written as short as they can be.
    Single(Vec<Option<f32>>),
    Flag(Vec<Option<bool>>),
    Date(Vec<Option<Date>>),
    List(Vec<Vec<String>>),
}

/// What all values of a column of the input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::export) enum Kind {
    Text,
    Integer,
    Float,
    Flag,
    Date,
}

impl Kind {
    /// Numbers, flags or dates where every value is one and is written as this program would
    /// write it, so that `1.10`, `007` and ids stay what they are; else text.
    pub fn of<'a>(name: &str, values: impl Iterator<Item = &'a str> + Clone) -> Kind {
        let mut filled = values.filter(|value| !value.is_empty());
        if is_id(name) || filled.clone().next().is_none() {
            return Kind::Text;
        }
        if filled.clone().all(|v| v.parse::<i64>().is_ok_and(|n| n.to_string() == v)) {
            return Kind::Integer;
        }
        let is_float =
            |v: &str| v.parse::<f64>().is_ok_and(|n| n.is_finite() && n.to_string() == v);
        if filled.clone().all(is_float) {
            return Kind::Float;
        }
        if filled.clone().all(|v| matches!(v, "true" | "false")) {
            return Kind::Flag;
        }
        match filled.all(|v| v.len() == 10 && v.parse::<Date>().is_ok()) {
            true => Kind::Date,
            false => Kind::Text,
        }
    }
}

impl Column {
    pub fn of(name: impl Into<String>, values: Values) -> Self {
        Column { name: name.into(), values, is_ids: false, empty: "" }
    }

    /// The same column, of ids.
    pub fn ids(self) -> Self {
        Column { is_ids: true, ..self }
    }

    /// The same column with another sign for a missing value.
    pub fn with_empty(self, empty: &'static str) -> Self {
        Column { empty, ..self }
    }
}

impl Values {
    pub fn text<T: Into<String>>(values: impl Iterator<Item = Option<T>>) -> Self {
        Values::Text(values.map(|value| value.map(T::into)).collect())
    }

    /// Values of a column of the input, all of this kind.
    pub fn typed(kind: Kind, values: &[Option<&str>]) -> Self {
        match kind {
            Kind::Text => Values::Text(values.iter().map(|v| v.map(str::to_string)).collect()),
            Kind::Integer => {
                Values::Integer(values.iter().map(|v| said(v)?.parse().ok()).collect())
            }
            Kind::Float => Values::Float(values.iter().map(|v| said(v)?.parse().ok()).collect()),
            Kind::Flag => Values::Flag(values.iter().map(|v| said(v)?.parse().ok()).collect()),
            Kind::Date => Values::Date(values.iter().map(|v| said(v)?.parse().ok()).collect()),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Integer(values) => values.len(),
            Values::Float(values) => values.len(),
            Values::Single(values) => values.len(),
            Values::Flag(values) => values.len(),
            Values::Date(values) => values.len(),
            Values::List(values) => values.len(),
        }
    }
}

/// A value that is there and not empty.
fn said<'a>(value: &Option<&'a str>) -> Option<&'a str> {
    value.filter(|value| !value.is_empty())
}

/// Whether a column is one of ids by its name: `id`, `job_id`, `jobId`, `编号`.
fn is_id(name: &str) -> bool {
    let lower = name.to_lowercase();
    let in_camel_case = name.ends_with("Id") || name.ends_with("ID");
    in_camel_case
        || ["_id", "-id", " id", ".id", "编号", "编码", "code", "phone", "zip"]
            .iter()
            .any(|end| lower.ends_with(end))
        || lower == "id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_typed_where_nothing_is_lost() {
        let of = |name: &str, values: &[&str]| {
            let values: Vec<Option<&str>> = values.iter().map(|v| Some(*v)).chain([None]).collect();
            Values::typed(Kind::of(name, values.iter().copied().flatten()), &values)
        };
        assert_eq!(of("n", &["1", "-20"]), Values::Integer(vec![Some(1), Some(-20), None]));
        assert_eq!(of("n", &["1.5", "2"]), Values::Float(vec![Some(1.5), Some(2.0), None]));
        assert_eq!(of("n", &["true", "false"]), Values::Flag(vec![Some(true), Some(false), None]));
        assert!(matches!(of("n", &["2026-03-05"]), Values::Date(_)));
        for text in ["1.10", "007", "1e5", "2026-3-5", "NaN", "inf", "+1"] {
            assert!(matches!(of("n", &["1", text]), Values::Text(_)), "{text}");
        }
        assert!(matches!(of("job_id", &["1"]), Values::Text(_)));
    }
}
