"""Fits the straight line from latents to colours that previews are made with, and writes it into the model's descriptor.

    python latent_rgb.py MODEL_DIR [--show OUT.png]

Least squares over the estimates of the clean latents after every step of the pictures of the contact sheet: the colours that a latent
should have are those of the 8x8 pixels that the VAE decodes it to, averaged. Latents are meant as the UNet has them, scaled; colours go from
-1 to 1. --show paints every estimate through the line beside what the VAE makes of it. `build` in the descriptor stays as it is, since it
names the pictures, and they do not change.
"""

import argparse
import json
import pathlib
import re

import numpy as np
from PIL import Image

from contact_sheet import PICTURES
from verify import Model

PIXELS = 8
# For SDXL's own VAE, as published by ComfyUI (comfy/latent_formats.py, class SDXL: latent_rgb_factors and latent_rgb_factors_bias).
SDXL = {
    "factors": [[0.3651, 0.4232, 0.4341], [-0.2533, -0.0042, 0.1068], [0.1076, 0.1111, -0.0362], [-0.3165, -0.2492, -0.2188]],
    "bias": [0.1084, -0.0175, -0.0011],
}


def estimates(model, prompt, steps, width, height, seed):
    """The clean latents [1, 4, height / 8, width / 8] as they look after each step: Euler's line, drawn on until no noise is left."""
    noise = np.random.default_rng(seed).standard_normal((1, 4, height // PIXELS, width // PIXELS), dtype=np.float32)
    _, sigmas = model.schedule(steps)
    path = list(model.denoise(noise, *model.embed(prompt), steps, "epsilon"))
    for before, after, sigma, following in zip(path, path[1:], sigmas, sigmas[1:]):
        yield before + (after - before) * (sigma / (sigma - following))


def colours(model, latents):
    """What the VAE decodes latents to, averaged over each latent's pixels: [height / 8, width / 8, 3] from -1 to 1."""
    sample = model.decoder.run(None, {"latent_sample": latents / np.float32(model.scaling_factor)})[0][0].clip(-1, 1)
    channels, height, width = sample.shape
    return sample.reshape(channels, height // PIXELS, PIXELS, width // PIXELS, PIXELS).mean((2, 4)).transpose(1, 2, 0)


def design(latents):
    """The latents of each place, and a one for the bias: [places, 5]."""
    flat = latents[0].reshape(latents.shape[1], -1).T
    return np.hstack([flat, np.ones((len(flat), 1), flat.dtype)])


def write(model_dir, descriptor):
    """Writes the descriptor, with a list of plain numbers on one line."""
    text = json.dumps(descriptor, indent=2)
    lists = re.compile(r"\[[-0-9.e,\s]+\]")
    (model_dir / "model.json").write_text(lists.sub(lambda match: " ".join(match[0].split()).replace("[ ", "[").replace(" ]", "]"), text) + "\n")


def fit(model_dir):
    """The line, as the descriptor has it, and how far off it is (root of the mean square, of 2)."""
    model = Model(model_dir)
    pairs = [(design(latents), colours(model, latents).reshape(-1, 3))
             for seed, picture in enumerate(PICTURES) if picture[1] in model.unets for latents in estimates(model, *picture, seed)]
    inputs, targets = (np.concatenate(side).astype(np.float64) for side in zip(*pairs))
    line, *_ = np.linalg.lstsq(inputs, targets, rcond=None)
    error = float(np.sqrt(np.square(inputs @ line - targets).mean()))
    rounded = line.round(4).tolist()
    return {"factors": rounded[:-1], "bias": rounded[-1]}, error


def show(model_dir, latent_rgb, out):
    """Six pictures: each step's estimate through the line, and below it through the VAE."""
    model = Model(model_dir)
    line = np.array([*latent_rgb["factors"], latent_rgb["bias"]])
    rows = []
    for seed, picture in enumerate(PICTURES[:6]):
        pair = [(design(x) @ line, colours(model, x)) for x in estimates(model, *picture, seed)]
        rows += [np.hstack([a.reshape(b.shape) for a, b in pair]), np.hstack([b for _, b in pair])]
    pixels = (np.vstack(rows).clip(-1, 1) * 127.5 + 127.5).round().astype(np.uint8)
    image = Image.fromarray(pixels)
    image.resize((image.width * 3, image.height * 3), Image.NEAREST).save(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--show", type=pathlib.Path, metavar="OUT.png")
    args = parser.parse_args()
    latent_rgb, error = fit(args.model)
    print(f"root mean square error {error:.4f} of 2")
    write(args.model, json.loads((args.model / "model.json").read_text()) | {"latent_rgb": latent_rgb})
    if args.show:
        show(args.model, latent_rgb, args.show)


if __name__ == "__main__":
    main()
