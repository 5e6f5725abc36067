//! Text tables, aligned by display width.

use rolecluster::text::{display_width, tidy};

/// Alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells, padded to the display width of their column; two blanks between columns,
/// none at the end of a line. Rows may be shorter than `columns`.
pub fn aligned(columns: &[Align], rows: &[Vec<String>]) -> String {
    let width_of = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| display_width(cell))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width_of).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, align), width) in row.iter().zip(columns).zip(&widths) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let padding = " ".repeat(width - display_width(cell));
            match align {
                Align::Left => line.extend([cell.as_str(), &padding]),
                Align::Right => line.extend([padding.as_str(), cell]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Posting text made safe for a terminal: one line, without control characters, escape sequences
/// and changes of writing direction.
pub fn plain(text: &str) -> String {
    tidy(text).replace('\n', " ")
}

/// A share as people write it: `14 %`, `0.6 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 9.95 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// `1 role`, `2 roles`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let rows = [["容器", "1"], ["ab", "20"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(aligned(&[Align::Left, Align::Right], &rows), "容器   1\nab    20\n");
    }

    #[test]
    fn posting_text_cannot_control_the_terminal() {
        let shown = plain("a\u{1b}[31m\u{9b}2J\u{202e}b\nc\u{0}");
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        assert!(shown.ends_with("b c"), "{shown:?}");
    }

    #[test]
    fn small_shares_keep_a_decimal() {
        assert_eq!([0.0, 0.0061, 0.1444, 1.0].map(percent), ["0 %", "0.6 %", "14 %", "100 %"]);
    }
}
