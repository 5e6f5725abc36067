//! From what the columns are called and what stands in them to what each is used for.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::content::{Content, Kind};
use super::fold::{bare, key};
use super::names::{Guess, Tier, Verdict};
use super::nested;
use super::stated::Columns;
use super::target::{Shape, Target};
use crate::read::advice::{Likely, quoted};

/// Among candidates for one use, a name counts as better only where at least this share of the
/// values of the best filled column are there.
const WELL_FILLED: f64 = 0.5;

/// Columns shorter than this are too short for their content to overrule their name.
const ENOUGH_ROWS: usize = 20;

/// Wider values than this are no titles.
const TITLE_WIDTH: f64 = 150.0;

/// Narrower values than this are no sentences.
const SENTENCE: f64 = 20.0;

/// Sections repeat: where more of the values differ, it is no section.
const SECTION_VARIETY: f64 = 0.9;

/// Ids differ: where fewer of the values do, it is no id.
const ID_VARIETY: f64 = 0.5;

/// A column as the first records show it.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Seen {
    pub name: String,
    /// Its place in a table, from 1.
    pub number: Option<usize>,
    pub content: Content,
}

/// What a column is used for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::read) struct Decision {
    /// `None` when it is merely kept.
    pub target: Option<Target>,
    /// Of several columns of one use the first that holds something in a record is taken;
    /// texts, technologies and parts of the pay are put together in this order.
    pub order: usize,
    /// Why, where the name alone does not say it.
    pub why: Option<String>,
}

/// What every column is used for, by its name.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Plan {
    decisions: HashMap<String, Decision>,
}

/// A column on its way to a decision.
struct Candidate<'a> {
    seen: &'a Seen,
    guess: Option<Guess>,
    /// The name says that it is none of ours.
    other: bool,
    why: Option<String>,
}

impl Plan {
    /// Decides for `seen` columns. Where `by_content`, a title and a text are looked for among
    /// columns whatever they are called: a table without a header has no names.
    pub fn make(columns: &Columns, shape: Option<&Shape>, seen: &[Seen], by_content: bool) -> Plan {
        let mut candidates: Vec<Candidate> =
            seen.iter().map(|seen| Candidate::of(columns, shape, seen)).collect();
        let others = Others::of(&candidates);
        candidates.iter_mut().for_each(|candidate| candidate.weigh(&others));
        choose_by_content(&mut candidates, columns, by_content);

        let mut plan = Plan::default();
        for target in Target::ALL {
            plan.settle(target, &mut candidates);
        }
        for candidate in candidates {
            let kept = Decision { target: None, order: 0, why: candidate.why };
            plan.decisions.entry(candidate.seen.name.clone()).or_insert(kept);
        }
        plan
    }

    /// Decides by the names alone, as if every column held something in every record.
    pub fn by_names(columns: &Columns, names: &[String]) -> Plan {
        let seen = |(at, name): (usize, &String)| {
            let mut seen = Seen { name: name.clone(), number: Some(at + 1), ..Seen::default() };
            seen.content.filled = 1;
            seen
        };
        let seen: Vec<Seen> = names.iter().enumerate().map(seen).collect();
        let mut candidates: Vec<Candidate> =
            seen.iter().map(|seen| Candidate::of(columns, None, seen)).collect();
        let mut plan = Plan::default();
        for target in Target::ALL {
            plan.settle(target, &mut candidates);
        }
        for candidate in candidates {
            plan.decisions.entry(candidate.seen.name.clone()).or_default();
        }
        plan
    }

    /// What is decided for a column.
    pub fn of(&self, name: &str) -> Option<&Decision> {
        self.decisions.get(name)
    }

    /// What a column is for that the first records did not have, by its name alone.
    pub fn late(&self, columns: &Columns, shape: Option<&Shape>, name: &str) -> Decision {
        let guess = match by_name(columns, shape, name, None) {
            Verdict::Is(guess) if guess.tier <= Tier::Decorated => Some(guess),
            _ => None,
        };
        let used = |target: Target| {
            let same = |d: &&Decision| d.target.is_some_and(|t| t.shown_as() == target.shown_as());
            self.decisions.values().filter(same).count()
        };
        guess.map_or_else(Decision::default, |guess| Decision {
            target: Some(guess.target),
            order: used(guess.target).saturating_add(guess.rank),
            why: None,
        })
    }

    /// Columns that are merely kept and might be a title or a text, by what stands in them.
    pub fn likely(&self, seen: &[Seen]) -> Likely {
        let kept = |seen: &&Seen| self.of(&seen.name).is_none_or(|d| d.target.is_none());
        let mut likely = Likely::default();
        let mut texts: Vec<&Seen> = Vec::new();
        for seen in seen.iter().filter(kept) {
            match seen.content.kind() {
                Kind::LongText => texts.push(seen),
                Kind::ShortText => likely.titles.push(seen.name.clone()),
                _ => {}
            }
        }
        texts.sort_by_key(|seen| Reverse(seen.content.mean() as usize));
        likely.texts = texts.into_iter().map(|seen| seen.name.clone()).collect();
        likely
    }

