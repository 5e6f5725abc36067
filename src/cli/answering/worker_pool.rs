//! Bounded worker pool with an admission queue.
//!
//! A query keeps a thread busy, so no more queries run at once than there are threads to compute
//! with. The others wait in a queue of limited length; beyond it a request is refused.
//! Load therefore makes answers slower, then refused, and never makes the memory grow.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::request_error::RequestError;

/// Requests admitted at once, running or waiting; the next one is refused.
const QUEUE_LENGTH: usize = 256;

/// Runs jobs on blocking threads, at most `n_workers` at once.
pub struct WorkerPool {
    workers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl WorkerPool {
    pub fn new(n_workers: usize) -> Self {
        WorkerPool {
            workers: Arc::new(Semaphore::new(n_workers.max(1))),
            queue: Arc::new(Semaphore::new(QUEUE_LENGTH)),
        }
    }

    /// Waits for a free worker and for the result of the job. A request that is cancelled leaves
    /// the queue; a job that has started keeps its worker until it is done.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, RequestError> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| RequestError::Busy)?;
        let worker =
            Arc::clone(&self.workers).acquire_owned().await.map_err(|_| RequestError::Busy)?;
        let work = move || {
            let _until_done = (place, worker);
            job()
        };
        // An error is a panic of the job, which the panic hook has already reported.
        spawn_blocking(work).await.map_err(|_| RequestError::Failed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    }

    #[test]
    fn workers_and_queue_are_bounded() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let pool = Arc::new(WorkerPool::new(3));
        let answers = runtime().block_on(async {
            let ask = |_| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move {
                    let job = || {
                        let now = NOW.fetch_add(1, Ordering::SeqCst) + 1;
                        MOST.fetch_max(now, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(2));
                        NOW.fetch_sub(1, Ordering::SeqCst);
                    };
                    pool.run(job).await.is_ok()
                })
            };
            let asked: Vec<_> = (0..QUEUE_LENGTH + 300).map(ask).collect();
            let mut answers = Vec::new();
            for answer in asked {
                answers.push(answer.await.unwrap());
            }
            answers
        });
        assert!(MOST.load(Ordering::SeqCst) <= 3);
        assert!(answers.iter().filter(|&&done| done).count() >= QUEUE_LENGTH);
        assert!(answers.contains(&false), "the queue is full at some point");
    }

    #[test]
    fn a_job_that_panics_gives_an_error_and_frees_its_worker() {
        let pool = WorkerPool::new(1);
        runtime().block_on(async {
            for _ in 0..3 {
                let error = pool.run::<()>(|| panic!("on purpose")).await.unwrap_err();
                assert_eq!(error, RequestError::Failed);
            }
            assert_eq!(pool.run(|| 7).await.ok(), Some(7));
        });
    }
}
