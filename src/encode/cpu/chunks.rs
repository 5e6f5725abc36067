//! Which sequences pass through the layers together, and how threads share them out.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// Tokens that pass through all layers together: enough for the weights to be reused from the
/// cache, few enough for their vectors to stay in it.
const MOST_TOKENS: usize = 256;

/// Fewer make the weights cost more than the tokens do.
const FEWEST_TOKENS: usize = 64;

/// Groups sequences, longest first, for `n_threads` threads that each take the next chunk when they are
/// done with one. Chunks grow smaller towards the end, so that no thread waits long for the last
/// (guided self-scheduling, Polychronopoulos and Kuck 1987).
///
/// Returns indices into `lengths`; every index comes exactly once. A sequence longer than a chunk may be
/// is a chunk of its own.
pub(in crate::encode) fn plan(lengths: &[usize], n_threads: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(lengths[i]), i));
    let mut rest: usize = lengths.iter().sum();
    let share = rest.div_ceil(n_threads);
    // Where there is little, one chunk for each thread.
    let fewest = if share <= 2 * FEWEST_TOKENS { share } else { FEWEST_TOKENS };
    // A thread alone waits for no other.
    let parts = if n_threads > 1 { 2 * n_threads } else { 1 };
    let mut chunks: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for i in order {
        if lengths[i] > room || chunks.is_empty() {
            // Half of each thread's share of what is left.
            room = rest.div_ceil(parts).clamp(fewest, MOST_TOKENS);
            chunks.push(Vec::new());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(i);
        }
        room = room.saturating_sub(lengths[i]);
        rest -= lengths[i];
    }
    chunks
}

/// Computes every chunk, each thread the next one when it is free, with a scratch of its own; results in
/// order.
///
/// Not `chunks.par_iter()`, which hands whole runs of chunks to a thread at once: the last thread
/// was alone for 5 % of the time.
pub(in crate::encode) fn share_out<S: Default, T: Send>(
    chunks: &[Vec<usize>],
    compute: impl Fn(&mut S, &[usize]) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = |_| {
        let (mut scratch, mut done) = (S::default(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(at) else { return done };
            done.push((at, compute(&mut scratch, chunk)));
        }
    };
    let n_workers = rayon::current_num_threads().min(chunks.len());
    let workers = (0..n_workers).into_par_iter().with_max_len(1);
    let mut computed: Vec<(usize, T)> = workers.flat_map_iter(work).collect();
    computed.sort_by_key(|&(at, _)| at);
    computed.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_once_longest_first_and_smaller_towards_the_end() {
        let lengths: Vec<usize> = (0..200).map(|i| (i * 37) % 90 + 1).collect();
        let chunks = plan(&lengths, 2);
        let order = chunks.concat();
        assert!(order.is_sorted_by_key(|&i| (std::cmp::Reverse(lengths[i]), i)));
        let mut seen = order;
        seen.sort_unstable();
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
        let tokens: Vec<usize> =
            chunks.iter().map(|chunk| chunk.iter().map(|&i| lengths[i]).sum()).collect();
        assert!(tokens.iter().all(|&n| n <= MOST_TOKENS), "{tokens:?}");
        assert!(tokens[0] > MOST_TOKENS - 90 && tokens[tokens.len() - 1] <= FEWEST_TOKENS);
    }

    #[test]
    fn a_few_short_texts_are_one_chunk_a_thread() {
        assert_eq!(plan(&[10; 8], 2), [vec![0, 1, 2, 3], vec![4, 5, 6, 7]]);
        assert_eq!(plan(&[10], 16), [[0]]);
        assert_eq!(plan(&[5, 900, 4], 1), [vec![1], vec![0, 2]]);
        assert_eq!(plan(&[0, 0], 2), [[0, 1]]);
        assert!(plan(&[], 2).is_empty());
    }

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        let chunks: Vec<Vec<usize>> = (0..50).map(|i| vec![i; i % 4]).collect();
        let wanted: Vec<usize> = chunks.iter().map(|chunk| chunk.iter().sum()).collect();
        for n_threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            let compute = |n_before: &mut usize, chunk: &[usize]| {
                *n_before += 1;
                (chunk.iter().sum::<usize>(), *n_before)
            };
            let computed = pool.install(|| share_out(&chunks, compute));
            assert_eq!(computed.iter().map(|&(sum, _)| sum).collect::<Vec<_>>(), wanted);
            let n_scratches = computed.iter().filter(|&&(_, n_before)| n_before == 1).count();
            assert!((1..=n_threads).contains(&n_scratches), "{n_scratches} of {n_threads}");
        }
    }
}
