"""Expected token ids, as the `tokenizers` package gives them.

usage: tokenizers.py DATA_DIR              into DATA_DIR/reference, a file that is there already is left alone
       tokenizers.py --fixtures REPOSITORY  into the repository's test fixtures (run by `scripts/reference/fixtures`)

`reference/minilm-tokens.jsonl`: ids of every review, in file order, without truncation.
`reference/minilm-adversarial.jsonl`: 2,000 hostile strings (lib/unicode_strings.py), alone or in pairs, with ids.
Each line is {"text", "pair"?, "ids", "types"?}; types are left out when all are 0.
"""

import json
import random
import sys
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from unicode_strings import FIXED, strings

SEED = 20240601


def line(tokenizer: Tokenizer, text: str, pair: str | None = None, **more: object) -> str:
    encoding = tokenizer.encode(text) if pair is None else tokenizer.encode(text, pair)
    case = {"text": text, **({} if pair is None else {"pair": pair}), **more, "ids": encoding.ids}
    if any(encoding.type_ids):
        case["types"] = encoding.type_ids
    return json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n"


def cases(texts: list[str]) -> list[tuple[str, str | None]]:
    """Every fifth string together with the one after it, the others alone."""
    return [(text, texts[(i + 1) % len(texts)] if i % 5 == 4 else None) for i, text in enumerate(texts)]


def write(path: Path, lines: list[str]) -> None:
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(lines))


def data(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "models/all-MiniLM-L6-v2/tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    with (folder / "reviews.jsonl").open(encoding="utf-8") as file:
        reviews = [json.loads(row)["text"] for row in file]
    target = folder / "reference"
    write(target / "minilm-tokens.jsonl", [line(tokenizer, text) for text in reviews])
    write(target / "minilm-adversarial.jsonl", [line(tokenizer, *case) for case in cases(strings(2000, SEED))])


# MARK: fixtures


CORPUS = """The film was good, but the second half of the film was not as good as the first.
I don't think we'll see a better phone this year; it's fast, it's light and they've fixed the camera.
Naïve façade, café, über, señor, smörgåsbord: accents are part of the words.
Markets fell 12.5% on Tuesday after 3,400 workers went on strike in 27 cities.
"Unbelievable!" she said. "He's the one who'd never have come."
Tokenizers are tested on unusual, unhappy, unhelpful and unfriendly strings.
Ein Satz auf Deutsch, une phrase en français, una frase en español, предложение по-русски, 日本語の文。
The the the and and of of to to in in is is it it that that was was for for""".splitlines() * 3


def word_piece(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False))
    return tokenizer


def uncased() -> Tokenizer:
    tokenizer = word_piece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def cased() -> Tokenizer:
    """A BERT that keeps case and accents, with every kind of added token: these take the long way."""
    tokenizer = word_piece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.normalizer = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, lowercase=False)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.add_tokens([
        AddedToken("film", single_word=True), AddedToken("xyz", lstrip=True, rstrip=True), AddedToken("é", normalized=True),
        AddedToken("[X]", normalized=False), AddedToken("[X] y", normalized=False, rstrip=True)])
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return tokenizer


def byte_bpe(pre_tokenizer: object, normalizer: object = None, **model: object) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(**model))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def roberta() -> Tokenizer:
    tokenizer = byte_bpe(pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"


def split_bytes(digits: str) -> object:
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(CONTRACTIONS + digits + REST), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def three_digits() -> Tokenizer:
    tokenizer = byte_bpe(split_bytes("\\p{N}{1,3}"), ignore_merges=True)
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True), processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 0)])])
    return tokenizer


def one_digit() -> Tokenizer:
    return byte_bpe(split_bytes("\\p{N}"), normalizers.NFC())


