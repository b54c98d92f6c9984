import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { type FencedBlock, fencedBlocks } from '../fenced-blocks.js';
import { developerEnvironment } from './walk/environment.js';
import { expectAnswer } from './walk/expected-answer.js';
import { ServerTerminal, Terminal } from './walk/terminal.js';

/*
 * Does what the guide says, and nothing that it does not say:
 *   sh walk                          typed into one shell, block after block
 *   sh walk server until="…"         typed into a second terminal after Ctrl-C, which then shows that text
 *   ts walk title="src/…"            saved under that name in the new application
 *   json|text answer                 what the block before printed; … stands for anything
 *   text answer server               what the second terminal shows by now
 */
const page = 'embedding.md';
const blocks = fencedBlocks(page);
const repository = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let port: number;
let shell: Terminal;
let server: ServerTerminal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-walk-'));
  // The clone that the guide asks for.
  await symlink(repository, join(folder, 'tessera'));
  // Port 3000 may be in use. The guide says what to do then: set PORT, and write the same port into issuer and commands.
  port = await freePort();
  const env = { ...developerEnvironment(), PORT: String(port) };
  shell = new Terminal(folder, env);
  server = new ServerTerminal(env);
});

afterAll(async () => {
  await server.stop();
  shell.close();
  await rm(folder, { recursive: true, force: true });
});

test('everything on the page is walked, except for getting the clone', () => {
  const left = blocks.filter(({ words }) => !words.includes('walk') && !words.includes('answer'));
  expect(left.map(({ text }) => text)).toEqual([expect.stringContaining('git clone')]);
  expect(blocks.filter(({ words }) => words.includes('answer')).length).toBeGreaterThan(5);
});

test('the walk from an empty folder to a token goes as the guide says', async () => {
  let printed = '';
  for (const block of blocks) {
    try {
      printed = (await take(block, printed)) ?? printed;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const where = `docs/${page}, line ${block.line}`;
      throw new Error(`${where}: ${reason}\n\nThe server wrote:\n${server.text}\n${server.trouble}`, { cause: error });
    }
  }
}, 480_000);

/** One step; what it printed, where it is a command. */
async function take({ language, words, attributes, text }: FencedBlock, printed: string): Promise<string | undefined> {
  const here = text.replaceAll('localhost:3000', `localhost:${port}`);
  const isServer = words.includes('server');
  if (words.includes('answer')) {
    if (isServer) await untilPasses(() => expectAnswer(language, here, server.text));
    else expectAnswer(language, here, printed);
  } else if (words.includes('walk')) {
    if (language === 'ts') await save(attributes.title!, here);
    else if (isServer) await startServer(here, attributes.until!);
    else return shell.run(here);
  }
  return undefined;
}

async function save(name: string, text: string): Promise<void> {
  const file = join(await currentFolder(), name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function currentFolder(): Promise<string> {
  return (await shell.run('pwd')).trim();
}

/** Nest says that it has started a moment before it listens: too short for a person, long enough for a test. */
async function startServer(command: string, until: string): Promise<void> {
  await server.start(command, await currentFolder(), until);
  await untilPasses(() => fetch(`http://localhost:${port}/`));
}

/** A log line may come a moment after the answer it is about. */
async function untilPasses(check: () => unknown, attempts = 50): Promise<void> {
  for (let left = attempts; ; left--) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
