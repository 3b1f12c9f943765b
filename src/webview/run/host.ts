import type { FromPanel, PanelView } from '../../protocol/panel';
import { readView } from '../readView';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** How long choices are gathered before the host hears of them. */
const VIEW_DELAY_MS = 150;

/** The way to the host, and the view state that survives a reload. The VS Code API itself stays in here. */
export class Host {
  private readonly api = acquireVsCodeApi();
  private timer: number | undefined;
  view: PanelView;

  constructor() {
    this.view = readView(storedView(this.api.getState()));
  }

  post(message: FromPanel): void {
    this.api.postMessage(message);
  }

  /** Remembers the view here at once and tells the host soon. */
  setView(view: PanelView): void {
    this.view = view;
    this.api.setState({ ...asObject(this.api.getState()), view });
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.post({ type: 'view', view: this.view }), VIEW_DELAY_MS);
  }

  /** Keeps which run is shown: VS Code hands the state to the host's serializer when the window is restored. */
  rememberRun(runId: string): void {
    this.api.setState({ ...asObject(this.api.getState()), runId });
  }
}

function asObject(state: unknown): object {
  return typeof state === 'object' && state !== null ? state : {};
}

function storedView(state: unknown): unknown {
  return 'view' in asObject(state) ? (state as { view: unknown }).view : undefined;
}
