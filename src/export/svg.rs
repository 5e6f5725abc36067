//! `map.svg`: the map as a still picture for papers and READMEs, light or dark as the reader
//! has it.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::markup::escaped;
use super::picture;
use super::picture::frame::Ring;
use super::picture::labels::{self, Ground, Placed, Wanted};
use super::picture::palette::{COLORS, Mark, Style};
use super::picture::scene::Scene;
use super::report_text;
use crate::language::Language;
use crate::report::Report;

/// Height of a line of a name, in frame units.
const LINE: f32 = 17.0;
/// Columns of a line of a name.
const COLUMNS: usize = 30;
/// With more specialisations than this, names leave out the technologies behind the dot.
const MANY: usize = 24;
/// Room for names around the map.
const BORDER: f32 = 90.0;
/// Room below it for the line about distances.
const FOOT: f32 = 1.5 * LINE;
/// System fonts, Chinese ones included.
const FONTS: &str = "-apple-system,'Segoe UI',Roboto,'PingFang SC','Hiragino Sans GB',\
     'Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif";

/// Draws the map of `report`.
///
/// # Errors
/// When the report holds no map, or `out` cannot be written.
pub fn svg(report: &Report, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let scene = Scene::of(report)?;
    out.write_all(draw(report, &scene, language).map_err(io::Error::other)?.as_bytes())
}

pub(super) fn draw(
    report: &Report,
    scene: &Scene,
    language: Language,
) -> Result<String, fmt::Error> {
    let mut s = String::new();
    let (width, height) = (scene.width + 2.0 * BORDER, scene.height + BORDER + FOOT);
    let title = report_text::title(language, report.placements.len(), report.profiles.len());
    writeln!(
        s,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" lang=\"{}\">",
        language.code()
    )?;
    writeln!(s, "<title>{}</title>", escaped(&title))?;
    style(&mut s)?;
    writeln!(s, "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>")?;
    writeln!(s, "<g transform=\"translate({BORDER} {:.0})\">", BORDER / 2.0)?;
    for region in &scene.regions {
        let class = region.style.color;
        writeln!(s, "<path class=\"o c{class}\" d=\"{}\"/>", path(&region.outer)?)?;
        writeln!(s, "<path class=\"i c{class}\" d=\"{}\"/>", path(&region.inner)?)?;
    }
    points(&mut s, report, scene)?;
    names(&mut s, report, scene)?;
    let (middle, foot) = (width / 2.0, height - 0.6 * FOOT);
    let nearness = escaped(picture::nearness(language));
    writeln!(s, "</g>\n<text class=\"sub\" x=\"{middle:.0}\" y=\"{foot:.0}\">{nearness}</text>")?;
    writeln!(s, "</svg>")?;
    Ok(s)
}

fn style(s: &mut String) -> fmt::Result {
    writeln!(s, "<style>")?;
    writeln!(
        s,
        "text{{font:600 {:.1}px {FONTS};text-anchor:middle;unicode-bidi:plaintext;",
        LINE * 0.78
    )?;
    writeln!(s, "paint-order:stroke;stroke-width:4px;stroke-linejoin:round}}")?;
    writeln!(s, ".sub{{font-weight:400;font-size:{:.1}px}}", LINE * 0.68)?;
    writeln!(s, ".o{{fill-opacity:.1;stroke-opacity:.45;stroke-width:1}}")?;
    writeln!(s, ".i{{fill-opacity:.12}}.p{{fill:none;stroke-opacity:.85}}.f{{fill-opacity:.85}}")?;
    writeln!(s, ".lead{{stroke-width:.8;fill:none}}")?;
    for (at, (light, _)) in COLORS.iter().enumerate() {
        writeln!(
            s,
            ".o.c{at},.p.c{at}{{stroke:{light}}}.o.c{at},.i.c{at},.f.c{at}{{fill:{light}}}"
        )?;
    }
    let theme = |s: &mut String, paper: &str, ink: &str, faint: &str, sub: &str| {
        writeln!(
            s,
            ".paper{{fill:{paper}}}text{{fill:{ink};stroke:{paper}}}.sub{{fill:{sub}}}\
             .noise{{stroke:{faint}}}.lead{{stroke:{sub}}}"
        )
    };
    theme(s, "#ffffff", "#1f2328", "#c4c4c0", "#5d6470")?;
    writeln!(s, "@media (prefers-color-scheme:dark){{")?;
    theme(s, "#14161a", "#ecebe7", "#4a4d52", "#a3a7ae")?;
    for (at, (_, dark)) in COLORS.iter().enumerate() {
        writeln!(s, ".o.c{at},.p.c{at}{{stroke:{dark}}}.o.c{at},.i.c{at},.f.c{at}{{fill:{dark}}}")?;
    }
    writeln!(s, "}}\n</style>")
}

