//! Connections: taken, bounded, timed and, at the end, let finish.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};

use super::guard::LONGEST_URI;
use super::patience::Patient;

/// Open at once; more wait to be taken.
const MOST_CONNECTIONS: usize = 512;
/// From the first byte of a request, or the end of the last answer, to the end of the head.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long a client may take no byte of its answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long answers under way may take once the program is to end.
const GRACE: Duration = Duration::from_secs(5);
/// Threads that move bytes; computing has its own.
const N_MOVERS: usize = 2;

/// Serves until Ctrl-C or a request to terminate; a second one does not wait for answers
/// under way.
pub fn serve_until_interrupted(listener: TcpListener, router: Router) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(N_MOVERS)
        .enable_io()
        .enable_time()
        .build()?;
    let served = runtime.block_on(async {
        let interrupted = interruptions()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let open = Arc::new(GracefulShutdown::new());
        let taking = tokio::spawn(take(listener, router, Arc::clone(&open)));
        interrupted.notified().await;
        taking.abort();
        // Ended by us, which is no failure.
        let _ = taking.await;
        if let Some(open) = Arc::into_inner(open) {
            let done = Arc::clone(&interrupted);
            tokio::spawn(async move {
                let _ = timeout(GRACE, open.shutdown()).await;
                done.notify_one();
            });
            interrupted.notified().await;
        }
        Ok(())
    });
    // A search under way ends by itself; nobody waits for its answer any more.
    runtime.shutdown_timeout(Duration::from_millis(200));
    served
}

async fn take(listener: tokio::net::TcpListener, router: Router, open: Arc<GracefulShutdown>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(2 * LONGEST_URI);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of file handles, or a client that was gone at once: neither lasts.
            Err(_) => {
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Answers are small and written at once.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let stream = TokioIo::new(Patient::new(stream, WRITE_TIME));
        let connection = http.serve_connection(stream, service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off or writes no HTTP is its own trouble.
            let _ = connection.await;
            drop(place);
        });
    }
}

/// Told at every Ctrl-C, and at every request to terminate where there is such a thing.
fn interruptions() -> io::Result<Arc<Notify>> {
    let told = Arc::new(Notify::new());
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let (mut signals, told) = (signal(kind)?, Arc::clone(&told));
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    told.notify_one();
                }
            });
        }
    }
    #[cfg(not(unix))]
    {
        let told = Arc::clone(&told);
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                told.notify_one();
            }
        });
    }
    Ok(told)
}
