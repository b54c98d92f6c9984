import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's executable: $CHROMIUM, one of the usual names on the path, or the one that Playwright keeps. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const installed = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const candidates = [process.env.CHROMIUM, ...installed, chromium.executablePath()];
  return candidates.find((path) => path !== undefined && isExecutable(path));
}

/** Starts it without a window. `addresses` says which host is found where: `{ 'id.example': '127.0.0.1:4711' }`; `*.example` is for all others. */
export async function launchChromium(addresses: Readonly<Record<string, string>> = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium on this machine; `npm run browser` installs one.');
  const rules = Object.entries(addresses).map(([host, address]) => `MAP ${host} ${address}`);
  return chromium.launch({
    executablePath,
    args: [
      // Of the test's own pages nothing is to be feared, and as root Chromium refuses its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
      `--host-resolver-rules=${rules.join(', ')}`,
    ],
  });
}

/** Installs Debian's where this is Debian and we may, otherwise the one that Playwright downloads. */
export function installChromium(): void {
  const isDebian = isExecutable('/usr/bin/apt-get') && process.getuid?.() === 0;
  const commands = isDebian
    ? ['apt-get update', 'apt-get install -y chromium']
    : ['npx --no-install playwright-core install chromium'];
  for (const command of commands) execFileSync(command, { shell: true, stdio: 'inherit' });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
