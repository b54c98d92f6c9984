import { Injectable } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, Reflector } from '@nestjs/core';
import { GuardSettings } from '../options/guard-settings.js';
import type { ResourceMetadataOptions } from '../options/jwt-guard.options.js';
import { RouteAccessReader } from '../requirements/route-access.js';
import { collectScopes } from './collected-scopes.js';
import { resourceMetadataUrl } from './resource-metadata-url.js';
import { describeResource } from './resource-metadata.js';

/** Pages of any origin may read them, with whatever header their libraries add: they are public and differ for nobody. */
const headers = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=600' };
const preflightHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '7200',
};

/** Serves the metadata of this API where clients look for them (RFC 9728 §3.1). */
@Injectable()
export class ResourceMetadataRoute {
  private document: Readonly<Record<string, unknown>> | undefined;

  constructor(
    private readonly settings: GuardSettings,
    private readonly adapterHost: HttpAdapterHost,
    private readonly modules: ModulesContainer,
    private readonly reflector: Reflector,
  ) {}

  /**
   * By the adapter and not by a controller: a well-known path has neither the prefix nor the version of the application (RFC 8615
   * §3), and no guard stands before it. To be called while Nest configures middleware: behind what `main.ts` used, before
   * the routes of the application (one of which may take every path) and before the handler of what was not found.
   */
  register(): void {
    const { resourceMetadata: options } = this.settings;
    if (!options) return;
    const { httpAdapter } = this.adapterHost;
    const { pathname } = new URL(resourceMetadataUrl(options.resource));
    httpAdapter.get(pathname, (_: unknown, response: unknown) => {
      this.send(response, headers, (this.document ??= this.describe(options)), 200);
    });
    httpAdapter.options(pathname, (_: unknown, response: unknown) => {
      this.send(response, preflightHeaders, undefined, 204);
    });
  }

  /** At the first request: modules that are loaded late take part. */
  private describe(options: ResourceMetadataOptions): Readonly<Record<string, unknown>> {
    const scopes = options.scopesSupported ?? collectScopes(this.modules, new RouteAccessReader(this.reflector));
    return describeResource(options, this.settings, scopes);
  }

  private send(response: unknown, fields: Readonly<Record<string, string>>, body: unknown, status: number): void {
    const { httpAdapter } = this.adapterHost;
    for (const [name, value] of Object.entries(fields)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, body, status);
  }
}
