//! Why a question is not answered.

use rolecluster::Error;

/// What is wrong, in words for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A value is missing, unknown or out of range.
    #[error("{0}")]
    Invalid(String),
    /// A value is longer than is read.
    #[error("{what} may be {most} {unit} long at most")]
    TooLong {
        /// Its name.
        what: &'static str,
        /// The limit.
        most: usize,
        /// What the limit counts.
        unit: &'static str,
    },
    /// There is no such role or specialisation.
    #[error("{0}")]
    NotFound(String),
    /// Too many questions at once.
    #[error("too many requests at once; try again")]
    Busy,
    /// Not the fault of whoever asked, who can do nothing about it. The reason is printed on
    /// stderr and not sent.
    #[error("the request failed")]
    Failed,
}

impl RequestError {
    /// An error of the library: an unknown role or field is the question's fault, everything
    /// else is [`RequestError::Failed`].
    pub fn from_library(error: &Error) -> Self {
        match error {
            Error::NoSuchRole(id) => {
                RequestError::NotFound(format!("there is no role {:?}", id.as_str()))
            }
            Error::NoSuchField { .. } | Error::Filter(_) => {
                RequestError::Invalid(error.to_string())
            }
            _ => RequestError::Failed,
        }
    }
}
