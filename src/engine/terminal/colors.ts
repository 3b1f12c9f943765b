import { stripVTControlCharacters } from 'node:util';

/** Marks text for a terminal; without colours it leaves it as it is. */
export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

export function createColors(enabled: boolean): Colors {
  const mark = (open: number, close: number) => (text: string) => (enabled ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  return {
    bold: mark(1, 22),
    dim: mark(2, 22),
    green: mark(32, 39),
    red: mark(31, 39),
    yellow: mark(33, 39),
    cyan: mark(36, 39),
  };
}

/** Colours belong on a terminal whose user has not declined them (https://no-color.org). */
export function wantsColors(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

/** Text of a file or an error, made harmless for a terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
