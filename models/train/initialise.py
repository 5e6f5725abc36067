"""Step 2. The student before training: three of the teacher's layers and a row for every piece.

A piece the teacher knows keeps the teacher's row. An English piece it does not know gets the
mean of the rows it would have been split into. A foreign piece gets the mean of the English
rows it is aligned with in the parallel sentences (IBM Model 1, Brown et al. 1993), so that
"集群" starts where "cluster" is and training need not find that out.
"""

import itertools
import random

import numpy as np
import torch
from scipy.sparse import coo_matrix
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from common import arguments, held_back, read_pairs, teacher_folder
from tokenizer import MARK, SPECIAL

SEED = 11
LAYERS = (0, 4, 5)
PAIRS = {"zh": 100_000}
PAIRS_ELSEWHERE = 30_000
LONGEST = 28
EM_ROUNDS = 4
NULL = 1  # [UNK] never occurs, so its id stands for "aligned with nothing"


def teacher_rows(tokenizer: Tokenizer, words: np.ndarray):
    """Rows for the pieces the teacher can spell, and which pieces those are."""
    teacher = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
    teacher.no_padding(), teacher.no_truncation()
    known = teacher.get_vocab()
    rows = np.zeros((tokenizer.get_vocab_size(), words.shape[1]), np.float32)
    exact = np.zeros(len(rows), bool)
    spelled = np.zeros(len(rows), bool)
    for piece, i in tokenizer.get_vocab().items():
        letters = piece.removeprefix(MARK)
        inner = letters.isalnum() and not piece.startswith(MARK)
        name = piece if piece in SPECIAL else ("##" + letters if inner else letters)
        if name in known:
            rows[i], exact[i] = words[known[name]], True
        elif letters and letters.isascii() and not piece.startswith("<0x"):
            rows[i], spelled[i] = words[teacher.encode(letters, add_special_tokens=False).ids].mean(0), True
    return rows, exact, spelled


def aligned_counts(pairs, tokenizer: Tokenizer):
    """Expected alignments: pairs (foreign piece, English piece) and their counts."""
    english = tokenizer.encode_batch_fast([e for e, _ in pairs], add_special_tokens=False)
    foreign = tokenizer.encode_batch_fast([f for _, f in pairs], add_special_tokens=False)
    keys, starts, at = [], [], 0
    for e, f in zip(english, foreign):
        e, f = np.array([NULL, *e.ids], np.int64), np.array(f.ids, np.int64)
        if 1 < len(e) <= LONGEST and 0 < len(f) <= LONGEST:
            keys.append((f[:, None] * 65_536 + e[None, :]).ravel())
            starts.append(at + np.arange(len(f)) * len(e))
            at += len(f) * len(e)
    keys, starts = np.concatenate(keys), np.concatenate(starts)
    unique, cell = np.unique(keys, return_inverse=True)
    of_english = unique % 65_536
    t = np.ones(len(unique))
    lengths = np.diff(np.append(starts, len(keys)))
    for _ in range(EM_ROUNDS):
        p = t[cell]
        p /= np.repeat(np.add.reduceat(p, starts), lengths)
        counts = np.bincount(cell, p, len(unique))
        t = counts / np.bincount(of_english, counts)[of_english]
    return unique // 65_536, of_english, counts


def foreign_rows(rows, usable, f, e, counts):
    """Mean of the aligned English rows, sharpened, at the usual length of a row."""
    keep = (e != NULL) & usable[e]
    f, e, counts = f[keep], e[keep], counts[keep]
    share = counts / np.bincount(f, counts, len(rows))[f]
    weight = np.where(share > 0.02, share**1.5, 0.0)
    total = np.bincount(f, weight, len(rows))
    some = weight > 0
    shape = (len(rows), len(rows))
    out = coo_matrix((weight[some].astype(np.float32), (f[some], e[some])), shape).tocsr() @ rows
    found = total > 0
    out[found] /= total[found, None]
    usual = np.median(np.linalg.norm(rows[usable], axis=1))
    length = np.linalg.norm(out[found], axis=1, keepdims=True)
    out[found] *= usual / np.maximum(length, 1e-6)
    return out, found


