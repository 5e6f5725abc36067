"""What the encoder learns from: titles, skills, descriptions, synthetic postings, parallel sentences.

Every class is an endless seeded stream of batches for one task. `--jobs` is a folder with
titles.tsv, descriptions.tsv, skills.tsv, occupation_skills.tsv and crosswalk.tsv (README.md
names their sources); what a licence class or a source bars is left out here, once.
"""

import csv
import random
import subprocess
from collections import defaultdict
from pathlib import Path

csv.field_size_limit(1 << 30)
GLOSSARY = Path(__file__).parent / "glossary"
LEXICON = Path(__file__).parents[2] / "data" / "lexicon"
BARRED = {"auxco_dkz", "jobtag_en_mt"}
COARSE = {"noc2021", "uksoc2010", "dk003", "isco", "kldb", "chisco19"}  # a concept is a class, not a trade
UNSPACED = ("zh", "ja", "th")
# How often a source's concepts are drawn, and a language's titles among those a concept has.
SOURCES = {"esco": 0.52, "own": 0.16, "onet": 0.14, "cbo": 0.04, "jobtag": 0.03, "csco": 0.03, "wn30": 0.04, "rome": 0.02, "auxco": 0.01, "cor": 0.01}
LANGUAGES = {"en": 3.0, "zh": 3.0, "de": 2.0, "es": 2.0, "fr": 2.0, "ja": 2.0, "ko": 2.0, "it": 2.0, "pl": 2.0, "nl": 1.2, "pt": 1.5, "ru": 1.0, "ar": 1.0}
SAME_LANGUAGE = 0.35  # of the pairs of titles, where a concept has titles in several languages
DRESS = {"de": ["{} (m/w/d)", "{} (w/m/d)", "{} in Vollzeit"], "zh": ["{}（急聘）", "高级{}", "{}（五险一金）", "资深{}"],
         "fr": ["{} H/F", "{} (h/f)"], "es": ["{} (H/M)"], "pl": ["{} (k/m)"], "ja": ["{}【正社員】", "{}（経験者優遇）"], "ko": ["[신입/경력] {}", "{} 모집"],
         "en": ["Senior {}", "{} (remote)", "Lead {}", "{} - full time", "Junior {}"]}
HEADS = {"en": ("Your tasks", "What you need"), "zh": ("岗位职责", "任职要求"), "de": ("Ihre Aufgaben", "Ihr Profil"), "fr": ("Vos missions", "Profil recherché"),
         "es": ("Funciones", "Requisitos"), "ja": ("仕事内容", "応募資格"), "ko": ("담당업무", "자격요건"), "pl": ("Obowiązki", "Wymagania"),
         "pt": ("Atividades", "Requisitos"), "ru": ("Обязанности", "Требования"), "nl": ("Taken", "Functie-eisen"), "it": ("Mansioni", "Requisiti"),
         "sv": ("Arbetsuppgifter", "Kvalifikationer"), "fi": ("Tehtävät", "Vaatimukset")}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def kind_of(concept):
    return concept.split(":", 1)[0]


def family_of(concept, isco):
    """Siblings are each other's hard negatives: one ISCO unit group, one head of an O*NET, CBO ... code."""
    if concept in isco:
        return isco[concept]
    source, _, code = concept.partition(":")
    return f"{source}:{code[:4]}"


