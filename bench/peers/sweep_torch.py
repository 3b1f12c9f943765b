"""The sweep in PyTorch, batched over all cells; those that have ended are taken out of the batch."""

import peer

try:
    import torch
except ImportError as missing:
    peer.absent(missing)

import numpy as np

from sweep import CHECK, Compiled, serve_sweep

torch.set_num_threads(peer.THREADS)
torch.set_default_dtype(torch.float64)


class Batched:
    name = "PyTorch, all cells batched"

    def __init__(self, sweep):
        self.sweep = sweep

    def run(self):
        s = self.sweep
        a, b, masks = (torch.from_numpy(np.ascontiguousarray(part)).clone() for part in (s.a, s.b, s.masks))
        counts = torch.from_numpy(s.counts)
        target = torch.from_numpy(s.target)
        cells = torch.arange(len(a))
        final_a, final_b = torch.empty_like(a), torch.empty_like(b)
        steps = torch.full((len(a),), s.limit, dtype=torch.int64)
        weights = masks * (2 / counts)[:, None, None]
        advance = self.stepper(a, b, weights, target)
        for step in range(0, s.limit + 1, CHECK):
            losses = ((a @ b - target).square() * weights).sum((1, 2)) / 2
            done = losses < s.loss
            if done.any() or step >= s.limit:
                ended = done if step < s.limit else torch.ones_like(done)
                final_a[cells[ended]], final_b[cells[ended]] = a[ended], b[ended]
                steps[cells[ended]] = step
                go = ~ended
                a, b, weights, cells = a[go].clone(), b[go].clone(), weights[go].clone(), cells[go]
                if len(cells) == 0:
                    break
                advance = self.stepper(a, b, weights, target)
            advance(CHECK)
        return final_a.numpy(), final_b.numpy(), steps.numpy()

    def stepper(self, a, b, weights, target):
        rate = self.sweep.rate
        e, gradient = torch.empty_like(weights), torch.empty_like(b)
        at, bt, targets = a.transpose(1, 2), b.transpose(1, 2), target.expand_as(weights).contiguous()

        def advance(steps):
            with torch.no_grad():
                for _ in range(steps):
                    torch.baddbmm(targets, a, b, beta=-1, out=e)
                    e.mul_(weights)
                    torch.bmm(at, e, out=gradient)
                    a.baddbmm_(e, bt, alpha=-rate)
                    b.sub_(gradient, alpha=rate)

        return advance


class ByTrials(Batched):
    """As many batches as sample sizes, one after another: what a script does whose tensors have trials as their first axis."""

    name = "PyTorch, trials batched, each n by itself"

    def run(self):
        s = self.sweep
        final_a, final_b, steps = np.empty_like(s.a), np.empty_like(s.b), np.empty(len(s.a))
        for count in np.unique(s.counts):
            trials = s.counts == count
            final_a[trials], final_b[trials], steps[trials] = Batched(s.part(trials)).run()
        return final_a, final_b, steps


class CompiledSums(Compiled):
    """torch.compile of the products written as sums over small axes, with the cells last: loops over the cells remain."""

    name = "PyTorch, all cells batched, sums, compiled"
    # A compilation takes some ten seconds.
    shrink = 4
    BLOCK = 10

    def __init__(self, sweep):
        super().__init__(sweep)
        target, rate, block = torch.from_numpy(sweep.target)[:, :, None], sweep.rate, self.BLOCK

        def steps(a, b, weights):
            for _ in range(block):
                e = ((a[:, :, None] * b[None, :, :]).sum(1) - target) * weights
                gradient = (e[:, None, :] * b[None, :, :]).sum(2)
                b = b - rate * (a[:, :, None] * e[:, None, :]).sum(0)
                a = a - rate * gradient
            return a, b

        # Beyond this many sizes it would no longer be compiled.
        torch._dynamo.config.cache_size_limit = 64
        self.steps = torch.compile(steps, dynamic=False)
        self.target = target

    def put(self, array):
        return torch.from_numpy(array)

    def get(self, array):
        return array.numpy()

    def advance(self, a, b, weights):
        with torch.no_grad():
            for _ in range(CHECK // self.BLOCK):
                a, b = self.steps(a, b, weights)
            misfit = (a[:, :, None] * b[None, :, :]).sum(1) - self.target
            return a, b, (misfit.square() * weights).sum((0, 1)) / 2


FORMS = [ByTrials, Batched]
if hasattr(torch, "compile"):
    FORMS.append(CompiledSums)

serve_sweep({"PyTorch": torch.__version__}, FORMS)
