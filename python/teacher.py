#!/usr/bin/env python3
"""A file of a teacher's embeddings for `facewarden train embedder --teacher`.

    teacher.py onnx MODEL.onnx FOLDER|TAR… -o TEACHER.safetensors [--template arcface-112 | ours]
    teacher.py ncnn NETWORK.param NETWORK.bin FOLDER|TAR… -o TEACHER.safetensors
    teacher.py dlib FOLDER|TAR… -o TEACHER.safetensors
    teacher.py convert EMBEDDINGS.safetensors NAMES -o TEACHER.safetensors

`onnx` runs a face network over aligned pictures (128x128, as `facewarden align` writes them) in
folders and tars; a picture is named by its path without the extension: identity/picture.
`ncnn` does so with a network of that kind (112x112 pixels, RGB 0...255, blobs `data` and `fc1`), `dlib`
with dlib's ResNet. The files also serve as judges: `facewarden evaluate reconstruction --judge`.
`convert` takes embeddings that exist: a safetensors file with `embeddings` (pictures, width), as F32,
F16, or I8 with one number in `scales` a row, and a text of the rows' names, one a line, gzip or not.

The result holds `embeddings` F16 (pictures, width), of unit length, and the names in the metadata
`names`, one a line. Needs numpy; all but `convert` pillow, and onnxruntime, ncnn, or dlib-bin with face-recognition-models.
"""
import argparse
import gzip
import io
import json
import os
import struct
import sys
import tarfile

import numpy as np

# From our aligned frame to ArcFace's of 112 pixels: the mean over faces of the similarity between their
# alignments by five points (scale, turn in radians, shift in pixels).
ARCFACE_112 = (0.9637, -0.0054, (-5.99, 2.29))
# From our aligned frame to dlib's chip of 150 pixels: scale, and shift in pixels.
DLIB_150 = (52.6 / 39, (47.7 - 52.6 / 39 * 44.5, 47.1 - 52.6 / 39 * 52))
TYPES = {"F32": np.float32, "F16": np.float16, "I8": np.int8}


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    arrays = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        if about["dtype"] not in TYPES:
            sys.exit(f"{path}: '{name}' is {about['dtype']}; expected one of {', '.join(TYPES)}")
        begin, end = about["data_offsets"]
        arrays[name] = np.frombuffer(data[begin:end], TYPES[about["dtype"]]).reshape(about["shape"])
    return arrays


def write_teacher(path, names, embeddings):
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    if not np.isfinite(embeddings).all() or (lengths == 0).any():
        sys.exit("an embedding is zero or not finite")
    if len(set(names)) != len(names):
        sys.exit("a name is given twice")
    if any("\n" in name for name in names):
        sys.exit("a name contains the end of a line")
    rows = (embeddings / lengths).astype("<f2")
    header = json.dumps({
        "__metadata__": {"names": "\n".join(names)},
        "embeddings": {"dtype": "F16", "shape": list(rows.shape), "data_offsets": [0, rows.nbytes]},
    }, ensure_ascii=False).encode()
    header += b" " * (-len(header) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + rows.tobytes())
    os.replace(path + ".part", path)
    print(f"{path}: {rows.shape[0]} embeddings of {rows.shape[1]} numbers")


def convert(options):
    arrays = read_safetensors(options.embeddings)
    if "embeddings" not in arrays or arrays["embeddings"].ndim != 2:
        sys.exit(f"{options.embeddings}: no 'embeddings' of two axes; it has "
                 + (", ".join(f"'{name}' {list(array.shape)}" for name, array in arrays.items())
                    or "nothing"))
    rows = arrays["embeddings"].astype(np.float32)
    if "scales" in arrays:
        if arrays["scales"].shape != rows.shape[:1]:
            sys.exit(f"scales of the shape {list(arrays['scales'].shape)}; "
                     f"expected [{len(rows)}], one a row")
        rows *= arrays["scales"].astype(np.float32)[:, None]
    opener = gzip.open if options.names.endswith(".gz") else open
    with opener(options.names, "rt", encoding="utf-8") as file:
        names = file.read().split("\n")
    names = names[:-1] if names and names[-1] == "" else names
    if len(names) != len(rows):
        sys.exit(f"{len(names)} names for {len(rows)} rows")
    write_teacher(options.output, names, rows)


def pictures(source):
    endings = (".png", ".jpg", ".jpeg", ".webp")
    if os.path.isdir(source):
        for folder, _, files in sorted(os.walk(source)):
            for name in sorted(files):
                path = os.path.join(folder, name)
                if name.lower().endswith(endings):
                    with open(path, "rb") as file:
                        yield os.path.splitext(os.path.relpath(path, source))[0], file.read()
    else:
        with tarfile.open(source) as archive:
            for entry in archive:
                if entry.isfile() and entry.name.lower().endswith(endings):
                    yield os.path.splitext(entry.name.removeprefix("./"))[0], archive.extractfile(entry).read()


