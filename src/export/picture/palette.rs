//! Colours and marks that tell clusters apart, colour blind or not.
//!
//! Twelve colours, searched for the greatest least difference as seen with normal sight and
//! with each of the three kinds of colour blindness at once; five marks. Sixty clusters get
//! sixty pairs, more begin again. The nearest cluster of the same colour is kept far away.

/// Colours for a light and for a dark background. Twelve that differ enough on dark ground are
/// not all of the hues of those on light ground.
pub(in super::super) const COLORS: [(&str, &str); 12] = [
    ("#5755f6", "#8e83fd"), // blue
    ("#ffa252", "#fd9c00"), // orange
    ("#1c6f14", "#c4ffa7"), // green
    ("#d7035d", "#ee6437"), // raspberry, vermilion
    ("#76befa", "#00c7ff"), // sky
    ("#954ba3", "#b4be91"), // purple, sage
    ("#ab8a00", "#ffd500"), // mustard
    ("#119ea4", "#01f8ed"), // teal
    ("#731110", "#c43018"), // maroon
    ("#a780ff", "#b88ca3"), // lavender, mauve
    ("#0e0db8", "#3265da"), // navy
    ("#531e74", "#87669e"), // aubergine
];

/// Shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Mark {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
}

/// In the order they are used.
const MARKS: [Mark; 5] = [Mark::Circle, Mark::Square, Mark::Triangle, Mark::Diamond, Mark::Cross];

/// Colour and shape of the points of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Style {
    /// Index into [`COLORS`].
    pub color: usize,
    pub mark: Mark,
}

impl Mark {
    /// Its number in the data of the page.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// A style per cluster, by id, given where the clusters lie. Every twelve clusters use all
/// twelve colours, each the one whose earlier uses lie farthest away.
pub(in super::super) fn styles(anchors: &[[f32; 2]]) -> Vec<Style> {
    let n = COLORS.len();
    let mut styles: Vec<Style> = Vec::with_capacity(anchors.len());
    for (id, anchor) in anchors.iter().enumerate() {
        let mark = MARKS[(id / n) % MARKS.len()];
        let used = &styles[id - id % n..];
        let distance = |color: usize| {
            let bearers = styles.iter().zip(anchors).filter(|(s, _)| s.color == color);
            bearers
                .map(|(_, a)| (a[0] - anchor[0]).hypot(a[1] - anchor[1]))
                .fold(f32::INFINITY, f32::min)
        };
        let free = (0..n).filter(|&color| used.iter().all(|s| s.color != color));
        // The first of equals: `max_by` would give the last.
        let color = free.rev().max_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        styles.push(Style { color, mark });
    }
    styles
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rgb = [f64; 3];

    fn linear(hex: &str) -> Rgb {
        let channel = |at: usize| {
            let x = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
        };
        [channel(1), channel(3), channel(5)]
    }

    fn times(m: [[f64; 3]; 3], v: Rgb) -> Rgb {
        m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
    }

    /// Ottosson 2020.
    fn oklab(rgb: Rgb) -> Rgb {
        let lms = times(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ],
            rgb.map(|x| x.clamp(0.0, 1.0)),
        );
        times(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ],
            lms.map(f64::cbrt),
        )
    }

    /// Machado, Oliveira and Fernandes 2009, severity 1; the first is normal sight.
    const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
        ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ],
        ),
    ];

    #[test]
    fn colours_differ_for_every_kind_of_sight() {
        // The palette of Okabe and Ito with its grey comes to 0.02 by this measure.
        for theme in [COLORS.map(|c| c.0), COLORS.map(|c| c.1)] {
            for (sight, matrix) in SIGHTS {
                for (i, a) in theme.iter().enumerate() {
                    for b in &theme[..i] {
                        let (p, q) =
                            (oklab(times(matrix, linear(a))), oklab(times(matrix, linear(b))));
                        let squares: f64 = p.iter().zip(q).map(|(x, y)| (x - y).powi(2)).sum();
                        assert!(squares.sqrt() > 0.105, "{a} and {b}, {sight}: {}", squares.sqrt());
                    }
                }
            }
        }
    }

    #[test]
    fn sixty_clusters_look_different_and_neighbours_never_share_a_colour() {
        let anchors: Vec<[f32; 2]> =
            (0..60).map(|i| [(i % 8) as f32 * 100.0, (i / 8) as f32 * 100.0]).collect();
        let styles = styles(&anchors);
        for (i, a) in styles.iter().enumerate() {
            for (j, b) in styles[..i].iter().enumerate() {
                assert_ne!(a, b);
                let apart = (anchors[i][0] - anchors[j][0]).hypot(anchors[i][1] - anchors[j][1]);
                assert!(a.color != b.color || apart > 110.0, "{i} and {j}");
            }
        }
        assert_eq!(styles[0], Style { color: 0, mark: Mark::Circle });
    }
}
