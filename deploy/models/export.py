"""Exports an SDXL-Lightning checkpoint in diffusers layout to ONNX, with the descriptor that the render worker reads.

    python export.py MODEL_DIR OUT_DIR --id tiny-lightning --licence Apache-2.0 --native-size 256x256 --sizes 128:1024:64

OUT_DIR gets the folders text_encoder, text_encoder_2, unet (or one per step count), vae_decoder, vae_encoder, tokenizer, tokenizer_2 and
scheduler, model_index.json and model.json. Each graph is model.onnx, with model.onnx_data beside it where it would pass 2 GB; initializers
carry the checkpoint's own parameter names, so that restore.py can turn the directory back into a checkpoint.

The same input and the same --created give the same bytes.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import time

import numpy as np
import onnx_ir as ir
import onnx_ir.passes.common as passes
import onnxruntime
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from onnxscript import optimizer
from safetensors.torch import load_file
from transformers import CLIPTextModel, CLIPTextModelWithProjection

import latent_rgb

OPSET = 20
PROTOBUF_LIMIT = 2_000_000_000
TOLERANCE = {"fp32": 1e-4, "fp16weights": 1e-4, "fp16": 1e-2}
LATENT_SIZES = (16, 16), (32, 32), (24, 40), (64, 48)


class SharedRows(torch.nn.Module):
    """An embedding that stores equal rows once: `rows` [distinct, width], and for each token the number of its row, `row_of` [vocabulary]."""

    def __init__(self, weight):
        super().__init__()
        rows, row_of = torch.unique(weight.detach(), dim=0, return_inverse=True)
        self.rows = torch.nn.Parameter(rows)
        self.register_buffer("row_of", row_of.int())

    def forward(self, ids):
        return torch.nn.functional.embedding(self.row_of[ids], self.rows)


class TextEncoder(torch.nn.Module):
    """input_ids [batch, sequence] → the vectors named by `outputs()`; hidden states are [batch, sequence, hidden_size]."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.projected = isinstance(model, CLIPTextModelWithProjection)

    def outputs(self):
        states = [f"hidden_states.{i}" for i in range(self.model.config.num_hidden_layers + 1)]
        return (["text_embeds", "last_hidden_state"] if self.projected else ["last_hidden_state", "pooler_output"]) + states

    def forward(self, input_ids):
        out = self.model(input_ids, output_hidden_states=True)
        named = (out.text_embeds, out.last_hidden_state) if self.projected else (out.last_hidden_state, out.pooler_output)
        return named + tuple(out.hidden_states)


class Unet(torch.nn.Module):
    """One denoising pass: sample [batch, 4, height, width] at timestep [batch] → what the network predicts, in the sample's shape."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample, timestep, encoder_hidden_states, text_embeds, time_ids):
        # In fp16 the two are concatenated in fp32, which torch does by promotion and the exporter overlooks.
        conditions = {"text_embeds": text_embeds.float(), "time_ids": time_ids}
        return self.model(sample, timestep, encoder_hidden_states, added_cond_kwargs=conditions, return_dict=False)[0]


class VaeDecoder(torch.nn.Module):
    """latent_sample [batch, 4, height, width], already divided by the scaling factor → sample [batch, 3, 8 height, 8 width] in about [-1, 1]."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, latent_sample):
        return self.model.decode(latent_sample, return_dict=False)[0]


