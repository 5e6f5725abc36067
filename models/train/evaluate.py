"""Step 5. The figures of the model card, for the student, the teacher and two lexical baselines.

`--eval` names a folder with esco_occupations.jsonl and zh_en_titles.jsonl (not shipped: they
are measured with, never trained on); what is not there is left out.
"""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer
from transformers import BertModel

from common import LANGUAGES, arguments, held_back_pairs, teacher_folder
from train import encode

SAMPLES = Path(__file__).parents[2] / "data" / "samples" / "roles.jsonl"


class Model:
    def __init__(self, folder: Path, tokenizer: Path):
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_padding(), self.tokenizer.no_truncation()
        self.model = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()

        self.known = {}

    def vectors(self, texts):
        """Unit rows; a text met before is not read again."""
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        with torch.no_grad():
            for start in range(0, len(new), 500):
                part = new[start:start + 500]
                self.known.update(zip(part, encode(self.model, self.tokenizer, part, 256).numpy()))
        return np.array([self.known[t] for t in texts])

    def similarity(self, queries, documents):
        return self.vectors(queries) @ self.vectors(documents).T


class CharacterTfidf:
    def similarity(self, queries, documents):
        tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True).fit(queries + documents)
        return (tfidf.transform(queries) @ tfidf.transform(documents).T).toarray()


class Bm25:
    """Over the student's pieces, so that every language has words."""

    def __init__(self, tokenizer: Path):
        self.tokenizer = Tokenizer.from_file(str(tokenizer))

    def similarity(self, queries, documents, k1=1.2, b=0.75):
        def pieces(texts):
            return [Counter(e.ids) for e in self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
        documents = pieces(documents)
        lengths = np.array([sum(d.values()) for d in documents], float)
        postings = {}
        for i, d in enumerate(documents):
            for piece, n in d.items():
                postings.setdefault(piece, []).append((i, n * (k1 + 1) / (n + k1 * (1 - b + b * lengths[i] / lengths.mean()))))
        scores = np.zeros((len(queries), len(documents)))
        for row, query in enumerate(pieces(queries)):
            for piece in query:
                found = postings.get(piece, [])
                idf = math.log(1 + (len(documents) - len(found) + 0.5) / (len(found) + 0.5))
                for i, weight in found:
                    scores[row, i] += idf * weight
        return scores


def recall_at_1(similarity):
    return float((similarity.argmax(1) == np.arange(len(similarity))).mean())


def read(path):
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def text_of(role):
    return "\n".join([role["title"], role["description"], ", ".join(role["stack"])])


def tasks(options):
    """Name -> (queries, documents); the i-th query's answer is the i-th document."""
    samples = {lang: [text_of(r) for r in read(SAMPLES) if r["lang"] == lang] for lang in ("zh", "en")}
    found = {"samples zh>en": (samples["zh"], samples["en"]), "samples en>zh": (samples["en"], samples["zh"])}
    for language, pairs in held_back_pairs(options.pairs).items():
        found[f"held back {language}>en"] = ([f for _, f in pairs], [e for e, _ in pairs])
    if options.eval and (path := options.eval / "zh_en_titles.jsonl").exists():
        rows = read(path)
        by = {lang: {r["pair"]: r["text"] for r in rows if r["lang"] == lang} for lang in ("zh", "en")}
        pairs = [p for p in by["zh"] if p in by["en"]]
        found["titles zh>en"] = ([by["zh"][p] for p in pairs], [by["en"][p] for p in pairs])
    if options.eval and (path := options.eval / "esco_occupations.jsonl").exists():
        rows = read(path)
        by = {lang: {r["id"]: r for r in rows if r["lang"] == lang} for lang in ("en", "de", "es", "fr")}
        for language in ("de", "es", "fr"):
            both = sorted(set(by[language]) & set(by["en"]))[:3000]
            for field in ("title", "text"):
                found[f"ESCO {field} {language}>en"] = tuple([by[x][i][field] for i in both] for x in (language, "en"))
    return found


def same_cluster(model):
    """Share of sample pairs whose two languages fall into one of twelve k-means clusters."""
    rows = read(SAMPLES)
    labels = KMeans(12, n_init=20, random_state=0).fit_predict(model.vectors([text_of(r) for r in rows]))
    by = {}
    for row, label in zip(rows, labels):
        by.setdefault(row["pair"], []).append(label)
    return float(np.mean([a == b for a, b in by.values()]))


def main():
    options = arguments(
        __doc__, ("--model", {"type": Path, "required": True}), ("--eval", {"type": Path}),
        ("--peers", {"default": "student,teacher,char TF-IDF,BM25"}))
    makers = {
        "student": lambda: Model(options.model, options.model / "tokenizer.json"),
        "teacher": lambda: Model(teacher_folder(), teacher_folder() / "tokenizer.json"),
        "char TF-IDF": CharacterTfidf, "BM25": lambda: Bm25(options.model / "tokenizer.json")}
    peers = {name: makers[name]() for name in options.peers.split(",")}
    print("| recall@1 | candidates | " + " | ".join(peers) + " |")
    print("|---|---|" + "---|" * len(peers))
    for name, (queries, documents) in tasks(options).items():
        figures = [f"{recall_at_1(peer.similarity(queries, documents)):.3f}" for peer in peers.values()]
        print(f"| {name} | {len(documents)} | " + " | ".join(figures) + " |", flush=True)
    models = {name: peer for name, peer in peers.items() if isinstance(peer, Model)}
    for name, model in models.items():
        print(f"sample pairs whose languages share a k-means cluster (k = 12): {name} {same_cluster(model):.3f}")
    if len(models) == 2:
        english = [text_of(r) for r in read(SAMPLES) if r["lang"] == "en"]
        above = np.triu_indices(len(english), 1)
        both = [m.similarity(english, english)[above] for m in models.values()]
        print(f"correlation of pairwise similarities with the teacher's, English samples: {np.corrcoef(*both)[0, 1]:.4f}")


if __name__ == "__main__":
    main()
