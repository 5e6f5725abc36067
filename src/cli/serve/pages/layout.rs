//! The frame of every page: head, header, navigation.

use maud::{DOCTYPE, Markup, html};
use rolecluster::language::Language;

use super::super::ui_text::ui_text;

/// A whole page.
pub struct Page<'a> {
    pub language: Language,
    pub title: &'a str,
    /// The fragment of the link to the map, such as `#cluster=3`; `None` where there is no map.
    pub map: Option<&'a str>,
    pub body: Markup,
}

impl Page<'_> {
    pub fn markup(&self) -> Markup {
        let text = ui_text(self.language);
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    link rel="icon" href="/icon.svg";
                    link rel="stylesheet" href="/serve.css";
                    script src="/serve.js" defer {}
                }
                body data-unreachable=(text.unreachable) {
                    a.skip href="#content" { (text.skip) }
                    header {
                        a.home href="/" { "rolecluster" }
                        nav {
                            a href="/" { (text.home) }
                            @if let Some(place) = self.map {
                                a href={ "/map" (place) } { (text.map) }
                            }
                        }
                        (theme_button(text.theme))
                    }
                    main #content tabindex="-1" { (self.body) }
                }
            }
        }
    }
}

/// Hidden until the script that it needs has run.
fn theme_button(label: &str) -> Markup {
    html! {
        button #theme type="button" aria-label=(label) title=(label) hidden {
            svg viewBox="0 0 16 16" aria-hidden="true" {
                circle cx="8" cy="8" r="5.5" {}
                path d="M8 2.5a5.5 5.5 0 0 1 0 11z" {}
            }
        }
    }
}
