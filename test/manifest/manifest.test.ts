import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json';
import german from '../../package.nls.de.json';
import strings from '../../package.nls.json';
import { COMMANDS } from '../../src/extension/commands/names';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'src/extension');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join(folder, file), 'utf8'));
const code = sources.join('\n');
const { contributes, capabilities } = manifest;

/** Everything in a value that is a string. */
function strs(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strs) : [];
}

const menuItems: { command: string; when?: string }[] = Object.values(contributes.menus).flat();
const steps = contributes.walkthroughs.flatMap(({ steps: all }) => all);
const events = steps.flatMap(({ completionEvents }) => completionEvents);
const clauses = [
  ...menuItems.map(({ when }) => when),
  ...events.flatMap((event) => /^onContext:(.+)$/.exec(event)?.[1] ?? []),
  ...[...contributes.viewsWelcome, ...contributes.keybindings].map(({ when }) => when),
  ...contributes.commands.map((command) => ('enablement' in command ? command.enablement : undefined)),
].filter((clause) => clause !== undefined);

describe('package.json', () => {
  test('contributes exactly the commands that the code registers', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
  });

  test('has one category for all commands, and titles like titles', () => {
    for (const { category, title } of contributes.commands) {
      expect(category).toBe('Recovery');
      expect(strings[title.slice(1, -1) as keyof typeof strings]).toMatch(/^[A-Z][A-Za-z ]+…?$/);
    }
  });

  test('names in menus only commands that exist', () => {
    const known: string[] = Object.values(COMMANDS);
    expect(menuItems.filter(({ command }) => !known.includes(command))).toEqual([]);
  });

  test('uses every string of package.nls.json and no other', () => {
    const used = strs(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
    expect([...new Set(used)].sort()).toEqual(Object.keys(strings).sort());
  });

  test('declares exactly the settings that the code reads', () => {
    const read = [...code.matchAll(/readSetting\('([\w.]+)'/g)].map(([, name]) => `recoveryLab.${name}`);
    expect(Object.keys(contributes.configuration.properties).sort()).toEqual([...new Set(read)].sort());
  });

  test('gives every setting a default, a scope and a description', () => {
    for (const setting of Object.values(contributes.configuration.properties)) {
      expect(setting).toMatchObject({
        default: expect.anything(),
        scope: expect.any(String),
        markdownDescription: expect.stringMatching(/^%/),
      });
    }
  });

  test('uses in its clauses only context keys that somebody sets', () => {
    const own = [...code.matchAll(/keys\.set\('(\w+)'/g)].map(([, name]) => `recoveryLab.${name}`);
    const ofVsCode = ['resourceFilename', 'view', 'viewItem', 'focusedView', 'isWorkspaceTrusted'];
    const known = new Set([...own, ...ofVsCode]);
    const names = clauses
      .filter((clause) => clause !== 'false')
      .flatMap((clause) => clause.replace(/\/(\\.|[^/])+\/|== [\w.]+/g, '').match(/[A-Za-z][\w.]*/g) ?? []);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !names.includes(name))).toEqual([]);
  });

  test('means experiment files wherever it says so', () => {
    const suffix = /EXPERIMENT_SUFFIX = '(.+)'/.exec(code)?.[1];
    expect(suffix).toBe('.recovery.json');
    expect(contributes.languages).toEqual([{ id: 'jsonc', extensions: [suffix] }]);
    expect(contributes.jsonValidation.map(({ fileMatch }) => fileMatch)).toEqual([`*${suffix}`]);
    for (const clause of clauses.filter((each) => each.includes('resourceFilename')))
      expect(clause).toContain('resourceFilename =~ /\\.recovery\\.json$/');
  });

  test('hides commands about a file from the palette where there is no such file', () => {
    const everywhere: string[] = [
      COMMANDS.installTensorFlow,
      COMMANDS.stopAll,
      COMMANDS.newExperiment,
      COMMANDS.showRuns,
      COMMANDS.compareRuns,
      COMMANDS.openExample,
      COMMANDS.showLog,
      COMMANDS.filterRuns,
      COMMANDS.sortRuns,
      COMMANDS.refreshRuns,
    ];
    const hidden = contributes.menus.commandPalette.map(({ command }) => command);
    expect(hidden.sort()).toEqual(
      Object.values(COMMANDS)
        .filter((command) => !everywhere.includes(command))
        .sort(),
    );
  });

  test('guides through five steps, each with words, a picture with its text, and a command of ours or of VS Code', () => {
    expect(steps).toHaveLength(5);
    const ours: string[] = Object.values(COMMANDS);
    for (const { title, description, media } of steps) {
      for (const text of [title, description, media.altText])
        expect(strings[text.slice(1, -1) as keyof typeof strings]).toBeTruthy();
      const words = strings[description.slice(1, -1) as keyof typeof strings];
      const [, command] = /\]\(command:([\w.]+)\)/.exec(words) ?? [];
      expect(command?.startsWith('recoveryLab.') ? ours.includes(command) : command?.startsWith('workbench.')).toBe(true);
    }
    const asked = events.flatMap((event) => /^onCommand:(.+)$/.exec(event)?.[1] ?? []);
    expect(asked.filter((command) => !ours.includes(command))).toEqual([]);
    expect(events.every((event) => /^on(Command|Context):recoveryLab\.\w+$/.test(event))).toBe(true);
  });

  test('has pictures for both themes: their colours come from the theme', () => {
    for (const { media } of steps) {
      const picture = readFileSync(path.join(root, media.svg), 'utf8');
      expect(picture).toContain('var(--vscode-');
      expect(picture.match(/(fill|stroke)="#/g)).toBeNull();
    }
  });

  test('names in lenses, actions and panels only commands that exist', () => {
    const named = [...code.matchAll(/COMMANDS\.(\w+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
  });

  test('activates for panels that come back', () => {
    const viewTypes = [...code.matchAll(/RUN_PANEL = '(.+)'/g)].map(([, viewType]) => `onWebviewPanel:${viewType}`);
    expect(viewTypes).toHaveLength(2);
    expect(manifest.activationEvents).toEqual(expect.arrayContaining(viewTypes));
  });

  test('contributes the view that the code fills, and uses its name in every clause about it', () => {
    const view = /RUNS_VIEW = '(.+)'/.exec(code)?.[1];
    expect(contributes.views.recoveryLab.map(({ id }) => id)).toEqual([view]);
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual(Object.keys(contributes.views));
    expect([...new Set(contributes.viewsWelcome.map((welcome) => welcome.view))]).toEqual([view]);
    const named = clauses.flatMap((clause) => [...clause.matchAll(/(?:view|focusedView) == ([\w.]+)/g)].map(([, id]) => id));
    expect([...new Set(named)]).toEqual([view]);
  });

  test('asks in the menu of a run only for words that its items carry', () => {
    const asked = clauses.flatMap((clause) => [...clause.matchAll(/viewItem =~ \/\\b(\w+)\\b\//g)].map(([, word]) => word));
    const carried = /item\.contextValue = \[([^\]]+)\]/.exec(code)?.[1] ?? '';
    expect([...new Set(asked)].filter((word) => !carried.includes(`'${word}'`))).toEqual([]);
  });

  test('is open about trust and virtual workspaces', () => {
    expect(capabilities.untrustedWorkspaces.supported).toBe('limited');
    expect(capabilities.virtualWorkspaces.supported).toBe('limited');
    expect(strs(capabilities).filter((text) => text.startsWith('%'))).toHaveLength(2);
    expect(code).toContain('workspace.isTrusted');
  });

  test('asks for the VS Code whose interface it is compiled against', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });

  test('names files that exist', () => {
    const pictures = steps.map(({ media }) => media.svg);
    const files = [
      manifest.icon,
      ...contributes.jsonValidation.flatMap(({ url }) =>
        [strings, german].map((table) => table[url.slice(1, -1) as 'experiment.schema']),
      ),
      ...pictures,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      `${manifest.l10n}/bundle.l10n.json`,
    ];
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    expect(manifest.main).toBe('./dist/extension.js');
    expect(manifest.browser).toBe('./dist/extension.web.js');
  });

  test('has no runtime dependencies, because everything is bundled', () => {
    expect(manifest).not.toHaveProperty('dependencies');
  });
});

describe('sources of the extension', () => {
  test('send nothing anywhere', () => {
    for (const word of ['telemetry', 'fetch(', 'node:http', 'node:net']) expect(code).not.toContain(word);
  });

  test('speak to people through vscode.l10n', () => {
    const direct = [...code.matchAll(/show(?:Error|Warning|Information)Message\(\s*['"`]/g)];
    expect(direct).toEqual([]);
  });

  test('keep no state in modules', () => {
    expect(sources.flatMap((text) => text.match(/^(export )?(let|var) .*$/gm) ?? [])).toEqual([]);
  });
});
