//! One cell of an Arrow column, of whatever type, as a JSON value.

use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{as_datetime, date32_to_datetime, date64_to_datetime};
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::read::json::{self, Json, Object};
use crate::read::record::Value;

/// Reads cells; remembers what it had to guess.
#[derive(Default)]
pub(in crate::read) struct Cells {
    /// The encoding of bytes that are text and not UTF-8.
    pub encoding: Option<&'static Encoding>,
}

impl Cells {
    /// A cell: structs and maps as objects, lists as arrays, all else as text.
    pub fn value(&mut self, column: &ArrayRef, row: usize) -> Json<'static> {
        if column.is_null(row) {
            return Json::Null;
        }
        match column.data_type() {
            DataType::Struct(fields) => {
                let inner = fields.iter().zip(column.as_struct().columns());
                let members = inner
                    .map(|(field, inner)| (field.name().clone().into(), self.value(inner, row)));
                Json::Object(Object { at: 0, members: members.collect() })
            }
            DataType::Map(..) => {
                let entries = column.as_map().value(row);
                let (keys, values) = (entries.column(0), entries.column(1));
                let member = |at| {
                    let key = self.text(keys.as_ref(), at)?;
                    Some((key.into(), self.value(values, at)))
                };
                let members = (0..entries.len()).filter_map(member);
                Json::Object(Object { at: 0, members: members.collect() })
            }
            DataType::List(_) => self.list(column.as_list::<i32>().value(row)),
            DataType::LargeList(_) => self.list(column.as_list::<i64>().value(row)),
            DataType::ListView(_) => self.list(column.as_list_view::<i32>().value(row)),
            DataType::LargeListView(_) => self.list(column.as_list_view::<i64>().value(row)),
            DataType::FixedSizeList(..) => self.list(column.as_fixed_size_list().value(row)),
            DataType::Boolean => Json::Bool(column.as_boolean().value(row)),
            _ => match self.text(column.as_ref(), row) {
                Some(text) => Json::Text(text.into()),
                None => Json::Null,
            },
        }
    }

    fn list(&mut self, items: ArrayRef) -> Json<'static> {
        let items = (0..items.len()).map(|at| self.value(&items, at)).collect();
        Json::Array(json::Array { at: 0, items })
    }

    /// A cell as text; `None` for null and for types no posting is written in.
    fn text(&mut self, column: &dyn Array, row: usize) -> Option<String> {
        if column.is_null(row) {
            return None;
        }
        macro_rules! number {
            ($kind:ty) => {
                column.as_primitive::<$kind>().value(row).to_string()
            };
        }
        Some(match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().value(row).to_string(),
            DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_string(),
            DataType::Utf8View => column.as_string_view().value(row).to_string(),
            DataType::Binary => self.utf8(column.as_binary::<i32>().value(row))?,
            DataType::LargeBinary => self.utf8(column.as_binary::<i64>().value(row))?,
            DataType::BinaryView => self.utf8(column.as_binary_view().value(row))?,
            DataType::Boolean => column.as_boolean().value(row).to_string(),
            DataType::Int8 => number!(Int8Type),
            DataType::Int16 => number!(Int16Type),
            DataType::Int32 => number!(Int32Type),
            DataType::Int64 => number!(Int64Type),
            DataType::UInt8 => number!(UInt8Type),
            DataType::UInt16 => number!(UInt16Type),
            DataType::UInt32 => number!(UInt32Type),
            DataType::UInt64 => number!(UInt64Type),
            DataType::Float16 => number!(Float16Type),
            DataType::Float32 => number!(Float32Type),
            DataType::Float64 => number!(Float64Type),
            DataType::FixedSizeBinary(_) => self.utf8(column.as_fixed_size_binary().value(row))?,
            DataType::Decimal32(..) => column.as_primitive::<Decimal32Type>().value_as_string(row),
            DataType::Decimal64(..) => column.as_primitive::<Decimal64Type>().value_as_string(row),
            DataType::Decimal256(..) => {
                column.as_primitive::<Decimal256Type>().value_as_string(row)
            }
            DataType::Decimal128(..) => {
                column.as_primitive::<Decimal128Type>().value_as_string(row)
            }
            DataType::Date32 => {
                let days = column.as_primitive::<Date32Type>().value(row);
                date32_to_datetime(days)?.date().to_string()
            }
            DataType::Date64 => {
                let millis = column.as_primitive::<Date64Type>().value(row);
                date64_to_datetime(millis)?.date().to_string()
            }
            DataType::Timestamp(unit, _) => timestamp(column, *unit, row)?,
            DataType::Dictionary(..) => {
                let dictionary = column.as_any_dictionary_opt()?;
                let key = self.text(dictionary.keys(), row)?.parse().ok()?;
                return self.text(dictionary.values().as_ref(), key);
            }
            _ => return None,
        })
    }

    /// Bytes as text: UTF-8, else in the encoding they look like, unless they are none.
    fn utf8(&mut self, bytes: &[u8]) -> Option<String> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Some(text.to_string());
        }
        if bytes.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()) {
            return None;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        let (text, malformed) = encoding.decode_without_bom_handling(bytes);
        if malformed {
            return None;
        }
        self.encoding.get_or_insert(encoding);
        Some(text.into_owned())
    }
}

/// A cell that is no record by itself, as the value of a role; `None` for null.
pub(in crate::read) fn flat(cell: &Json<'_>) -> Option<Value> {
    match cell {
        Json::Null => None,
        Json::Array(array) => {
            let texts = array.items.iter().filter_map(Json::scalar);
            Some(Value::List(texts.map(|text| text.into_owned()).collect()))
        }
        cell => Some(Value::Text(cell.scalar().unwrap_or_default().into_owned())),
    }
}

fn timestamp(column: &dyn Array, unit: TimeUnit, row: usize) -> Option<String> {
    macro_rules! moment {
        ($kind:ty) => {
            as_datetime::<$kind>(column.as_primitive::<$kind>().value(row))
        };
    }
    let moment = match unit {
        TimeUnit::Second => moment!(TimestampSecondType),
        TimeUnit::Millisecond => moment!(TimestampMillisecondType),
        TimeUnit::Microsecond => moment!(TimestampMicrosecondType),
        TimeUnit::Nanosecond => moment!(TimestampNanosecondType),
    };
    moment.map(|moment| moment.to_string())
}
