//! JSON Lines and documents; the first byte says which.
#![no_main]

use rolecluster::read::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let format = match how % 4 {
        0 => None,
        1 => Some(Format::Json),
        _ => Some(Format::Jsonl),
    };
    rolecluster_fuzz::read_as(format, bytes);
});
