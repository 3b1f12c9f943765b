"""What all peers have in common: requests as JSON lines on stdin, answers on stdout, arrays as base64 of float64."""

import base64
import json
import os
import sys
import time

THREADS = int(os.environ.get("BENCH_THREADS", "1"))
if THREADS == 1:
    # Before anything is imported: pools size themselves by the processors that they may use.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

# Libraries print what they like; the protocol keeps its own way out.
_out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def _say(message):
    _out.write(message if isinstance(message, str) else json.dumps(message))
    _out.write("\n")
    _out.flush()


def absent(error):
    """Ends this process with the word that something it needs is not there."""
    _say({"absent": str(error)})
    sys.exit(0)


try:
    import numpy as np
except ImportError as missing:
    absent(missing)


def _encode(value):
    if isinstance(value, np.ndarray):
        values = np.ascontiguousarray(value, dtype=np.float64)
        return {"float64": base64.b64encode(values.tobytes()).decode(), "shape": list(values.shape)}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value)} has no place in the protocol")


def _decode(value):
    if "float64" not in value:
        return value
    return np.frombuffer(base64.b64decode(value["float64"]), dtype=np.float64).reshape(value["shape"]).copy()


def serve(versions, **calls):
    """Answers requests {"call": name, …arguments} until stdin is closed."""
    _say({"versions": versions})
    for line in sys.stdin:
        request = json.loads(line, object_hook=_decode)
        try:
            answer = json.dumps({"answer": calls[request.pop("call")](**request)}, default=_encode, allow_nan=False)
        except Exception as error:
            words = (str(error).strip().splitlines() or [""])[0]
            answer = {"error": f"{type(error).__name__}: {words}"}
        _say(answer)


def seconds(work):
    """Wall time of one call."""
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) * 1e-9


def numpy_version():
    """NumPy with the BLAS that it calls."""
    try:
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{np.__version__} ({blas['name']} {blas['version']})"
    except Exception:
        return np.__version__
