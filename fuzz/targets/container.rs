//! Whatever is told by its first bytes: compressed files, archives, workbooks, Parquet.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    rolecluster_fuzz::read_as(None, bytes);
});
