//! Lists of roles and of specialisations.

use std::fmt::Write;

use rolecluster::clustering::ClusterId;
use rolecluster::language::Language;
use rolecluster::pipeline::Hit;
use rolecluster::profile::ClusterProfile;
use rolecluster::report::Placement;
use rolecluster::text::truncate;

use super::super::html::{Inline, Piece, Text};
use super::super::marks::marked;
use super::super::words::words;

/// Columns of a sentence that are shown; a Chinese character takes two.
const SENTENCE: usize = 220;
const TITLE: usize = 200;
/// Technologies named beside a specialisation.
const TECHNOLOGIES: usize = 5;

/// Hits, best first, with what they share with the query.
pub fn hit_list(hits: &[Hit], language: Language) -> String {
    let words = words(language);
    let mut out = String::from("<ol class=\"hits\">\n");
    for hit in hits {
        let why = hit.explanation.as_ref();
        let shared: &[String] = why.map_or(&[], |why| &why.words);
        let title = match hit.title.trim() {
            "" => words.no_title.to_string(),
            title => marked(&truncate(title, TITLE), shared),
        };
        let _ = write!(
            out,
            "<li><a class=\"role\" href=\"/roles/{}\"><bdi>{title}</bdi></a>\
             <span class=\"score\" title=\"{}\">{:.3}</span><p class=\"under\">{}",
            Piece(hit.id.as_str()),
            words.score,
            hit.score,
            place(hit.cluster, hit.cluster_name.as_deref(), language),
        );
        if let Some(section) = &hit.section {
            let _ = write!(out, " <span>{}</span>", Inline(&truncate(section, 60)));
        }
        let _ = write!(out, " <span>{}</span></p>", Inline(&truncate(hit.id.as_str(), 40)));
        if let Some(why) = why {
            let sentence = truncate(&why.sentence, SENTENCE);
            if !sentence.is_empty() {
                let sentence = marked(&sentence, shared);
                let _ = write!(out, "<p class=\"sentence\" dir=\"auto\">{sentence}</p>");
            }
            out.push_str(&chips(why.technologies.iter().map(String::as_str)));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    out
}

/// Roles by name, for a specialisation.
pub fn role_list<'a>(roles: impl IntoIterator<Item = &'a Placement>, language: Language) -> String {
    let mut out = String::from("<ul class=\"roles\">\n");
    for role in roles {
        let _ = write!(out, "<li>{}", role_link(role.id.as_str(), &role.title, language));
        if let Some(section) = &role.section {
            let _ = write!(out, " <span class=\"soft\">{}</span>", Inline(&truncate(section, 60)));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
    out
}

pub fn role_link(id: &str, title: &str, language: Language) -> String {
    let title = match title.trim() {
        "" => words(language).no_title,
        title => title,
    };
    format!("<a href=\"/roles/{}\">{}</a>", Piece(id), Inline(&truncate(title, TITLE)))
}

/// Specialisations, with their size and what they ask for.
pub fn cluster_list(clusters: &[ClusterProfile]) -> String {
    let mut out = String::from("<ul class=\"clusters\">\n");
    for cluster in clusters {
        let names = cluster.technologies.iter().take(TECHNOLOGIES).map(|t| t.label.as_str());
        let names: Vec<&str> = names.collect();
        let _ = writeln!(
            out,
            "<li><a href=\"/clusters/{}\">{}</a> <span class=\"size\">{}</span>\
             <p class=\"soft\">{}</p></li>",
            cluster.id.0,
            Inline(&cluster.name),
            cluster.size,
            Text(&names.join(", ")),
        );
    }
    out.push_str("</ul>\n");
    out
}

/// The specialisation a role stands in.
pub fn place(cluster: Option<ClusterId>, name: Option<&str>, language: Language) -> String {
    match (cluster, name) {
        (Some(id), Some(name)) => {
            format!("<a class=\"place\" href=\"/clusters/{}\">{}</a>", id.0, Inline(name))
        }
        _ => format!("<span class=\"place\">{}</span>", words(language).no_cluster),
    }
}

/// Technologies, each a search for itself.
pub fn chips<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let chip = |name| format!("<a href=\"/?q={}\">{}</a>", Piece(name), Inline(name));
    let chips: String = names.map(chip).collect();
    if chips.is_empty() { chips } else { format!("<p class=\"chips\">{chips}</p>") }
}
