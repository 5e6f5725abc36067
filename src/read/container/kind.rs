//! Containers and foreign files by their first bytes.

/// What a file is by its first bytes.
pub(super) struct Kind {
    pub what: &'static str,
    pub advice: &'static str,
}

const UNPACK: &str = "unpack it first";
const SAVE: &str = "save it as CSV or UTF-8 text first";

const FOREIGN: [(&[u8], &str, &str); 9] = [
    (b"\x1f\x8b", "gzip compressed", UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd compressed", UNPACK),
    (b"\xfd7zXZ", "xz compressed", UNPACK),
    (b"BZh", "bzip2 compressed", UNPACK),
    (b"PK\x03\x04", "a ZIP archive, perhaps a spreadsheet", SAVE),
    (b"\xd0\xcf\x11\xe0", "an old Office document", SAVE),
    (b"%PDF-", "a PDF", SAVE),
    (b"\xff\xfe\0\0", "UTF-32 text", "save it as UTF-8 first"),
    (b"\0\0\xfe\xff", "UTF-32 text", "save it as UTF-8 first"),
];

impl Kind {
    pub fn of(head: &[u8]) -> Option<Kind> {
        let found = FOREIGN.iter().find(|(magic, _, _)| head.starts_with(magic));
        found.map(|&(_, what, advice)| Kind { what, advice })
    }
}
