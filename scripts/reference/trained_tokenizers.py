"""Tokenizers of every kind that models use, trained on the reviews, and what the `tokenizers` package makes of all texts.

usage: trained_tokenizers.py DATA_DIR     into DATA_DIR/reference/tokenizers; a file that is there already is left alone

`texts.jsonl`: every review, then 2,000 hostile strings (lib/unicode_strings.py), one JSON string a line.
`NAME.json`: the tokenizer, in the shape that the models of its name have.
`NAME.ids.jsonl`: for each text {"ids", "decoded", "kept"?}: decoded without special tokens; kept with them, where it differs.
`NAME.decode.jsonl`: the same for 2,000 random sequences of ids.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, models, trainers
from tokenizers import decoders as D
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P
from tokenizers import processors as O
from unicode_strings import strings

SEED = 20240602
SIZE = 8000

GPT4 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
TIKTOKEN = ("'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|"
            "\\s*[\\r\\n]|\\s+(?!\\S)|\\s")
O200K = "|".join([
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    "\\p{N}{1,3}", " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*", "\\s*[\\r\\n]+", "\\s+(?!\\S)", "\\s+"])
CLIP = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"


def byte_bpe(texts: list[str], pre: object, normalizer: object = None, special: list[str] = ["<|endoftext|>"], **model: object) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(**model))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = D.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=special, show_progress=False, initial_alphabet=P.ByteLevel.alphabet(),
        **{k: v for k, v in model.items() if k == "end_of_word_suffix"}))
    return tokenizer


def split_bytes(*patterns: str, first: list = [], digits: bool = False) -> object:
    return P.Sequence([*first, *(P.Split(Regex(p), "isolated") for p in patterns), *([P.Digits(True)] if digits else []),
                       P.ByteLevel(add_prefix_space=False, use_regex=False)])


def template(tokenizer: Tokenizer, single: str, pair: str, *tokens: str) -> Tokenizer:
    tokenizer.post_processor = O.TemplateProcessing(
        single=single, pair=pair, special_tokens=[(t, tokenizer.token_to_id(t)) for t in tokens])
    return tokenizer


def gpt2(texts: list[str]) -> Tokenizer:
    tokenizer = byte_bpe(texts, P.ByteLevel(add_prefix_space=False))
    tokenizer.post_processor = O.ByteLevel(trim_offsets=False)
    return tokenizer


def roberta(texts: list[str]) -> Tokenizer:
    tokenizer = byte_bpe(texts, P.ByteLevel(add_prefix_space=False), special=["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.post_processor = O.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def llama3(texts: list[str]) -> Tokenizer:
    tokenizer = byte_bpe(texts, split_bytes(GPT4 + "\\p{N}{1,3}" + REST), special=["<|begin_of_text|>", "<|eot_id|>"], ignore_merges=True)
    template(tokenizer, "<|begin_of_text|> $A", "<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", "<|begin_of_text|>")
    tokenizer.post_processor = O.Sequence([O.ByteLevel(trim_offsets=True), tokenizer.post_processor])
    return tokenizer


def qwen2(texts: list[str]) -> Tokenizer:
    tokenizer = byte_bpe(texts, split_bytes(GPT4 + "\\p{N}" + REST), N.NFC())
    tokenizer.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    return tokenizer


def whisper(texts: list[str]) -> Tokenizer:
    tokenizer = byte_bpe(texts, P.ByteLevel(add_prefix_space=False), special=["<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>"])
    tokenizer.add_tokens([AddedToken(f"<|{i * 0.02:.2f}|>", normalized=False) for i in range(100)])
    return template(tokenizer, "<|startoftranscript|> <|notimestamps|> $A <|endoftext|>",
                    "<|startoftranscript|> <|notimestamps|> $A $B <|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>")


def clip(texts: list[str]) -> Tokenizer:
    pre = P.Sequence([P.Split(Regex(CLIP), "removed", invert=True), P.ByteLevel(add_prefix_space=False)])
    normalizer = N.Sequence([N.NFC(), N.Replace(Regex("\\s+"), " "), N.Lowercase()])
    tokenizer = byte_bpe(texts, pre, normalizer, ["<|endoftext|>", "<|startoftext|>"], end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    tokenizer.post_processor = O.RobertaProcessing(("<|endoftext|>", 0), ("<|startoftext|>", 1), trim_offsets=False, add_prefix_space=False)
    return tokenizer


def gpt_words(texts: list[str]) -> Tokenizer:
    """GPT-1: words with an end mark, no bytes, so that unknown characters are an unknown token."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = N.BertNormalizer()
    tokenizer.pre_tokenizer = P.BertPreTokenizer()
    tokenizer.decoder = D.BPEDecoder()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=["<unk>"], show_progress=False, end_of_word_suffix="</w>", limit_alphabet=100))
    return tokenizer


