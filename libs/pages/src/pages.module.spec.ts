import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type DynamicModule, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TokenServerModule } from '@tessera/token-server';
import { PagesModule } from './pages.module.js';

/** What a browser that asks for the pages gets, and what the log says of the start. */
async function start(pages: DynamicModule | typeof PagesModule) {
  const lines: string[] = [];
  const log = (...words: unknown[]) => void lines.push(words.join(' '));
  const logger: LoggerService = { log, error: log, warn: log };
  const module = TokenServerModule.forRoot({ issuer: 'https://id.example.com', imports: [pages] });
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  const shown = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`);
    return { status: response.status, html: await response.text() };
  };
  const [home, signIn] = [await shown(''), await shown('signin')];
  await app.close();
  return { home, signIn, log: lines.join('\n') };
}

class Brand {
  readonly name = 'Contoso';
}

@Module({ providers: [Brand], exports: [Brand] })
class BrandModule {}

describe('The module of the pages', () => {
  it('needs no options', async () => {
    const { home, signIn } = await start(PagesModule);
    expect([home.status, signIn.html.includes('· Tessera</title>')]).toEqual([200, true]);
  });

  it('takes options that are known only at start', async () => {
    const { home, signIn } = await start(
      PagesModule.forRootAsync({
        imports: [BrandModule],
        inject: [Brand],
        useFactory: async ({ name }: Brand) => Promise.resolve({ name, demo: { users: [], clients: [] } }),
      }),
    );
    expect(signIn.html).toContain('· Contoso</title>');
    expect(home.html).toContain('For development');
  });

  it('can be without a home page before its options are known', async () => {
    const { home, signIn } = await start(PagesModule.forRootAsync({ homePage: false, useFactory: () => ({}) }));
    expect([home.status, signIn.status]).toEqual([404, 200]);
  });

  it('does not start with options that are wrong, or come too late', async () => {
    const options = { accentColor: 'red', homePage: false };
    const faulty = start(PagesModule.forRootAsync({ useFactory: () => options }));
    await expect(faulty).rejects.toThrow(/accentColor must be a colour[^]*homePage: must stand beside useFactory/);
  });

  it.each([
    ['alone', PagesModule],
    ['with options', PagesModule.forRoot({ name: 'Contoso' })],
  ])('bears its name in the log, %s', async (_how, module) => {
    const { log } = await start(module);
    expect(log).toContain('PagesModule dependencies initialized');
    expect(log).not.toContain('PagesWith');
  });
});
