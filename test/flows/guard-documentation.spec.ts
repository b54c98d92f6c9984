import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import * as guard from '@tessera/jwt-guard';
import { TestIssuer } from '@tessera/jwt-guard/testing';
import { fencedBlocks } from '../fenced-blocks.js';

/*
 * Every TypeScript block of these pages is a file that compiles as it stands, and the README leaves no option, code or decorator
 * out. docs/guard-testing.md has a test of its own, which runs its examples.
 */
const readme = '../libs/jwt-guard/README.md';
const pages = [readme, 'guard-recipes.md', 'guard-migration.md', 'guard-contexts.md'];
const repository = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(repository, 'libs/jwt-guard/src');
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const settings = {
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    strict: true,
    isolatedModules: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-guard-documentation-'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every TypeScript block compiles as it stands', async () => {
  const examples = pages.flatMap(examplesOf);
  expect(examples.length).toBeGreaterThan(25);
  await Promise.all(examples.map(({ name, text }) => save(join(folder, name), text)));
  await promisify(execFile)(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(stdout);
    },
  );
}, 60_000);

test.each([
  ['option', 'options/jwt-guard.options.ts', /^ {2}(\w+)\??: /gm],
  ['code of a refusal', 'token/access-token.error.ts', /^ {2}\| '(\w+)'/gm],
  ['decorator', 'index.ts', /\b((?:Require(?!ments)|Public)\w*)/g],
  ['decorator of a parameter', 'guard/parameter.decorators.ts', /^export const (\w+)/gm],
])('the README has every %s', async (_, file, pattern) => {
  const names = [...(await readFile(join(sources, file), 'utf8')).matchAll(pattern)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(3);
  const text = await readFile(new URL(`../../docs/${readme}`, import.meta.url), 'utf8');
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test.each(recipes())('the recipe for %s accepts the token that it shows', async (_, options, claims) => {
  // Keys of a test: nothing is fetched.
  const { internalAddress, ...trusted } = options;
  const issuer = new TestIssuer({ issuer: options.issuer, algorithm: 'RS256' });
  const module = guard.JwtGuardModule.forRoot({ ...trusted, jwks: issuer.jwks() });
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  const shownAlone = { client_id: undefined, aud: undefined, ...claims };
  const token = issuer.token(shownAlone, { header: { typ: options.tokenType === 'any' ? 'JWT' : 'at+jwt' } });
  const access = await app.get(guard.AccessTokenVerifier, { strict: false }).verify(token);
  expect(access).toMatchObject({ subject: claims.sub, clientId: expect.stringMatching(/./) });
  await app.close();
});

/** Each token with the options of the first example above it. */
function recipes(): [name: string, options: guard.AudienceIssuerOptions, claims: Record<string, unknown>][] {
  const blocks = fencedBlocks('guard-recipes.md').filter(({ language }) => language === 'ts' || language === 'json');
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'json') return [];
    const above = blocks.slice(0, index);
    const first = blocks[above.findLastIndex((block) => block.language === 'json') + 1]!;
    const expression = /forRoot\(([\s\S]*?),?\s*\);\s*$/.exec(first.text)![1]!;
    const options = runInNewContext(`(${expression})`, { ...guard }) as guard.AudienceIssuerOptions;
    return [[options.issuer, options, JSON.parse(text) as Record<string, unknown>]];
  });
}

/** Under a name that says where to look when the compiler complains. What imports nothing is a piece of something that is shown before it. */
function examplesOf(page: string): { name: string; text: string }[] {
  return fencedBlocks(page)
    .filter(({ language, text }) => language === 'ts' && /^import /m.test(text))
    .map(({ attributes, line, text }) => ({
      name: join(page.replace(/\W+/g, '-'), attributes.title ?? `line-${line}.ts`),
      text,
    }));
}

async function save(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