DEEPSEEK = [
    "[\\r\\n]", "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+", "\\s?[!-/:-~！-／：-～‘-‟　-。]+", "\\s+$",
    "[一-龥ࠀ-一가-퟿]+"]


def llama2(texts: list[str], pre: object = None, normalizer: object = None) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizer or N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")])
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.normalizer = N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")])
    trained.pre_tokenizer = P.Split("▁", "merged_with_next")
    trained.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=SIZE, show_progress=False, special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]))
    parts, whole = json.loads(trained.to_str()), json.loads(tokenizer.to_str())
    whole["model"]["vocab"], whole["model"]["merges"] = parts["model"]["vocab"], parts["model"]["merges"]
    whole["added_tokens"] = parts["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(whole))
    if pre:
        tokenizer.pre_tokenizer = pre
    tokenizer.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])
    return template(tokenizer, "<s> $A", "<s> $A <s>:1 $B:1", "<s>")


def gemma(texts: list[str]) -> Tokenizer:
    tokenizer = llama2(texts, P.Split(" ", "merged_with_previous"), N.Replace(" ", "▁"))
    tokenizer.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse()])
    return tokenizer


def mistral(texts: list[str]) -> Tokenizer:
    """Llama 2 in its newer form: the mark comes from a pre-tokenizer, not from the normalizer."""
    tokenizer = llama2(texts, P.Metaspace(prepend_scheme="first", split=False), N.Sequence([]))
    return tokenizer


def sentence_piece(texts: list[str], rule: str, **options: object) -> sentencepiece_model_pb2.ModelProto:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "corpus.txt").write_text("\n".join(" ".join(text.split()) for text in texts))
        sentencepiece.SentencePieceTrainer.train(
            input=f"{folder}/corpus.txt", model_prefix=f"{folder}/model", vocab_size=SIZE, normalization_rule_name=rule, minloglevel=2,
            num_threads=1, **options)
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString(Path(folder, "model.model").read_bytes())
        return model


def unigram(model: sentencepiece_model_pb2.ModelProto, head: list[tuple[str, float]], tail: list[str], unknown: int, **more: object) -> Tokenizer:
    """The pieces of a SentencePiece model as the conversion scripts lay them out: special tokens before and after."""
    vocab = head + [(piece.piece, piece.score) for piece in model.pieces[3:]] + [(t, 0.0) for t in tail]
    tokenizer = Tokenizer(models.Unigram(vocab, unknown, **more))
    tokenizer.add_special_tokens([t for t, _ in head] + [AddedToken(t, lstrip=t in ("<mask>", "[MASK]"), special=True, normalized=False) for t in tail])
    return tokenizer


