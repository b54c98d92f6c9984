/** A client of the demo configuration, as it stands in sts.yaml. */
export interface DemoClient {
  readonly clientId: string;
  /** None: a public client. */
  readonly secret?: string;
  /** What it is there to show. */
  readonly shows: string;
}

/** The clients, the API and the people of sts.yaml. All of it is public: it is there to be tried out. */
export const demoClients = {
  simple: { clientId: 'simple_client', secret: 'secret', shows: 'client_credentials: a program calls the API (api1)' },
  ropg: {
    clientId: 'ropg_client',
    secret: 'secret',
    shows: 'password: a person signs in (openid profile api1 offline_access)',
  },
  reader: { clientId: 'reader_client', secret: 'secret', shows: 'client_credentials: may read orders, and place none' },
  reference: {
    clientId: 'reference_client',
    secret: 'secret',
    shows: 'client_credentials: opaque tokens, about which the API asks',
  },
  short: { clientId: 'short_client', secret: 'secret', shows: 'client_credentials: tokens that live one second' },
  web: { clientId: 'web_client', secret: 'secret', shows: 'authorization_code: people sign in at the sample web' },
  second: {
    clientId: 'second_client',
    secret: 'secret',
    shows: 'authorization_code: the same, with consent (npm start -- --second)',
  },
  docs: { clientId: 'docs_client', shows: 'authorization_code: people sign in at the page of the API (api1)' },
  device: { clientId: 'device_client', shows: 'device_code: a TV without a browser (openid profile api1)' },
} as const satisfies Record<string, DemoClient>;

export const demoApi = { name: 'api1', secret: 'secret' } as const;

/** Where sts.yaml has the page of the sample API, the sample web application, and that one a second time. */
export const registeredApi = 'https://localhost:6001';
export const registeredWeb = 'https://localhost:7001';
export const registeredSecond = 'https://localhost:7002';

export const demoUsers = {
  alice: { username: 'alice', password: 'alice', name: 'Alice Smith', shows: 'Alice Smith' },
  bob: { username: 'bob', password: 'bob', name: 'Bob Smith', shows: 'Bob Smith, with the role admin' },
} as const;
