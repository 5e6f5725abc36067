//! The answers in words.

use std::fmt::Write;

use super::super::answering::answers::Hit;
use super::super::table::{counted, percent};
use super::answers::{
    AssignAnswer, Brief, ComparisonAnswer, DirectionBrief, ListAnswer, RoleAnswer, RolesAnswer,
    SharedUse, SpecialisationAnswer,
};
use super::quote::{NOTICE, quoted};
use super::tool_answer::InWords;

/// Writing to a string does not fail.
macro_rules! say {
    ($out:expr, $($text:tt)*) => { let _ = writeln!($out, $($text)*); };
}

impl InWords for RolesAnswer {
    fn in_words(&self) -> String {
        let mut out = match self.hits.len() {
            0 if self.nothing_near => "No role is near that.\n".to_string(),
            0 => "No role matches.\n".to_string(),
            n => format!("{}, best first. {NOTICE}\n", counted(n, "role")),
        };
        if let Some(better) = &self.searched_for {
            say!(out, "These are results for {}.", quoted(better));
        }
        if let Some(unwanted) = &self.unwanted {
            say!(out, "Roles about {} come later.", quoted(unwanted));
        }
        for hit in &self.hits {
            let Hit { rank, id, title, score, section, explanation, .. } = hit;
            let place = place(hit.cluster, hit.cluster_name.as_deref());
            let section = section
                .as_deref()
                .map_or_else(String::new, |section| format!(", section {}", quoted(section)));
            say!(out, "{rank}. {} (id {id}, score {score:.3}, {place}{section})", quoted(title));
            if let Some(why) = explanation {
                if !why.sentence.is_empty() {
                    say!(out, "   {}", quoted(&why.sentence));
                }
                for (what, shared) in [("technologies", &why.technologies), ("words", &why.words)] {
                    if !shared.is_empty() {
                        say!(out, "   shared {what}: {}", quoted(&shared.join(", ")));
                    }
                }
            }
        }
        out + truncated(self.truncated, "get_role has the whole text of a role").as_str()
    }
}

impl InWords for RoleAnswer {
    fn in_words(&self) -> String {
        let mut out = format!("Role {}: {}. {NOTICE}\n", self.id, quoted(&self.title));
        let surely = self.strength.filter(|_| self.cluster.is_some());
        let surely = surely.map_or_else(String::new, |s| format!(", strength {s:.2}"));
        let place = place(self.cluster, self.cluster_name.as_deref());
        let direction = self
            .direction_name
            .as_deref()
            .map_or_else(String::new, |name| format!(", direction {}", quoted(name)));
        say!(out, "It is {place}{direction}{surely}{}.", set_by_a_person(&self.by_hand));
        say!(out, "language: {}", self.language);
        for (what, list) in [("technologies", &self.technologies), ("stack", &self.stack)] {
            if !list.is_empty() {
                say!(out, "{what}: {}", quoted(&list.join(", ")));
            }
        }
        let section = self.section.iter().map(|section| ("section", section));
        let fields = self.fields.iter().map(|(name, value)| (name.as_str(), value));
        for (name, value) in section.chain(fields) {
            say!(out, "{}: {}", quoted(name), quoted(value));
        }
        if let Some(first) = &self.duplicate_of {
            say!(out, "Its text repeats that of role {first}.");
        }
        let end = self.offset + self.text.chars().count();
        say!(out, "Text, characters {} to {end} of {}:", self.offset, self.length);
        out.push_str(&self.fenced);
        if end < self.length {
            say!(out, "(truncated: read on with offset {end})");
        }
        out
    }
}

impl InWords for ListAnswer {
    fn in_words(&self) -> String {
        let mut out = format!(
            "{} in {}; {} in none. {NOTICE}\n",
            counted(self.n_roles, "role"),
            counted(self.n_specialisations, "specialisation"),
            self.n_unplaced
        );
        for direction in &self.directions {
            say!(out, "{}", direction_line(direction));
        }
        for brief in &self.specialisations {
            say!(out, "{}", line(brief));
        }
        let next = self.offset + self.specialisations.len();
        out + &truncated(self.truncated, &format!("read on with offset {next}"))
    }
}

