//! One section per specialisation, then the roles that belong to none.

use std::io::{self, Write};

use super::codes;
use super::digest::{Digest, by_kind};
use super::escape::{code, excerpt, inline};
use crate::language::Language;
use crate::profile::{ClusterProfile, TechnologyUse};

use super::super::report_text;

/// Typical terms shown per specialisation.
const N_TERMS: usize = 12;
/// Technologies named per kind; the rest is counted.
const N_PER_KIND: usize = 12;
/// Characters of a role's text quoted.
const EXCERPT: usize = 160;
/// Entries of a role's stack quoted.
const N_STACK: usize = 12;
/// Roles listed per specialisation; the rest is counted.
const N_ROLES: usize = 300;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    let members = members(digest);
    if !digest.report.profiles.is_empty() {
        writeln!(out, "## {}\n", digest.say("各方向", "Specialisations"))?;
        let legend = digest.say(
            "每项技术后依次是：提到它的岗位数、占本方向的比例、相对全部岗位的倍数（×1 表示与平均相同）；\
             只有一个岗位提到的仅列名称。",
            "After each technology: the roles that name it, their share here, and how many times \
             as frequent it is here as over all roles (×1 is as usual); what one role alone names \
             stands without figures.",
        );
        writeln!(out, "{legend}\n")?;
        if digest.report.codes.is_some() {
            let legend = digest.say(
                "标准职业取自 ESCO，括号内是 ISCO-08 小类和接近程度：本方向各岗位得分的平均值，低于 0.40 不列。                 本服务使用欧盟委员会的 ESCO 分类。",
                "Standard occupations are those of ESCO; in brackets stand the unit group of ISCO-08 \
                 and how near it is, the mean over the roles, at least 0.40. This service uses the \
                 ESCO classification of the European Commission.",
            );
            writeln!(out, "{legend}\n")?;
        }
    }
    for profile in &digest.report.profiles {
        let rows = members.get(profile.id.index()).map(Vec::as_slice).unwrap_or_default();
        specialisation(digest, profile, rows, out)?;
    }
    let placements = &digest.report.placements;
    let noise: Vec<usize> = (0..placements.len())
        .filter(|&row| placements[row].cluster.is_none() && placements[row].duplicate_of.is_none())
        .collect();
    if !noise.is_empty() {
        writeln!(out, "## {}\n", digest.say("未归入任何方向的岗位", "In no specialisation"))?;
        writeln!(
            out,
            "{}\n",
            digest.say(
                "它们与其他岗位都不够接近，单独列出，没有丢弃。",
                "Too far from any group to be counted with it; listed here rather than dropped."
            )
        )?;
        role_table(digest, &noise, out)?;
    }
    Ok(())
}

/// Rows of each cluster, strongest first; duplicates are listed with the role they repeat.
fn members(digest: &Digest) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); digest.report.profiles.len()];
    for (row, placement) in digest.report.placements.iter().enumerate() {
        if placement.duplicate_of.is_some() {
            continue;
        }
        if let Some(rows) = placement.cluster.and_then(|c| members.get_mut(c.index())) {
            rows.push(row);
        }
    }
    let strength = |row: &usize| digest.report.placements[*row].strength;
    for rows in &mut members {
        rows.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then(a.cmp(b)));
    }
    members
}

fn specialisation(
    digest: &Digest,
    profile: &ClusterProfile,
    rows: &[usize],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "### {}. {}\n", profile.id, inline(&profile.name))?;
    let size = report_text::n_roles(digest.language, profile.size);
    let share = report_text::percent(digest.share(profile.size));
    let merged = profile.size.saturating_sub(rows.len());
    let merged = match (merged, digest.language) {
        (0, _) => String::new(),
        (n, Language::Zh) => format!("，其中 {} 个重复", report_text::grouped(n)),
        (n, Language::En) => format!(", {} of them repetitions", report_text::grouped(n)),
    };
    let by_hand = report_text::by_person(digest.language, &profile.by_hand);
    let by_hand = by_hand.map_or_else(String::new, |what| format!(" · ✎ {what}"));
    writeln!(out, "**{size}** · {share}{merged}{by_hand}\n")?;
    if !profile.terms.is_empty() {
        let terms: Vec<String> =
            profile.terms.iter().take(N_TERMS).map(|t| inline(&t.term)).collect();
        let lead = digest.say("**关键词**", "**About**");
        writeln!(out, "{lead}{}{}\n", digest.colon(), terms.join(digest.comma()))?;
    }
    if let Some(all) = &digest.report.codes {
        let lead = digest.say("**最接近的标准职业**", "**Nearest standard occupations**");
        let near = codes::line(digest, all.of_cluster(profile.id));
        writeln!(out, "{lead}{}{near}\n", digest.colon())?;
    }
    for (kind, uses) in by_kind(&profile.technologies) {
        let kind = inline(&report_text::kind(digest.language, kind));
        writeln!(out, "- **{kind}**{}{}", digest.colon(), technologies(digest, &uses))?;
    }
    if !profile.technologies.is_empty() {
        writeln!(out)?;
    }
    exemplars(digest, profile, out)?;
    role_table(digest, rows, out)
}