    /// Decides which of the candidates for one use are used, and in which order.
    fn settle(&mut self, target: Target, candidates: &mut [Candidate]) {
        let same = |c: &Candidate| {
            c.guess.as_ref().is_some_and(|g| g.target.shown_as() == target.shown_as())
        };
        let mut pool: Vec<usize> =
            (0..candidates.len()).filter(|&i| same(&candidates[i])).collect();
        let filled = |i: usize| candidates[i].seen.content.filled;
        let tier = |i: usize| candidates[i].guess.as_ref().map_or(Tier::Weak, |g| g.tier);
        let rank = |i: usize| candidates[i].guess.as_ref().map_or(0, |g| g.rank);
        let strong = pool.iter().any(|&i| tier(i) < Tier::Weak && filled(i) > 0);
        if strong {
            pool.retain(|&i| tier(i) < Tier::Weak);
        }
        let most = pool.iter().map(|&i| filled(i)).max().unwrap_or(0);
        let thin = |i: usize| (filled(i) as f64) < WELL_FILLED * most as f64;
        let joined = matches!(target, Target::Description | Target::Stack | Target::Pay(_));
        let by_name = pool.iter().copied().min_by_key(|&i| (tier(i), rank(i), i));
        // What is put together stands in the order of the names, whatever is filled how well.
        pool.sort_by_key(|&i| {
            let stated = tier(i) == Tier::Stated;
            (!stated && thin(i) && (!joined || !strong), tier(i), rank(i), i)
        });
        let first = pool.first().copied();
        // Of names that may mean anything, one is believed; the others fill no gaps either.
        pool.retain(|&i| Some(i) == first || strong && (joined || tier(i) <= Tier::Decorated));
        if let (Some(&first), Some(better)) = (pool.first(), by_name)
            && first != better
            && !joined
        {
            let (name, seen) = (candidates[better].seen.name.clone(), filled(better));
            candidates[first].why =
                Some(format!("better filled than {}, which has {seen}", quoted(&name)));
        }
        let names: Vec<String> = pool.iter().map(|&i| candidates[i].seen.name.clone()).collect();
        for (order, &i) in pool.iter().enumerate() {
            let candidate = &mut candidates[i];
            // What holds one value is taken from the first column that has one.
            let stood_in = names[..order]
                .iter()
                .find(|name| !joined || key(&bare(name)) == key(&bare(&candidate.seen.name)));
            if let Some(first) = stood_in {
                candidate
                    .why
                    .get_or_insert_with(|| format!("where {} holds nothing", quoted(first)));
            }
            let guess = candidate.guess.as_ref();
            let decision = Decision {
                target: guess.map(|guess| guess.target),
                order,
                why: candidate.why.take(),
            };
            self.decisions.entry(candidate.seen.name.clone()).or_insert(decision);
        }
    }
}

/// What all candidates have to show.
struct Others {
    /// A column named as a text holds sentences.
    long_text: bool,
    /// Uses for which there is a column with words in it.
    worded: Vec<Target>,
}

impl Others {
    fn of(candidates: &[Candidate]) -> Self {
        let long = |c: &Candidate| c.is(Target::Description) && c.seen.content.is_prose();
        let worded = candidates
            .iter()
            .filter(|c| !matches!(c.seen.content.kind(), Kind::Data | Kind::Empty));
        Others {
            long_text: candidates.iter().any(long),
            worded: worded.filter_map(|c| Some(c.guess.as_ref()?.target)).collect(),
        }
    }
}

impl<'a> Candidate<'a> {
    fn of(columns: &Columns, shape: Option<&Shape>, seen: &'a Seen) -> Self {
        let verdict = by_name(columns, shape, &seen.name, seen.number);
        let other = verdict == Verdict::Other;
        let guess = match verdict {
            Verdict::Is(guess) => Some(guess),
            _ => None,
        };
        let why = guess.as_ref().and_then(|guess| guess.meant);
        let why = why.map(|meant| format!("near spelling of {}", quoted(meant)));
        Candidate { seen, guess, other, why }
    }

    fn is(&self, target: Target) -> bool {
        self.guess.as_ref().is_some_and(|guess| guess.target == target)
    }

    fn take(&mut self, target: Target, why: &str) {
        self.guess = Some(Guess { target, tier: Tier::Contained, rank: usize::MAX, meant: None });
        self.why = Some(why.to_string());
    }

    fn drop(&mut self, why: &str) {
        self.guess = None;
        self.other = true;
        self.why = Some(why.to_string());
    }

