//! `map.png`: the picture of [`super::svg`] in pixels and light colours, for slides and
//! documents that take no SVG. Names are drawn with the fonts of this machine.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{FontResolver, Options, Tree};

use super::picture::scene::Scene;
use super::svg;
use crate::language::Language;
use crate::report::Report;

/// Pixels per unit of the picture, so that names are sharp in print.
const SCALE: f32 = 2.0;

/// Draws the map of `report` and returns the characters no font of this machine has, in order:
/// names are drawn without them. Equal reports give equal bytes on one machine.
///
/// # Errors
/// When the report holds no map, or `out` cannot be written.
pub fn png(report: &Report, language: Language, out: &mut dyn Write) -> io::Result<Vec<char>> {
    let scene = Scene::of(report)?;
    let picture = svg::draw(report, &scene, language).map_err(io::Error::other)?;
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let (pixels, missing) = drawn(picture, fonts)?;
    out.write_all(&pixels)?;
    Ok(missing)
}

/// Renders a picture; also returns the characters that none of `fonts` has.
fn drawn(mut picture: String, fonts: Database) -> io::Result<(Vec<u8>, Vec<char>)> {
    let fonts = Arc::new(fonts);
    let mut missing = BTreeSet::new();
    let tree = loop {
        let (tree, found) = read(&picture, &fonts)?;
        if found.is_empty() {
            break tree;
        }
        // Missing characters become spaces. The resolver reports one per name and pass.
        let kept = |c: char| if found.contains(&c) { ' ' } else { c };
        picture = picture.chars().map(kept).collect();
        missing.extend(found);
    };
    let size = tree.size();
    let [width, height] = [size.width(), size.height()].map(|length| (SCALE * length) as u32);
    let mut pixels = Pixmap::new(width, height)
        .ok_or_else(|| io::Error::other("the picture is too large for memory"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(io::Error::other)?;
    Ok((bytes, missing.into_iter().collect()))
}

/// Parses a picture, its text converted to outlines, and returns the characters without a font.
fn read(picture: &str, fonts: &Arc<Database>) -> io::Result<(Tree, BTreeSet<char>)> {
    let missing = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&missing);
    let named_font = FontResolver::default_font_selector();
    let other_font = FontResolver::default_fallback_selector();
    let options = Options {
        fontdb: Arc::clone(fonts),
        font_resolver: FontResolver {
            // Any font, where none of the style sheet is installed.
            select_font: Box::new(move |font, fonts| {
                named_font(font, fonts).or_else(|| fonts.faces().next().map(|face| face.id))
            }),
            select_fallback: Box::new(move |c, tried, fonts| {
                let found = other_font(c, tried, fonts);
                if found.is_none() && !c.is_ascii() {
                    locked(&seen).insert(c);
                }
                found
            }),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(picture, &options).map_err(io::Error::other)?;
    let mut missing = std::mem::take(&mut *locked(&missing));
    if fonts.is_empty() {
        missing.extend(picture.chars().filter(|c| !c.is_ascii()));
    }
    Ok((tree, missing))
}

fn locked(characters: &Mutex<BTreeSet<char>>) -> MutexGuard<'_, BTreeSet<char>> {
    characters.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;

    fn picture(n: usize, n_clusters: usize) -> (Report, String) {
        let (report, _) = sample(n, n_clusters);
        let scene = Scene::of(&report).unwrap();
        let picture = svg::draw(&report, &scene, Language::Zh).unwrap();
        (report, picture)
    }

    #[test]
    fn equal_reports_give_equal_bytes_on_any_number_of_threads() {
        let (report, _) = picture(120, 4);
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut out = Vec::new();
            pool.install(|| png(&report, Language::Zh, &mut out)).unwrap();
            out
        };
        let once = on(1);
        assert_eq!(once, on(3));
        assert_eq!(&once[..8], b"\x89PNG\r\n\x1a\n");
        // Width and height stand first in the header, big-endian.
        let side = |at: usize| u32::from_be_bytes(once[at..at + 4].try_into().unwrap());
        assert!(side(16) > 1_500 && side(20) > 900, "{} x {}", side(16), side(20));
    }

    #[test]
    fn every_colour_of_the_page_is_read() {
        let (_, picture) = picture(120, 4);
        let (bytes, _) = drawn(picture, Database::new()).unwrap();
        let pixels = Pixmap::decode_png(&bytes).unwrap();
        let colours: BTreeSet<[u8; 3]> =
            pixels.pixels().iter().map(|p| [p.red(), p.green(), p.blue()]).collect();
        assert_eq!(pixels.pixel(0, 0).map(|p| p.alpha()), Some(255), "paper is painted");
        assert!(colours.contains(&[255, 255, 255]));
        assert!(colours.len() > 20, "{} colours", colours.len());
    }

    #[test]
    fn characters_without_a_font_are_told_and_left_out() {
        let (_, picture) = picture(30, 3);
        let named = picture.replace("</g>\n</svg>", "<text>集群</text></g>\n</svg>");
        let (bytes, missing) = drawn(named, Database::new()).unwrap();
        assert!(missing.contains(&'集') && missing.contains(&'群'), "{missing:?}");
        assert!(missing.iter().all(|c| !c.is_ascii()));
        assert!(bytes.len() > 1_000);
    }

    #[test]
    fn a_report_without_a_map_is_refused_with_advice() {
        let (mut report, _) = sample(3, 1);
        report.map = None;
        let error = png(&report, Language::En, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("cluster the run folder again"));
    }
}
