//! What a column is for by its name alone: listed, decorated, part of a longer name, misspelt.

use super::fold::{atoms, bare, key, spelt_in_letters};
use super::lexicon::{Entry, LEXICON};
use super::target::Target;

/// Longer names are sentences: they are only looked up whole.
const LONGEST_NAME: usize = 60;

/// How a name says what its column holds, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::read) enum Tier {
    /// The user, or a known shape of records, says so.
    Stated,
    /// The name is listed.
    Listed,
    /// It is a listed name and words that change nothing.
    Decorated,
    /// A word in it says so.
    Contained,
    /// It is a listed name but for a letter or two.
    Misspelt,
    /// The name is one that may mean anything, such as `name`.
    Weak,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) struct Guess {
    pub target: Target,
    pub tier: Tier,
    /// Place among the names of that use, 0 first.
    pub rank: usize,
    /// The listed name that a misspelt one is taken for.
    pub meant: Option<&'static str>,
}

/// What a name says about its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) enum Verdict {
    /// It is for this.
    Is(Guess),
    /// It looks like one of ours and is not.
    Other,
    /// Nothing.
    Unknown,
}

/// What a name says its column is for.
pub(in crate::read) fn verdict(name: &str) -> Verdict {
    let bare = bare(name);
    let (whole, bare_key) = (key(name), key(&bare));
    if let Some(entry) = listed(&whole).or_else(|| listed(&bare_key)) {
        return entry.verdict(Tier::Listed);
    }
    if bare_key.is_empty() || name.chars().count() > LONGEST_NAME {
        return Verdict::Unknown;
    }
    let atoms = Atoms(atoms(&bare));
    let cores = atoms.without_fillers();
    if let Some(entry) = cores.iter().find_map(|core| listed(core)) {
        return entry.verdict(Tier::Decorated);
    }
    if let Some(said) = atoms.word() {
        return said.map_or(Verdict::Other, |target| {
            Verdict::Is(Guess { target, tier: Tier::Contained, rank: 0, meant: None })
        });
    }
    let spelt = [&bare_key].into_iter().chain(&cores);
    spelt.filter_map(|core| misspelt(core)).next().unwrap_or(Verdict::Unknown)
}

impl Entry {
    fn verdict(&self, tier: Tier) -> Verdict {
        let tier = if self.strong { tier } else { Tier::Weak };
        self.target.map_or(Verdict::Other, |target| {
            Verdict::Is(Guess { target, tier, rank: self.rank, meant: None })
        })
    }
}

/// Whether a name is listed as it stands, as one of ours or as one that only looks so.
pub(in crate::read) fn is_listed(name: &str) -> bool {
    listed(&key(name)).is_some()
}

/// A listed name, in the plural too.
fn listed(name: &str) -> Option<&'static Entry> {
    let one = || {
        let one = name.strip_suffix('s').filter(|one| one.len() > 2)?;
        let entry = LEXICON.whole.get(one)?;
        // `jobs` and `positions` are lists of postings.
        (entry.target != Some(Target::Title) || one.ends_with("title")).then_some(entry)
    };
    LEXICON.whole.get(name).or_else(one)
}

/// What the listed name says that is closest to `name`, where one is close enough.
fn misspelt(name: &str) -> Option<Verdict> {
    if !spelt_in_letters(name) {
        return None;
    }
    let letters: Vec<char> = name.chars().collect();
    let allowed = match letters.len() {
        0..9 => 1,
        _ => 2,
    };
    let near = LEXICON.by_letter.get(&letters[0])?.iter().filter_map(|known| {
        let other: Vec<char> = known.chars().collect();
        // A plural that is not listed was left out on purpose.
        let plural = name.strip_suffix('s') == Some(known.as_str());
        if other.len().abs_diff(letters.len()) > allowed || plural {
            return None;
        }
        // Five letters are so few that only a swap is told from another word.
        let swap_only = letters.len().max(other.len()) < 6;
        let distance = edits(&letters, &other);
        (distance <= allowed && (!swap_only || swapped(&letters, &other)))
            .then_some((distance, known))
    });
    let weak = |known: &str| LEXICON.whole.get(known).is_some_and(|entry| !entry.strong);
    let (_, known) = near.min_by_key(|(distance, known)| (*distance, weak(known)))?;
    Some(match LEXICON.whole.get(known)?.verdict(Tier::Misspelt) {
        Verdict::Is(guess) => Verdict::Is(Guess { meant: Some(known), ..guess }),
        other => other,
    })
}

