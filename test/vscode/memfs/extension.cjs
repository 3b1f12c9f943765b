// A file system that is on no machine: what lies in the folder MEMFS_FROM when it is first asked for, kept in memory under `memfs:/`.
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  const files = new Map();
  const folders = new Set(['/']);
  const from = process.env.MEMFS_FROM;
  for (const name of fs.readdirSync(from, { recursive: true })) {
    const file = path.join(from, name);
    if (fs.statSync(file).isDirectory()) folders.add(`/${name}`);
    else files.set(`/${name}`, { bytes: fs.readFileSync(file), mtime: Date.now() });
  }
  const changed = new vscode.EventEmitter();
  const missing = (uri) => vscode.FileSystemError.FileNotFound(uri);
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat(uri) {
      const file = files.get(uri.path);
      if (file) return { type: vscode.FileType.File, ctime: 0, mtime: file.mtime, size: file.bytes.length };
      if (folders.has(uri.path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      throw missing(uri);
    },
    readDirectory(uri) {
      if (!folders.has(uri.path)) throw missing(uri);
      const children = (names) =>
        [...names]
          .filter((name) => name !== '/' && path.posix.dirname(name) === uri.path)
          .map((name) => path.posix.basename(name));
      return [
        ...children(folders).map((name) => [name, vscode.FileType.Directory]),
        ...children(files.keys()).map((name) => [name, vscode.FileType.File]),
      ];
    },
    readFile(uri) {
      const file = files.get(uri.path);
      if (!file) throw missing(uri);
      return file.bytes;
    },
    writeFile(uri, bytes) {
      const type = files.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
      files.set(uri.path, { bytes, mtime: Date.now() });
      changed.fire([{ type, uri }]);
    },
    createDirectory: (uri) => void folders.add(uri.path),
    delete: (uri) => void files.delete(uri.path),
    rename: (uri) => {
      throw vscode.FileSystemError.NoPermissions(uri);
    },
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('memfs', provider));
};
