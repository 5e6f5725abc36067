//! Workbooks whose XML is random: the first byte says which part, the others are put in place.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((which, part)) = bytes.split_first() else { return };
    rolecluster_fuzz::read_as(None, &rolecluster_fuzz::workbook(*which, part));
});
