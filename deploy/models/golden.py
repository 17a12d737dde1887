"""Records what diffusers computes from a model directory, so that another implementation can be held against it.

    python golden.py MODEL_DIR GOLDEN_DIR

GOLDEN_DIR/cases.json says what to paint: [{"name", "prompt", "seed", "steps", "width", "height", "prediction"?: "sample"}, ...].
For each case it gets <name>.png and <name>.safetensors with, fp32,

    noise [1, 4, height / 8, width / 8], from torch's CPU generator, and latents_0 (scaled to the first sigma) .. latents_N of the same shape
    timesteps [N] and sigmas [N + 1]
    prompt_embeds [1, 77, both encoders' widths] and pooled [1, width]

Everything is computed in fp32 on the CPU, from weights rounded to fp16.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
from diffusers import EulerDiscreteScheduler
from PIL import Image
from safetensors.torch import save_file

import restore


def run(pipe, case):
    """The tensors and the picture of one case."""
    pipe.scheduler = EulerDiscreteScheduler.from_config(
        pipe.scheduler.config, timestep_spacing="trailing", prediction_type=case.get("prediction", "epsilon"))
    tensors = {}

    def keep(_, index, timestep, seen):
        tensors[f"latents_{index + 1}"] = seen["latents"].clone()
        return seen

    shape = (1, 4, case["height"] // 8, case["width"] // 8)
    tensors["noise"] = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(case["seed"]))
    tensors["prompt_embeds"], _, tensors["pooled"], _ = pipe.encode_prompt(case["prompt"], do_classifier_free_guidance=False)
    picture = pipe(case["prompt"], num_inference_steps=case["steps"], guidance_scale=0, width=case["width"], height=case["height"],
                   generator=torch.Generator("cpu").manual_seed(case["seed"]), output_type="np",
                   callback_on_step_end=keep, callback_on_step_end_tensor_inputs=["latents"]).images[0]
    tensors["timesteps"] = pipe.scheduler.timesteps.float()
    tensors["sigmas"] = pipe.scheduler.sigmas.float()
    tensors["latents_0"] = tensors["noise"] * tensors["sigmas"].max()
    return {name: tensor.detach().contiguous() for name, tensor in tensors.items()}, Image.fromarray(np.round(picture * 255).astype(np.uint8))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path, help="model directory in either layout")
    parser.add_argument("golden", type=pathlib.Path)
    args = parser.parse_args()
    pipe = restore.pipeline(args.model)
    for part in (pipe.unet, pipe.vae, pipe.text_encoder, pipe.text_encoder_2):
        part.half().float()
    pipe.set_progress_bar_config(disable=True)
    for case in json.loads((args.golden / "cases.json").read_text()):
        with torch.no_grad():
            tensors, picture = run(pipe, case)
        save_file(tensors, args.golden / f"{case['name']}.safetensors")
        picture.save(args.golden / f"{case['name']}.png")
        print(case["name"], flush=True)


if __name__ == "__main__":
    main()