class Jobs:
    """The tables in memory, by concept and language."""

    def __init__(self, folder: Path):
        self.titles = defaultdict(lambda: defaultdict(list))
        self.descriptions, self.skills = defaultdict(lambda: defaultdict(list)), defaultdict(list)
        self.labels = defaultdict(lambda: defaultdict(list))
        isco = {}
        for row in rows(folder / "crosswalk.tsv"):
            if row["relation"] == "broader" and row["concept_b"].startswith("isco:") and len(row["concept_b"]) == 9:
                isco.setdefault(row["concept_a"], row["concept_b"])
        for row in rows(folder / "titles.tsv"):
            if row["source"] not in BARRED and row["licence_class"] in "AB":
                self.titles[row["concept_id"]][row["lang"][:2]].append(row["title"])
        for row in rows(folder / "descriptions.tsv"):
            if row["licence_class"] in "AB" and len(row["text"]) > 20:
                self.descriptions[row["concept_id"]][row["lang"][:2]].append(row["text"])
        for row in rows(folder / "skills.tsv"):
            if row["licence_class"] in "AB":
                self.labels[row["skill_id"]][row["lang"][:2]].append(row["label"])
        for row in rows(folder / "occupation_skills.tsv"):
            self.skills[row["concept_id"]].append(row["skill_id"])
        self._glossary()
        self.family = {c: family_of(c, isco) for c in self.titles}
        self.by_family = defaultdict(list)
        for concept in sorted(self.titles):
            if kind_of(concept) not in COARSE and sum(map(len, self.titles[concept].values())) > 1:
                self.by_family[self.family[concept]].append(concept)
        self.by_source = defaultdict(list)
        for family in sorted(self.by_family):
            for concept in self.by_family[family]:
                self.by_source[kind_of(concept)].append(concept)

    def _glossary(self):
        for path in sorted(GLOSSARY.glob("occupations*.tsv")):
            for row in rows(path):
                for language, text in row.items():
                    self.titles[f"own:{row['en']}"][language] += [t for t in text.split("|") if t]
        for path in sorted(GLOSSARY.glob("descriptions_*.tsv")):
            for row in rows(path):
                for language, text in row.items():
                    if text:
                        self.descriptions[f"own-text:{row['en'][:60]}"][language].append(text)
        preferred = {}
        for concept, titles in self.titles.items():
            if concept.startswith("esco:"):
                for title in titles.get("en", []):
                    preferred.setdefault(title, concept)
        for path in sorted(GLOSSARY.glob("esco_*.tsv")):
            for row in rows(path):
                concept = preferred.get(row["en"])
                if concept is None:
                    continue
                for language, text in row.items():
                    if language != "en" and text:
                        self.titles[concept][language] += [t for t in text.split("|") if t]
        # `en` comes with every table; a title said twice weighs no more.
        for titles in self.titles.values():
            for language in titles:
                titles[language] = list(dict.fromkeys(titles[language]))


class Titles:
    """Two titles of one concept; half of a batch comes in groups of siblings."""

    def __init__(self, jobs: Jobs, seed: int):
        self.jobs, self.rng = jobs, random.Random(seed)
        self.sources = [s for s in SOURCES if jobs.by_source.get(s)]
        self.weights = [SOURCES[s] for s in self.sources]
        self.families = sorted(f for f, members in jobs.by_family.items() if len(members) > 2)

    def concept(self):
        return self.rng.choice(self.jobs.by_source[self.rng.choices(self.sources, self.weights)[0]])

    def batch(self, n):
        concepts = []
        while len(concepts) < n // 2:
            members = self.jobs.by_family[self.rng.choice(self.families)]
            concepts += self.rng.sample(members, min(len(members), 6))
        while len(concepts) < n:
            concepts.append(self.concept())
        concepts = list(dict.fromkeys(concepts))[:n]
        pairs = [self.pair(c) for c in concepts]
        return [a for a, _ in pairs], [b for _, b in pairs], concepts

    def language(self, known):
        return self.rng.choices(known, [LANGUAGES.get(x, 0.8) for x in known])[0]

    def pair(self, concept):
        titles, rng = self.jobs.titles[concept], self.rng
        known = sorted(titles)
        first = self.language(known)
        same = [x for x in known if x != first]
        if not same or (len(titles[first]) > 1 and rng.random() < SAME_LANGUAGE):
            a, b = rng.sample(titles[first], 2) if len(titles[first]) > 1 else titles[first] * 2
            second = first
        else:
            second = self.language(same)
            a, b = rng.choice(titles[first]), rng.choice(titles[second])
        return self.dress(a, first), self.dress(b, second)

    def dress(self, title, language):
        """Case and the small additions of real postings, which mean nothing."""
        draw = self.rng.random()
        if draw < 0.25:
            title = title.title() if language not in ("de",) else title[:1].upper() + title[1:]
        elif draw < 0.30:
            title = title.upper()
        if self.rng.random() < 0.05 and language in DRESS:
            title = self.rng.choice(DRESS[language]).format(title)
        return title


