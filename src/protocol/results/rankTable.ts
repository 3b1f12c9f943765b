/** One model with one target in the table of a rank experiment. */
export interface RankTableRow {
  /** In words. */
  model: string;
  /** What it has in common with models that differ in size alone, in words. */
  family: string;
  /** In words. */
  target: string;
  /** How a convolution or its counterpart is connected. */
  connection?: 'sharing' | 'noSharing' | 'fullyConnected';
  /** Rank r of a matrix, intrinsic width k of a network; null where it is not known. */
  intrinsicSize: number | null;
  /** Rank of the model at the target by theory, an upper bound when not exact; null when no result covers it. */
  modelRank: number | null;
  parameters: number;
  /** Model rank over number of parameters. */
  ratio: number | null;
  exact: boolean;
  formula: string;
  /** Paper and theorem, or why there is no rank. */
  source: string;
  /** Rank of the tangent matrix at the minimal representation; null where none is known, or the matrix is too large. */
  measured: number | null;
  /** Where it is known in closed form. */
  learningCoefficient?: { value: number; formula: string; source: string };
  gap: number | null;
  /** Whether the gap decides; null where nothing was measured. */
  conclusive: boolean | null;
}
