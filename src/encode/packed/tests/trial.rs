//! What is wrong on a device is found there, and not used. The same code runs on a GPU.

use candle_core::{Result, bail};

use super::super::trial::{Trial, allowed};
use super::*;

const DTYPES: [DType; 3] = [DType::F32, DType::F16, DType::BF16];

/// Attention by `way`, with a fault in it.
fn faulty(
    way: Attention,
    fault: &str,
    joined: &Tensor,
    packed: &Packed,
    heads: usize,
) -> Result<Tensor> {
    let sound = way.attend(joined, packed, heads)?;
    match fault {
        "none" => Ok(sound),
        "a launch that fails" => bail!("CUDA_ERROR_INVALID_PTX\nwith a trace"),
        "no numbers" => sound.affine(f64::NAN, 0.0),
        "one token of the last sequence" => {
            let n = sound.dim(0)?;
            let last = sound.narrow(0, n - 1, 1)?;
            Tensor::cat(&[sound.narrow(0, 0, n - 1)?, (last + 0.5)?], 0)
        }
        "the end of a sequence" => {
            // As if all were one sequence.
            let ids = vec![0; joined.dim(0)?];
            way.attend(joined, &Packed::new(&[ids.as_slice()], joined.device())?, heads)
        }
        "the scale" => way.attend(&(joined * 0.7)?, packed, heads),
        "fewer rows" => sound.narrow(0, 1, 2),
        other => panic!("{other}"),
    }
}

/// What is chosen where these ways have faults.
fn chosen(dtype: DType, size: usize, faults: &[(Attention, &str)]) -> (Attention, Option<String>) {
    let trial = Trial::new(&Device::Cpu, dtype, size).unwrap();
    Attention::sound(Attention::ALL, allowed(dtype), |way| {
        let fault =
            faults.iter().find(|(faulty, _)| *faulty == way).map_or("none", |(_, what)| what);
        trial.difference(|joined, packed, heads| faulty(way, fault, joined, packed, heads))
    })
}

#[test]
fn all_ways_agree_where_nothing_is_wrong() {
    for dtype in DTYPES {
        for size in super::super::operation::HEAD_SIZES {
            let trial = Trial::new(&Device::Cpu, dtype, size).unwrap();
            for &way in Attention::ALL {
                let run =
                    |joined: &Tensor, packed: &Packed, heads| way.attend(joined, packed, heads);
                let difference = trial.difference(run).unwrap();
                assert!(
                    difference <= allowed(dtype) / 2.0,
                    "{way:?} {dtype:?} {size}: {difference}"
                );
            }
            assert_eq!(chosen(dtype, size, &[]), (Attention::Fused, None));
        }
    }
}

#[test]
fn a_way_that_is_wrong_is_left_and_told() {
    for dtype in DTYPES {
        for fault in [
            "a launch that fails",
            "no numbers",
            "one token of the last sequence",
            "the end of a sequence",
            "the scale",
            "fewer rows",
        ] {
            let (way, note) = chosen(dtype, 64, &[(Attention::Fused, fault)]);
            assert_eq!(way, Attention::Products, "{fault}");
            let note = note.unwrap();
            assert!(note.contains("by the fused kernel ("), "{note}");
            assert!(note.contains("padded products are used instead"), "{note}");
            assert!(note.contains("report") && note.contains("rolecluster doctor"), "{note}");
            assert!(!note.contains('\n'), "{note}");
        }
    }
}

#[test]
fn the_last_way_is_taken_and_where_it_is_wrong_too_that_is_said() {
    let two = [(Attention::Fused, "no numbers"), (Attention::Products, "the scale")];
    let (way, note) = chosen(DType::F32, 32, &two);
    assert_eq!(way, Attention::OneByOne);
    assert!(note.unwrap().contains("products of single sequences are used instead"));
    let all = [two[0], two[1], (Attention::OneByOne, "a launch that fails")];
    let (way, note) = chosen(DType::F32, 32, &all);
    assert_eq!(way, Attention::OneByOne);
    let note = note.unwrap();
    assert!(note.contains("CUDA_ERROR_INVALID_PTX") && note.contains("use --device cpu"), "{note}");
}

#[test]
fn on_the_processor_nothing_is_tried() {
    assert_eq!(Attention::choose(&Device::Cpu, DType::F32, 32), (Attention::Products, None));
}
