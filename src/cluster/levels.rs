//! Numbers of groups on both levels.

use super::choice::Choice;
use super::choose_k::directions_of;

/// Numbers of specialisations and of directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) k: usize,
    pub(super) n_directions: usize,
}

impl Levels {
    /// The usual number of directions for `k` clusters.
    pub(super) fn of(k: usize, directions: Choice<usize>) -> Levels {
        let n_directions = match directions {
            Choice::Given(given) => given.clamp(1, k.max(1)),
            Choice::Auto => directions_of(k),
        };
        Levels { k, n_directions }
    }
}
