import type { FromPanel } from '../../protocol/panel';
import type { Outlet } from '../export/outlet';

/** Characters that are turned into text at a time: more would not fit the stack. */
const CHUNK = 0x8000;

/** The outlet of a panel: the host asks where a file shall go, and has the clipboard. */
export function hostOutlet(post: (message: FromPanel) => void): Outlet {
  return {
    async save({ name, content }) {
      if (content instanceof Blob) post({ type: 'save', name, encoding: 'base64', content: await base64(content) });
      else post({ type: 'save', name, encoding: 'utf8', content });
    },
    copy(text) {
      post({ type: 'copy', text });
      return Promise.resolve();
    },
  };
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let from = 0; from < bytes.length; from += CHUNK) text += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  return btoa(text);
}