/// Technologies: those of several roles with figures, those of a single role by name alone.
fn technologies(digest: &Digest, uses: &[&TechnologyUse]) -> String {
    let (common, single): (Vec<&TechnologyUse>, Vec<&TechnologyUse>) =
        uses.iter().partition(|t| t.count > 1);
    let figures = |t: &TechnologyUse| {
        let (share, lift) = (report_text::percent(t.share), report_text::lift(t.lift));
        format!("{} {} ({share}, {lift})", inline(&t.label), report_text::grouped(t.count))
    };
    let list = |uses: &[&TechnologyUse], one: &dyn Fn(&TechnologyUse) -> String| {
        let mut listed: Vec<String> = uses.iter().take(N_PER_KIND).map(|t| one(t)).collect();
        if uses.len() > N_PER_KIND {
            listed.push(more(digest, uses.len() - N_PER_KIND));
        }
        listed.join(digest.comma())
    };
    let common = list(&common, &figures);
    let single = list(&single, &|t| inline(&t.label));
    match (common.is_empty(), single.is_empty()) {
        (_, true) => common,
        (true, false) => single,
        (false, false) => common + digest.say("；还有 ", "; also ") + &single,
    }
}

fn exemplars(digest: &Digest, profile: &ClusterProfile, out: &mut dyn Write) -> io::Result<()> {
    if profile.exemplars.is_empty() {
        return Ok(());
    }
    writeln!(out, "**{}**\n", digest.say("最典型的岗位", "The most typical roles"))?;
    for id in &profile.exemplars {
        let Some(&row) = digest.row_of.get(id) else { continue };
        let role = &digest.roles[row];
        let (id, title) = (code(id.as_str()), title(digest, &role.title));
        writeln!(out, "- {id} **{title}**  ")?;
        if !role.description.trim().is_empty() {
            writeln!(out, "  {}  ", excerpt(&role.description, EXCERPT))?;
        }
        if !role.stack.is_empty() {
            let mut stack: Vec<String> =
                role.stack.iter().take(N_STACK).map(|s| inline(s)).collect();
            if role.stack.len() > N_STACK {
                stack.push(more(digest, role.stack.len() - N_STACK));
            }
            let lead = digest.say("技术栈", "Stack");
            writeln!(out, "  {lead}{}{}", digest.colon(), stack.join(digest.comma()))?;
        }
    }
    writeln!(out)
}

/// Id, title, section, strength and repetitions of `rows`.
fn role_table(digest: &Digest, rows: &[usize], out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let placements = &digest.report.placements;
    let shown = &rows[..rows.len().min(N_ROLES)];
    let repeats = shown.iter().any(|&row| digest.repeats.contains_key(&placements[row].id));
    let sections = shown.iter().any(|&row| placements[row].section.is_some());
    let mut heading = vec![digest.say("编号", "Id"), digest.say("岗位", "Role")];
    let mut rule = vec!["---", "---"];
    if sections {
        heading.push(digest.say("原分类", "Section"));
        rule.push("---");
    }
    heading.push(digest.say("归属强度", "Strength"));
    rule.push("--:");
    if repeats {
        heading.push(digest.say("重复它的岗位", "Repeated by"));
        rule.push("---");
    }
    writeln!(out, "| {} |\n|{}|", heading.join(" | "), rule.join("|"))?;
    for &row in shown {
        let placement = &placements[row];
        let mut cells = vec![code(placement.id.as_str()), title(digest, &placement.title)];
        if sections {
            cells.push(inline(placement.section.as_deref().unwrap_or_default()));
        }
        cells.push(match (placement.cluster, placement.by_hand) {
            (None, _) => "-".into(),
            (Some(_), None) => format!("{:.2}", placement.strength),
            (Some(_), Some(what)) => {
                let what = report_text::by_hand(digest.language, what);
                format!("{:.2} ✎ {what}", placement.strength)
            }
        });
        if repeats {
            cells.push(digest.repeated_by(&placement.id));
        }
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    if rows.len() > shown.len() {
        let rest = report_text::n_roles(digest.language, rows.len() - shown.len());
        writeln!(
            out,
            "\n{}",
            match digest.language {
                Language::Zh => format!("另有 {rest}，见 `report.json` 与 `map.html`。"),
                Language::En => format!("and {rest} more, in `report.json` and `map.html`."),
            }
        )?;
    }
    writeln!(out)
}

fn title(digest: &Digest, title: &str) -> String {
    let title = inline(title);
    if title.is_empty() { digest.say("（无标题）", "(no title)").to_string() } else { title }
}

fn more(digest: &Digest, n: usize) -> String {
    match digest.language {
        Language::Zh => format!("另有 {} 项", report_text::grouped(n)),
        Language::En => format!("{} more", report_text::grouped(n)),
    }
}
