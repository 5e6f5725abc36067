//! Lines of a table of counts: `- K8s：约150次`, `| Go | 12 |`, `Python: 120 (14%)`.

use std::sync::LazyLock;

use regex::Regex;

use crate::digest_tables::Figure;
use crate::text::sentences::without_marker;

/// A line of a block.
#[derive(Debug, PartialEq)]
pub(super) enum Row {
    /// A label with its figure.
    Count(String, Figure),
    /// The name of what follows, with its total where it has one.
    Heading(String, Option<Figure>),
}

static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(.{1,120}?)\s*[:：\s×(（]\s*
        (?:共|约|約|大约|近|超|超过|about|approx\.?|ca\.?|~|≈|>)?\s*
        ([0-9][0-9,]*(?:\.[0-9]+)?)\s*\+?\s*
        (次|个|個|条|回|件|篇|%|％|times?|x|×|roles?|jobs?|postings?|mentions?|mal|fois|veces|vezes|razy|회|건|раз)?\s*
        (?:[（(].*[）)])?\s*[）)]?$",
    )
    .ok()
});

/// The rows of a block. Where some lines are items of a list or rows of a table, the others are
/// headings.
pub(super) fn of_lines(lines: &[String]) -> Vec<Row> {
    let is_item = |line: &str| {
        let line = line.trim();
        line.starts_with('|') || without_marker(line).len() < line.len()
    };
    let listed = lines.iter().any(|line| is_item(line));
    lines.iter().filter_map(|line| row(line, listed && !is_item(line))).collect()
}

fn row(line: &str, is_heading: bool) -> Option<Row> {
    if line.trim().starts_with('|') {
        return cells(line);
    }
    let line = plain(without_marker(line));
    match (count(&line), is_heading) {
        (Some((label, figure)), true) => Some(Row::Heading(label, Some(figure))),
        (None, true) => Some(Row::Heading(line, None)),
        (Some((label, figure)), false) => Some(Row::Count(label, figure)),
        (None, false) => None,
    }
}

fn count(line: &str) -> Option<(String, Figure)> {
    let found = COUNT.as_ref()?.captures(line)?;
    let percent = found.get(3).is_some_and(|unit| matches!(unit.as_str(), "%" | "％"));
    let value = number(found.get(2)?.as_str())?;
    let label = found.get(1)?.as_str().trim().trim_end_matches([':', '：', '(', '（']).trim();
    label.chars().any(char::is_alphabetic).then(|| (label.to_string(), Figure { value, percent }))
}

/// A row of a Markdown table: the first cell with a letter, and the first number behind it.
fn cells(line: &str) -> Option<Row> {
    let line = line.trim().trim_start_matches('|').trim_end_matches('|');
    let cells: Vec<String> = line.split('|').map(|cell| plain(cell.trim())).collect();
    let at = cells.iter().position(|cell| cell.chars().any(char::is_alphabetic))?;
    let figure = cells[at + 1..].iter().find_map(|cell| {
        let bare = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = bare.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
        let value = number(&bare[..end.unwrap_or(bare.len())])?;
        Some(Figure { value, percent: bare.contains(['%', '％']) })
    })?;
    Some(Row::Count(cells[at].clone(), figure))
}

fn number(digits: &str) -> Option<f64> {
    digits.replace(',', "").trim_end_matches('.').parse().ok()
}

/// A line without marks of emphasis and escapes.
fn plain(line: &str) -> String {
    line.replace("**", "").replace(['`', '\\'], "").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> Vec<String> {
        let lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        let figure = |f: &Figure| format!("{}{}", f.value, if f.percent { "%" } else { "" });
        let one = |row: Row| match row {
            Row::Count(label, stated) => format!("{label}={}", figure(&stated)),
            Row::Heading(name, Some(stated)) => format!("[{name}={}]", figure(&stated)),
            Row::Heading(name, None) => format!("[{name}]"),
        };
        of_lines(&lines).into_iter().map(one).collect()
    }

    #[test]
    fn counts_are_read_as_people_write_them() {
        let lines = [
            "容器与云原生（约200次）",
            "- Kubernetes/K8s：约150次",
            "- Kafka：约30次（已计入中间件）",
            "- 其他（PowerShell、Perl等）：约10次",
            "数据库",
            "- **Go**: 1,200",
            "- Python：120 次（14%）",
            "- no figure here",
        ];
        let expected = [
            "[容器与云原生=200]",
            "Kubernetes/K8s=150",
            "Kafka=30",
            "其他（PowerShell、Perl等）=10",
            "[数据库]",
            "Go=1200",
            "Python=120",
        ];
        assert_eq!(told(&lines), expected);
        assert_eq!(
            told(&["Python: ~120", "Go 40 %", "Java × 7"]),
            ["Python=120", "Go=40%", "Java=7"]
        );
        let table = [
            "| # | Tech | Count | Share |",
            "|--|--|--:|--:|",
            "| 1 | Go | 12 | 3.5% |",
            "| 2 | C | 1% |",
        ];
        assert_eq!(told(&table), ["Go=12", "C=1%"]);
    }
}
