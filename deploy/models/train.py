"""Trains the built-in model: SDXL's architecture in miniature, on procedurally painted scenes.

    python train.py OUT_DIR --tokenizers tiny-lightning                      from nothing
    python train.py OUT_DIR --resume tiny-lightning --vae-minutes 0          from a model directory of either layout

Three stages, each for as many minutes as it is given, and skipped at 0:

1. --vae-minutes      the autoencoder, on 64-pixel windows of painted scenes (--decoder-only leaves the latents as they are);
2. --noise-minutes    the UNet and both text encoders as a diffusion model: noise on a painted scene, guessed at the sampler's timesteps;
3. --sampler-minutes  the same networks along their own way from noise to picture: after each step of the real sampler, what the model takes for
                      the finished picture is held against the painted one. So it learns to mend its own errors, which few steps depend on.

In the last stage the noise decides which of a scene's poses is the goal: the one whose latents lie closest to it. A goal that the input does not
determine would be learned as the blurred mean of all that it could be.

OUT_DIR gets the diffusers layout every few minutes, and training.pt, from which the same command goes on after an interruption.
"""

import argparse
import copy
import pathlib
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

import restore
import scenes

HIDDEN = 48
SAVE_EVERY_MINUTES = 5
NEW_PER_BATCH = 1
# Batches under way at a time, each at its own step of the sampler, so that successive updates have little in common.
RUNS_AT_ONCE = 8
# (width, height): (scenes painted in every pose, batch, share of the batches)
SIZES = {
    (128, 128): (2000, 32, .15), (256, 256): (2000, 12, .63), (384, 256): (200, 8, .07), (256, 384): (200, 8, .07),
    (512, 512): (100, 3, .07), (1024, 1024): (20, 1, .01),
}
# steps of the sampler: share of the training runs
STEPS = {1: .15, 2: .25, 4: .5, 8: .1}


def build(tokenizers):
    """The pipeline with untrained networks, which have the same kinds of block as SDXL's."""
    vae = AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=4, block_out_channels=(12, 24, 32, 32), layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=4, mid_block_add_attention=False, sample_size=128)
    unet = UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=4, block_out_channels=(32, 64, 96), layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4, 6), transformer_layers_per_block=(1, 1, 1), cross_attention_dim=2 * HIDDEN,
        addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=6 * 8 + HIDDEN,
        use_linear_projection=True, norm_num_groups=16)
    text = dict(vocab_size=49408, hidden_size=HIDDEN, intermediate_size=4 * HIDDEN, num_hidden_layers=3, num_attention_heads=4,
                max_position_embeddings=77, bos_token_id=49406, eos_token_id=49407, projection_dim=HIDDEN)
    one, two = (CLIPTokenizer(str(tokenizers / folder / "vocab.json"), str(tokenizers / folder / "merges.txt"), pad_token=pad, model_max_length=77)
                for folder, pad in (("tokenizer", "<|endoftext|>"), ("tokenizer_2", "!")))
    return StableDiffusionXLPipeline(
        vae=vae, unet=unet, tokenizer=one, tokenizer_2=two,
        text_encoder=CLIPTextModel(CLIPTextConfig(**text, hidden_act="quick_gelu", pad_token_id=49407)),
        text_encoder_2=CLIPTextModelWithProjection(CLIPTextConfig(**text, hidden_act="gelu", pad_token_id=0)),
        scheduler=EulerDiscreteScheduler(
            beta_start=.00085, beta_end=.012, beta_schedule="scaled_linear", steps_offset=1, timestep_spacing="trailing"),
        add_watermarker=False)


def pixels_of(pictures):
    """PIL images of one size as pixels (count, 3, height, width) in [-1, 1]."""
    stacked = np.stack([np.asarray(picture, dtype=np.float32) / 127.5 - 1 for picture in pictures])
    return torch.from_numpy(stacked).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


def windows(size, count, rng):
    """64-pixel windows of painted scenes of `size` pixels: (count, 3, 64, 64)."""
    cut = []
    for _ in range(count):
        x, y = rng.randint(0, size - 64), rng.randint(0, size - 64)
        cut.append(scenes.paint(scenes.random_scene(rng), size, size, rng.choice(scenes.POSES)).crop((x, y, x + 64, y + 64)))
    return pixels_of(cut)