fn path(rings: &[Ring]) -> Result<String, fmt::Error> {
    let mut d = String::new();
    for ring in rings {
        for (i, p) in ring.iter().enumerate() {
            write!(d, "{}{:.1} {:.1}", if i == 0 { "M" } else { "L" }, p[0], p[1])?;
        }
        d.push('Z');
    }
    Ok(d)
}

/// One path per cluster, noise first, so that a picture of many roles stays small.
fn points(s: &mut String, report: &Report, scene: &Scene) -> fmt::Result {
    let radius = radius(scene);
    let of = |cluster: Option<usize>| {
        let own = report.placements.iter().zip(&scene.points);
        own.filter(move |(p, _)| p.cluster.map(|c| c.index()) == cluster).map(|(_, point)| *point)
    };
    // A line of no length with round ends is a dot.
    let noise = Style { color: 0, mark: Mark::Circle };
    let d = marks(of(None), noise, radius * 0.8)?;
    writeln!(
        s,
        "<path class=\"noise\" stroke-linecap=\"round\" stroke-width=\"{:.1}\" d=\"{d}\"/>",
        1.6 * radius
    )?;
    for (id, region) in scene.regions.iter().enumerate() {
        let (style, d) = (region.style, marks(of(Some(id)), region.style, radius)?);
        let class = style.color;
        match style.mark {
            Mark::Circle => writeln!(
                s,
                "<path class=\"p c{class}\" stroke-linecap=\"round\" stroke-width=\"{:.1}\" d=\"{d}\"/>",
                2.0 * radius
            )?,
            Mark::Cross => writeln!(
                s,
                "<path class=\"p c{class}\" stroke-width=\"{:.1}\" d=\"{d}\"/>",
                0.7 * radius
            )?,
            _ => writeln!(s, "<path class=\"f c{class}\" d=\"{d}\"/>")?,
        }
    }
    Ok(())
}

/// Radius of the mark of a role.
fn radius(scene: &Scene) -> f32 {
    match scene.points.len() {
        0..=300 => 4.5,
        301..=2_000 => 3.0,
        2_001..=10_000 => 2.0,
        _ => 1.3,
    }
}

fn marks(
    points: impl Iterator<Item = [f32; 2]>,
    style: Style,
    r: f32,
) -> Result<String, fmt::Error> {
    let mut d = String::new();
    for [x, y] in points {
        match style.mark {
            Mark::Circle => write!(d, "M{x:.1} {y:.1}h0")?,
            Mark::Square => {
                let half = 0.88 * r;
                write!(
                    d,
                    "M{:.1} {:.1}h{:.1}v{:.1}h-{:.1}z",
                    x - half,
                    y - half,
                    2.0 * half,
                    2.0 * half,
                    2.0 * half
                )?;
            }
            Mark::Triangle => write!(
                d,
                "M{x:.1} {:.1}l{:.1} {:.1}h-{:.1}z",
                y - 1.2 * r,
                1.1 * r,
                1.9 * r,
                2.2 * r
            )?,
            Mark::Diamond => write!(
                d,
                "M{x:.1} {:.1}l{:.1} {:.1}l-{:.1} {:.1}l-{:.1} -{:.1}z",
                y - 1.3 * r,
                1.3 * r,
                1.3 * r,
                1.3 * r,
                1.3 * r,
                1.3 * r,
                1.3 * r
            )?,
            Mark::Cross => write!(
                d,
                "M{:.1} {:.1}l{:.1} {:.1}m0 -{:.1}l-{:.1} {:.1}",
                x - r,
                y - r,
                2.0 * r,
                2.0 * r,
                2.0 * r,
                2.0 * r,
                2.0 * r
            )?,
        }
    }
    Ok(d)
}

