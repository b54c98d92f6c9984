// The API under test: one route that answers with a small JSON, behind whatever its name says (servers.js).
import 'reflect-metadata';
import { Controller, Get, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readFixture } from '../fixture.js';
import { endWithParent } from '../servers/end.js';
import { servers } from './servers.js';

endWithParent();
const { name, port, ...fixture } = readFixture();
const server = servers[name];
const { protect } = await import(`./stacks/${server.stack}.js`);
/** `subject` gives it from the request that the route was called with. */
const { imports = [], providers = [], guards = [], subject, prepare } = protect(fixture, server);

class ThingsController {
  list(request) {
    return { id: 1, name: 'A thing', owner: subject(request) };
  }
}

class ApiModule {}

// Decorators are functions; plain JavaScript has no other way to write them.
const route = Object.getOwnPropertyDescriptor(ThingsController.prototype, 'list');
Get()(ThingsController.prototype, 'list', route);
Req()(ThingsController.prototype, 'list', 0);
if (guards.length > 0) UseGuards(...guards)(ThingsController.prototype, 'list', route);
Controller('things')(ThingsController);
Module({ imports, providers, controllers: [ThingsController] })(ApiModule);

const app = await NestFactory.create(ApiModule, await adapterOf(server), { logger: ['error', 'fatal'] });
await prepare?.(app);
await app.listen(port, '127.0.0.1');

/** Loaded only where it is used: the other one should not take memory. */
async function adapterOf({ adapter }) {
  if (adapter === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
}
