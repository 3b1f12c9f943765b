import { describe, expect, it, test } from 'vitest';
import { obstacles, predict } from '../../../src/engine/theory';
import {
  editorJsonSchema,
  ExperimentSchema,
  isExperimentKind,
  MODEL_BLOCKS,
  parseExperiment,
  TARGET_BLOCKS,
  TEMPLATES,
  templateValue,
  withProperty,
} from '../../../src/experiment';
import { ModelSchema, TargetSchema } from '../../../src/experiment/schema';
import { variantNames } from '../../../src/experiment/variant';

const kinds = variantNames(ExperimentSchema, 'experiment').filter(isExperimentKind);

describe('templates', () => {
  it('are there for every kind and no other', () => {
    expect(Object.keys(TEMPLATES).sort()).toEqual([...kinds].sort());
  });

  for (const kind of kinds) {
    test(`${kind} has no problem, a prediction, a title, a comment and expectations`, () => {
      const { problems, file, resolved } = parseExperiment(TEMPLATES[kind]);
      expect(problems).toEqual([]);
      expect(file?.experiment).toBe(kind);
      expect(obstacles(resolved!)).toEqual([]);
      const { optimisticSampleSize, headline } = predict(resolved!);
      expect(optimisticSampleSize ?? headline ?? (kind === 'repopulation' || kind === 'overlap')).toBeTruthy();
      expect(TEMPLATES[kind]).toMatch(/^\/\/ /);
      expect(file?.title).toBeTruthy();
      expect(Object.keys(file?.expect ?? {})).not.toEqual([]);
    });
  }
});

describe('blocks', () => {
  const wrongAt = (text: string, name: string) => parseExperiment(text).problems.filter(({ path }) => path[0] === name);

  it('cover every kind of model and target', () => {
    expect(MODEL_BLOCKS.map(({ kind }) => kind)).toEqual(variantNames(ModelSchema, 'kind'));
    expect(new Set(TARGET_BLOCKS.map(({ kind }) => kind))).toEqual(new Set(variantNames(TargetSchema, 'kind')));
  });

  for (const model of MODEL_BLOCKS) {
    test(`${model.kind} goes with one of the targets`, () => {
      const fits = TARGET_BLOCKS.filter((target) => {
        const text = JSON.stringify({ experiment: 'rank', model, target });
        return parseExperiment(text).problems.length === 0;
      });
      expect(fits.length).toBeGreaterThan(0);
    });
  }

  it('are right by themselves', () => {
    for (const target of TARGET_BLOCKS) {
      const wrong = wrongAt(withProperty(TEMPLATES.rank, ['target'], target), 'target');
      expect(wrong.filter(({ code }) => !code.startsWith('target-') && !code.startsWith('teacher-'))).toEqual([]);
    }
  });
});

/** What the editor writes for the body of a snippet when no place is filled in. */
function written(body: unknown): unknown {
  if (typeof body === 'string' && body.startsWith('^')) return JSON.parse(body.slice(1).replace(/\$\{\d+:([^}]*)\}/g, '$1'));
  if (Array.isArray(body)) return body.map(written);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, inner]) => [name, written(inner)]));
}

describe('completion of an empty file', () => {
  const snippets = editorJsonSchema().defaultSnippets as { label: string; body: unknown }[];

  it('offers a whole experiment of every kind, which is right as it stands', () => {
    expect(snippets.map(({ body }) => (body as { experiment: string }).experiment)).toEqual(kinds);
    for (const { body } of snippets) {
      const { experiment } = body as { experiment: (typeof kinds)[number] };
      expect(written(body)).toEqual(templateValue(experiment));
    }
  });

  it('numbers the places to fill in from 1 on', () => {
    for (const { body } of snippets) {
      const places = [...JSON.stringify(body).matchAll(/\$\{(\d+):/g)].map(([, place]) => Number(place));
      expect(places).toEqual(places.map((_, index) => index + 1));
    }
  });
});
