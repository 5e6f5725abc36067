//! The interface text of the map page, in Chinese and English.

use std::collections::BTreeMap;

use super::super::report_text::{grouped, percent, pick};
use crate::language::Language;
use crate::report::Report;

/// Shown where scripts are off.
pub(super) fn no_script(language: Language) -> &'static str {
    pick(
        language,
        "此页需要脚本来绘制地图；同样的内容见 report.md。",
        "This page draws its map with a script; report.md says the same in words.",
    )
}

/// The interface text of the script, by key.
pub(super) fn table(language: Language) -> BTreeMap<&'static str, &'static str> {
    TABLE.iter().map(|(name, zh, en)| (*name, pick(language, zh, en))).collect()
}

/// The line under the title: noise, duplicates, skipped records, and how many roles are drawn where that
/// is not all.
pub(super) fn facts(report: &Report, n_drawn: usize, language: Language) -> Vec<String> {
    let n = report.placements.len();
    let noise = report.placements.iter().filter(|p| p.cluster.is_none()).count();
    let share = percent(noise as f64 / n.max(1) as f64);
    let repeats = report.intake.duplicates.len();
    let skipped = report.intake.skipped_total as usize;
    let mut facts = Vec::new();
    let mut say = |n: usize, zh: String, en: String| {
        if n > 0 {
            facts.push(match language {
                Language::Zh => zh,
                Language::En => en,
            });
        }
    };
    let g = grouped;
    say(
        noise,
        format!("{} 个未归类（{share}）", g(noise)),
        format!("{} in none ({share})", g(noise)),
    );
    let repeat = if repeats == 1 { "repeats another" } else { "repeat others" };
    say(repeats, format!("{} 个重复", g(repeats)), format!("{} {repeat}", g(repeats)));
    say(skipped, format!("跳过 {} 条", g(skipped)), format!("{} skipped", g(skipped)));
    let drawn = if n_drawn < n { n_drawn } else { 0 };
    say(
        drawn,
        format!("图中抽样画出 {} 个", g(drawn)),
        format!("a sample of {} is drawn and listed here", g(drawn)),
    );
    facts
}

/// How the map was made, as names and values.
pub(super) fn method(report: &Report, language: Language) -> Vec<[String; 2]> {
    let model = &report.model;
    let parameters: Vec<String> =
        report.method.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let silhouette = report.scores.silhouette.map_or_else(|| "-".into(), |s| format!("{s:.3}"));
    let row = |zh, en, value: String| [pick(language, zh, en).to_string(), value];
    vec![
        row("模型", "Model", format!("{} · {} · {}", model.name, model.revision, model.digest)),
        row(
            "聚类",
            "Clustering",
            format!("{} · {}", report.method.algorithm, parameters.join(", ")),
        ),
        row("轮廓系数", "Silhouette", silhouette),
        row("程序", "Program", report.written_by.clone()),
    ]
}

/// Key, Chinese, English. `{}` is replaced by a number.
const TABLE: [(&str, &str, &str); 50] = [
    ("specialisations", "方向", "Specialisations"),
    ("direction", "大方向", "Direction"),
    ("roles", "岗位", "Roles"),
    ("none", "未归入任何方向", "In no specialisation"),
    ("filter", "筛选岗位", "Filter roles"),
    ("filter_hint", "标题、正文、技术……", "title, text, technology…"),
    ("n_of_n", "{} / {} 个岗位", "{} of {} roles"),
    ("n_all", "{} 个岗位", "{} roles"),
    ("no_match", "没有符合的岗位", "No role matches"),
    ("show_all", "显示全部", "Show all"),
    ("more", "再显示 {} 个", "{} more"),
    ("about", "关键词", "About"),
    ("technologies", "技术", "Technologies"),
    ("lift", "×{} 于平均", "×{} the average"),
    ("exemplars", "最典型的岗位", "Most typical roles"),
    ("only_this", "只看此方向", "Only this"),
    ("close", "关闭", "Close"),
    ("section", "原分类", "Section"),
    ("strength", "归属强度", "Strength"),
    ("repeats", "重复于", "Repeats"),
    ("repeated_by", "重复它的岗位", "Repeated by"),
    ("stack", "技术栈", "Stack"),
    ("nearby", "地图上相邻的岗位", "Nearby on the map"),
    ("no_text", "没有正文", "No text"),
    ("no_title", "（无标题）", "(no title)"),
    ("zoom_in", "放大", "Zoom in"),
    ("zoom_out", "缩小", "Zoom out"),
    ("fit", "全图", "Whole map"),
    ("theme", "深色或浅色", "Dark or light"),
    ("keys", "快捷键", "Keys"),
    ("key_filter", "筛选", "filter"),
    ("key_move", "移动", "move"),
    ("key_zoom", "缩放", "zoom"),
    ("key_fit", "全图", "whole map"),
    ("key_open", "打开十字处的岗位", "open the role at the cross"),
    ("key_back", "返回", "back"),
    ("made", "如何得到", "How it was made"),
    ("warnings", "注意", "Mind"),
    ("map", "岗位地图", "Map of roles"),
    (
        "map_hint",
        "相近的岗位在图上相邻。方向键移动，加减号缩放，回车打开十字处的岗位；列表中也有全部岗位。",
        "Similar roles lie near each other. Arrow keys move, plus and minus zoom, Enter opens the \
         role at the cross; every role is in the list too.",
    ),
    ("failed", "页面出错了：", "The page failed: "),
    ("skip", "跳到筛选", "Skip to the filter"),
    ("details", "其他字段", "Other fields"),
    (
        "unreachable",
        "服务没有应答；它可能已经结束。",
        "The server does not answer; it may have ended.",
    ),
    ("search_page", "搜索页", "Search page"),
    ("role_page", "打开此岗位的页面", "Open the page of this role"),
    ("cluster_page", "打开此方向的页面", "Open the page of this specialisation"),
    ("search", "搜索岗位", "Search roles"),
    ("search_hint", "描述想找的岗位，任何语言均可", "Say what the role is like, in any language"),
    ("id", "编号", "Id"),
];
