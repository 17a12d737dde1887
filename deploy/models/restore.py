"""Turns an exported model directory back into a checkpoint in diffusers layout, to train it further or to run diffusers on it.

    python restore.py MODEL_DIR OUT_DIR

The graphs hold every parameter under its own name (see export.py), so the exported directory is the only copy of the weights there needs to be.
"""

import argparse
import json
import pathlib
import shutil

import onnx
import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from onnx import numpy_helper
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

TOKEN_EMBEDDING = "embeddings.token_embedding."


def parameters(folder):
    """The parameters in a graph, {name: tensor}, fp32, shared embedding rows spread out again."""
    model = onnx.load(folder / "model.onnx")
    found = {value.name: torch.from_numpy(numpy_helper.to_array(value).copy()) for value in model.graph.initializer}
    for name in [name for name in found if name.endswith(TOKEN_EMBEDDING + "row_of")]:
        prefix = name.removesuffix("row_of")
        found[prefix + "weight"] = found.pop(prefix + "rows")[found.pop(name).long()]
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in found.items()}


def fill(model, *folders):
    """The model with the parameters of these graphs; a graph's other constants have no place in it, but no parameter may be missing."""
    found = {name: tensor for folder in folders for name, tensor in parameters(folder).items()}
    missing = model.load_state_dict({name: found[name] for name in model.state_dict() if name in found}, strict=False).missing_keys
    if missing:
        raise SystemExit(f"{folders[0]}: no parameter {missing[0]}")
    return model.eval()


def pipeline(folder, unet="unet"):
    """The pipeline in a directory of either layout, fp32."""
    if (folder / "vae").is_dir():
        return StableDiffusionXLPipeline.from_pretrained(folder, add_watermarker=False)

    def config(part):
        return json.loads((folder / part / "config.json").read_text())

    def tokenizer(part):
        pad = json.loads((folder / part / "tokenizer_config.json").read_text())["pad_token"]
        files = [str(folder / part / name) for name in ("vocab.json", "merges.txt")]
        return CLIPTokenizer(*files, pad_token=pad, model_max_length=77)

    return StableDiffusionXLPipeline(
        vae=fill(AutoencoderKL.from_config(config("vae_decoder")), folder / "vae_decoder", folder / "vae_encoder"),
        unet=fill(UNet2DConditionModel.from_config(config(unet)), folder / unet),
        text_encoder=fill(CLIPTextModel(CLIPTextConfig(**config("text_encoder"))), folder / "text_encoder"),
        text_encoder_2=fill(CLIPTextModelWithProjection(CLIPTextConfig(**config("text_encoder_2"))), folder / "text_encoder_2"),
        tokenizer=tokenizer("tokenizer"), tokenizer_2=tokenizer("tokenizer_2"),
        scheduler=EulerDiscreteScheduler.from_pretrained(folder / "scheduler"), add_watermarker=False)


def save(pipe, folder, tokenizers):
    """Writes the diffusers layout, weights as fp16; the tokenizers' own files are taken unchanged from the directory `tokenizers`."""
    for part in (pipe.unet, pipe.vae, pipe.text_encoder, pipe.text_encoder_2):
        part.half()
    pipe.save_pretrained(folder)
    for part in ("tokenizer", "tokenizer_2"):
        shutil.rmtree(folder / part)
        shutil.copytree(tokenizers / part, folder / part)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--unet", default="unet", help="folder of the UNet to take")
    args = parser.parse_args()
    save(pipeline(args.model, args.unet), args.out, args.model)


if __name__ == "__main__":
    main()
