//! The graph in a file, which is mapped into memory and searched there.

use std::io::{self, Write};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::super::index_file::{self, IndexError, IndexFile, Kind, damaged};
use super::super::row_set::RowSet;
use super::super::top_k::Neighbor;
use super::build::HnswGraph;
use super::codes::encode;
use super::walk::{Coded, View};
use crate::geometry::{Matrix, inner_product};
use crate::mapped_file::Bytes;

const KIND: Kind = Kind { magic: *b"rcgraph\n", version: 1, n_sections: 11 };

// Numbers of the header.
const N_ROWS: usize = 0;
const N_NODES: usize = 1;
const DIMENSION: usize = 2;
const M: usize = 3;
const ENTRY: usize = 4;
const TOP: usize = 5;

// Sections. The checksum of a row is checked when the row is compared, those of the other
// sections when the file is opened.
/// One unit row per node, f32.
const ROWS: usize = 0;
/// CRC-32 of each row, u32.
const ROW_CHECKSUMS: usize = 1;
/// The same rows as 8-bit integers, and the scale of each row.
const CODES: usize = 2;
const SCALES: usize = 3;
/// See [`View`].
const LEVELS: usize = 4;
const GROUND: usize = 5;
const UPPER_STARTS: usize = 6;
const UPPER: usize = 7;
/// The node of each row, u32.
const NODE_OF_ROW: usize = 8;
/// Where the rows of each node begin and where the last end, u32; and the rows, ascending.
const COPY_STARTS: usize = 9;
const COPIES: usize = 10;

/// Candidates of the first search (`ef` in the paper) when few neighbours are asked for.
const CANDIDATES: usize = 160;
/// How often the search is repeated with twice as many candidates before every row is compared.
const WIDENINGS: usize = 3;
/// The first `SURE * k` rows must stay the same for the first `k` to be taken as found.
const SURE: usize = 2;
/// Rows per parallel task of a pass over all of them.
const ROWS_PER_TASK: usize = 4096;

/// A graph in a file, with the rows it was built over, so that a search needs nothing else.
#[derive(Debug)]
pub struct HnswIndex {
    file: IndexFile,
    n_rows: usize,
    n_nodes: usize,
    d: usize,
    m: usize,
    /// Set when the checksums of all rows have been checked.
    verified: OnceLock<()>,
}

impl HnswGraph {
    /// Writes the graph and `rows`, which it was built over and which have the SHA-256 `of`.
    ///
    /// # Errors
    /// When `out` refuses.
    ///
    /// # Panics
    /// If `rows` are not those the graph was built over.
    pub fn write(&self, rows: &Matrix, of: &str, out: &mut dyn Write) -> io::Result<()> {
        assert_eq!((rows.rows(), rows.cols()), (self.node_of_row.len(), self.d));
        let distinct;
        let distinct = if self.first_rows.len() == rows.rows() {
            rows
        } else {
            distinct = rows.select(&self.first_rows);
            &distinct
        };
        let checksums: Vec<u32> = distinct.iter_rows().map(checksum).collect();
        let (starts, copies) = self.copies();
        let mut numbers = [0u64; 8];
        numbers[N_ROWS] = rows.rows() as u64;
        numbers[N_NODES] = distinct.rows() as u64;
        numbers[DIMENSION] = self.d as u64;
        numbers[M] = self.params.m as u64;
        numbers[ENTRY] = u64::from(self.entry);
        numbers[TOP] = self.top as u64;
        numbers[6] = self.params.candidates as u64;
        numbers[7] = self.params.seed;
        let sections: [&[u8]; 11] = [
            bytemuck::cast_slice(distinct.as_slice()),
            bytemuck::cast_slice(&checksums),
            bytemuck::cast_slice(&self.codes),
            bytemuck::cast_slice(&self.scales),
            &self.levels,
            bytemuck::cast_slice(&self.ground),
            bytemuck::cast_slice(&self.upper_starts),
            bytemuck::cast_slice(&self.upper),
            bytemuck::cast_slice(&self.node_of_row),
            bytemuck::cast_slice(&starts),
            bytemuck::cast_slice(&copies),
        ];
        index_file::write(out, KIND, of, numbers, &sections)
    }

    /// The rows of all nodes, node by node, and the start of each node's rows.
    fn copies(&self) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0u32; self.first_rows.len() + 1];
        self.node_of_row.iter().for_each(|&node| starts[node as usize + 1] += 1);
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut copies = vec![0u32; self.node_of_row.len()];
        for (row, &node) in self.node_of_row.iter().enumerate() {
            copies[next[node as usize] as usize] = row as u32;
            next[node as usize] += 1;
        }
        (starts, copies)
    }
}

