//! A JSON value, and the place of every object and array in it.

use std::borrow::Cow;

/// A JSON value; texts without an escape are borrowed.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Json<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(Array<'a>),
    Object(Object<'a>),
}

/// Members in their order, and the byte the object begins at.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) struct Object<'a> {
    pub at: usize,
    pub members: Vec<(Cow<'a, str>, Json<'a>)>,
}

/// Items, and the byte the array begins at.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) struct Array<'a> {
    pub at: usize,
    pub items: Vec<Json<'a>>,
}

impl<'a> Json<'a> {
    /// In words, for reasons.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) | Json::Number(_) | Json::Text(_) => "a single value",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    pub fn object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn array(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::Array(array) => Some(&array.items),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Bytes of all texts and numbers in it.
    pub fn bytes(&self) -> usize {
        match self {
            Json::Null | Json::Bool(_) => 0,
            Json::Number(number) => number.len(),
            Json::Text(text) => text.len(),
            Json::Array(array) => array.items.iter().map(Json::bytes).sum(),
            Json::Object(object) => object.members.iter().map(|(_, value)| value.bytes()).sum(),
        }
    }

    /// A text, number or boolean as text.
    pub fn scalar(&self) -> Option<Cow<'_, str>> {
        match self {
            Json::Text(text) => Some(Cow::Borrowed(text)),
            Json::Number(number) => Some(Cow::Borrowed(number)),
            Json::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}