    /// Lets what stands in the column speak against its name.
    fn weigh(&mut self, others: &Others) {
        let Some(guess) = &self.guess else { return };
        let content = &self.seen.content;
        let kind = content.kind();
        let weak = guess.tier == Tier::Weak;
        if guess.tier == Tier::Stated || kind == Kind::Empty {
            return;
        }
        let many = content.filled >= ENOUGH_ROWS;
        // A plain name is believed unless another column does better.
        let wordless = kind == Kind::Data
            && (guess.tier > Tier::Decorated || others.worded.contains(&guess.target));
        match guess.target {
            Target::Title | Target::Stack | Target::Description if wordless => {
                self.drop("holds no words");
            }
            Target::Title if content.is_prose() && content.mean() > TITLE_WIDTH => {
                self.take(Target::Description, "holds whole texts");
            }
            Target::Stack if content.is_prose() => {
                self.take(Target::Description, "holds whole sentences");
            }
            Target::Description
                if weak
                    && (matches!(kind, Kind::Data | Kind::Labels) || content.mean() < SENTENCE) =>
            {
                self.drop("holds no sentences");
            }
            Target::Description if kind == Kind::Labels && many && others.long_text => {
                self.drop("holds a few short words again and again");
            }
            Target::Section if kind == Kind::LongText || (kind == Kind::Data && weak) => {
                self.drop("holds no labels");
            }
            Target::Section if many && content.variety() > SECTION_VARIETY => {
                self.drop("hardly ever repeats a value");
            }
            Target::Id if kind == Kind::LongText => self.drop("holds texts"),
            Target::Id if content.filled >= 6 && content.variety() < ID_VARIETY => {
                self.drop("repeats its values");
            }
            Target::Id if weak && content.variety() < 1.0 => self.drop("repeats its values"),
            Target::Date | Target::Pay(_) if content.is_prose() => self.drop("holds texts"),
            Target::Place | Target::Company if kind == Kind::Data || content.is_prose() => {
                self.drop("holds no names");
            }
            _ => {}
        }
    }
}

/// What a name says, the user's word and a known shape going before.
pub(super) fn by_name(
    columns: &Columns,
    shape: Option<&Shape>,
    name: &str,
    number: Option<usize>,
) -> Verdict {
    if let Some((target, rank)) = columns.stated_for(name, number) {
        return Verdict::Is(Guess { target, tier: Tier::Stated, rank, meant: None });
    }
    let verdict = match shape {
        Some(shape) => of_shape(shape, name),
        None => nested::verdict(name),
    };
    match verdict {
        // What the user has named is not guessed as well.
        Verdict::Is(guess) if columns.is_stated(guess.target) => Verdict::Other,
        verdict => verdict,
    }
}

/// A known shape says which columns make a role; the rest are told by their names.
fn of_shape(shape: &Shape, name: &str) -> Verdict {
    let mut ranked = shape.columns.iter().enumerate();
    match ranked.find(|(_, (path, _))| *path == name) {
        Some((rank, (_, target))) => {
            Verdict::Is(Guess { target: *target, tier: Tier::Stated, rank, meant: None })
        }
        None => match nested::verdict(name) {
            Verdict::Is(guess) if guess.target.is_text() => Verdict::Other,
            Verdict::Is(guess) if matches!(guess.target, Target::Id | Target::Section) => {
                Verdict::Other
            }
            verdict => verdict,
        },
    }
}

/// Finds the text, and the title, among columns whose names say nothing, where only one can be
/// meant or names are not to be had.
fn choose_by_content(candidates: &mut [Candidate], columns: &Columns, by_content: bool) {
    const WHY: &str = "by its content";
    let named = |candidates: &[Candidate], target| {
        candidates.iter().any(|c| c.is(target) && c.seen.content.filled > 0)
    };
    let text_is_named =
        candidates.iter().any(|c| c.guess.as_ref().is_some_and(|g| g.target.is_text()));
    if !text_is_named && !by_content {
        return;
    }
    let open = |c: &Candidate| c.guess.is_none() && (!c.other || by_content);
    if !named(candidates, Target::Description) && !columns.is_stated(Target::Description) {
        let prose = |c: &&mut Candidate| open(c) && c.seen.content.is_prose();
        let found: Vec<&mut Candidate> = candidates.iter_mut().filter(prose).collect();
        if found.len() == 1 || by_content {
            let width = |c: &&mut Candidate| (c.seen.content.mean() * 10.0) as usize;
            if let Some(text) = found.into_iter().max_by_key(width) {
                text.take(Target::Description, WHY);
            }
        }
    }
    if !named(candidates, Target::Title) && !columns.is_stated(Target::Title) {
        let short = |c: &&mut Candidate| {
            let kind = c.seen.content.kind();
            open(c) && (kind == Kind::ShortText || by_content && kind == Kind::Labels)
        };
        let mut found: Vec<&mut Candidate> = candidates.iter_mut().filter(short).collect();
        if found.len() == 1 || by_content {
            // The first of those whose values differ most: places and employers repeat.
            found.sort_by_key(|c| Reverse((c.seen.content.variety() * 10.0) as usize));
            if let Some(title) = found.into_iter().next() {
                title.take(Target::Title, WHY);
            }
        }
    }
}
