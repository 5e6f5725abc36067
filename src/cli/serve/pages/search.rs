//! The search page, and its hits alone for a page that is there already.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rolecluster::language::Language;

use super::super::html::{Piece, Text};
use super::super::problem::Problem;
use super::super::request::{self, Asked, LONGEST_QUERY, MOST_ROLES};
use super::super::site::Site;
use super::super::words::{self, words};
use super::super::{App, Shared, api, assets};
use super::frame::Page;
use super::html;
use super::list::{cluster_list, hit_list};

/// Hits shown at first.
const SHOWN: usize = 20;
/// In the order of the words for them.
const MODES: [&str; 3] = ["hybrid", "semantic", "lexical"];
/// Choices of a list; a longer one is no help.
const MOST_CHOICES: usize = 300;

/// The form as it was filled in; what it does not know it leaves alone, since the address of
/// a page is typed and passed on by people.
#[derive(Default)]
struct Form {
    text: String,
    mode: String,
    cluster: String,
    section: String,
    language: String,
    technology: String,
    more: bool,
}

impl Form {
    fn read(query: Option<&str>) -> Self {
        let mut form = Form { mode: MODES[0].into(), ..Form::default() };
        for (name, value) in request::pairs(query) {
            match name.as_str() {
                "q" => form.text = value,
                "mode" if MODES.contains(&value.as_str()) => form.mode = value,
                "cluster" => form.cluster = value,
                "section" => form.section = value,
                "language" => form.language = value,
                "technology" => form.technology = value,
                "more" => form.more = true,
                _ => {}
            }
        }
        form
    }

    /// What is to be looked for; `None` before anything was typed.
    fn asked(&self) -> Result<Option<Asked>, Problem> {
        if self.text.trim().is_empty() {
            return Ok(None);
        }
        let filters = self.filters().filter(|(_, value)| !value.trim().is_empty());
        let filters = filters.map(|(field, value)| format!("{field}={value}")).collect();
        let k = if self.more { MOST_ROLES } else { SHOWN };
        Asked::new(self.text.clone(), Some(&self.mode), k, filters).map(Some)
    }

    fn filters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("cluster", self.cluster.as_str()),
            ("section", &self.section),
            ("language", &self.language),
            ("technology", &self.technology),
        ]
        .into_iter()
    }

    /// The address that shows more hits.
    fn address_of_more(&self) -> String {
        let mut address = format!("/?q={}&mode={}&more=1", Piece(&self.text), Piece(&self.mode));
        for (field, value) in self.filters().filter(|(_, value)| !value.is_empty()) {
            // Writing to a string does not fail.
            let _ = write!(address, "&{field}={}", Piece(value));
        }
        address
    }
}

/// `/`: the form, and below it hits or, before anything was looked for, the specialisations.
pub async fn search(State(app): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let form = Form::read(query.as_deref());
    let found = match answer(&app, &form).await? {
        Some(found) => format!("<div id=\"found\">{found}</div>"),
        None => "<div id=\"found\" hidden></div>".into(),
    };
    let site = &app.site;
    let (language, clusters) = (site.language(), site.clusters());
    let title = words::title(language, site.n_roles(), clusters.len());
    let mut body = form_of(&form, site, &title);
    body.push_str(&found);
    if !clusters.is_empty() {
        let hidden = if form.text.trim().is_empty() { "" } else { " hidden" };
        let _ = write!(
            body,
            "<section id=\"all\"{hidden}><h2>{}</h2>{}</section>",
            words(language).clusters,
            cluster_list(clusters)
        );
    }
    let map = site.map().is_some().then_some("");
    Ok(html(&Page { language, title: &title, map, body: &body }))
}

/// `/hits`: what stands below the form. What is wrong with a query is said in the same place.
pub async fn hits(State(app): Shared, RawQuery(query): RawQuery) -> Response {
    let (status, markup) = match answer(&app, &Form::read(query.as_deref())).await {
        Ok(found) => (axum::http::StatusCode::OK, found.unwrap_or_default()),
        Err(problem) => {
            (problem.status(), format!("<p class=\"count\">{}</p>", Text(problem.message())))
        }
    };
    (status, [(header::CONTENT_TYPE, assets::HTML)], markup).into_response()
}