class Postings(Titles):
    """A title, or a description, or a posting put together, against another such text of the concept."""

    def __init__(self, jobs: Jobs, seed: int):
        super().__init__(jobs, seed)
        self.with_skills = [c for s in self.sources for c in jobs.by_source[s] if jobs.skills.get(c)]
        self.with_texts = [c for s in self.sources for c in jobs.by_source[s] if jobs.descriptions.get(c)]
        self.own = sorted(c for c in jobs.descriptions if c.startswith("own-text:"))
        self.tasks = [r for p in sorted(GLOSSARY.glob("tasks_*.tsv")) for r in rows(p)]
        self.technologies, self._by_language, self._siblings = technologies(), {}, []

    def title(self, concept, language=None):
        titles = self.jobs.titles[concept]
        language = language if language in titles else self.language(sorted(titles))
        return self.dress(self.rng.choice(titles[language]), language)

    def skill_list(self, concept, language, few=3, many=9):
        labels = [self.jobs.labels[s] for s in self.jobs.skills.get(concept, [])]
        labels = [x for x in labels if language in x]
        chosen = self.rng.sample(labels, min(len(labels), self.rng.randint(few, many)))
        return [self.rng.choice(x[language][:3]) for x in chosen]

    def skills_batch(self, n):
        """Title to the skills asked for (the JobBERT recipe, arXiv 2109.09605)."""
        chosen = self.rng.sample(self.with_skills, n)
        left, right = [], []
        for concept in chosen:
            language = self.rng.choices(["en", "es", "fr", "de", "fi", "sv"], [5, 3, 2, 1, 1, 1])[0]
            listed = self.skill_list(concept, language) or self.skill_list(concept, "en") or self.skill_list(concept, "fr")
            left.append(self.title(concept))
            right.append(", ".join(listed) if listed else self.title(concept))
        return left, right, chosen

    def description(self, concept, language):
        texts = self.jobs.descriptions.get(concept, {})
        if not texts:
            return None, language
        language = language if language in texts else self.language(sorted(texts))
        listed = texts[language]
        joint = "" if language in UNSPACED else " "
        return joint.join(self.rng.sample(listed, min(len(listed), self.rng.randint(1, 4)))), language

    def _written_in(self, language):
        """The concepts described in a language, or all that are described where those are too few."""
        if language not in self._by_language:
            found = [c for c in self.with_texts if language in self.jobs.descriptions[c]]
            self._by_language[language] = found if len(found) > 100 else self.with_texts
        return self._by_language[language]

    def posting(self, concept, language=None):
        """Title, tasks, requirements and technologies under the headings that a language uses."""
        rng = self.rng
        text, language = self.description(concept, language or self.language(sorted(self.jobs.titles[concept])))
        parts = [self.title(concept, language)]
        tasks, needs = HEADS.get(language, HEADS["en"])
        if text:
            parts.append(f"{tasks}\n{text}" if rng.random() < 0.5 else text)
        listed = self.skill_list(concept, language, 2, 10)
        if listed:
            mark = rng.choice(["- ", "• ", "", "* "])
            parts.append(f"{needs}\n" + "\n".join(mark + s for s in listed))
        return "\n".join(parts)

    def own_posting(self, concept, language):
        """One of our own descriptions with tasks of other trades left out: in ten languages alike."""
        rng = self.rng
        parts = [self.jobs.descriptions[concept][language][0]]
        if rng.random() < 0.4:
            kinds = rng.sample(sorted(self.technologies), 1)
            names = rng.sample(self.technologies[kinds[0]], min(5, len(self.technologies[kinds[0]])))
            parts.append(("、" if language in UNSPACED else ", ").join(x.get(language, x["en"]) for x in names))
        return "\n".join(parts)

    def batch(self, n):
        left, right, labels = [], [], []
        for concept in self.described(int(n * 0.7)):
            draw = self.rng.random()
            left.append(self.title(concept) if draw < 0.7 else (self.description(concept, None)[0] if draw < 0.8 else self.posting(concept)))
            right.append(self.posting(concept) if self.rng.random() < 0.7 else self.description(concept, None)[0])
            labels.append(concept)
        for concept in self.rng.sample(self.own, n - len(labels)):
            known = sorted(self.jobs.descriptions[concept])
            a, b = self.language(known), self.language(known)
            left.append(self.jobs.descriptions[concept][a][0])
            right.append(self.own_posting(concept, b if b != a else self.rng.choice([x for x in known if x != a])))
            labels.append(concept)
        return left, right, labels

    def described(self, n):
        """Concepts with descriptions, half of them in groups of siblings."""
        if not self._siblings:
            families = defaultdict(list)
            for concept in self.with_texts:
                families[self.jobs.family[concept]].append(concept)
            self._siblings = [members for members in families.values() if len(members) > 2]
        found = []
        while len(found) < n // 2:
            members = self.rng.choice(self._siblings)
            found += self.rng.sample(members, min(len(members), 4))
        return list(dict.fromkeys(found + self.rng.sample(self.with_texts, n)))[:n]

    def long_texts(self, n, one=False):
        """Postings to keep near the base's own similarities; all in one language if `one`."""
        if one:
            language = self.rng.choices(["en", "de", "es", "fr", "zh", "ja"], [4, 2, 2, 2, 2, 1])[0]
            concepts = self._written_in(language)
            return [self.posting(self.rng.choice(concepts), language) for _ in range(n)]
        texts = []
        for _ in range(n):
            concept = self.rng.choice(self.with_texts)
            more = self.rng.choice(self.with_texts) if self.rng.random() < 0.2 else None
            texts.append(self.posting(concept) + ("\n" + self.posting(more) if more else ""))
        return texts


