"""Step 2 and 3. Trains the layers, one stage at a time; the table of words stays as it is.

`--stage recover`: a cut encoder learns to give every token the vector that the whole base gives it
behind its prompt, so that the product needs none. All other stages take several tasks in turn, each
stage in a mixture of its own. A task is a batch, so that no text can be told by its kind:

    titles     two titles of one concept, across or within languages; half a batch are groups of siblings
    postings   a title, a description or a posting against another such text of the concept
    skills     a title against the skills asked for
    sentences  a sentence against its translation
    runs       runs of a document against their translations, among others of the same document
    market     a posting from the glossary, or a wish, against the same posting in another language
    wishes     a skill against a posting that asks for it, at least half of them in one language
    long       similarities among long texts of one language drawn to the base's own (both centred)

All but the last by InfoNCE over both sides (temperature 0.05), other texts of the same concept
masked. The rate rises for 20 steps and falls linearly over `--minutes`. A stage writes its
state every 50 steps and goes on from it when it is started again.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from data import Jobs, Market, Postings, Sentences, Titles, Wishes
from encoder import LAYERS, Encoder
from measure import measure, shown

TEMPERATURE = 0.05
STRUCTURE = 4.0
WARM_UP = 20
CYCLES = {"trade": "titles postings titles skills sentences titles long titles postings titles".split(),
          "market": "market titles runs market titles postings market skills long titles".split(),
          "wishes": "market titles postings titles runs titles market titles skills titles postings titles long titles wishes titles".split(),
          "align": "market titles postings titles runs titles market titles skills titles postings titles long titles".split()}
PULL = {"market": 0.5, "runs": 0.5}  # weight of 1 - cosine between translations, from the stage `align` on
SIZES = {"titles": (384, 32), "skills": (128, 72), "postings": (72, 176), "sentences": (96, 80), "long": (28, 320), "runs": (64, 128), "market": (64, 160), "wishes": (64, 144)}


def numbered(values):
    """A number for each value, equal for equal ones."""
    numbers = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return torch.tensor([numbers[value] for value in values])


def contrast(left, right, labels, texts):
    """InfoNCE over both sides: every other row is a negative, those of a text's own language too.

    With negatives from the other side alone, which is mostly in another language, a model gains
    nothing by leaving the language out of its vectors. A row of the same concept is no negative.
    """
    label, text = numbered(labels).repeat(2), numbered(texts)
    n, rows = len(left), torch.cat([left, right])
    goal = torch.arange(2 * n).roll(n)
    mask = label[:, None] == label[None]
    mask[:, n:] |= text.repeat(2)[:, None] == text[None]
    mask[torch.arange(2 * n), goal] = False
    mask.fill_diagonal_(True)
    return F.cross_entropy((rows @ rows.T / TEMPERATURE).masked_fill(mask, float("-inf")), goal)


class Recover:
    """Token vectors and pooled vectors of the base, for texts of all kinds."""

    def __init__(self, teacher, streams):
        self.teacher, self.streams, self.rng = teacher, streams, random.Random(7)

    def texts(self):
        kind = self.rng.choice(("titles", "sentences", "long", "postings"))
        if kind == "long":
            return self.streams["postings"].long_texts(10) + self.streams["sentences"].passages(10), 256
        n, longest = {"titles": (200, 32), "sentences": (56, 80), "postings": (24, 192)}[kind]
        left, right, _ = self.streams[kind].batch(n)
        return left + right, longest

    def loss(self, student, step):
        texts, longest = self.texts()
        skip = len(self.teacher.prompt)
        ids = student.ids(texts, longest)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        total, count, start, ours, theirs = 0.0, 0, 0, [], []
        while start < len(order):
            end = start + 1
            while end < len(order) and len(ids[order[end]]) * (end + 1 - start) <= 3000:
                end += 1
            rows = [ids[i] for i in order[start:end]]
            with torch.no_grad():
                goal, wide = self.teacher.hidden([r[:1] + self.teacher.prompt + r[1:] for r in rows])
                # The base pools its prompt's tokens too.
                theirs.append((goal * wide[..., None]).sum(1) / wide.sum(1, keepdim=True))
                goal = torch.cat([goal[:, :1], goal[:, 1 + skip:]], 1)
            hidden, mask = student.hidden(rows)
            ours.append((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
            total = total + ((hidden - goal).square().mean(2) * mask).sum()
            count += int(mask.sum())
            start = end
        ours, theirs = F.normalize(torch.cat(ours), dim=1), F.normalize(torch.cat(theirs), dim=1)
        mean = theirs.mean(0, keepdim=True)
        pooled = (1 - F.cosine_similarity(ours - mean, theirs - mean)).mean()
        return "recover", total / count * 4 + pooled


class Trade:
    def __init__(self, teacher, streams, stage):
        self.teacher, self.streams = teacher, streams
        self.cycle, self.pull = CYCLES[stage], PULL if stage in ("align", "wishes") else {}

    def loss(self, student, step):
        task = self.cycle[step % len(self.cycle)]
        n, longest = SIZES[task]
        if task == "long":
            # Of one language: among several the base's similarities are mostly those of languages.
            texts = self.streams["sentences"].passages(n, one=True) if step % 2 else self.streams["postings"].long_texts(n, one=True)
            with torch.no_grad():
                goal = self.teacher(texts, longest)
                goal = F.normalize(goal - goal.mean(0), dim=1)
            rows = student(texts, longest)
            rows = F.normalize(rows - rows.mean(0), dim=1)
            off = ~torch.eye(len(rows), dtype=torch.bool)
            return task, STRUCTURE * (rows @ rows.T - goal @ goal.T)[off].square().mean()
        stream = self.streams[{"skills": "postings", "runs": "sentences"}.get(task, task)]
        left, right, labels = getattr(stream, {"skills": "skills_batch", "runs": "runs_batch"}.get(task, "batch"))(n)
        rows = student(left + right, longest)
        left_rows, right_rows = rows[:len(left)], rows[len(left):]
        apart = (1 - (left_rows * right_rows).sum(1)).mean()
        return task, contrast(left_rows, right_rows, labels, right) + self.pull.get(task, 0.0) * apart


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True, help="folder that unpack.py wrote")
    parser.add_argument("--jobs", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True, help="pairs.tsv.zst: english, translation, language, source")
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--stage", choices=["recover", *CYCLES], required=True)
    parser.add_argument("--start", help="checkpoint in --work to go on from, or the path of one")
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--last", type=float, default=0.0, help="share of the rate at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    student = Encoder(options.base, LAYERS).train()
    if options.start:
        start = Path(options.start)
        student.load(start if start.is_file() else options.work / f"{options.start}.safetensors")
    teacher = Encoder(options.base, prompt="query: ").eval()
    jobs = Jobs(options.jobs)
    streams = {"titles": Titles(jobs, options.seed), "postings": Postings(jobs, options.seed + 1), "sentences": Sentences(options.pairs, options.seed + 2),
               "market": Market(options.seed + 3)}
    streams["wishes"] = Wishes(streams["postings"], options.seed + 4)
    if options.start and options.stage != "recover":
        streams["market"].fit_tasks(student.vectors)
    stage = Recover(teacher, streams) if options.stage == "recover" else Trade(teacher, streams, options.stage)
    matrices = [p for p in student.bert.parameters() if p.ndim == 2]
    vectors = [p for p in student.bert.parameters() if p.ndim != 2]
    optimiser = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}], lr=options.rate, betas=(0.9, 0.98), fused=True)
    step, spent, losses = 0, 0.0, {}
    state = options.work / f"{options.out}.state"
    if state.exists():
        saved = torch.load(state, weights_only=False)
        student.bert.load_state_dict(saved["student"])
        optimiser.load_state_dict(saved["optimiser"])
        step, spent = saved["step"], saved["spent"]
        for stream in streams.values():
            stream.rng.seed(f"{options.seed} {step}")
    began = time.time() - spent
    measured = time.time()
    while spent < options.minutes * 60:
        share = spent / (options.minutes * 60)
        rate = options.rate * min((step + 1) / WARM_UP, 1.0) * (1 - share * (1 - options.last))
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad()
        task, loss = stage.loss(student, step)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.bert.parameters(), 1.0)
        optimiser.step()
        student.stepped()
        step += 1
        losses.setdefault(task, []).append(loss.item())
        spent = time.time() - began
        if step % 50 == 0:
            means = "  ".join(f"{k} {sum(v) / len(v):.4f}" for k, v in sorted(losses.items()))
            print(f"step {step}  minutes {spent / 60:.1f}  rate {rate:.2e}  {means}", flush=True)
            losses = {}
            torch.save({"student": student.bert.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "spent": spent}, state.with_suffix(".tmp"))
            state.with_suffix(".tmp").rename(state)
            student.save(options.work / f"{options.out}-{step // 50 % 4}.safetensors")
    student.save(options.work / f"{options.out}.safetensors")
    if options.eval:
        student.eval()
        print(json.dumps({"out": options.out, "steps": step}), shown(measure(student.vectors, options.eval)), flush=True)


if __name__ == "__main__":
    main()
