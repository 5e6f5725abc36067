//! What `doctor` finds out about a device that was named: right numbers, and how fast.

use rolecluster::encode::OpenedDevice;
use rolecluster::pipeline::{self, DeviceFinding, ModelSettings, SpeedEffort};
use serde::Serialize;

use super::table::{Align, aligned, percent};

const COLUMNS: &[Align] = &[
    Align::Left,
    Align::Left,
    Align::Left,
    Align::Right,
    Align::Right,
    Align::Right,
    Align::Right,
];

/// All of it.
#[derive(Serialize)]
pub struct DeviceReport {
    checks: Vec<Check>,
    /// Why the model was not looked at.
    model_missing: Option<String>,
}

/// One finding.
#[derive(Serialize)]
struct Check {
    what: String,
    dtype: String,
    /// Whether it could be done, and its numbers are those of the CPU.
    is_right: bool,
    /// Largest difference from the CPU.
    difference: Option<f64>,
    /// The difference that rounding explains.
    allowed: Option<f64>,
    texts_per_second: Option<f64>,
    /// Additions and multiplications in a second.
    flops: Option<f64>,
    /// Share of what a product of large matrices reaches in the same arithmetic.
    share_of_product: Option<f64>,
    failure: Option<String>,
}

impl DeviceReport {
    /// Looks at a device; with `speed` it times networks of well-known shapes too, the smallest
    /// alone on a CPU.
    pub fn of(device: &OpenedDevice, settings: &ModelSettings, speed: bool) -> Self {
        let checked = pipeline::check_device(device, settings);
        let mut findings = checked.findings;
        let effort = match device.name() {
            "cpu" => SpeedEffort::Tiny,
            _ => SpeedEffort::Whole,
        };
        if speed {
            findings.extend(pipeline::time_device(device, effort));
        }
        let is_product =
            |found: &&DeviceFinding| found.flops.is_some() && found.texts_per_second.is_none();
        let products: Vec<DeviceFinding> = findings.iter().filter(is_product).cloned().collect();
        let checks = findings.into_iter().map(|found| Check::of(found, &products)).collect();
        DeviceReport { checks, model_missing: checked.no_model.map(|error| error.to_string()) }
    }

    /// Whether all of it is right.
    pub fn is_right(&self) -> bool {
        self.model_missing.is_none() && self.checks.iter().all(|check| check.is_right)
    }

    /// A table, and a sentence on what it comes to.
    pub fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self.checks.iter().map(Check::row).collect();
        let wrong = self.checks.iter().filter(|check| !check.is_right).count();
        let mut text = aligned(COLUMNS, &rows);
        text.push_str(&match (wrong, &self.model_missing) {
            (0, None) => format!("all {} checks of the device are right\n", rows.len()),
            (0, Some(why)) => format!("the model was not compared: {why}\n"),
            _ => format!(
                "{wrong} of {} checks of the device are WRONG: use --device cpu, and report this table\n",
                rows.len()
            ),
        });
        text
    }
}

impl Check {
    fn of(found: DeviceFinding, products: &[DeviceFinding]) -> Self {
        let best = products.iter().find(|product| product.dtype == found.dtype);
        let best = best.and_then(|product| product.flops);
        let share = |best: f64| found.flops.map(|flops| flops / best);
        Check {
            is_right: found.is_sound(),
            dtype: found.dtype.to_string(),
            difference: found.difference.map(|(found, _)| found),
            allowed: found.difference.map(|(_, allowed)| allowed),
            share_of_product: found.texts_per_second.and(best).and_then(share),
            texts_per_second: found.texts_per_second,
            flops: found.flops,
            failure: found.failure,
            what: found.what,
        }
    }

    fn row(&self) -> Vec<String> {
        let outcome = match (self.is_right, &self.failure) {
            (_, Some(why)) => format!("FAILED: {why}"),
            (true, None) if self.difference.is_some() => "right".into(),
            (true, None) => "timed".into(),
            (false, None) => "WRONG".into(),
        };
        let off = match (self.difference, self.allowed) {
            (Some(found), Some(allowed)) => format!("off by {found:.1e} of {allowed:.0e}"),
            _ => String::new(),
        };
        let texts = self.texts_per_second.map(|texts| format!("{texts:.0} texts/s"));
        let flops = self.flops.map(|flops| format!("{:.2} TFLOP/s", flops / 1e12));
        let share = self.share_of_product.map(|share| format!("{} of a product", percent(share)));
        let rest = [texts, flops, share].map(Option::unwrap_or_default);
        [self.what.clone(), self.dtype.clone(), outcome, off].into_iter().chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(difference: Option<f64>, failure: Option<&str>) -> Check {
        Check {
            what: "attention".into(),
            dtype: "f16".into(),
            is_right: failure.is_none() && difference.is_none_or(|off| off < 1e-3),
            difference,
            allowed: difference.map(|_| 1e-3),
            texts_per_second: difference.map(|_| 1234.4),
            flops: None,
            share_of_product: None,
            failure: failure.map(str::to_string),
        }
    }

    #[test]
    fn what_is_wrong_is_counted_and_loud() {
        let checks = vec![
            check(Some(2e-4), None),
            check(Some(0.5), None),
            check(None, Some("CUDA_ERROR_INVALID_PTX")),
        ];
        let report = DeviceReport { checks, model_missing: None };
        assert!(!report.is_right());
        insta::assert_snapshot!(report.text(), @r"
        attention  f16  right                           off by 2.0e-4 of 1e-3  1234 texts/s
        attention  f16  WRONG                           off by 5.0e-1 of 1e-3  1234 texts/s
        attention  f16  FAILED: CUDA_ERROR_INVALID_PTX
        2 of 3 checks of the device are WRONG: use --device cpu, and report this table
        ");
    }

    #[test]
    fn a_share_is_of_the_product_in_the_same_arithmetic() {
        let finding = |dtype: &str, flops: f64, texts: Option<f64>| DeviceFinding {
            what: "x".into(),
            dtype: dtype.parse().unwrap(),
            difference: None,
            texts_per_second: texts,
            flops: Some(flops),
            failure: None,
        };
        let products = [finding("f32", 10.0, None), finding("f16", 40.0, None)];
        let share = |found: DeviceFinding| Check::of(found, &products).share_of_product;
        assert_eq!(share(finding("f16", 20.0, Some(1.0))), Some(0.5));
        assert_eq!(share(finding("bf16", 20.0, Some(1.0))), None);
        assert_eq!(share(products[0].clone()), None);
    }
}