async fn answer(app: &Arc<App>, form: &Form) -> Result<Option<String>, Problem> {
    let Some(asked) = form.asked()? else { return Ok(None) };
    let language = app.site.language();
    let (hits, asked) = api::found(app, asked).await?;
    let words = words(language);
    let count = match hits.len() {
        0 => words.no_hits.to_string(),
        n if n == asked.options.k => words::nearest(language, n),
        n => words::n_roles(language, n),
    };
    let mut out = format!("<p class=\"count\">{count}</p>{}", hit_list(&hits, language));
    if hits.len() == asked.options.k && !form.more {
        let address = form.address_of_more();
        let _ =
            write!(out, "<p><a class=\"more\" href=\"{}\">{}</a></p>", Text(&address), words.more);
    }
    Ok(Some(out))
}

fn form_of(form: &Form, site: &Site, title: &str) -> String {
    let language = site.language();
    let words = words(language);
    let mut out = format!(
        "<h1>{title}</h1>\n<form id=\"search\" role=\"search\" method=\"get\" action=\"/\">\
         <input id=\"q\" name=\"q\" type=\"search\" value=\"{}\" placeholder=\"{}\" \
         aria-label=\"{}\" maxlength=\"{LONGEST_QUERY}\" autocomplete=\"off\" \
         spellcheck=\"false\" dir=\"auto\" autofocus>\
         <div class=\"choices\"><fieldset class=\"modes\"><legend>{}</legend>",
        Text(&form.text),
        words.hint,
        words.search,
        words.mode
    );
    for (mode, (name, meaning)) in MODES.iter().zip(words.modes) {
        let checked = if form.mode == *mode { " checked" } else { "" };
        let _ = write!(
            out,
            "<label title=\"{meaning}\"><input type=\"radio\" name=\"mode\" value=\"{mode}\"\
             {checked}><span>{name}</span></label>"
        );
    }
    out.push_str("</fieldset>");
    let clusters = site.clusters().iter().map(|c| (c.id.0.to_string(), c.name.clone()));
    let mut clusters: Vec<(String, String)> = clusters.collect();
    if site.n_noise() > 0 && !clusters.is_empty() {
        clusters.push(("none".into(), words.no_cluster.into()));
    }
    let same = |text: &String| (text.clone(), text.clone());
    let sections: Vec<_> = site.sections().iter().map(same).collect();
    let spoken = |&(code, _): &(&str, usize)| (code.to_string(), in_words(code, language));
    let languages: Vec<_> = site.languages().iter().map(spoken).collect();
    choice(&mut out, "cluster", words.cluster, words.any, &form.cluster, &clusters);
    choice(&mut out, "section", words.section, words.any, &form.section, &sections);
    choice(&mut out, "language", words.language, words.any, &form.language, &languages);
    technology(&mut out, form, site);
    let _ = write!(
        out,
        "</div><noscript><button>{}</button></noscript></form>\n<p class=\"keys\">{}</p>\n",
        words.search, words.keys
    );
    out
}

/// A list to choose from, unless there is nothing to choose.
fn choice(
    out: &mut String,
    name: &str,
    label: &str,
    any: &str,
    chosen: &str,
    choices: &[(String, String)],
) {
    if choices.len() < 2 || choices.len() > MOST_CHOICES {
        return;
    }
    let _ = write!(
        out,
        "<label class=\"choice\">{label} <select name=\"{name}\"><option value=\"\">{any}</option>"
    );
    for (value, text) in choices {
        let selected = if value == chosen { " selected" } else { "" };
        let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", Text(value), Text(text));
    }
    out.push_str("</select></label>");
}

fn technology(out: &mut String, form: &Form, site: &Site) {
    let known = site.report().map_or(&[][..], |report| &report.technologies);
    let _ = write!(
        out,
        "<label class=\"choice\">{} <input name=\"technology\" list=\"technologies\" value=\"{}\" \
         placeholder=\"{}\" autocomplete=\"off\"></label><datalist id=\"technologies\">",
        words(site.language()).technology,
        Text(&form.technology),
        words(site.language()).any
    );
    for technology in known.iter().take(MOST_CHOICES) {
        let _ = write!(out, "<option value=\"{}\">", Text(&technology.name));
    }
    out.push_str("</datalist>");
}

/// The commonest languages by name, others by code.
fn in_words(code: &str, language: Language) -> String {
    let (zh, en) = match code {
        "zh" => ("中文", "Chinese"),
        "en" => ("英文", "English"),
        "ja" => ("日文", "Japanese"),
        "ko" => ("韩文", "Korean"),
        "de" => ("德文", "German"),
        "fr" => ("法文", "French"),
        "es" => ("西班牙文", "Spanish"),
        "ru" => ("俄文", "Russian"),
        "mixed" => ("多种", "mixed"),
        "unknown" => ("不明", "unknown"),
        other => (other, other),
    };
    match language {
        Language::Zh => zh.into(),
        Language::En => en.into(),
    }
}