impl HnswIndex {
    /// Takes the bytes of a file, most likely mapped, that was made of vectors with the
    /// SHA-256 `of`. Everything but the rows themselves is read once to check it.
    ///
    /// # Errors
    /// When it is the index of other vectors, or not what was written.
    pub fn open(bytes: Bytes, of: &str) -> Result<Self, IndexError> {
        let file = IndexFile::open(bytes, KIND, of)?;
        let (n_rows, n_nodes) = (file.length(N_ROWS)?, file.length(N_NODES)?);
        let (d, m) = (file.length(DIMENSION)?, file.length(M)?);
        let top = file.number(TOP);
        if n_nodes > n_rows || (n_nodes == 0) != (n_rows == 0) || top > u64::from(u8::MAX) {
            return Err(damaged("its numbers do not fit together"));
        }
        if file.number(ENTRY) >= n_nodes.max(1) as u64 || m > 64 {
            return Err(damaged("it begins at a node that is not there"));
        }
        let cells = n_nodes.checked_mul(d);
        let n_upper = file.section(LEVELS).iter().map(|&level| usize::from(level)).sum::<usize>();
        file.expect::<f32>(ROWS, cells)?;
        file.expect::<u32>(ROW_CHECKSUMS, Some(n_nodes))?;
        file.expect::<i8>(CODES, cells)?;
        file.expect::<f32>(SCALES, Some(n_nodes))?;
        file.expect::<u8>(LEVELS, Some(n_nodes))?;
        file.expect::<u32>(GROUND, n_nodes.checked_mul(1 + 2 * m))?;
        file.expect::<u32>(UPPER_STARTS, Some(n_nodes))?;
        file.expect::<u32>(UPPER, n_upper.checked_mul(1 + m))?;
        file.expect::<u32>(NODE_OF_ROW, Some(n_rows))?;
        file.expect::<u32>(COPY_STARTS, Some(n_nodes + 1))?;
        file.expect::<u32>(COPIES, Some(n_rows))?;
        (ROW_CHECKSUMS..KIND.n_sections).into_par_iter().try_for_each(|at| file.verify(at))?;
        let verified = OnceLock::new();
        Ok(HnswIndex { file, n_rows, n_nodes, d, m, verified })
    }

    /// Checks the checksums of all rows.
    ///
    /// # Errors
    /// When a byte is not what was written.
    pub fn verify(&self) -> Result<(), IndexError> {
        (0..self.n_nodes).into_par_iter().with_min_len(256).try_for_each(|node| {
            self.node(node)?;
            Ok(())
        })?;
        self.verified.get_or_init(|| ());
        Ok(())
    }

    /// How many rows are indexed.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Length of a row.
    pub fn dimension(&self) -> usize {
        self.d
    }

    /// A row, as it was indexed.
    ///
    /// # Errors
    /// When there is no such row, or it is damaged.
    pub fn row(&self, row: usize) -> Result<&[f32], IndexError> {
        self.node(self.node_of(row)?)
    }

