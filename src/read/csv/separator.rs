//! The line in which spreadsheets state the separator.

/// What the `sep=;` line of spreadsheets states.
pub(super) fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let rest = rest.strip_suffix(b"\"").unwrap_or(rest);
    match rest {
        [delimiter] | [b'\\', delimiter @ b't'] if word.eq_ignore_ascii_case(b"sep=") => {
            Some(if rest.len() == 2 { b'\t' } else { *delimiter })
        }
        // A separator that is trimmed away is white space, and so a tab.
        [] if word.eq_ignore_ascii_case(b"sep=") => Some(b'\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_read_from_its_line_alone() {
        for (line, expected) in [
            ("sep=;", Some(b';')),
            ("SEP=,", Some(b',')),
            ("\"sep=|\"", Some(b'|')),
            ("sep=\\t", Some(b'\t')),
            ("sep=", Some(b'\t')),
            ("sep=;;", None),
            ("set=;", None),
            ("se", None),
        ] {
            assert_eq!(separator_line(line.as_bytes()), expected, "{line}");
        }
    }
}
