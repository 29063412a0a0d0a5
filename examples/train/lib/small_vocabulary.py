"""A WordPiece vocabulary cut down from a larger one, and first embeddings for it."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def cut(source: Path, texts: list[str], size: int, max_tokens: int) -> tuple[dict, list[int]]:
    """The `tokenizer.json` of the `size` pieces that serve `texts` best, and the number of each in `source`.

    Kept are the special tokens, every single printable ASCII character at a word's start and inside it, and the pieces
    most frequent in `texts`. A word whose own piece is not kept falls apart into pieces that are.
    """
    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    counts = Counter(piece for encoding in tokenizer.encode_batch(texts) for piece in encoding.tokens)
    old = tokenizer.get_vocab()
    letters = [chr(code) for code in range(33, 127)]
    always = [piece for letter in letters for piece in (letter, f"##{letter}") if piece in old]
    frequent = sorted(counts, key=lambda piece: (-counts[piece], piece))
    pieces = list(dict.fromkeys([*SPECIAL, *always, *frequent]))[:size]

    described = json.loads(source.read_text())
    new = {piece: number for number, piece in enumerate(pieces)}
    described["model"]["vocab"] = new
    described["added_tokens"] = [token | {"id": new[token["content"]]} for token in described["added_tokens"]]
    described["added_tokens"].sort(key=lambda token: token["id"])
    for name, token in described["post_processor"]["special_tokens"].items():
        token["ids"] = [new[name]]
    described["truncation"]["max_length"] = max_tokens
    described["padding"] = None
    return described, [old[piece] for piece in pieces]


def first_embeddings(encoder: Path, numbers: list[int], hidden: int) -> np.ndarray:
    """The encoder's word embeddings of `numbers`, turned to their `hidden` principal directions, deviation 0.05."""
    words = load_file(encoder / "model.safetensors")["embeddings.word_embeddings.weight"][numbers].astype(np.float64)
    centred = words - words.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    turned = centred @ directions[:, ::-1][:, :hidden]
    return turned * (0.05 / turned.std())
