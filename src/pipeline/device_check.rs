//! Whether a device computes what the CPU does, and how fast.

use std::time::Instant;

use crate::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, NetworkShape, OpenedDevice, Timing};
use crate::error::Error;
use crate::geometry::{Matrix, TwoLowest, products, squared_length};
use crate::progress::Silent;

use super::model_settings::ModelSettings;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceFinding {
    /// What it is.
    pub what: String,
    /// Its arithmetic.
    pub dtype: Dtype,
    /// How far its numbers are from those of the CPU in `f32`, and how far they may be.
    pub difference: Option<(f64, f64)>,
    /// Texts in a second, where it was timed.
    pub texts_per_second: Option<f64>,
    /// Additions and multiplications in a second, where they were counted.
    pub flops: Option<f64>,
    /// Why it could not be done.
    pub failure: Option<String>,
}

impl DeviceFinding {
    /// Whether it was done, and its numbers are right.
    pub fn is_sound(&self) -> bool {
        self.failure.is_none() && self.difference.is_none_or(|(found, allowed)| found <= allowed)
    }

    fn new(what: String, dtype: Dtype) -> Self {
        let (difference, texts_per_second, flops, failure) = (None, None, None, None);
        DeviceFinding { what, dtype, difference, texts_per_second, flops, failure }
    }

    /// With what was found, or why nothing was.
    fn with(mut self, found: Result<f64, String>, allowed: f64) -> Self {
        match found {
            Ok(found) => self.difference = Some((found, allowed)),
            Err(why) => self.failure = Some(why),
        }
        self
    }
}

/// What [`check_device`] found.
#[derive(Debug)]
pub struct DeviceCheck {
    /// One for everything that was looked at.
    pub findings: Vec<DeviceFinding>,
    /// Why no model was looked at.
    pub no_model: Option<Error>,
}

/// Compares attention, the nearest columns of k-means and the model of `settings` on a device with
/// the CPU, in every arithmetic there is. Everything is looked at, whatever fails.
pub fn check_device(device: &OpenedDevice, settings: &ModelSettings) -> DeviceCheck {
    let attention = device.check_attention().into_iter().map(|check| {
        let what = format!("attention, heads of {}: {}", check.head_size, check.way);
        DeviceFinding::new(what, check.dtype).with(check.difference, check.allowed)
    });
    let mut findings: Vec<DeviceFinding> = attention.collect();
    let kmeans = DeviceFinding::new("k-means: the nearest of 20 centres".into(), Dtype::F32);
    findings.push(kmeans.with(nearest(device), 1e-4));
    let of_model = of_model(device, settings);
    let no_model = of_model.map(|found| findings.extend(found)).err();
    DeviceCheck { findings, no_model }
}

/// Texts that fill the largest batches of a GPU: the encoder plans batches within so many.
const FULL_TEXTS: usize = 2048;

/// Texts in several languages, of one word to several hundred.
fn texts() -> Vec<String> {
    const PARTS: [&str; 6] = [
        "Storage engineer. You keep the Ceph clusters of two data centres healthy.",
        "运维工程师，负责 Kubernetes 集群的部署、监控和故障排查。",
        "Krankenpfleger (m/w/d) für die Station: Medikamente, Wundversorgung, Nachtdienst.",
        "フロントエンド開発者。React と TypeScript で予約画面を作ります。",
        "Analista de datos con SQL, Python y paneles para ventas.",
        "SRE",
    ];
    let text = |at: usize| -> String {
        PARTS.iter().cycle().skip(at).take(1 + at * 5 % 13).copied().collect()
    };
    (0..PARTS.len()).map(|at| PARTS[at].to_string()).chain((0..18).map(text)).collect()
}

/// The model on the device in every arithmetic, against `f32` on the CPU; on a GPU also on so many texts
/// that batches are as large as its memory allows.
fn of_model(device: &OpenedDevice, settings: &ModelSettings) -> Result<Vec<DeviceFinding>, Error> {
    let files = ModelFiles::resolve(&settings.source, settings.revision.as_deref())?;
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let on_cpu = Encoder::load(&files, &DeviceChoice::Cpu.open()?, Dtype::F32)?;
    let expected = on_cpu.encode(&texts, None, &Silent)?;
    drop(on_cpu);
    let what = format!("model {}", settings.source);
    let mut findings = Vec::new();
    // Cosines of the same text.
    for (dtype, allowed) in [(Dtype::F32, 1e-5), (Dtype::F16, 1e-3), (Dtype::Bf16, 1e-2)] {
        let encoder = Encoder::load(&files, device, dtype).map_err(|error| error.to_string());
        let finding = |what: String, n_texts: usize| {
            let finding = DeviceFinding::new(what, dtype);
            let timed = encoder.as_ref().map_err(String::clone);
            let timed = timed.and_then(|encoder| timed_rows(encoder, &texts, n_texts));
            let speed = timed.as_ref().ok().map(|(_, speed)| *speed);
            let found = finding.with(timed.map(|(rows, _)| apart(&rows, &expected)), allowed);
            DeviceFinding { texts_per_second: speed, ..found }
        };
        findings.push(finding(what.clone(), texts.len()));
        if device.is_gpu() {
            findings.push(finding(format!("{what}, full batches"), FULL_TEXTS));
        }
    }
    Ok(findings)
}

