//! `words.index`, whose checksums all hold here.
#![no_main]

use rolecluster::mapped_file::Bytes;
use rolecluster::search::LexicalIndex;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(index) = LexicalIndex::open(Bytes::Owned(bytes.to_vec()), "x") else { return };
    let _ = index.verify();
    if let Ok(scores) = index.scores("kafka redis 运维平台 a") {
        assert_eq!(scores.len(), index.n_texts());
    }
});