class Sentences:
    """Sentences and their translations, alone or as runs of neighbours."""

    def __init__(self, path: Path, seed: int, most=400_000):
        self.rng, self.pairs = random.Random(seed), []
        stream = subprocess.Popen(["zstd", "-dc", "--long=27", str(path)], stdout=subprocess.PIPE)
        for line in stream.stdout:
            fields = line.decode("utf-8").rstrip("\n").split("\t")
            if len(fields) == 4 and 12 <= len(fields[0]) <= 300:
                self.pairs.append(tuple(fields[:3]))
        keep = self.rng.random
        self.pairs = [p for p in self.pairs if p[2] != "zh" or keep() < 0.35]
        self.pairs = [p for p in self.pairs if keep() < most / len(self.pairs)]

    def batch(self, n):
        chosen = self.rng.sample(range(len(self.pairs)), n)
        pairs = [self.pairs[i] for i in chosen]
        return [a for a, _, _ in pairs], [b for _, b, _ in pairs], [a for a, _, _ in pairs]

    def runs_batch(self, n, siblings=4):
        """Short runs of sentences against their translations; runs of one document are hard negatives."""
        left, right, length = [], [], 0
        while len(left) < n:
            start = self.rng.randrange(len(self.pairs) - 40)
            language = self.pairs[start][2]
            for _ in range(siblings):
                length = self.rng.randint(1, 4)
                run = [p for p in self.pairs[start:start + length] if p[2] == language]
                start += length
                if run:
                    left.append(" ".join(p[0] for p in run))
                    right.append(("" if language in UNSPACED else " ").join(p[1] for p in run))
        return left[:n], right[:n], left[:n]

    def passages(self, n, one=False):
        """Two to eight neighbouring sentences, in English or translated; all in one language if `one`."""
        texts, wanted = [], self.pairs[self.rng.randrange(len(self.pairs))][2] if self.rng.random() < 0.6 else "en"
        while len(texts) < n:
            start, many, side = self.rng.randrange(len(self.pairs) - 8), self.rng.randint(2, 8), self.rng.randint(0, 1)
            if one:
                side = int(wanted != "en")
            language = self.pairs[start][2] if side else "en"
            if one and language != wanted:
                continue
            run = [p[side] for p in self.pairs[start:start + many] if side == 0 or p[2] == language]
            texts.append(("" if language in UNSPACED else " ").join(run))
        return texts


