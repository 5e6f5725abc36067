"""Step 3. Multilingual knowledge distillation (Reimers & Gurevych 2020, arXiv 2004.09813).

The student's vector of an English text and of each of its translations is drawn to the
teacher's vector of the English text (1 - cosine), and, in the batch, away from the teacher's
vectors of other texts (InfoNCE). One text in five is a document of several sentences, since
a posting is. English sentences that have several translations are taken with up to two of
them, so that the teacher reads each only once.

`--glossary` mixes in what is said in postings and not in documentation: rows of glossary/
(occupations, tasks and descriptions in ten languages, written for this purpose), the topics and the
technologies of data/lexicon/, alone and joined into small postings. `--phrases` adds random
phrases of one to four English words to every step, drawn from all of the teacher's
vocabulary: the cheapest way to the words that documentation never uses.
"""

import csv
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import BertModel

from common import LANGUAGES, arguments, held_back, held_back_pairs, read_pairs, teacher_folder

SEED = 3
TEXTS_PER_STEP = 64
TRANSLATIONS = 2
DOCUMENTS = 0.2
MAX_TOKENS = 160
TEMPERATURE = 0.05
CONTRAST = 0.15
STRUCTURE = 2.0
SAME = 0.9  # cosine of two teacher's vectors from which on they are no negatives of each other
NEGATIVES = 1024  # the teacher's vectors of the latest texts, kept as negatives
PHRASE_WEIGHT = 0.5
GLOSSARY_TRANSLATIONS = 3
SPOKEN = {"zh": 3, "de": 2, "es": 2, "fr": 2, "pl": 2, "ja": 1, "ko": 1, "pt": 1, "ru": 1}
WARM_UP = 40
LEXICON = Path(__file__).parents[2] / "data" / "lexicon"


class Texts:
    """An endless seeded stream of (english, [translations])."""

    def __init__(self, pairs: Path, glossary: bool, share: float, seed: int):
        self.rng = random.Random(seed)
        groups, self.sources = {}, {}
        for english, translation, language, source in read_pairs(pairs):
            if held_back(english) or not 2 <= len(english.split()) <= 60:
                continue
            groups.setdefault(english, {})[language] = translation
            self.sources.setdefault((source, language), []).append((english, translation))
        self.sources = {k: v for k, v in self.sources.items() if len(v) > 200}
        self.keys = sorted(self.sources)
        self.weights = [len(self.sources[k]) ** 0.7 for k in self.keys]
        self.groups = sorted(groups.items())
        self.rng.shuffle(self.groups)
        # The more translations, the more is learnt from one reading of the teacher.
        self.groups.sort(key=lambda g: -min(len(g[1]), 3) if self.rng.random() < 0.7 else 0)
        self.at = 0
        self.share = share if glossary else 0.0
        self.trade = Trade(self.rng) if glossary else None

    def __next__(self):
        draw = self.rng.random()
        if draw < self.share:
            return self.trade.posting()
        if self.rng.random() < DOCUMENTS:
            key = self.rng.choices(self.keys, self.weights)[0]
            lines = self.sources[key]
            start, n = self.rng.randrange(len(lines) - 6), self.rng.randint(2, 6)
            chosen = lines[start:start + n]
            joint = "" if key[1] in ("zh", "ja") else " "
            return " ".join(e for e, _ in chosen), [joint.join(t for _, t in chosen)]
        english, by_language = self.groups[self.at % len(self.groups)]
        self.at += 1
        languages = sorted(by_language)
        self.rng.shuffle(languages)
        languages.sort(key=lambda x: x != "zh")
        return english, [by_language[x] for x in languages[:TRANSLATIONS]]


