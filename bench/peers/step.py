"""The problem of the step table, and how forms of its solution are driven."""

import numpy as np

import peer


class Problem:
    """f(x) = Σ_k a_k tanh(w_k·x + b_k); the bias is a last column of ones in `x` and of b in V = [W b]."""

    def __init__(self, x, y, starts, width, rate):
        self.count, self.dimension = x.shape
        self.width, self.rate = width, rate
        self.x = np.ascontiguousarray(np.hstack([x, np.ones((self.count, 1))]))
        self.xt = np.ascontiguousarray(self.x.T)
        self.y = y
        self.starts = starts

    def split(self, parameters):
        """(a, V) of parameter vectors a, W by rows, b."""
        m, d = self.width, self.dimension
        lead = parameters.shape[:-1]
        w = parameters[..., m : m + m * d].reshape(*lead, m, d)
        b = parameters[..., m + m * d :].reshape(*lead, m, 1)
        return parameters[..., :m].copy(), np.concatenate([w, b], axis=-1)

    def join(self, a, v):
        a, v = np.asarray(a), np.asarray(v)
        lead = a.shape[:-1]
        return np.concatenate([a, v[..., :-1].reshape(*lead, -1), v[..., -1]], axis=-1)


class Form:
    """One way to take steps; `trials` networks at once."""

    name = ""
    trials = 1

    def __init__(self, problem):
        self.problem = problem

    def reset(self):
        """Back to the start."""

    def advance(self, steps):
        """Takes steps; returns when they have been taken."""

    def parameters(self):
        """trials × M."""


def serve_forms(versions, kinds):
    state = {}

    def prepare(x, y, starts, width, rate):
        problem = Problem(x, y, starts, width, rate)
        state["forms"] = [kind(problem) for kind in kinds]
        return [{"name": form.name, "trials": form.trials} for form in state["forms"]]

    def check(form, steps):
        form = state["forms"][form]
        form.reset()
        form.advance(steps)
        return form.parameters()

    def run(form, steps, chunks):
        """Seconds for one step of one network, for each of `chunks` times `steps` steps."""
        form = state["forms"][form]
        form.reset()
        form.advance(steps)
        return [peer.seconds(lambda: form.advance(steps)) / (steps * form.trials) for _ in range(chunks)]

    peer.serve(versions, prepare=prepare, check=check, run=run)
