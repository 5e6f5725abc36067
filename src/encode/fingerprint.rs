//! What identifies a model: a digest of a written, versioned description.
//!
//! The description is text, one fact a line, and must never depend on how this program names
//! its types: a run folder made today is compared with the digest of a later version. Prompt,
//! length of a vector and arithmetic are not in it; they are fields of their own in a
//! [`ModelFingerprint`](crate::embeddings::ModelFingerprint).

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::pooling::Pooling;
use super::spec::{Activation, HeadSpec, Spec};
use super::weights::Weights;
use super::{EncodeError, ModelFiles};

/// First line of the description. Raise the number when the rules between text and vector change
/// (windows, pooling, special tokens) or the description does, so that vectors made by other
/// rules are not taken for the same.
const HEADER: &str = "rolecluster model description 2";

/// The settings files that decide a vector.
const FILES: [&str; 2] = ["config.json", "tokenizer.json"];

/// The first 16 hexadecimal digits of the description's SHA-256.
pub(super) fn digest(
    files: &ModelFiles,
    spec: &Spec,
    weights: &Weights,
) -> Result<String, EncodeError> {
    let text = description(files, spec, weights)?;
    Ok(first_digits(Sha256::new_with_prefix(text.as_bytes())))
}

/// For example:
///
/// ```text
/// rolecluster model description 2
/// pooling mean
/// module dense 2_Dense/ 48 24 bias tanh
/// module normalize
/// max-tokens 256
/// lower-case no
/// file config.json 9f86d081884c7d65...
/// file tokenizer.json 60303ae22b998861...
/// weights fd61a03af4f77d87...
/// weights 2_Dense/ a4e624d686e03ed2...
/// ```
fn description(files: &ModelFiles, spec: &Spec, weights: &Weights) -> Result<String, EncodeError> {
    let mut text = format!("{HEADER}\n");
    let mut line = |fact: std::fmt::Arguments| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{fact}");
    };
    for pooling in &spec.poolings {
        line(format_args!("pooling {}", pooling.name()));
    }
    for head in &spec.heads {
        match head {
            HeadSpec::Normalize => line(format_args!("module normalize")),
            HeadSpec::Dense { folder, inputs, outputs, bias, activation } => {
                let bias = if *bias { "bias" } else { "no-bias" };
                let activation = activation.name();
                line(format_args!("module dense {folder} {inputs} {outputs} {bias} {activation}"));
            }
        }
    }
    match spec.max_tokens {
        Some(n) => line(format_args!("max-tokens {n}")),
        None => line(format_args!("max-tokens none")),
    }
    line(format_args!("lower-case {}", if spec.lower_case { "yes" } else { "no" }));
    for file in FILES {
        if let Some(bytes) = files.open(&format!("{}{file}", spec.folder))? {
            let digest = hexadecimal(&Sha256::digest(&*bytes));
            line(format_args!("file {file} {digest}"));
        }
    }
    line(format_args!("weights {}", weights_digest(weights)));
    for head in &spec.heads {
        if let HeadSpec::Dense { folder, .. } = head {
            let digest = weights_digest(&Weights::open(files, folder)?);
            line(format_args!("weights {folder} {digest}"));
        }
    }
    Ok(text)
}

fn weights_digest(weights: &Weights) -> String {
    let mut hasher = Sha256::new();
    weights.digest(&mut hasher);
    hexadecimal(&hasher.finalize())
}

/// The digest that version 0.1 gave this model, so that its run folders stay usable. It was
/// taken over the debugging output of types that have since changed, written out here by hand.
pub(super) fn first_version_digest(files: &ModelFiles, spec: &Spec) -> Result<String, EncodeError> {
    let mut hasher = Sha256::new_with_prefix(b"encode-rules-1");
    hasher.update(first_version_text(spec));
    for file in FILES {
        if let Some(bytes) = files.open(&format!("{}{file}", spec.folder))? {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(&*bytes);
        }
    }
    Weights::open(files, &spec.folder)?.digest(&mut hasher);
    for head in &spec.heads {
        if let HeadSpec::Dense { folder, .. } = head {
            Weights::open(files, folder)?.digest(&mut hasher);
        }
    }
    Ok(first_digits(hasher))
}

fn first_version_text(spec: &Spec) -> String {
    let pooling = |pooling: &Pooling| match pooling {
        Pooling::Cls => "Cls",
        Pooling::Max => "Max",
        Pooling::Mean => "Mean",
        Pooling::MeanSqrtLen => "MeanSqrtLen",
        Pooling::WeightedMean => "WeightedMean",
        Pooling::Last => "Last",
    };
    let head = |head: &HeadSpec| match head {
        HeadSpec::Normalize => "Normalize".to_string(),
        HeadSpec::Dense { folder, inputs, outputs, bias, activation } => {
            let activation = match activation {
                Activation::Identity => "Identity",
                Activation::Tanh => "Tanh",
                Activation::Relu => "Relu",
                Activation::Gelu => "Gelu",
            };
            format!(
                "Dense {{ folder: {folder:?}, inputs: {inputs}, outputs: {outputs}, bias: {bias}, activation: {activation} }}"
            )
        }
    };
    let poolings: Vec<&str> = spec.poolings.iter().map(pooling).collect();
    let heads: Vec<String> = spec.heads.iter().map(head).collect();
    let max_tokens = spec.max_tokens.map_or("None".to_string(), |n| format!("Some({n})"));
    let lower_case = spec.lower_case;
    format!("([{}], [{}], {max_tokens}, {lower_case})", poolings.join(", "), heads.join(", "))
}

fn first_digits(hasher: Sha256) -> String {
    hexadecimal(&hasher.finalize()[..8])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::encode::Source;

    fn tiny(name: &str) -> (ModelFiles, Spec, Weights) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name);
        let files = ModelFiles::resolve(&Source::Dir(folder), None).unwrap();
        let spec = Spec::read(&files).unwrap();
        let weights = Weights::open(&files, &spec.folder).unwrap();
        (files, spec, weights)
    }

    #[test]
    fn the_description_is_this_text_whatever_our_types_are_called() {
        let (files, spec, weights) = tiny("tiny-xlm-roberta");
        let text = description(&files, &spec, &weights).unwrap();
        insta::assert_snapshot!(text, @r"
        rolecluster model description 2
        pooling cls
        module dense 2_Dense/ 48 24 bias tanh
        module normalize
        max-tokens 48
        lower-case no
        file config.json edfdca973ea076fac8d38e40444da9358a9788e369e33a66c8c0b2e74da98f3e
        file tokenizer.json a22ad50f3e8714836f588dde85f1cc6060646d4a49d8c8086760a0f9bdee6a42
        weights e55e3a2d259c0cd80985e526b2e75ace2cd068a1263edfdcf40195c4dc1d8f97
        weights 2_Dense/ 485c3a7f815e9498e38924aa252a62cab1541386b1adf27d0845fffb52428f31
        ");
    }

    #[test]
    fn digests_of_the_first_version_are_those_in_its_run_folders() {
        // Printed by version 0.1 (commit eac4113).
        for (name, expected) in [
            ("tiny-bert", "2fc9df6f55a72ffa"),
            ("tiny-xlm-roberta", "352d04693763a654"),
            ("tiny-qwen3", "0e50f3cc9bea774e"),
        ] {
            let (files, spec, weights) = tiny(name);
            assert_eq!(first_version_digest(&files, &spec).unwrap(), expected, "{name}");
            assert_ne!(digest(&files, &spec, &weights).unwrap(), expected);
        }
    }
}
