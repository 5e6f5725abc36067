//! Long calls: without the lock of the interpreter, and ended by Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use rolecluster::progress::Progress;

use crate::error::raised;

/// How long a signal may wait until it is heard.
const PATIENCE: Duration = Duration::from_millis(50);

/// What ends the work that was interrupted; nobody looks at it.
struct Interrupted;

/// Passes progress on, and ends the work when it is told next after a signal. Ending it by unwinding
/// needs no check in each of the library's loops, and a run folder stays whole, because its writer
/// forgets what was not committed.
struct Interruptible<'a> {
    stop: &'a AtomicBool,
    inner: Box<dyn Progress>,
}

impl Interruptible<'_> {
    fn check(&self) {
        if self.stop.load(Ordering::Relaxed) && !thread::panicking() {
            // Without a message, as it is no panic.
            resume_unwind(Box::new(Interrupted));
        }
    }
}

impl Progress for Interruptible<'_> {
    fn start(&self, stage: &str, total: u64) {
        self.check();
        self.inner.start(stage, total);
    }

    fn advance(&self, units: u64) {
        self.check();
        self.inner.advance(units);
    }

    fn finish(&self) {
        self.check();
        self.inner.finish();
    }
}

/// Does `work` on a thread of its own while this one listens for signals. `progress` makes what the
/// progress is shown by.
///
/// # Errors
/// What `work` fails with, or what the handler of a signal raises, such as `KeyboardInterrupt`: then
/// the work has ended.
pub fn interruptible<T: Send>(
    py: Python<'_>,
    progress: impl FnOnce() -> Box<dyn Progress> + Send,
    work: impl FnOnce(&dyn Progress) -> anyhow::Result<T> + Send,
) -> PyResult<T> {
    let stop = AtomicBool::new(false);
    py.detach(|| {
        thread::scope(|scope| {
            let (done, wait) = sync_channel(1);
            let stop = &stop;
            scope.spawn(move || {
                let progress = Interruptible { stop, inner: progress() };
                let outcome = catch_unwind(AssertUnwindSafe(|| work(&progress)));
                // Whoever waits does so until this has come.
                let _ = done.send(outcome);
            });
            let mut signal = None;
            let outcome = loop {
                match wait.recv_timeout(PATIENCE) {
                    Ok(outcome) => break Some(outcome),
                    Err(RecvTimeoutError::Disconnected) => break None,
                    Err(RecvTimeoutError::Timeout) if signal.is_none() => {
                        signal = Python::attach(|py| py.check_signals()).err();
                        stop.store(signal.is_some(), Ordering::Relaxed);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            };
            match (signal, outcome) {
                (Some(signal), _) => Err(signal),
                (None, Some(Ok(outcome))) => outcome.map_err(raised),
                (None, Some(Err(panic))) => resume_unwind(panic),
                (None, None) => Err(raised(anyhow::anyhow!("the work ended without an answer"))),
            }
        })
    })
}
