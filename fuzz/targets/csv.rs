//! Tables and their columns; the first byte says how they are asked for.
#![no_main]

use rolecluster::read::{Format, ReadOptions, TableOptions};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let format = match how % 4 {
        0 => None,
        1 => Some(Format::Tsv),
        _ => Some(Format::Csv),
    };
    let table = TableOptions { no_header: how & 4 > 0, skip_lines: u64::from(how >> 3) % 4 };
    let encoding = (how & 0x80 > 0).then(|| "shift_jis".to_string());
    let options = ReadOptions { format, table, encoding, ..ReadOptions::default() };
    rolecluster_fuzz::read_with(&options, bytes);
});
