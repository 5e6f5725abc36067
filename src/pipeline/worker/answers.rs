//! From what is found of each row to columns of answers.

use crate::encode::EncodeError;
use crate::error::Error;
use crate::export::{AnswerColumn, Values};
use crate::role::Role;

/// What a row is.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// A posting.
    Role(Box<Role>),
    /// A text, taken as it is.
    Text(String),
}

impl Given {
    /// The role; a text by itself is none, and no task that wants roles is given one.
    pub(super) fn role(self) -> Result<Role, String> {
        match self {
            Given::Role(role) => Ok(*role),
            Given::Text(_) => Err("is a text and no role".into()),
        }
    }
}

/// Something for every row, or the reason why there is nothing.
pub(super) type Rows<T> = Vec<Result<T, String>>;

/// What is found of some rows.
pub(super) struct Answers {
    pub columns: Vec<AnswerColumn>,
    /// Why there is no answer, row by row.
    pub reasons: Vec<Option<String>>,
    pub n_bad: u64,
}

impl Answers {
    /// `columns` made of `found`, whose reasons stay.
    pub(super) fn of<T>(found: &Rows<T>, columns: Vec<AnswerColumn>) -> Self {
        let reasons: Vec<Option<String>> =
            found.iter().map(|found| found.as_ref().err().cloned()).collect();
        let n_bad = reasons.iter().flatten().count() as u64;
        Answers { columns, reasons, n_bad }
    }
}

fn each<T, U>(found: &Rows<T>, value: impl Fn(&T) -> Option<U>) -> Vec<Option<U>> {
    found.iter().map(|found| found.as_ref().ok().and_then(&value)).collect()
}

/// A column of texts.
pub(super) fn texts<T>(found: &Rows<T>, text: impl Fn(&T) -> Option<String>) -> Values {
    Values::Texts(each(found, text))
}

/// A column of lists of texts.
pub(super) fn text_lists<T>(found: &Rows<T>, list: impl Fn(&T) -> Vec<String>) -> Values {
    Values::TextLists(each(found, |found| Some(list(found))))
}

/// A column of numbers.
pub(super) fn numbers<T>(found: &Rows<T>, number: impl Fn(&T) -> Option<i64>) -> Values {
    Values::Numbers(each(found, number))
}

/// A column of lists of numbers.
pub(super) fn number_lists<T>(found: &Rows<T>, list: impl Fn(&T) -> Option<Vec<i64>>) -> Values {
    Values::NumberLists(each(found, list))
}

/// A column of shares.
pub(super) fn shares<T>(found: &Rows<T>, share: impl Fn(&T) -> Option<f32>) -> Values {
    Values::Shares(each(found, share))
}

/// A column of lists of shares.
pub(super) fn share_lists<T>(found: &Rows<T>, list: impl Fn(&T) -> Vec<f32>) -> Values {
    Values::ShareLists(each(found, |found| Some(list(found))))
}

/// A column of vectors.
pub(super) fn vectors(dimension: usize, found: &Rows<Vec<f32>>) -> Values {
    Values::Vectors(dimension, each(found, |vector| Some(vector.clone())))
}

/// A result for each of some rows, computed together.
type Work<'a, T, U> = dyn Fn(&[T]) -> Result<Vec<U>, Error> + 'a;

/// The results of `work` for the rows that are there, where one row may spoil those computed with
/// it: then these are halved until it is alone, and it gets the reason.
pub(super) fn work_on<T, U>(rows: Rows<T>, work: &Work<'_, T, U>) -> Result<Rows<U>, Error> {
    let (mut there, mut places) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in rows {
        places.push(row.map(|row| there.push(row)));
    }
    let mut found = if there.is_empty() { Vec::new() } else { salvage(&there, work)? }.into_iter();
    // There is a result for every row that is there.
    let next = |()| found.next().unwrap_or_else(|| Err("was not answered".into()));
    let mut next = next;
    Ok(places.into_iter().map(|place| place.and_then(&mut next)).collect())
}

fn salvage<T, U>(rows: &[T], work: &Work<'_, T, U>) -> Result<Rows<U>, Error> {
    match work(rows) {
        Ok(found) => Ok(found.into_iter().map(Ok).collect()),
        Err(error) if !is_of_one_row(&error) => Err(error),
        Err(error) if rows.len() == 1 => Ok(vec![Err(error.to_string())]),
        Err(_) => {
            let (first, second) = rows.split_at(rows.len() / 2);
            let mut found = salvage(first, work)?;
            found.extend(salvage(second, work)?);
            Ok(found)
        }
    }
}

/// Whether an error is the fault of one text, and not of the model or the device.
fn is_of_one_row(error: &Error) -> bool {
    match error {
        Error::Encode(error) => {
            matches!(**error, EncodeError::NotFinite { .. } | EncodeError::Tokenize { .. })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_row_does_not_spoil_the_others() {
        let work = |rows: &[i32]| match rows.iter().position(|&row| row < 0) {
            Some(at) => Err(Error::from(EncodeError::NotFinite {
                name: "m".into(),
                text: at + 1,
                dtype: "f16".into(),
            })),
            None => Ok(rows.iter().map(|row| row * 10).collect()),
        };
        let rows = vec![Ok(1), Err("empty".into()), Ok(-2), Ok(3), Ok(-4)];
        let found = work_on(rows, &work).unwrap();
        assert_eq!((found[0].clone(), found[3].clone()), (Ok(10), Ok(30)));
        assert_eq!(found[1], Err("empty".to_string()));
        for bad in [2, 4] {
            assert!(found[bad].as_ref().unwrap_err().contains("the vector of text 1"), "{bad}");
        }
        let full = |_: &[i32]| -> Result<Vec<i32>, Error> { Err(Error::NothingToCompare) };
        assert!(work_on(vec![Ok(1), Ok(2)], &full).is_err(), "the fault of no row ends the work");
        assert!(work_on(vec![], &full).unwrap().is_empty());
    }
}
