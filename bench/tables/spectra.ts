import type { Report } from '../harness/report';
export async function spectra(report: Report, quick: boolean): Promise<void> { void report; void quick; }
