//! Exact minimum spanning tree of mutual reachability in few dimensions, by Borůvka's
//! algorithm over a k-d tree.
//!
//! In every round each component is joined to what is nearest to it (W. B. March, P. Ram and A. G.
//! Gray, "Fast Euclidean minimum spanning tree: algorithm, analysis, and applications", KDD 2010;
//! for mutual reachability L. McInnes and J. Healy, "Accelerated hierarchical density based
//! clustering", ICDMW 2017). Most rows are never looked up in the tree:
//!
//! - a row keeps the nearest row found for it outside its component, until that one is inside;
//! - the nearest neighbours that gave the core distances are looked at first. What is not among
//!   them is at least as far as the last of them;
//! - what was outside a component only gets less, so the distance found in an earlier round is a
//!   lower bound in the next. A row whose lower bound is not below the lightest edge that its
//!   component knows has nothing to add.
//!
//! The others are looked up in waves by rising lower bound, and the bounds are drawn tighter
//! between two waves, never within one: threads do not change what is found.
//!
//! Equal weights leave several edges to choose from. Whichever is taken, a component's edge is
//! added only where it joins two, and the tree is one of the lightest; the multiset of weights,
//! and what is connected below each of them, is the same for all of those.

use rayon::prelude::*;

use super::kd_tree::{DEEPEST, KdTree, squared};
use super::{Edge, Neighbors, UnionFind};
use crate::progress::Progress;

/// Rows in the first wave of look-ups; each wave is as long as all before it.
const FIRST_WAVE: usize = 512;
/// The component of a node whose rows are in several.
const MIXED: u32 = u32::MAX;

impl<const P: usize> KdTree<P> {
    /// The minimum spanning tree, `n - 1` edges by ascending weight; weights are squared
    /// distances. `core` holds the squared core distances, `neighbors` some nearest rows of
    /// every row, as [`KdTree::nearest_neighbors`] finds them.
    pub fn mutual_reachability_tree(
        &self,
        core: &[f64],
        neighbors: &Neighbors,
        progress: &dyn Progress,
    ) -> Vec<Edge> {
        let n = self.points.len();
        progress.start("spanning tree", n.saturating_sub(1) as u64);
        let mut search = Search::new(self, core, neighbors);
        let mut tree: Vec<Edge> = Vec::with_capacity(n.saturating_sub(1));
        while tree.len() + 1 < n {
            search.find_outgoing();
            let before = tree.len();
            search.join(&mut tree);
            assert!(tree.len() > before, "core distances are finite");
            progress.advance((tree.len() - before) as u64);
        }
        for edge in &mut tree {
            let [a, b] = [edge.a, edge.b].map(|place| self.rows[place as usize] as usize);
            *edge = Edge::new(a, b, edge.weight);
        }
        tree.sort_unstable_by(Edge::by_weight);
        progress.finish();
        tree
    }
}

/// What is known of the nearest row outside the component of a row.
#[derive(Clone, Copy)]
struct Outgoing {
    /// The nearest found, infinite where none is known.
    weight: f64,
    to: u32,
    /// None is nearer than this.
    lower: f64,
}

/// All by place.
struct Search<'a, const P: usize> {
    tree: &'a KdTree<P>,
    core: Vec<f64>,
    /// The least core distance in each node.
    least_core: Vec<f64>,
    /// Squared distance and place of the nearest, `k` to a place.
    neighbors: Vec<(f64, u32)>,
    k: usize,
    outgoing: Vec<Outgoing>,
    sets: UnionFind,
    component: Vec<u32>,
    /// The component of all rows of a node, or [`MIXED`].
    node_component: Vec<u32>,
    /// Per component the lightest edge known: weight and the place it starts from.
    lightest: Vec<(f64, u32)>,
}

impl<'a, const P: usize> Search<'a, P> {
    fn new(tree: &'a KdTree<P>, core: &[f64], neighbors: &Neighbors) -> Self {
        let (n, k) = (tree.points.len(), neighbors.k());
        let mut place_of = vec![0; n];
        (0..).zip(&tree.rows).for_each(|(place, &row)| place_of[row as usize] = place);
        let near = |&row: &u32| neighbors.of(row as usize).map(|(row, d)| (d, place_of[row]));
        let core: Vec<f64> = tree.rows.iter().map(|&row| core[row as usize]).collect();
        let unknown = |&core: &f64| Outgoing { weight: f64::INFINITY, to: 0, lower: core };
        let mut search = Search {
            least_core: vec![0.0; tree.n_nodes()],
            neighbors: tree.rows.iter().flat_map(near).collect(),
            k,
            outgoing: core.iter().map(unknown).collect(),
            sets: UnionFind::new(n),
            component: (0..n as u32).collect(),
            node_component: vec![MIXED; tree.n_nodes()],
            lightest: vec![(f64::INFINITY, 0); n],
            tree,
            core,
        };
        for node in (0..tree.n_nodes()).rev() {
            search.least_core[node] = match tree.children(node) {
                Some([left, right]) => search.least_core[left].min(search.least_core[right]),
                None => {
                    search.core[tree.places(node)].iter().copied().fold(f64::INFINITY, f64::min)
                }
            };
        }
        search
    }

