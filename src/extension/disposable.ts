/** Anything that can be disposed; the shape of `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and ends them together, last first. What arrives after the end is ended at once. */
export class DisposableStore implements Disposable {
  private readonly owned: Disposable[] = [];
  private isDisposed = false;

  add<T extends Disposable>(disposable: T): T {
    if (this.isDisposed) disposable.dispose();
    else this.owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    this.isDisposed = true;
    for (let next = this.owned.pop(); next; next = this.owned.pop()) next.dispose();
  }
}
