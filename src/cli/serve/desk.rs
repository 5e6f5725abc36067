//! Where computing waits its turn.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;

/// Requests that may wait; the next one is told to come again.
const MOST_IN_LINE: usize = 256;

/// Runs jobs on threads of their own, as many at once as there are threads to compute with,
/// since one query keeps a thread busy.
pub struct Desk {
    at_work: Arc<Semaphore>,
    in_line: Arc<Semaphore>,
}

impl Desk {
    pub fn new(n_at_work: usize) -> Self {
        Desk {
            at_work: Arc::new(Semaphore::new(n_at_work.max(1))),
            in_line: Arc::new(Semaphore::new(MOST_IN_LINE)),
        }
    }

    /// Waits for its turn and for the job. A request that is given up leaves the line; a job
    /// that has begun keeps its place until it is done.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let line = Arc::clone(&self.in_line).try_acquire_owned().map_err(|_| Problem::busy())?;
        let turn = Arc::clone(&self.at_work).acquire_owned().await.map_err(|_| Problem::busy())?;
        let work = move || {
            let _until_done = (line, turn);
            job()
        };
        // It panicked, and the thread has said where.
        spawn_blocking(work).await.map_err(|_| Problem::failed())
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
    fn no_more_at_work_than_agreed_and_the_line_is_not_endless() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let desk = Arc::new(Desk::new(3));
        let answers = runtime().block_on(async {
            let ask = |_| {
                let desk = Arc::clone(&desk);
                tokio::spawn(async move {
                    let job = || {
                        let now = NOW.fetch_add(1, Ordering::SeqCst) + 1;
                        MOST.fetch_max(now, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(2));
                        NOW.fetch_sub(1, Ordering::SeqCst);
                    };
                    desk.run(job).await.is_ok()
                })
            };
            let asked: Vec<_> = (0..MOST_IN_LINE + 300).map(ask).collect();
            let mut answers = Vec::new();
            for answer in asked {
                answers.push(answer.await.unwrap());
            }
            answers
        });
        assert!(MOST.load(Ordering::SeqCst) <= 3);
        assert!(answers.iter().filter(|&&done| done).count() >= MOST_IN_LINE);
        assert!(answers.contains(&false), "the line is full at some point");
    }

    #[test]
    fn a_job_that_panics_is_an_answer_and_gives_its_place_back() {
        let desk = Desk::new(1);
        runtime().block_on(async {
            for _ in 0..3 {
                let problem = desk.run::<()>(|| panic!("on purpose")).await.unwrap_err();
                assert_eq!(problem.status().as_u16(), 500);
            }
            assert_eq!(desk.run(|| 7).await.ok(), Some(7));
        });
    }
}
