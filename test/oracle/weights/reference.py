"""Writes small weights files with the libraries that people write them with; prints them and their numbers as JSON.

Needs numpy; safetensors where it is installed. To record: python3 reference.py > recorded.json
"""
import base64, io, json, sys
import numpy as np

rng = np.random.default_rng(5)
arrays = {
    "inputWeights": rng.normal(size=(3, 2)),
    "hiddenBiases": rng.normal(size=3).astype(np.float32),
    "outputWeights": rng.normal(size=(1, 3)).astype(">f8"),
    "outputBias": np.float64(0.25),
    "fortran": np.asfortranarray(rng.normal(size=(2, 3, 4))),
    "half": np.array([1.5, -2.0**-20, 65504, 3.0e-8, 0.1, -0.0], dtype=np.float16),
    "integers": np.array([[-(2**40), 7]], dtype=np.int64),
    "bytes": np.array([250, 3], dtype=np.uint8),
    "empty": np.zeros((0, 2)),
}

def archive(save):
    stream = io.BytesIO()
    save(stream, **arrays)
    return base64.b64encode(stream.getvalue()).decode()

def listed(tensors):
    return [{"name": n, "shape": list(np.shape(a)), "values": np.asarray(a, dtype=float).ravel().tolist()} for n, a in tensors.items()]

files = {
    "plain.npz": {"content": archive(np.savez), "tensors": listed(arrays)},
    "compressed.npz": {"content": archive(np.savez_compressed), "tensors": listed(arrays)},
}
single = io.BytesIO()
np.save(single, arrays["inputWeights"])
files["single.npy"] = {"content": base64.b64encode(single.getvalue()).decode(), "tensors": listed({"parameters": arrays["inputWeights"]})}
try:
    from safetensors.numpy import save

    kept = {n: np.ascontiguousarray(a).astype(np.asarray(a).dtype.newbyteorder("=")) for n, a in arrays.items()}
    content = save(kept, metadata={"format": "np"})
    # In the order of the header.
    names = [n for n in json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")]) if n != "__metadata__"]
    files["tensors.safetensors"] = {"content": base64.b64encode(content).decode(), "tensors": listed({n: kept[n] for n in names})}
except ImportError:
    pass
json.dump(files, sys.stdout, indent=1)