def train_vae(vae, minutes, decoder_only, rng):
    """Trains the autoencoder; unless only the decoder, also sets the scaling factor that gives latents of variance one."""
    vae.requires_grad_(True)
    if decoder_only:
        vae.encoder.requires_grad_(False)
        vae.quant_conv.requires_grad_(False)
    parameters = [p for p in vae.parameters() if p.requires_grad]
    opt = torch.optim.Adam(parameters, lr=1e-3)
    start, step = time.time(), 0
    while (spent := (time.time() - start) / 60) < minutes:
        for group in opt.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 50) * (1 - spent / minutes) + 2e-5
        pixels = windows(rng.choice([64, 96, 128, 192, 256]), 12, rng)
        mean = vae.encode(pixels).latent_dist.mean
        out = vae.decode(mean + .05 * torch.randn_like(mean)).sample
        edges = sum(F.l1_loss(out.diff(dim=d), pixels.diff(dim=d)) for d in (2, 3))
        loss = F.l1_loss(out, pixels) + F.mse_loss(out, pixels) + edges + 1e-3 * mean.square().mean()
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        opt.step()
        step += 1
        if step % 50 == 0:
            print(f"vae step {step} {spent:.1f} min l1 {F.l1_loss(out, pixels).item():.4f}", flush=True)
    vae.requires_grad_(False)
    if not decoder_only:
        with torch.no_grad():
            latents = torch.cat([vae.encode(windows(128, 16, rng)).latent_dist.mean for _ in range(8)])
        vae.register_to_config(scaling_factor=float(1 / latents.std()))


