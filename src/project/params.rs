//! Parameters of a layout.

/// How to lay out a map; names and defaults are umap-learn's where it has the parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct LayoutParams {
    /// How close two points may come on the map, in units of `spread`.
    pub min_dist: f64,
    /// Scale of the map.
    pub spread: f64,
    /// Passes over the neighbour graph; `None` takes 500 up to 10,000 rows and 200 above.
    pub n_epochs: Option<usize>,
    /// Negative samples per attracted pair.
    pub n_negatives: usize,
    /// First step length; it falls linearly to zero.
    pub learning_rate: f64,
    /// Attraction to the centre, as a share of a point's distance from it per epoch. Nothing
    /// else keeps components that share no neighbour from drifting apart until the map is
    /// mostly empty. 0 is UMAP as published.
    pub gravity: f64,
    /// Seed of every random choice.
    pub seed: u64,
}

impl Default for LayoutParams {
    fn default() -> Self {
        LayoutParams {
            min_dist: 0.1,
            spread: 1.0,
            n_epochs: None,
            n_negatives: 5,
            learning_rate: 1.0,
            gravity: 0.02,
            seed: 0,
        }
    }
}
