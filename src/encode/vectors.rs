//! Runs windows through the network in batches, pools and normalises them.

use candle_core::{Result, Tensor};
use rayon::prelude::*;

use super::cpu::chunks;
use super::family::Network;
use super::tokens::Window;
use super::{EncodeError, Encoder, batch, cpu, device, packed};
use crate::progress::Progress;

/// What a batch started on the device will give.
enum Started {
    /// Pooled vectors still on the device, one row per sequence.
    Pooled(Tensor),
    /// Finished vectors.
    Done(Vec<Vec<f32>>),
}

/// The windows of some texts, of which batches are lists of places.
struct Batches<'a> {
    windows: &'a [Window],
    progress: &'a dyn Progress,
}

impl<'a> Batches<'a> {
    /// Tokens of every window.
    fn lengths(&self) -> Vec<usize> {
        self.windows.iter().map(|window| window.ids.len()).collect()
    }

    fn ids(&self, batch: &[usize]) -> Vec<&'a [u32]> {
        batch.iter().map(|&i| self.windows[i].ids.as_slice()).collect()
    }

    /// Counts the texts whose first window is in the batch.
    fn done(&self, batch: &[usize]) {
        let windows = self.windows;
        let is_first = |&&i: &&usize| i == 0 || windows[i - 1].text != windows[i].text;
        self.progress.advance(batch.iter().filter(is_first).count() as u64);
    }
}

impl Encoder {
    /// One unit vector per window, in order.
    pub(super) fn vectors(
        &self,
        windows: &[Window],
        progress: &dyn Progress,
    ) -> std::result::Result<Vec<Vec<f32>>, EncodeError> {
        let batches = Batches { windows, progress };
        match &self.network {
            Network::BertCpu(bert) => Ok(self.by_bert_cpu(bert, &batches)),
            Network::Static(table) => {
                let one = |window: &Window| self.head.apply(&table.forward(&window.ids));
                let vectors = windows.par_iter().map(one).collect();
                batches.done(&(0..windows.len()).collect::<Vec<usize>>());
                Ok(vectors)
            }
            Network::Bert(_) | Network::Qwen3(_) => self.by_candle(&batches),
        }
    }

    /// Chunks run in parallel, one per thread.
    fn by_bert_cpu(&self, bert: &cpu::BertCpu, batches: &Batches<'_>) -> Vec<Vec<f32>> {
        let lengths = batches.lengths();
        let planned = chunks::plan(&lengths, rayon::current_num_threads());
        let computed = chunks::share_out(&planned, |scratch, chunk| {
            let vectors = bert.forward(&batches.ids(chunk), scratch, |t| self.head.apply(t));
            batches.done(chunk);
            vectors
        });
        let mut vectors = vec![Vec::new(); lengths.len()];
        for (i, vector) in planned.into_iter().flatten().zip(computed.into_iter().flatten()) {
            vectors[i] = vector;
        }
        vectors
    }

    /// Batches run one after the other, as large as the memory of the device allows.
    fn by_candle(&self, batches: &Batches<'_>) -> std::result::Result<Vec<Vec<f32>>, EncodeError> {
        let lengths = batches.lengths();
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let budget = self.budget.tokens(self.network.token_bytes(longest));
        let planned = batch::plan(&lengths, budget);
        let mut vectors = vec![Vec::new(); lengths.len()];
        let finish = |batch: &[usize], started: Started| {
            let finished = match started {
                Started::Done(vectors) => vectors,
                Started::Pooled(rows) => {
                    let rows = rows.to_vec2::<f32>()?;
                    rows.into_iter().map(|row| self.head.finish(row)).collect()
                }
            };
            batch.iter().zip(finished).for_each(|(&i, vector)| vectors[i] = vector);
            batches.done(batch);
            Ok(())
        };
        let start = |batch: &[usize]| self.start(&batches.ids(batch));
        let is_full = device::is_out_of_memory;
        self.budget.run(planned, &lengths, is_full, start, finish).map_err(|source| {
            let name = self.files.name().to_string();
            match device::is_out_of_memory(&source) {
                true => EncodeError::DeviceFull { name, tokens: longest },
                false => EncodeError::Compute { name, source },
            }
        })?;
        Ok(vectors)
    }

    /// Starts a batch on candle's path; on a GPU its result is not waited for.
    fn start(&self, ids: &[&[u32]]) -> Result<Started> {
        let pool = |tokens: Vec<Vec<f32>>| tokens.iter().map(|t| self.head.apply(t)).collect();
        match &self.network {
            Network::Bert(bert) => {
                let packed = bert.pack(ids)?;
                let hidden = bert.forward(&packed)?;
                packed::pool(&hidden, &packed, self.head.poolings()).map(Started::Pooled)
            }
            Network::Qwen3(qwen3) => qwen3.forward(ids).map(|tokens| Started::Done(pool(tokens))),
            // These two have ways of their own in `vectors`.
            Network::BertCpu(bert) => {
                let mut scratch = cpu::Scratch::default();
                let apply = |tokens: &[f32]| self.head.apply(tokens);
                Ok(Started::Done(bert.forward(ids, &mut scratch, apply)))
            }
            Network::Static(table) => {
                Ok(Started::Done(pool(ids.iter().map(|ids| table.forward(ids)).collect())))
            }
        }
    }
}
