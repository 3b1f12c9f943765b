// An SSH server of this test's own on 127.0.0.1, and a tunnel through it to a port, as Remote-SSH has one to its VS Code server.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '../debian.mjs';
import { eventually } from '../vscode/session.mjs';

/** A port that nobody listens on now. */
function freePort() {
  const server = net.createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

export class Tunnel {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-ssh-'));
  #daemon;
  #client;
  #sshPort;
  #target;
  /** Of this side. */
  port;

  /** Opens a tunnel from a new port of this side to `target`, a port of the far side. */
  static async to(target) {
    const tunnel = new Tunnel();
    tunnel.#target = target;
    [tunnel.#sshPort, tunnel.port] = [await freePort(), await freePort()];
    try {
      await tunnel.#startDaemon();
      await tunnel.mend();
    } catch (error) {
      await tunnel.close();
      throw error;
    }
    return tunnel;
  }

  /** The connection breaks off: what went through the tunnel is gone. */
  async cut() {
    this.#client.kill('SIGKILL');
    await ended(this.#client);
    await eventually('nobody to listen', async () => !(await accepts(this.port)), 10_000);
  }

  /** Connects, with the same port of this side as before. */
  async mend() {
    const none = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
    const sure = ['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'ExitOnForwardFailure=yes'];
    const way = ['-N', '-L', `127.0.0.1:${this.port}:127.0.0.1:${this.#target}`];
    const where = ['-F', 'none', '-p', String(this.#sshPort), '-i', this.#file('user'), `${os.userInfo().username}@127.0.0.1`];
    this.#client = spawn(findProgram('ssh'), [...none, ...sure, ...way, ...where], { stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually('the tunnel', () => accepts(this.port), 30_000);
  }

  async close() {
    for (const child of [this.#client, this.#daemon]) {
      if (!child) continue;
      child.kill('SIGKILL');
      await ended(child);
    }
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(name) {
    return path.join(this.#folder, name);
  }

  async #startDaemon() {
    for (const name of ['host', 'user'])
      execFileSync(findProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', this.#file(name)]);
    fs.copyFileSync(this.#file('user.pub'), this.#file('authorized_keys'));
    const lines = [
      `Port ${this.#sshPort}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.#file('host')}`,
      `AuthorizedKeysFile ${this.#file('authorized_keys')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      // Its folder is one for temporary files.
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
    ];
    fs.writeFileSync(this.#file('sshd_config'), `${lines.join('\n')}\n`);
    // The package makes it when the system starts its own server.
    if (process.getuid() === 0) fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const log = fs.openSync(this.#file('log'), 'a');
    this.#daemon = spawn(findProgram('sshd'), ['-D', '-e', '-f', this.#file('sshd_config')], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    await eventually(
      'the SSH server',
      async () => {
        if (this.#daemon.exitCode !== null) throw new Error(fs.readFileSync(this.#file('log'), 'utf8'));
        return await accepts(this.#sshPort);
      },
      15_000,
    );
  }
}
