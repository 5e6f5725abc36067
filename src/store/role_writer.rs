//! Roles to Parquet, one row each, with the text that was embedded; `role_reader` reads them.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{Field, Schema};

use super::parquet_file::{self, Packing};
use crate::long_text::LongText;
use crate::role::{Corpus, Role};

/// Roles and the results of cleaning them, aligned by row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredRoles {
    /// The roles in input order.
    pub corpus: Corpus,
    /// The text each was embedded by.
    pub texts: Vec<LongText>,
    /// The row of the role it repeats, or its own row.
    pub representative: Vec<usize>,
}

impl StoredRoles {
    /// The rows of the roles that repeat no other role, ascending: those that are clustered.
    pub fn distinct_rows(&self) -> Vec<usize> {
        let representative = self.representative.iter().enumerate();
        representative.filter(|&(row, &of)| row == of).map(|(row, _)| row).collect()
    }

    /// For each role the place of the one it repeats among the [distinct
    /// rows](Self::distinct_rows), its own for a role that repeats none.
    pub fn distinct_places(&self) -> Vec<usize> {
        let mut place = vec![0; self.representative.len()];
        self.distinct_rows().into_iter().enumerate().for_each(|(at, row)| place[row] = at);
        self.representative.iter().map(|&of| place[of]).collect()
    }
}

pub(super) fn write(stored: &StoredRoles, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let packing = Packing::Zstd { repeating: &["section", "file"] };
    parquet_file::write(stored.corpus.len(), |rows| batch(stored, rows), packing, out)
}

fn batch(stored: &StoredRoles, rows: Range<usize>) -> Result<RecordBatch, String> {
    let roles = &stored.corpus.roles()[rows.clone()];
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
    let facts: Vec<String> = roles
        .iter()
        .map(|r| serde_json::to_string(&r.facts).map_err(|e| e.to_string()))
        .collect::<Result<_, _>>()?;
    let first = stored.representative[rows.clone()].iter().map(|&row| row as u64);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", text(|r| r.id.as_str())),
        ("title", text(|r| &r.title)),
        ("description", text(|r| &r.description)),
        ("stack", stack),
        ("section", Arc::new(roles.iter().map(|r| r.section.as_deref()).collect::<StringArray>())),
        ("file", text(|r| &r.origin.file)),
        ("line", Arc::new(UInt64Array::from_iter_values(roles.iter().map(|r| r.origin.line)))),
        ("facts", Arc::new(StringArray::from_iter_values(facts))),
        ("fields", Arc::new(StringArray::from_iter_values(fields))),
        ("text", Arc::new(StringArray::from_iter_values(&stored.texts[rows]))),
        ("representative", Arc::new(UInt64Array::from_iter_values(first))),
    ];
    let schema = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), *name == "section"))
        .collect::<Vec<_>>();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays).map_err(|e| e.to_string())
}
