//! The other columns of a role, by name.

use std::collections::BTreeMap;
use std::ops::Index;

use arcstr::ArcStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names and values, sorted by name, no name twice.
///
/// A list, since roles have a handful of columns and there may be millions of roles: a `BTreeMap`
/// of one entry takes half a kilobyte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Box<[(ArcStr, ArcStr)]>);

impl Fields {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&ArcStr> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(name)).ok()?;
        Some(&self.0[at].1)
    }

    /// Whether there is a name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&ArcStr, &ArcStr)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &ArcStr> {
        self.0.iter().map(|(name, _)| name)
    }

    /// The values, in the order of their names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &ArcStr> {
        self.0.iter().map(|(_, value)| value)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the value of a name.
    pub fn insert(&mut self, name: impl Into<ArcStr>, value: impl Into<ArcStr>) {
        let mut all = self.to_map();
        all.insert(name.into(), value.into());
        *self = all.into();
    }

    /// All names and values, in whatever memory; their characters must stay as they are.
    pub(crate) fn words_mut(&mut self) -> impl Iterator<Item = &mut ArcStr> {
        self.0.iter_mut().flat_map(|(name, value)| [name, value])
    }

    /// As a map, to be changed.
    pub fn to_map(&self) -> BTreeMap<ArcStr, ArcStr> {
        self.0.iter().cloned().collect()
    }
}

impl From<BTreeMap<String, String>> for Fields {
    fn from(map: BTreeMap<String, String>) -> Self {
        // Sorted as the map is.
        Fields(map.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl From<BTreeMap<ArcStr, ArcStr>> for Fields {
    fn from(map: BTreeMap<ArcStr, ArcStr>) -> Self {
        Fields(map.into_iter().collect())
    }
}

impl<T: Into<ArcStr>> FromIterator<(T, T)> for Fields {
    fn from_iter<I: IntoIterator<Item = (T, T)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(name, value)| (name.into(), value.into()));
        entries.collect::<BTreeMap<ArcStr, ArcStr>>().into()
    }
}

impl Index<&str> for Fields {
    type Output = ArcStr;

    /// # Panics
    /// If there is no such name.
    fn index(&self, name: &str) -> &ArcStr {
        self.get(name).unwrap_or_else(|| panic!("no field {name:?}"))
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|map: BTreeMap<ArcStr, ArcStr>| map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_a_map_is() {
        let json = r#"{"city":"杭州","b":"2","a":"1"}"#;
        let mut fields: Fields = serde_json::from_str(json).unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["a", "b", "city"]);
        assert_eq!(
            (fields.get("city"), fields.get("c"), &fields["a"]),
            (Some(&"杭州".into()), None, &"1".into())
        );
        fields.insert("b", "3");
        fields.insert("0", "x");
        assert_eq!(fields.values().collect::<Vec<_>>(), ["x", "1", "3", "杭州"]);
        assert_eq!(
            (fields.len(), fields.is_empty(), Fields::default().is_empty()),
            (4, false, true)
        );
        let written = serde_json::to_string(&fields).unwrap();
        assert_eq!(written, serde_json::to_string(&fields.to_map()).unwrap());
    }
}
