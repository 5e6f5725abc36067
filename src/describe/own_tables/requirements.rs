//! Requirements that a digest says once for all roles, and the roles whose own text says them.

use rayon::prelude::*;

use crate::clean;
use crate::digest_tables::StatedRequirement;
use crate::intake::SetAside;
use crate::role::Role;
use crate::text::sentences::without_marker;

/// A shorter clause, such as `学历`, is in too many texts.
const SHORTEST: usize = 3;

/// The lines of such blocks, each with the number of roles that say a part of it.
pub(super) fn stated<'a>(
    blocks: impl Iterator<Item = &'a SetAside>,
    roles: &[Role],
) -> Vec<StatedRequirement> {
    let lines: Vec<(&SetAside, &str)> = blocks
        .flat_map(|block| block.lines.iter().map(move |line| (block, without_marker(line))))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let said: Vec<Vec<String>> =
        roles.par_iter().map(|role| clean::clauses(&role.description)).collect();
    let one = |(block, line): (&SetAside, &str)| {
        let mut wanted = clean::clauses(line);
        wanted.retain(|clause| clause.chars().count() >= SHORTEST);
        let says = |clauses: &&Vec<String>| {
            clauses.iter().any(|clause| wanted.iter().any(|wanted| clause.contains(wanted)))
        };
        StatedRequirement {
            file: block.file.clone(),
            line: block.line,
            text: line.to_string(),
            roles: said.iter().filter(says).count(),
        }
    };
    lines.into_iter().map(one).collect()
}