/// The vectors of `n_texts` texts, those of `texts` again and again, and texts in a second.
fn timed_rows(encoder: &Encoder, texts: &[&str], n_texts: usize) -> Result<(Matrix, f64), String> {
    let all: Vec<&str> = texts.iter().copied().cycle().take(n_texts).collect();
    let encode = || encoder.encode(&all, None, &Silent).map_err(|error| error.to_string());
    let rows = encode()?;
    let began = Instant::now();
    encode()?;
    Ok((rows, n_texts as f64 / began.elapsed().as_secs_f64()))
}

/// One less the least cosine of rows of unit length with those expected, again and again.
fn apart(rows: &Matrix, expected: &Matrix) -> f64 {
    let cosine = |(a, b): (&[f32], &[f32])| -> f64 {
        a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
    };
    let repeated = (0..rows.rows()).map(|row| expected.row(row % expected.rows()));
    let least = rows.iter_rows().zip(repeated).map(cosine).fold(1.0, f64::min);
    (1.0 - least).max(0.0)
}

/// Largest difference of the scores of the nearest columns from those that the CPU computes.
fn nearest(device: &OpenedDevice) -> Result<f64, String> {
    let (n, d, k) = (500, 48, 20);
    let number = |i: usize| ((i * 7919 % 1009) as f32 / 504.5) - 1.0;
    let matrix = |n: usize, from: usize| {
        Matrix::new(n, d, (from..from + n * d).map(number).collect()).map_err(|e| e.to_string())
    };
    let (rows, columns) = (matrix(n, 0)?, matrix(k, 31)?);
    let offsets: Vec<f32> = columns.iter_rows().map(|c| (squared_length(c) / 2.0) as f32).collect();
    let found = device.load_rows(&rows)?.two_lowest(&columns, &offsets)?;
    let mut scores = vec![0.0; n * k];
    products(rows.as_slice(), columns.as_slice(), d, &mut scores);
    let expected = scores.chunks_exact_mut(k).map(|scores| {
        scores.iter_mut().zip(&offsets).for_each(|(score, offset)| *score = offset - *score);
        TwoLowest::of(scores)
    });
    let apart = |(found, expected): (&TwoLowest, TwoLowest)| {
        let of = |a: f32, b: f32| f64::from((a - b).abs());
        of(found.least, expected.least).max(of(found.second, expected.second))
    };
    if found.len() != n {
        return Err(format!("{} rows came back of {n}", found.len()));
    }
    Ok(found.iter().zip(expected).map(apart).fold(0.0, f64::max))
}

/// Well-known models by their shape.
const SHAPES: &[(&str, NetworkShape)] = &[
    ("MiniLM-L6", NetworkShape { n_layers: 6, width: 384, n_heads: 12, inner: 1536 }),
    ("e5-small", NetworkShape { n_layers: 12, width: 384, n_heads: 12, inner: 1536 }),
    ("e5-base", NetworkShape { n_layers: 12, width: 768, n_heads: 12, inner: 3072 }),
    ("bge-m3", NetworkShape { n_layers: 24, width: 1024, n_heads: 16, inner: 4096 }),
];

/// How much is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedEffort {
    /// The smallest shape on a few texts, for a try on a CPU.
    Tiny,
    /// All shapes, some seconds each, for a GPU.
    Whole,
}

/// Times networks of well-known shapes with random weights, and the product of large matrices that
/// their rate is a share of.
pub fn time_device(device: &OpenedDevice, effort: SpeedEffort) -> Vec<DeviceFinding> {
    let (size, seconds, n_tokens, dtypes, shapes) = match effort {
        SpeedEffort::Tiny => (256, 0.05, [16, 32], &[Dtype::F32][..], &SHAPES[..1]),
        SpeedEffort::Whole => {
            (8192, 2.0, [32, 128], &[Dtype::F16, Dtype::Bf16, Dtype::F32][..], SHAPES)
        }
    };
    let mut findings = Vec::new();
    for &dtype in dtypes {
        let what = format!("product of {size} x {size} matrices");
        let mut finding = DeviceFinding::new(what, dtype);
        match device.product_flops(dtype, size, seconds) {
            Ok(flops) => finding.flops = Some(flops),
            Err(why) => finding.failure = Some(why),
        }
        findings.push(finding);
        for (name, shape) in shapes {
            for n_tokens in n_tokens {
                let n_texts = match effort {
                    SpeedEffort::Tiny => 2,
                    SpeedEffort::Whole => 32_768 / n_tokens,
                };
                let mut finding =
                    DeviceFinding::new(format!("{name} shape, {n_tokens} tokens"), dtype);
                match device.network_speed(shape, dtype, &Timing { n_texts, n_tokens, seconds }) {
                    Ok(speed) => {
                        finding.texts_per_second = Some(speed.texts_per_second);
                        finding.flops = Some(speed.flops);
                    }
                    Err(why) => finding.failure = Some(why),
                }
                findings.push(finding);
            }
        }
    }
    findings
}
