//! Reads roles from Parquet: all of them, or some columns of some of them.

use std::path::PathBuf;

use arcstr::ArcStr;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_array::{Array, ListArray, RecordBatch, StringArray, UInt64Array};
use arrow_schema::DataType;

use super::parquet_file::ParquetFile;
use super::{StoreError, StoredRoles};
use crate::long_text::Pager;
use crate::mapped_file::Bytes;
use crate::role::{Corpus, Origin, Role, RoleId};
use crate::shared_words::SharedWords;

/// A part of a role that can be read on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RolePart {
    /// Its id.
    Id,
    /// Its title.
    Title,
    /// Its description.
    Description,
    /// Its technologies.
    Stack,
    /// Its section.
    Section,
    /// Date, place, company and pay.
    Facts,
    /// Its other columns.
    Fields,
    /// The text it was embedded by.
    Text,
}

impl RolePart {
    fn column(self) -> &'static str {
        match self {
            RolePart::Id => "id",
            RolePart::Title => "title",
            RolePart::Description => "description",
            RolePart::Stack => "stack",
            RolePart::Section => "section",
            RolePart::Facts => "facts",
            RolePart::Fields => "fields",
            RolePart::Text => "text",
        }
    }
}

/// The file of the roles. Its pages are small, so reading a few rows is cheap however many rows
/// there are.
pub struct RoleFile {
    path: PathBuf,
    file: ParquetFile,
    n_roles: usize,
}

#[cfg(test)]
thread_local! {
    /// How often this thread has read all roles of a file, for the tests of use cases.
    pub(crate) static FULL_READS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl RoleFile {
    pub(super) fn open(path: PathBuf, bytes: Bytes) -> Result<Self, StoreError> {
        let opened = ParquetFile::open(bytes).and_then(|file| Ok((file.n_rows()?, file)));
        match opened {
            Ok((n_roles, file)) => Ok(RoleFile { path, file, n_roles }),
            Err(reason) => Err(StoreError::Damaged { path, reason }),
        }
    }

    /// How many there are.
    pub fn n_roles(&self) -> usize {
        self.n_roles
    }

    /// All roles with all their columns.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn all(&self) -> Result<StoredRoles, StoreError> {
        #[cfg(test)]
        FULL_READS.set(FULL_READS.get() + 1);
        self.damaged(|| {
            let mut stored = StoredRoles::default();
            let mut roles = Vec::with_capacity(self.n_roles.min(1 << 20));
            let (mut descriptions, mut texts) = (Pager::default(), Pager::default());
            let mut words = SharedWords::default();
            self.file.all(|batch| {
                let columns = Columns::of(batch)?;
                columns.refuse_missing()?;
                let first = number_column(batch, "representative")?;
                let first = first.ok_or("no column `representative`")?;
                for row in 0..batch.num_rows() {
                    let (mut role, text) = columns.role(row)?;
                    words.share(&mut role);
                    roles.push(role);
                    descriptions.pushed(&mut roles, |role| &mut role.description);
                    stored.texts.push(text.into());
                    texts.pushed(&mut stored.texts, |text| text);
                    stored.representative.push(first.value(row) as usize);
                }
                Ok(())
            })?;
            if stored.representative.iter().any(|&row| row >= roles.len()) {
                return Err("`representative` names a row that is not there".into());
            }
            stored.corpus = Corpus::new(roles);
            Ok(stored)
        })
    }

    /// The roles in `rows`, in that order, each with the text it was embedded by; `rows` must not
    /// repeat. Only `parts` are read; the other fields of the roles are empty.
    ///
    /// # Errors
    /// When the file is damaged, or there is no such row.
    pub fn some(
        &self,
        parts: &[RolePart],
        rows: &[usize],
    ) -> Result<Vec<(Role, String)>, StoreError> {
        self.damaged(|| {
            let mut order: Vec<usize> = (0..rows.len()).collect();
            order.sort_unstable_by_key(|&at| rows[at]);
            let ascending: Vec<usize> = order.iter().map(|&at| rows[at]).collect();
            if ascending.last().is_some_and(|&last| last >= self.n_roles) {
                return Err(format!("a row beyond its {} roles was asked for", self.n_roles));
            }
            let names: Vec<&str> = parts.iter().map(|part| part.column()).collect();
            let mut found = Vec::with_capacity(rows.len());
            self.file.some(&names, Some(&ascending), |batch| {
                let columns = Columns::of(batch)?;
                for row in 0..batch.num_rows() {
                    found.push(columns.role(row)?);
                }
                Ok(())
            })?;
            if found.len() != rows.len() {
                return Err(format!("{} rows are there of {} asked for", found.len(), rows.len()));
            }
            let mut in_order: Vec<_> = order.into_iter().zip(found).collect();
            in_order.sort_unstable_by_key(|&(at, _)| at);
            Ok(in_order.into_iter().map(|(_, found)| found).collect())
        })
    }

    /// The row of a role.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn row_of(&self, id: &RoleId) -> Result<Option<usize>, StoreError> {
        self.damaged(|| {
            let (mut found, mut before) = (None, 0);
            self.file.some(&[RolePart::Id.column()], None, |batch| {
                let ids = text_column(batch, "id")?.ok_or("no column `id`")?;
                let here = || ids.iter().position(|found| found == Some(id.as_str()));
                found = found.or_else(|| Some(before + here()?));
                before += batch.num_rows();
                Ok(())
            })?;
            Ok(found)
        })
    }

    fn damaged<T>(&self, read: impl FnOnce() -> Result<T, String>) -> Result<T, StoreError> {
        read().map_err(|reason| StoreError::Damaged { path: self.path.clone(), reason })
    }
}

