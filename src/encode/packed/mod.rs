//! Sequences of unequal length side by side, without padding, on candle tensors of any device.
//!
//! [`Packed`] is a batch; all work on single tokens runs over its rows. Only attention and
//! pooling need to know where a sequence ends: [`Attention`] and [`pool`].

mod attention;
mod attention_reference;
mod fused;
#[cfg(feature = "cuda")]
mod kernel;
mod operation;
mod pool;
mod products;
mod sequences;
mod trial;

pub(super) use attention::Attention;
pub(super) use pool::pool;
pub(super) use sequences::Packed;
pub(super) use trial::{Trial, allowed, first_line};

#[cfg(test)]
mod tests;