    /// Makes `lightest` the lightest edge out of every component.
    fn find_outgoing(&mut self) {
        let mut outgoing = std::mem::take(&mut self.outgoing);
        outgoing.par_iter_mut().enumerate().for_each(|(place, known)| self.refresh(place, known));
        self.outgoing = outgoing;
        self.lightest.fill((f64::INFINITY, 0));
        (0..self.outgoing.len()).for_each(|place| self.offer(place));
        let open = |&place: &u32| {
            let known = self.outgoing[place as usize];
            known.lower < known.weight && known.lower < self.bound(place as usize)
        };
        let mut waiting: Vec<u32> = (0..self.outgoing.len() as u32).filter(open).collect();
        waiting.sort_unstable_by(|&a, &b| {
            let lower = |place: u32| self.outgoing[place as usize].lower;
            lower(a).total_cmp(&lower(b)).then(a.cmp(&b))
        });
        let (mut done, mut wave) = (0, FIRST_WAVE);
        while done < waiting.len() {
            let now = &waiting[done..(done + wave).min(waiting.len())];
            let found: Vec<Outgoing> =
                now.par_iter().map(|&place| self.looked_up(place as usize)).collect();
            for (&place, found) in now.iter().zip(found) {
                self.outgoing[place as usize] = found;
                self.offer(place as usize);
            }
            done += now.len();
            wave = done;
        }
    }

    /// Weight of the lightest edge known out of the component of a place.
    fn bound(&self, place: usize) -> f64 {
        self.lightest[self.component[place] as usize].0
    }

    fn offer(&mut self, place: usize) {
        let weight = self.outgoing[place].weight;
        let lightest = &mut self.lightest[self.component[place] as usize];
        if weight < lightest.0 {
            *lightest = (weight, place as u32);
        }
    }

    /// Forgets what is in the same component by now, and looks among the neighbours.
    fn refresh(&self, place: usize, known: &mut Outgoing) {
        let own = self.component[place];
        if known.weight.is_finite() && self.component[known.to as usize] != own {
            return;
        }
        known.weight = f64::INFINITY;
        let near = &self.neighbors[place * self.k..(place + 1) * self.k];
        for &(squared, other) in near {
            if squared >= known.weight {
                break;
            }
            let weight = squared.max(self.core[place]).max(self.core[other as usize]);
            if self.component[other as usize] != own && weight < known.weight {
                (known.weight, known.to) = (weight, other);
            }
        }
        let beyond = near.last().map_or(0.0, |&(squared, _)| squared);
        known.lower = known.lower.max(known.weight.min(beyond));
    }

    /// The nearest row outside the component, where it is nearer than any the component knows.
    fn looked_up(&self, place: usize) -> Outgoing {
        let (tree, own) = (self.tree, self.component[place]);
        let mut known = self.outgoing[place];
        let mut limit = known.weight.min(self.bound(place));
        if known.lower >= limit {
            return known;
        }
        let (point, core) = (&tree.points[place], self.core[place]);
        let bound = |node: usize| {
            if self.node_component[node] == own {
                return f64::INFINITY;
            }
            tree.squared_to_box(point, node).max(self.least_core[node]).max(core)
        };
        let mut open = [(0.0f64, 0usize); DEEPEST];
        let mut n_open = 1;
        while n_open > 0 {
            n_open -= 1;
            let (least, mut node) = open[n_open];
            if least >= limit {
                continue;
            }
            while let Some([left, right]) = tree.children(node) {
                let [near, far] = [left, right].map(|at| (bound(at), at));
                let (near, far) = if far.0 < near.0 { (far, near) } else { (near, far) };
                if far.0 < limit {
                    open[n_open] = far;
                    n_open += 1;
                }
                node = near.1;
                if near.0 >= limit {
                    break;
                }
            }
            if tree.children(node).is_some() {
                continue;
            }
            for other in tree.places(node) {
                let weight = squared(point, &tree.points[other]).max(self.core[other]).max(core);
                if weight < limit && self.component[other] != own {
                    (known.weight, known.to, limit) = (weight, other as u32, weight);
                }
            }
        }
        known.lower = known.lower.max(limit);
        known
    }

    /// Joins every component to its nearest one.
    fn join(&mut self, tree: &mut Vec<Edge>) {
        for component in 0..self.lightest.len() {
            let (weight, from) = self.lightest[component];
            let to = self.outgoing[from as usize].to;
            if weight.is_finite() && self.sets.union(from as usize, to as usize).is_some() {
                tree.push(Edge::new(from as usize, to as usize, weight));
            }
        }
        for place in 0..self.component.len() {
            self.component[place] = self.sets.find(place) as u32;
        }
        for node in (0..self.node_component.len()).rev() {
            self.node_component[node] = match self.tree.children(node) {
                Some([left, right]) if self.node_component[left] == self.node_component[right] => {
                    self.node_component[left]
                }
                Some(_) => MIXED,
                None => {
                    let mut all = self.tree.places(node).map(|place| self.component[place]);
                    let first = all.next().unwrap_or(MIXED);
                    if all.all(|other| other == first) { first } else { MIXED }
                }
            };
        }
    }
}