fn names(s: &mut String, report: &Report, scene: &Scene) -> fmt::Result {
    // Places are sought in the border too.
    let shifted = |p: [f32; 2]| [p[0] + BORDER, p[1] + BORDER / 2.0];
    let points: Vec<[f32; 2]> = scene.points.iter().map(|&p| shifted(p)).collect();
    let many = report.profiles.len() > MANY;
    let short = |name: &str| match name.split_once(" · ") {
        Some((head, _)) if many => labels::wrapped(head, COLUMNS),
        _ => labels::wrapped(name, COLUMNS),
    };
    let wanted: Vec<Wanted> = report
        .profiles
        .iter()
        .zip(&scene.regions)
        .map(|(p, r)| Wanted { anchor: shifted(r.anchor), lines: short(&p.name) })
        .collect();
    let ground = Ground {
        width: scene.width + 2.0 * BORDER,
        height: scene.height + BORDER,
        points: &points,
        radius: radius(scene),
        line: LINE,
    };
    // The largest cluster's name gets the best place.
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&id| (std::cmp::Reverse(report.profiles[id].size), id));
    let largest_first: Vec<Wanted> = order.iter().map(|&id| wanted[id].clone()).collect();
    let mut placed = vec![None; wanted.len()];
    for (id, place) in order.into_iter().zip(labels::place(&largest_first, &ground)) {
        placed[id] = place;
    }
    let home = |p: [f32; 2]| [p[0] - BORDER, p[1] - BORDER / 2.0];
    for ((name, place), region) in wanted.iter().zip(&placed).zip(&scene.regions) {
        let Some(place) = place else { continue };
        if place.led {
            let (from, to) = (home(edge(place, name.anchor)), region.anchor);
            writeln!(
                s,
                "<path class=\"lead\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
                from[0], from[1], to[0], to[1]
            )?;
        }
    }
    for (name, place) in wanted.iter().zip(&placed) {
        let Some(place) = place else { continue };
        let [x, y] = home(place.center);
        let first = y - (name.lines.len() as f32 - 1.0) * LINE / 2.0 + 0.3 * LINE;
        for (at, line) in name.lines.iter().enumerate() {
            let class = if at == 0 { "" } else { " class=\"sub\"" };
            let y = first + at as f32 * LINE;
            writeln!(s, "<text{class} x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(line))?;
        }
    }
    Ok(())
}

/// Where the line from a name's middle to `anchor` leaves the name's box.
fn edge(place: &Placed, anchor: [f32; 2]) -> [f32; 2] {
    let (dx, dy) = (anchor[0] - place.center[0], anchor[1] - place.center[1]);
    let (hx, hy) = (place.size[0] / 2.0, place.size[1] / 2.0);
    let t = (hx / dx.abs().max(1e-6)).min(hy / dy.abs().max(1e-6)).min(1.0);
    [place.center[0] + t * dx, place.center[1] + t * dy]
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;

    fn drawn(n: usize, n_clusters: usize) -> String {
        let (report, _) = sample(n, n_clusters);
        let mut out = Vec::new();
        svg(&report, Language::Zh, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_names_are_text_and_every_element_is_ours() {
        let picture = drawn(60, 3);
        assert!(picture.contains("&lt;/script&gt;"));
        for tag in picture.split('<').skip(1) {
            let name: String = tag.chars().take_while(|c| !" />\n".contains(*c)).collect();
            let name = name.trim_start_matches('/');
            let ours = ["svg", "title", "style", "rect", "g", "path", "text", ""];
            assert!(ours.contains(&name), "<{name}");
        }
        assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
    }

    #[test]
    fn every_role_and_every_name_is_drawn() {
        let picture = drawn(200, 16);
        assert!(picture.contains("200 个岗位，16 个方向"));
        // Twelve clusters of dots and four of squares, and one role of noise.
        let squares = picture.matches("z").count();
        assert!(squares >= 4 * 12, "{squares}");
        assert_eq!(picture.matches("<text x").count(), 16);
    }

    #[test]
    fn a_report_without_a_map_is_refused_with_advice() {
        let (mut report, _) = sample(3, 1);
        report.map = None;
        let error = svg(&report, Language::En, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("no map"), "{error}");
    }
}
