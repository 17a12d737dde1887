"""Records the CLIP tokenizers' ids of tricky prompts, so that another tokenizer can be held against them.

    python tokens.py MODEL_DIR GOLDEN_DIR/tokens.json

Each row: {"prompt", "input_ids": [77] padded with the end token, "input_ids_2": [77] padded with "!"}.
"""

import argparse
import json
import pathlib

from transformers import CLIPTokenizer

PROMPTS = [
    "", " ", "a", "a cyberpunk cat at sunset", "A Cyberpunk CAT at Sunset", "a  b\tc\nd", "don't can't I'll we've they're it's she'd I'm",
    "100% sharp, 3.5\" wide, $19.99 & more", "naïve café déjà vu", "Straße ÄÖÜ", "猫が好き", "🐱🌅", "👩‍👩‍👧‍👦 family", "e\u0301 vs é", "ﬁne ½ ² ①",
    "hello_world foo-bar foo/bar (x) [y] {z} <b>bold</b>", "...!!!???", "<|endoftext|>", "<|startoftext|> a cat", "a" * 300, "word " * 100,
    "supercalifragilisticexpialidocious antidisestablishmentarianism", "\u200bzero\u200bwidth\u00a0nbsp", "مرحبا بالعالم", "Привет мир", "한국어 텍스트",
    "Ĳ İstanbul ŉ", "1234567890 12 345", "C3PO R2-D2 mp3 h264", "it's 5 o'clock", "O'Neil's", "\"quoted\" 'single' `back`", "tab\tand\r\ncrlf", "~^|\\",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    files = [str(args.model / "tokenizer" / name) for name in ("vocab.json", "merges.txt")]
    tokenizers = [CLIPTokenizer(*files, pad_token=pad, model_max_length=77) for pad in ("<|endoftext|>", "!")]
    rows = []
    for prompt in PROMPTS:
        one, two = (tokenizer(prompt, padding="max_length", truncation=True).input_ids for tokenizer in tokenizers)
        rows.append(json.dumps({"prompt": prompt, "input_ids": one, "input_ids_2": two}))
    args.out.write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
