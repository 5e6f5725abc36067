//! What was read: which column is taken for what, and what to know before it is trusted.

use rolecluster::intake::{ColumnUse, FileNote, Intake, Skipped};
use rolecluster::read::Outcome;
use rolecluster::role::Role;
use rolecluster::text::truncate;
use serde::Serialize;

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::Output;
use super::table::{Align, aligned, counted, plain};

/// Skipped records named one by one.
const SKIPPED_SHOWN: usize = 20;

/// Files whose columns are shown one by one.
const FILES_SHOWN: usize = 20;

/// Columns that are merely kept, named one by one.
const KEPT_SHOWN: usize = 12;

/// Roles shown by a dry run.
const ROLES_SHOWN: usize = 3;

/// Width of a value that is shown of a role.
const VALUE_WIDTH: usize = 96;

/// An account of what was read, wherever it comes from.
pub struct Read<'a> {
    files: &'a [FileNote],
    skipped: &'a [Skipped],
    skipped_total: u64,
}

impl<'a> From<&'a Outcome> for Read<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let Outcome { files, skipped, skipped_total, .. } = outcome;
        Read { files, skipped, skipped_total: *skipped_total }
    }
}

impl<'a> From<&'a Intake> for Read<'a> {
    fn from(intake: &'a Intake) -> Self {
        let Intake { files, skipped, skipped_total, .. } = intake;
        Read { files, skipped, skipped_total: *skipped_total }
    }
}

/// Says what each column was taken for, then what is not as it should be.
pub fn tell(read: &Read<'_>, printer: &Printer) {
    for file in read.files.iter().filter(|file| !file.columns.is_empty()).take(FILES_SHOWN) {
        printer.note(mapping(file).trim_end());
    }
    let more = read.files.len().saturating_sub(FILES_SHOWN);
    if more > 0 {
        printer
            .note(format_args!("the columns of {} more are in the report", counted(more, "file")));
    }
    warn(read, printer);
}

fn warn(read: &Read<'_>, printer: &Printer) {
    warnings(read).iter().for_each(|warning| printer.warning(warning));
}

/// Names the files that are not what they seem, and the records that were skipped, the first
/// of them one by one.
pub fn warnings(read: &Read<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    for note in read.files {
        let (file, encoding) = (plain(&note.file), &note.encoding);
        if note.malformed {
            warnings.push(format!(
                "{file}: some bytes are no {encoding} text and were replaced; --encoding sets another"
            ));
        }
        for warning in &note.warnings {
            warnings.push(format!("{file}: {}", plain(warning)));
        }
    }
    for skipped in read.skipped.iter().take(SKIPPED_SHOWN) {
        let (place, reason) = (plain(&skipped.place()), plain(&skipped.reason));
        warnings.push(format!("{place}: skipped: {reason}"));
    }
    let shown = read.skipped.len().min(SKIPPED_SHOWN) as u64;
    if read.skipped_total > shown {
        warnings.push(format!("{} more records skipped", read.skipped_total - shown));
    }
    warnings
}

/// Which column of a file was taken for what: a row each, those merely kept in one.
fn mapping(file: &FileNote) -> String {
    let records = counted(file.records as usize, "record");
    let (name, format, encoding) = (plain(&file.file), &file.format, &file.encoding);
    let mut text = format!("{name}: {records} ({format}, {encoding}), columns taken for\n");
    let mut columns: Vec<_> =
        file.columns.iter().filter(|column| column.used_as != ColumnUse::Kept).collect();
    columns.sort_by_key(|column| column.used_as);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for column in columns {
        let mut remarks: Vec<String> = Vec::new();
        if column.filled < file.records {
            remarks.push(format!("in {} of {}", column.filled, file.records));
        }
        remarks.extend(column.why.as_deref().map(plain));
        rows.push(vec![
            format!("  {}", column.used_as.name()),
            truncate(&plain(&column.name), 48).into_owned(),
            remarks.join("; "),
        ]);
    }
    let kept: Vec<_> =
        file.columns.iter().filter(|column| column.used_as == ColumnUse::Kept).collect();
    if !kept.is_empty() {
        let names = kept.iter().take(KEPT_SHOWN).map(|column| match &column.why {
            Some(why) => format!("{} ({})", truncate(&plain(&column.name), 32), plain(why)),
            None => truncate(&plain(&column.name), 32).into_owned(),
        });
        let mut names: Vec<String> = names.collect();
        let more = kept.len().saturating_sub(KEPT_SHOWN);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        rows.push(vec!["  nothing".into(), names.join(", ")]);
    }
    // The last cell of a row is as long as it is.
    let width = rows.iter().filter(|row| row.len() == 3).count();
    if width > 0 {
        text.push_str(&aligned(&[Align::Left; 3], &rows[..width]));
    }
    rows[width..].iter().for_each(|row| text.push_str(&format!("{}  {}\n", row[0], row[1])));
    text
}

/// What a dry run shows, for programs.
#[derive(Serialize)]
struct DryRunJson<'a> {
    roles: usize,
    skipped: u64,
    files: &'a [FileNote],
    first_roles: &'a [Role],
}

/// Shows what was read and the first roles, and nothing more: a dry run.
pub fn show(outcome: &Outcome, output: Output, printer: &Printer) -> anyhow::Result<ExitCode> {
    let roles = outcome.corpus.roles();
    let first = &roles[..roles.len().min(ROLES_SHOWN)];
    warn(&Read::from(outcome), printer);
    match output {
        Output::Json => printer.json(&DryRunJson {
            roles: roles.len(),
            skipped: outcome.skipped_total,
            files: &outcome.files,
            first_roles: first,
        })?,
        Output::Text => {
            let mut text = String::new();
            for file in &outcome.files {
                match file.columns.is_empty() {
                    true => {
                        let (name, format) = (plain(&file.file), &file.format);
                        text += &format!("{name}: {format}, {}\n", file.encoding);
                    }
                    false => text += &mapping(file),
                }
                text.push('\n');
            }
            text += &format!("{}; the first:\n", counted(roles.len(), "role"));
            for role in first {
                text.push('\n');
                text += &aligned(&[Align::Left; 2], &role_rows(role));
            }
            printer.data(&text)?;
        }
    }
    Ok(ExitCode::for_skipped(outcome.skipped_total))
}

/// A role, a row for each part it has.
fn role_rows(role: &Role) -> Vec<Vec<String>> {
    let facts = &role.facts;
    let parts = [
        ("id", Some(role.id.as_str())),
        ("title", Some(role.title.as_str())),
        ("text", Some(role.description.as_str())),
        ("section", role.section.as_deref()),
        ("date", facts.date.as_deref()),
        ("place", facts.place.as_deref()),
        ("company", facts.company.as_deref()),
        ("pay", facts.pay.as_deref()),
    ];
    let row = |name: &str, value: &str| {
        vec![format!("  {name}"), truncate(&plain(value), VALUE_WIDTH).into_owned()]
    };
    let mut rows: Vec<Vec<String>> = parts
        .iter()
        .filter_map(|(name, value)| Some(row(name, value.filter(|value| !value.is_empty())?)))
        .collect();
    if !role.stack.is_empty() {
        rows.push(row("stack", &role.stack.join(", ")));
    }
    rows
}
