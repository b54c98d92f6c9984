// Loads whose requests differ in their access token alone.
import { readFileSync } from 'node:fs';
import { quantile } from './statistics.js';

const files = new Map();

/** A set of tokens, over and over: each connection goes through all of it. */
export class TokensInTurn {
  constructor({ method, tokens }) {
    this.requests = linesOf(tokens).map((token) => ({ method, headers: bearer(token) }));
  }

  attach(client) {
    client.setRequests(this.requests.map((request) => ({ ...request })));
  }
}

/** Each token once. The run is over when its time is, or as soon as one connection has sent its share of the tokens. */
export class FreshTokens {
  constructor({ method, tokens }, connections) {
    this.method = method;
    this.tokens = linesOf(tokens);
    this.share = Math.floor(this.tokens.length / connections);
    this.options = { maxConnectionRequests: this.share };
    this.milliseconds = [];
  }

  attach(client) {
    this.began ??= performance.now();
    const own = this.tokens.splice(0, this.share);
    let answers = 0;
    client.setRequests([
      { method: this.method, setupRequest: (request) => ({ ...request, headers: bearer(own.pop()) }) },
    ]);
    client.on('response', (status, _bytes, milliseconds) => {
      if (this.ended !== undefined) return;
      if (status === 200) this.milliseconds.push(milliseconds);
      if (++answers === this.share) this.ended = performance.now();
    });
  }

  /** In the place of what was counted until the last connection had sent its share. */
  get units() {
    const sorted = Float64Array.from(this.milliseconds).sort();
    const latency = { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) };
    const seconds = this.ended === undefined ? {} : { seconds: (this.ended - this.began) / 1000 };
    return { ...seconds, requests: sorted.length, latency };
  }
}

function bearer(token) {
  return { authorization: `Bearer ${token}` };
}

/** The file has a token on each line. */
function linesOf({ path, from, to }) {
  if (!files.has(path)) files.set(path, readFileSync(path, 'utf8').split('\n'));
  return files.get(path).slice(from, to);
}