fn swapped(a: &[char], b: &[char]) -> bool {
    let mut one: Vec<char> = a.to_vec();
    let mut other: Vec<char> = b.to_vec();
    one.sort_unstable();
    other.sort_unstable();
    one == other
}

/// Letters to add, drop, change or swap with the next (optimal string alignment distance).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// A name as the parts that words and fillers are made of.
#[derive(Debug)]
struct Atoms(Vec<String>);

impl Atoms {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn joined(&self, from: usize, to: usize) -> String {
        self.0[from..to].concat()
    }

    fn is_filler(&self, from: usize, to: usize) -> bool {
        let part = self.joined(from, to);
        part.chars().all(char::is_numeric) || LEXICON.fillers.contains(&part)
    }

    /// What is left of the name without fillers at its ends, longest first, and last without
    /// any at all.
    fn without_fillers(&self) -> Vec<String> {
        let n = self.len();
        let reach = LEXICON.longest;
        let (mut starts, mut ends) = (vec![false; n + 1], vec![false; n + 1]);
        (starts[0], ends[n]) = (true, true);
        for from in 0..n {
            for to in from + 1..=n.min(from + reach) {
                starts[to] |= starts[from] && self.is_filler(from, to);
            }
        }
        for to in (1..=n).rev() {
            for from in to.saturating_sub(reach)..to {
                ends[from] |= ends[to] && self.is_filler(from, to);
            }
        }
        let mut windows: Vec<(usize, usize)> = (0..n)
            .flat_map(|from| (from + 1..=n).map(move |to| (from, to)))
            .filter(|&(from, to)| starts[from] && ends[to] && to - from < n)
            .collect();
        windows.sort_by_key(|&(from, to)| (std::cmp::Reverse(to - from), from));
        let mut cores: Vec<String> =
            windows.into_iter().map(|(from, to)| self.joined(from, to)).collect();
        let kept: Vec<usize> = (0..n).filter(|&at| !self.is_filler(at, at + 1)).collect();
        cores.push(kept.into_iter().map(|at| self.0[at].as_str()).collect());
        cores.retain(|core| !core.is_empty());
        cores
    }

    /// What the words in the name say together; `Some(None)` when one of them makes the name
    /// none of ours.
    fn word(&self) -> Option<Option<Target>> {
        let mut said: Vec<Option<Target>> = Vec::new();
        for from in 0..self.len() {
            for to in from + 1..=self.len().min(from + LEXICON.longest) {
                let part = self.joined(from, to);
                let one = part.strip_suffix('s').unwrap_or(&part);
                let found = LEXICON.words.get(&part).or_else(|| LEXICON.words.get(one));
                said.extend(found);
            }
            said.extend(compound(&self.0[from]));
        }
        if said.is_empty() {
            return None;
        }
        let has = |target: Target| said.contains(&Some(target));
        // A text about the employer is none about the role.
        let about_employer = has(Target::Company) && has(Target::Description);
        if said.contains(&None) || about_employer {
            return Some(None);
        }
        Some(said.into_iter().flatten().min_by_key(|target| target.precedence()))
    }
}

/// What the end of a compound word says: `Aufgabenbeschreibung`.
fn compound(word: &str) -> Option<&'static Option<Target>> {
    let letters = spelt_in_letters(word);
    let ends = word.char_indices().skip(3).map(|(at, _)| &word[at..]);
    let mut ends = ends.filter(|end| letters && end.chars().count() >= 7);
    ends.find_map(|end| LEXICON.words.get(end))
}
