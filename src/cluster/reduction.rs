//! What density is measured in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Embeddings of postings of one trade lie in one cloud of nearly even density, in which HDBSCAN
/// calls a third to a half of them noise. Reduced they lie in dense regions: a tenth is
/// noise, and the clusters agree more with those made by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reduction {
    /// Eight dimensions of rows averaged with their neighbours, without any chance; see
    /// [`crate::project::diffuse`].
    #[default]
    Diffusion,
    /// Five dimensions that keep neighbourhoods; they depend on the seed. See
    /// [`crate::project::reduce`].
    Umap,
    /// The embeddings as they are.
    None,
}

/// Fewer different rows than this are clustered as they are.
pub(super) const FEWEST_REDUCED: usize = 16;

impl FromStr for Reduction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "diffusion" => Ok(Reduction::Diffusion),
            "umap" => Ok(Reduction::Umap),
            "none" => Ok(Reduction::None),
            other => Err(format!("no reduction `{other}`: give diffusion, umap or none")),
        }
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reduction::Diffusion => "diffusion",
            Reduction::Umap => "umap",
            Reduction::None => "none",
        })
    }
}