impl InWords for SpecialisationAnswer {
    fn in_words(&self) -> String {
        let mut out = format!("Specialisation {}. {NOTICE}\n", line(&self.brief));
        say!(out, "typical words: {}", quoted(&self.terms.join(", ")));
        say!(out, "technologies:");
        for used in &self.uses {
            let (share, lift) = (percent(used.share), used.lift);
            say!(out, "- {}: {share} of its roles, {lift:.1} times the average", used.label);
        }
        say!(out, "roles, the most typical first:");
        for role in &self.roles {
            let by_hand = set_by_a_person(&role.by_hand);
            say!(out, "- {} (id {}{by_hand})", quoted(&role.title), role.id);
        }
        let rest =
            format!("search_roles with the filter cluster={} finds others", self.brief.cluster);
        out + &truncated(self.truncated, &rest)
    }
}

impl InWords for ComparisonAnswer {
    fn in_words(&self) -> String {
        let mut out = format!("Two specialisations. {NOTICE}\n");
        say!(out, "first: {}", line(&self.first));
        say!(out, "second: {}", line(&self.second));
        let mut uses = |title: &str, list: &[SharedUse]| {
            say!(out, "{title}{}", if list.is_empty() { " none" } else { "" });
            for one in list {
                let (first, second) = (percent(one.first), percent(one.second));
                say!(out, "- {}: {first} of the first, {second} of the second", one.name);
            }
        };
        uses("technologies of both:", &self.in_common);
        uses("technologies that one asks for more often:", &self.differences);
        for (title, terms) in [
            ("words of both", &self.common_terms),
            ("words of the first alone", &self.first_terms),
            ("words of the second alone", &self.second_terms),
        ] {
            say!(out, "{title}: {}", quoted(&terms.join(", ")));
        }
        out + &truncated(self.truncated, "get_specialisation has more of each")
    }
}

impl InWords for AssignAnswer {
    fn in_words(&self) -> String {
        match &self.specialisation {
            None => {
                let reason = self.reason.as_deref().map_or_else(String::new, |r| format!(" ({r})"));
                format!(
                    "The text fits no specialisation{reason}; search_roles may find single roles \
                     that are like it."
                )
            }
            Some(brief) => format!(
                "The text belongs to specialisation {}, strength {:.2}. {NOTICE}",
                line(brief),
                self.strength
            ),
        }
    }
}

/// A specialisation on a line.
fn line(brief: &Brief) -> String {
    let Brief { cluster, name, size, share, direction, by_hand, technologies } = brief;
    let technologies = match technologies.is_empty() {
        true => String::new(),
        false => format!(": {}", technologies.join(", ")),
    };
    let (size, share) = (counted(*size, "role"), percent(*share));
    let direction = direction
        .as_deref()
        .map_or_else(String::new, |name| format!(", direction {}", quoted(name)));
    let by_hand = set_by_a_person(by_hand);
    format!("{cluster} {} ({size}, {share} of all{direction}{by_hand}){technologies}", quoted(name))
}

/// A direction on a line.
fn direction_line(direction: &DirectionBrief) -> String {
    let DirectionBrief { id, name, size, clusters, source, by_hand } = direction;
    let size = counted(*size, "role");
    let source = source.as_deref().map_or_else(String::new, |source| format!(", {source}"));
    let clusters: Vec<String> = clusters.iter().map(u32::to_string).collect();
    let by_hand = set_by_a_person(by_hand);
    format!(
        "direction {id} {} ({size}{source}{by_hand}): specialisations {}",
        quoted(name),
        clusters.join(", ")
    )
}

/// `, set by a person: named, merged`; nothing where a person set nothing.
fn set_by_a_person<'a>(all: impl IntoIterator<Item = &'a String>) -> String {
    let all: Vec<&str> = all.into_iter().map(String::as_str).collect();
    match all.is_empty() {
        true => String::new(),
        false => format!(", set by a person: {}", all.join(", ")),
    }
}

fn place(cluster: Option<u32>, name: Option<&str>) -> String {
    match (cluster, name) {
        (Some(id), Some(name)) => format!("in specialisation {id} {}", quoted(name)),
        _ => "in no specialisation".into(),
    }
}

fn truncated(truncated: bool, advice: &str) -> String {
    if truncated { format!("(truncated: {advice})\n") } else { String::new() }
}
