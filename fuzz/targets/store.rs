//! Files of a run folder, behind their checksums; the first byte says which.
#![no_main]

use rolecluster::embeddings::ModelFingerprint;
use rolecluster::store::{RunWriter, unchecked};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    match which % 4 {
        0 => {
            if let Ok(stored) = unchecked::roles(bytes) {
                let n = stored.corpus.len();
                assert!(stored.texts.len() == n && stored.representative.len() == n);
            }
        }
        1 => {
            if let Ok(found) = unchecked::vectors(bytes) {
                assert_eq!(found.ids().len(), found.vectors().rows());
                assert!(found.vectors().as_slice().iter().all(|x| x.is_finite()));
            }
        }
        2 => {
            let _ = rolecluster_fuzz::in_folder(|folder| unchecked::manifest(folder, bytes));
        }
        _ => rolecluster_fuzz::in_folder(|folder| {
            let folder = folder.join("run");
            let run = RunWriter::open(&folder).expect("the temporary folder takes a run");
            let model = ModelFingerprint {
                name: "m".into(),
                revision: "r".into(),
                digest: "d".into(),
                dimension: 2,
                dtype: "f32".into(),
                prompt: String::new(),
            };
            let cache = unchecked::cache(&run, &model, bytes).expect("a cache of any bytes opens");
            let key = cache.key("x");
            assert_eq!(cache.vectors(&[key]).is_ok(), cache.knows(&key));
        }),
    }
});
