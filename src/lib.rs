//! rolecluster turns a pile of job postings, in any language, into named
//! specialisations, a search index and clean JSON.
//!
//! # The program in reading order
//!
//! `Source -> Corpus -> Cleaned -> Embeddings -> Clustering -> profiles -> Report -> files`;
//! to the side, `Embeddings -> Index -> neighbours`. Nothing points back.
//!
//! A file directly in `src/` is a noun (a value), a folder is a verb (a stage);
//! the two foundations [`geometry`] and [`text`] know nothing of roles or models.
//!
//! | layer | modules | may import |
//! |---|---|---|
//! | 0 foundations | [`geometry`], [`text`], `disk`, [`atomic_file`], [`mapped_file`], [`long_text`], `number_lists`, `pages`, [`panic_guard`], [`progress`], `ranges`, [`unknown_name`] | std, crates, layer 0 |
//! | 1 nouns | [`role`], [`fields`], [`embeddings`], [`clustering`], [`contingency`], [`corrections`], [`details`], [`digest_tables`], [`given_direction`], [`group_codes`], [`hierarchy`], [`intake`], [`isco_groups`], [`language`], [`lineage`], [`occupations`], [`over_time`], [`profile`], [`report`], `shared_words` | layers 0 and 1 |
//! | 2 verbs | [`read`], [`clean`], [`extract`], [`encode`], [`store`], [`project`], [`evaluate`], [`cluster`], [`correct`], [`describe`], [`classify`], [`search`], [`tabulate`], [`compare`], [`export`] | layers 0 and 1, and the verbs listed **before** it, never one after it |
//! | 3 use cases | [`pipeline`], [`error`] | all of these |
//! | 4 program | the `cli` of the binary | the public API of this library |
//!
//! So [`cluster`] may call [`project`] and [`evaluate`], and neither of them knows of clusters
//! being made. No two files of the crate need each other: a `mod.rs` is the door of its folder,
//! and the types that the files behind it share stand in a file of their own.
//!
//! Only [`encode`] names candle, tokenizers or hf-hub; only [`read`], [`store`]
//! and [`export`] name Arrow; only the program names clap, indicatif and anyhow.
//! `tests/it/layering.rs` and `tests/it/circles.rs` read the sources and enforce both.
//!
//! # Conventions
//!
//! Vectors are rows of an `n x d` row-major `f32` [`geometry::Matrix`]; embedding
//! rows have unit length, so squared Euclid is `2 - 2 cos` and one distance serves
//! all. Sums are kept in `f64`. Every random choice takes a seed. Cluster ids run
//! from 0 by falling size, ties by the smallest member. Noise is `None`, never -1
//! (only the CSV export writes -1). Equal input, seed, model and device give equal
//! bytes.
//!
#![doc = include_str!("DESIGN.md")]

pub mod geometry;
pub mod text;

pub mod atomic_file;
mod disk;
pub mod long_text;
pub mod mapped_file;
mod number_lists;
mod pages;
pub mod panic_guard;
pub mod progress;
mod ranges;
pub mod unknown_name;

pub mod clustering;
pub mod contingency;
pub mod corrections;
pub mod details;
pub mod digest_tables;
pub mod embeddings;
pub mod fields;
pub mod given_direction;
pub mod group_codes;
pub mod hierarchy;
pub mod intake;
pub mod isco_groups;
pub mod language;
pub mod lineage;
pub mod occupations;
pub mod over_time;
pub mod profile;
pub mod report;
pub mod role;
mod shared_words;

// The verbs, in the order of the table; each may import those above it.

pub mod read;

pub mod clean;

pub mod extract;

pub mod encode;

pub mod store;

pub mod project;

pub mod evaluate;

pub mod cluster;

pub mod correct;

pub mod describe;

pub mod classify;

pub mod search;

pub mod tabulate;

pub mod compare;

pub mod export;

// Use cases.

pub mod pipeline;

pub mod error;

pub use error::Error;

// The Python package holds the program in the same file as the library, and the weights once. In
// every other build the command line is part of the binary alone, where nobody reads its fields from
// outside, so not all of them have documentation.
#[cfg(feature = "program")]
#[doc(hidden)]
#[allow(missing_docs)]
pub mod cli;
#[cfg(feature = "program")]
extern crate self as rolecluster;

/// The library example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
