//! The table of standard occupations: labels in many languages, the ISCO group and one vector each.
//!
//! `data/occupations/README.md` names the sources; `data/occupations/build.py` makes the table. The vectors
//! come from the bundled model and say nothing beside those of another: [`Occupations::of_model`]
//! gives the table only for the digest it was made by.
//!
//! A classification's labels are not always what people say (`Lehrkraft im Primarbereich`), and in some languages
//! it has none: [`Occupations::spoken`] goes by a second table of our own.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::embeddings::ModelFingerprint;
use crate::geometry::{Matrix, inner_product};

/// First words of `vectors.bin`; the digest of the model and the shape follow on the same line.
const HEADER: &str = "rolecluster occupations 1";

/// One standard occupation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// `esco:` and the identifier of the concept, or `own:` and a name of ours.
    pub code: &'static str,
    /// The ISCO-08 unit group, four digits; empty for an occupation of ours.
    pub isco: &'static str,
    /// By column of the table; empty where the sources have none.
    labels: Vec<&'static str>,
}

/// All occupations and their vectors.
#[derive(Debug)]
pub struct Occupations {
    digest: &'static str,
    languages: Vec<&'static str>,
    rows: Vec<Occupation>,
    /// One unit row per occupation.
    vectors: Matrix,
    spoken: Spoken,
}

/// What people call occupations, by code.
#[derive(Debug)]
struct Spoken {
    languages: Vec<&'static str>,
    titles: HashMap<&'static str, Vec<&'static str>>,
}

impl Spoken {
    fn parse(table: &'static str) -> Self {
        let mut lines = table.lines();
        let languages = lines.next().unwrap_or_default().split('\t').skip(1).collect();
        let row = |line: &'static str| {
            let (code, titles) = line.split_once('\t')?;
            Some((code, titles.split('\t').collect()))
        };
        Spoken { languages, titles: lines.filter_map(row).collect() }
    }

    fn title(&self, code: &str, language: &str) -> Option<&'static str> {
        let column = self.languages.iter().position(|known| *known == language)?;
        let titles = self.titles.get(code)?;
        titles.get(column).copied().filter(|title| !title.is_empty())
    }
}

static TABLE: LazyLock<Option<Occupations>> = LazyLock::new(|| {
    let labels = include_str!("../data/occupations/labels.tsv");
    Occupations::parse(labels, include_bytes!("../data/occupations/vectors.bin"))
});

impl Occupations {
    /// The table, if its vectors may be compared with those of `model`.
    pub fn of_model(model: &ModelFingerprint) -> Option<&'static Self> {
        let fits = |table: &&Occupations| {
            (table.digest, table.vectors.cols()) == (&*model.digest, model.dimension)
                && model.prompt.is_empty()
        };
        TABLE.as_ref().filter(fits)
    }

    /// The table, whichever model made its vectors; `None` where its files do not fit together.
    pub fn any_model() -> Option<&'static Self> {
        TABLE.as_ref()
    }

    /// Digest of the model that made the vectors.
    pub fn digest(&self) -> &str {
        self.digest
    }

    /// The occupations, in the order of their codes.
    pub fn rows(&self) -> &[Occupation] {
        &self.rows
    }

    /// One unit row per occupation.
    pub fn vectors(&self) -> &Matrix {
        &self.vectors
    }

    /// What an occupation is called in a language, by its ISO 639-1 code.
    pub fn label(&self, row: usize, language: &str) -> Option<&'static str> {
        let column = self.languages.iter().position(|code| *code == language)?;
        self.rows[row].labels.get(column).copied().filter(|label| !label.is_empty())
    }

    /// What people call an occupation in a language, where that is known; its label elsewhere.
    pub fn spoken(&self, row: usize, language: &str) -> Option<&'static str> {
        let spoken = self.spoken.title(self.rows[row].code, language);
        spoken.or_else(|| self.label(row, language))
    }

    /// Whether the table has labels in a language.
    pub fn speaks(&self, language: &str) -> bool {
        self.languages.contains(&language)
    }

    /// The labels of an occupation, one for each language that has one.
    pub fn labels(&self, row: usize) -> impl Iterator<Item = (&'static str, &'static str)> {
        let labels = self.rows[row].labels.iter().copied();
        self.languages.iter().copied().zip(labels).filter(|(_, label)| !label.is_empty())
    }

    /// The `n` occupations most like a unit vector with their cosines, best first; equals in the
    /// order of the table. Only those that `counts` are looked at.
    pub fn nearest(
        &self,
        vector: &[f32],
        n: usize,
        counts: impl Fn(&Occupation) -> bool,
    ) -> Vec<(usize, f32)> {
        let rows = (0..self.rows.len()).filter(|&row| counts(&self.rows[row]));
        let cosine = |row: usize| inner_product(self.vectors.row(row), vector);
        let mut found: Vec<(usize, f32)> = rows.map(|row| (row, cosine(row))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(n);
        found
    }

    fn parse(labels: &'static str, vectors: &'static [u8]) -> Option<Self> {
        let mut lines = labels.lines();
        let languages: Vec<&str> = lines.next()?.split('\t').skip(2).collect();
        let row = |line: &'static str| {
            let mut cells = line.split('\t');
            let (code, isco) = (cells.next()?, cells.next()?);
            Some(Occupation { code, isco, labels: cells.collect() })
        };
        let rows: Vec<Occupation> = lines.map(row).collect::<Option<_>>()?;
        let end = vectors.iter().position(|&byte| byte == b'\n')?;
        let header = std::str::from_utf8(&vectors[..end]).ok()?;
        let mut facts = header.strip_prefix(HEADER)?.split_whitespace();
        let (digest, width) = (facts.next()?, facts.next()?.parse().ok()?);
        let vectors = dequantised(&vectors[end + 1..], rows.len(), width)?;
        let spoken = Spoken::parse(include_str!("../data/occupations/spoken.tsv"));
        Some(Occupations { digest, languages, rows, vectors, spoken })
    }

    /// The bytes of `vectors.bin`: a header line, then the rows as 8-bit numbers. A row is scaled so
    /// that its largest number is 127; the scale need not be kept, since rows have unit length.
    pub fn pack(digest: &str, vectors: &Matrix) -> Vec<u8> {
        let mut out = format!("{HEADER} {digest} {}\n", vectors.cols()).into_bytes();
        for row in vectors.iter_rows() {
            let largest = row.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
            let quantised = row.iter().map(|x| (x / largest * 127.0).round() as i8);
            out.extend(quantised.map(|x| x.to_le_bytes()[0]));
        }
        out
    }
}

