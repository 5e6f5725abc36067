//! One role: title, text, technologies, facts, and the roles that say the same.

use std::io::{self, Write};
use std::path::Path;

use super::super::markdown::digest::Digest;
use super::super::report_text;
use crate::intake::{Duplicate, DuplicateKind};
use crate::language::Language;
use crate::read::quote;
use crate::role::Role;

/// What is written as the description of a role.
pub(super) type Descriptions<'a> = dyn Fn(&Role) -> String + 'a;

/// Writes the role in a row under a heading of a level, as number so and so of its section.
pub(super) fn write(
    digest: &Digest<'_>,
    descriptions: &Descriptions<'_>,
    (row, level, number): (usize, usize, usize),
    out: &mut dyn Write,
) -> io::Result<()> {
    let role = &digest.roles[row];
    let heading = match role.title.trim() {
        "" => digest.say("（无标题）", "(no title)").to_string(),
        title => quote::title(title),
    };
    let word = digest.say("岗位", "Role ");
    writeln!(out, "{} {word}{number}{}{heading}\n", "#".repeat(level), digest.colon())?;
    for line in descriptions(role).lines().filter(|line| !line.trim().is_empty()) {
        writeln!(out, "{}\n", quote::paragraph(line.trim()))?;
    }
    let entries: Vec<String> = role.stack.iter().map(|entry| quote::entry(entry)).collect();
    let lines = [
        labelled(digest, ("技术栈", "Tech stack"), &entries.join(digest.comma())),
        facts(digest, role),
        labelled(digest, ("编号", "ID"), &quote::value(role.id.as_str())),
        labelled(digest, ("来源", "Source"), &sources(digest, role)),
    ];
    lines.iter().filter(|line| !line.is_empty()).try_for_each(|line| writeln!(out, "{line}\n"))
}

/// A value behind its label, if there is one.
fn labelled(digest: &Digest<'_>, (zh, en): (&str, &str), value: &str) -> String {
    match value {
        "" => String::new(),
        value => {
            format!("**{}**{}{value}", report_text::pick(digest.language, zh, en), digest.colon())
        }
    }
}

/// Employer, place, pay and date, where the input has them.
fn facts(digest: &Digest<'_>, role: &Role) -> String {
    let facts = &role.facts;
    let all = [
        (("公司", "Company"), &facts.company),
        (("地点", "Location"), &facts.place),
        (("薪资", "Salary"), &facts.pay),
        (("发布时间", "Posted"), &facts.date),
    ];
    let said = all.into_iter().filter_map(|(label, value)| {
        Some(labelled(digest, label, &quote::value(value.as_deref()?)))
    });
    said.filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Where a role stood and which others said the same; nothing for one that stood once.
fn sources(digest: &Digest<'_>, role: &Role) -> String {
    let repeats = digest.repeats.get(&role.id).map(Vec::as_slice).unwrap_or_default();
    if repeats.is_empty() {
        return String::new();
    }
    let first = format!("{} ({})", quote::value(role.id.as_str()), place(role));
    let others = repeats.iter().map(|duplicate| other(digest, duplicate));
    std::iter::once(first).chain(others).collect::<Vec<_>>().join(digest.say("；", "; "))
}

fn other(digest: &Digest<'_>, duplicate: &Duplicate) -> String {
    let id = quote::value(duplicate.role.as_str());
    let Some(&row) = digest.row_of.get(&duplicate.role) else { return id };
    let role = &digest.roles[row];
    let how = report_text::duplicate(digest.language, duplicate.kind);
    let how = match (duplicate.kind, digest.language) {
        (DuplicateKind::Exact, _) => how.to_string(),
        (DuplicateKind::Near, Language::Zh) => format!("{how} {:.2}", duplicate.similarity),
        (DuplicateKind::Near, Language::En) => format!("{how}, {:.2}", duplicate.similarity),
    };
    format!("{id} {} ({}, {how})", quote::value(&role.title), place(role))
}

/// File and line; the folders the file is in are nobody's business.
fn place(role: &Role) -> String {
    let file = Path::new(role.origin.file.as_str()).file_name().map(|name| name.to_string_lossy());
    let file = file.unwrap_or_else(|| role.origin.file.as_str().into());
    format!("{}:{}", quote::value(&file), role.origin.line)
}
