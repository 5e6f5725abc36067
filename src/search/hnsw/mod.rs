//! Nearest rows without looking at every row: a navigable graph on disk.
//!
//! Yu. A. Malkov and D. A. Yashunin, "Efficient and robust approximate nearest neighbor
//! search using Hierarchical Navigable Small World graphs" (arXiv 1603.09320). Every node
//! is linked to some of its nearest, chosen so that they lie in different directions
//! (algorithm 4); one node in `m` stands also on the level above, and so on. A search
//! descends from the single node at the top and widens at the bottom (algorithms 2 and 5).
//!
//! What differs from the paper:
//!
//! - **Codes.** Links are walked along by rows of 8-bit integers, a quarter of the size; the
//!   candidates this yields are ranked anew by exact `f32` products.
//! - **Copies.** Equal rows are one node, so that a posting published a thousand times does
//!   not fill the links around it.
//! - **Batches.** Nodes are inserted some hundred at a time: each is searched for in the graph
//!   as it stood before the batch, and compared with all of its batch. So the graph is the
//!   same at any number of threads; and as all comparisons are between integers, times one
//!   rounded factor, it is the same on every machine.

mod build;
mod file;
mod walk;

pub use build::{Graph, GraphParams};
pub use file::GraphIndex;

#[cfg(test)]
mod tests;

/// A row of 8-bit integers, and what one of them is worth.
///
/// The largest number of a row becomes 127; a row of zeros is worth nothing.
fn encode(row: &[f32], codes: &mut Vec<i8>) -> f32 {
    let largest = row.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    if !(largest > 0.0 && largest.is_finite()) {
        codes.resize(codes.len() + row.len(), 0);
        return 0.0;
    }
    let worth = largest / 127.0;
    codes.extend(row.iter().map(|x| (x / worth).round() as i8));
    worth
}
