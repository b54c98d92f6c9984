// Loads in which a request depends on the answer before it. Each connection is a client of its own.
import { codeOf, isComplete, pushedPath, startFlow, tokenForm } from './code-flow.js';
import { refreshBody } from './rows.js';
import { quantile } from './statistics.js';

/** Each request goes on from the refresh token of the last answer. */
export class RefreshChains {
  constructor({ method, headers, chain }) {
    this.request = { method, headers };
    this.tokens = [...chain];
    this.broken = 0;
  }

  attach(client) {
    let current = this.tokens.pop();
    client.setRequests([
      {
        ...this.request,
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

/** An authorize request, pushed before or not, and a token request make one unit: counted and timed as a whole. */
export class CodeFlows {
  constructor({ codeFlow, cookies }) {
    this.codeFlow = codeFlow;
    this.cookies = [...cookies];
    this.broken = 0;
    this.milliseconds = [];
  }

  attach(client) {
    const { codeFlow } = this;
    const cookie = this.cookies.pop();
    let began, flow, path, code;
    const begin = () => {
      began = performance.now();
      flow = startFlow(codeFlow);
      path = flow.path;
    };
    const push = {
      method: 'POST',
      path: codeFlow.pushed,
      headers: codeFlow.clientHeaders,
      setupRequest: (request) => {
        begin();
        return { ...request, body: flow.parameters };
      },
      onResponse: (status, body) => {
        path = pushedPath(status, body, codeFlow);
        if (path === undefined) this.broken++;
      },
    };
    client.setRequests([
      ...(codeFlow.pushed ? [push] : []),
      {
        method: 'GET',
        headers: { cookie },
        setupRequest: (request) => {
          if (!codeFlow.pushed) begin();
          return path && { ...request, path };
        },
        onResponse: (status, _body, _context, headers) => {
          code = codeOf(status, headerOf(headers, 'location'), flow);
          if (code === undefined) this.broken++;
        },
      },
      {
        method: 'POST',
        path: codeFlow.token,
        headers: codeFlow.clientHeaders,
        // Without a code there is nothing to ask for: the connection begins its next flow.
        setupRequest: (request) => code && { ...request, body: tokenForm(code, flow) },
        onResponse: (status, body) => {
          if (isComplete(status, body, codeFlow)) this.milliseconds.push(performance.now() - began);
          else this.broken++;
        },
      },
    ]);
  }

  /** In the place of what was counted by single requests. */
  get units() {
    const sorted = Float64Array.from(this.milliseconds).sort();
    const latency = { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) };
    return { requests: sorted.length, latency };
  }
}

function headerOf(headers, name) {
  return headers[Object.keys(headers).find((key) => key.toLowerCase() === name)];
}

function readRefreshToken(body) {
  try {
    return JSON.parse(body).refresh_token;
  } catch {
    return undefined;
  }
}
