//! The values of one record, put together.

use std::collections::BTreeMap;

use arcstr::ArcStr;

use super::refusal::refuse_without_text;
use super::value::Value;
use crate::read::columns::{PayPart, Target};
use crate::read::{html, stack};
use crate::role::{Facts, Origin, Role, RoleId};
use crate::text;

/// What the values of a record have brought together so far.
#[derive(Default)]
pub(super) struct Parts {
    id: String,
    title: String,
    section: String,
    paragraphs: Vec<String>,
    entries: Vec<String>,
    facts: Facts,
    pay: BTreeMap<PayPart, String>,
    fields: BTreeMap<String, String>,
    /// Columns that were put together: of two called the same one is taken.
    joined: Vec<usize>,
}

impl Parts {
    /// Nothing yet but the fields that are merely kept.
    pub fn beside(fields: BTreeMap<String, String>) -> Self {
        Parts { fields, ..Parts::default() }
    }

    pub fn add(&mut self, target: Target, group: usize, name: &str, value: Value) {
        match target {
            Target::Id | Target::Title | Target::Section => self.fill(target, name, value),
            Target::Date | Target::Place | Target::Company => {
                let slot = match target {
                    Target::Date => &mut self.facts.date,
                    Target::Place => &mut self.facts.place,
                    _ => &mut self.facts.company,
                };
                let text = one_line(&value.clone().into_text());
                if slot.is_none() && !text.is_empty() {
                    *slot = Some(text.into());
                }
                add_field(&mut self.fields, name, value);
            }
            Target::Pay(part) => {
                let text = one_line(&value.clone().into_text());
                if !text.is_empty() {
                    self.pay.entry(part).or_insert(text);
                }
                add_field(&mut self.fields, name, value);
            }
            Target::Description | Target::Stack => {
                if self.joined.contains(&group) {
                    add_field(&mut self.fields, name, value);
                    return;
                }
                let added = match target {
                    Target::Description => {
                        let text = text::tidy(&html::to_text(&value.into_paragraphs()));
                        let says = !text.is_empty();
                        add_paragraph(&mut self.paragraphs, text);
                        says
                    }
                    _ => {
                        let entries = stack_entries(value);
                        let says = !entries.is_empty();
                        let new = |entry: &String| !self.entries.contains(entry);
                        let new: Vec<String> = entries.into_iter().filter(new).collect();
                        self.entries.extend(new);
                        says
                    }
                };
                if added {
                    self.joined.push(group);
                }
            }
        }
    }

    /// Fills what holds one value; a further one is kept as a field. An id is no text: what
    /// looks like mark-up in it is a part of it.
    fn fill(&mut self, target: Target, name: &str, value: Value) {
        let slot = match target {
            Target::Id => &mut self.id,
            Target::Title => &mut self.title,
            _ => &mut self.section,
        };
        if slot.is_empty() {
            let text = value.into_text();
            *slot = match target {
                Target::Id => text::tidy(&text).replace('\n', " "),
                _ => one_line(&text),
            };
        } else {
            add_field(&mut self.fields, name, value);
        }
    }

    pub fn into_role(mut self, origin: Origin) -> Result<Role, String> {
        self.facts.pay = pay(&self.pay).map(ArcStr::from);
        let mut role = Role {
            id: RoleId::new(""),
            title: self.title.into(),
            description: self.paragraphs.join("\n").into(),
            stack: self.entries.into_iter().map(ArcStr::from).collect(),
            section: (!self.section.is_empty()).then(|| self.section.into()),
            origin,
            facts: self.facts,
            fields: self.fields.into(),
        };
        refuse_without_text(&role)?;
        role.id = RoleId::new(if self.id.is_empty() { role.content_hash() } else { self.id });
        Ok(role)
    }
}

/// The pay in one text, from the columns it is spread over.
fn pay(parts: &BTreeMap<PayPart, String>) -> Option<String> {
    let part = |part: PayPart| parts.get(&part).map(String::as_str);
    let amount = match (part(PayPart::Whole), part(PayPart::Min), part(PayPart::Max)) {
        (Some(whole), _, _) => whole.to_string(),
        (None, Some(min), Some(max)) if min == max => min.to_string(),
        (None, Some(min), Some(max)) => format!("{min}-{max}"),
        (None, Some(min), None) => format!("{min}+"),
        (None, None, Some(max)) => format!("≤{max}"),
        (None, None, None) => return None,
    };
    let rest = [part(PayPart::Currency), part(PayPart::Period)].into_iter().flatten();
    let rest = rest.filter(|said| !amount.to_lowercase().contains(&said.to_lowercase()));
    Some(rest.fold(amount.clone(), |text, said| format!("{text} {said}")))
}

fn one_line(text: &str) -> String {
    text::tidy(&html::to_text(text)).replace('\n', " ")
}

/// Keeps a value that is of no use for a role, as it is shown: without mark-up. In an address
/// nothing is mark-up, not even `&copy=2`.
pub(super) fn add_field(fields: &mut BTreeMap<String, String>, name: &str, value: Value) {
    let value = value.into_text();
    let is_address = value.contains("://") && !value.contains(['<', ' ']);
    let value = match is_address {
        true => text::tidy(&value),
        false => text::tidy(&html::to_text(&value)),
    };
    if !value.is_empty() {
        fields.entry(text::tidy(name).replace('\n', " ")).or_insert(value);
    }
}

/// Adds a text column unless another says the same; some files hold the parts and the whole.
fn add_paragraph(paragraphs: &mut Vec<String>, text: String) {
    if text.is_empty() || paragraphs.iter().any(|known| known.contains(&text)) {
        return;
    }
    paragraphs.retain(|known| !text.contains(known.as_str()));
    paragraphs.push(text);
}

fn stack_entries(value: Value) -> Vec<String> {
    match value {
        Value::Text(text) => stack::split(&html::to_text(&text)),
        Value::List(entries) if entries.len() == 1 => stack::split(&html::to_text(&entries[0])),
        Value::List(entries) => stack::tidy_entries(entries.iter().map(String::as_str)),
    }
}