class VaeEncoder(torch.nn.Module):
    """sample [batch, 3, 8 height, 8 width] → latent_parameters [batch, 8, height, width]: mean and log variance of the unscaled latents."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, sample):
        return self.model.encode(sample, return_dict=False)[0].parameters


class Graph:
    """One network on its way to ONNX: the module, example inputs for a batch and a latent size, and the names of all axes."""

    def __init__(self, folder, module, inputs, outputs, half):
        self.folder = folder
        self.module = (module.half() if half else module).eval()
        self.inputs = inputs
        self.outputs = outputs
        self.half = half

    def example(self, batch, height, width, seed=0):
        generator = torch.Generator().manual_seed(seed)
        return tuple(self._example(name, shape, dict(batch=batch, height=height, width=width, sequence=77), generator)
                     for name, shape in self.inputs.items())

    def _example(self, name, shape, axes, generator):
        shape = [axes.get(axis, axis) if not isinstance(axis, tuple) else axis[0] * axes[axis[1]] for axis in shape]
        if name == "input_ids":
            ids = torch.randint(0, 49406, shape, generator=generator)
            ids[:, 0], ids[:, 20:] = 49406, 49407
            return ids
        if name == "timestep":
            return torch.randint(0, 1000, shape, generator=generator).float()
        if name == "time_ids":
            values = torch.randint(0, 1024, shape, generator=generator).float()
        else:
            values = torch.randn(shape, generator=generator)
        return values.half() if self.half else values

    def dynamic_shapes(self):
        dynamic = torch.export.Dim.DYNAMIC
        return tuple({i: axis if isinstance(axis, str) else dynamic for i, axis in enumerate(shape) if not isinstance(axis, int)}
                     for shape in self.inputs.values())

    def export(self):
        """Traces the module and returns the graph with parameters under their own names, free of the exporter's notes."""
        program = torch.onnx.export(
            self.module, self.example(2, 32, 24), dynamo=True, opset_version=OPSET, optimize=False, verbose=False,
            input_names=list(self.inputs), output_names=list(self.outputs), dynamic_shapes=self.dynamic_shapes())
        model = program.model
        parameters = set(self.module.state_dict())
        _simplify(model, parameters)
        for name in parameters & set(model.graph.initializers):
            model.graph.initializers[name].name = name.removeprefix("model.")
        initializers = sorted(model.graph.initializers.items())
        model.graph.initializers.clear()
        model.graph.initializers.update(initializers)
        for value, shape in zip(model.graph.outputs, self.outputs.values()):
            value.shape = ir.Shape([axis if isinstance(axis, (int, str)) else f"{axis[0]} * {axis[1]}" for axis in shape])
        _forget_notes(model)
        return model


def _simplify(model, parameters):
    """Folds constants, but leaves the parameters: a folded one would lose its name, and a runtime folds it when it loads the graph."""
    def touches_parameter(node):
        return any(value is not None and value.name in parameters for value in node.inputs)

    passes.InlinePass()(model)
    optimizer.fold_constants(model, should_fold=lambda node: False if touches_parameter(node) else None)
    passes.RemoveUnusedNodesPass()(model)
    passes.RemoveUnusedFunctionsPass()(model)
    passes.RemoveUnusedOpsetsPass()(model)
    passes.LiftConstantsToInitializersPass(lift_all_constants=True, size_limit=0)(model)
    passes.CommonSubexpressionEliminationPass()(model)


def _forget_notes(model):
    """Drops what the exporter noted about its own sources, which differs from machine to machine."""
    model.producer_name, model.producer_version, model.doc_string = "thunderhead", None, None
    model.metadata_props.clear()
    model.graph.name, model.graph.doc_string = "graph", None
    model.graph.metadata_props.clear()
    for node in model.graph.all_nodes():
        node.doc_string = None
        node.metadata_props.clear()
        for value in node.outputs:
            value.metadata_props.clear()
    for value in (*model.graph.inputs, *model.graph.initializers.values()):
        value.metadata_props.clear()


def store_weights_as_fp16(model, parameters):
    """Makes each fp32 parameter an fp16 initializer followed by a Cast to fp32, which a runtime folds away when it loads the graph.

    Constants that are no parameters stay fp32: the sinusoids of the time embedding need it.
    """
    for value in list(model.graph.initializers.values()):
        if value.name not in parameters or value.dtype != ir.DataType.FLOAT:
            continue
        small = ir.Value(name=value.name, shape=value.shape, type=ir.TensorType(ir.DataType.FLOAT16),
                         const_value=ir.tensor(value.const_value.numpy().astype(np.float16), name=value.name))
        cast = ir.node("Cast", [small], {"to": ir.DataType.FLOAT}, name=f"{value.name}/Cast")
        cast.outputs[0].name, cast.outputs[0].shape, cast.outputs[0].dtype = f"{value.name}/fp32", value.shape, ir.DataType.FLOAT
        value.replace_all_uses_with(cast.outputs[0])
        del model.graph.initializers[value.name]
        model.graph.initializers[small.name] = small
        model.graph.insert_before(model.graph[0], cast)


def write(graph, out, precision, external_above):
    """Writes OUT_DIR/<folder>/model.onnx, and model.onnx_data when the weights pass `external_above` bytes."""
    model = graph.export()
    if precision == "fp16weights":
        store_weights_as_fp16(model, {name.removeprefix("model.") for name in graph.module.state_dict()})
    path = out / graph.folder / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = sum(value.const_value.nbytes for value in model.graph.initializers.values())
    (path.parent / "model.onnx_data").unlink(missing_ok=True)
    ir.save(model, path, external_data="model.onnx_data" if weights > external_above else None)
    print(f"{graph.folder}: {len(model.graph)} nodes, {weights / 1e6:.2f} MB of weights", flush=True)


