//! The server loop: connection limit, timeouts and graceful shutdown.

use std::future::poll_fn;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;

use super::access::LONGEST_URI;
use super::idle_connections::IdleConnections;

/// Connections open at once; a further one takes the place of that which has waited longest for a
/// request.
const MOST_CONNECTIONS: usize = 512;
/// How often a connection is asked to make room until one has.
const ROOM_TIME: Duration = Duration::from_millis(50);
/// Longest time from the first byte of a request, or the end of the last answer, to the end of
/// the head.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// Longest time a client may read nothing of its answer; then its place goes to another.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Longest time for answers under way once the program is to end.
const GRACE: Duration = Duration::from_secs(5);
/// Threads for network I/O; computing has its own.
const N_IO_THREADS: usize = 2;

/// Serves until Ctrl-C or SIGTERM, then lets answers under way finish; a second signal ends it
/// at once.
pub fn serve_until_interrupted(listener: TcpListener, router: Router) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(N_IO_THREADS)
        .enable_io()
        .enable_time()
        .build()?;
    let served = runtime.block_on(async {
        let interrupted = interrupts()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let open = Arc::new(GracefulShutdown::new());
        let accepting = tokio::spawn(accept(listener, router, Arc::clone(&open)));
        interrupted.notified().await;
        accepting.abort();
        // It was aborted, which is no failure.
        let _ = accepting.await;
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
    // A search under way ends by itself; nothing waits for its answer any more.
    runtime.shutdown_timeout(Duration::from_millis(200));
    served
}

async fn accept(listener: tokio::net::TcpListener, router: Router, open: Arc<GracefulShutdown>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(2 * LONGEST_URI);
    let idle = IdleConnections::default();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // No file handle left, or the client is gone already: both pass.
            Err(_) => {
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let place = room(&places, &idle).await;
        // Answers are small and written at once.
        let _ = stream.set_nodelay(true);
        let held = Arc::new(idle.add());
        let (router, answering) = (TowerToHyperService::new(router.clone()), Arc::clone(&held));
        let service = service_fn(move |request: Request<Incoming>| {
            answering.answer();
            let (answer, answering) = (router.call(request), Arc::clone(&answering));
            async move {
                let answer = answer.await;
                answering.wait();
                answer
            }
        });
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(WRITE_TIME));
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let mut closing = pin!(held.is_to_close());
            poll_fn(|context| match connection.as_mut().poll(context) {
                // A client that breaks off or does not speak HTTP is not the server's failure.
                Poll::Ready(_) => Poll::Ready(()),
                Poll::Pending => closing.as_mut().poll(context),
            })
            .await;
            drop(place);
        });
    }
}

/// A place for a connection that has come.
async fn room(places: &Arc<Semaphore>, idle: &IdleConnections) -> Option<OwnedSemaphorePermit> {
    loop {
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return Some(place);
        }
        idle.close_longest();
        if let Ok(place) = timeout(ROOM_TIME, Arc::clone(places).acquire_owned()).await {
            return place.ok();
        }
    }
}

/// Notified at every Ctrl-C and, on Unix, at every SIGTERM.
fn interrupts() -> io::Result<Arc<Notify>> {
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
