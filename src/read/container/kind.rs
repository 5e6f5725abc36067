//! Containers, and files that roles are not read from, by their first bytes.

/// What the bytes of a file are, where they are not those of a text or of Parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One file, compressed.
    Compressed(Compression),
    /// A ZIP archive, or what is packed as one.
    Zip,
    /// The container of old Office files.
    Ole,
    /// Something that is not read: what it is, and what to do.
    Foreign(&'static str, &'static str),
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Bzip2,
}

impl Compression {
    pub fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Bzip2 => "bzip2",
        }
    }
}

const UNPACK: &str = "unpack it and name the files in it";
const AS_TEXT: &str = "save the text as .txt, .md or .csv";
const AS_TABLE: &str = "export the table as CSV, JSON Lines or Parquet";
const AS_UTF8: &str = "save it as UTF-8";

const FOREIGN: [(&[u8], &str, &str); 30] = [
    (b"%PDF-", "a PDF", AS_TEXT),
    (b"{\\rtf", "an RTF document", AS_TEXT),
    (b"%!PS", "a PostScript document", AS_TEXT),
    (b"AT&TFORM", "a DjVu document", AS_TEXT),
    (b"\xfd7zXZ\0", "xz compressed", UNPACK),
    (b"LZIP", "lzip compressed", UNPACK),
    (b"\x04\x22\x4d\x18", "lz4 compressed", UNPACK),
    (b"\x1f\x9d", "compressed by compress (.Z)", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"MSCF", "a cabinet archive", UNPACK),
    (b"PK\x07\x08", "a part of a split ZIP archive", UNPACK),
    (b"SQLite format 3\0", "an SQLite database", AS_TABLE),
    (b"Obj\x01", "an Avro file", AS_TABLE),
    (b"ORC", "an ORC file", AS_TABLE),
    (b"ARROW1\0\0", "an Arrow (Feather) file", AS_TABLE),
    (b"FEA1", "an old Feather file", AS_TABLE),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", AS_TABLE),
    (b"\x93NUMPY", "a NumPy array", AS_TABLE),
    (b"\0\x01\0\0Standard ", "an Access database", AS_TABLE),
    (b"\xff\xfe\0\0", "UTF-32 text", AS_UTF8),
    (b"\0\0\xfe\xff", "UTF-32 text", AS_UTF8),
    (b"\x89PNG\r\n", "a PNG image", "name files of text"),
    (b"\xff\xd8\xff", "a JPEG image", "name files of text"),
    (b"GIF8", "a GIF image", "name files of text"),
    (b"\x7fELF", "a program", "name files of text"),
    (b"MZ\x90\0", "a program", "name files of text"),
    (b"OggS", "an audio or video file", "name files of text"),
    (b"ID3", "an audio file", "name files of text"),
    (b"\0asm", "a WebAssembly program", "name files of text"),
];

impl Kind {
    /// The kind of a file that begins with `head`; `None` for texts and Parquet.
    pub fn of(head: &[u8]) -> Option<Kind> {
        let begins = |magic: &[u8]| head.starts_with(magic);
        if begins(b"\x1f\x8b") {
            return Some(Kind::Compressed(Compression::Gzip));
        }
        if begins(b"\x28\xb5\x2f\xfd") || is_skippable_frame(head) {
            return Some(Kind::Compressed(Compression::Zstd));
        }
        // `BZh1` to `BZh9`, and the first block or the end of an empty file.
        if begins(b"BZh")
            && head.get(4..7).is_some_and(|block| block == b"1AY" || block == b"\x17rE")
        {
            return Some(Kind::Compressed(Compression::Bzip2));
        }
        if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
            return Some(Kind::Zip);
        }
        if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Some(Kind::Ole);
        }
        if head.get(257..262) == Some(b"ustar") {
            return Some(Kind::Foreign("a tar archive", UNPACK));
        }
        // Pickles of protocol 2 and above end in a stop sign, which need not be in the head.
        if matches!(head, [0x80, 2..=5, b'c' | b'}' | b']' | b'(' | b'X' | 0x95 | b'\x8c', ..]) {
            return Some(Kind::Foreign("a Python pickle", AS_TABLE));
        }
        let found = FOREIGN.iter().find(|(magic, _, _)| begins(magic));
        found.map(|&(_, what, advice)| Kind::Foreign(what, advice))
    }
}

/// A frame of anything, which some writers put before the zstd frames.
fn is_skippable_frame(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        let mut tar = vec![b'a'; 257];
        tar.extend_from_slice(b"ustar\x0000");
        for (head, expected) in [
            (&b"\x1f\x8b\x08"[..], Some(Kind::Compressed(Compression::Gzip))),
            (b"BZh91AY&SY", Some(Kind::Compressed(Compression::Bzip2))),
            (b"PK\x03\x04", Some(Kind::Zip)),
            (&tar, Some(Kind::Foreign("a tar archive", UNPACK))),
            (b"%PDF-1.7", Some(Kind::Foreign("a PDF", AS_TEXT))),
            (b"BZhang Wei,engineer", None),
            (b"PAR1", None),
            (b"title,text", None),
            (b"\xef\xbb\xbftitle", None),
            (b"", None),
        ] {
            assert_eq!(Kind::of(head), expected, "{head:?}");
        }
    }
}
