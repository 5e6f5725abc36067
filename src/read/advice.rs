//! What to do about columns that are not what they should be.

use crate::intake::{ColumnNote, ColumnUse};
use crate::text;

/// More roles than one in this many without a title, or a text, are worth a warning.
const MISSING: u64 = 5;

/// Columns named in a message, and the width of a name.
const NAMED: usize = 12;
const NAME_WIDTH: usize = 48;

/// Roles made from records, and what they lack.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    pub records: u64,
    pub roles: u64,
    pub untitled: u64,
    pub textless: u64,
}

/// Columns that no name tells, by what stands in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Likely {
    pub titles: Vec<String>,
    pub texts: Vec<String>,
}

/// What settles which column is which, where none was recognised. `header` is the line taken
/// for the header, 0 for records that name their own columns, `None` for a table without one.
pub(super) fn on_columns(header: Option<u64>, likely: &Likely) -> String {
    let example = |names: &[String], other: &'static str| match names.first() {
        Some(name) => quoted(name),
        None => other.to_string(),
    };
    let title = example(&likely.titles, "NAME");
    let text = example(&likely.texts, "NAME");
    let mut advice = format!("say which is which: --title-column {title} --text-column {text}");
    match header {
        Some(0) => {}
        Some(line) => {
            advice += &format!(
                " (line {line} was taken for the header; --skip-lines N leaves out lines above it, \
             --no-header says that there is none)"
            )
        }
        None => advice += " (columns can be given by number)",
    }
    advice
}

/// Warnings about roles without a title or a text, with the likely cause.
pub(super) fn on_missing(counts: &Counts, columns: &[ColumnNote], likely: &Likely) -> Vec<String> {
    let lacking = [
        ("title", "--title-column", ColumnUse::Title, counts.untitled, &likely.titles),
        ("text", "--text-column", ColumnUse::Text, counts.textless, &likely.texts),
    ];
    let mut warnings = Vec::new();
    for (what, option, used_as, missing, likely) in lacking {
        if missing * MISSING <= counts.roles {
            continue;
        }
        let used: Vec<&ColumnNote> = columns.iter().filter(|c| c.used_as == used_as).collect();
        let cause = match used.as_slice() {
            [] => {
                let hint = match likely.is_empty() {
                    true => String::new(),
                    false => format!(" such as {}", listed(likely)),
                };
                format!("no column was taken for it; {option} names one{hint}")
            }
            used => {
                let filled = |c: &&ColumnNote| format!("{} in {}", quoted(&c.name), c.filled);
                let filled: Vec<String> = used.iter().take(NAMED).map(filled).collect();
                format!(
                    "of {} records something stands in {} (null, N/A and the like are nothing); \
                     {option} names another column",
                    counts.records,
                    filled.join(", ")
                )
            }
        };
        let share = match missing == counts.roles {
            true => format!("no role has a {what}"),
            false => format!("{missing} of {} roles have no {what}", counts.roles),
        };
        warnings.push(format!("{share}: {cause}"));
    }
    warnings
}

/// A name in quotes, as far as it fits into a message; in any script and harmless to a terminal.
pub(super) fn quoted(name: &str) -> String {
    let name = text::tidy(name).replace('\n', " ");
    format!("\"{}\"", text::truncate(&name, NAME_WIDTH))
}

/// Names in quotes, the first of them.
pub(super) fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().take(NAMED).map(|name| quoted(name)).collect();
    let rest = names.len().saturating_sub(NAMED);
    match rest {
        0 => quoted.join(", "),
        rest => format!("{} and {rest} more", quoted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str, used_as: ColumnUse, filled: u64) -> ColumnNote {
        ColumnNote { name: name.into(), used_as, filled, why: None }
    }

    #[test]
    fn what_settles_the_columns() {
        let likely = Likely {
            titles: vec!["Überschrift".into()],
            texts: vec!["was \"zu tun\" ist".into()],
        };
        let told = [
            on_columns(Some(0), &Likely::default()),
            on_columns(Some(3), &likely),
            on_columns(None, &likely),
        ];
        insta::assert_snapshot!(told.join("\n"), @r#"
        say which is which: --title-column NAME --text-column NAME
        say which is which: --title-column "Überschrift" --text-column "was "zu tun" ist" (line 3 was taken for the header; --skip-lines N leaves out lines above it, --no-header says that there is none)
        say which is which: --title-column "Überschrift" --text-column "was "zu tun" ist" (columns can be given by number)
        "#);
    }

    #[test]
    fn what_is_missing_and_why() {
        let counts = Counts { records: 10, roles: 10, untitled: 10, textless: 3 };
        let columns = [note("body", ColumnUse::Text, 7), note("ref", ColumnUse::Id, 10)];
        let likely = Likely { titles: vec!["heading".into()], texts: Vec::new() };
        let told = on_missing(&counts, &columns, &likely);
        insta::assert_snapshot!(told.join("\n"), @r#"
        no role has a title: no column was taken for it; --title-column names one such as "heading"
        3 of 10 roles have no text: of 10 records something stands in "body" in 7 (null, N/A and the like are nothing); --text-column names another column
        "#);
        let few = Counts { records: 10, roles: 10, untitled: 2, textless: 2 };
        assert!(on_missing(&few, &columns, &likely).is_empty());
    }

    #[test]
    fn long_lists_of_columns_are_cut() {
        let names: Vec<String> = (1..=14).map(|n| format!("c{n}")).collect();
        assert!(listed(&names).ends_with("\"c12\" and 2 more"), "{}", listed(&names));
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), NAME_WIDTH + 2);
    }
}
