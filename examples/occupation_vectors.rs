//! Makes `data/occupations/vectors.bin` from `labels.tsv` by the bundled model; run by `build.py`.

use std::path::Path;

use rolecluster::geometry::Matrix;
use rolecluster::occupations::Occupations;
use rolecluster::pipeline::ModelSettings;
use rolecluster::progress::Silent;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/occupations");
    let labels = std::fs::read_to_string(folder.join("labels.tsv"))?;
    let (encoder, _) = ModelSettings::default().load()?;
    // One text per label, and the occupation it belongs to.
    let (mut texts, mut rows) = (Vec::new(), Vec::new());
    let lines: Vec<&str> = labels.lines().skip(1).collect();
    for (row, line) in lines.iter().enumerate() {
        for label in line.split('\t').skip(2).filter(|label| !label.is_empty()) {
            texts.push(label);
            rows.push(row);
        }
    }
    let vectors = encoder.encode(&texts, None, &Silent)?;
    // The occupation's vector is the direction of the mean over its labels.
    let mut sums = Matrix::zeros(lines.len(), vectors.cols());
    for (&row, vector) in rows.iter().zip(vectors.iter_rows()) {
        sums.row_mut(row).iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    sums.normalize_rows();
    let digest = encoder.fingerprint(None)?.digest;
    std::fs::write(folder.join("vectors.bin"), Occupations::pack(&digest, &sums))?;
    Ok(())
}
