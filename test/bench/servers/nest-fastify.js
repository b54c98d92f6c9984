// The floor for anything that Nest routes: a controller that returns a constant, without guard or filter.
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { readFixture } from '../fixture.js';
import { constant, contentType } from './constant.js';
import { endWithParent } from './end.js';

endWithParent();

class ConstantController {
  constant() {
    return constant;
  }
}

class ConstantModule {}

// Decorators are functions; plain JavaScript has no other way to write them.
const route = Object.getOwnPropertyDescriptor(ConstantController.prototype, 'constant');
Get()(ConstantController.prototype, 'constant', route);
Header('Content-Type', contentType)(ConstantController.prototype, 'constant', route);
Controller()(ConstantController);
Module({ controllers: [ConstantController] })(ConstantModule);

const app = await NestFactory.create(ConstantModule, new FastifyAdapter(), { logger: false });
await app.listen(readFixture().port, '127.0.0.1');
