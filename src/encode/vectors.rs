//! Windows -> vectors: batches, the network, pooling and what follows it.

use candle_core::{Result, Tensor};
use rayon::prelude::*;

use super::family::Network;
use super::tokens::Window;
use super::{EncodeError, Encoder, batch, cpu, device, memory_budget, packed};
use crate::progress::Progress;

/// What a batch started on the device will give.
enum Started {
    /// Pooled vectors still on the device, one row per sequence.
    Pooled(Tensor),
    /// Finished vectors.
    Done(Vec<Vec<f32>>),
}

impl Encoder {
    /// One unit vector per window, in order.
    pub(super) fn vectors(
        &self,
        windows: &[Window],
        progress: &dyn Progress,
    ) -> std::result::Result<Vec<Vec<f32>>, EncodeError> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
        let ids = |batch: &[usize]| -> Vec<&[u32]> {
            batch.iter().map(|&i| windows[i].ids.as_slice()).collect()
        };
        let is_first = |&&i: &&usize| i == 0 || windows[i - 1].text != windows[i].text;
        let done = |batch: &[usize]| progress.advance(batch.iter().filter(is_first).count() as u64);
        let mut vectors = vec![Vec::new(); windows.len()];

        if let Network::BertCpu(bert) = &self.network {
            let batches = batch::plan(&lengths, cpu::chunk_budget(&lengths));
            let run = |scratch: &mut cpu::Scratch, batch: &Vec<usize>| {
                let vectors = bert.forward(&ids(batch), scratch, |t| self.head.apply(t));
                done(batch);
                vectors
            };
            let computed: Vec<Vec<Vec<f32>>> =
                batches.par_iter().map_init(cpu::Scratch::default, run).collect();
            for (i, vector) in batches.into_iter().flatten().zip(computed.into_iter().flatten()) {
                vectors[i] = vector;
            }
            return Ok(vectors);
        }

        if let Network::Static(table) = &self.network {
            let one = |window: &Window| self.head.apply(&table.forward(&window.ids));
            let vectors = windows.par_iter().map(one).collect();
            done(&(0..windows.len()).collect::<Vec<usize>>());
            return Ok(vectors);
        }

        let longest = lengths.iter().copied().max().unwrap_or(0);
        let budget = self.budget.tokens(self.network.token_bytes(longest));
        let batches = batch::plan(&lengths, budget);
        let finish = |batch: &[usize], started: Started| {
            let finished = match started {
                Started::Done(vectors) => vectors,
                Started::Pooled(rows) => {
                    let rows = rows.to_vec2::<f32>()?;
                    rows.into_iter().map(|row| self.head.finish(row)).collect()
                }
            };
            batch.iter().zip(finished).for_each(|(&i, vector)| vectors[i] = vector);
            done(batch);
            Ok(())
        };
        let start = |batch: &[usize]| self.start(&ids(batch));
        memory_budget::run(
            batches,
            &lengths,
            &self.budget,
            device::is_out_of_memory,
            start,
            finish,
        )
        .map_err(|source| match device::is_out_of_memory(&source) {
            true => {
                EncodeError::DeviceFull { name: self.files.name().to_string(), tokens: longest }
            }
            false => EncodeError::Compute { name: self.files.name().to_string(), source },
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
