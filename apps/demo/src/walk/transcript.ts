import type { Authorization, HttpAnswer, HttpRequest } from '../http-client.js';
import { paint } from '../terminal/paint.js';
import { plainText } from '../terminal/plain-text.js';
import type { DecodedToken } from './decoded-token.js';
import { prettyJson } from './pretty-json.js';
import { shortenTokens } from './shorten.js';

const indent = '    ';

/** The headers that say something about the protocol. */
const tellingHeaders = ['WWW-Authenticate', 'Location', 'Cache-Control', 'Retry-After'];

/** A request in lines. Secrets are shown: those of the demonstration are no secrets. */
export function requestLines({ method, url, authorization, form, json }: HttpRequest): string[] {
  return [
    `${paint('cyan', '→')} ${paint('bold', method)} ${url}`,
    ...(authorization ? [member('Authorization', describe(authorization))] : []),
    ...Object.entries(form ?? {}).map(([name, value]) => `${indent}${name} = ${shortenTokens(value)}`),
    ...(json === undefined ? [] : [indent + prettyJson(json, indent)]),
  ];
}

export function answerLines({ status, statusText, headers, text, body }: HttpAnswer): string[] {
  const shown = tellingHeaders.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [member(name, plainText(String(value)))];
  });
  const content = body === undefined ? shortenTokens(plainText(text)) : prettyJson(body, indent);
  return [
    `${paint('cyan', '←')} ${paint(status < 400 ? 'green' : 'yellow', `${status} ${statusText}`)}`,
    ...shown,
    ...(content === '' ? [] : [indent + content]),
  ];
}

/** What a token says, under its name. */
export function tokenLines(name: string, { header, claims }: DecodedToken): string[] {
  return [
    paint('cyan', `  inside the ${name}:`),
    indent + prettyJson(header, indent),
    indent + prettyJson(claims, indent),
  ];
}

function member(name: string, value: string): string {
  return `${indent}${paint('gray', `${name}:`)} ${value}`;
}

function describe(authorization: Authorization): string {
  return authorization.scheme === 'Basic'
    ? `Basic ${authorization.name}:${authorization.secret} ${paint('gray', '(sent as Base64)')}`
    : `Bearer ${shortenTokens(authorization.token)}`;
}
