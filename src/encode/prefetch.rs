//! Work for the device made ready on another thread, so that the device does not wait for it.

use std::sync::mpsc::sync_channel;
use std::thread;

/// Pieces that lie ready at most. More would only take memory.
const READY: usize = 2;

/// Gives every piece that `pieces` makes, in order, to `consume`; `pieces` runs on a thread of
/// its own, a little ahead. The first error of either ends both.
pub(super) fn prefetch<T: Send, E: Send>(
    pieces: impl Iterator<Item = Result<T, E>> + Send,
    mut consume: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let (send, receive) = sync_channel(READY);
    thread::scope(|scope| {
        scope.spawn(move || {
            for piece in pieces {
                let failed = piece.is_err();
                // Nobody listens any more after an error on the other side.
                if send.send(piece).is_err() || failed {
                    break;
                }
            }
        });
        // By value, so that an error drops the receiver before the scope waits for the sender.
        receive.into_iter().try_for_each(|piece| consume(piece?))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn everything_arrives_in_order() {
        let mut seen = Vec::new();
        let pieces = (0..100).map(Ok::<usize, String>);
        prefetch(pieces, |piece| {
            seen.push(piece);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_on_either_side_ends_both() {
        let mut seen = Vec::new();
        let failing = (0..100).map(|i| if i == 5 { Err("made") } else { Ok(i) });
        let result = prefetch(failing, |piece| {
            seen.push(piece);
            Ok(())
        });
        assert_eq!((result, seen), (Err("made"), vec![0, 1, 2, 3, 4]));

        let n_made = AtomicUsize::new(0);
        let endless = (0..).map(|i: usize| {
            n_made.fetch_add(1, Ordering::SeqCst);
            Ok(i)
        });
        let result = prefetch(endless, |i| if i == 3 { Err("used") } else { Ok(()) });
        assert_eq!(result, Err("used"));
        assert!(n_made.into_inner() <= 4 + READY + 2, "ran far ahead");
    }
}
