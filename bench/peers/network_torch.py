"""Gradient descent of many small two-layer tanh networks at once in PyTorch, each on data of its own, gradients by hand."""

import peer

try:
    import torch
except ImportError as missing:
    peer.absent(missing)

torch.set_num_threads(peer.THREADS)
torch.set_default_dtype(torch.float64)
state = {}


def prepare(x, y, weights, starts, width, rate):
    """x: cells × n × d; y, weights: cells × n, where a weight is 2/n of its cell, or 0 for padding; starts: cells × m(1 + d)."""
    state.update(x=x, y=y, weights=weights, starts=starts, width=width, rate=rate)


class Batch:
    def __init__(self, size):
        x, y, weights, starts = (torch.from_numpy(state[key][:size].copy()) for key in ("x", "y", "weights", "starts"))
        m, (cells, n, d) = state["width"], x.shape
        self.a, self.v = starts[:, :m].clone(), starts[:, m:].reshape(cells, m, d).clone()
        self.x, self.xt = x, x.transpose(1, 2).contiguous()
        self.y, self.weights = y[:, None, :], weights[:, None, :]
        self.h, self.u = torch.empty(cells, m, n), torch.empty(cells, m, n)
        self.r, self.g = torch.empty(cells, 1, n), torch.empty(cells, m, d)

    def advance(self, steps):
        a, v, x, xt, y, weights, h, u, r, g = self.a, self.v, self.x, self.xt, self.y, self.weights, self.h, self.u, self.r, self.g
        row, column, rc, rate = a[:, None, :], a[:, :, None], r.transpose(1, 2), state["rate"]
        with torch.no_grad():
            for _ in range(steps):
                torch.bmm(v, xt, out=h)
                h.tanh_()
                torch.bmm(row, h, out=r)
                r.sub_(y).mul_(weights)
                torch.mul(h, h, out=u)
                torch.addcmul(r, u, r, value=-1, out=u)
                torch.bmm(u, x, out=g)
                v.addcmul_(g, column, value=-rate)
                column.baddbmm_(h, rc, alpha=-rate)


def check(steps):
    """Parameters of all cells."""
    batch = Batch(len(state["starts"]))
    batch.advance(steps)
    return torch.cat([batch.a, batch.v.flatten(1)], dim=1).numpy()


def run(size, steps):
    """Seconds for one step of the first `size` cells together."""
    batch = Batch(size)
    batch.advance(steps)
    return peer.seconds(lambda: batch.advance(steps)) / steps


peer.serve({"PyTorch": torch.__version__}, prepare=prepare, check=check, run=run)
