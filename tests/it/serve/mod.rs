//! `rolecluster serve`, the real program, asked over real sockets.

mod attacks;
mod client;
mod errors;
mod pages;
mod routes;
mod schema;
mod token;
mod whole;

pub use client::Server;
pub use schema::closed;
