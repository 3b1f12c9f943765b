import type { ExperimentKindName } from '../kinds';

/**
 * A whole experiment of every kind, small enough to run in seconds, with comments for whoever fills it in: what a new file
 * begins with. Its parts are what completion and quick fixes insert.
 */
export const TEMPLATES: Readonly<Record<ExperimentKindName, string>> = {
  recovery: `// From how many samples on is the target recovered? Trains at every sample size and compares with the prediction.
{
  "experiment": "recovery",
  "title": "Recovery of a 4x4 matrix of rank 1",
  "model": { "kind": "matrixFactorization", "rows": 4, "columns": 4 },
  "target": { "kind": "lowRank", "rank": 1, "seed": 1 },
  "data": { "sampleSizes": { "from": 4, "to": 12 }, "inputs": { "kind": "entries", "order": "bestConditioned" } },
  "training": {
    "optimizer": { "kind": "gradientDescent", "learningRate": 0.05 },
    "initialization": { "kind": "normal", "scale": 0.0001 },
    "stop": { "trainLoss": 1e-9, "steps": 200000 },
    "trials": 10
  },
  "analysis": { "rank": true, "hessian": "none" },
  "expect": { "modelRank": 7, "recoveredFrom": 7 }
}
`,
  rank: `// The rank of the model at its target, by formula and by numbers: the optimistic sample size. Trains nothing.
{
  "experiment": "rank",
  "title": "Rank of a two-layer tanh network",
  "model": { "kind": "twoLayer", "activation": "tanh", "inputs": 3, "width": 5 },
  "target": { "kind": "teacher", "neurons": [{ "outputWeight": 1, "inputWeights": [2, 1, -1] }] },
  "points": [{ "kind": "null" }, { "kind": "splitting" }, { "kind": "random" }],
  "data": { "sampleSizes": { "from": 1, "to": 10 }, "inputs": { "kind": "normal", "scale": 1 } },
  "analysis": { "certify": "auto" },
  "expect": { "modelRank": 4, "linearlyStableFrom": 4 }
}
`,
  geometry: `// The branches of the global minima: how many, of which dimension, and from which sample size on they are separated.
{
  "experiment": "geometry",
  "title": "Branches of two exponential neurons",
  "model": { "kind": "twoLayer", "activation": "exp", "inputs": 2, "width": 2 },
  "target": { "kind": "teacher", "neurons": [{ "outputWeight": 1.2, "inputWeights": [0.6, -0.8] }] },
  "data": { "sampleSizes": { "from": 2, "to": 7 } },
  "analysis": { "separation": { "trials": 10 } },
  "expect": { "totalBranches": 3, "thresholds": { "optimistic": 3, "firstSeparated": 4, "lastSeparated": 5 } }
}
`,
  independence: `// Are these neurons linearly independent as functions? Rank by numbers and by proof, with the cause of every dependence.
{
  "experiment": "independence",
  "title": "Two opposite tanh neurons and another",
  "activation": "tanh",
  "inputs": 2,
  "neurons": [
    { "inputWeights": [0.7, -1.1], "bias": 0.4 },
    { "inputWeights": [-0.7, 1.1], "bias": -0.4 },
    { "inputWeights": [0.5, 0.9], "bias": -0.2 }
  ],
  "analysis": { "points": 100 },
  "expect": { "rank": 2, "independent": false }
}
`,
  overlap: `// Where does gradient flow of one neuron end, and can a regulariser that knows no data say so?
{
  "experiment": "overlap",
  "title": "Limits of one neuron",
  "activation": "recipe",
  "start": { "w": [0.5, -0.2], "a": 1.3 },
  "limits": [
    { "w": [1.1, 0.4], "a": 2 },
    { "w": [1, -1.2], "a": 1.8 }
  ],
  "expect": { "twoPoint": true }
}
`,
  lifting: `// Which critical points of a wide network come from a narrow one, and do they depend on the samples?
{
  "experiment": "lifting",
  "title": "Lifts of a trained tanh neuron",
  "model": { "kind": "twoLayer", "activation": "tanh", "inputs": 1, "width": 1 },
  "point": "train",
  "wide": { "width": 2 },
  "data": {
    "points": [
      { "x": [-1], "y": -0.6 },
      { "x": [0.5], "y": 0.5 },
      { "x": [1], "y": 0.6 },
      { "x": [2], "y": 1.1 }
    ]
  },
  "expect": { "sampleDependent": 1 }
}
`,
  repopulation: `// Does drawing neurons anew by their importance lower the regulariser and keep the function?
{
  "experiment": "repopulation",
  "title": "Repopulation on y = cos 4x",
  "task": { "kind": "function", "expression": "cos(4*x)", "samples": 500 },
  "network": { "activation": "tanh", "widths": [30, 30] },
  "training": { "epochs": 20, "batch": 50, "learningRate": 0.003 },
  "repopulation": { "epochs": [10] },
  "analysis": { "neurons": [5, 10] },
  "expect": { "neverRaised": true }
}
`,
};
