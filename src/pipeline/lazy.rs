//! A value that is loaded when it is first needed.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Loaded by the first thread that asks; other threads wait for it. A load that fails is tried
/// again by the next thread (which `std::sync::LazyLock` does not do).
#[derive(Debug)]
pub(super) struct Lazy<T> {
    value: OnceLock<T>,
    loading: Mutex<()>,
}

impl<T> Default for Lazy<T> {
    fn default() -> Self {
        Lazy { value: OnceLock::new(), loading: Mutex::new(()) }
    }
}

impl<T> Lazy<T> {
    /// The value, if it has been loaded.
    pub(super) fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// The value, loaded now when it has not been.
    pub(super) fn get_or_load<E>(&self, load: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        if let Some(loaded) = self.value.get() {
            return Ok(loaded);
        }
        let _one_at_a_time = lock(&self.loading);
        match self.value.get() {
            Some(loaded) => Ok(loaded),
            None => {
                let loaded = load()?;
                Ok(self.value.get_or_init(|| loaded))
            }
        }
    }
}

/// Locks a mutex, also one that a panicking thread left poisoned: the values behind the mutexes of
/// this module are never half written.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
