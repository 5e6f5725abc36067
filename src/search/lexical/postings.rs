//! Posting lists: pairs of (text, count) as variable-length integers (LEB128). Of the ascending
//! text numbers only the differences are stored.

use super::super::index_file::{IndexError, damaged};

/// Appends `value`.
pub(super) fn push(list: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        list.push(value as u8 | 0x80);
        value >>= 7;
    }
    list.push(value as u8);
}

/// Reads a list from its beginning.
#[derive(Debug)]
pub(super) struct Postings<'a> {
    rest: &'a [u8],
    /// The number the next difference counts from.
    next: u32,
}

impl<'a> Postings<'a> {
    pub(super) fn new(list: &'a [u8]) -> Self {
        Postings { rest: list, next: 0 }
    }

    fn value(&mut self) -> Result<u32, IndexError> {
        let mut value = 0u32;
        for at in 0..5 {
            let Some(&byte) = self.rest.get(at) else { break };
            // The fifth group holds the upper four bits.
            if at == 4 && byte > 0x0f {
                break;
            }
            value |= u32::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.rest = &self.rest[at + 1..];
                return Ok(value);
            }
        }
        Err(damaged("a list holds no number where there should be one"))
    }

    fn posting(&mut self) -> Result<(u32, u32), IndexError> {
        let (difference, count) = (self.value()?, self.value()?);
        let number = self.next.checked_add(difference);
        let number = number.ok_or_else(|| damaged("a list counts beyond all texts"))?;
        self.next = number.saturating_add(1);
        Ok((number, count))
    }
}

impl Iterator for Postings<'_> {
    type Item = Result<(u32, u32), IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let posting = self.posting();
        if posting.is_err() {
            self.rest = &[];
        }
        Some(posting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_pushed_is_read(differences in prop::collection::vec((0u32..1 << 24, any::<u32>()), 0..40)) {
            let (mut list, mut next, mut expected) = (Vec::new(), 0u32, Vec::new());
            for (difference, count) in differences {
                push(&mut list, difference);
                push(&mut list, count);
                expected.push((next + difference, count));
                next += difference + 1;
            }
            let found: Vec<(u32, u32)> = Postings::new(&list).map(Result::unwrap).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn any_bytes_end_in_postings_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let found: Vec<_> = Postings::new(&bytes).collect();
            let n_errors = found.iter().filter(|posting| posting.is_err()).count();
            prop_assert!(n_errors <= 1 && found.len() <= bytes.len());
        }
    }
}
