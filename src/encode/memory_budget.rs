//! Batches on a device: as large as its memory allows, halved where that was too much, and the
//! next one started before the last one's result is waited for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Padded tokens computed at once where memory sets no limit.
const TOKENS: usize = 8192;
/// No more than this on any device: its units are busy by then. Also keeps a batch below the
/// 65 535 sequences one launch can have.
const MOST_TOKENS: usize = 65_535;
/// Share of the free memory that is planned with; the rest is for the workspace of products,
/// for what the allocator loses between blocks, and for other programs.
const SHARE: f64 = 0.6;

/// How many padded tokens go to the device at once.
#[derive(Debug)]
pub(super) struct Budget {
    free: Option<usize>,
    /// Lowered when memory runs out all the same, and never raised again.
    most: AtomicUsize,
}

impl Budget {
    /// `free` is the device's unused memory in bytes with the weights in it; `None` where
    /// memory is no concern.
    pub(super) fn new(free: Option<usize>) -> Self {
        Budget { free, most: AtomicUsize::new(MOST_TOKENS) }
    }

    /// Tokens to plan a batch with, where each needs `token_bytes`.
    pub(super) fn tokens(&self, token_bytes: usize) -> usize {
        let wanted = match self.free {
            Some(free) => (free as f64 * SHARE) as usize / token_bytes.max(1),
            None => TOKENS,
        };
        wanted.clamp(1, self.most())
    }

    /// Whether the device has a memory of its own, as a GPU has.
    pub(super) fn has_own_memory(&self) -> bool {
        self.free.is_some()
    }

    /// Starts every batch with `start` and hands what it gives to `finish`, in the order of
    /// batches; `finish` may wait for the device, `start` should not.
    ///
    /// A batch for which memory does not suffice (`is_full` tells from the error) is cut into
    /// halves, and so are later ones of its size before they are tried. An index of a batch points
    /// into `lengths`.
    ///
    /// # Errors
    /// The first error that is not about memory, or is and came from a single sequence.
    pub(super) fn run<S, E>(
        &self,
        batches: Vec<Vec<usize>>,
        lengths: &[usize],
        is_full: impl Fn(&E) -> bool,
        mut start: impl FnMut(&[usize]) -> Result<S, E>,
        mut finish: impl FnMut(&[usize], S) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut waiting = VecDeque::from(batches);
        let mut started: Option<(Vec<usize>, S)> = None;
        while let Some(batch) = waiting.pop_front() {
            let longest = batch.iter().map(|&i| lengths[i]).max().unwrap_or(0);
            let tokens = batch.len() * longest;
            if batch.len() > 1 && tokens > self.most() {
                halve(batch, &mut waiting);
                continue;
            }
            match start(&batch) {
                Ok(result) => {
                    if let Some((batch, result)) = started.replace((batch, result)) {
                        finish(&batch, result)?;
                    }
                }
                Err(error) if is_full(&error) && (batch.len() > 1 || started.is_some()) => {
                    // What is under way gives its memory back first.
                    if let Some((batch, result)) = started.take() {
                        finish(&batch, result)?;
                    }
                    self.lower(tokens);
                    halve(batch, &mut waiting);
                }
                Err(error) => return Err(error),
            }
        }
        started.map_or(Ok(()), |(batch, result)| finish(&batch, result))
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    fn lower(&self, failed: usize) {
        self.most.fetch_min((failed / 2).max(1), Ordering::Relaxed);
    }
}

/// Puts both halves back in front; a single sequence stays whole.
fn halve(mut batch: Vec<usize>, waiting: &mut VecDeque<Vec<usize>>) {
    let second = batch.split_off(batch.len().div_ceil(2));
    if !second.is_empty() {
        waiting.push_front(second);
    }
    waiting.push_front(batch);
}

#[cfg(test)]
mod tests {
    use super::super::batch::plan;
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Failure {
        Full,
        Other,
    }

    /// Runs a device with room for `room` tokens; gives the batches it computed and how often
    /// it had to refuse.
    fn with_room(room: usize, lengths: &[usize]) -> (Result<Vec<Vec<usize>>, Failure>, usize) {
        let budget = Budget::new(None);
        let (mut done, mut n_refused) = (Vec::new(), 0);
        let start = |batch: &[usize]| {
            let tokens = batch.len() * batch.iter().map(|&i| lengths[i]).max().unwrap_or(0);
            if tokens > room {
                n_refused += 1;
                return Err(Failure::Full);
            }
            Ok(batch.to_vec())
        };
        let finish = |batch: &[usize], started: Vec<usize>| {
            assert_eq!(batch, started);
            done.push(started);
            Ok(())
        };
        let batches = plan(lengths, budget.tokens(1));
        let full = |failure: &Failure| *failure == Failure::Full;
        let result = budget.run(batches, lengths, full, start, finish);
        (result.map(|()| done), n_refused)
    }

    #[test]
    fn a_full_device_halves_until_it_fits_and_nothing_is_lost() {
        let lengths: Vec<usize> = (0..500).map(|i| i * 31 % 120 + 1).collect();
        let order = plan(&lengths, usize::MAX).concat();
        for room in [120, 121, 500, 1000, 4096, 8192, 1_000_000] {
            let (done, n_refused) = with_room(room, &lengths);
            assert_eq!(done.unwrap().concat(), order, "room for {room}");
            // Each refusal at least halves what is tried from then on.
            assert!(n_refused <= 7, "refused {n_refused} times with room for {room}");
        }
    }

    #[test]
    fn a_sequence_that_does_not_fit_alone_is_an_error() {
        assert_eq!(with_room(99, &[100, 50]).0, Err(Failure::Full));
        assert_eq!(with_room(99, &[50, 100, 50]).0, Err(Failure::Full));
    }

    #[test]
    fn another_failure_is_not_tried_again() {
        let mut n_starts = 0;
        let start = |_: &[usize]| -> Result<(), Failure> {
            n_starts += 1;
            Err(Failure::Other)
        };
        let full = |failure: &Failure| *failure == Failure::Full;
        let batches = vec![vec![0, 1], vec![2]];
        let result = Budget::new(None).run(batches, &[1, 1, 1], full, start, |_, ()| Ok(()));
        assert_eq!((result, n_starts), (Err(Failure::Other), 1));
    }

    #[test]
    fn the_next_batch_starts_before_the_last_one_is_finished() {
        let log = std::cell::RefCell::new(Vec::new());
        let start = |batch: &[usize]| -> Result<(), Failure> {
            log.borrow_mut().push(format!("start {}", batch[0]));
            Ok(())
        };
        let finish = |batch: &[usize], ()| {
            log.borrow_mut().push(format!("finish {}", batch[0]));
            Ok(())
        };
        let batches = vec![vec![0], vec![1], vec![2]];
        Budget::new(None).run(batches, &[1; 3], |_| false, start, finish).unwrap();
        let expected = ["start 0", "start 1", "finish 0", "start 2", "finish 1", "finish 2"];
        assert_eq!(log.into_inner(), expected);
    }

    #[test]
    fn the_budget_follows_the_memory() {
        assert_eq!(Budget::new(None).tokens(1 << 20), TOKENS);
        let budget = Budget::new(Some(1_000_000));
        assert_eq!(budget.tokens(1000), 600);
        assert_eq!(budget.tokens(0), MOST_TOKENS);
        assert_eq!(budget.tokens(usize::MAX), 1);
        budget.lower(400);
        assert_eq!(budget.tokens(1000), 200);
    }
}
