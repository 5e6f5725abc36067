//! What became of the corrections a person made.

use std::io::{self, Write};

use super::digest::Digest;
use super::escape::{code, inline};
use crate::corrections::{Change, Level, Outcome};
use crate::language::Language;
use crate::role::RoleId;

/// Roles named per correction; the rest is counted.
const N_ROLES: usize = 12;

pub(super) fn write(digest: &Digest, out: &mut dyn Write) -> io::Result<()> {
    if digest.report.corrections.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {}\n", digest.say("人工修正", "Set by a person"))?;
    let legend = digest.say(
        "来自 `corrections.toml`，按顺序生效；标有 ✎ 的名称和岗位由人工设定。删除条目即可撤销。",
        "From `corrections.toml`, in the order in which they are made; ✎ marks the names and roles \
         they concern. Deleting an entry undoes it.",
    );
    writeln!(out, "{legend}\n")?;
    for made in &digest.report.corrections {
        writeln!(out, "- {}", line(digest, made))?;
    }
    writeln!(out)
}

fn line(digest: &Digest, made: &Outcome) -> String {
    let Outcome { correction, held, note } = made;
    let kind = match (&correction.change, digest.language) {
        (change, Language::En) => change.kind(),
        (Change::Rename { .. }, Language::Zh) => "改名",
        (Change::Merge { .. }, Language::Zh) => "合并",
        (Change::Split { .. }, Language::Zh) => "拆出",
        (Change::Move { .. }, Language::Zh) => "移动",
        (Change::Pin { .. }, Language::Zh) => "固定",
    };
    let level = match &correction.change {
        Change::Rename { level: Level::Direction, .. } => digest.say("（大方向）", " (direction)"),
        _ => "",
    };
    let name = correction.change.name();
    let name = name.map_or_else(String::new, |(_, name)| format!(" **{}**", inline(name)));
    let at = digest.say("行", "line");
    let mut text = format!("{at} {} · {kind}{level}{name}", correction.line);
    let placed = correction.change.placed();
    if !placed.is_empty() {
        text.push_str(digest.colon());
        text.push_str(&roles(digest, placed));
    }
    if !held {
        text.push_str(" — ⚠ ");
        text.push_str(digest.say("没有可依附的对象", "found nothing to hold on to"));
    }
    if let Some(note) = note {
        text.push_str(digest.colon());
        text.push_str(&inline(note));
    }
    text
}

fn roles(digest: &Digest, ids: &[RoleId]) -> String {
    let mut named: Vec<String> = ids.iter().take(N_ROLES).map(|id| code(id.as_str())).collect();
    if ids.len() > N_ROLES {
        let n = ids.len() - N_ROLES;
        named.push(match digest.language {
            Language::Zh => format!("另有 {n} 个"),
            Language::En => format!("{n} more"),
        });
    }
    named.join(digest.comma())
}

#[cfg(test)]
mod tests {
    use crate::corrections::{Change, Correction, Level, Outcome};
    use crate::export::sample::{HOSTILE, sample};
    use crate::language::Language;
    use crate::profile::ByHand;
    use crate::role::RoleId;

    #[test]
    fn every_correction_is_told_and_none_is_markup() {
        let (mut report, roles) = sample(12, 3);
        let ids = vec![RoleId::new("1.1"), RoleId::new("2.1")];
        let rename =
            Change::Rename { level: Level::Direction, roles: ids.clone(), name: HOSTILE.into() };
        let outcome = |line, change, held: bool| Outcome {
            correction: Correction { line, change },
            held,
            note: (!held).then(|| "none is there".to_string()),
        };
        report.corrections = vec![
            outcome(4, rename, false),
            outcome(9, Change::Move { roles: ids, to: vec![RoleId::new("3.1")] }, true),
        ];
        report.placements[0].by_hand = Some(ByHand::Moved);
        report.profiles[0].by_hand = vec![ByHand::Named, ByHand::Merged];
        let mut out = Vec::new();
        super::super::markdown(&report, &roles, Language::En, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("- line 9 · move: `1.1`, `2.1`\n"), "{text}");
        assert!(text.contains(" — ⚠ found nothing to hold on to: none is there\n"), "{text}");
        assert!(text.contains(" · ✎ named, merged by a person\n"), "{text}");
        assert!(text.contains(" ✎ moved |"), "{text}");
        assert!(!text.contains("<script>") && !text.contains("<img"), "{text}");
    }
}
