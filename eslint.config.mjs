import tseslint from 'typescript-eslint';

/** Forbids imports whose path matches one of the expressions: the layers of ARCHITECTURE.md. */
const layer = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: forbidden.map((regex) => ({ regex, message: `${message} See ARCHITECTURE.md, "Layers".` })) },
    ],
  },
});

const nodeBuiltins = '^node:';

/** V8's own versions differ between releases; results must not. */
const engineDependentMath = [
  'acosh',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'hypot',
  'log',
  'log10',
  'log1p',
  'log2',
  'pow',
  'random',
  'sin',
  'sinh',
  'tan',
  'tanh',
  'acos',
  'asin',
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'out/',
      'node_modules/',
      'test-results/',
      'recovery-runs/',
      'src/**/assembly/',
      'bench/assembly/',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json', './test/vscode/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: 'error',
    },
  },
  layer(
    ['src/experiment/**'],
    ['/(protocol|engine|extension|webview)(/|$)', '^vscode$', nodeBuiltins],
    'The file format stands alone.',
  ),
  layer(
    ['src/protocol/**'],
    ['/(engine|extension|webview)(/|$)', '^vscode$', nodeBuiltins],
    'The protocol knows only the file format.',
  ),
  layer(['src/engine/**'], ['/(extension|webview)(/|$)', '^vscode$'], 'The engine is a plain Node program.'),
  layer(
    ['src/webview/**'],
    ['/(engine|extension|experiment)(/|$)', '^vscode$', nodeBuiltins],
    'A webview knows only the protocol.',
  ),
  layer(
    ['src/extension/**'],
    ['/webview(/|$)', '/engine/(?!theory$)'],
    'The extension knows the file format, the protocol and the closed forms of the theory, no algorithm.',
  ),
  {
    files: ['src/engine/**', 'src/experiment/**'],
    ignores: ['src/engine/terminal/**', 'src/engine/report/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...engineDependentMath.map((property) => ({
          object: 'Math',
          property,
          message: 'Use src/engine/numbers/elementary.ts: the same bits on every engine.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "BinaryExpression[operator='**']",
          message: 'Not the same bits on every engine; multiply, or use pow of src/engine/numbers/elementary.ts.',
        },
      ],
    },
  },
);
