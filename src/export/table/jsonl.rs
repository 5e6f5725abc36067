//! JSON Lines: one object per role, its members in the order of the columns.

use std::io::{self, Write};

use serde::Serializer;
use serde::ser::SerializeMap;
use serde_json::ser::CompactFormatter;

use super::column::{Column, Values};
use super::columns::Table;

pub(in crate::export) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    table.parts().try_for_each(|columns| rows(&columns, out))
}

fn rows(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let n = columns.first().map_or(0, |column| column.values.len());
    for row in 0..n {
        let mut serializer = serde_json::Serializer::with_formatter(&mut *out, CompactFormatter);
        let mut object = serializer.serialize_map(Some(columns.len()))?;
        for Column { name, values, .. } in columns {
            match values {
                Values::Text(values) => object.serialize_entry(name, &values[row])?,
                Values::Integer(values) => object.serialize_entry(name, &values[row])?,
                Values::Float(values) => object.serialize_entry(name, &values[row])?,
                Values::Single(values) => object.serialize_entry(name, &values[row])?,
                Values::Flag(values) => object.serialize_entry(name, &values[row])?,
                Values::Date(values) => object.serialize_entry(name, &values[row])?,
                Values::List(values) => object.serialize_entry(name, &values[row])?,
            }
        }
        object.end()?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