def encode(prompts, tokenizers, encoders):
    """SDXL conditioning: both penultimate hidden states side by side (b, 77, 2 * HIDDEN), and the pooled vector (b, HIDDEN)."""
    states = []
    for tokenizer, encoder in zip(tokenizers, encoders):
        ids = tokenizer(prompts, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        out = encoder(ids, output_hidden_states=True)
        states.append(out.hidden_states[-2])
    return torch.cat(states, -1), out.text_embeds


class Words:
    """Which tokens the captions use. The others' embeddings stay zero, so unknown words say next to nothing."""

    def __init__(self, tokenizer):
        rng = random.Random(0)
        known = {49406, 49407, 0}
        for _ in range(6000):
            known.update(tokenizer(scenes.caption(scenes.random_scene(rng), rng)).input_ids)
        self.mask = torch.zeros(49408, 1)
        self.mask[sorted(known)] = 1
        self.strange = sorted(word.removesuffix("</w>") for word, token in tokenizer.get_vocab().items()
                              if word.endswith("</w>") and word[:-4].isalpha() and len(word) > 7 and token not in known)

    def caption(self, scene, rng):
        """A caption, in three of ten cases with strange words among the others, so that they do it no harm."""
        words = scenes.caption(scene, rng).split()
        if rng.random() < .3:
            for _ in range(rng.randint(1, 4)):
                words.insert(rng.randint(0, len(words)), rng.choice(self.strange))
        return " ".join(words)


class Gallery:
    """Painted scenes of every size with the latents of all their poses, (poses, 4, height / 8, width / 8). Fills while it is drawn from."""

    def __init__(self, vae):
        self.vae = vae
        self.painted = {size: [] for size in SIZES}

    def draw(self, rng):
        """A random size, scenes of it, and their latents (batch, poses, 4, height / 8, width / 8)."""
        size = rng.choices(list(SIZES), [share for _, _, share in SIZES.values()])[0]
        count, batch, _ = SIZES[size]
        painted = self.painted[size]
        wanted = min(count, max(batch, len(painted) + NEW_PER_BATCH))
        painted += [self._paint(size, rng) for _ in range(wanted - len(painted))]
        chosen = rng.sample(painted, min(batch, len(painted)))
        return size, [scene for scene, _ in chosen], torch.stack([latents for _, latents in chosen])

    def _paint(self, size, rng):
        scene = scenes.random_scene(rng)
        with torch.no_grad():
            pixels = pixels_of([scenes.paint(scene, *size, pose) for pose in scenes.POSES])
            return scene, self.vae.encode(pixels).latent_dist.mean * self.vae.config.scaling_factor


class Denoiser(torch.nn.Module):
    """The networks that are trained together: prompts and noisy latents in, noise out."""

    def __init__(self, pipe):
        super().__init__()
        self.unet, self.one, self.two = pipe.unet, pipe.text_encoder, pipe.text_encoder_2
        self.tokenizers = pipe.tokenizer, pipe.tokenizer_2

    def forward(self, noisy, timesteps, prompts, size):
        """noisy (b, 4, h, w) with variance one, timesteps (b) → the noise in it."""
        width, height = size
        states, pooled = encode(prompts, self.tokenizers, (self.one, self.two))
        time_ids = torch.tensor([[height, width, 0, 0, height, width]], dtype=torch.float32).repeat(len(prompts), 1)
        return self.unet(noisy.contiguous(memory_format=torch.channels_last), timesteps, states,
                         added_cond_kwargs={"text_embeds": pooled, "time_ids": time_ids}).sample


def noise_losses(model, sigmas, size, prompts, poses, rng):
    """One loss: the noise on a painted scene, guessed at timesteps of the sampler."""
    clean = poses[torch.arange(len(poses)), torch.randint(poses.shape[1], (len(poses),))]
    timesteps = torch.tensor([rng.choice(schedule(rng.choices(list(STEPS), STEPS.values())[0])) for _ in prompts])
    sigma = sigmas[timesteps].view(-1, 1, 1, 1)
    noise = torch.randn_like(clean)
    guess = model((clean + sigma * noise) / (sigma ** 2 + 1).sqrt(), timesteps, prompts, size)
    yield (sigma.square().clamp(max=25) * (guess - noise) ** 2).mean()


def sampler_losses(model, sigmas, size, prompts, poses, rng):
    """A loss per step of one run of the sampler, each from where the steps before have led."""
    noise = torch.randn_like(poses[:, 0])
    clean = poses[torch.arange(len(poses)), nearest(noise, poses)]
    timesteps = schedule(rng.choices(list(STEPS), STEPS.values())[0])
    x = noise * sigmas[timesteps[0]]
    for timestep, following in zip(timesteps, [*timesteps[1:], None]):
        sigma = sigmas[timestep]
        guess = model(x / (sigma ** 2 + 1).sqrt(), torch.full((len(prompts),), timestep), prompts, size)
        error = x - sigma * guess - clean
        # Near-absolute error keeps edges; the root of sigma balances the steps, since d error / d guess grows with sigma.
        yield (error.square() + .01).sqrt().mean() / sigma.sqrt()
        x = (x + guess * ((0 if following is None else sigmas[following]) - sigma)).detach()


def nearest(noise, poses):
    """Which pose's latents (b, poses, 4, h, w) the noise (b, 4, h, w) points at most, seen from their mean: (b)."""
    return ((poses - poses.mean(1, keepdim=True)) * noise[:, None]).flatten(2).sum(-1).argmax(1)


def schedule(steps):
    """Trailing timesteps."""
    return [round(1000 - i * 1000 / steps) - 1 for i in range(steps)]


class Training:
    """A stage of training the denoiser: the networks, a running mean of their weights, which is what is kept, and the optimizer."""

    def __init__(self, stage, losses, minutes, rate, pipe, words, save):
        """`save` takes the mean of the networks and the state to go on from."""
        self.stage, self.losses, self.minutes, self.rate, self.words, self.save = stage, losses, minutes, rate, words, save
        self.model = Denoiser(pipe)
        for encoder in (self.model.one, self.model.two):
            encoder.get_input_embeddings().weight.data.mul_(words.mask)
        self.mean = copy.deepcopy(self.model)
        self.opt = torch.optim.AdamW(self.model.parameters(), lr=rate, weight_decay=0, betas=(.9, .99))
        self.before, self.step = 0.0, 0
        alphas = pipe.scheduler.alphas_cumprod
        self.sigmas = ((1 - alphas) / alphas).sqrt()

    def run(self, gallery, rng):
        """Trains until the minutes are spent; returns the networks' running mean."""
        start = saved = time.time()
        seen = {}
        runs = [self._start(gallery, rng) for _ in range(RUNS_AT_ONCE)]
        while (spent := self.before + (time.time() - start) / 60) < self.minutes:
            slot = rng.randrange(RUNS_AT_ONCE)
            size, losses = runs[slot]
            loss = next(losses, None)
            if loss is None:
                runs[slot] = self._start(gallery, rng)
                continue
            self._update(loss, spent)
            seen.setdefault(size, []).append(loss.item())
            if self.step % 100 == 0:
                means = " ".join(f"{width}x{height}: {np.mean(values[-100:]):.4f}" for (width, height), values in sorted(seen.items()))
                print(f"{self.stage} step {self.step} {spent:.1f} min {means}", flush=True)
            if time.time() - saved > 60 * SAVE_EVERY_MINUTES:
                saved = time.time()
                self.save(self.mean, self._state(spent))
        self.save(self.mean, self._state(self.minutes))
        return self.mean

    def _start(self, gallery, rng):
        """The size of a new batch, and its losses as they are drawn."""
        size, chosen, poses = gallery.draw(rng)
        prompts = [self.words.caption(scene, rng) for scene in chosen]
        return size, self.losses(self.model, self.sigmas, size, prompts, poses, rng)

    def _update(self, loss, spent):
        for group in self.opt.param_groups:
            group["lr"] = self.rate * min(1, (self.step + 1) / 200) * (1 - spent / self.minutes) + 1e-5
        self.opt.zero_grad()
        loss.backward()
        for encoder in (self.model.one, self.model.two):
            encoder.get_input_embeddings().weight.grad.mul_(self.words.mask)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.opt.step()
        self.step += 1
        decay = min(.998, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, value in zip(self.mean.parameters(), self.model.parameters()):
                mean.lerp_(value, 1 - decay)

    def _state(self, spent):
        return {"stage": self.stage, "model": self.model.state_dict(), "mean": self.mean.state_dict(), "opt": self.opt.state_dict(),
                "minutes": spent, "step": self.step}

    def resume(self, state):
        self.model.load_state_dict(state["model"])
        self.mean.load_state_dict(state["mean"])
        self.opt.load_state_dict(state["opt"])
        self.before, self.step = state["minutes"], state["step"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--resume", type=pathlib.Path, metavar="DIR", help="start from these weights, in either layout")
    parser.add_argument("--tokenizers", type=pathlib.Path, metavar="DIR", help="directory with the CLIP vocabularies; default: --resume's")
    parser.add_argument("--vae-minutes", type=float, default=23)
    parser.add_argument("--decoder-only", action="store_true")
    parser.add_argument("--noise-minutes", type=float, default=56)
    parser.add_argument("--sampler-minutes", type=float, default=50)
    parser.add_argument("--rate", type=float, default=3e-4, help="highest learning rate of the denoiser")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.tokenizers = args.tokenizers or args.resume
    if args.tokenizers is None:
        parser.error("one of --resume and --tokenizers is needed")
    return args


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    interrupted = args.out / "training.pt"
    state = torch.load(interrupted) if interrupted.exists() else None
    source = args.out if state else args.resume
    pipe = restore.pipeline(source) if source else build(args.tokenizers)
    for part in (pipe.unet, pipe.vae, pipe.text_encoder, pipe.text_encoder_2):
        part.float().train().to(memory_format=torch.channels_last)

    def save(networks, state=None):
        if state:
            torch.save(state, interrupted)
        parts = {**pipe.components, "unet": networks.unet, "text_encoder": networks.one, "text_encoder_2": networks.two}
        restore.save(StableDiffusionXLPipeline(**copy.deepcopy(parts), add_watermarker=False), args.out, args.tokenizers)

    if args.vae_minutes and not state:
        train_vae(pipe.vae, args.vae_minutes, args.decoder_only, rng)
        save(Denoiser(pipe))
    stages = [("noise", noise_losses, args.noise_minutes), ("sampler", sampler_losses, args.sampler_minutes)]
    if state:
        stages = stages[[name for name, _, _ in stages].index(state["stage"]):]
    stages = [stage for stage in stages if stage[2]]
    if stages:
        gallery, words = Gallery(pipe.vae), Words(pipe.tokenizer)
    for name, losses, minutes in stages:
        training = Training(name, losses, minutes, args.rate, pipe, words, save)
        if state:
            training.resume(state)
            state = None
        kept = training.run(gallery, rng)
        pipe.register_modules(unet=kept.unet, text_encoder=kept.one, text_encoder_2=kept.two)
    interrupted.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
