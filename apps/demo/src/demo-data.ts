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
  status: {
    clientId: 'status_client',
    secret: 'secret',
    shows: 'client_credentials: api1.status only, too little for /orders',
  },
  short: { clientId: 'short_client', secret: 'secret', shows: 'client_credentials: tokens that live one second' },
  web: { clientId: 'web_client', secret: 'secret', shows: 'authorization_code: people sign in at the sample web' },
  second: {
    clientId: 'second_client',
    secret: 'secret',
    shows: 'authorization_code: the same, with consent (npm start -- --second)',
  },
  device: { clientId: 'device_client', shows: 'device_code: a TV without a browser (openid profile api1)' },
} as const satisfies Record<string, DemoClient>;

export const demoApi = { name: 'api1', secret: 'secret' } as const;

/** Where sts.yaml has the sample web application, and where it has it a second time. */
export const registeredWeb = 'https://localhost:7001';
export const registeredSecond = 'https://localhost:7002';

export const demoUsers = {
  alice: { username: 'alice', password: 'alice', name: 'Alice Smith' },
  bob: { username: 'bob', password: 'bob', name: 'Bob Smith' },
} as const;
