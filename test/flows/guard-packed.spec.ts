import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { fencedBlocks } from '../fenced-blocks.js';
import {
  FreshApplication,
  nestSettings,
  runIn,
  starts,
  strictSettings,
  untilAnswers,
} from './guard-packed/fresh-application.js';
import { developerEnvironment } from './walk/environment.js';
import { expectAnswer } from './walk/expected-answer.js';
import { ServerTerminal, Terminal } from './walk/terminal.js';

/*
 * What an API team gets: the guard is packed, installed into an application outside of this repository, and what its README shows
 * first is compiled and run there. Blocks with a title are files; `sh walk` is typed, and `answer` is what it prints.
 */
const libs = ['protocol', 'jws', 'jwt-guard'];
const repository = fileURLToPath(new URL('../..', import.meta.url));
const blocks = fencedBlocks('../libs/jwt-guard/README.md').filter(
  ({ attributes, words }) => attributes.title || words.includes('walk') || words.includes('answer'),
);

interface Packed {
  readonly name: string;
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let application: FreshApplication;
let packed: Packed[];
let before: Set<string>;
let after: Set<string>;

beforeAll(async () => {
  application = await FreshApplication.create({
    type: 'module',
    private: true,
    dependencies: {
      '@nestjs/common': '^12.0.1',
      '@nestjs/core': '^12.0.1',
      '@nestjs/platform-express': '^12.0.1',
      '@nestjs/platform-fastify': '^12.0.1',
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.1',
    },
    devDependencies: { '@types/express': '^5.0.0', '@types/node': '^20.0.0', typescript: '^6.0.2' },
  });
  packed = await pack();
  await application.run('npm', 'install');
  before = await application.installed();
  await application.run('npm', 'install', ...packed.map(({ filename }) => `./${filename}`));
  after = await application.installed();
  for (const { attributes, text } of blocks) if (attributes.title) await application.save(attributes.title, text);
}, 240_000);

afterAll(() => application?.remove());

test.each(libs)('%s is packed from its sources and with nothing else: no specs, fixtures, maps', async (lib) => {
  const { name, files, size } = packed.find(({ filename }) => filename.startsWith(`tessera-${lib}-`))!;
  const strangers = files
    .map(({ path }) => path)
    .filter((path) => !/^(?:LICENSE|README\.md|package\.json)$/.test(path) && !existsSync(sourceOf(lib, path)));
  // Something that has lost its source was left behind by an older build: remove libs/*/dist and build again.
  expect(strangers).toEqual([]);
  expect(files.filter(({ path }) => /\.(?:spec|fixture|map)\b/.test(path))).toEqual([]);
  console.info(`${name}: ${(size / 1024).toFixed(0)} kB packed, ${files.length} files`);
  expect(size).toBeLessThan(200 * 1024);
});

test.each(libs)('every entry of %s leads to a file that is packed', async (lib) => {
  const name = `@tessera/${lib}`;
  const { exports: entries } = await manifestOf(name);
  const targets = Object.values(entries).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : [entry.types, entry.default],
  );
  const files = packed.find((one) => one.name === name)!.files.map(({ path }) => `./${path}`);
  expect(targets.filter((target) => !files.includes(target))).toEqual([]);
});

test('the guard brings jose and two packages of ours, and no server', () => {
  expect([...after].filter((name) => !before.has(name)).sort()).toEqual([
    '@tessera/jws',
    '@tessera/jwt-guard',
    '@tessera/protocol',
    'jose',
  ]);
});

test('it works without its optional peers', async () => {
  const { peerDependenciesMeta } = await manifestOf('@tessera/jwt-guard');
  const optional = Object.keys(peerDependenciesMeta);
  expect(optional).toContain('@nestjs/swagger');
  expect(optional.filter((name) => after.has(name))).toEqual([]);
});

describe('what the README shows first', () => {
  test('compiles by strict settings, which check the declarations of the guard as well', async () => {
    await application.save(
      'src/every-entry.ts',
      "export * as guard from '@tessera/jwt-guard';\nexport * as testing from '@tessera/jwt-guard/testing';\n",
    );
    await application.save('tsconfig.strict.json', JSON.stringify(strictSettings));
    await application.run('npx', 'tsc', '-p', 'tsconfig.strict.json');
  }, 60_000);

  describe('in an application as `nest new` makes it', () => {
    const env = developerEnvironment();
    const server = new ServerTerminal(env);
    let shell: Terminal;
    let issuer: ServerTerminal;
    let issuerUrl: string;

    beforeAll(async () => {
      await application.save('tsconfig.json', JSON.stringify(nestSettings));
      for (const [adapter, text] of Object.entries(starts)) {
        await application.save(`src/main.${adapter.toLowerCase()}.ts`, text);
      }
      await application.run('npx', 'tsc');
      // Ports 3000 and 4000 may be in use.
      const port = await freePort();
      issuerUrl = `http://127.0.0.1:${port}`;
      await application.save('issuer.mjs', (await application.read('issuer.mjs')).replace('4000', String(port)));
      issuer = new ServerTerminal(env);
      await issuer.start('node issuer.mjs', application.folder, '.');
    }, 60_000);

    afterEach(async () => {
      shell?.close();
      await server.stop();
    });
    afterAll(() => issuer?.stop());

    test.each(Object.keys(starts))('answers on %s as the README says', async (adapter) => {
      const port = await freePort();
      const start = `ISSUER=${issuerUrl} PORT=${port} node dist/main.${adapter.toLowerCase()}.js`;
      await server.start(start, application.folder, 'Nest application successfully started');
      await untilAnswers(`http://localhost:${port}/`);
      shell = new Terminal(application.folder, { ...env, TOKEN: issuer.text.trim() });
      let printed = '';
      let answers = 0;
      for (const { words, language, text } of blocks) {
        const here = text.replaceAll('localhost:3000', `localhost:${port}`);
        if (words.includes('walk')) printed = await shell.run(here);
        if (!words.includes('answer')) continue;
        // Names and order of headers are as the adapter likes.
        const shown = here.replaceAll('\n…\n', '\n…').toLowerCase();
        expectAnswer(language, shown, printed.toLowerCase());
        answers++;
      }
      expect(answers).toBe(3);
    });
  });
});

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<'types' | 'default', string>>>>;
  readonly peerDependenciesMeta: Readonly<Record<string, object>>;
}

async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await application.read(`node_modules/${name}/package.json`)) as Manifest;
}

/** Builds what has changed, and packs it into the folder of the application. */
async function pack(): Promise<Packed[]> {
  await runIn(repository, 'npx', 'tsc', '-b', 'libs/jwt-guard');
  const workspaces = libs.flatMap((lib) => ['-w', `libs/${lib}`]);
  const listed = await runIn(
    repository,
    'npm',
    'pack',
    '--json',
    '--pack-destination',
    application.folder,
    ...workspaces,
  );
  return Object.values(JSON.parse(listed) as Record<string, Packed>);
}

/** The source of a built file. */
function sourceOf(lib: string, built: string): string {
  return join(repository, 'libs', lib, built.replace(/^dist\//, 'src/').replace(/(?:\.d\.ts|\.js)$/, '.ts'));
}
