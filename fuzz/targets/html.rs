//! Pages.
#![no_main]

use rolecluster::read::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    rolecluster_fuzz::read_as(Some(Format::Html), bytes);
});
