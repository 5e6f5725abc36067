//! How fine the groups are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How fine the specialisations and directions are whose number is left to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Fewer and larger ones.
    Coarse,
    /// As many as the roles carry.
    #[default]
    Normal,
    /// More and smaller ones.
    Fine,
}

impl Detail {
    /// By how much there are more or fewer specialisations.
    pub(super) fn factor(self) -> f64 {
        match self {
            Detail::Coarse => 0.6,
            Detail::Normal => 1.0,
            Detail::Fine => 1.6,
        }
    }
}

impl FromStr for Detail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "coarse" => Ok(Detail::Coarse),
            "normal" => Ok(Detail::Normal),
            "fine" => Ok(Detail::Fine),
            other => Err(format!("no detail `{other}`: give coarse, normal or fine")),
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Detail::Coarse => "coarse",
            Detail::Normal => "normal",
            Detail::Fine => "fine",
        })
    }
}
