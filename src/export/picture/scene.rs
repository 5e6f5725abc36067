//! The points, outlines, anchors and styles of a map, in frame coordinates.

use std::io;

use rayon::prelude::*;

use super::density::{Outlines, outlines};
use super::frame::{FRAME, MARGIN, Ring};
use super::palette::{Style, styles};
use crate::report::{Placement, Report};

/// A map.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Scene {
    /// Extent, margins counted: all points lie in `[0, width] x [0, height]`.
    pub width: f32,
    pub height: f32,
    /// One per role.
    pub points: Vec<[f32; 2]>,
    /// One per cluster, by id.
    pub regions: Vec<Region>,
    /// One per direction, by id: a role in the middle of its roles.
    pub middles: Vec<[f32; 2]>,
}

/// The area of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Region {
    /// The densest point, where the name belongs.
    pub anchor: [f32; 2],
    /// Around nine tenths of its roles.
    pub outer: Vec<Ring>,
    /// Around half of them.
    pub inner: Vec<Ring>,
    pub style: Style,
}

impl Scene {
    /// The scene of a report.
    ///
    /// # Errors
    /// When the report holds no map.
    pub fn of(report: &Report) -> io::Result<Scene> {
        let map = report.map.as_ref().filter(|m| m.len() == report.placements.len());
        let map = map.ok_or_else(|| {
            let reason = "the report holds no map; cluster the run folder again to have one drawn";
            io::Error::new(io::ErrorKind::InvalidInput, reason)
        })?;
        let (points, width, height) = framed(map);
        let grouped = |n: usize, group: &dyn Fn(&Placement) -> Option<usize>| {
            let mut members = vec![Vec::new(); n];
            for (point, placement) in points.iter().zip(&report.placements) {
                if let Some(members) = group(placement).and_then(|at| members.get_mut(at)) {
                    members.push(*point);
                }
            }
            members
        };
        let members = grouped(report.profiles.len(), &|place| Some(place.cluster?.index()));
        let of_directions =
            grouped(report.directions.len(), &|place| Some(place.direction?.index()));
        let middles = of_directions.iter().map(|members| middle(members)).collect();
        let outlines: Vec<Outlines> = members.par_iter().map(|members| outlines(members)).collect();
        let anchors: Vec<[f32; 2]> = outlines.iter().map(|o| o.peak).collect();
        let styles = styles(&anchors);
        let within = |mut rings: Vec<Ring>| {
            for p in rings.iter_mut().flatten() {
                *p = [p[0].clamp(0.0, width), p[1].clamp(0.0, height)];
            }
            rings
        };
        let regions = outlines.into_iter().zip(styles).map(|(o, style)| Region {
            anchor: o.peak,
            outer: within(o.outer),
            inner: within(o.inner),
            style,
        });
        Ok(Scene { width, height, regions: regions.collect(), middles, points })
    }
}

/// The point nearest the mean of all. The mean itself may lie between two heaps, among points of
/// others.
fn middle(points: &[[f32; 2]]) -> [f32; 2] {
    let mean = [0, 1].map(|axis| {
        let sum: f64 = points.iter().map(|p| f64::from(p[axis])).sum();
        (sum / points.len().max(1) as f64) as f32
    });
    let away = |p: &[f32; 2]| (p[0] - mean[0]).powi(2) + (p[1] - mean[1]).powi(2);
    let nearest = points.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
    nearest.copied().unwrap_or(mean)
}

