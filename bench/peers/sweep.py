"""Matrix completion A·B by gradient descent, all cells of a sweep at once; what its two peers share."""

import copy
import time

import numpy as np

import peer

# Losses are looked at this often; what has ended leaves the batch then.
CHECK = 50


class Sweep:
    """`masks`: cells × rows·columns, 1 where an entry is sampled; `starts`: A then B, row-major."""

    def __init__(self, masks, target, starts, rank, rate, loss, limit):
        self.rows, self.columns = target.shape
        self.rank, self.rate, self.loss, self.limit = rank, rate, loss, limit
        self.masks = masks.reshape(-1, self.rows, self.columns)
        self.counts = masks.sum(1)
        self.target = target
        split = self.rows * rank
        self.a = starts[:, :split].reshape(-1, self.rows, rank)
        self.b = starts[:, split:].reshape(-1, rank, self.columns)

    def part(self, cells):
        """The sweep of some of its cells: a mask of them or their places."""
        part = copy.copy(self)
        part.masks, part.counts, part.a, part.b = (of_all[cells] for of_all in (self.masks, self.counts, self.a, self.b))
        return part

    def errors(self, a, b):
        return ((np.asarray(a) @ np.asarray(b) - self.target) ** 2).mean((1, 2))


class Compiled:
    """Compiled forms: every size of a batch costs a compilation, so what has ended leaves only when it is most of the batch."""

    # Whether the cells are the first axis in memory; else they are the last.
    cells_first = False
    # The batch shrinks by this factor at once.
    shrink = 2

    def __init__(self, sweep):
        self.sweep = sweep

    def put(self, array):
        """To the library."""

    def get(self, array):
        """Back to NumPy."""

    def advance(self, a, b, weights):
        """A, B after CHECK steps and the losses there."""

    def run(self):
        s = self.sweep
        first = self.cells_first
        put = lambda v: self.put(np.ascontiguousarray(v if first else np.moveaxis(v, 0, 2)))
        get = lambda v: self.get(v) if first else np.moveaxis(self.get(v), 2, 0)
        cells, done = np.arange(len(s.a)), np.zeros(len(s.a), bool)
        final_a, final_b, steps = np.empty_like(s.a), np.empty_like(s.b), np.zeros(len(s.a))
        a, b, weights = put(s.a), put(s.b), put(s.masks * (2 / s.counts)[:, None, None])
        step = 0
        while True:
            a, b, losses = self.advance(a, b, weights)
            step += CHECK
            fresh = ((self.get(losses) < s.loss) | (step >= s.limit)) & ~done
            if not fresh.any():
                continue
            host_a, host_b = get(a), get(b)
            final_a[cells[fresh]], final_b[cells[fresh]], steps[cells[fresh]] = host_a[fresh], host_b[fresh], step
            done |= fresh
            if done.all():
                return final_a, final_b, steps
            if self.shrink * np.count_nonzero(~done) <= len(done):
                keep = np.argsort(done, kind="stable")[: -(-len(done) // self.shrink)]
                a, b, weights = put(host_a[keep]), put(host_b[keep]), put(get(weights)[keep])
                cells, done = cells[keep], done[keep]


def serve_sweep(versions, kinds):
    """Each kind is made of a Sweep and has `name` and run() -> (A, B, steps of each cell)."""
    state = {}

    def prepare(**fields):
        sweep = Sweep(**fields)
        state["sweep"] = sweep
        state["forms"] = [kind(sweep) for kind in kinds]
        return [form.name for form in state["forms"]]

    def run(form):
        started = time.perf_counter_ns()
        a, b, steps = state["forms"][form].run()
        errors = state["sweep"].errors(a, b)
        elapsed = (time.perf_counter_ns() - started) * 1e-9
        return {"seconds": elapsed, "errors": errors, "steps": np.asarray(steps, dtype=np.float64)}

    peer.serve(versions, prepare=prepare, run=run)
