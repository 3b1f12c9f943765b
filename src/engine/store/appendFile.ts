import fs from 'node:fs';

/** A file that only grows, by whole pieces: a piece that does not fit on the disk is taken back. */
export class AppendFile {
  private descriptor: number | null;
  private length = 0;

  /** Creates the file, empty. */
  constructor(path: string) {
    this.descriptor = fs.openSync(path, 'w');
  }

  append(text: string): void {
    if (this.descriptor === null) throw new Error('the file is closed');
    const bytes = Buffer.from(text, 'utf8');
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

  close(): void {
    if (this.descriptor === null) return;
    const descriptor = this.descriptor;
    this.descriptor = null;
    fs.closeSync(descriptor);
  }
}
