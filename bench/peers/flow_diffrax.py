"""Gradient flow by diffrax's implicit Runge-Kutta method of order 5, compiled; gradients and Jacobians by JAX."""

import os
import time

import peer

if peer.THREADS == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
try:
    import diffrax
    import jax
    import jax.numpy as jnp
except ImportError as missing:
    peer.absent(missing)

import numpy as np


def run(x, y, start, width, rtol, atol, loss, end, steps):
    """As far as `steps` steps, accepted or not, go; time without compilation."""
    m, d = width, x.shape[1]
    x, y = jnp.asarray(x), jnp.asarray(y)

    def risk(theta):
        a, w, b = theta[:m], theta[m : m + m * d].reshape(m, d), theta[m + m * d :]
        return jnp.mean((jnp.tanh(x @ w.T + b) @ a - y) ** 2)

    def integrate(theta):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(lambda t, p, args: -jax.grad(risk)(p)),
            diffrax.Kvaerno5(),
            t0=0.0,
            t1=end,
            dt0=1e-3,
            y0=theta,
            stepsize_controller=diffrax.PIDController(rtol=rtol, atol=atol),
            event=diffrax.Event(lambda t, p, args, **_: risk(p) < loss),
            max_steps=steps,
            throw=False,
        )

    compiled = jax.jit(integrate).lower(jnp.asarray(start)).compile()
    started = time.perf_counter()
    solution = jax.block_until_ready(compiled(jnp.asarray(start)))
    elapsed = time.perf_counter() - started
    theta = solution.ys[-1]
    reached = float(risk(theta))
    return {
        "seconds": elapsed,
        "finished": reached < loss,
        "loss": reached,
        "time": float(solution.ts[-1]),
        "gradients": None,
        "hessians": None,
        "steps": int(solution.stats["num_steps"]),
        "states": np.empty((0, len(start))),
    }


peer.serve({"diffrax": diffrax.__version__, "JAX": jax.__version__}, run=run)
