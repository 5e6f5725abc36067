//! How to clean.

/// How to clean; the default suits postings of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct CleanParams {
    /// A sentence recurs when at least this many roles say it and at least
    /// the cube root of the number of roles (5 of 83, 10 of 1,000, 47 of 100,000).
    pub min_recurring: usize,
    /// Whether sentences that recur are looked for at all, or only those of `boilerplate` and of
    /// the lexicon are left out.
    pub find_recurring: bool,
    /// A recurring sentence is about the work, and stays, when the roles that say it resemble
    /// each other more than this many times as much as any two roles do.
    pub max_topical_lift: f64,
    /// Two roles are near duplicates from this Jaccard similarity of their shingles on.
    pub near_duplicate: f64,
    /// And so they are when this share of the shorter one's shingles is in the longer one.
    pub near_contained: f64,
    /// Sentences that say nothing about a role, beside those that are found out.
    pub boilerplate: Vec<String>,
    /// Pairs that are not merged are listed to be checked from this Jaccard similarity on; at 1
    /// there are none.
    pub similar: f64,
}

impl Default for CleanParams {
    fn default() -> Self {
        CleanParams {
            min_recurring: 4,
            find_recurring: true,
            max_topical_lift: 2.5,
            near_duplicate: 0.8,
            near_contained: 0.9,
            boilerplate: Vec::new(),
            similar: 0.25,
        }
    }
}
