//! Bar charts as SVG inside a page. Text and bars have the colour of the text around them, so that
//! a chart is readable on light and dark ground, and what a bar says is in its label too.

use std::fmt::Write;

use super::markup::inline;
use crate::text::truncate;

/// Width of a chart in its own units, which a page may scale.
const WIDTH: usize = 320;
/// Height of a bar with its label.
const ROW: usize = 30;
/// Height of the bar alone.
const BAR: usize = 7;
/// Columns of a fixed-width font that a label may take.
const LABEL: usize = 34;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    /// What it is of.
    pub label: String,
    /// How long it is, of the same unit as the others.
    pub value: usize,
    /// What stands at its end, such as the value as people write it.
    pub figure: String,
}

/// Horizontal bars below each other. `id` is unique on the page; `title` says what is shown. The
/// values stand in the description too, for people who cannot see the bars. Nothing for no bars.
pub(super) fn bars(id: &str, title: &str, bars: &[Bar]) -> String {
    let Some(most) = bars.iter().map(|bar| bar.value).max() else { return String::new() };
    let height = ROW * bars.len();
    let told: Vec<String> =
        bars.iter().map(|bar| format!("{} {}", inline(&bar.label), inline(&bar.figure))).collect();
    let (id, title) = (inline(id), inline(title));
    let mut out = format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" \
         aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{title}</title>\
         <desc id=\"{id}-desc\">{}</desc><g fill=\"currentColor\" stroke=\"none\" font-size=\"12\">",
        told.join("; ")
    );
    for (at, bar) in bars.iter().enumerate() {
        let (text, top) = (ROW * at + 13, ROW * at + 18);
        let length = (WIDTH * bar.value).checked_div(most).unwrap_or(0);
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<text x=\"0\" y=\"{text}\">{}</text>\
             <text x=\"{WIDTH}\" y=\"{text}\" text-anchor=\"end\" opacity=\".75\">{}</text>\
             <rect x=\"0\" y=\"{top}\" width=\"{WIDTH}\" height=\"{BAR}\" rx=\"2\" opacity=\".12\"/>\
             <rect x=\"0\" y=\"{top}\" width=\"{length}\" height=\"{BAR}\" rx=\"2\" opacity=\".7\"/>",
            inline(&truncate(&bar.label, LABEL)),
            inline(&bar.figure)
        );
    }
    out.push_str("</g></svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample::HOSTILE;
    use super::*;

    fn bar(label: &str, value: usize) -> Bar {
        Bar { label: label.into(), value, figure: value.to_string() }
    }

    #[test]
    fn the_longest_bar_fills_the_width_and_the_others_their_share() {
        let chart = bars("t", "Technologies", &[bar("Go", 40), bar("C", 10), bar("Ada", 0)]);
        for width in
            ["width=\"320\" height=\"7\" rx=\"2\" opacity=\".7\"", "width=\"80\" ", "width=\"0\" "]
        {
            assert!(chart.contains(width), "{width}: {chart}");
        }
        assert!(chart.contains("<desc id=\"t-desc\">Go 40; C 10; Ada 0</desc>"), "{chart}");
        assert!(chart.contains("aria-labelledby=\"t-title t-desc\""), "{chart}");
        assert!(chart.contains("viewBox=\"0 0 320 90\""), "{chart}");
    }

    #[test]
    fn no_label_becomes_markup() {
        let chart = bars("t", HOSTILE, &[bar(HOSTILE, 1), bar("存储 & C++", 2)]);
        for tag in chart.split('<').skip(1) {
            let name: String =
                tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(["svg", "title", "desc", "g", "text", "rect"].contains(&&*name), "<{name}");
        }
        for name in ["svg", "title", "desc", "g", "text"] {
            let (open, close) = (format!("<{name}"), format!("</{name}>"));
            let opened = chart.matches(&open).count();
            assert_eq!(opened, chart.matches(&close).count(), "{name}");
        }
        assert!(chart.contains("currentColor") && !chart.contains("style"), "{chart}");
    }

    #[test]
    fn no_bars_are_no_chart() {
        assert_eq!(bars("t", "x", &[]), "");
        assert!(bars("t", "x", &[bar("Go", 0)]).contains("width=\"0\""));
    }
}
