import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { All, Controller, type INestApplication, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { AccountsModule } from '@tessera/accounts';
import { JwtGuardModule, RequireScopes, Subject } from '@tessera/jwt-guard';
import { PagesModule } from '@tessera/pages';
import { ApiResource, ApiScope } from '@tessera/token-server';
import { decodeJwt } from 'jose';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { DocumentHost } from '../document-host.js';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';

const redirectUri = 'http://127.0.0.1:4711/callback';

/** An MCP server without sessions: each request has a server of its own. */
@Controller('mcp')
class McpController {
  @All()
  @RequireScopes('tools.call')
  async handle(
    @Req() request: IncomingMessage & { body?: unknown },
    @Res() response: ServerResponse,
    @Subject() subject: string,
  ): Promise<void> {
    const server = new McpServer({ name: 'Tools', version: '1.0.0' });
    server.registerTool('whoami', { description: 'Who calls' }, () => ({ content: [{ type: 'text', text: subject }] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  }
}

/** What an application keeps for the SDK; the person's browser is where it sends them. */
class Application implements OAuthClientProvider {
  readonly redirectUrl = redirectUri;
  readonly clientMetadata = {
    client_name: 'An agent',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
  };
  /** Where the person was sent. */
  sentTo?: URL;
  private information?: Parameters<NonNullable<OAuthClientProvider['saveClientInformation']>>[0];
  private kept?: Parameters<OAuthClientProvider['saveTokens']>[0];
  private verifier = '';

  constructor(readonly clientMetadataUrl?: string) {}

  clientInformation = () => this.information;
  saveClientInformation = (information: NonNullable<typeof this.information>) => void (this.information = information);
  tokens = () => this.kept;
  saveTokens = (tokens: NonNullable<typeof this.kept>) => void (this.kept = tokens);
  redirectToAuthorization = (url: URL) => void (this.sentTo = url);
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier);
  codeVerifier = () => this.verifier;
}

describe('A client of the Model Context Protocol that knows the address of an MCP server alone', () => {
  let host: DocumentHost;
  let server: RunningServer;
  let tools: INestApplication;
  let resource: string;

  beforeAll(async () => {
    host = await DocumentHost.start();
    const port = await freePort();
    resource = `http://127.0.0.1:${port}/mcp`;
    const policy = {
      grantTypes: ['authorization_code', 'refresh_token'],
      resources: [resource],
      applicationTypes: ['native' as const],
    };
    server = await startServer({
      tls: true,
      options: {
        profile: 'mcp',
        clients: [],
        apiScopes: [new ApiScope('tools.call', 'Call tools')],
        apiResources: [new ApiResource(resource, 'Tools', { scopes: ['tools.call'], requireResourceIndicator: true })],
        imports: [AccountsModule, PagesModule],
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [host.ca] },
        clientIdMetadataDocuments: { hosts: ['localhost'], policy },
        registration: { mode: 'open', policy },
      },
    });
    const jwks = (await (await server.fetch(`${server.url}/.well-known/openid-configuration/jwks`)).json()) as {
      keys: [];
    };
    class AppModule {}
    const guard = JwtGuardModule.forRoot({
      issuer: server.url,
      jwks,
      audience: resource,
      resourceMetadata: { resource },
    });
    const root = { module: AppModule, imports: [guard], controllers: [McpController] };
    tools = await NestFactory.create(root, new ExpressAdapter(), { logger: false });
    await tools.listen(port, '127.0.0.1');
  });
  afterAll(async () => {
    await tools.close();
    await server.close();
    await host.close();
  });

  const transportOf = (application: Application) =>
    new StreamableHTTPClientTransport(new URL(resource), {
      authProvider: application,
      // What is not the authorization server speaks plain http here.
      fetch: (url, init) => (String(url).startsWith(server.url) ? server.fetch(url, init) : fetch(url, init)),
    });

  /** The first try leads to the browser, the second comes with a token. */
  async function call(application: Application): Promise<{ answer: unknown; consent: string }> {
    const first = transportOf(application);
    await expect(new Client({ name: 'agent', version: '1' }).connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
    const browser = new PlainBrowser(server);
    const consent = await browser.signIn(await browser.open(application.sentTo!));
    const back = await browser.submit(consent, { decision: 'allow' });
    await first.finishAuth(back.url.searchParams.get('code')!);
    const client = new Client({ name: 'agent', version: '1' });
    await client.connect(transportOf(application));
    const answer = await client.callTool({ name: 'whoami' });
    await client.close();
    return { answer, consent: consent.text };
  }

  test('finds the authorization server, shows its metadata document as its id, and calls a tool for the person', async () => {
    const id = host.serveClient('/agent.json', {
      client_name: 'An agent',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    });
    const application = new Application(id);
    const { answer, consent } = await call(application);
    expect(answer).toMatchObject({ content: [{ type: 'text', text: '1' }] });
    expect(consent).toContain('An agent');
    expect(application.sentTo!.searchParams.get('client_id')).toBe(id);
    expect(application.sentTo!.searchParams.get('resource')).toBe(resource);
    expect(decodeJwt(application.tokens()!.access_token)).toMatchObject({
      iss: server.url,
      aud: resource,
      client_id: id,
    });
  });

  test('without a document it registers itself (RFC 7591)', async () => {
    const application = new Application();
    const { answer } = await call(application);
    expect(answer).toMatchObject({ content: [{ type: 'text', text: '1' }] });
    expect(application.clientInformation()).toMatchObject({ client_id: expect.any(String), issuer: server.url });
  });

  test('who brings no good token is told where the metadata of the resource is (RFC 9728 §5.1)', async () => {
    const response = await fetch(resource, { method: 'POST', headers: { authorization: `Bearer ${'x'.repeat(40)}` } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('resource_metadata=');
  });
});
