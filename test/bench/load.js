// The load: 32 connections, each sends its next request when it has the answer to the last. Runs in a process of its own.
import autocannon from 'autocannon';
import { refreshBody } from './rows.js';

process.on('disconnect', () => process.exit(0));
process.on('message', (order) => {
  run(order).then(
    (result) => process.send(result),
    (error) => process.send({ failure: String(error?.stack ?? error) }),
  );
});

/** @param order `request` (see rows.js), `connections`, `seconds` */
async function run({ request: { method, url, headers, body, chain }, connections, seconds }) {
  const cpuBefore = process.cpuUsage();
  const chains = chain && new Chains(chain);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 10,
    ...(chains ? { setupClient: (client) => chains.attach(client, { method, headers }) } : { method, headers, body }),
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    requests: result['2xx'],
    failures: result.non2xx + result.errors + result.timeouts + (chains?.broken ?? 0),
    seconds: result.duration,
    latency: { p50: result.latency.p50, p99: result.latency.p99, max: result.latency.max },
    loadBusy: (user + system) / (result.duration * 1e6),
  };
}

/** Connections that each go on from the refresh token of their last answer. */
class Chains {
  broken = 0;

  constructor(tokens) {
    this.tokens = [...tokens];
  }

  attach(client, { method, headers }) {
    let current = this.tokens.pop();
    client.setRequests([
      {
        method,
        headers,
        setupRequest: (request) => ({ ...request, body: refreshBody(current) }),
        onResponse: (_status, body) => {
          const next = readRefreshToken(body);
          if (next === undefined || next === current) this.broken++;
          else current = next;
        },
      },
    ]);
  }
}

function readRefreshToken(body) {
  try {
    return JSON.parse(body).refresh_token;
  } catch {
    return undefined;
  }
}
