//! Connections that wait for a request, so that where all places are taken the one that has waited
//! longest makes room: clients that connect and say nothing keep nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Those that wait, in the order in which they began to.
#[derive(Clone, Default)]
pub struct IdleConnections(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    n_begun: u64,
    closing: BTreeMap<u64, Arc<Notify>>,
}

impl IdleConnections {
    /// A new connection, which waits for its first request.
    pub fn add(&self) -> Connection {
        let connection = Connection {
            idle: self.clone(),
            turn: Mutex::new(None),
            closing: Arc::new(Notify::new()),
        };
        connection.wait();
        connection
    }

    /// Asks the connection that has waited longest to close, if any waits.
    pub fn close_longest(&self) {
        if let Some((_, closing)) = self.waiting().closing.pop_first() {
            closing.notify_one();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection; it waits whenever no request of it is being answered.
pub struct Connection {
    idle: IdleConnections,
    /// Its place among those that wait.
    turn: Mutex<Option<u64>>,
    closing: Arc<Notify>,
}

impl Connection {
    /// Ends when the connection is to make room.
    pub async fn is_to_close(&self) {
        self.closing.notified().await;
    }

    /// A request has come.
    pub fn answer(&self) {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(turn) = turn {
            self.idle.waiting().closing.remove(&turn);
        }
    }

    /// The request is answered.
    pub fn wait(&self) {
        let mut waiting = self.idle.waiting();
        let turn = waiting.n_begun;
        waiting.n_begun += 1;
        waiting.closing.insert(turn, Arc::clone(&self.closing));
        drop(waiting);
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(turn);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.answer();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_waits_longest_makes_room_and_none_that_answers() {
        let idle = IdleConnections::default();
        let connections: Vec<Connection> = (0..3).map(|_| idle.add()).collect();
        connections[0].answer();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let told = || {
            idle.close_longest();
            connections.iter().position(|connection| {
                let mut waiting = Box::pin(connection.is_to_close());
                runtime.block_on(std::future::poll_fn(|context| {
                    std::task::Poll::Ready(waiting.as_mut().poll(context).is_ready())
                }))
            })
        };
        assert_eq!(told(), Some(1));
        connections[0].wait();
        assert_eq!(told(), Some(2));
        assert_eq!(told(), Some(0));
        assert_eq!(told(), None);
        drop(connections);
        assert!(idle.waiting().closing.is_empty());
    }
}
