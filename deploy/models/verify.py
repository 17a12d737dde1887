"""Paints every golden case with ONNX Runtime from an exported directory, and holds the result against what diffusers computed.

    python verify.py MODEL_DIR GOLDEN_DIR

Prints per case the largest relative error of the embeddings and of any step's latents (largest difference over largest value) and the
picture's PSNR in dB; ends with status 1 when one misses its bound. Also a readable account of what the render worker does in Java.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import onnxruntime
from PIL import Image
from safetensors.numpy import load_file
from transformers import CLIPTokenizer

RELATIVE_ERROR = 1e-4
PSNR = 45.0


class Model:
    """The graphs and numbers of one model directory."""

    def __init__(self, folder):
        self.folder = folder
        self.descriptor = json.loads((folder / "model.json").read_text())
        self.scheduler = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
        self.scaling_factor = json.loads((folder / "vae_decoder" / "config.json").read_text())["scaling_factor"]
        self.encoders = [self._encoder("text_encoder", "tokenizer"), self._encoder("text_encoder_2", "tokenizer_2")]
        self.unets = {n: self._session(unet["folder"]) for unet in self.descriptor["unets"] for n in unet["steps"]}
        self.decoder = self._session("vae_decoder")

    def _session(self, folder):
        return onnxruntime.InferenceSession(self.folder / folder / "model.onnx", providers=["CPUExecutionProvider"])

    def _encoder(self, folder, tokenizer):
        layers = json.loads((self.folder / folder / "config.json").read_text())["num_hidden_layers"]
        config = json.loads((self.folder / tokenizer / "tokenizer_config.json").read_text())
        files = [str(self.folder / tokenizer / name) for name in ("vocab.json", "merges.txt")]
        return CLIPTokenizer(*files, pad_token=config["pad_token"], model_max_length=77), self._session(folder), f"hidden_states.{layers - 1}"

    def embed(self, prompt):
        """The prompt as the UNet reads it: both penultimate hidden states side by side [1, 77, both widths], and the pooled vector [1, width]."""
        states = []
        for tokenizer, session, hidden in self.encoders:
            ids = tokenizer(prompt, padding="max_length", truncation=True, return_tensors="np").input_ids
            states.append(session.run([hidden], {"input_ids": ids})[0])
        pooled = session.run(["text_embeds"], {"input_ids": ids})[0]
        return np.concatenate(states, -1), pooled

    def schedule(self, steps):
        """Trailing timesteps, and their sigmas with the final zero."""
        config = self.scheduler
        betas = np.linspace(config["beta_start"] ** .5, config["beta_end"] ** .5, config["num_train_timesteps"], dtype=np.float32) ** 2
        kept = np.cumprod(1 - betas, dtype=np.float32)
        timesteps = np.round(np.arange(1000, 0, -1000 / steps)).astype(np.int64) - 1
        return timesteps, np.append(((1 - kept) / kept) ** .5, 0)[np.append(timesteps, -1)].astype(np.float32)

    def denoise(self, noise, embeds, pooled, steps, prediction):
        """All latents [1, 4, height / 8, width / 8] on the way from noise to picture, the scaled noise first."""
        timesteps, sigmas = self.schedule(steps)
        height, width = (8 * side for side in noise.shape[2:])
        time_ids = np.array([[height, width, 0, 0, height, width]], dtype=np.float32)
        latents = noise * sigmas[0]
        yield latents
        for timestep, sigma, following in zip(timesteps, sigmas, sigmas[1:]):
            out = self.unets[steps].run(None, {
                "sample": latents / np.sqrt(sigma ** 2 + 1), "timestep": np.array([timestep], dtype=np.float32),
                "encoder_hidden_states": embeds, "text_embeds": pooled, "time_ids": time_ids})[0]
            slope = out if prediction == "epsilon" else (latents - out) / sigma
            latents = latents + slope * (following - sigma)
            yield latents

    def decode(self, latents):
        """The picture, uint8 [height, width, 3]."""
        sample = self.decoder.run(None, {"latent_sample": latents / np.float32(self.scaling_factor)})[0][0]
        return np.round(np.clip(sample * .5 + .5, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)


def relative_error(got, expected):
    return float(np.abs(got - expected).max() / np.abs(expected).max())


def psnr(got, expected):
    error = np.square(got.astype(np.float64) - expected).mean()
    return 10 * math.log10(255 ** 2 / error) if error else math.inf


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("golden", type=pathlib.Path)
    args = parser.parse_args()
    model = Model(args.model)
    good = True
    print(f"{'case':<16}{'embeddings':>12}{'latents':>12}{'PSNR dB':>10}")
    for case in json.loads((args.golden / "cases.json").read_text()):
        golden = load_file(args.golden / f"{case['name']}.safetensors")
        embeds, pooled = model.embed(case["prompt"])
        text = max(relative_error(embeds, golden["prompt_embeds"]), relative_error(pooled, golden["pooled"]))
        path = list(model.denoise(golden["noise"], embeds, pooled, case["steps"], case.get("prediction", "epsilon")))
        latents = max(relative_error(step, golden[f"latents_{i}"]) for i, step in enumerate(path))
        picture = psnr(model.decode(path[-1]), np.asarray(Image.open(args.golden / f"{case['name']}.png")))
        good &= text <= RELATIVE_ERROR and latents <= RELATIVE_ERROR and picture >= PSNR
        print(f"{case['name']:<16}{text:>12.1e}{latents:>12.1e}{picture:>10.1f}")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
