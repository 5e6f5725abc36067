//! A record of named values, whatever the format -> a role.

mod names;
mod parts;
mod refusal;
mod value;

use std::collections::{BTreeMap, HashMap};

use super::advice::Likely;
use super::columns::{Columns, Decision, PayPart, Plan, Seen, Shape, Target, key};
use super::{columns, placeholder};
use crate::intake::{ColumnNote, ColumnUse};
use crate::role::{Facts, Origin, Role};
pub(super) use names::tell_apart;
use parts::{Parts, add_field};
pub(super) use refusal::refuse_without_text;
#[cfg(test)]
pub(super) use refusal::says_something;
pub(super) use value::Value;

/// Names looked up are remembered up to this many; hostile JSON may bring any number.
const MAX_NAMES_KEPT: usize = 4_096;

/// Columns listed in the account of an input.
const MAX_COLUMNS_LISTED: usize = 1_000;

/// Names and values, in the order of the input.
pub(super) type Record = Vec<(String, Value)>;

/// A column as it is counted while records come.
#[derive(Debug)]
struct Column {
    name: String,
    decision: Decision,
    /// The first column of the same folded name.
    group: usize,
    filled: u64,
}

/// What a value is for.
#[derive(Clone, Copy)]
struct Use {
    target: Option<Target>,
    order: usize,
    group: usize,
}

/// Knows which column is what, and makes roles of records.
pub(super) struct Mapper<'a> {
    columns: &'a Columns,
    shape: Option<&'static Shape>,
    plan: Option<Plan>,
    /// Columns by name, and where each stands in `listed`.
    known: HashMap<String, usize>,
    listed: Vec<Column>,
    groups: HashMap<String, usize>,
    judged: HashMap<String, Option<(Target, usize)>>,
    likely: Likely,
}

impl<'a> Mapper<'a> {
    pub fn new(columns: &'a Columns) -> Self {
        Mapper {
            columns,
            shape: None,
            plan: None,
            known: HashMap::new(),
            listed: Vec::new(),
            groups: HashMap::new(),
            judged: HashMap::new(),
            likely: Likely::default(),
        }
    }

    /// Whether records have been of another shape, or of none, until now.
    pub fn has_other_shape(&self, shape: &'static Shape) -> bool {
        self.shape != Some(shape)
    }

    /// Records are of this shape from now on.
    pub fn shape(&mut self, shape: &'static Shape) {
        if self.has_other_shape(shape) {
            self.shape = Some(shape);
            self.plan = None;
            self.judged.clear();
        }
    }

    /// Columns that no name tells, by what stands in them.
    pub fn likely(&self) -> &Likely {
        &self.likely
    }

    pub fn columns(&self) -> &Columns {
        self.columns
    }

    /// What makes a role, as far as a name alone tells: to find where the records are.
    pub fn target(&mut self, name: &str) -> Option<(Target, usize)> {
        if let Some(found) = self.judged.get(name) {
            return *found;
        }
        let found = columns::of_role(self.columns, self.shape, name);
        if self.judged.len() < MAX_NAMES_KEPT {
            self.judged.insert(name.to_string(), found);
        }
        found
    }

    /// Whether it is decided what the columns are for.
    pub fn is_planned(&self) -> bool {
        self.plan.is_some()
    }