def t5(texts: list[str]) -> Tokenizer:
    model = sentence_piece(texts, "nmt_nfkc")
    tokenizer = unigram(model, [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)], [f"<extra_id_{i}>" for i in range(9, -1, -1)], 2)
    tokenizer.normalizer = N.Sequence([N.Precompiled(model.normalizer_spec.precompiled_charsmap), N.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer, tokenizer.decoder = P.Metaspace(), D.Metaspace()
    return template(tokenizer, "$A </s>", "$A </s> $B </s>", "</s>")


def xlm_roberta(texts: list[str]) -> Tokenizer:
    model = sentence_piece(texts, "nmt_nfkc")
    tokenizer = unigram(model, [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)], ["<mask>"], 3)
    tokenizer.normalizer = N.Precompiled(model.normalizer_spec.precompiled_charsmap)
    tokenizer.pre_tokenizer, tokenizer.decoder = P.Sequence([P.WhitespaceSplit(), P.Metaspace()]), D.Metaspace()
    return template(tokenizer, "<s> $A </s>", "<s> $A </s> </s> $B </s>", "<s>", "</s>")


def albert(texts: list[str]) -> Tokenizer:
    model = sentence_piece([text.lower() for text in texts], "nmt_nfkc_cf")
    tokenizer = unigram(model, [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0)], ["[MASK]"], 1)
    tokenizer.normalizer = N.Sequence([
        N.Replace("``", '"'), N.Replace("''", '"'), N.NFKD(), N.StripAccents(), N.Lowercase(),
        N.Precompiled(model.normalizer_spec.precompiled_charsmap), N.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer, tokenizer.decoder = P.Metaspace(), D.Metaspace()
    return template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")


def deberta(texts: list[str]) -> Tokenizer:
    model = sentence_piece(texts, "nmt_nfkc", byte_fallback=True)
    tokenizer = unigram(model, [("[PAD]", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[UNK]", 0.0)], ["[MASK]"], 3, byte_fallback=True)
    tokenizer.normalizer = N.Sequence([
        N.Strip(), N.Precompiled(model.normalizer_spec.precompiled_charsmap), N.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = P.Sequence([P.Punctuation("isolated"), P.Metaspace()])
    tokenizer.decoder = D.Sequence([D.ByteFallback(), D.Metaspace()])
    return template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")


def word_level(texts: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = N.Sequence([N.NFKC(), N.Lowercase()])
    tokenizer.pre_tokenizer = P.Whitespace()
    tokenizer.train_from_iterator(texts, trainers.WordLevelTrainer(vocab_size=SIZE, special_tokens=["[UNK]"], show_progress=False))
    return tokenizer


def wav2vec2(texts: list[str]) -> Tokenizer:
    """Characters with a word mark; the decoder of connectionist temporal classification."""
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAONIHSRDLUMWCFGYPBVK'XJQZ"]
    tokenizer = Tokenizer(models.WordLevel({t: i for i, t in enumerate(letters)}, unk_token="<unk>"))
    tokenizer.normalizer = N.Replace(" ", "|")
    tokenizer.pre_tokenizer, tokenizer.decoder = P.Split("", "isolated"), D.CTC(pad_token="<pad>", word_delimiter_token="|")
    return tokenizer


def bert(texts: list[str]) -> Tokenizer:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = N.BertNormalizer(lowercase=False), P.BertPreTokenizer(), D.WordPiece()
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=special, show_progress=False))
    return template(tokenizer, "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", "[CLS]", "[SEP]")


TOKENIZERS: dict[str, Callable[[list[str]], Tokenizer]] = {
    "bert": bert, "gpt2": gpt2, "roberta": roberta, "llama3": llama3, "qwen2": qwen2, "whisper": whisper, "clip": clip,
    "gpt-words": gpt_words,
    "cl100k": lambda texts: byte_bpe(texts, split_bytes(TIKTOKEN)),
    "o200k": lambda texts: byte_bpe(texts, split_bytes(O200K)),
    "bloom": lambda texts: byte_bpe(texts, split_bytes(" ?[^(\\s|[.,!?…。，、।۔،])]+")),
    "falcon": lambda texts: byte_bpe(texts, P.Sequence([
        P.Punctuation("contiguous"), P.ByteLevel(add_prefix_space=False), P.Digits(), P.Split(Regex("[0-9][0-9][0-9]"), "isolated")])),
    "starcoder": lambda texts: byte_bpe(texts, P.Sequence([P.Digits(True), P.ByteLevel(add_prefix_space=False)])),
    "deepseek": lambda texts: byte_bpe(texts, split_bytes(*DEEPSEEK, digits=True)),
    "llama2": llama2, "gemma": gemma, "mistral": mistral, "t5": t5, "xlm-roberta": xlm_roberta, "albert": albert,
    "deberta": deberta, "wordlevel": word_level, "wav2vec2": wav2vec2,
}


def outcome(tokenizer: Tokenizer, ids: list[int]) -> str:
    decoded, kept = tokenizer.decode(ids), tokenizer.decode(ids, skip_special_tokens=False)
    return json.dumps({"ids": ids, "decoded": decoded, **({"kept": kept} if kept != decoded else {})}, ensure_ascii=False, separators=(",", ":")) + "\n"


def main(data: Path) -> None:
    folder = data / "reference/tokenizers"
    folder.mkdir(parents=True, exist_ok=True)
    with (data / "reviews.jsonl").open(encoding="utf-8") as file:
        reviews = [json.loads(row)["text"] for row in file]
    texts = reviews + strings(2000, SEED)
    (folder / "texts.jsonl").write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts))
    for name, make in TOKENIZERS.items():
        path = folder / f"{name}.json"
        if not path.exists():
            make(reviews).save(str(path), pretty=False)
        if (folder / f"{name}.decode.jsonl").exists():
            continue
        tokenizer = Tokenizer.from_file(str(path))
        lines = [outcome(tokenizer, encoding.ids) for encoding in tokenizer.encode_batch(texts)]
        (folder / f"{name}.ids.jsonl").write_text("".join(lines))
        rng = random.Random(SEED)
        ids = sorted(tokenizer.get_vocab(with_added_tokens=True).values())
        lines = [outcome(tokenizer, rng.choices(ids, k=rng.randrange(30))) for _ in range(2000)]
        (folder / f"{name}.decode.jsonl").write_text("".join(lines))
        print(name, tokenizer.get_vocab_size(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
