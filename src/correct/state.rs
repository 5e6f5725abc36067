//! The groups while corrections are made, one after the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::grouped_roles::GroupedRoles;
use super::touch::Touch;
use crate::clustering::{ClusterId, Clustering};
use crate::corrections::{Change, Correction, Level, Outcome};
use crate::profile::ByHand;
use crate::role::RoleId;

/// Groups and directions by number; those that were found are called by id, new ones by larger
/// numbers.
pub(super) struct State<'a> {
    row_of: HashMap<&'a RoleId, usize>,
    /// The rows that repeat a row, itself among them, by the row they repeat.
    copies: BTreeMap<usize, Vec<usize>>,
    representative: &'a [usize],
    pub(super) groups: Vec<Option<usize>>,
    /// The direction of each group.
    pub(super) directions: BTreeMap<usize, usize>,
    pub(super) touched: BTreeMap<usize, Touch>,
    pub(super) touched_directions: BTreeMap<usize, Touch>,
    pub(super) rows: Vec<Option<ByHand>>,
    next_group: usize,
    next_direction: usize,
}

/// Whether a correction held, and what to know about it.
type Made = (bool, Option<String>);

impl<'a> State<'a> {
    pub(super) fn new(found: &Clustering, grouped: GroupedRoles<'a>) -> Self {
        let GroupedRoles { roles, representative } = grouped;
        assert_eq!(roles.len(), found.labels().len(), "one role per row");
        let mut copies: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, &of) in representative.iter().enumerate() {
            copies.entry(of).or_default().push(row);
        }
        let directions = found.directions().iter().map(|direction| direction.index()).enumerate();
        State {
            row_of: roles.iter().enumerate().map(|(row, role)| (&role.id, row)).collect(),
            copies,
            representative,
            groups: found.labels().iter().map(|label| label.map(ClusterId::index)).collect(),
            // Folders of early versions know no directions: there each group is one.
            directions: match found.directions().is_empty() {
                true => (0..found.n_clusters()).map(|group| (group, group)).collect(),
                false => directions.collect(),
            },
            touched: BTreeMap::new(),
            touched_directions: BTreeMap::new(),
            rows: vec![None; roles.len()],
            next_group: found.n_clusters(),
            next_direction: found.n_directions().max(found.n_clusters()),
        }
    }

    /// Makes one correction.
    pub(super) fn make(&mut self, correction: &Correction) -> Outcome {
        let (held, note) = match &correction.change {
            Change::Rename { level: Level::Specialisation, roles, name } => {
                self.rename(roles, name)
            }
            Change::Rename { level: Level::Direction, roles, name } => {
                self.rename_direction(roles, name)
            }
            Change::Merge { groups, name } => self.merge(groups, name.as_deref()),
            Change::Split { roles, name } => self.split(roles, name.as_deref()),
            Change::Move { roles, to } => self.place(roles, to),
            Change::Pin { roles, name } => self.pin(roles, name),
        };
        let gone = correction.change.named().filter(|id| !self.row_of.contains_key(id)).count();
        let all = correction.change.named().count();
        let gone = (held && gone > 0)
            .then(|| format!("{gone} of the {all} roles it names are no longer in the run"));
        let notes: Vec<String> = note.into_iter().chain(gone).collect();
        let note = (!notes.is_empty()).then(|| notes.join("; "));
        Outcome { correction: correction.clone(), held, note }
    }

    fn rename(&mut self, roles: &[RoleId], name: &str) -> Made {
        match self.holder(roles) {
            Some(group) => (true, self.name(group, name)),
            None => self.nothing(roles, "specialisation"),
        }
    }

    fn rename_direction(&mut self, roles: &[RoleId], name: &str) -> Made {
        let rows = self.present(roles);
        let directions = rows.iter().map(|&row| self.direction_of(row));
        match most(directions, rows.len()) {
            Some(direction) => {
                let touch = self.touched_directions.entry(direction).or_default();
                touch.by_hand.insert(ByHand::Named);
                let before = touch.name.replace(name.to_string());
                (true, before.map(|before| instead_of(&before)))
            }
            None => self.nothing(roles, "direction"),
        }
    }

    fn merge(&mut self, lists: &[Vec<RoleId>], name: Option<&str>) -> Made {
        let holders: Vec<usize> = lists.iter().filter_map(|roles| self.holder(roles)).collect();
        let missing = lists.len() - holders.len();
        let groups: BTreeSet<usize> = holders.iter().copied().collect();
        let size = |group: &usize| self.groups.iter().filter(|of| **of == Some(*group)).count();
        // The largest stays, of equal ones the first.
        let stays = groups.iter().max_by(|a, b| size(a).cmp(&size(b)).then(b.cmp(a))).copied();
        let (Some(stays), false) = (stays, holders.len() < 2) else {
            let note = format!(
                "of its {} lists of roles {} most in one specialisation",
                lists.len(),
                if holders.len() == 1 { "only one lies for the" } else { "none lies for the" }
            );
            return (false, Some(note));
        };
        for group in self.groups.iter_mut().flatten() {
            if groups.contains(group) {
                *group = stays;
            }
        }
        let others = groups.iter().filter(|&&group| group != stays);
        let touches: Vec<Touch> = others.filter_map(|group| self.touched.remove(group)).collect();
        let touch = self.touched.entry(stays).or_default();
        touches.into_iter().for_each(|other| touch.by_hand.extend(other.by_hand));
        touch.by_hand.insert(ByHand::Merged);
        let renamed = name.and_then(|name| self.name(stays, name));
        let note = match (missing, groups.len()) {
            (0, 1) => Some("the clustering puts them together already".to_string()),
            (0, _) => renamed,
            (n, _) => Some(format!("{n} of its {} lists hold on to nothing", lists.len())),
        };
        (true, note)
    }

    fn split(&mut self, roles: &[RoleId], name: Option<&str>) -> Made {
        let rows = self.present(roles);
        if rows.is_empty() {
            return self.nothing(roles, "specialisation");
        }
        let group = self.new_group(&rows);
        self.put(&rows, group, ByHand::Split);
        self.touched.entry(group).or_default().by_hand.insert(ByHand::Split);
        (true, name.and_then(|name| self.name(group, name)))
    }

    fn place(&mut self, roles: &[RoleId], to: &[RoleId]) -> Made {
        let rows = self.present(roles);
        match self.holder(to) {
            _ if rows.is_empty() => self.nothing(roles, "specialisation"),
            Some(group) => {
                self.put(&rows, group, ByHand::Moved);
                (true, None)
            }
            None => self.nothing(to, "specialisation"),
        }
    }

    fn pin(&mut self, roles: &[RoleId], name: &str) -> Made {
        let rows = self.present(roles);
        if rows.is_empty() {
            return self.nothing(roles, "specialisation");
        }
        let group = self.holder(roles).unwrap_or_else(|| self.new_group(&rows));
        self.put(&rows, group, ByHand::Pinned);
        self.touched.entry(group).or_default().by_hand.insert(ByHand::Pinned);
        (true, self.name(group, name))
    }

    /// A name takes the place of one that was given before.
    fn name(&mut self, group: usize, name: &str) -> Option<String> {
        let touch = self.touched.entry(group).or_default();
        touch.by_hand.insert(ByHand::Named);
        touch.name.replace(name.to_string()).map(|before| instead_of(&before))
    }

    /// A group without rows, in the direction that most of these are in, or in a new one.
    fn new_group(&mut self, rows: &[usize]) -> usize {
        let group = self.next_group;
        self.next_group += 1;
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for direction in rows.iter().filter_map(|&row| self.direction_of(row)) {
            *counts.entry(direction).or_default() += 1;
        }
        let most = counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let direction = most.map(|(&direction, _)| direction).unwrap_or_else(|| {
            self.next_direction += 1;
            self.next_direction - 1
        });
        self.directions.insert(group, direction);
        group
    }

    /// Puts rows and those that repeat them into a group.
    fn put(&mut self, rows: &[usize], group: usize, by_hand: ByHand) {
        for row in rows {
            for &copy in &self.copies[&self.representative[*row]] {
                self.groups[copy] = Some(group);
                self.rows[copy] = Some(by_hand);
            }
        }
    }

    /// The rows of the roles that are there, each once.
    fn present(&self, roles: &[RoleId]) -> Vec<usize> {
        let rows: BTreeSet<usize> =
            roles.iter().filter_map(|id| self.row_of.get(id).copied()).collect();
        rows.into_iter().collect()
    }

    /// The group that has more than half of these roles.
    fn holder(&self, roles: &[RoleId]) -> Option<usize> {
        let rows = self.present(roles);
        most(rows.iter().map(|&row| self.groups[row]), rows.len())
    }

    fn direction_of(&self, row: usize) -> Option<usize> {
        self.directions.get(&self.groups[row]?).copied()
    }

    fn nothing(&self, roles: &[RoleId], what: &str) -> Made {
        let rows = self.present(roles);
        let note = match rows.len() {
            0 => "none of its roles is in the run any more".to_string(),
            n => format!("no {what} has most of the {n} roles it goes by"),
        };
        (false, Some(note))
    }
}

/// What more than half of all are.
fn most(all: impl Iterator<Item = Option<usize>>, n: usize) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    all.flatten().for_each(|one| *counts.entry(one).or_default() += 1);
    counts.into_iter().find(|&(_, count)| 2 * count > n).map(|(one, _)| one)
}

fn instead_of(before: &str) -> String {
    format!("its name takes the place of {before:?}, which an earlier correction gave")
}
