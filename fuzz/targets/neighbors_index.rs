//! `neighbors.index`, whose checksums all hold here.
#![no_main]

use rolecluster::mapped_file::Bytes;
use rolecluster::search::HnswIndex;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(index) = HnswIndex::open(Bytes::Owned(bytes.to_vec()), "x") else { return };
    let _ = index.verify();
    let mut query = vec![0.0; index.dimension()];
    if let Some(first) = query.first_mut() {
        *first = 1.0;
    }
    let _ = index.row(0);
    let _ = index.scores_of(&[0, index.n_rows() / 2, index.n_rows()], &query);
    if let Ok(Some(near)) = index.near(&query, 1, None) {
        assert!(near.iter().all(|neighbor| neighbor.row < index.n_rows()));
    }
    if let Ok(scores) = index.scores(&query) {
        assert_eq!(scores.len(), index.n_rows());
    }
});
