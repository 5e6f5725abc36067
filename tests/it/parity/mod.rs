//! Each numerical stage against its pinned reference implementation.

mod encode;
mod hdbscan;
mod kmeans;
mod metrics;
mod real_models;
mod umap;
