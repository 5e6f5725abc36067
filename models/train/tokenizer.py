"""Step 1. A unigram tokenizer: the teacher's English pieces and new ones for eight languages.

The normaliser folds case, width and the accents of Latin and Cyrillic letters (the teacher
was trained so) but leaves kana and Hangul whole, and writes a word-start mark before every
run of letters that are written with spaces. Chinese and Japanese carry no mark, so a word
is one piece wherever it stands. Bytes stand in for whatever is left: nothing is unknown.

Scores are log probabilities: hard EM over a mixed sample, with a Zipf prior for English
words that technical documentation lacks but job postings have.
"""

import json
import math
import random
from collections import Counter

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from common import arguments, held_back, read_pairs, teacher_folder

SEED = 7
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
FOREIGN_VOCABULARY = 28_000
TOTAL_VOCABULARY = 40_000
LINES_FOR_PIECES = {"zh": 120_000, "ja": 45_000, "ko": 40_000}
LINES_ELSEWHERE = 35_000
# Letters of scripts that put spaces between words: Latin, Greek, Cyrillic, Hangul, and digits.
SPACED = r"a-z0-9\u00df-\u00f6\u00f8-\u024f\u0370-\u052f\uac00-\ud7a3"
MARK = "\u2581"


def normalizer():
    fold = [normalizers.Replace(a, b) for a, b in [("ł", "l"), ("ø", "o"), ("đ", "d"), ("ı", "i")]]
    return normalizers.Sequence([
        normalizers.NFKD(), normalizers.Replace(Regex(r"[\u0300-\u036f]"), ""), normalizers.NFC(),
        normalizers.Lowercase(), *fold,
        normalizers.Replace(Regex(f"(?<![{SPACED}])(?=[{SPACED}])"), MARK),
    ])


def pre_tokenizer():
    return pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(),
        pre_tokenizers.Split(MARK, "merged_with_next"),
    ])


def assemble(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=1, byte_fallback=True))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer(), pre_tokenizer()
    return tokenizer


def required_characters() -> list[str]:
    """The common characters: level 1 of GB 2312, kana and level 1 of JIS X 0208, Hangul of KS X 1001."""
    found = set()
    for codec, high in (("gb2312", range(0xA1, 0xD8)), ("euc_jp", range(0xA1, 0xD0)), ("euc_kr", range(0xB0, 0xC9))):
        for a in high:
            for b in range(0xA1, 0xFF):
                try:
                    found.add(bytes((a, b)).decode(codec))
                except UnicodeDecodeError:
                    pass
    normal = normalizer()
    found = {normal.normalize_str(c).replace(MARK, "") for c in found}
    return sorted(c for c in found if len(c) == 1 and not c.isspace())


def sample(pairs_path):
    """Foreign lines by language and English lines, without what is held back."""
    foreign, english = {}, []
    for source, translation, language, _ in read_pairs(pairs_path):
        if not held_back(source):
            foreign.setdefault(language, []).append(translation)
            if language in ("zh", "de"):
                english.append(source)
    rng = random.Random(SEED)
    for language, lines in foreign.items():
        rng.shuffle(lines)
        foreign[language] = lines[: LINES_FOR_PIECES.get(language, LINES_ELSEWHERE)]
    english = sorted(set(english))
    rng.shuffle(english)
    return foreign, english[:150_000]


def teacher_pieces(english: list[str]) -> dict[str, float]:
    """The teacher's pieces in our spelling, with a probability each."""
    teacher = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
    teacher.no_padding(), teacher.no_truncation()
    counts = Counter()
    for encoding in teacher.encode_batch_fast(english, add_special_tokens=False):
        counts.update(encoding.ids)
    total = sum(counts.values())
    pieces = {}
    for piece, rank in teacher.get_vocab().items():
        starts = not piece.startswith("##")
        letters = piece.removeprefix("##")
        if piece in SPECIAL or piece.startswith("[unused") or not letters.isascii():
            continue
        if rank > 17_000 and starts and counts[rank] < 2 and letters.isalpha():
            continue
        # Wikipedia's rank is all we know of a word that documentation lacks.
        prior = 0.08 / (rank - 900) if starts else 0.01 / (rank - 900)
        ours = MARK + letters if starts and letters.isalnum() else letters
        pieces[ours] = pieces.get(ours, 0.0) + 0.9 * counts[rank] / total + prior
    return pieces


