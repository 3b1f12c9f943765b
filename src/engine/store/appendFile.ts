import fs from 'node:fs';

/** A file that only grows, by whole pieces: a piece that does not fit on the disk is taken back. */
export class AppendFile {
  private descriptor: number | null;
  private length: number;
  private syncing = false;

  /** Creates the file, empty; or goes on after the first `kept` bytes of one that is there, and cuts the rest. */
  constructor(path: string, kept?: number) {
    this.descriptor = fs.openSync(path, kept === undefined ? 'w' : 'r+');
    this.length = kept ?? 0;
    if (kept !== undefined) fs.ftruncateSync(this.descriptor, kept);
  }

  append(piece: string | Uint8Array): void {
    if (this.descriptor === null) throw new Error('the file is closed');
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    let written = 0;
    try {
      while (written < bytes.length) {
        written += fs.writeSync(this.descriptor, bytes, written, bytes.length - written, this.length + written);
      }
    } catch (error) {
      fs.ftruncateSync(this.descriptor, this.length);
      throw error;
    }
    this.length += bytes.length;
  }

  sync(): void {
    if (this.descriptor !== null) fs.fsyncSync(this.descriptor);
  }

  /**
   * Brings what is there to the disk while others work; one call at a time.
   *
   * @returns whether it began
   */
  syncAside(onSynced: () => void, onError: (error: unknown) => void): boolean {
    if (this.descriptor === null || this.syncing) return false;
    this.syncing = true;
    fs.fdatasync(this.descriptor, (error) => {
      this.syncing = false;
      if (!error) onSynced();
      // Closed in the meantime: whoever closed it has brought it to the disk if that was wanted.
      else if (error.code !== 'EBADF') onError(error);
    });
    return true;
  }

  close(): void {
    if (this.descriptor === null) return;
    const descriptor = this.descriptor;
    this.descriptor = null;
    fs.closeSync(descriptor);
  }
}

/** Writes a file whose content is on the disk when this returns; its name is there with `syncFolder`. */
export function writeSynced(file: string, content: string | Uint8Array): void {
  const descriptor = fs.openSync(file, 'w');
  try {
    fs.writeFileSync(descriptor, content);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Brings the names in a folder to the disk, where the system can do that. */
export function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = fs.openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fs.fsyncSync(descriptor);
  } catch {
    // Some systems have no such thing for folders.
  } finally {
    fs.closeSync(descriptor);
  }
}
