"""Postings to try engines on, made of `data/samples/roles.jsonl`: some share stock phrases, some are
copies, some nearly so, and one says nothing. They are no postings of anybody."""

from __future__ import annotations

import json
import pathlib
import random

PHRASES = [
    "Our canteen serves the finest soup in the whole county, every day.",
    "The office dog greets visitors at the door.",
    "本公司食堂每天供应全县最好喝的汤。",
]
PLACES = ["Leipzig", "Nairobi", "深圳", None]


def postings(source: pathlib.Path, n: int, seed: int = 1) -> list[dict[str, object]]:
    """`n` postings, in the order of their ids."""
    samples = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    rng = random.Random(seed)
    rows: list[dict[str, object]] = []
    for number in range(n):
        row = posting(rng, samples)
        earlier = rng.choice(rows) if rows else row
        kind = rng.random()
        if kind < 0.08:
            # A copy, spelling aside.
            row = earlier | {
                "description": str(earlier["description"]).replace(", ", ",  ").upper()
            }
        elif kind < 0.2:
            # Nearly a copy.
            row = earlier | {"description": str(earlier["description"]) + f" Ask for {number}."}
        rows.append(row | {"id": f"p{number:06}"})
    rows[n // 2] |= {"title": "!!", "description": " ", "stack": []}
    return rows


def posting(rng: random.Random, samples: list[dict]) -> dict[str, object]:
    base = rng.choice(samples)
    other = rng.choice([sample for sample in samples if sample["lang"] == base["lang"]])
    end = "。" if base["lang"] == "zh" else ". "
    sentences = [part for part in base["description"].split(end) if part]
    more = [part for part in other["description"].split(end) if part]
    for _ in range(rng.randrange(4)):
        sentences[rng.randrange(len(sentences))] = rng.choice(more)
    if rng.random() < 0.3:
        sentences.append(PHRASES[2] if base["lang"] == "zh" else rng.choice(PHRASES[:2]))
    stack = [entry for entry in base.get("stack") or [] if rng.random() < 0.8]
    return {
        "title": base["title"] if rng.random() < 0.7 else f"{base['title']} {rng.randrange(9)}",
        "description": end.join(sentences),
        "stack": stack,
        "place": rng.choice(PLACES),
    }