class Market:
    """Small postings put together from the glossary and the lexicon, the same one in two languages.

    Four postings of a group share their kinds of technology. In most groups they are of neighbouring
    occupations, each with tasks that fit it, and the text on one side may be the title alone; in the
    others they are of one occupation and differ in what is to be done. Were all of the second kind,
    titles would lose their weight in the vectors of postings.
    """

    SPOKEN = {"zh": 5, "en": 5, "de": 1, "es": 1, "fr": 1, "pl": 1, "pt": 1, "ja": 1.5, "ko": 1.5, "ru": 1}

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        read = lambda name: [r for p in sorted(GLOSSARY.glob(f"{name}_?.tsv")) for r in rows(p)]
        self.occupations, self.tasks, self.descriptions = read("occupations"), read("tasks"), read("descriptions")
        self.technologies, self.fitting = technologies(), {}

    def fit_tasks(self, vectors, near=40):
        """The tasks and the neighbours that fit each occupation, by a model's own vectors."""
        occupations = vectors([o["en"] for o in self.occupations])
        for pool, name in ((self.tasks, "tasks"), (self.descriptions, "descriptions"), (self.occupations, "neighbours")):
            lines = occupations if name == "neighbours" else vectors([t["en"] for t in pool])
            order = (-(occupations @ (lines - lines.mean(0)).T)).argsort(1)[:, :12 if name == "neighbours" else near]
            for occupation, nearest in zip(self.occupations, order):
                self.fitting.setdefault(occupation["en"], {})[name] = [pool[i] for i in nearest]

    def languages(self):
        known = list(self.SPOKEN)
        first = self.rng.choices(known, list(self.SPOKEN.values()))[0]
        rest = [x for x in known if x != first]
        return first, self.rng.choices(rest, [self.SPOKEN[x] for x in rest])[0]

    def said(self, language, occupation, lines, stack):
        """One wording: some lines and technologies are left out, the order is free."""
        rng = self.rng
        lines, stack = list(lines), list(stack)
        rng.shuffle(lines), rng.shuffle(stack)
        lines = lines[: max(1, len(lines) - (rng.random() < 0.4))]
        stack = stack[: max(1, int(len(stack) * rng.uniform(0.6, 1.0)))] if stack else []
        parts = [occupation[language]] if occupation and rng.random() < 0.9 else []
        full = "。" if language in UNSPACED else ". "
        parts.append(full.join(line[language] for line in lines))
        if stack:
            parts.append(("、" if language in UNSPACED else ", ").join(x.get(language, x["en"]) for x in stack))
        return "\n".join(parts)

    def group(self):
        """Four occupations, and whether they are one and the same."""
        occupation = self.rng.choice(self.occupations)
        neighbours = self.fitting.get(occupation["en"], {}).get("neighbours", [])
        if len(neighbours) < 4 or self.rng.random() < 0.3:
            return [occupation] * 4, True
        return self.rng.sample(neighbours, 4), False

    def lines(self, occupation):
        name = "tasks" if self.rng.random() < 0.4 else "descriptions"
        fitting = self.fitting.get(occupation["en"], {}).get(name)
        pool = fitting if fitting and self.rng.random() < 0.95 else getattr(self, name)
        return self.rng.sample(pool, self.rng.randint(1, 4))

    def batch(self, n):
        rng, left, right, labels = self.rng, [], [], []
        while len(left) < n:
            occupations, is_one = self.group()
            pool = [x for k in rng.sample(sorted(self.technologies), 3) for x in self.technologies[k]]
            for occupation in occupations:
                lines, stack = self.lines(occupation), rng.sample(pool, min(len(pool), rng.randint(0, 8)))
                (a, b), draw = self.languages(), rng.random()
                if draw < 0.3 and not is_one:
                    left.append(occupation[a])
                elif draw < 0.5:
                    # A wish of a few words against the whole posting, half of them in its language.
                    a = b if rng.random() < 0.5 else a
                    wish = self.said(a, None, lines[:1], stack[:2]) if stack or rng.random() < 0.5 else lines[0][a]
                    left.append(wish.replace("\n", rng.choice([" ", "，", ", "])))
                else:
                    left.append(self.said(a, occupation, lines, stack))
                right.append(self.said(b, occupation, lines, stack))
                labels.append(f"{len(labels)}" if is_one else occupation["en"])
        return left[:n], right[:n], labels[:n]


class Wishes:
    """A skill, as somebody would look for it, against a posting that asks for it, at least half of them in one language.

    Groups of postings of one occupation that differ in what is to be done were tried in its place: they
    teach a model to read a posting as a bag of tasks, see README.md.
    """

    def __init__(self, postings: Postings, seed: int):
        self.postings, self.rng = postings, random.Random(seed)

    def pair(self):
        rng, postings = self.rng, self.postings
        while True:
            concept = rng.choice(postings.with_skills)
            skill = rng.choice(postings.jobs.skills[concept])
            labels = postings.jobs.labels[skill]
            if labels:
                break
        known = sorted(labels)
        language = postings.language(known)
        asked = language if rng.random() < 0.5 else postings.language(known)
        lines = postings.skill_list(concept, language, 2, 7) + [labels[language][0]]
        rng.shuffle(lines)
        text, _ = postings.description(concept, language)
        parts = [postings.title(concept, language), text or "", "\n".join(dict.fromkeys(lines))]
        return rng.choice(labels[asked]), "\n".join(p for p in parts if p), skill

    def batch(self, n):
        left, right, skills = zip(*(self.pair() for _ in range(n)))
        return list(left), list(right), list(skills)


def technologies():
    found = defaultdict(list)
    for line in (LEXICON / "technologies.tsv").read_text(encoding="utf-8").splitlines():
        row = line.split("\t")
        if line and not line.startswith("#"):
            found[row[1]].append({"en": row[0], "zh": row[4] if len(row) > 4 and row[4] else row[0]})
    return found
