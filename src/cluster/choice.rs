//! Parameters that may be left to the program.

use std::fmt;
use std::str::FromStr;

/// A parameter that may be left to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice<T> {
    /// The program chooses and says what it chose.
    #[default]
    Auto,
    /// This value.
    Given(T),
}

impl<T> Choice<T> {
    /// `auto` or `given`, for the report.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Choice::Auto => "auto",
            Choice::Given(_) => "given",
        }
    }
}

impl<T: FromStr> FromStr for Choice<T> {
    type Err = T::Err;

    /// `auto`, or a value.
    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.eq_ignore_ascii_case("auto") {
            Ok(Choice::Auto)
        } else {
            text.parse().map(Choice::Given)
        }
    }
}

impl<T: fmt::Display> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Auto => f.write_str("auto"),
            Choice::Given(value) => value.fmt(f),
        }
    }
}
