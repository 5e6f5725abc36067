//! The text of `corrections.toml` to corrections, every error with its line.

use rolecluster::corrections::{Change, Correction, Corrections, CorrectionsError, Level};
use rolecluster::role::RoleId;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const KINDS: &str = "rename, merge, split, move and pin";

/// Reads `text`; `file` is how messages name it.
pub fn parse(file: &str, text: &str) -> Result<Corrections, CorrectionsError> {
    let source = Source { file, text };
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let seen = source.line_text(at);
        source.error(at, format!("is no TOML: {} in `{seen}`; put it right", error.message()))
    })?;
    let mut entries: Vec<(usize, Change)> = Vec::new();
    for (kind, found) in document.get_ref() {
        let kind_name = kind.get_ref().as_ref();
        if !["rename", "merge", "split", "move", "pin"].contains(&kind_name) {
            let what = format!("there is no entry `{kind_name}`; there are {KINDS}");
            return Err(source.error(kind.span().start, what));
        }
        let DeValue::Array(tables) = found.get_ref() else {
            let what = format!(
                "`{kind_name}` is not a list of entries; begin each with [[{kind_name}]], in double \
                 brackets"
            );
            return Err(source.error(kind.span().start, what));
        };
        for table in tables {
            let DeValue::Table(fields) = table.get_ref() else {
                let what =
                    format!("`{kind_name}` holds no entry here; begin one with [[{kind_name}]]");
                return Err(source.error(table.span().start, what));
            };
            let entry = Entry { source: &source, kind: kind_name, at: table.span().start, fields };
            entries.push((entry.at, entry.change()?));
        }
    }
    entries.sort_by_key(|(at, _)| *at);
    let correction = |(at, change)| Correction { line: source.line(at), change };
    Corrections::new(file, entries.into_iter().map(correction).collect())
}

struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// Counted from 1.
    fn line(&self, at: usize) -> usize {
        1 + self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|&&b| b == b'\n').count()
    }

    fn line_text(&self, at: usize) -> &str {
        self.text.lines().nth(self.line(at) - 1).unwrap_or_default().trim()
    }

    fn error(&self, at: usize, what: String) -> CorrectionsError {
        CorrectionsError { file: self.file.to_string(), line: self.line(at), what }
    }
}

/// An entry of the file.
struct Entry<'a> {
    source: &'a Source<'a>,
    kind: &'a str,
    at: usize,
    fields: &'a DeTable<'a>,
}

