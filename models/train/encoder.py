"""The sentence encoder while it is trained: BERT layers over a frozen table of words in 4 bits."""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

BLOCK = 32
# bf16 where the processor multiplies it; elsewhere it is emulated, at a twentieth of the speed of f32.
ARITHMETIC = torch.bfloat16 if torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported() else torch.float32
LAYERS = (0, 1, 3, 4, 6, 8, 9, 11)  # of the base's twelve; see README.md for what others gave


class FrozenTable(nn.Module):
    """Word rows in blocks of 32 weights (f16 scale, nibbles less 8), decoded as they are looked up."""

    def __init__(self, path: Path):
        super().__init__()
        tensors = load_file(path)
        self.nibbles, self.scales = tensors["nibbles"], tensors["scales"]

    def forward(self, ids):
        unique, place = ids.unique(return_inverse=True)
        raw = self.nibbles[unique].reshape(len(unique), -1, BLOCK // 2)
        values = torch.cat([raw & 15, raw >> 4], 2).float() - 8
        return (values * self.scales[unique].float()[:, :, None]).flatten(1)[place]


def half_layer(layer):
    attention, mixed = layer.attention.self, layer.attention.output
    parts = (attention.query, attention.key, attention.value)
    numbers = [torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts])]
    for part in (mixed.dense, mixed.LayerNorm, layer.intermediate.dense, layer.output.dense, layer.output.LayerNorm):
        numbers += [part.weight, part.bias]
    return [x.to(ARITHMETIC) for x in numbers]


def layers(x, bias, halves, heads=12):
    """BERT's layers (n, t, d) in one arithmetic throughout; twice the speed of autocast to bf16, which keeps much in f32."""
    n, t, d = x.shape
    for qkv, qkv_b, out, out_b, g1, b1, up, up_b, down, down_b, g2, b2 in halves:
        q, k, v = F.linear(x, qkv, qkv_b).view(n, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q * (d // heads) ** -0.5 @ k.transpose(-1, -2) + bias, -1)
        x = F.layer_norm(x + F.linear((weights @ v).transpose(1, 2).reshape(n, t, d), out, out_b), (d,), g1, b1, 1e-12)
        x = F.layer_norm(x + F.linear(F.gelu(F.linear(x, up, up_b)), down, down_b), (d,), g2, b2, 1e-12)
    return x


class Encoder(nn.Module):
    """Token ids to unit rows: mean over tokens, no prompt unless one is given."""

    def __init__(self, base: Path, layers=None, prompt: str = ""):
        super().__init__()
        config = BertConfig.from_pretrained(base, attn_implementation="eager")
        config.vocab_size, n = 2, config.num_hidden_layers
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        self.bert = BertModel(config, add_pooling_layer=False)
        state = {k: v.float() for k, v in load_file(base / "model.safetensors").items() if "word_embeddings" not in k}
        missing = self.bert.load_state_dict(state, strict=False)
        assert not missing.unexpected_keys, missing
        kept = list(range(n)) if layers is None else list(layers)
        self.bert.encoder.layer = nn.ModuleList(self.bert.encoder.layer[i] for i in kept)
        config.num_hidden_layers = len(kept)
        self.bert.embeddings.word_embeddings = FrozenTable(base / "words.safetensors")
        self.tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.tokenizer.no_padding(), self.tokenizer.no_truncation()
        self._half = None
        self.prompt = self.tokenizer.encode(prompt, add_special_tokens=False).ids if prompt else []
        if prompt:
            self.prompt = [i for i in self.prompt if i != self.tokenizer.token_to_id("▁")]

    def ids(self, texts, longest):
        found = []
        for e in self.tokenizer.encode_batch_fast(texts):
            inner = e.ids[1:-1][: longest - 2]
            found.append([e.ids[0], *self.prompt, *inner, e.ids[-1]])
        return found

    def hidden(self, rows):
        """Padded token vectors of one batch of id lists, and the mask."""
        width = max(map(len, rows))
        batch = torch.tensor([r + [1] * (width - len(r)) for r in rows])
        mask = torch.tensor([[1] * len(r) + [0] * (width - len(r)) for r in rows])
        words = self.bert.embeddings(input_ids=batch).to(ARITHMETIC)
        bias = torch.zeros(mask.shape, dtype=ARITHMETIC).masked_fill(mask == 0, -1e4)[:, None, None, :]
        return layers(words, bias, self.half()).float(), mask

    def half(self):
        """The layers' numbers as they are multiplied, the three projections of attention as one; cast once a training step."""
        if self._half is None:
            self._half = [half_layer(layer) for layer in self.bert.encoder.layer]
        return self._half

    def stepped(self):
        """The numbers have changed: what was cast from them is void."""
        self._half = None

    def forward(self, texts, longest=128, budget=3000):
        """Unit rows (n, 384); texts of like length share a batch of at most `budget` tokens."""
        ids = self.ids(texts, longest)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        rows, start = [None] * len(ids), 0
        while start < len(order):
            end = start + 1
            while end < len(order) and len(ids[order[end]]) * (end + 1 - start) <= budget:
                end += 1
            chosen = order[start:end]
            hidden, mask = self.hidden([ids[i] for i in chosen])
            pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            for i, row in zip(chosen, pooled):
                rows[i] = row
            start = end
        return F.normalize(torch.stack(rows), dim=1)

    @torch.no_grad()
    def vectors(self, texts, longest=512):
        new = list(dict.fromkeys(texts))
        rows = [self.forward(new[i:i + 512], longest, 6000) for i in range(0, len(new), 512)]
        # What was cast here has no gradients.
        self.stepped()
        place = {t: i for i, t in enumerate(new)}
        return torch.cat(rows)[[place[t] for t in texts]].numpy()

    def save(self, path: Path):
        """The layers without the table, in f32 (57 MB)."""
        state = {k: v.contiguous() for k, v in self.bert.state_dict().items()}
        save_file(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").rename(path)

    def load(self, path: Path):
        self.stepped()
        self.bert.load_state_dict(read_layers(path))
        return self


def read_layers(path: Path):
    """The state of a checkpoint, whole or in 8-bit rows; `models/bundled/model.safetensors` is one too."""
    state = {k: v for k, v in load_file(path).items() if not k.startswith(("tokenizer.", "embeddings.word_embeddings."))}
    scales = {k.removesuffix(".scales"): v for k, v in state.items() if k.endswith(".scales")}
    rows = lambda name, v: v.float() * scales[name][:, None] if name in scales else v.float()
    return {k: rows(k, v) for k, v in state.items() if not k.endswith(".scales")}


def averaged(paths):
    """Mean of several checkpoints of one training."""
    states = [read_layers(p) for p in paths]
    return {k: sum(s[k] for s in states) / len(states) for k in states[0]}
