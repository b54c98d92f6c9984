import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { DECORATORS, type OpenAPIObject } from '@nestjs/swagger';
import type { Route } from '../guard-check/standing-guards.js';

type Handler = Route['handler'];
export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Names of security requirements that never reach a reader. */
const controllerMark = 'tessera:controller';
const handlerMark = 'tessera:handler';

/**
 * Tells which route an operation of an OpenAPI document stands for. Names and paths do not tell it for certain (factories of operation ids,
 * versions, prefixes, two controllers of one name), so each class and each method is given a number that @nestjs/swagger
 * carries into the document as a security requirement, and that is taken out again.
 */
export class MarkedRoutes {
  private readonly controllers: readonly Type<object>[];
  private readonly handlers: readonly Handler[];

  constructor(modules: ModulesContainer) {
    const all = [...modules.values()].flatMap(({ controllers }) => [...controllers.values()]);
    this.controllers = [...new Set(all.map(({ metatype }) => metatype as Type<object>))];
    this.handlers = [...new Set(this.controllers.flatMap(handlersOf))];
  }

  /** What `make` gives, which must not wait: the marks are there for no longer than the call. */
  whileMarked<T>(make: () => T): T {
    const before = [...this.controllers, ...this.handlers].map(
      (target) => [target, Reflect.getMetadata(DECORATORS.API_SECURITY, target) as object[] | undefined] as const,
    );
    const own = new Set<object>(before.filter(([target]) => isOwn(target)).map(([target]) => target));
    before.forEach(([target, security = []], index) => {
      const isController = index < this.controllers.length;
      const mark = isController
        ? { [controllerMark]: [String(index)] }
        : { [handlerMark]: [String(index - this.controllers.length)] };
      Reflect.defineMetadata(DECORATORS.API_SECURITY, [...security, mark], target);
    });
    try {
      return make();
    } finally {
      for (const [target, security] of before) {
        if (own.has(target)) Reflect.defineMetadata(DECORATORS.API_SECURITY, security, target);
        else Reflect.deleteMetadata(DECORATORS.API_SECURITY, target);
      }
    }
  }

  /** Takes the marks out of an operation, and says which route they stood for. */
  unmark(operation: Operation): Route | undefined {
    const marked = operation.security ?? [];
    const numberOf = (mark: string): number => Number(marked.find((requirement) => mark in requirement)?.[mark]?.[0]);
    const controller = this.controllers[numberOf(controllerMark)];
    const handler = this.handlers[numberOf(handlerMark)];
    const rest = marked.filter((requirement) => !(controllerMark in requirement) && !(handlerMark in requirement));
    if (rest.length > 0) operation.security = rest;
    else delete operation.security;
    return controller && handler && { controller, handler };
  }
}

function handlersOf(controller: Type<object>): Handler[] {
  const prototype = controller.prototype as Record<string, Handler>;
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .map((name) => prototype[name]!)
    .filter((method) => Reflect.hasMetadata(PATH_METADATA, method));
}

function isOwn(target: object): boolean {
  return Reflect.hasOwnMetadata(DECORATORS.API_SECURITY, target);
}
