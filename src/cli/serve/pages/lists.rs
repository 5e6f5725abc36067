//! Lists of hits, roles and specialisations.

use maud::{Markup, html};
use rolecluster::clustering::ClusterId;
use rolecluster::language::Language;
use rolecluster::pipeline::Hit;
use rolecluster::profile::ClusterProfile;
use rolecluster::report::Placement;
use rolecluster::search::Explanation;
use rolecluster::text::truncate;

use super::super::highlight::highlighted;
use super::super::served_run::ServedRun;
use super::super::ui_text::ui_text;
use super::markup::{encoded, pen, title_or_placeholder};

// Longest texts shown, in columns of a fixed-width font; a Chinese character takes two.
const SENTENCE: usize = 220;
const TITLE: usize = 200;
const SECTION: usize = 60;
const ID: usize = 40;
/// Technologies named beside a specialisation.
const N_TECHNOLOGIES: usize = 5;

/// Hits, best first, with what they share with the query.
pub fn hit_list(hits: &[Hit], run: &ServedRun) -> Markup {
    html! {
        ol.hits {
            @for hit in hits { li { (hit_item(hit, run)) } }
        }
    }
}

fn hit_item(hit: &Hit, run: &ServedRun) -> Markup {
    let language = run.language();
    let why = hit.explanation.as_ref();
    let shared: &[String] = why.map_or(&[], |why| &why.words);
    let title = title_or_placeholder(run, hit.id.as_str(), &hit.title);
    html! {
        a.role href={ "/roles/" (encoded(hit.id.as_str())) } {
            bdi { (highlighted(&truncate(title, TITLE), shared)) }
        }
        span.score title=(ui_text(language).score) { (format!("{:.3}", hit.score)) }
        p.under {
            (cluster_link(hit.cluster, hit.cluster_name.as_deref(), language))
            @if let Some(section) = &hit.section {
                " " span { bdi { (truncate(section, SECTION)) } }
            }
            " " span { bdi { (truncate(hit.id.as_str(), ID)) } }
        }
        @if let Some(why) = why { (explanation(why)) }
    }
}

fn explanation(why: &Explanation) -> Markup {
    let sentence = truncate(&why.sentence, SENTENCE);
    html! {
        @if !sentence.is_empty() {
            p.sentence dir="auto" { (highlighted(&sentence, &why.words)) }
        }
        (technology_links(why.technologies.iter().map(String::as_str)))
    }
}

/// Roles by title.
pub fn role_list<'a>(roles: impl IntoIterator<Item = &'a Placement>, run: &ServedRun) -> Markup {
    let title = |role: &'a Placement| title_or_placeholder(run, role.id.as_str(), &role.title);
    html! {
        ul.roles {
            @for role in roles {
                li {
                    a href={ "/roles/" (encoded(role.id.as_str())) } {
                        bdi { (truncate(title(role), TITLE)) }
                    }
                    (pen(role.by_hand.as_slice(), run.language()))
                    @if let Some(section) = &role.section {
                        " " span.soft { bdi { (truncate(section, SECTION)) } }
                    }
                }
            }
        }
    }
}

/// Specialisations, with their size and technologies.
pub fn cluster_list(clusters: &[ClusterProfile], language: Language) -> Markup {
    let technologies = |cluster: &ClusterProfile| {
        let names = cluster.technologies.iter().take(N_TECHNOLOGIES).map(|t| t.label.as_str());
        names.collect::<Vec<&str>>().join(", ")
    };
    html! {
        ul.clusters {
            @for cluster in clusters {
                li {
                    span {
                        a href={ "/clusters/" (cluster.id) } { bdi { (cluster.name) } }
                        (pen(&cluster.by_hand, language))
                    }
                    " " span.size { (cluster.size) }
                    p.soft { (technologies(cluster)) }
                }
            }
        }
    }
}

/// The specialisation of a role, as a link.
pub fn cluster_link(id: Option<ClusterId>, name: Option<&str>, language: Language) -> Markup {
    html! {
        @if let (Some(id), Some(name)) = (id, name) {
            a.place href={ "/clusters/" (id) } { bdi { (name) } }
        } @else {
            span.place { (ui_text(language).no_cluster) }
        }
    }
}

/// Technologies, each a link to a search for it.
pub fn technology_links<'a>(names: impl Iterator<Item = &'a str>) -> Markup {
    let names: Vec<&str> = names.collect();
    html! {
        @if !names.is_empty() {
            p.chips {
                @for name in names { a href={ "/?q=" (encoded(name)) } { bdi { (name) } } }
            }
        }
    }
}
