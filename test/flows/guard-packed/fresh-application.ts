import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { developerEnvironment } from '../walk/environment.js';

type Settings = Readonly<Record<string, unknown>>;

/**
 * What the command wrote to standard output, as if typed by a developer.
 * @throws Error with all that it wrote, when it fails
 */
export async function runIn(folder: string, command: string, ...given: string[]): Promise<string> {
  const options = { cwd: folder, env: developerEnvironment() as NodeJS.ProcessEnv, maxBuffer: 2 ** 24 };
  try {
    return (await promisify(execFile)(command, given, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${[command, ...given].join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** An application of somebody else: a folder outside of this repository, with a package.json of its own. */
export class FreshApplication {
  private constructor(readonly folder: string) {}

  static async create(packageJson: Settings): Promise<FreshApplication> {
    const application = new FreshApplication(await mkdtemp(join(tmpdir(), 'tessera-packed-')));
    await application.save('package.json', JSON.stringify(packageJson));
    return application;
  }

  run(command: string, ...given: string[]): Promise<string> {
    return runIn(this.folder, command, ...given);
  }

  async save(name: string, text: string): Promise<void> {
    const file = join(this.folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** The names of what is installed, but for what is needed for development alone. */
  async installed(): Promise<Set<string>> {
    const paths = (await this.run('npm', 'ls', '--all', '--omit=dev', '--parseable')).trim().split('\n').slice(1);
    return new Set(paths.map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Nest says that it has started a moment before it listens. */
export async function untilAnswers(url: string, attempts = 50): Promise<void> {
  for (let left = attempts; ; left--) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await setTimeout(100);
    }
  }
}

/** Stricter than the settings of most, down to the declarations of packages. */
export const strictSettings: Settings = {
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  },
  include: ['src/orders.controller.ts', 'src/app.module.ts', 'src/every-entry.ts'],
};

/** What `nest new` writes (Nest CLI 12), without the types of its test runner. */
export const nestSettings: Settings = {
  compilerOptions: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    resolvePackageJsonExports: true,
    esModuleInterop: true,
    isolatedModules: true,
    declaration: true,
    removeComments: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    allowSyntheticDefaultImports: true,
    target: 'ES2023',
    sourceMap: true,
    outDir: './dist',
    rootDir: './src',
    incremental: true,
    skipLibCheck: true,
    strict: true,
    strictPropertyInitialization: false,
    types: ['node'],
  },
  include: ['src'],
};

/** As `nest new` writes it, and as the documentation of Nest has it for Fastify. */
export const starts = {
  Express: `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
await app.listen(process.env.PORT ?? 3000);
`,
  Fastify: `import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.listen(process.env.PORT ?? 3000);
`,
} as const;
