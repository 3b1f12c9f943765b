"""The tangent matrix of f(x) = Σ_k a_k tanh(w_k·x + b_k), parameters (a, W by rows, b), in whatever arithmetic `tanh` and numbers bring."""


def tangent_matrix(x, parameters, width, number, tanh):
    """Rows ∇_θ f(x_i); entries of x and parameters are doubles and exact."""
    n, d = x.shape
    m = width
    theta = [number(float(value)) for value in parameters]
    rows = []
    for i in range(n):
        point = [number(float(value)) for value in x[i]]
        values, slopes = [], []
        for k in range(m):
            z = theta[m + m * d + k]
            for j in range(d):
                z += theta[m + k * d + j] * point[j]
            h = tanh(z)
            values.append(h)
            slopes.append(theta[k] * (1 - h * h))
        rows.append(values + [s * xj for s in slopes for xj in point] + slopes)
    return rows
