"""Paints a fixed set of prompts with ONNX Runtime onto one labelled sheet, to see at a glance how good a model directory is.

    python contact_sheet.py MODEL_DIR OUT.png
"""

import argparse
import pathlib

import numpy as np
from PIL import Image, ImageDraw

from verify import Model

# (prompt, steps, width, height)
PICTURES = [
    ("a cyberpunk cat at sunset", 4, 256, 256), ("a red circle on a white background", 4, 256, 256),
    ("a purple flower in a forest", 4, 256, 256), ("green tree at night, cinematic lighting", 4, 256, 256),
    ("a blue house in the snow", 4, 256, 256), ("an orange bottle by the sea", 4, 256, 256),
    ("a brown mug on a teal background", 4, 256, 256), ("a yellow moon on blue", 4, 256, 256),
    ("a pink heart on a black background", 4, 256, 256), ("a gray star at sunset", 4, 256, 256),
    ("white square, purple background", 4, 256, 256), ("a black triangle in the snow", 4, 256, 256),
    ("a teal cat on an orange background", 4, 256, 256), ("neon house at night", 4, 256, 256),
    ("a cat", 4, 256, 256), ("a majestic red tree by the sea, trending", 4, 256, 256),
    ("a cyberpunk cat at sunset", 2, 256, 256), ("a blue house in the snow", 2, 256, 256),
    ("a pink heart on a black background", 1, 256, 256), ("a purple flower in a forest", 8, 256, 256),
    ("a yellow star at night", 4, 128, 128), ("a green bottle at sunset", 4, 384, 256),
    ("a red mug on a white background", 4, 256, 384), ("a pink house in a forest", 4, 512, 512),
]
COLUMNS, CELL, LABEL = 8, 140, 26


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    model = Model(args.model)
    rows = -(-len(PICTURES) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL, rows * (CELL + LABEL)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (prompt, steps, width, height) in enumerate(PICTURES):
        noise = np.random.default_rng(index).standard_normal((1, 4, height // 8, width // 8), dtype=np.float32)
        *_, latents = model.denoise(noise, *model.embed(prompt), steps, "epsilon")
        picture = Image.fromarray(model.decode(latents))
        picture.thumbnail((CELL - 4, CELL - 4), Image.LANCZOS)
        x, y = index % COLUMNS * CELL, index // COLUMNS * (CELL + LABEL)
        sheet.paste(picture, (x + (CELL - picture.width) // 2, y + LABEL + (CELL - picture.height) // 2))
        draw.text((x + 3, y + 1), prompt[:29], fill="black", font_size=9)
        draw.text((x + 3, y + 12), f"{steps} step{'s' * (steps > 1)}, {width}x{height}", fill="gray", font_size=9)
    sheet.save(args.out, optimize=True)


if __name__ == "__main__":
    main()
