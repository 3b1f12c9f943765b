import type { Report } from '../harness/report';
export async function flow(report: Report, quick: boolean): Promise<void> { void report; void quick; }