def verify(graph, out, tolerance):
    """Holds the written graph against torch at several sizes, batch 1 and 2; raises when an output is further off than `tolerance`."""
    session = onnxruntime.InferenceSession(out / graph.folder / "model.onnx", providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch in (1, 2):
        for height, width in LATENT_SIZES:
            example = graph.example(batch, height, width, seed=batch * 10_000 + height * 100 + width)
            with torch.no_grad():
                expected = graph.module(*example)
            expected = expected if isinstance(expected, tuple) else (expected,)
            got = session.run(None, {name: tensor.numpy() for name, tensor in zip(graph.inputs, example)})
            for name, a, b in zip(graph.outputs, expected, got):
                error = relative_error(b, a.numpy())
                worst = max(worst, error)
                if not error <= tolerance:
                    raise SystemExit(f"{graph.folder}: {name} is off by {error:.1e} at batch {batch}, latents {height}x{width}")
    print(f"{graph.folder}: at most {worst:.1e} off torch", flush=True)


def relative_error(got, expected):
    """Largest difference, in terms of the largest expected value."""
    expected = expected.astype(np.float64)
    return float(np.abs(got.astype(np.float64) - expected).max() / np.abs(expected).max())


def text_encoder(folder, path, kind, precision):
    model = rounded(kind.from_pretrained(path, attn_implementation="sdpa"), precision)
    weight = model.get_input_embeddings().weight
    if torch.unique(weight, dim=0).shape[0] < len(weight) // 2:
        model.set_input_embeddings(SharedRows(weight))
    module = TextEncoder(model)
    width = model.config.hidden_size
    shapes = {"text_embeds": ["batch", model.config.projection_dim], "pooler_output": ["batch", width]}
    outputs = {name: shapes.get(name, ["batch", "sequence", width]) for name in module.outputs()}
    return Graph(folder, module, {"input_ids": ["batch", "sequence"]}, outputs, precision == "fp16")


def unet(folder, model, precision):
    config = model.config
    pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
    latents = ["batch", config.in_channels, "height", "width"]
    inputs = {"sample": latents, "timestep": ["batch"], "encoder_hidden_states": ["batch", "sequence", config.cross_attention_dim],
              "text_embeds": ["batch", pooled], "time_ids": ["batch", 6]}
    return Graph(folder, Unet(rounded(model, precision)), inputs, {"out_sample": latents}, precision == "fp16")


def vae(path, precision):
    """Decoder and encoder. A VAE that overflows in fp16 says so in its config, and computes in fp32 whatever the rest does."""
    model = AutoencoderKL.from_pretrained(path)
    precision = "fp16weights" if precision == "fp16" and model.config.force_upcast else precision
    model = rounded(model, precision)
    latents, pixels = ["batch", model.config.latent_channels, "height", "width"], ["batch", 3, (8, "height"), (8, "width")]
    parameters = ["batch", 2 * model.config.latent_channels, "height", "width"]
    half = precision == "fp16"
    yield Graph("vae_decoder", VaeDecoder(model), {"latent_sample": latents}, {"sample": pixels}, half), precision
    yield Graph("vae_encoder", VaeEncoder(model), {"sample": pixels}, {"latent_parameters": parameters}, half), precision


def rounded(model, precision):
    """The model in fp32, with its weights rounded to what will be stored."""
    return model.float() if precision == "fp32" else model.half().float()


class UnetSpec:
    """FOLDER=CHECKPOINT:STEPS:PREDICTION, for instance unet_4step=sdxl_lightning_4step_unet.safetensors:4:epsilon.

    CHECKPOINT is a folder in diffusers layout, or one safetensors file for the architecture of MODEL_DIR/unet.
    """

    def __init__(self, text):
        self.folder, rest = text.split("=", 1)
        checkpoint, steps, self.prediction_type = rest.rsplit(":", 2)
        self.checkpoint = pathlib.Path(checkpoint)
        self.steps = [int(n) for n in steps.split(",")]
        if self.prediction_type not in ("epsilon", "sample"):
            raise ValueError(self.prediction_type)

    def load(self, base):
        if self.checkpoint.is_dir():
            return UNet2DConditionModel.from_pretrained(self.checkpoint)
        model = UNet2DConditionModel.from_config(UNet2DConditionModel.load_config(base / "unet"))
        model.load_state_dict(load_file(self.checkpoint))
        return model

    def descriptor(self):
        return {"folder": self.folder, "steps": self.steps, "prediction_type": self.prediction_type}


def copy_configs(model_dir, vae_dir, out, specs):
    """Takes along what the graphs do not hold: tokenizers, scheduler, and each network's own numbers."""
    for folder in ("tokenizer", "tokenizer_2"):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for name in ("vocab.json", "merges.txt", "tokenizer_config.json"):
            shutil.copyfile(model_dir / folder / name, out / folder / name)
    configs = {out / "scheduler" / "scheduler_config.json": model_dir / "scheduler" / "scheduler_config.json",
               out / "model_index.json": model_dir / "model_index.json",
               out / "vae_decoder" / "config.json": vae_dir / "config.json", out / "vae_encoder" / "config.json": vae_dir / "config.json"}
    for folder in ("text_encoder", "text_encoder_2"):
        configs[out / folder / "config.json"] = model_dir / folder / "config.json"
    for spec in specs:
        own = spec.checkpoint if spec.checkpoint.is_dir() else model_dir / "unet"
        configs[out / spec.folder / "config.json"] = own / "config.json"
    for target, source in configs.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        config = json.loads(source.read_text())
        for note in ("_name_or_path", "_diffusers_version", "transformers_version"):
            config.pop(note, None)  # says who wrote the file last, which is no property of the model
        target.write_text(json.dumps(config, indent=2) + "\n")


def build_id(out):
    """Twelve hex digits of a SHA-256 over every file but the descriptor: the same digits paint the same pictures."""
    digest = hashlib.sha256()
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p != out / "model.json"):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def size_range(text):
    return dict(zip(("min", "max", "multiple"), map(int, text.split(":")), strict=True))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path, help="checkpoint in diffusers layout")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--id", required=True, help="name of the model in the API")
    parser.add_argument("--licence", required=True)
    parser.add_argument("--owned-by", default="thunderhead")
    parser.add_argument("--created", type=int, default=int(time.time()), help="seconds since 1970 for the descriptor")
    parser.add_argument("--native-size", default="1024x1024", help="size of a picture when the request names none")
    parser.add_argument("--sizes", type=size_range, default="512:1536:64", metavar="MIN:MAX:MULTIPLE", help="allowed width and height, pixels")
    parser.add_argument("--default-steps", type=int, default=4)
    parser.add_argument("--unet", type=UnetSpec, action="append", metavar="FOLDER=CHECKPOINT:STEPS:PREDICTION",
                        help="repeatable; default: unet=MODEL/unet:1,2,4,8:epsilon")
    parser.add_argument("--vae", type=pathlib.Path, help="folder of another VAE, such as one that is safe in fp16")
    parser.add_argument("--latent-rgb", choices=("sdxl", "fit", "none"), default="sdxl",
                        help="the colours of previews: as published for SDXL's VAE, or fitted to this one, or no previews")
    parser.add_argument("--precision", choices=TOLERANCE, default="fp16weights",
                        help="fp16weights stores fp16 and computes in fp32; fp16 computes in fp16 too")
    parser.add_argument("--external-above", type=int, default=PROTOBUF_LIMIT, metavar="BYTES", help="weights larger than this go to model.onnx_data")
    parser.add_argument("--verify", action="store_true", help="hold every graph against torch")
    args = parser.parse_args()
    args.unet = args.unet or [UnetSpec(f"unet={args.model / 'unet'}:1,2,4,8:epsilon")]
    args.vae = args.vae or args.model / "vae"
    return args


