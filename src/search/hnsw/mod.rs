//! HNSW: approximate nearest neighbours by a navigable small-world graph in a file.
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
mod codes;
mod mapped;
mod walk;

pub use build::{HnswGraph, HnswParams};
pub use mapped::HnswIndex;

#[cfg(test)]
mod tests;
