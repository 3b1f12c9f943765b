/** A file that a person takes away. */
export interface OutgoingFile {
  name: string;
  content: string | Blob;
}

/** The way out of the page: through the host of a panel, through the browser of a report. */
export interface Outlet {
  save(file: OutgoingFile): Promise<void>;
  copy(text: string): Promise<void>;
}

/** The outlet of a page without a host: files are downloads. */
export const browserOutlet: Outlet = {
  save({ name, content }) {
    const url = URL.createObjectURL(
      content instanceof Blob ? content : new Blob([content], { type: 'text/plain;charset=utf-8' }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    // The download has its own hold on the data once it has begun.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return Promise.resolve();
  },
  async copy(text) {
    // A page that was not served, such as a report, may have no clipboard.
    if (!('clipboard' in navigator)) throw new Error('no clipboard');
    await navigator.clipboard.writeText(text);
  },
};
