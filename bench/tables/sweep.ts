import type { Report } from '../harness/report';
export async function sweep(report: Report, quick: boolean): Promise<void> { void report; void quick; }