/// Places scaled to the frame, `y` downwards as screens have it, and the frame's extent. A
/// place that is not finite stands in the middle.
fn framed(map: &[[f32; 2]]) -> (Vec<[f32; 2]>, f32, f32) {
    let finite = || map.iter().filter(|p| p.iter().all(|x| x.is_finite()));
    let bounds = |axis: usize| {
        let (low, high) = finite()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), p| (l.min(p[axis]), h.max(p[axis])));
        if low <= high { (low, high) } else { (0.0, 0.0) }
    };
    let ((x0, x1), (y0, y1)) = (bounds(0), bounds(1));
    let longest = (x1 - x0).max(y1 - y0);
    let inside = FRAME - 2.0 * MARGIN;
    let scale = if longest > 0.0 { inside / longest } else { 0.0 };
    // Even points on a line need room for names.
    let width = ((x1 - x0) * scale).max(0.4 * inside) + 2.0 * MARGIN;
    let height = ((y1 - y0) * scale).max(0.4 * inside) + 2.0 * MARGIN;
    let (mx, my) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
    let place = |p: &[f32; 2]| {
        if p.iter().all(|x| x.is_finite()) {
            [width / 2.0 + (p[0] - mx) * scale, height / 2.0 - (p[1] - my) * scale]
        } else {
            [width / 2.0, height / 2.0]
        }
    };
    (map.iter().map(place).collect(), width, height)
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::sample;
    use super::*;

    fn inside(point: [f32; 2], rings: &[Ring]) -> bool {
        let crosses = |p: [f32; 2], q: [f32; 2]| {
            (p[1] > point[1]) != (q[1] > point[1])
                && point[0] < (q[0] - p[0]) * (point[1] - p[1]) / (q[1] - p[1]) + p[0]
        };
        let ring = |r: &Ring| (0..r.len()).filter(|&i| crosses(r[i], r[(i + 1) % r.len()])).count();
        rings.iter().any(|r| ring(r) % 2 == 1)
    }

    #[test]
    fn outlines_hold_their_own_roles_and_no_others() {
        let (report, _) = sample(400, 12);
        let scene = Scene::of(&report).unwrap();
        assert_eq!(scene.regions.len(), 12);
        for (c, region) in scene.regions.iter().enumerate() {
            let (mut own, mut held, mut foreign) = (0, 0, 0);
            for (point, placement) in scene.points.iter().zip(&report.placements) {
                let is_own = placement.cluster.is_some_and(|id| id.index() == c);
                let is_inside = inside(*point, &region.outer);
                own += usize::from(is_own);
                held += usize::from(is_own && is_inside);
                foreign += usize::from(!is_own && placement.cluster.is_some() && is_inside);
            }
            assert!(held * 10 >= own * 8, "cluster {c}: {held} of {own}");
            assert_eq!(foreign, 0, "cluster {c}");
            assert!(inside(region.anchor, &region.outer), "cluster {c}");
        }
    }

    #[test]
    fn the_middle_of_a_direction_is_one_of_its_roles() {
        let (report, _) = sample(400, 12);
        let scene = Scene::of(&report).unwrap();
        assert_eq!(scene.middles.len(), 6);
        for (direction, middle) in scene.middles.iter().enumerate() {
            let mut places = scene.points.iter().zip(&report.placements);
            let is_own = |(point, place): (&[f32; 2], &Placement)| {
                *point == *middle && place.direction.is_some_and(|id| id.index() == direction)
            };
            assert!(places.any(is_own), "direction {direction}");
        }
        // Two heaps, and the roles of others between them.
        let heaps = [[0.0, 0.0], [1.0, 0.0], [9.0, 1.0], [8.0, 0.0], [9.5, 0.5]];
        assert_eq!(middle(&heaps), [8.0, 0.0]);
    }

    #[test]
    fn everything_lies_in_the_frame() {
        for (n, k) in [(1, 1), (2, 1), (4, 3), (50, 5)] {
            let (mut report, _) = sample(n, k);
            if let Some(map) = &mut report.map {
                map[0] = [f32::NAN, 0.0];
            }
            let scene = Scene::of(&report).unwrap();
            let rings = scene.regions.iter().flat_map(|r| r.outer.iter().chain(&r.inner)).flatten();
            for p in scene.points.iter().chain(rings) {
                assert!(p[0] >= 0.0 && p[0] <= scene.width, "{n}, {k}: {p:?} in {}", scene.width);
                assert!(p[1] >= 0.0 && p[1] <= scene.height, "{n}, {k}: {p:?}");
            }
            assert!(scene.regions.iter().all(|r| !r.outer.is_empty()));
        }
    }

    #[test]
    fn a_report_without_a_map_has_no_scene() {
        let (mut report, _) = sample(5, 2);
        report.map = None;
        assert!(Scene::of(&report).is_err());
    }
}
