//! Reusable buffers for parallel tasks.

use std::sync::Mutex;

/// Holds as many buffers as tasks ever ran at once.
#[derive(Debug, Default)]
pub(super) struct BufferPool<T>(Mutex<Vec<T>>);

impl<T: Default> BufferPool<T> {
    /// Runs `work` with exclusive use of a buffer, which still holds what an earlier task left.
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
