//! Lists of numbers that memory need not hold, read here and there.

use std::fs::File;
use std::io::{self, Write};

use crate::pages::{self, Pages};

/// Numbers that are held before they are written together.
const HELD: usize = 16 << 20;

/// Lists, by their places: the first ones in a file, the last ones in memory.
#[derive(Debug)]
pub(crate) struct NumberLists {
    ends: Vec<usize>,
    file: Option<Pages>,
    /// Numbers in the file.
    written: usize,
    held: Vec<u32>,
}

impl NumberLists {
    /// The list at a place; empty where there is none.
    pub(crate) fn get(&self, at: usize) -> &[u32] {
        let Some(&end) = self.ends.get(at) else { return &[] };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        match &self.file {
            Some(file) if end <= self.written => {
                const BYTES: usize = size_of::<u32>();
                // Pages are aligned, and so is every number in them.
                bytemuck::try_cast_slice(file.read(start * BYTES..end * BYTES)).unwrap_or_default()
            }
            _ => &self.held[start - self.written..end - self.written],
        }
    }
}

/// Takes lists one after the other.
#[derive(Debug)]
pub(crate) struct NumberListsWriter {
    ends: Vec<usize>,
    file: Option<(File, Pages)>,
    written: usize,
    held: Vec<u32>,
    /// As many numbers as this are held.
    limit: usize,
    /// Whether there is room on the disk, as far as is known.
    works: bool,
}

impl Default for NumberListsWriter {
    fn default() -> Self {
        NumberListsWriter::holding(HELD)
    }
}

impl NumberListsWriter {
    /// One that holds `limit` numbers.
    fn holding(limit: usize) -> Self {
        let (ends, file, written, held) = (Vec::new(), None, 0, Vec::new());
        NumberListsWriter { ends, file, written, held, limit, works: true }
    }

    /// Takes the next list. Without room on the disk lists stay in memory.
    pub(crate) fn push(&mut self, list: &[u32]) {
        self.push_with(list, pages::nameless_file);
    }

    fn push_with(&mut self, list: &[u32], new_file: impl Fn() -> io::Result<File>) {
        self.held.extend_from_slice(list);
        self.ends.push(self.written + self.held.len());
        if self.held.len() > self.limit && self.works {
            self.works = self.write_out(new_file).is_ok();
        }
    }

    fn write_out(&mut self, new_file: impl Fn() -> io::Result<File>) -> io::Result<()> {
        let mut file = match &self.file {
            Some((file, _)) => file.try_clone()?,
            None => new_file()?,
        };
        // What there is stays where this fails; what was written by then lies beyond `written`.
        file.write_all(bytemuck::cast_slice(&self.held))?;
        let pages = Pages::here_and_there(&file)?;
        self.file = Some((file, pages));
        self.written += self.held.len();
        self.held.clear();
        Ok(())
    }

    /// All lists there are.
    pub(crate) fn finish(mut self) -> NumberLists {
        self.held.shrink_to_fit();
        let NumberListsWriter { ends, file, written, held, .. } = self;
        NumberLists { ends, file: file.map(|(_, pages)| pages), written, held }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn list(at: u32) -> Vec<u32> {
        (0..at % 7).map(|n| at * 10 + n).collect()
    }

    #[test]
    fn lists_are_the_same_written_and_held() {
        for limit in [0, 20, 1_000] {
            let mut lists = NumberListsWriter::holding(limit);
            (0..100).for_each(|at| lists.push(&list(at)));
            let lists = lists.finish();
            assert_eq!(lists.file.is_some(), limit < 1_000);
            assert!((0..100).all(|at| lists.get(at as usize) == list(at)));
            assert!(lists.get(100).is_empty());
        }
    }

    #[test]
    fn without_room_lists_stay() {
        let tried = Cell::new(0);
        let full = || {
            tried.set(tried.get() + 1);
            Err(io::ErrorKind::StorageFull.into())
        };
        let mut lists = NumberListsWriter::holding(3);
        (0..20).for_each(|at| lists.push_with(&list(at), full));
        let lists = lists.finish();
        assert_eq!((lists.written, tried.get()), (0, 1));
        assert!((0..20).all(|at| lists.get(at as usize) == list(at)));
    }
}