def train_foreign(foreign) -> dict[str, float]:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer(), pre_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=FOREIGN_VOCABULARY, special_tokens=[], unk_token=None, max_piece_length=12,
        shrinking_factor=0.6, n_sub_iterations=1, show_progress=False)
    tokenizer.train_from_iterator((line for lines in foreign.values() for line in lines), trainer)
    return {piece: math.exp(score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]}


def frequent_english(english, known) -> list[str]:
    """Words of the trade that the teacher splits: one piece each, so postings get shorter."""
    normal, split = normalizer(), pre_tokenizer()
    counts = Counter()
    for line in english:
        counts.update(word for word, _ in split.pre_tokenize_str(normal.normalize_str(line)))
    words = [w for w, n in counts.most_common() if n >= 25 and w[:1] == MARK and w[1:].isascii() and w[1:].isalpha()]
    return [w for w in words if w not in known and 3 <= len(w) <= 16][:2_500]


def rescore(pieces, prior, lines, rounds=3):
    """Hard EM: count what the tokenizer uses, and score by it."""
    for _ in range(rounds):
        floor = min(p for p in pieces.values() if p > 0)
        vocabulary = [(s, 0.0) for s in SPECIAL]
        vocabulary += [(f"<0x{b:02X}>", -25.0) for b in range(256)]
        vocabulary += sorted(((p, math.log(max(v, floor))) for p, v in pieces.items()), key=lambda x: (-x[1], x[0]))
        tokenizer = assemble(vocabulary)
        counts = Counter()
        for start in range(0, len(lines), 20_000):
            for encoding in tokenizer.encode_batch_fast(lines[start:start + 20_000], add_special_tokens=False):
                counts.update(encoding.ids)
        total = sum(counts.values())
        names = [p for p, _ in vocabulary]
        used = {names[i]: n for i, n in counts.items()}
        pieces = {p: 0.9 * used.get(p, 0) / total + 0.1 * prior.get(p, 0.0) + 1e-9 for p in pieces}
    return pieces, vocabulary


def main():
    options = arguments(__doc__)
    options.work.mkdir(parents=True, exist_ok=True)
    foreign, english = sample(options.pairs)
    ours = teacher_pieces(english)
    print(len(ours), "of the teacher's pieces", flush=True)
    new = train_foreign(foreign)
    print(len(new), "foreign pieces", flush=True)
    prior = {p: 0.5 * v for p, v in ours.items()}
    for piece, value in new.items():
        prior[piece] = prior.get(piece, 0.0) + 0.5 * value
    required = required_characters()
    pieces = dict(prior)
    for piece in frequent_english(english, pieces):
        pieces[piece] = prior[piece] = 2e-5
    for character in required:
        pieces.setdefault(character, 1e-8)
    lines = english[:100_000] + [line for of in foreign.values() for line in of[:40_000]]
    pieces, _ = rescore(pieces, prior, lines, rounds=2)
    keep = set(required) | {chr(c) for c in range(33, 127)} | {MARK + chr(c) for c in range(97, 123)}
    ranked = sorted(pieces, key=lambda p: (p not in keep, -pieces[p], p))
    room = TOTAL_VOCABULARY - len(SPECIAL) - 256
    pieces = {p: pieces[p] for p in ranked[:room]}
    pieces, vocabulary = rescore(pieces, prior, lines, rounds=2)
    tokenizer = assemble(vocabulary)
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(options.work / "tokenizer.json"))
    print(tokenizer.get_vocab_size(), "pieces in all")


if __name__ == "__main__":
    main()