class Trade:
    """Small postings in several languages from the glossary and the lexicon."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.occupations, self.tasks, self.descriptions = map(read_glossary, ("occupations", "tasks", "descriptions"))
        topics = [r for r in read_table(LEXICON / "glossary.tsv") if len(r) > 2 and r[1] and r[2]]
        self.topics = [{"en": r[1], "zh": r[2]} for r in topics]
        self.technologies = {}
        for row in read_table(LEXICON / "technologies.tsv"):
            chinese = row[4] if len(row) > 4 and row[4] else row[0]
            self.technologies.setdefault(row[1], []).append({"en": row[0], "zh": chinese})
        self.kinds = sorted(self.technologies)

    def posting(self):
        rng, kind = self.rng, self.rng.random()
        if kind < 0.20:
            rows = [rng.choice(self.occupations)]
        elif kind < 0.26:
            rows = [rng.choice(self.tasks)]
        elif kind < 0.34:
            rows = [rng.choice(self.topics)]
        elif kind < 0.64:
            rows = [rng.choice(self.descriptions)]
        else:
            said = rng.choice((self.tasks, self.descriptions))
            rows = [rng.choice(self.occupations)] + rng.sample(said, rng.randint(1, 5 if said is self.tasks else 3))
        stack = []
        if kind > 0.75:
            kinds = rng.sample(self.kinds, 2)
            stack = [rng.choice(self.technologies[rng.choice(kinds)]) for _ in range(rng.randint(2, 7))]
        # Weighed draw without replacement; what only the lexicon says is there in Chinese only.
        known = [x for x in SPOKEN if x in rows[0]]
        languages = sorted(known, key=lambda x: -rng.random() ** (1 / SPOKEN[x]))[:GLOSSARY_TRANSLATIONS]
        return joined(rows, stack, "en"), [joined(rows, stack, x) for x in languages]


class Phrases:
    """Random English phrases; common words come more often, rare ones often enough."""

    def __init__(self, vocabulary: dict[str, int], seed: int):
        self.rng = random.Random(seed)
        words = sorted((rank, w) for w, rank in vocabulary.items() if w.isascii() and w.isalpha() and len(w) > 2)
        self.words = [w for _, w in words]
        self.weights = [1 / (10 + i) ** 0.5 for i in range(len(words))]

    def take(self, n):
        return [" ".join(self.rng.choices(self.words, self.weights, k=self.rng.randint(1, 4))) for _ in range(n)]


def joined(rows, stack, language):
    text = ("。" if language in ("zh", "ja") else ". ").join(row[language] for row in rows)
    names = ("、" if language in ("zh", "ja") else ", ").join(t.get(language, t["en"]) for t in stack)
    return f"{text}\n{names}" if names else text


def read_table(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def read_glossary(name):
    rows = []
    for path in sorted((Path(__file__).parent / "glossary").glob(f"{name}*.tsv")):
        rows += list(csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows


def encode(model, tokenizer, texts, longest=MAX_TOKENS):
    """Unit rows, mean over tokens; texts of like length go together."""
    ids = [e.ids[: longest - 1] + e.ids[-1:] if len(e.ids) > longest else e.ids
           for e in tokenizer.encode_batch_fast(texts)]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    rows, start = [None] * len(ids), 0
    while start < len(order):
        end = start + 1
        while end < len(order) and len(ids[order[end]]) * (end + 1 - start) <= 3000:
            end += 1
        chosen = order[start:end]
        width = len(ids[chosen[-1]])
        batch = torch.tensor([ids[i] + [0] * (width - len(ids[i])) for i in chosen])
        mask = torch.tensor([[1] * len(ids[i]) + [0] * (width - len(ids[i])) for i in chosen])
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model(input_ids=batch, attention_mask=mask).last_hidden_state
        pooled = (hidden.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        for i, row in zip(chosen, pooled):
            rows[i] = row
        start = end
    return F.normalize(torch.stack(rows), dim=1)


def alike(bank, target):
    """-inf where another row of the bank says the same as the text itself: no negative."""
    mask = torch.zeros(len(target), len(bank)).masked_fill(target @ bank.T > SAME, float("-inf"))
    return mask.fill_diagonal_(0.0)


def structure(rows, target):
    """How far the cosines between the rows are from those between the teacher's."""
    return (rows @ rows.T - target @ target.T).square().mean()


def recall(a, b):
    return ((a @ b.T).argmax(1) == torch.arange(len(a))).float().mean().item()


def measure(student, tokenizer, held, n=400):
    with torch.no_grad():
        figures = {}
        for language in LANGUAGES:
            pairs = held[language][:n]
            english, foreign = (encode(student, tokenizer, [p[i] for p in pairs]) for i in (0, 1))
            figures[language] = round(recall(foreign, english), 3)
    return figures


