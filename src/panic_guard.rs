//! Turns a panic inside a decoder into `None`.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; `None` when it panics, with no message on stderr. For decoders of other crates
/// that panic on damaged files. What `work` had changed when it panicked stays changed, so it
/// must not leave anything inconsistent behind.
///
/// The first call replaces the panic hook of the process by one that is silent about panics
/// inside `work` on this thread and hands every other panic to the hook before it.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_the_guard_ends_with_the_work() {
        assert_eq!(guarded(|| 3), Some(3));
        assert_eq!(guarded(|| -> u8 { panic!("not heard") }), None);
        assert!(!GUARDED.get());
        let inner = guarded(|| {
            guarded(|| -> u8 { panic!("not heard") });
            GUARDED.get()
        });
        assert_eq!(inner, Some(true), "the end of an inner guard does not end the outer one");
    }
}
