//! Standard occupations of rows.

use rayon::prelude::*;

use super::answers::{Answers, Rows, shares, text_lists, texts};
use super::embedding::Embedding;
use crate::classify::{Coder, Query, StandardCode};
use crate::error::Error;
use crate::pipeline::standard_codes::{CodeSettings, coder, title_language};
use crate::progress::Progress;
use crate::role::Role;

/// What finds standard occupations by the vectors of roles.
pub(super) struct Coding {
    pub(super) embedding: Embedding,
    coder: Coder,
    settings: CodeSettings,
}

impl Coding {
    pub(super) fn load(embedding: Embedding, settings: CodeSettings) -> Result<Self, Error> {
        let coder = coder(&embedding.model, settings.scheme)?;
        Ok(Coding { embedding, coder, settings })
    }

    /// The columns of `export --codes`.
    pub(super) fn answer(
        &self,
        rows: Rows<Role>,
        progress: &dyn Progress,
    ) -> Result<Answers, Error> {
        let cleaner = &self.embedding.cleaner;
        let cleaned: Rows<String> = rows
            .par_iter()
            .map(|row| row.as_ref().map(|role| cleaner.text(role)).map_err(Clone::clone))
            .collect();
        let vectors = self.embedding.vectors(cleaned, progress)?;
        let both = rows.into_par_iter().zip(vectors);
        let codes = |(row, vector): (Result<Role, String>, Result<Vec<f32>, String>)| {
            Ok(self.codes(&row?, &vector?))
        };
        let found: Rows<Vec<StandardCode>> = both.map(codes).collect();
        let also = |near: &Vec<StandardCode>| {
            near.iter().skip(1).map(|next| next.code.to_string()).collect()
        };
        let columns = vec![
            ("code", texts(&found, |near| Some(near.first()?.code.to_string()))),
            ("code_title", texts(&found, |near| Some(near.first()?.title.to_string()))),
            ("code_score", shares(&found, |near| Some(near.first()?.score))),
            ("code_also", text_lists(&found, also)),
        ];
        let mut answers = Answers::of(&found, columns);
        for (reason, found) in answers.reasons.iter_mut().zip(&found) {
            if found.as_ref().is_ok_and(Vec::is_empty) {
                *reason = Some("no standard occupation is near".into());
            }
        }
        Ok(answers)
    }

    fn codes(&self, role: &Role, vector: &[f32]) -> Vec<StandardCode> {
        let own = || title_language(&role.text()).unwrap_or("en");
        let language = self.settings.language.unwrap_or_else(own);
        let query = Query { title: &role.title, vector };
        self.coder.codes(query, language)
    }
}