def main():
    options = arguments(
        __doc__, ("--steps", {"type": int, "required": True}), ("--start", {"default": "student-0"}),
        ("--out", {"default": "student-1"}), ("--glossary", {"action": "store_true"}),
        ("--share", {"type": float, "default": 0.35}), ("--phrases", {"type": int, "default": 0}),
        ("--decay", {"type": float, "default": 0.25}),
        ("--muon", {"type": float, "default": 0.0}), ("--rate", {"type": float, "default": 4e-4}), ("--threads", {"type": int, "default": 2}),
        ("--seed", {"type": int, "default": SEED}))
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    ours = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    theirs = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
    theirs.no_padding(), theirs.no_truncation()
    teacher = BertModel.from_pretrained(teacher_folder(), add_pooling_layer=False, attn_implementation="eager").eval()
    student = BertModel.from_pretrained(options.work / options.start, add_pooling_layer=False, attn_implementation="eager").train()
    rows = student.embeddings.word_embeddings.weight
    matrices = [p for p in student.encoder.parameters() if p.ndim == 2] if options.muon else []
    chosen = {id(p) for p in matrices} | {id(rows)}
    others = [p for p in student.parameters() if id(p) not in chosen]
    optimisers = [torch.optim.AdamW(
        [{"params": [rows], "lr": 2 * options.rate}, {"params": others, "lr": options.rate}],
        betas=(0.9, 0.99), weight_decay=0.0, fused=True)]
    if matrices:
        optimisers.append(torch.optim.Muon(matrices, lr=options.muon, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"))
    first = options.steps * (1 - options.decay)
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, lambda s: min(
        (s + 1) / WARM_UP, 1.0, max(0.0, (options.steps - s) / max(1.0, options.steps - first)))) for o in optimisers]
    texts = Texts(options.pairs, options.glossary, options.share, options.seed)
    phrases = Phrases(theirs.get_vocab(), options.seed)
    held = held_back_pairs(options.pairs)
    checkpoint = options.work / f"{options.out}.pt"
    step, began, losses, bank = 0, time.time(), [], torch.zeros(0, student.config.hidden_size)
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        student.load_state_dict(saved["student"])
        for part, state in zip(optimisers + schedules, saved["optimisers"]):
            part.load_state_dict(state)
        texts.rng.setstate(saved["rng"])
        texts.at, step = saved["at"], saved["step"]
    print("step 0", measure(student, ours, held), flush=True)
    while step < options.steps:
        batch = [next(texts) for _ in range(TEXTS_PER_STEP)]
        with torch.no_grad():
            target = encode(teacher, theirs, [e for e, _ in batch])
        owner = torch.tensor([i for i, (_, ts) in enumerate(batch) for _ in ts])
        vectors = encode(student, ours, [e for e, _ in batch] + [t for _, ts in batch for t in ts])
        english, foreign = vectors[: len(batch)], vectors[len(batch):]
        pull = (1 - (english * target).sum(1)).mean() + (1 - (foreign * target[owner]).sum(1)).mean()
        bank = torch.cat([target, bank])[:NEGATIVES]
        contrast = F.cross_entropy(foreign @ bank.T / TEMPERATURE + alike(bank, target)[owner], owner)
        shape = structure(english, target) + structure(foreign, target[owner])
        loss = pull + CONTRAST * contrast + STRUCTURE * shape
        if options.phrases:
            extra = phrases.take(options.phrases)
            with torch.no_grad():
                goal = encode(teacher, theirs, extra)
            loss = loss + PHRASE_WEIGHT * (1 - (encode(student, ours, extra) * goal).sum(1)).mean()
        student.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        for part in optimisers + schedules:
            part.step()
        step += 1
        losses.append((pull.item(), contrast.item(), shape.item()))
        if step % 20 == 0:
            mean = [sum(x) / len(x) for x in zip(*losses[-20:])]
            print(f"step {step} pull {mean[0]:.4f} contrast {mean[1]:.3f} shape {mean[2]:.5f} minutes {(time.time() - began) / 60:.1f}", flush=True)
        if step % 100 == 0 or step == options.steps:
            student.save_pretrained(options.work / options.out)
            torch.save({"student": student.state_dict(), "optimisers": [x.state_dict() for x in optimisers + schedules],
                        "rng": texts.rng.getstate(), "at": texts.at,
                        "step": step}, checkpoint.with_suffix(".tmp"))
            checkpoint.with_suffix(".tmp").rename(checkpoint)
        if step % 200 == 0 or step == options.steps:
            print(f"step {step}", measure(student, ours, held), flush=True)


if __name__ == "__main__":
    main()