    /// Decides by the first records. `numbered` are the columns of a table in their order, and
    /// `by_content` says that their names mean nothing.
    pub fn make_plan<'r>(
        &mut self,
        first: impl Iterator<Item = &'r Record>,
        numbered: &[String],
        by_content: bool,
    ) {
        let mut seen: Vec<Seen> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, name) in numbered.iter().enumerate() {
            places.insert(name.clone(), seen.len());
            seen.push(Seen { name: name.clone(), number: Some(at + 1), ..Seen::default() });
        }
        for (name, value) in first.flatten() {
            let place = match places.get(name.as_str()) {
                Some(&place) => place,
                None if places.len() >= MAX_NAMES_KEPT => continue,
                None => {
                    places.insert(name.clone(), seen.len());
                    seen.push(Seen { name: name.clone(), ..Seen::default() });
                    seen.len() - 1
                }
            };
            value.count(&mut seen[place].content);
        }
        let plan = Plan::make(self.columns, self.shape, &seen, by_content);
        self.likely = plan.likely(&seen);
        for column in seen {
            self.decide(&column.name, plan.of(&column.name));
        }
        self.plan = Some(plan);
    }

    /// Decides by the names of the columns alone.
    pub fn plan_by_names(&mut self, names: &[String]) {
        let plan = Plan::by_names(self.columns, names);
        for name in names {
            self.decide(name, plan.of(name));
        }
        self.plan = Some(plan);
    }

    fn decide(&mut self, name: &str, decision: Option<&Decision>) -> Option<usize> {
        let decision = decision.cloned().unwrap_or_default();
        if let Some(&place) = self.known.get(name) {
            self.listed[place].decision = decision;
            return Some(place);
        }
        if self.listed.len() >= MAX_NAMES_KEPT {
            return None;
        }
        let place = self.listed.len();
        // Of the lists of a known shape the first holds, the others repeat it.
        let lists = self.shape.is_some() && decision.target == Some(Target::Stack);
        let called = if lists { String::new() } else { key(&columns::bare(name)) };
        let group = *self.groups.entry(called).or_insert(place);
        self.known.insert(name.to_string(), place);
        self.listed.push(Column { name: name.to_string(), decision, group, filled: 0 });
        Some(place)
    }

    /// What a value of this column is for; a column that comes late is told by its name.
    fn use_of(&mut self, name: &str) -> Use {
        let place = match self.known.get(name) {
            Some(&place) => Some(place),
            None => {
                let plan = self.plan.get_or_insert_default();
                let decision = plan.late(self.columns, self.shape, name);
                self.decide(name, Some(&decision))
            }
        };
        match place.map(|place| &mut self.listed[place]) {
            Some(Column { decision, group, filled, .. }) => {
                *filled += 1;
                Use { target: decision.target, order: decision.order, group: *group }
            }
            None => Use { target: None, order: 0, group: usize::MAX },
        }
    }

    /// The columns and what they are for, as far as they are listed.
    pub fn account(&self) -> Vec<ColumnNote> {
        let columns = self.listed.iter().take(MAX_COLUMNS_LISTED);
        columns
            .map(|column| ColumnNote {
                name: column.name.clone(),
                used_as: column.decision.target.map_or(ColumnUse::Kept, Target::shown_as),
                filled: column.filled,
                why: column.decision.why.clone(),
            })
            .collect()
    }

    /// The role a record stands for, or why it is none.
    pub fn role(&mut self, record: Record, file: &str, line: u64) -> Result<Role, String> {
        let mut found: Vec<(Target, Use, String, Value)> = Vec::new();
        let mut fields = BTreeMap::new();
        for (name, value) in record {
            let Some(value) = value.said() else { continue };
            let used = self.use_of(&name);
            match used.target {
                Some(target) if target == Target::Id || !value.is_flag() => {
                    found.push((target, used, name, value));
                }
                _ => add_field(&mut fields, &name, value),
            }
        }
        // Stable, so that of equals the first in the input wins.
        found.sort_by_key(|(_, used, _, _)| used.order);
        let mut parts = Parts::beside(fields);
        for (target, used, name, value) in found {
            parts.add(target, used.group, &name, value);
        }
        parts.into_role(Origin { file: file.into(), line })
    }
}

/// Date, place, company and pay by the names of fields, where no mapper has seen them.
pub(super) fn facts_of(fields: &BTreeMap<String, String>) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in fields {
        if placeholder::is_nothing(value) {
            continue;
        }
        let slot = match columns::told_by_name(name) {
            Some(Target::Date) => &mut facts.date,
            Some(Target::Place) => &mut facts.place,
            Some(Target::Company) => &mut facts.company,
            Some(Target::Pay(PayPart::Whole)) => &mut facts.pay,
            _ => continue,
        };
        slot.get_or_insert_with(|| value.as_str().into());
    }
    facts
}

#[cfg(test)]
mod tests;
