//! Cards of a job list: elements told by their name or class, each one role.

use super::lines::PageLine;
use super::tokens::Tag;

/// A card that has not ended yet.
pub(super) struct Card<'a> {
    pub name: &'a str,
    /// Elements of the same name open within it.
    pub depth: usize,
    /// Lines of the page before it.
    start: usize,
    /// It holds other cards, so it is the list.
    is_list: bool,
}

impl<'a> Card<'a> {
    pub fn new(name: &'a str, start: usize) -> Self {
        Card { name, depth: 0, start, is_list: false }
    }
}

/// Words for a posting in classes, as pages in many languages write them.
const POSTING: [&str; 12] = [
    "job",
    "posting",
    "vacancy",
    "vacature",
    "position",
    "opening",
    "opportunity",
    "stelle",
    "offre",
    "oferta",
    "vaga",
    "jobs",
];

/// Words for one of a list.
const ONE: [&str; 12] = [
    "card", "item", "row", "listing", "result", "entry", "tile", "post", "box", "summary",
    "teaser", "block",
];

/// Words for what surrounds the text of a page.
const MENU: [&str; 16] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "footer",
    "cookie",
    "cookies",
    "cookiebanner",
    "cookieconsent",
    "social",
    "share",
    "skiplink",
];

/// Whether an element is told to be one posting of a list.
pub(super) fn is_card(tag: &Tag<'_>) -> bool {
    if tag.is("article") || tag.attribute("itemtype").is_some_and(|t| t.ends_with("/JobPosting")) {
        return true;
    }
    let holder = ["div", "li", "section", "a", "tr"].iter().any(|name| tag.is(name));
    holder
        && classes(tag).any(|words| {
            let posting = words.iter().any(|word| POSTING.contains(&word.as_str()));
            match words.last().map(String::as_str) {
                // `job` and `vacancy` alone, but not `jobs`.
                Some(last) if words.len() == 1 => POSTING.contains(&last) && last != "jobs",
                Some(last) => posting && (ONE.contains(&last) || POSTING[..11].contains(&last)),
                None => false,
            }
        })
}

/// Whether an element of a card is told to be its title.
pub(super) fn is_title(tag: &Tag<'_>) -> bool {
    tag.attribute("itemprop").is_some_and(|property| property.trim() == "title")
        || classes(tag).any(|words| words.last().is_some_and(|last| last == "title"))
}

/// Whether an element is told to be a menu or the like.
pub(super) fn is_menu(tag: &Tag<'_>) -> bool {
    classes(tag).any(|words| MENU.contains(&words.concat().as_str()))
}

/// The classes of an element, each cut into words: `job-card`, `jobCard` and `job__card` are
/// `job` and `card`.
fn classes(tag: &Tag<'_>) -> impl Iterator<Item = Vec<String>> {
    let classes = tag.attribute("class").map(|class| class.into_owned()).unwrap_or_default();
    let words: Vec<Vec<String>> = classes.split_whitespace().take(20).map(words).collect();
    words.into_iter()
}

fn words(class: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut previous = '-';
    for c in class.chars().take(80) {
        if c.is_alphanumeric() {
            let begins = !previous.is_alphanumeric() || c.is_uppercase() && previous.is_lowercase();
            if begins {
                out.push(String::new());
            }
            if let Some(word) = out.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        previous = c;
    }
    out
}

/// Ends a card: its lines get its heading in front, the first line where it has none.
pub(super) fn close(card: Card<'_>, lines: &mut Vec<PageLine>, around: Option<&mut Card<'_>>) {
    let start = card.start.min(lines.len());
    if card.is_list || lines[start..].iter().all(|line| line.text.is_empty()) {
        if card.is_list
            && let Some(around) = around
        {
            around.is_list = true;
        }
        return;
    }
    if let Some(around) = around {
        around.is_list = true;
    }
    let level = |line: &PageLine| {
        let level = line.text.bytes().take_while(|b| *b == b'#').count();
        if level > 0 && line.text[level..].starts_with(' ') { level } else { 7 }
    };
    let best = (start..lines.len()).filter(|&at| !lines[at].text.is_empty());
    let Some(at) = best.min_by_key(|&at| level(&lines[at])) else { return };
    let mut heading = lines.remove(at);
    if level(&heading) == 7 {
        heading.text = format!("###### {}", heading.text.trim_start_matches(['-', ' ']));
    }
    heading.announces = true;
    lines.insert(start, heading);
}

#[cfg(test)]
mod tests {
    use super::super::lines::Between;
    use super::super::page::to_markdown;

    fn headings(page: &str) -> Vec<String> {
        let page = to_markdown(page, Between::Html, 1);
        page.lines.into_iter().filter(|line| line.announces).map(|line| line.text).collect()
    }

    #[test]
    fn cards_are_told_by_name_and_class() {
        for page in [
            "<article><p>Acme</p><h3>Cook</h3><p>x</p></article><article><h3>Baker</h3></article>",
            "<ul class=jobs><li class='job-card'><h3>Cook</h3></li><li class='job-card odd'><h3>Baker</h3></li></ul>",
            "<div class=jobList><div class='jobItem'><div><h3>Cook</h3></div></div><div class=jobItem><h3>Baker</h3></div></div>",
        ] {
            assert_eq!(headings(page), ["### Cook", "### Baker"], "{page}");
        }
    }

    #[test]
    fn a_card_without_a_heading_is_named_by_its_title_or_its_first_line() {
        for page in [
            "<div class=vacancy><span>Acme</span><div class=job-title>Cook</div></div>",
            "<div itemtype='https://schema.org/JobPosting'><p>Acme</p><b itemprop=title>Cook</b></div>",
            "<article>Cook<p>Soups and sauces</p></article>",
        ] {
            assert_eq!(headings(page), ["###### Cook"], "{page}");
        }
        assert_eq!(
            headings("<article><a href='/1'>Cook</a><p>Soups</p></article>"),
            ["###### [Cook](/1)"]
        );
    }

    #[test]
    fn parts_of_cards_and_lists_of_them_are_no_cards() {
        for class in
            ["job-description", "jobs", "job-location", "jobs-list", "positioning", "title"]
        {
            assert!(headings(&format!("<div class='{class}'>x</div>")).is_empty(), "{class}");
        }
    }
}
