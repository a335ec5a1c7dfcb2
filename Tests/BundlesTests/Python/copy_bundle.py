"""Opens a bundle with safetensors, checks its tensors, and writes it again: copy_bundle.py FROM TO."""

import json
import sys

from safetensors import safe_open
from safetensors.numpy import save_file

with safe_open(sys.argv[1], framework="numpy") as bundle:
    metadata = bundle.metadata()
    tensors = {name: bundle.get_tensor(name) for name in bundle.keys()}

document = json.loads(metadata["weir"])
assert document["format"] == 2
dimension = document["token_dimension"]
assert tensors["normalization.mean"].shape == (document["tokens"] * dimension,)
assert tensors["normalization.scale"].shape == (1,)
for index, stage in enumerate(document["stages"]):
    assert tensors[f"stage.{index}.base"].shape == (stage["base"], dimension)
    for size in stage["adapted"]:
        assert tensors[f"stage.{index}.k{size}"].shape == (size, dimension)
for rung, use in enumerate(document["rungs"]):
    for stage, size in enumerate(use["sizes"]):
        table = tensors[f"table.{rung}.{stage}"]
        assert table.shape == (size,) and table.sum() == 32768 and table.min() >= 1

save_file(tensors, sys.argv[2], metadata=metadata)
