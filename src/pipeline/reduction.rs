//! What HDBSCAN looks for dense regions in.

use std::fmt;
use std::str::FromStr;

use crate::geometry::Matrix;
use crate::progress::Progress;
use crate::project::{self, LayoutParams};

/// Vectors of postings of one trade lie in one cloud of nearly even density, in which HDBSCAN
/// calls a third to a half of them noise. Laid out afresh by their neighbourhoods they lie in
/// heaps: a tenth is noise, and the clusters follow those of people more closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Five numbers per role that keep its neighbourhood; see [`project::reduce`].
    #[default]
    Neighborhoods,
    /// The vectors as they are.
    None,
}

impl FromStr for Reduction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "umap" => Ok(Reduction::Neighborhoods),
            "none" => Ok(Reduction::None),
            other => Err(format!("no reduction `{other}`: give umap or none")),
        }
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reduction::Neighborhoods => "umap",
            Reduction::None => "none",
        })
    }
}

/// What [`cluster::Helpers`](crate::cluster::Helpers) want for it.
pub(super) fn by_neighborhoods(seed: u64) -> impl Fn(&Matrix, &dyn Progress) -> Matrix + Sync {
    let params = LayoutParams { seed, ..LayoutParams::default() };
    move |rows: &Matrix, progress: &dyn Progress| project::reduce(rows, &params, progress)
}
