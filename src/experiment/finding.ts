import type { JsonPath } from './problem';

/**
 * Something that is wrong, before it has a place in the text. Checks say which part of the value it is about; the parser,
 * which knows the text, turns that into a range.
 */
export interface Finding {
  code: string;
  severity?: 'error' | 'warning';
  message: string;
  path: JsonPath;
  /**
   * What to underline. `value`: the value at `path` (the default). `key`: the name of the property at `path`. `holder`: for a
   * property that is absent, the name of the object that lacks it, or its opening brace where it has no name.
   */
  at?: 'value' | 'key' | 'holder';
  /** A part of the string at `path`: offsets in its decoded text. */
  span?: { start: number; end: number };
  suggestion?: string;
}
