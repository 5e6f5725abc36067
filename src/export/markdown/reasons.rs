//! Why there are as many specialisations as there are, and how sure they are, in sentences.

use serde_json::Value;

use super::super::report_text::{self, percent};
use super::digest::Digest;
use crate::language::Language;
use crate::report::Method;

/// Halves of the roles that agree less than this hold no clear groups; there the clustering warns.
const CLEAR: f64 = 0.575;

/// Whether a warning of the clustering is what [`why_so_many`] says.
pub(super) fn is_told(warning: &str) -> bool {
    warning.starts_with("the roles hold no clear groups")
}

/// Why there are so many specialisations.
pub(super) fn why_so_many(digest: &Digest) -> Option<String> {
    let method = &digest.report.method;
    let n = report_text::n_specialisations(digest.language, digest.report.profiles.len());
    let given = |name: &str| method.parameters.get(name).and_then(Value::as_str) == Some("given");
    let zh = digest.language == Language::Zh;
    let reason = match method.algorithm.as_str() {
        "kmeans" | "gmm" if given("k_choice") && zh => "这个数目由 -k 指定。".to_string(),
        "kmeans" | "gmm" if given("k_choice") => "this number was asked for with -k.".into(),
        "kmeans" | "gmm" => of_halves(method, zh)?,
        "hdbscan" => of_density(method, zh)?,
        _ => return None,
    };
    Some(match digest.language {
        Language::Zh => format!("**为什么是 {n}**：{reason}{}", detail(method, true)),
        Language::En => format!("**Why {n}**: {reason}{}", detail(method, false)),
    })
}

/// The number that halves of the roles agree on.
fn of_halves(method: &Method, zh: bool) -> Option<String> {
    let k = method.parameters.get("k").and_then(Value::as_u64)?;
    let Some(&(best_k, best)) = method.choice.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
        let few = if zh {
            "岗位太少或彼此相同，没有别的数目可比。"
        } else {
            "the roles are too few, or too much alike, to compare several numbers."
        };
        return Some(few.into());
    };
    Some(match (best < CLEAR, zh) {
        (true, true) => format!(
            "岗位之间没有清晰的分界：把岗位反复随机分成两半各自聚类，任何数目下两半的一致程度都不超过 \
             {best:.2}（1 为完全一致，0 为偶然），所以数目按岗位的多少来定；-k 或 --detail 可改。"
        ),
        (true, false) => format!(
            "the roles hold no clear borders. Halves of them, clustered apart many times, agree to \
             {best:.2} at most (1 is the same, 0 is chance), so the number follows from how many \
             roles there are; -k or --detail change it."
        ),
        (false, true) => format!(
            "把岗位反复随机分成两半各自聚类，分成 {best_k} 组时两半最一致（{best:.2}，1 为完全一致，\
             0 为偶然）；在误差范围内取最细的分法，即 {k}。"
        ),
        (false, false) => format!(
            "halves of the roles, clustered apart many times, agree best on {best_k} groups \
             ({best:.2}, where 1 is the same and 0 is chance); of the numbers within the error of \
             that the finest was taken, {k}."
        ),
    })
}

fn of_density(method: &Method, zh: bool) -> Option<String> {
    let size = method.parameters.get("min_cluster_size").and_then(Value::as_u64)?;
    let samples = method.parameters.get("samples").and_then(Value::as_u64);
    Some(match (samples, zh) {
        (Some(samples), true) => format!(
            "它们是岗位密集的区域：{samples} 份抽样在各种最小规模下都认得出的那些，与最小规模取 {size} 时最像。"
        ),
        (Some(samples), false) => format!(
            "they are the regions where roles lie close together that {samples} samples of the roles \
             agree on at all smallest sizes; they are most like those of at least {size} roles."
        ),
        (None, true) => format!("它们是至少有 {size} 个岗位的密集区域。"),
        (None, false) => {
            format!("they are the regions of at least {size} roles that lie close together.")
        }
    })
}

fn detail(method: &Method, zh: bool) -> &'static str {
    match (method.parameters.get("detail").and_then(Value::as_str), zh) {
        (Some("coarse"), true) => "按 --detail coarse 取得更粗。",
        (Some("coarse"), false) => " It was made coarser by --detail coarse.",
        (Some("fine"), true) => "按 --detail fine 取得更细。",
        (Some("fine"), false) => " It was made finer by --detail fine.",
        _ => "",
    }
}

/// How sure the specialisations are, and how many roles sit between two.
pub(super) fn how_sure(digest: &Digest) -> Option<String> {
    let report = digest.report;
    let (mut sum, mut roles) = (0.0, 0usize);
    for profile in &report.profiles {
        if let Some(certainty) = profile.certainty {
            sum += f64::from(certainty) * profile.size as f64;
            roles += profile.size;
        }
    }
    if roles == 0 {
        return None;
    }
    let share = percent(sum / roles as f64);
    let between = report.placements.iter().filter(|place| place.between.is_some()).count();
    let between = report_text::n_roles(digest.language, between);
    Some(match digest.language {
        Language::Zh => format!(
            "**有多可靠**：拿掉一部分岗位重新聚类时，同一方向的两个岗位平均有 {share} 的机会仍在一起；\
             {between}介于两个方向之间。"
        ),
        Language::En => format!(
            "**How sure**: when samples of the roles are clustered again, two roles of one \
             specialisation stay together {share} of the time on average; between two \
             specialisations there are {between}."
        ),
    })
}
