//! Names on the map: each takes the nearest place around its anchor where it covers neither
//! another name nor a role.

use unicode_width::UnicodeWidthChar;

use super::occupied::Occupied;

/// Directions tried around the anchor, and distances in units of the line height. The longest
/// reaches from one end of the picture to the other.
const N_DIRECTIONS: usize = 36;
const DISTANCES: [f32; 18] = [
    0.0, 1.2, 2.0, 2.8, 3.8, 5.0, 6.5, 8.0, 10.0, 12.5, 15.0, 18.0, 22.0, 26.0, 31.0, 38.0, 47.0,
    58.0,
];
/// What a covered anchor of another name costs, in line heights.
const COVERED_ANCHOR: f32 = 2.5;
/// Space between two names, in line heights.
const GAP: f32 = 0.35;

/// A name to place.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Wanted {
    pub anchor: [f32; 2],
    /// One or two lines.
    pub lines: Vec<String>,
}

/// What names are placed on.
pub(in super::super) struct Ground<'a> {
    /// Extent: names stay inside `[0, width] x [0, height]`.
    pub width: f32,
    pub height: f32,
    /// The roles, which no name may cover.
    pub points: &'a [[f32; 2]],
    /// Radius of the mark of a role.
    pub radius: f32,
    /// Height of a line of text.
    pub line: f32,
}

/// A placed name: the middle of its box, and whether it is so far off that it needs a leader line
/// to the anchor.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Placed {
    pub center: [f32; 2],
    pub size: [f32; 2],
    pub led: bool,
}

/// Splits a name in at most two lines: at its ` · ` if it has one, else at the space or Han
/// character nearest the middle of what is longer than `widest` columns.
pub(in super::super) fn wrapped(name: &str, widest: usize) -> Vec<String> {
    let name: String =
        name.split(|c: char| c.is_whitespace() || c.is_control()).collect::<Vec<_>>().join(" ");
    if let Some((head, tail)) = name.split_once(" · ") {
        return vec![cut(head, widest), cut(tail, widest)];
    }
    let total = columns(&name);
    if total <= widest {
        return vec![name];
    }
    let (mut at, mut best) = (0usize, None::<(usize, usize, usize)>);
    for (byte, c) in name.char_indices() {
        let off = at.abs_diff(total / 2);
        let breaks = c == ' ' || c.width().unwrap_or(0) == 2;
        if breaks && byte > 0 && best.is_none_or(|(least, _, _)| off < least) {
            best = Some((off, byte, if c == ' ' { byte + 1 } else { byte }));
        }
        at += c.width().unwrap_or(0);
    }
    match best {
        Some((_, end, start)) => vec![cut(&name[..end], widest), cut(&name[start..], widest)],
        None => vec![cut(&name, widest)],
    }
}

/// Columns of a text: two for a Han character, one for a Latin letter.
pub(in super::super) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The first columns of a text, with an ellipsis where some are left out.
fn cut(text: &str, widest: usize) -> String {
    if columns(text) <= widest {
        return text.to_string();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= widest
    });
    kept.collect::<String>().trim_end().to_string() + "…"
}

/// Places names in the order given, so the first get the best places. A name for which there is
/// no free place at all is left out.
pub(in super::super) fn place(wanted: &[Wanted], ground: &Ground<'_>) -> Vec<Option<Placed>> {
    let occupied = Occupied::new(ground.points, ground.width, ground.height);
    let mut placed: Vec<Option<Placed>> = Vec::with_capacity(wanted.len());
    for at in 0..wanted.len() {
        placed.push(best_place(at, wanted, &placed, &occupied, ground));
    }
    placed
}

/// The cheapest place of one name: near its anchor, and not over the anchor of another name.
fn best_place(
    at: usize,
    wanted: &[Wanted],
    placed: &[Option<Placed>],
    occupied: &Occupied,
    ground: &Ground<'_>,
) -> Option<Placed> {
    let &Ground { width, height, radius, line, .. } = ground;
    let (name, size) = (&wanted[at], size(&wanted[at].lines, line));
    let around = [size[0] + 2.0 * radius, size[1] + 2.0 * radius];
    let mut best: Option<(f32, [f32; 2], f32)> = None;
    for distance in DISTANCES {
        if best.is_some_and(|(cost, _, _)| cost <= distance) {
            break;
        }
        for direction in 0..if distance == 0.0 { 1 } else { N_DIRECTIONS } {
            let angle = std::f32::consts::TAU * direction as f32 / N_DIRECTIONS as f32;
            let reach = distance * line;
            let center = [
                // Names are wide: beside the anchor they need more distance than above it.
                name.anchor[0] + angle.cos() * (reach + distance.min(1.0) * size[0] / 2.0),
                name.anchor[1] + angle.sin() * (reach + distance.min(1.0) * size[1] / 4.0),
            ];
            let fits = center[0] - size[0] / 2.0 >= 0.0
                && center[0] + size[0] / 2.0 <= width
                && center[1] - size[1] / 2.0 >= 0.0
                && center[1] + size[1] / 2.0 <= height;
            let free = placed.iter().flatten().all(|p| !overlap(center, size, p, GAP * line));
            if !fits || !free || occupied.in_box(center, around) {
                continue;
            }
            let others = wanted.iter().enumerate().filter(|(other, _)| *other != at);
            let covered = others.filter(|(_, w)| holds(center, size, w.anchor)).count();
            let cost = distance + COVERED_ANCHOR * covered as f32;
            if best.is_none_or(|(least, _, _)| cost < least) {
                best = Some((cost, center, distance));
            }
        }
    }
    best.map(|(_, center, distance)| Placed { center, size, led: distance > 2.5 })
}

