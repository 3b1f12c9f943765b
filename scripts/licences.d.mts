export interface BundledPackage {
  name: string;
  version: string;
  license: string;
  text: string | undefined;
}

/** As much of an esbuild metafile as is needed. */
interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

export function bundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackage[];