def backwards(scale, turn, shift):
    """The map, 2x3, from places of the result to those of the picture that a similarity moves there."""
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    forwards = np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]], [0, 0, 1]])
    return np.linalg.inv(forwards)[:2]


def opened(data, side, back):
    """An aligned picture in the frame of a network: (side, side, 3), RGB."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    if picture.size != (128, 128):
        sys.exit(f"a picture of {picture.size} pixels; expected aligned ones of 128x128")
    picture = picture.transform((side, side), Image.AFFINE, tuple(back.ravel()), Image.BICUBIC)
    return np.array(picture)


def embedded(options, prepare, embed):
    """Writes what `embed` makes of batches of what `prepare` makes of pictures."""
    names, rows, batch = [], [], []

    def flush():
        if batch:
            rows.append(embed(batch))
            batch.clear()

    for source in options.sources:
        for name, data in pictures(source):
            names.append(name)
            batch.append(prepare(data))
            if len(batch) == options.batch:
                flush()
    flush()
    if not names:
        sys.exit("no pictures")
    write_teacher(options.output, names, np.concatenate(rows).reshape(len(names), -1))


def onnx(options):
    import onnxruntime

    session = onnxruntime.InferenceSession(options.model, providers=["CPUExecutionProvider"])
    network = session.get_inputs()[0]
    side = network.shape[2] if isinstance(network.shape[2], int) else 112
    back = backwards(*ARCFACE_112) if options.template == "arcface-112" else np.eye(2, 3)

    def prepared(data):
        values = opened(data, side, back).astype(np.float32)[..., ::-1 if options.bgr else 1]
        return ((values - options.mean) / options.deviation).transpose(2, 0, 1)

    embedded(options, prepared, lambda batch: session.run(
        None, {network.name: np.ascontiguousarray(np.stack(batch))})[0])


def ncnn(options):
    import ncnn as library

    network = library.Net()
    network.opt.use_vulkan_compute = False
    if network.load_param(options.param) != 0 or network.load_model(options.bin) != 0:
        sys.exit(f"'{options.param}' and '{options.bin}' are no network of ncnn's")
    back = backwards(*ARCFACE_112)

    def embed(batch):
        rows = []
        for picture in batch:
            extractor = network.create_extractor()
            extractor.input("data", library.Mat.from_pixels(
                picture, library.Mat.PixelType.PIXEL_RGB, 112, 112))
            rows.append(np.array(extractor.extract("fc1")[1]))
        return np.stack(rows)

    embedded(options, lambda data: opened(data, 112, back), embed)


def dlib(options):
    import dlib as library
    import importlib.util

    # The package cannot be imported where setuptools has no pkg_resources any more; its files can be
    # found.
    found = importlib.util.find_spec("face_recognition_models")
    if found is None:
        sys.exit("dlib needs the package face-recognition-models")
    network = library.face_recognition_model_v1(os.path.join(
        found.submodule_search_locations[0], "models", "dlib_face_recognition_resnet_model_v1.dat"))
    scale, (x, y) = DLIB_150
    back = np.linalg.inv([[scale, 0, x], [0, scale, y], [0, 0, 1]])[:2]
    embedded(options, lambda data: opened(data, 150, back), lambda batch: np.array(
        [network.compute_face_descriptor(picture) for picture in batch]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("onnx")
    run.add_argument("model")
    run.add_argument("sources", nargs="+")
    run.add_argument("--template", choices=["arcface-112", "ours"], default="arcface-112")
    run.add_argument("--mean", type=float, default=0, help="taken off each value 0...255")
    run.add_argument("--deviation", type=float, default=1, help="what is left is divided by it")
    run.add_argument("--bgr", action="store_true", help="the network takes blue, green, red")
    run.add_argument("--batch", type=int, default=32)
    run.set_defaults(run=onnx)
    phone = commands.add_parser("ncnn")
    phone.add_argument("param")
    phone.add_argument("bin")
    phone.set_defaults(run=ncnn)
    old = commands.add_parser("dlib")
    old.set_defaults(run=dlib)
    for command in (phone, old):
        command.add_argument("sources", nargs="+")
        command.set_defaults(batch=32)
    take = commands.add_parser("convert")
    take.add_argument("embeddings")
    take.add_argument("names")
    take.set_defaults(run=convert)
    for command in (run, phone, old, take):
        command.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
