//! How the report was made: program, model, every parameter with what it means, quality.

use std::io::{self, Write};

use serde_json::Value;

use super::super::report_text;
use super::digest::Digest;
use super::escape::{code, inline};
use super::parameters;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", digest.say("附录：如何得到", "Appendix: how it was made"))?;
    made_by(digest, out)?;
    settings(digest, out)?;
    tried(digest, out)?;
    quality(digest, out)
}

fn made_by(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let (report, model) = (digest.report, &digest.report.model);
    let (say, colon) = (|zh, en| digest.say(zh, en), digest.colon());
    writeln!(out, "- {}{colon}{}", say("程序", "Program"), inline(&report.written_by))?;
    let prompt = match model.prompt.as_str() {
        "" => String::new(),
        prompt => format!(", {} {}", say("前缀", "prompt"), code(prompt)),
    };
    writeln!(
        out,
        "- {}{colon}{} ({}, {}, {} {}, {}{prompt})",
        say("模型", "Model"),
        inline(&model.name),
        inline(&model.revision),
        code(&model.digest),
        model.dimension,
        say("维", "dimensions"),
        inline(&model.dtype)
    )?;
    let algorithm = report_text::algorithm(digest.language, &report.method.algorithm);
    writeln!(out, "- {}{colon}{}\n", say("聚类", "Clustering"), inline(&algorithm))
}

/// Every parameter as it was used, with words for it.
fn settings(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let parameters = &digest.report.method.parameters;
    if parameters.is_empty() {
        return Ok(());
    }
    let head = digest.say("| 参数 | 取值 | 含义 |", "| Parameter | Value | What it means |");
    writeln!(out, "{head}\n|---|---|---|")?;
    for (name, value) in parameters {
        let meaning = parameters::meaning(digest.language, name).unwrap_or_default();
        writeln!(out, "| {} | {} | {meaning} |", code(name), code(&plain(value)))?;
    }
    writeln!(out)
}

/// A value without the quotes of JSON; long fractions are rounded.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or_default();
            let rounded = format!("{number:.4}");
            let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
            if rounded == "0" { number.to_string() } else { rounded.to_string() }
        }
        Value::Null => "-".into(),
        other => other.to_string(),
    }
}

/// The values that were compared, where a parameter was left to the program.
fn tried(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let choice = &digest.report.method.choice;
    if choice.is_empty() {
        return Ok(());
    }
    let tried: Vec<String> =
        choice.iter().map(|(value, score)| format!("{value} ({score:.3})")).collect();
    let lead = digest.say(
        "比较过的取值（括号内为得分，越高越一致）",
        "Values that were compared (in brackets the score; higher agrees better)",
    );
    writeln!(out, "{lead}{}{}\n", digest.colon(), tried.join(digest.comma()))
}

fn quality(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let scores = &digest.report.scores;
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_string(), |v| format!("{v:.3}"));
    let rows = [
        (
            digest.say("轮廓系数", "Silhouette"),
            number(scores.silhouette),
            digest.say(
                "岗位离自己的方向比离最近的另一方向近多少，-1 到 1；文字内容的聚类常在 0.05 到 0.2",
                "how much nearer a role is to its own specialisation than to the next, -1 to 1; for \
                 texts 0.05 to 0.2 is usual",
            ),
        ),
        (
            digest.say("DBCV", "DBCV"),
            number(scores.dbcv),
            digest.say(
                "方向内部是否比方向之间的空隙更密，-1 到 1；为密度聚类而设，k-means 多为负值",
                "whether specialisations are denser inside than the gaps between them, -1 to 1; \
                 meant for HDBSCAN, below 0 for most k-means",
            ),
        ),
        (
            digest.say("未归类", "In no specialisation"),
            report_text::percent(scores.noise_share),
            digest.say("与哪一组都不够近的岗位", "roles too far from every group"),
        ),
        (
            digest.say("最大的方向", "Largest specialisation"),
            report_text::percent(scores.largest_share),
            digest.say("占全部岗位的比例", "as a share of all roles"),
        ),
    ];
    writeln!(
        out,
        "{}\n|---|--:|---|",
        digest.say("| 质量 | 数值 | 含义 |", "| Quality | Value | What it means |")
    )?;
    for (name, value, meaning) in rows {
        writeln!(out, "| {name} | {value} | {meaning} |")?;
    }
    Ok(())
}