    /// The cosine of every row with `query`.
    ///
    /// # Errors
    /// When a row is damaged.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn scores(&self, query: &[f32]) -> Result<Vec<f32>, IndexError> {
        assert_eq!(query.len(), self.d, "query and index differ in dimension");
        if self.verified.get().is_none() {
            self.verify()?;
        }
        let scores: Vec<f32> = (0..self.n_nodes)
            .into_par_iter()
            .with_min_len(ROWS_PER_TASK)
            .map(|node| Ok(cosine(query, self.node(node)?)))
            .collect::<Result<_, IndexError>>()?;
        let of_row = |row| Ok(scores[self.node_of(row)?]);
        (0..self.n_rows).map(of_row).collect()
    }

    /// The cosine of some rows with `query`, in their order.
    ///
    /// # Errors
    /// When there is no such row, or it is damaged.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn scores_of(&self, rows: &[usize], query: &[f32]) -> Result<Vec<f32>, IndexError> {
        let rows = rows.par_iter().with_min_len(ROWS_PER_TASK);
        rows.map(|&row| Ok(cosine(query, self.row(row)?))).collect()
    }

    /// Rows near `query`, nearest first, ties by row, with their exact cosines; several times
    /// `k` of them, the first `k` of which are nearly always the `k` nearest.
    ///
    /// The search is repeated with twice the candidates until the first rows stay the same. When
    /// they do not, which happens to a query about equally far from very many rows, the answer is
    /// `None`: compare every row ([`HnswIndex::scores`]).
    ///
    /// With `among`, only those rows are found.
    ///
    /// # Errors
    /// When a row is damaged.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn near(
        &self,
        query: &[f32],
        k: usize,
        among: Option<&RowSet>,
    ) -> Result<Option<Vec<Neighbor>>, IndexError> {
        if k > among.map_or(self.n_rows, RowSet::len) / (2 * SURE) {
            return Ok(None);
        }
        let mut width = CANDIDATES.max(4 * SURE * k);
        let mut before = self.candidates(query, width, among)?;
        for _ in 0..WIDENINGS {
            width *= 2;
            let found = self.candidates(query, width, among)?;
            let same = found.iter().take(SURE * k).eq(before.iter().take(SURE * k));
            if same && found.len() >= k {
                return Ok(Some(found));
            }
            before = found;
        }
        Ok(None)
    }

    /// The rows of the `width` nodes that one walk finds nearest to `query`, nearest first,
    /// ties by row, with their exact cosines; with `among`, only those rows.
    ///
    /// # Errors
    /// When a row is damaged.
    ///
    /// # Panics
    /// If `query` is not as long as a row.
    pub fn candidates(
        &self,
        query: &[f32],
        width: usize,
        among: Option<&RowSet>,
    ) -> Result<Vec<Neighbor>, IndexError> {
        assert_eq!(query.len(), self.d, "query and index differ in dimension");
        if self.n_nodes == 0 || width == 0 {
            return Ok(Vec::new());
        }
        let mut codes = Vec::with_capacity(self.d);
        let query_code = Coded { scale: encode(query, &mut codes), codes: &codes };
        let is_kept = |row: u32| among.is_none_or(|among| among.contains(row as usize));
        let found = match among {
            None => self.view().nearest(query_code, width, |_| true),
            Some(_) => self.view().nearest(query_code, width, |node| {
                self.rows_of(node as usize).is_some_and(|rows| rows.iter().any(|&row| is_kept(row)))
            }),
        };
        let mut neighbors = Vec::with_capacity(found.len());
        for candidate in found {
            let node = candidate.node as usize;
            let score = cosine(query, self.node(node)?);
            let gone = || damaged("a node has rows that are not there");
            let rows = self.rows_of(node).ok_or_else(gone)?;
            for &row in rows.iter().filter(|&&row| is_kept(row)) {
                if row as usize >= self.n_rows {
                    return Err(gone());
                }
                neighbors.push(Neighbor { row: row as usize, score });
            }
        }
        neighbors.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
        Ok(neighbors)
    }

    /// The rows of a node.
    fn rows_of(&self, node: usize) -> Option<&[u32]> {
        let starts = self.file.values::<u32>(COPY_STARTS);
        let copies = self.file.values::<u32>(COPIES);
        copies.get(starts[node] as usize..starts[node + 1] as usize)
    }

    fn node_of(&self, row: usize) -> Result<usize, IndexError> {
        let node = self.file.values::<u32>(NODE_OF_ROW).get(row).map(|&node| node as usize);
        node.filter(|&node| node < self.n_nodes)
            .ok_or_else(|| damaged(format!("there is no row {row}")))
    }

    /// The row of a node, its checksum checked.
    fn node(&self, node: usize) -> Result<&[f32], IndexError> {
        let row = &self.file.values::<f32>(ROWS)[node * self.d..(node + 1) * self.d];
        if self.verified.get().is_none()
            && checksum(row) != self.file.values::<u32>(ROW_CHECKSUMS)[node]
        {
            return Err(damaged(format!("vector {node} does not have its checksum")));
        }
        Ok(row)
    }

    fn view(&self) -> View<'_> {
        View {
            d: self.d,
            m: self.m,
            codes: self.file.values(CODES),
            scales: self.file.values(SCALES),
            levels: self.file.section(LEVELS),
            ground: self.file.values(GROUND),
            upper_starts: self.file.values(UPPER_STARTS),
            upper: self.file.values(UPPER),
            entry: self.file.number(ENTRY) as u32,
            top: self.file.number(TOP) as usize,
        }
    }
}

fn cosine(query: &[f32], row: &[f32]) -> f32 {
    inner_product(query, row).clamp(-1.0, 1.0)
}

fn checksum(row: &[f32]) -> u32 {
    index_file::checksum(bytemuck::cast_slice(row))
}