/// The columns of a batch; `None` for those that were not read.
struct Columns<'a> {
    ids: Option<&'a StringArray>,
    titles: Option<&'a StringArray>,
    descriptions: Option<&'a StringArray>,
    stacks: Option<&'a ListArray>,
    sections: Option<&'a StringArray>,
    files: Option<&'a StringArray>,
    lines: Option<&'a UInt64Array>,
    /// Run folders of version 0.1 have none.
    facts: Option<&'a StringArray>,
    fields: Option<&'a StringArray>,
    texts: Option<&'a StringArray>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, String> {
        let text = |name| text_column(batch, name);
        let stacks = batch.column_by_name("stack").map(|column| {
            let lists = column.as_list_opt::<i32>();
            lists.filter(|l| l.value_type() == DataType::Utf8).ok_or("`stack` lists no text")
        });
        Ok(Columns {
            ids: text("id")?,
            titles: text("title")?,
            descriptions: text("description")?,
            stacks: stacks.transpose()?,
            sections: text("section")?,
            files: text("file")?,
            lines: number_column(batch, "line")?,
            facts: text("facts")?,
            fields: text("fields")?,
            texts: text("text")?,
        })
    }

    fn refuse_missing(&self) -> Result<(), String> {
        let texts = [self.ids, self.titles, self.descriptions, self.sections, self.files];
        let others = [self.fields, self.texts];
        let whole = texts.iter().chain(&others).all(Option::is_some);
        match whole && self.stacks.is_some() && self.lines.is_some() {
            true => Ok(()),
            false => Err("a column is missing".into()),
        }
    }

    fn role(&self, row: usize) -> Result<(Role, String), String> {
        let text = |column: Option<&'a StringArray>| column.map_or("", |column| column.value(row));
        let stack = self.stacks.map(|lists| lists.value(row));
        let stack = stack.iter().flat_map(|entries| entries.as_string::<i32>().iter().flatten());
        let fields = match self.fields {
            Some(fields) => serde_json::from_str(fields.value(row)).map_err(|e| e.to_string())?,
            None => Default::default(),
        };
        let facts = match self.facts {
            Some(facts) => serde_json::from_str(facts.value(row)).map_err(|e| e.to_string())?,
            None => Default::default(),
        };
        let role = Role {
            id: RoleId::new(text(self.ids)),
            title: text(self.titles).into(),
            description: text(self.descriptions).into(),
            stack: stack.map(ArcStr::from).collect(),
            section: self
                .sections
                .filter(|column| column.is_valid(row))
                .map(|column| column.value(row).into()),
            origin: Origin {
                file: text(self.files).into(),
                line: self.lines.map_or(0, |lines| lines.value(row)),
            },
            facts,
            fields,
        };
        Ok((role, text(self.texts).to_string()))
    }
}

fn text_column<'a>(batch: &'a RecordBatch, name: &str) -> Result<Option<&'a StringArray>, String> {
    let column = batch.column_by_name(name).map(|column| column.as_string_opt::<i32>());
    column.map(|found| found.ok_or_else(|| format!("`{name}` holds no text"))).transpose()
}

fn number_column<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<Option<&'a UInt64Array>, String> {
    let column = batch.column_by_name(name).map(|c| c.as_primitive_opt::<UInt64Type>());
    column.map(|found| found.ok_or_else(|| format!("`{name}` holds no numbers"))).transpose()
}