def graphs(args):
    """Every network in turn with its precision, so that only one is in memory."""
    yield text_encoder("text_encoder", args.model / "text_encoder", CLIPTextModel, args.precision), args.precision
    yield text_encoder("text_encoder_2", args.model / "text_encoder_2", CLIPTextModelWithProjection, args.precision), args.precision
    for spec in args.unet:
        yield unet(spec.folder, spec.load(args.model), args.precision), args.precision
    yield from vae(args.vae, args.precision)


def main():
    args = arguments()
    for graph, precision in graphs(args):
        write(graph, args.out, precision, args.external_above)
        if args.verify:
            verify(graph, args.out, TOLERANCE[precision])
    copy_configs(args.model, args.vae, args.out, args.unet)
    descriptor = {
        "id": args.id, "licence": args.licence, "build": build_id(args.out), "created": args.created, "owned_by": args.owned_by,
        "native_size": args.native_size, "sizes": args.sizes, "unets": [spec.descriptor() for spec in args.unet],
        "default_steps": args.default_steps}
    latent_rgb.write(args.out, descriptor)  # which the fit reads
    if args.latent_rgb == "fit":
        descriptor["latent_rgb"], _ = latent_rgb.fit(args.out)
    elif args.latent_rgb == "sdxl":
        descriptor["latent_rgb"] = latent_rgb.SDXL
    latent_rgb.write(args.out, descriptor)
    print(json.dumps(descriptor))


if __name__ == "__main__":
    main()
