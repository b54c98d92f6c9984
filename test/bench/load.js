// The load: 32 connections, each sends its next request when it has the answer to the last. Runs in a process of its own.
import autocannon from 'autocannon';
import { CodeFlows, RefreshChains } from './conversations.js';
import { SignedRequests } from './signed-requests.js';
import { FreshTokens, TokensInTurn } from './token-load.js';

process.on('disconnect', () => process.exit(0));
process.on('message', (order) => {
  run(order).then(
    (result) => process.send(result),
    (error) => process.send({ failure: String(error?.stack ?? error) }),
  );
});

/** @param order `request` (see rows.js), `connections`, `seconds` */
async function run({ request, connections, seconds }) {
  const { method, url, headers, body } = request;
  const cpuBefore = process.cpuUsage();
  const conversation = conversationOf(request, connections);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 10,
    ...conversation?.options,
    ...(conversation ? { setupClient: (client) => conversation.attach(client) } : { method, headers, body }),
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const counted = { seconds: result.duration, ...(conversation?.units ?? single(result)) };
  return {
    ...counted,
    failures: failuresIn(result, conversation),
    loadBusy: (user + system) / (counted.seconds * 1e6),
  };
}

function conversationOf(request, connections) {
  if (request.tokens) return request.tokens.once ? new FreshTokens(request, connections) : new TokensInTurn(request);
  if (request.signers) return new SignedRequests(request);
  if (request.chain) return new RefreshChains(request);
  return request.codeFlow ? new CodeFlows(request) : undefined;
}

function single({ latency: { p50, p99, max }, ...result }) {
  return { requests: result['2xx'], latency: { p50, p99, max } };
}

/** A code flow looks at each of its answers itself: one of them is a redirect. */
function failuresIn({ non2xx, errors, timeouts }, conversation) {
  const wrong = conversation instanceof CodeFlows ? 0 : non2xx;
  return wrong + errors + timeouts + (conversation?.broken ?? 0);
}