fn size(lines: &[String], line: f32) -> [f32; 2] {
    let widest = lines.iter().map(|l| columns(l)).max().unwrap_or(0);
    // A column is half the font's size; the size is about 0.8 of the line.
    [widest as f32 * 0.45 * line + 0.4 * line, lines.len() as f32 * line]
}

fn overlap(center: [f32; 2], size: [f32; 2], other: &Placed, gap: f32) -> bool {
    (center[0] - other.center[0]).abs() < (size[0] + other.size[0]) / 2.0 + gap
        && (center[1] - other.center[1]).abs() < (size[1] + other.size[1]) / 2.0 + gap
}

fn holds(center: [f32; 2], size: [f32; 2], point: [f32; 2]) -> bool {
    (center[0] - point[0]).abs() < size[0] / 2.0 && (center[1] - point[1]).abs() < size[1] / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(width: f32, height: f32, points: &[[f32; 2]]) -> Ground<'_> {
        Ground { width, height, points, radius: 4.0, line: 14.0 }
    }

    #[test]
    fn no_name_covers_a_role() {
        // Two crowds and a few roles between them.
        let points: Vec<[f32; 2]> = (0..600)
            .map(|i| {
                let x = if i % 2 == 0 { 250.0 } else { 700.0 };
                [x + (i * 37 % 157) as f32, 200.0 + (i * 61 % 211) as f32]
            })
            .chain((0..30).map(|i| [40.0 + 31.0 * i as f32, 550.0]))
            .collect();
        let anchors = [[320.0, 300.0], [780.0, 300.0], [500.0, 550.0]];
        let wanted: Vec<Wanted> = anchors
            .iter()
            .map(|&anchor| Wanted { anchor, lines: wrapped("Site reliability · K8s", 24) })
            .collect();
        for name in place(&wanted, &ground(1000.0, 700.0, &points)) {
            let name = name.expect("there is room around the crowds");
            for p in &points {
                let (dx, dy) = ((p[0] - name.center[0]).abs(), (p[1] - name.center[1]).abs());
                let clear = dx > name.size[0] / 2.0 + 4.0 || dy > name.size[1] / 2.0 + 4.0;
                assert!(clear, "{name:?} covers {p:?}");
            }
        }
    }

    #[test]
    fn forty_names_in_a_crowd_do_not_overlap() {
        let wanted: Vec<Wanted> = (0..40)
            .map(|i| Wanted {
                anchor: [300.0 + (i % 8) as f32 * 60.0, 250.0 + (i / 8) as f32 * 40.0],
                lines: wrapped("GPU 集群稳定性 · Volcano, H100", 24),
            })
            .collect();
        let placed: Vec<Placed> =
            place(&wanted, &ground(1000.0, 700.0, &[])).into_iter().map(|p| p.unwrap()).collect();
        for (i, a) in placed.iter().enumerate() {
            assert!(
                a.center[0] - a.size[0] / 2.0 >= 0.0 && a.center[0] + a.size[0] / 2.0 <= 1000.0
            );
            for b in &placed[..i] {
                assert!(!overlap(a.center, a.size, b, 0.0), "{a:?} {b:?}");
            }
        }
        assert!(placed.iter().any(|p| p.led));
    }

    #[test]
    fn no_place_means_no_name() {
        let name = Wanted { anchor: [5.0, 5.0], lines: vec!["a long name".into()] };
        assert_eq!(place(&[name], &ground(10.0, 10.0, &[])), [None]);
    }

    #[test]
    fn names_are_split_where_a_reader_would() {
        assert_eq!(wrapped("集群 · Go", 20), ["集群", "Go"]);
        assert_eq!(wrapped("short", 20), ["short"]);
        assert_eq!(
            wrapped("site reliability engineering", 18),
            ["site reliability", "engineering"]
        );
        let lines = wrapped("大规模分布式存储系统研发工程", 16);
        assert_eq!(lines, ["大规模分布式存", "储系统研发工程"]);
        assert!(wrapped(&"x".repeat(99), 10)[0].ends_with('…'));
        assert_eq!(wrapped("a\u{2028}b\nc", 20), ["a b c"]);
    }
}
