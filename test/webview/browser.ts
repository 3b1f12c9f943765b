import { build } from 'esbuild';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { panelPage } from '../../src/extension/panels/panelPage';
import { spokenReport } from '../../src/extension/reports/spokenReport';
import { SpokenWords } from '../../src/extension/spokenWords';
import type { EngineEvent } from '../../src/protocol/events';
import { dataElement } from '../../src/protocol/markup';
import type { ToPanel } from '../../src/protocol/panel';
import type { RunRecord } from '../../src/protocol/record';
import { THEMES, type Theme } from './page/themes';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NONCE = 'dGVzdC1ub25jZQ';
export const SCREENSHOTS = path.join(ROOT, 'test-results', 'screenshots');

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

interface PageOptions {
  theme?: keyof typeof THEMES;
  width?: number;
  height?: number;
  deviceScaleFactor?: number;
  reducedMotion?: 'reduce';
  colorScheme?: 'dark' | 'light';
  /** Draws this record as a report, instead of opening the panel. */
  report?: RunRecord;
  /** What the host knows in the language of the editor; nothing for English. */
  translations?: Record<string, string>;
}

/** A page with a webview's bundle under the policy that the extension gives it. */
export interface WebviewPage {
  page: Page;
  send(message: ToPanel | Record<string, unknown>): Promise<void>;
  posted(): Promise<Record<string, unknown>[]>;
  /** CSP violations, errors on the console and uncaught exceptions. */
  troubles(): Promise<string[]>;
  ink(chart: string): Promise<number>;
  redraws(): Promise<{ chart: string; at: number }[]>;
  stream(events: EngineEvent[], perSecond: number): Promise<void>;
  setTheme(theme: keyof typeof THEMES): Promise<void>;
  /** Waits until what the person did is drawn. */
  drawn(): Promise<void>;
  /** Number of pixels of a chart in exactly this colour. */
  colour(chart: string, rgb: [number, number, number]): Promise<number>;
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Builds the webviews as the extension ships them, serves them on this machine alone, and opens them in Chromium. */
export class WebviewBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly files: Map<string, string>,
    private readonly origin: string,
  ) {}

  static async start(): Promise<WebviewBrowser> {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: { run: 'src/webview/run/main.ts', report: 'src/webview/report/main.ts' },
      outdir: 'dist/webview',
      bundle: true,
      platform: 'browser',
      format: 'iife',
      target: 'chrome120',
      minify: true,
      legalComments: 'none',
      write: false,
    });
    const files = new Map(outputFiles.map((file) => [`/${path.basename(file.path)}`, file.text]));
    files.set('/stub.js', readFileSync(path.join(import.meta.dirname, 'page/stub.mjs'), 'utf8'));
    const server = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
      const text = files.get(name);
      const type = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html';
      if (name === '/favicon.ico') return void response.writeHead(204).end();
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    statSync(executablePath);
    const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_ARGS });
    mkdirSync(SCREENSHOTS, { recursive: true });
    return new WebviewBrowser(browser, server, files, origin);
  }

  /** Sizes in bytes of what is shipped. */
  size(name: string): number {
    return Buffer.byteLength(this.files.get(`/${name}`) ?? '');
  }

  text(name: string): string {
    return this.files.get(`/${name}`) ?? '';
  }

  async open(options: PageOptions = {}): Promise<WebviewPage> {
    const theme = THEMES[options.theme ?? 'dark'];
    const name = options.report ? '/report.html' : '/panel.html';
    this.files.set(name, options.report ? this.reportHtml(options) : this.panelHtml(theme, options.translations));
    const context = await this.browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
      deviceScaleFactor: options.deviceScaleFactor ?? 1,
      reducedMotion: options.reducedMotion ?? 'no-preference',
      colorScheme: options.colorScheme ?? 'light',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('requestfailed', (request) => errors.push(`request failed: ${request.url()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(this.origin) && !request.url().startsWith('data:')) errors.push(`asked for ${request.url()}`);
    });
    await page.goto(this.origin + name);
    const harness = <T>(expression: string) => page.evaluate<T>(`window.harness.${expression}`);
    return {
      page,
      send: async (message) => {
        await page.evaluate(`window.harness.send(${JSON.stringify(message)})`);
      },
      posted: () => harness('posted'),
      troubles: async () => [...errors, ...(await harness<string[]>('violations'))],
      ink: (chart) => harness(`ink(${JSON.stringify(chart)})`),
      redraws: () => harness('redraws'),
      drawn: () => harness('drawn()'),
      colour: (chart, rgb) => harness(`colour(${JSON.stringify(chart)}, [${rgb.join()}])`),
      stream: (events, perSecond) => harness(`stream(${JSON.stringify(events)}, ${perSecond})`),
      setTheme: async (next) => {
        await page.evaluate(`(() => {
          const { bodyClass, variables } = ${JSON.stringify(THEMES[next])};
          document.documentElement.removeAttribute('style');
          for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
          document.body.className = bodyClass;
          document.body.dataset.vscodeThemeKind = bodyClass;
        })()`);
        await page.evaluate('window.harness.drawn()');
      },
      screenshot: async (file) => void (await page.screenshot({ path: path.join(SCREENSHOTS, `${file}.png`), fullPage: true })),
      close: () => context.close(),
    };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The page of the extension, with the theme that VS Code would have injected. */
  private panelHtml(theme: Theme, translations: Record<string, string> = {}): string {
    const variables = Object.entries(theme.variables)
      .map(([name, value]) => `${name}: ${value};`)
      .join(' ');
    const html = panelPage({ script: this.text('run.js'), style: this.text('run.css') }, translations, 'en');
    const nonce = /script-src 'nonce-([^']+)'/.exec(html)![1];
    const body = `<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.bodyClass}">`;
    return html
      .replace('<style', () => `<style nonce="${nonce}">html { ${variables} }</style><style`)
      .replace('<body>', () => `${body}<script nonce="${nonce}" src="/stub.js"></script>`);
  }

  /** As it is stored, or as it is opened in another language. */
  private reportHtml({ report, translations }: PageOptions): string {
    const html = this.storedReport(report!);
    return translations ? spokenReport(html, new SpokenWords(translations), translations, 'de')! : html;
  }

  private storedReport(record: RunRecord): string {
    const policy = `default-src 'none'; style-src 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'`;
    return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${NONCE}">${this.text('report.css')}</style><title>Report</title></head>
<body><main id="root"></main>${dataElement('record', JSON.stringify(record))}
<script nonce="${NONCE}" src="/stub.js"></script><script nonce="${NONCE}">${this.text('report.js')}</script></body></html>`;
  }
}

export const EMPTY_VIEW = { axes: {}, openTables: [], selectedCell: null };

export function snapshot(record: RunRecord): ToPanel {
  return { type: 'snapshot', record, view: { ...EMPTY_VIEW }, canRun: true };
}
