//! The search form: its state in the query string, and its markup.

use std::fmt::Write;

use maud::{Markup, html};
use rolecluster::language::Language;

use super::super::super::answering::SearchRequest;
use super::super::super::answering::limits::{LONGEST_QUERY, MOST_ROLES};
use super::super::api_error::ApiError;
use super::super::search_params::pairs;
use super::super::served_run::ServedRun;
use super::super::ui_text::{UiText, ui_text};
use super::markup::encoded;

/// Hits shown at first.
const N_SHOWN: usize = 20;
/// In the order of [`UiText::modes`].
const MODES: [&str; 3] = ["hybrid", "semantic", "lexical"];
/// A list with more options than this is left out.
const MOST_OPTIONS: usize = 300;

/// The form as it was filled in. Unknown parameters are ignored, since addresses of pages are
/// typed and passed on by people.
#[derive(Default)]
pub struct SearchForm {
    text: String,
    mode: String,
    cluster: String,
    section: String,
    language: String,
    technology: String,
    /// Whether as many hits are wanted as may be had.
    pub more: bool,
}

impl SearchForm {
    pub fn parse(query: Option<&str>) -> Self {
        let mut form = SearchForm { mode: MODES[0].into(), ..SearchForm::default() };
        for (name, value) in pairs(query) {
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

    /// The search the form asks for; `None` without a query.
    pub fn request(&self) -> Result<Option<SearchRequest>, ApiError> {
        if self.text.trim().is_empty() {
            return Ok(None);
        }
        let filters = self.filters().filter(|(_, value)| !value.trim().is_empty());
        let filters = filters.map(|(field, value)| format!("{field}={value}")).collect();
        let k = if self.more { MOST_ROLES } else { N_SHOWN };
        Ok(Some(SearchRequest::new(self.text.clone(), Some(&self.mode), k, filters, None)?))
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

    /// The address of the same search with more hits.
    pub fn address_of_more(&self) -> String {
        let (text, mode) = (encoded(&self.text), encoded(&self.mode));
        let mut address = format!("/?q={text}&mode={mode}&more=1");
        for (field, value) in self.filters().filter(|(_, value)| !value.is_empty()) {
            // Writing to a string does not fail.
            let _ = write!(address, "&{field}={}", encoded(value));
        }
        address
    }

    /// The address of the map that shows the same search.
    pub fn address_on_map(&self) -> String {
        let mut state = form_urlencoded::Serializer::new(String::new());
        state.append_pair("q", &self.text).append_pair("mode", &self.mode);
        for (field, value) in self.filters().filter(|(_, value)| !value.trim().is_empty()) {
            state.append_pair("filter", &format!("{field}={value}"));
        }
        format!("/map#{}", state.finish())
    }

    pub fn markup(&self, run: &ServedRun) -> Markup {
        let text = ui_text(run.language());
        html! {
            form #search role="search" method="get" action="/" {
                input #q name="q" type="search" value=(self.text) placeholder=(text.hint)
                    aria-label=(text.search) maxlength=(LONGEST_QUERY) autocomplete="off"
                    spellcheck="false" dir="auto" autofocus;
                div.choices {
                    (self.modes(text))
                    (self.choices(run, text))
                }
                noscript { button { (text.search) } }
            }
            p.keys { (text.keys) }
        }
    }

    fn modes(&self, text: &UiText) -> Markup {
        html! {
            fieldset.modes {
                legend { (text.mode) }
                @for (mode, (name, meaning)) in MODES.iter().zip(text.modes) {
                    label title=(meaning) {
                        input type="radio" name="mode" value=(mode) checked[self.mode == *mode];
                        span { (name) }
                    }
                }
            }
        }
    }

    fn choices(&self, run: &ServedRun, text: &UiText) -> Markup {
        let clusters = run.opened.clusters().iter().map(|c| (c.id.to_string(), c.name.clone()));
        let mut clusters: Vec<(String, String)> = clusters.collect();
        if run.opened.n_noise() > 0 && !clusters.is_empty() {
            clusters.push(("none".into(), text.no_cluster.into()));
        }
        let sections: Vec<_> =
            run.sections().iter().map(|name| (name.clone(), name.clone())).collect();
        let name = |code: &str| language_name(code, run.language());
        let languages: Vec<_> =
            run.languages().iter().map(|(code, _)| (code.to_string(), name(code))).collect();
        let technologies = run.opened.report().map_or(&[][..], |report| &report.technologies);
        let lists = [
            ("cluster", text.cluster, &self.cluster, clusters),
            ("section", text.section, &self.section, sections),
            ("language", text.language, &self.language, languages),
        ];
        html! {
            @for (name, label, value, options) in lists {
                (Select { name, label, value, options }.markup(text))
            }
            label.choice {
                (text.technology) " "
                input name="technology" list="technologies" value=(self.technology)
                    placeholder=(text.any) autocomplete="off";
            }
            datalist #technologies {
                @for technology in technologies.iter().take(MOST_OPTIONS) {
                    option value=(technology.name) {}
                }
            }
        }
    }
}

/// A list of values for a filter.
struct Select<'a> {
    name: &'static str,
    label: &'a str,
    value: &'a str,
    /// Value and text.
    options: Vec<(String, String)>,
}

impl Select<'_> {
    /// Nothing where there is no choice, or too much of it.
    fn markup(&self, text: &UiText) -> Markup {
        html! {
            @if (2..=MOST_OPTIONS).contains(&self.options.len()) {
                label.choice {
                    (self.label) " "
                    select name=(self.name) {
                        option value="" { (text.any) }
                        @for (value, text) in &self.options {
                            option value=(value) selected[value == self.value] { (text) }
                        }
                    }
                }
            }
        }
    }
}

/// The name of a language; a rare one keeps its code.
fn language_name(code: &str, language: Language) -> String {
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
