//! rolecluster turns a pile of job postings, in any language, into named
//! specialisations, a search index and clean JSON.
//!
//! # The program in reading order
//!
//! `Source -> Corpus -> Cleaned -> Embeddings -> Clustering -> profiles -> Report -> files`;
//! to the side, `Embeddings -> Index -> neighbours`. Nothing points back.
//!
//! A file directly in `src/` is a noun (a value), a folder is a verb (a stage);
//! the two floors [`geometry`] and [`text`] know nothing of roles or models.
//!
//! | floor | modules | may import |
//! |---|---|---|
//! | 0 | [`geometry`], [`text`], [`atomic_file`], [`mapped_file`], [`panic_guard`], [`progress`] | std, crates, floor 0 |
//! | 1 | [`role`], [`embeddings`], [`clustering`], [`contingency`], [`hierarchy`], [`intake`], [`language`], [`lineage`], [`profile`], [`report`] | floors 0 and 1 |
//! | 2 | [`read`], [`clean`], [`encode`], [`store`], [`cluster`], [`evaluate`], [`describe`], [`search`], [`project`], [`export`] | floors 0 and 1, its own folder, **never another verb** |
//! | 3 | [`pipeline`], [`error`] | all of these |
//! | 4 | the program's `cli` | the public API of this library |
//!
//! Only [`encode`] names candle, tokenizers or hf-hub; only [`read`], [`store`]
//! and [`export`] name Arrow; only the program names clap, indicatif and anyhow.
//! `tests/it/layering.rs` reads the `use` lines and enforces the table.
//!
//! # Conventions
//!
//! Vectors are rows of an `n x d` row-major `f32` [`geometry::Matrix`]; embedding
//! rows have unit length, so squared Euclid is `2 - 2 cos` and one distance serves
//! all. Sums are kept in `f64`. Every random choice takes a seed. Cluster ids run
//! from 0 by falling size, ties by the smallest member. Noise is `None`, never -1
//! (only the CSV export writes -1). Equal input, seed, model and device give equal
//! bytes.

pub mod geometry;
pub mod text;

pub mod atomic_file;
pub mod mapped_file;
pub mod panic_guard;
pub mod progress;

pub mod clustering;
pub mod contingency;
pub mod embeddings;
pub mod hierarchy;
pub mod intake;
pub mod language;
pub mod lineage;
pub mod profile;
pub mod report;
pub mod role;

pub mod clean;
pub mod cluster;
pub mod describe;
pub mod encode;
pub mod evaluate;
pub mod export;
pub mod project;
pub mod read;
pub mod search;
pub mod store;

pub mod pipeline;

pub mod error;

pub use error::Error;

/// The library example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
