import { join } from 'node:path';
import type { Addresses } from '../addresses.js';
import { demoApi, demoClients } from '../demo-data.js';
import type { ServerPlan } from './child-server.js';

/** How the token server is run: with a development certificate of its own making. */
export function tokenServerPlan({ sts }: Addresses): ServerPlan {
  return {
    name: 'The token server',
    tag: 'sts',
    url: sts,
    healthUrl: `${sts}/health/ready`,
    script: 'apps/sts/dist/main.js',
    environment: { STS_ISSUER: sts, STS_PORT: portOf(sts), STS_TLS: 'dev' },
  };
}

/** How the sample API is run: behind the certificate of the token server, which it has to believe in turn. */
export function sampleApiPlan({ sts, api, tlsFolder, caFile }: Addresses): ServerPlan {
  return {
    name: 'The sample API',
    tag: 'api',
    url: api,
    healthUrl: `${api}/health/ready`,
    script: 'apps/sample-api/dist/main.js',
    environment: {
      API_ISSUER: sts,
      API_AUDIENCE: demoApi.name,
      API_SECRET: demoApi.secret,
      API_URL: api,
      API_PORT: portOf(api),
      API_TLS_CERT: join(tlsFolder, 'cert.pem'),
      API_TLS_KEY: join(tlsFolder, 'key.pem'),
      NODE_EXTRA_CA_CERTS: caFile,
    },
  };
}

/** How the sample web application is run: behind the same certificate. */
export function sampleWebPlan({ sts, api, web, tlsFolder, caFile }: Addresses): ServerPlan {
  return {
    name: 'The sample web application',
    tag: 'web',
    url: web,
    healthUrl: `${web}/health`,
    script: 'apps/sample-web/dist/main.js',
    environment: {
      WEB_ISSUER: sts,
      WEB_API: api,
      WEB_URL: web,
      WEB_PORT: portOf(web),
      WEB_TLS_CERT: join(tlsFolder, 'cert.pem'),
      WEB_TLS_KEY: join(tlsFolder, 'key.pem'),
      NODE_EXTRA_CA_CERTS: caFile,
    },
  };
}

/** The same, known to the token server as another client: for single sign-on and consent. */
export function secondWebPlan(addresses: Addresses, second: string): ServerPlan {
  const { environment, ...plan } = sampleWebPlan({ ...addresses, web: second });
  const { clientId } = demoClients.second;
  return {
    ...plan,
    name: 'The second web application',
    tag: 'second',
    environment: { ...environment, WEB_CLIENT_ID: clientId },
  };
}

function portOf(url: string): string {
  return new URL(url).port || '443';
}
