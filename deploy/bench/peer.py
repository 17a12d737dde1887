"""Paints with Python's onnxruntime, once for each line on standard input, and answers with the milliseconds it took.

    python peer.py MODEL_DIR THREADS

The peer of PeerBench: from noise to decoded picture, 256x256, 4 Euler steps, with the graphs of a model directory.
"""

import json
import pathlib
import sys
import time

import numpy as np
import onnxruntime

STEPS = 4
LATENTS = (1, 4, 32, 32)


class Peer:
    def __init__(self, folder, threads):
        self.folder = folder
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        # Broken for this export in 1.29, and so switched off on both sides.
        self.options.add_session_config_entry("optimization.disable_specified_optimizers", "GemmTransposeFusion")
        self.unet = self.session(json.loads((folder / "model.json").read_text())["unets"][0]["folder"])
        self.decoder = self.session("vae_decoder")
        self.scale = np.float32(json.loads((folder / "vae_decoder" / "config.json").read_text())["scaling_factor"])
        shapes = {value.name: value.shape for value in self.unet.get_inputs()}
        self.prompt = np.zeros((1, 77, shapes["encoder_hidden_states"][2]), np.float32)
        self.pooled = np.zeros((1, shapes["text_embeds"][1]), np.float32)

    def session(self, name):
        return onnxruntime.InferenceSession(self.folder / name / "model.onnx", self.options, providers=["CPUExecutionProvider"])

    def sigmas(self):
        config = json.loads((self.folder / "scheduler" / "scheduler_config.json").read_text())
        betas = np.linspace(config["beta_start"] ** .5, config["beta_end"] ** .5, 1000, dtype=np.float32) ** 2
        kept = np.cumprod(1 - betas)
        timesteps = np.round(np.arange(1000, 0, -1000 / STEPS)).astype(int) - 1
        return timesteps, np.append(((1 - kept) / kept) ** .5, 0)[np.append(timesteps, -1)].astype(np.float32)

    def paint(self):
        timesteps, sigmas = self.sigmas()
        noise = np.random.default_rng(0).standard_normal(LATENTS, dtype=np.float32)
        time_ids = np.array([[256, 256, 0, 0, 256, 256]], np.float32)
        start = time.perf_counter()
        latents = noise * sigmas[0]
        for timestep, sigma, following in zip(timesteps, sigmas, sigmas[1:]):
            noise = self.unet.run(None, {
                "sample": latents / np.sqrt(sigma ** 2 + 1), "timestep": np.array([timestep], np.float32),
                "encoder_hidden_states": self.prompt, "text_embeds": self.pooled, "time_ids": time_ids})[0]
            latents = latents + noise * (following - sigma)
        self.decoder.run(None, {"latent_sample": latents / self.scale})
        return (time.perf_counter() - start) * 1000


def main():
    peer = Peer(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
    print("onnxruntime", onnxruntime.__version__, flush=True)
    for _ in sys.stdin:
        print(peer.paint(), flush=True)


if __name__ == "__main__":
    main()
