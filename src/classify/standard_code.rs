//! A code of a standard and how near it is.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::unknown_name::UnknownName;

/// A standard classification of occupations.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantNames, IntoStaticStr, strum::Display,
)]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_scheme)]
pub enum Scheme {
    /// Occupations of ESCO, the classification of the European Commission.
    Esco,
    /// Unit groups of ISCO-08, four digits.
    Isco,
}

fn unknown_scheme(name: &str) -> UnknownName {
    UnknownName::new("standard", name, Scheme::VARIANTS)
}

/// A standard occupation, or a group of them, that a role is near.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardCode {
    /// `esco:` and the identifier of the concept, or the four digits of a unit group.
    pub code: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// How near, at most 1; see [`super::Coder`].
    pub score: f32,
}
