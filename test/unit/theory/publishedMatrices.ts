/** Target matrices of "Linear stability hypothesis and rank stratification" (arXiv 2211.11623), with ranks and singular values. */
export const PUBLISHED: Record<string, { values: number[][]; rank: number; singularValues: number[] }> = {
  M1: {
    values: [
      [1, 0.3, 0.7, -0.4],
      [2, 0.6, 1.4, -0.8],
      [4, 1.2, 2.8, -1.6],
      [7, 2.1, 4.9, -2.8],
    ],
    rank: 1,
    singularValues: [11.036],
  },
  M2: {
    values: [
      [4, 0.6, 1.8, 0.8],
      [6, 0.9, 2.7, 1.2],
      [8, 1.2, 3.6, 1.6],
      [18, 2.7, 8.1, 3.6],
    ],
    rank: 1,
    singularValues: [23.592],
  },
  M3: {
    values: [
      [-1.8, 2.4, 7.7, -5.3],
      [0.4, 1.8, 5.4, -3.6],
      [3.2, 1.8, 4.8, -3],
      [6.6, 2.4, 5.9, -3.5],
    ],
    rank: 2,
    singularValues: [15.52, 6.54],
  },
  M4: {
    values: [
      [7.6, 3.3, 19.8, -7.3],
      [7.6, 2.1, 10.7, -2.4],
      [8.8, 1.8, 7.6, -0.2],
      [19.2, 3.6, 14.1, 0.9],
    ],
    rank: 2,
    singularValues: [35.96, 11.08],
  },
  M6: {
    values: [
      [8.5, 9.3, 22.5, -6.1],
      [8.2, 6.1, 12.5, -1.6],
      [11.5, 19.8, 15.7, 3.4],
      [20.4, 11.6, 17.7, 2.5],
    ],
    rank: 3,
    singularValues: [49.0, 11.94, 8.66],
  },
  M7: {
    values: [
      [3.6, -1.2, 8.1, -3.5],
      [8.1, -3.5, 3.6, -1.2],
      [9.1, -1.7, 11.4, -0.6],
      [11.4, -0.6, 9.1, -1.7],
    ],
    rank: 4,
    singularValues: [24.0, 5.32, 2.89, 1.92],
  },
  M8: {
    values: [
      [12.1, 17.3, 24.1, -4.9],
      [16.3, 24.1, 16.1, 1.1],
      [14.2, 25.8, 16.9, 4.3],
      [22.2, 15.6, 18.5, 3.1],
    ],
    rank: 4,
    singularValues: [64.8, 10.99, 9.52, 2.38],
  },
};

/**
 * The six designed sampling sequences of Fig. 4, entry by entry as row and column, with the first linearly stable sample size.
 * The tenth entry of the third is printed as 33, which it has already; 32 gives the published sample size.
 */
export const SEQUENCES: { order: string; from: number }[] = [
  { order: '31 43 21 13 24 41 11 12 42 44 32 34 33 22 23 14', from: 8 },
  { order: '34 21 23 43 41 44 11 33 12 14 13 24 32 22 31 42', from: 9 },
  { order: '24 33 31 44 43 34 13 14 23 32 11 12 42 22 21 41', from: 10 },
  { order: '44 23 42 12 14 32 41 31 11 34 13 22 24 21 33 43', from: 11 },
  { order: '24 34 41 12 22 44 11 31 32 42 21 13 43 33 23 14', from: 12 },
  { order: '43 44 21 34 33 31 23 11 41 24 14 13 12 22 32 42', from: 13 },
];
