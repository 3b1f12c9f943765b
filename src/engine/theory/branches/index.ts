export * from './branchTypes';
export { exactCount } from './counting';
export { branchFamily, type BranchFamily } from './family';
export { branchLattice, type LatticeEdge } from './lattice';
export * from './thresholds';
export { branchPoint, type BranchPoint, type Split } from './branchPoint';
export { branchProblem, type BranchProblem } from './target';
export { branchConstraints } from './constraints';
export { branchOf, type BranchMembership } from './membership';