fn dequantised(bytes: &[u8], n_rows: usize, width: usize) -> Option<Matrix> {
    (bytes.len() == n_rows * width).then_some(())?;
    let numbers = bytes.iter().map(|&byte| f32::from(i8::from_le_bytes([byte]))).collect();
    let mut vectors = Matrix::new(n_rows, width, numbers).ok()?;
    vectors.normalize_rows();
    Some(vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_fit_together_and_are_small() {
        let table = Occupations::any_model().expect("labels and vectors fit together");
        assert!(table.rows().len() > 3_000);
        let bytes = include_str!("../data/occupations/labels.tsv").len()
            + include_bytes!("../data/occupations/vectors.bin").len();
        assert!(bytes < 5_000_000, "{bytes}");
        for row in 0..table.rows().len() {
            let Occupation { code, isco, labels } = &table.rows()[row];
            assert_eq!(labels.len(), table.languages.len(), "{code}");
            assert!(table.label(row, "en").is_some(), "{code}");
            let digits = isco.len() == 4 && isco.bytes().all(|b| b.is_ascii_digit());
            assert!(digits || code.starts_with("own:") && isco.is_empty(), "{code}: {isco:?}");
        }
        assert!(table.rows().is_sorted_by(|a, b| a.code < b.code), "a code stands twice");
    }

    #[test]
    fn the_commonest_trades_are_called_as_people_do() {
        let table = Occupations::any_model().unwrap();
        let spoken = |english: &str, language: &str| {
            let row = (0..table.rows().len()).find(|&row| table.label(row, "en") == Some(english));
            table.spoken(row.unwrap(), language)
        };
        assert_eq!(spoken("cook", "de"), Some("Koch"));
        assert_eq!(spoken("primary school teacher", "de"), Some("Grundschullehrer"));
        assert_eq!(spoken("accountant", "ja"), Some("経理担当"));
        // What the second table does not have is called by its label.
        assert_eq!(spoken("taxi driver", "ar"), Some("سائق سيارة أجرة"));
        let codes: Vec<&str> = table.rows().iter().map(|row| row.code).collect();
        assert!(table.spoken.titles.keys().all(|code| codes.contains(code)));
        let width = table.spoken.languages.len();
        assert!(table.spoken.titles.values().all(|titles| titles.len() == width));
    }

    #[test]
    fn rows_survive_eight_bits() {
        let mut rows = Matrix::new(2, 3, vec![0.6, -0.8, 0.0, 0.1, 0.2, 0.3]).unwrap();
        rows.normalize_rows();
        let packed = Occupations::pack("0123456789abcdef", &rows);
        let end = packed.iter().position(|&byte| byte == b'\n').unwrap();
        assert_eq!(&packed[..end], b"rolecluster occupations 1 0123456789abcdef 3");
        let read = dequantised(&packed[end + 1..], 2, 3).unwrap();
        for (a, b) in rows.as_slice().iter().zip(read.as_slice()) {
            assert!((a - b).abs() < 0.005, "{a} {b}");
        }
        assert!(dequantised(&packed[end + 1..], 3, 3).is_none());
    }
}