def best_layers(teacher: BertModel, sentences):
    """Correlation of pairwise similarities with the teacher's, for every choice of three layers."""
    from transformers import AutoTokenizer
    batch = AutoTokenizer.from_pretrained(teacher_folder())(
        sentences, padding=True, truncation=True, max_length=64, return_tensors="pt")
    mask = batch["attention_mask"][..., None].float()
    layers = list(teacher.encoder.layer)
    above = np.triu_indices(len(sentences), 1)

    def similarities(chosen):
        teacher.encoder.layer = torch.nn.ModuleList(layers[i] for i in chosen)
        hidden = teacher(**batch).last_hidden_state
        v = torch.nn.functional.normalize((hidden * mask).sum(1), dim=1)
        return (v @ v.T).numpy()[above]

    with torch.no_grad():
        full = similarities(range(6))
        found = {c: np.corrcoef(full, similarities(c))[0, 1] for c in itertools.combinations(range(6), 3)}
        teacher.encoder.layer = torch.nn.ModuleList(layers)
    return sorted(found.items(), key=lambda x: -x[1])


def main():
    options = arguments(__doc__)
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    teacher = BertModel.from_pretrained(teacher_folder(), add_pooling_layer=False).eval()
    words = teacher.embeddings.word_embeddings.weight.detach().numpy()
    rows, exact, spelled = teacher_rows(tokenizer, words)
    by_language = {}
    for english, translation, language, _ in read_pairs(options.pairs):
        if not held_back(english) and len(english) < 160 and len(translation) < 160:
            by_language.setdefault(language, []).append((english, translation))
    sentences = sorted({e for e, _ in by_language["zh"]})
    print("layers", best_layers(teacher, rng.sample(sentences, 256))[:4], "used", LAYERS, flush=True)

    fs, es, cs = [], [], []
    for language, pairs in sorted(by_language.items()):
        rng.shuffle(pairs)
        f, e, c = aligned_counts(pairs[: PAIRS.get(language, PAIRS_ELSEWHERE)], tokenizer)
        fs.append(f), es.append(e), cs.append(c)
        print("aligned", language, len(c), flush=True)
    f, e, c = np.concatenate(fs), np.concatenate(es), np.concatenate(cs)
    aligned, found = foreign_rows(rows, exact | spelled, f, e, c)
    # A word spelled in the teacher's pieces is English, or German or Spanish and better aligned.
    take = found & ~exact
    rows[take] = aligned[take]
    left = ~(take | exact | spelled)
    rows[left] = words[1000:].mean(0) + np.random.default_rng(SEED).normal(0, 0.02, (left.sum(), rows.shape[1]))
    names = {i: p for p, i in tokenizer.get_vocab().items()}
    print("rows: teacher", exact.sum(), "spelled", (spelled & ~take).sum(), "aligned", take.sum(), "neither", left.sum())
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    for word in ["集群", "负责", "推理", "数据库", "▁datenbank", "▁servidor", "クラウド", "▁сервер"]:
        if (i := tokenizer.token_to_id(word)) is not None:
            near = np.argsort(-(unit @ unit[i]) - 10.0 * (exact | spelled))[:4]
            print(word, [names[j] for j in near])

    config = BertConfig.from_pretrained(teacher_folder())
    config.num_hidden_layers, config.vocab_size = len(LAYERS), len(rows)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    student = BertModel(config, add_pooling_layer=False)
    state = {k: v for k, v in teacher.state_dict().items() if not k.startswith("encoder.layer.")}
    state["embeddings.word_embeddings.weight"] = torch.tensor(rows)
    for new, old in enumerate(LAYERS):
        prefix = f"encoder.layer.{old}."
        state |= {f"encoder.layer.{new}." + k.removeprefix(prefix): v
                  for k, v in teacher.state_dict().items() if k.startswith(prefix)}
    student.load_state_dict(state)
    student.save_pretrained(options.work / "student-0")


if __name__ == "__main__":
    main()
