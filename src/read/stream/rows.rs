//! Rows -> roles, by the names of the columns.

use super::batch::{Batch, names, readable};
use crate::intake::ColumnUse;
use crate::read::ReadError;
use crate::read::advice::{self, Likely};
use crate::read::columns::{Columns, Plan, Target};
use crate::read::limits::MAX_RECORD_BYTES;
use crate::read::record::{Mapper, Record, Value, tell_apart};
use crate::role::Role;

/// Makes roles of the rows of a stream.
pub struct RowReader<'a> {
    mapper: Mapper<'a>,
    source: &'static str,
    columns: Vec<(usize, String)>,
    id: Option<usize>,
}

impl<'a> RowReader<'a> {
    /// Decides what each column of batches like `like` is for, by its name and what `stated` says.
    ///
    /// # Errors
    /// When a column that was named is not there or holds no text, or no column is known as one
    /// that makes a role.
    pub fn new(like: &Batch, stated: &'a Columns) -> Result<Self, ReadError> {
        let mut columns = readable(like.schema());
        tell_apart(columns.iter_mut().map(|(_, name)| name).collect());
        let names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
        refuse_missing(like, stated, &names)?;
        let mut mapper = Mapper::new(stated);
        mapper.plan_by_names(&names);
        let makes_a_role = |name: &String| {
            let plan = Plan::by_names(stated, &names);
            plan.of(name).and_then(|found| found.target).is_some_and(Target::is_text)
        };
        if !names.iter().any(makes_a_role) {
            let advice = advice::on_columns(Some(0), &Likely::default());
            let file = like.source().into();
            return Err(ReadError::NoTextColumn { file, known: names, advice });
        }
        let id = id_column(&columns, stated);
        Ok(RowReader { mapper, source: like.source(), columns, id })
    }

    /// Without the columns that are merely kept: only what makes the role is read.
    pub fn without_fields(mut self) -> Self {
        let used = self.used();
        let is_kept =
            |name: &str| used.iter().any(|(n, used)| n == name && *used == ColumnUse::Kept);
        self.columns.retain(|(_, name)| !is_kept(name));
        self
    }

    /// What each column is used for, in the order of the stream.
    pub fn used(&self) -> Vec<(String, ColumnUse)> {
        self.mapper.account().into_iter().map(|column| (column.name, column.used_as)).collect()
    }

    /// The role of each row, or why it is none.
    pub fn roles(&mut self, batch: &Batch) -> Vec<Result<Role, String>> {
        let role = |row: usize| {
            let record = batch.record(&self.columns, row);
            refuse_long(&record)?;
            self.mapper.role(record, self.source, 0)
        };
        (0..batch.n_rows()).map(role).collect()
    }

    /// What the column of the ids says, whether or not a row is a role.
    pub fn ids(&self, batch: &Batch) -> Vec<Option<String>> {
        ids(self.id, batch)
    }
}

/// The ids in a column, if there is one.
pub(super) fn ids(column: Option<usize>, batch: &Batch) -> Vec<Option<String>> {
    let id = |row: usize| batch.text(column?, row).filter(|id| !id.trim().is_empty());
    (0..batch.n_rows()).map(id).collect()
}

/// The column of the ids, as it is named or called.
pub(super) fn id_column(columns: &[(usize, String)], stated: &Columns) -> Option<usize> {
    let names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
    let plan = Plan::by_names(stated, &names);
    let is_id = |name: &str| plan.of(name).is_some_and(|found| found.target == Some(Target::Id));
    columns.iter().find(|(_, name)| is_id(name)).map(|(at, _)| *at)
}

/// Refuses where a column that was named is not there, or holds no text.
pub(super) fn refuse_missing(
    like: &Batch,
    stated: &Columns,
    readable: &[String],
) -> Result<(), ReadError> {
    let Some(column) = stated.missing(readable) else { return Ok(()) };
    let file = like.source().into();
    match like.schema().field_with_name(&column) {
        Ok(field) => Err(ReadError::Unreadable {
            file,
            kind: "an Arrow stream",
            seen: format!("column {} is of type {}", advice::quoted(&column), field.data_type()),
            advice: "send it as text, or take another column",
        }),
        Err(_) => Err(ReadError::NoSuchColumn { file, column, known: names(like.schema()) }),
    }
}

fn refuse_long(record: &Record) -> Result<(), String> {
    let bytes = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::List(entries) => entries.iter().map(String::len).sum(),
    };
    let bytes: usize = record.iter().map(|(_, value)| bytes(value)).sum();
    match bytes > MAX_RECORD_BYTES {
        true => Err(format!("holds {bytes} bytes, more than {MAX_RECORD_BYTES}")),
        false => Ok(()),
    }
}