def sentence_piece_bpe() -> Tokenizer:
    """Llama 2: no pre-tokenizer, unknown characters in bytes."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained = Tokenizer(models.BPE(unk_token="<unk>"))
    trained.normalizer = tokenizer.normalizer
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=500, show_progress=False, special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]))
    parts = json.loads(trained.to_str())
    whole = json.loads(tokenizer.to_str())
    whole["model"]["vocab"], whole["model"]["merges"] = parts["model"]["vocab"], parts["model"]["merges"]
    whole["added_tokens"] = parts["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(whole))
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return tokenizer


def unigram() -> Tokenizer:
    """XLM-RoBERTa, with a small map of characters compiled by SentencePiece."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Precompiled(charsmap())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(
        vocab_size=300, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def charsmap() -> bytes:
    """Width, ligatures, some accents and spaces; composed and decomposed sources of one and more scalars."""
    import tempfile

    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    rules = {"\u00a0": " ", "\u3000": " ", "\t": " ", "ﬁ": "fi", "ﬃ": "ffi", "①": "1", "½": "1⁄2", "ſ": "s", "Å": "Å", "K": "K", "e\u0301": "é",
             "a\u0323\u0302": "ậ", "\u200b": "", "\ufeff": "", "ｶﾞ": "ガ", "ﷺ": "صلى الله", "\u0340": "\u0300"}
    rules |= {chr(0xFF00 + c): chr(0x20 + c) for c in range(1, 0x5F)}
    with tempfile.TemporaryDirectory() as folder:
        table = "".join("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule) + "\n" for rule in rules.items())
        Path(folder, "rules.tsv").write_text(table)
        Path(folder, "corpus.txt").write_text("\n".join(CORPUS))
        sentencepiece.SentencePieceTrainer.train(
            input=f"{folder}/corpus.txt", model_prefix=f"{folder}/model", vocab_size=120, hard_vocab_limit=False,
            normalization_rule_tsv=f"{folder}/rules.tsv", minloglevel=2)
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString(Path(folder, "model.model").read_bytes())
        return model.normalizer_spec.precompiled_charsmap


def word_level() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(CORPUS, trainers.WordLevelTrainer(vocab_size=300, special_tokens=["[UNK]"], show_progress=False))
    return tokenizer


TOKENIZERS = {
    "wordpiece-uncased": uncased, "wordpiece-cased": cased, "bpe-roberta": roberta, "bpe-three-digits": three_digits,
    "bpe-one-digit": one_digit, "bpe-sentencepiece": sentence_piece_bpe, "unigram": unigram, "wordlevel": word_level,
}


def probe() -> Tokenizer:
    """Shows every byte after normalization, and where pieces begin: the ids of bytes, from 256 on within a piece."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {text: i for i, text in enumerate(alphabet + ["##" + c for c in alphabet])}
    return Tokenizer(models.WordPiece(vocab, unk_token="!", max_input_chars_per_word=100000))


N, P = normalizers, pre_tokenizers
NORMALIZERS = [
    N.NFC(), N.NFD(), N.NFKC(), N.NFKD(), N.Lowercase(), N.StripAccents(), N.Strip(), N.Strip(right=False), N.Nmt(),
    N.Prepend("▁"), N.Replace(" ", "▁▁"), N.Replace(Regex("\\s+"), " "), N.Replace(Regex(" {2,}"), "_"),
    N.Sequence([N.NFKD(), N.StripAccents(), N.Lowercase()]), N.BertNormalizer(), N.BertNormalizer(strip_accents=False),
    N.BertNormalizer(lowercase=False), N.BertNormalizer(lowercase=False, strip_accents=True),
    N.BertNormalizer(clean_text=False, handle_chinese_chars=False),
    N.ByteLevel(), N.Replace(Regex("[aeiou]+|(?<=n)t"), "<>"),
]
PRE_TOKENIZERS = [
    P.BertPreTokenizer(), P.Whitespace(), P.WhitespaceSplit(), P.ByteLevel(), P.ByteLevel(add_prefix_space=False),
    P.CharDelimiterSplit("e"), P.Digits(), P.Digits(individual_digits=True), P.Metaspace(),
    P.Metaspace(prepend_scheme="first"), P.Metaspace(prepend_scheme="never", split=False),
    *(P.Punctuation(behavior=b) for b in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")),
    P.Split(" ", "merged_with_next", invert=True), P.Split(Regex("\\s+"), "contiguous"),
    P.Split(Regex(CONTRACTIONS + "\\p{N}{1,3}" + REST), "isolated"), P.Split(Regex(CONTRACTIONS + "\\p{N}" + REST), "removed", invert=True),
    P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="first"), P.Punctuation()]),
    P.UnicodeScripts(), P.FixedLength(), P.FixedLength(length=2), P.Split("", "isolated"),
    *(P.Split(Regex("[aeiou]*"), b) for b in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")),
    P.Split(Regex("(?=[A-Z])"), "merged_with_next", invert=True), P.Split("e", "merged_with_previous", invert=True),
]


TOKENS = ["a", "b", "##c", " ", "▁", "▁a", "Ġb", "Ã", "©", "<0x41>", "<0xC3>", "<0xA9>", "<0x>", "ab</w>", "</w>", "<pad>", "|", ".", "n't", "'s", "hel", "lo", "é",
          "[CLS]", "<unk>", "  c  ", "a▁b", "do", "not", "##", "|a|", ",", "'", "m"]
D = decoders
DECODERS = [
    None, D.BPEDecoder(), D.BPEDecoder(suffix="lo"), D.ByteLevel(), D.ByteFallback(), D.CTC(), D.CTC(pad_token="a", word_delimiter_token="b", cleanup=False),
    D.Fuse(), D.Metaspace(), D.Metaspace(prepend_scheme="never"), D.Metaspace(replacement="a", prepend_scheme="first"), D.Replace("▁", " "),
    D.Replace(Regex("[a-c]+"), "X"), D.Strip(" ", 1, 0), D.Strip("a", 2, 0), D.Sequence([D.Fuse(), D.Strip("a", 2, 0)]), D.WordPiece(), D.WordPiece(prefix="a", cleanup=False),
    D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)]),
]
O = processors
PROCESSORS = [
    O.BertProcessing(("b", 1), ("a", 0)), O.RobertaProcessing(("b", 1), ("a", 0)), O.ByteLevel(),
    O.TemplateProcessing(single="a:3 $A:2 b b:1", pair="$B:5 a $A:4 $B:7", special_tokens=[("a", 0), {"id": "b", "ids": [1, 2], "tokens": ["b", "##c"]}]),
    O.Sequence([O.BertProcessing(("b", 1), ("a", 0)), O.RobertaProcessing(("hel", 20), ("lo", 21)), O.ByteLevel()]),
    O.Sequence([O.RobertaProcessing(("hel", 20), ("lo", 21)), O.BertProcessing(("b", 1), ("a", 0))]),
    O.Sequence([O.BertProcessing(("b", 1), ("a", 0)), O.TemplateProcessing(single="a $A:2", pair="$A:4 a $B:7", special_tokens=[("a", 0)])]),
    O.Sequence([O.TemplateProcessing(single="a $A:2", pair="$A:4 a $B:7", special_tokens=[("a", 0)]), O.BertProcessing(("b", 1), ("a", 0))]),
]


def word_tokens() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(TOKENS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = P.WhitespaceSplit()
    tokenizer.add_special_tokens(["[CLS]", "<unk>"])
    return tokenizer


def decoder_cases() -> list[str]:
    rng = random.Random(SEED + 3)
    lines = []
    for decoder in DECODERS:
        tokenizer = word_tokens()
        if decoder:
            tokenizer.decoder = decoder
        lines.append(json.dumps({"decoder": json.loads(tokenizer.to_str())["decoder"]}, ensure_ascii=False) + "\n")
        for _ in range(20):
            ids = [i for i in rng.choices(range(len(TOKENS)), k=rng.randrange(9)) for _ in range(rng.choice([1, 1, 1, 2]))]
            lines.append(json.dumps({"ids": ids, "decoded": tokenizer.decode(ids), "kept": tokenizer.decode(ids, skip_special_tokens=False)}, ensure_ascii=False) + "\n")
    return lines


def processor_cases() -> list[str]:
    lines = []
    for processor in PROCESSORS:
        tokenizer = word_tokens()
        tokenizer.post_processor = processor
        lines.append(json.dumps({"post_processor": json.loads(tokenizer.to_str())["post_processor"]}, ensure_ascii=False) + "\n")
        lines += [line(tokenizer, *case) for case in [("a b",), ("",), ("do not", "é"), ("é", ""), ("", "a a")]]
    return lines



def part_cases(texts: list[str]) -> list[str]:
    lines = []
    for part in [*NORMALIZERS, *PRE_TOKENIZERS]:
        tokenizer = probe()
        steps = [P.ByteLevel(add_prefix_space=False, use_regex=False)]
        if isinstance(part, N.Normalizer):
            tokenizer.normalizer = part
        elif not isinstance(part, P.ByteLevel):
            steps.insert(0, part)
        else:
            steps = [part]
        tokenizer.pre_tokenizer = P.Sequence(steps)
        lines.append(json.dumps({
            k: v for k, v in json.loads(tokenizer.to_str()).items() if k in ("normalizer", "pre_tokenizer")
        }, ensure_ascii=False) + "\n")
        lines += [line(tokenizer, text) for text in texts]
    return lines


def part_texts() -> list[str]:
    """Short fixed strings, joined in fours to save room, and some random ones."""
    fixed = [text for text in FIXED if 0 < len(text) < 50]
    joined = [" ".join(fixed[i : i + 4]) for i in range(0, len(fixed), 4)]
    return ["", " ", "  a", "é", "a b "] + joined + [t for t in strings(90, SEED + 2)[len(FIXED) :] if len(t) < 30][:4]


def fixtures(repository: Path) -> None:
    folder = repository / "Tests/MartletTokenizersTests/Fixtures"
    texts = strings(len(FIXED) + 24, SEED + 1) + CORPUS[:8]
    for name, make in TOKENIZERS.items():
        tokenizer = make()
        tokenizer.save(str(folder / f"{name}.json"), pretty=False)
        lines = []
        for text, pair in cases(texts):
            ids = (tokenizer.encode(text) if pair is None else tokenizer.encode(text, pair)).ids
            lines.append(line(tokenizer, text, pair, decoded=tokenizer.decode(ids)))
        (folder / f"{name}.cases.jsonl").write_text("".join(lines))
    probe().save(str(folder / "probe.json"), pretty=False)
    (folder / "parts.cases.jsonl").write_text("".join(part_cases(part_texts())))
    word_tokens().save(str(folder / "words.json"), pretty=False)
    (folder / "decoders.cases.jsonl").write_text("".join(decoder_cases()))
    (folder / "processors.cases.jsonl").write_text("".join(processor_cases()))
    (folder / "README.md").write_text(
        f"Written by scripts/reference/fixtures with tokenizers {tokenizers.__version__}; do not edit.\n")


if __name__ == "__main__":
    if sys.argv[1] == "--fixtures":
        fixtures(Path(sys.argv[2]))
    else:
        data(Path(sys.argv[1]))
