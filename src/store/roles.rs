//! Roles as Parquet, one row each, with the text that was embedded.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};

use super::parquet_file::{self, Packing};
use crate::role::{Corpus, Origin, Role, RoleId};

/// Roles with what cleaning found out about them, aligned by row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredRoles {
    /// The roles in input order.
    pub corpus: Corpus,
    /// The text each was embedded by.
    pub texts: Vec<String>,
    /// The row of the role it repeats, or its own row.
    pub representative: Vec<usize>,
}

pub(super) fn write(stored: &StoredRoles) -> Result<Vec<u8>, String> {
    let roles = stored.corpus.roles();
    let text = |f: fn(&Role) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(roles.iter().map(f)))
    };
    let mut stack = ListBuilder::new(StringBuilder::new());
    for role in roles {
        role.stack.iter().for_each(|entry| stack.values().append_value(entry));
        stack.append(true);
    }
    let stack: ArrayRef = Arc::new(stack.finish());
    let fields: Vec<String> = roles
        .iter()
        .map(|r| serde_json::to_string(&r.fields).map_err(|e| e.to_string()))
        .collect::<Result<_, _>>()?;
    let representative =
        UInt64Array::from_iter_values(stored.representative.iter().map(|&row| row as u64));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", text(|r| r.id.as_str())),
        ("title", text(|r| &r.title)),
        ("description", text(|r| &r.description)),
        ("stack", stack),
        ("section", Arc::new(roles.iter().map(|r| r.section.as_deref()).collect::<StringArray>())),
        ("file", text(|r| &r.origin.file)),
        ("line", Arc::new(UInt64Array::from_iter_values(roles.iter().map(|r| r.origin.line)))),
        ("fields", Arc::new(StringArray::from_iter_values(fields))),
        ("text", Arc::new(StringArray::from_iter_values(&stored.texts))),
        ("representative", Arc::new(representative)),
    ];
    let schema = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), *name == "section"))
        .collect::<Vec<_>>();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch =
        RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays).map_err(|e| e.to_string())?;
    parquet_file::to_bytes(&batch, Packing::Zstd)
}

pub(super) fn read(bytes: &[u8]) -> Result<StoredRoles, String> {
    let (_, batches) = parquet_file::from_bytes(bytes)?;
    let (mut roles, mut texts, mut representative) = (Vec::new(), Vec::new(), Vec::new());
    for batch in &batches {
        let text = |name| text_column(batch, name);
        let number = |name| number_column(batch, name);
        let (ids, titles, descriptions) = (text("id")?, text("title")?, text("description")?);
        let (sections, files, fields) = (text("section")?, text("file")?, text("fields")?);
        let (lines, rows) = (number("line")?, number("representative")?);
        let stacks = batch.column_by_name("stack").and_then(|c| c.as_list_opt::<i32>());
        let stacks = stacks.ok_or("no list column `stack`")?;
        for row in 0..batch.num_rows() {
            let entries = stacks.value(row);
            let entries = entries.as_string_opt::<i32>().ok_or("`stack` does not hold text")?;
            roles.push(Role {
                id: RoleId::new(ids.value(row)),
                title: titles.value(row).to_string(),
                description: descriptions.value(row).to_string(),
                stack: entries.iter().flatten().map(str::to_string).collect(),
                section: sections.is_valid(row).then(|| sections.value(row).to_string()),
                origin: Origin { file: files.value(row).to_string(), line: lines.value(row) },
                fields: serde_json::from_str(fields.value(row)).map_err(|e| e.to_string())?,
            });
            representative.push(rows.value(row) as usize);
        }
        texts.extend(text("text")?.iter().map(|t| t.unwrap_or_default().to_string()));
    }
    if representative.iter().any(|&row| row >= roles.len()) {
        return Err("`representative` names a row that is not there".into());
    }
    Ok(StoredRoles { corpus: Corpus::new(roles), texts, representative })
}

fn text_column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray, String> {
    let column = batch.column_by_name(name).filter(|c| c.data_type() == &DataType::Utf8);
    column.map(|c| c.as_string()).ok_or_else(|| format!("no text column `{name}`"))
}

fn number_column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a UInt64Array, String> {
    let column = batch.column_by_name(name).and_then(|c| c.as_primitive_opt::<UInt64Type>());
    column.ok_or_else(|| format!("no whole-number column `{name}`"))
}
