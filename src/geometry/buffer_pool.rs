//! Buffers handed from task to task instead of being allocated for each.

use std::sync::Mutex;

/// As many buffers as tasks ever ran at once.
#[derive(Debug, Default)]
pub(super) struct BufferPool<T>(Mutex<Vec<T>>);

impl<T: Default> BufferPool<T> {
    /// Runs `work` with a buffer nobody else holds; what is in it is what was left in it.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let lock = || self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let taken = lock().pop();
        let mut buffer = taken.unwrap_or_default();
        let result = work(&mut buffer);
        lock().push(buffer);
        result
    }
}

/// The first `len` numbers of `buffer`, made as long as it takes.
pub(super) fn sized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
    &mut buffer[..len]
}
