import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AccountsModule, hashPassword } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import {
  AuthenticationLevel,
  BackchannelNotifier,
  type BackchannelQuestion,
  type ClientInit,
  IdentityResources,
  Secret,
  sha256,
  User,
} from '@tessera/token-server';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { developmentTls } from '../development-tls.js';
import { FakeClock, type RunningServer, seed, startServer } from '../running-server.js';
import { launchChromium } from './chromium.js';

export const issuer = 'https://id.acme.example';
/** The code challenge of this is in every authorize address. */
export const verifier = 'a-verifier-of-forty-three-characters-or-more-1234';

/** A token server, applications at other sites, and a browser that finds all of them by their names. */
export interface Landscape {
  readonly server: RunningServer;
  readonly clock: FakeClock;
  /** What people were sent because a client waits for their word, the latest last. */
  readonly messages: readonly BackchannelQuestion[];
  /** A page of a browser in which nobody was before. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

function application(clientId: string, difference: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    clientName: 'Acme Notes',
    clientUri: `https://${clientId}.example/`,
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [`https://${clientId}.example/callback`, `https://${clientId}.example/hop`],
    postLogoutRedirectUris: [`https://${clientId}.example/bye`],
    allowedScopes: ['openid', 'profile', 'email', 'api1'],
    allowOfflineAccess: true,
    requireConsent: false,
    ...difference,
  };
}

const clients = [
  application('notes', {
    requireConsent: true,
    description: 'Notes that are everywhere with you.',
    policyUri: 'https://notes.example/privacy',
    tosUri: 'https://notes.example/terms',
    frontChannelLogoutUri: 'https://notes.example/front-channel',
  }),
  application('mail', { clientName: 'Acme Mail', frontChannelLogoutUri: 'https://mail.example/front-channel' }),
  application('shop', { clientName: 'Acme Shop', authorizationDetailsTypes: ['payment', 'invoice'] }),
  application('spa', {
    clientName: 'Acme Tasks',
    clientSecrets: [],
    requireClientSecret: false,
    // The same site as the issuer's: to a frame of another site browsers send no cookies.
    redirectUris: ['https://tasks.acme.example/callback', 'https://tasks.acme.example/silent'],
    postLogoutRedirectUris: ['https://tasks.acme.example/'],
    allowedCorsOrigins: ['https://tasks.acme.example'],
  }),
  application('tv', {
    clientName: 'Acme TV',
    allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'],
    clientSecrets: [],
    requireClientSecret: false,
    redirectUris: [],
  }),
  application('till', {
    clientName: 'Acme Shop',
    allowedGrantTypes: ['urn:openid:params:grant-type:ciba'],
    backchannelTokenDeliveryMode: 'poll',
    redirectUris: [],
    authorizationDetailsTypes: ['payment'],
  }),
];

/** What the shop may ask for with its details. */
const authorizationDetailTypes = [
  {
    type: 'payment',
    displayName: 'Payment',
    text: {
      en: 'Transfer {amount.value} {amount.currency} to {creditor.name}',
      ar: 'تحويل {amount.value} {amount.currency} إلى {creditor.name}',
    },
    schema: {
      properties: {
        amount: { type: 'object', properties: { value: { type: 'string' }, currency: { type: 'string' } } },
        creditor: { type: 'object', properties: { name: { type: 'string' }, iban: { type: 'string' } } },
      },
    },
  },
  { type: 'invoice', schema: { properties: { number: { type: 'string' }, for: { type: 'array' } } }, resource: 'api1' },
];

/** What somebody had remembered must not surprise another test: who does has a person of one's own. */
const others = await Promise.all(
  ['carol', 'dave', 'erin'].map(async (username, index) => {
    const claims = {
      name: `${username[0]!.toUpperCase()}${username.slice(1)} Jones`,
      email: `${username}@acme.example`,
    };
    return new User({ subject: `${index + 3}`, username, passwordHash: await hashPassword(username), claims });
  }),
);

const demo = {
  users: ['Alice', 'Bob'].map((name) => {
    const username = name.toLowerCase();
    return { username, password: username, name: `${name} Smith` };
  }),
  clients: [{ clientId: 'notes', name: 'Acme Notes', url: 'https://notes.example/', description: 'asks for consent' }],
};

/** The phones of all people. */
class Phones extends BackchannelNotifier {
  readonly messages: BackchannelQuestion[] = [];

  async notify(question: BackchannelQuestion): Promise<void> {
    this.messages.push(question);
  }
}

interface LandscapePlan {
  /** Answers for all hosts but the issuer's. Default: they say their address. */
  readonly applications?: RequestListener;
  /** Whether the clock starts at the present, for libraries that look at it. Default: at a date that looks well in pictures. */
  readonly realTime?: boolean;
}

export async function startLandscape(plan: LandscapePlan = {}): Promise<Landscape> {
  const { applications = sayAddress, realTime = false } = plan;
  const phones = new Phones();
  const clock = realTime ? new FakeClock() : new FakeClock(Date.UTC(2030, 0, 15, 9, 30) / 1000);
  const server = await startServer({
    tls: true,
    clock,
    options: {
      issuer,
      clients,
      authorizationDetailTypes,
      authenticationLevels: [new AuthenticationLevel({ acr: 'strong', ways: [['hwk']] })],
      users: [...seed.users, ...others],
      identityResources: [...seed.identityResources, IdentityResources.email()],
      imports: [AccountsModule, PagesModule.forRoot({ demo })],
      providers: [{ provide: BackchannelNotifier, useValue: phones }],
    },
  });
  const sites = await listen(applications);
  const chromium = await launchChromium({
    'id.acme.example': new URL(server.url).host,
    '*.example': `127.0.0.1:${(sites.address() as AddressInfo).port}`,
  });
  return {
    server,
    clock,
    messages: phones.messages,
    visit: (options) => visit(chromium, options),
    close: async () => {
      await chromium.close();
      sites.closeAllConnections();
      sites.close();
      await server.close();
    },
  };
}

/** Where an application sends somebody to sign in. */
export function authorizeAddress(clientId: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: `https://${clientId}.example/callback`,
    scope: 'openid profile',
    state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return `${issuer}/connect/authorize?${query.toString()}`;
}

/** What an application was told, once the browser is there. */
export async function answerAt(page: Page, host: string): Promise<URLSearchParams> {
  await page.waitForURL(`https://${host}/**`);
  return new URL(page.url()).searchParams;
}

/** Everybody's password is the user name. */
export async function signIn(page: Page, username = 'alice', password = username): Promise<void> {
  await page.fill('[name=username]', username);
  await page.fill('[name=password]', password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function visit(chromium: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await chromium.newContext({ ignoreHTTPSErrors: true, locale: 'en', ...options });
  context.setDefaultTimeout(10_000);
  return context.newPage();
}

async function listen(applications: RequestListener): Promise<Server> {
  const { cert, key } = await developmentTls();
  const server = createServer({ cert, key }, applications);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.unref();
}

const sayAddress: RequestListener = ({ headers, url }, response) => {
  if (url?.startsWith('/hop')) response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
  else response.setHeader('content-type', 'text/plain').end(`${headers.host}${url}`);
};
