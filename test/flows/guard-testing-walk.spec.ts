import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fencedBlocks } from '../fenced-blocks.js';

/*
 * Compiles and runs what docs/guard-testing.md shows, from the built packages, by Node's own test runner: so it proves as
 * well that @tessera/jwt-guard/testing needs no other.
 */
const run = promisify(execFile);
const blocks = fencedBlocks('guard-testing.md');
const titled = blocks.filter(({ attributes }) => attributes.title !== undefined);
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const settings = {
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    types: ['node'],
  },
};

let folder: string;
let issuer: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-guard-testing-'));
  await symlink(modules, join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  await Promise.all(titled.map(({ attributes, text }) => writeFile(join(folder, attributes.title!), text)));
});
afterAll(async () => {
  issuer?.kill();
  await rm(folder, { recursive: true, force: true });
});

it('the examples of the page compile, and pass in a test runner that is not Jest', async () => {
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, JEST_WORKER_ID, ...env } = process.env;
  await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  const tests = titled
    .map(({ attributes }) => attributes.title!.replace(/ts$/, 'js'))
    .filter((name) => name.endsWith('.test.js'));
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', ...tests], { cwd: folder, env });
  expect(tests).toHaveLength(3);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(20);
}, 60_000);

it('the fake issuer stands on its own, and gives a token to whoever asks with curl', async () => {
  const { text } = titled.find(({ attributes }) => attributes.title === 'fake-issuer.mjs')!;
  const command = blocks.find(({ language }) => language === 'sh')!.text;
  // Any free port, for 4000 may be in use.
  await writeFile(join(folder, 'fake-issuer.mjs'), text.replace('4000', '0'));
  issuer = spawn(process.execPath, ['fake-issuer.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(issuer.stdout!, 'data')) as [Buffer];
  const { stdout } = await run('sh', ['-c', command.replace('http://127.0.0.1:4000', printed.toString().trim())]);
  expect(JSON.parse(stdout)).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, scope: 'orders.read' });
});
