//! Retrieval measures of rankings with known relevant answers.

use serde::{Deserialize, Serialize};

/// The places of one query's right answers in its ranking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// Ranks of the right answers that were ranked, from 1, ascending.
    pub ranks: Vec<usize>,
    /// How many right answers there are, ranked or not.
    pub n_right: usize,
}

/// Means over queries; 1 is a perfect ranking in each figure.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Retrieval {
    /// Queries that have a right answer.
    pub n: usize,
    /// Share of a query's right answers that stand first. With several right answers it cannot
    /// be 1.
    pub recall_at_1: f64,
    /// Share of a query's right answers among the first ten.
    pub recall_at_10: f64,
    /// Mean reciprocal rank of the first right answer; E. M. Voorhees, TREC-8 (1999).
    pub mrr: f64,
    /// Mean average precision: precision at each right answer, 0 where it was not ranked;
    /// C. Buckley and E. M. Voorhees, SIGIR 2000.
    pub map: f64,
}

/// The mean figures over queries. A query without a right answer does not count.
pub fn retrieval(queries: &[Judged]) -> Retrieval {
    let asked: Vec<&Judged> = queries.iter().filter(|query| query.n_right > 0).collect();
    let mean = |figure: fn(&Judged) -> f64| {
        asked.iter().map(|query| figure(query)).sum::<f64>() / asked.len().max(1) as f64
    };
    Retrieval {
        n: asked.len(),
        recall_at_1: mean(|query| query.recall_at(1)),
        recall_at_10: mean(|query| query.recall_at(10)),
        mrr: mean(|query| query.ranks.first().map_or(0.0, |&rank| 1.0 / rank as f64)),
        map: mean(Judged::average_precision),
    }
}

impl Judged {
    fn recall_at(&self, k: usize) -> f64 {
        self.ranks.iter().filter(|&&rank| rank <= k).count() as f64 / self.n_right as f64
    }

    fn average_precision(&self) -> f64 {
        let at = |(found, &rank): (usize, &usize)| (found + 1) as f64 / rank as f64;
        self.ranks.iter().enumerate().map(at).sum::<f64>() / self.n_right as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(ranks: &[usize], n_right: usize) -> Judged {
        Judged { ranks: ranks.to_vec(), n_right }
    }

    #[test]
    fn equals_the_figures_worked_by_hand() {
        // First query: one right answer, second place. Second: of three right answers two are
        // ranked, at 1 and 20. Third: none of its right answers is ranked. Fourth: no query.
        let queries = [judged(&[2], 1), judged(&[1, 20], 3), judged(&[], 2), judged(&[], 0)];
        let found = retrieval(&queries);
        let close = |found: f64, by_hand: f64| assert!((found - by_hand).abs() < 1e-12, "{found}");
        assert_eq!(found.n, 3);
        close(found.recall_at_1, (0.0 + 1.0 / 3.0 + 0.0) / 3.0);
        close(found.recall_at_10, (1.0 + 1.0 / 3.0 + 0.0) / 3.0);
        close(found.mrr, (0.5 + 1.0 + 0.0) / 3.0);
        close(found.map, (0.5 + (1.0 + 2.0 / 20.0) / 3.0 + 0.0) / 3.0);
    }

    #[test]
    fn a_perfect_ranking_is_one_and_no_query_is_zero() {
        let perfect = retrieval(&[judged(&[1], 1), judged(&[1], 1)]);
        let all = [perfect.recall_at_1, perfect.recall_at_10, perfect.mrr, perfect.map];
        assert_eq!(all, [1.0; 4]);
        assert_eq!(retrieval(&[]), Retrieval::default());
    }
}