impl Entry<'_> {
    fn change(&self) -> Result<Change, CorrectionsError> {
        Ok(match self.kind {
            "rename" => {
                self.refuse_others(&["level", "name", "roles"])?;
                let (level, name) = (self.level()?, self.needed_name()?);
                Change::Rename { level, roles: self.roles("roles")?, name }
            }
            "merge" => {
                self.refuse_others(&["name", "groups"])?;
                Change::Merge { groups: self.groups()?, name: self.name()? }
            }
            "split" => {
                self.refuse_others(&["name", "roles"])?;
                Change::Split { roles: self.roles("roles")?, name: self.name()? }
            }
            "move" => {
                self.refuse_others(&["roles", "to"])?;
                Change::Move { roles: self.roles("roles")?, to: self.roles("to")? }
            }
            _ => {
                self.refuse_others(&["name", "roles"])?;
                Change::Pin { roles: self.roles("roles")?, name: self.needed_name()? }
            }
        })
    }

    fn refuse_others(&self, known: &[&str]) -> Result<(), CorrectionsError> {
        let other = self.fields.keys().find(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(other) = other else { return Ok(()) };
        let what = format!(
            "a {} has no `{}`; it has {}",
            self.kind,
            other.get_ref(),
            known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        );
        Err(self.source.error(other.span().start, what))
    }

    fn field(&self, key: &str) -> Option<&Spanned<DeValue<'_>>> {
        self.fields.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn missing(&self, key: &str, example: &str) -> CorrectionsError {
        let what = format!("the {} has no `{key}`; add a line {key} = {example}", self.kind);
        self.source.error(self.at, what)
    }

    fn name(&self) -> Result<Option<String>, CorrectionsError> {
        let Some(value) = self.field("name") else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(name) => Ok(Some(name.trim().to_string())),
            other => Err(self.wrong_type("name", value, other, "a text in quotes")),
        }
    }

    fn needed_name(&self) -> Result<String, CorrectionsError> {
        self.name()?.ok_or_else(|| self.missing("name", "\"NAME\""))
    }

    fn level(&self) -> Result<Level, CorrectionsError> {
        let Some(value) = self.field("level") else { return Ok(Level::Specialisation) };
        match value.get_ref().as_str() {
            Some("specialisation") => Ok(Level::Specialisation),
            Some("direction") => Ok(Level::Direction),
            _ => {
                let wanted = "\"specialisation\" or \"direction\"";
                Err(self.wrong_type("level", value, value.get_ref(), wanted))
            }
        }
    }

    fn roles(&self, key: &str) -> Result<Vec<RoleId>, CorrectionsError> {
        let value = self.field(key).ok_or_else(|| self.missing(key, "[\"ID\", \"ID\"]"))?;
        self.ids(key, value)
    }

    fn groups(&self) -> Result<Vec<Vec<RoleId>>, CorrectionsError> {
        let example = "[[\"ID\", \"ID\"], [\"ID\"]]";
        let value = self.field("groups").ok_or_else(|| self.missing("groups", example))?;
        match value.get_ref() {
            DeValue::Array(lists) => lists.iter().map(|list| self.ids("groups", list)).collect(),
            other => Err(self.wrong_type("groups", value, other, "a list of lists of ids")),
        }
    }

    /// A list of ids, or one alone.
    fn ids(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<RoleId>, CorrectionsError> {
        const WANTED: &str = "a list of ids of roles, each in quotes";
        match value.get_ref() {
            DeValue::String(id) => Ok(vec![RoleId::new(id.as_ref())]),
            DeValue::Array(ids) => {
                let id = |id: &Spanned<DeValue<'_>>| match id.get_ref() {
                    DeValue::String(text) => Ok(RoleId::new(text.as_ref())),
                    other => Err(self.wrong_type(key, id, other, WANTED)),
                };
                ids.iter().map(id).collect()
            }
            other => Err(self.wrong_type(key, value, other, WANTED)),
        }
    }

    fn wrong_type(
        &self,
        key: &str,
        place: &Spanned<DeValue<'_>>,
        found: &DeValue<'_>,
        wanted: &str,
    ) -> CorrectionsError {
        let span = place.span();
        let seen = self.source.text.get(span.clone()).unwrap_or_default();
        let kind = found.type_str();
        let what = format!("`{key}` of the {} is {seen} ({kind}); give {wanted}", self.kind);
        self.source.error(span.start, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse("c.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn entries_come_in_the_order_of_the_file() {
        let text = "# head\n[[split]]\nroles = \"a\"\n\n[[rename]]\nlevel = \"direction\"\n\
                    name = \" N \"\nroles = [\"b\"]\n\n[[split]]\nroles = [\"c\"]\nname = \"M\"\n\
                    [[merge]]\ngroups = [[\"a\"], [\"b\"]]\n[[move]]\nroles = [\"d\"]\nto = [\"e\"]\n\
                    [[pin]]\nname = \"P\"\nroles = [\"f\"]\n";
        let found = parse("c.toml", text).unwrap();
        let told: Vec<(usize, &str)> =
            found.entries().iter().map(|e| (e.line, e.change.kind())).collect();
        assert_eq!(
            told,
            [(2, "split"), (5, "rename"), (10, "split"), (13, "merge"), (15, "move"), (18, "pin")]
        );
        assert_eq!(found.entries()[1].change.name(), Some((Level::Direction, "N")));
        assert!(parse("c.toml", "# nothing\n").unwrap().is_empty());
    }

    #[test]
    fn every_error_has_line_cause_and_cure() {
        let no_toml = refused("\n[[rename]\nname = 1\n");
        assert!(no_toml.starts_with("c.toml:2: is no TOML: "), "{no_toml}");
        assert_eq!(
            refused("\n[[renmae]]\n"),
            "c.toml:2: there is no entry `renmae`; there are rename, merge, split, move and pin"
        );
        assert!(refused("[rename]\nname = \"a\"\n").contains("double brackets"));
        assert_eq!(
            refused("[[rename]]\nroles = [\"a\"]\n"),
            "c.toml:1: the rename has no `name`; add a line name = \"NAME\""
        );
        assert_eq!(
            refused("[[pin]]\nname = \"a\"\n\nroles = [\"a\", 1.4]\n"),
            "c.toml:4: `roles` of the pin is 1.4 (float); give a list of ids of roles, each in \
             quotes"
        );
        assert_eq!(
            refused("[[split]]\nrole = [\"a\"]\n"),
            "c.toml:2: a split has no `role`; it has `name`, `roles`"
        );
        let level = refused("[[rename]]\nlevel = \"cluster\"\nname = \"a\"\nroles = [\"a\"]\n");
        assert!(level.contains("\"specialisation\" or \"direction\""), "{level}");
        assert!(refused("[[split]]\nroles = []\n").contains("names no role"));
        assert!(refused("rename = [1]\n").starts_with("c.toml:1: "));
    }
}
