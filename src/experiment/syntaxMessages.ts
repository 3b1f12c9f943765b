const WORDS: Readonly<Record<string, string>> = {
  NaN: 'JSON has no NaN: every number has to be finite.',
  nan: 'JSON has no NaN: every number has to be finite.',
  Infinity: 'JSON has no Infinity: every number has to be finite.',
  '-Infinity': 'JSON has no Infinity: every number has to be finite.',
  inf: 'JSON has no infinity: every number has to be finite.',
  True: 'Write true, in lower case.',
  False: 'Write false, in lower case.',
  None: 'JSON has no None. Leave the property out to take its default.',
  undefined: 'JSON has no undefined. Leave the property out to take its default.',
  '=': 'A property and its value are separated by ":".',
  ';': 'Properties and values are separated by ",".',
};

/**
 * A syntax error in words. `code` is jsonc-parser's name for it, `word` is the part of the text that was met
 * instead, `before` the character before it.
 */
export function syntaxMessage(code: string, word: string, before: string): string {
  if (code === 'CommaExpected' && (word === ']' || word === '}'))
    return `This "${word}" does not close what was opened before it.`;
  if (code === 'CommaExpected' && before === '0' && /^\d/.test(word))
    return 'A number in JSON does not begin with 0, unless a point follows.';
  if (code === 'InvalidSymbol') return invalidSymbol(word);
  return BY_CODE[code] ?? 'This is not JSON.';
}

function invalidSymbol(word: string): string {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  if (word.startsWith("'")) return 'Text stands in double quotes: write "…".';
  if (/[\u0000-\u0008\u000e-\u001f\u007f]/.test(word))
    return 'There is an invisible control character here. Is this a text file?';
  if (/^[-+.]?\d/.test(word) || /^[-+.]+$/.test(word))
    return `"${clip(word)}" is not a number as JSON writes it, such as 0.5, -2 or 1e-4.`;
  if (/^[\p{Letter}_$]/u.test(word)) return `"${clip(word)}" is not JSON here. Text and property names stand in double quotes.`;
  return `"${clip(word)}" is not JSON here.`;
}

const BY_CODE: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'This is not a number as JSON writes it, such as 0.5, -2 or 1e-4.',
  PropertyNameExpected: 'A property name in double quotes should stand here.',
  ValueExpected: 'A value should stand here.',
  ColonExpected: 'A ":" is missing between the property name and its value.',
  CommaExpected: 'A "," is missing before this.',
  CloseBraceExpected: 'A "}" is missing here.',
  CloseBracketExpected: 'A "]" is missing here.',
  EndOfFileExpected: 'The experiment has ended before this: a file holds one object and nothing after it.',
  InvalidCommentToken: 'A comment has no place here.',
  UnexpectedEndOfComment: 'This comment never ends: "*/" is missing.',
  UnexpectedEndOfString: 'This text never ends: a closing double quote is missing on its line.',
  UnexpectedEndOfNumber: 'This number breaks off: a digit is missing.',
  InvalidUnicode: 'This is not a Unicode escape: \\u and four hexadecimal digits.',
  InvalidEscapeCharacter: 'This is not an escape of JSON. A backslash is written "\\\\".',
  InvalidCharacter: 'There is a control character in this text. Write it as an escape, such as \\n or \\t.',
};

function clip(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
