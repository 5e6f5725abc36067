"""Step 4. A checkpoint, or the mean of several, as a folder in Hub layout for `bundle.py` and `--model DIR`.

    python export.py --base base --out trained work/trade-b.safetensors [MORE.safetensors ...]
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from encoder import LAYERS, averaged

WORDS = "embeddings.word_embeddings.weight"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    options = parser.parse_args()
    base, out = options.base, options.out
    (out / "1_Pooling").mkdir(parents=True, exist_ok=True)
    state = averaged(options.checkpoints)
    state[WORDS] = load_file(base / "model.safetensors")[WORDS].to(torch.float16)
    save_file({k: v.contiguous() for k, v in state.items()}, out / "model.safetensors", metadata={"format": "pt"})
    for name in ("words.safetensors", "tokenizer.json", "tokenizer_config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json"):
        shutil.copyfile(base / name, out / name)
    config = json.loads((base / "config.json").read_text(encoding="utf-8")) | {"num_hidden_layers": len(LAYERS)}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    print(len(state), "tensors,", sum(v.numel() for k, v in state.items() if k != WORDS), "parameters beside the table")


if __name__ == "__main__":
    main()
