import { signingAlgorithms } from '@tessera/protocol';
import { issuerUrlFault } from './issuer-url.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';

/** Seconds: default, least and most. The upper limits catch milliseconds given by mistake. */
export const durations = {
  clockTolerance: { usual: 5, least: 0, most: 300 },
  cacheLifetime: { usual: 300, least: 1, most: 86_400 },
  staleLifetime: { usual: 3_600, least: 0, most: 604_800 },
  refetchCooldown: { usual: 30, least: 1, most: 3_600 },
  fetchTimeout: { usual: 5, least: 1, most: 60 },
} as const;

const known: ReadonlySet<string> = new Set([
  'issuer',
  'audience',
  'algorithms',
  'jwksUri',
  'clock',
  ...Object.keys(durations),
]);

/** What is wrong with the options of the guard: one sentence each, with the option, the value and what would be right. */
export function jwtGuardOptionFaults(options: JwtGuardOptions | undefined): string[] {
  if (typeof options !== 'object' || options === null) {
    return [`options: ${show(options)} was given; give { issuer, audience }.`];
  }
  return [
    ...unknownFaults(options),
    ...issuerFaults(options.issuer),
    ...audienceFaults(options.audience),
    ...algorithmFaults(options.algorithms),
    ...jwksUriFaults(options.jwksUri),
    ...durationFaults(options),
    ...clockFaults(options.clock),
  ];
}

function unknownFaults(options: object): string[] {
  return Object.keys(options)
    .filter((name) => !known.has(name))
    .map((name) =>
      name === 'global'
        ? 'global: it decides how the module is put together; with forRootAsync give it beside useFactory, not in its result.'
        : `${name}: there is no such option; there are ${[...known].join(', ')}.`,
    );
}

function issuerFaults(issuer: unknown): string[] {
  const fault = issuerUrlFault(issuer) ?? queryFault(issuer as string);
  return fault ? [`issuer: ${show(issuer)} was given; ${fault}, such as 'https://id.example.com'.`] : [];
}

/** An issuer has neither a query nor a fragment (RFC 8414 §2). */
function queryFault(issuer: string): string | undefined {
  return issuer.includes('?') || issuer.includes('#') ? 'it must have no query and no fragment' : undefined;
}

function audienceFaults(audience: unknown): string[] {
  const names: unknown[] = Array.isArray(audience) ? audience : [audience];
  const good = names.length > 0 && names.every((name) => typeof name === 'string' && name.length > 0);
  return good
    ? []
    : [
        `audience: ${show(audience)} was given; give the name of this API as the issuer knows it, or a list of names. A guard without an audience would accept tokens meant for other APIs.`,
      ];
}

function algorithmFaults(algorithms: unknown): string[] {
  if (algorithms === undefined) return [];
  const accepted = signingAlgorithms as readonly unknown[];
  const good =
    Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((name) => accepted.includes(name));
  return good
    ? []
    : [
        `algorithms: ${show(algorithms)} was given; give a list out of ${signingAlgorithms.join(', ')}. Symmetric algorithms and 'none' are never accepted.`,
      ];
}

function jwksUriFaults(jwksUri: unknown): string[] {
  const fault = jwksUri === undefined ? undefined : issuerUrlFault(jwksUri);
  return fault ? [`jwksUri: ${show(jwksUri)} was given; ${fault}. Leave it out to find the keys by discovery.`] : [];
}

function durationFaults(options: JwtGuardOptions): string[] {
  return Object.entries(durations).flatMap(([name, { usual, least, most }]) => {
    const value: unknown = options[name as keyof typeof durations];
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return [];
    return [
      `${name}: ${show(value)} was given; give a number of seconds from ${least} to ${most}, or leave it out for ${usual}.`,
    ];
  });
}

function clockFaults(clock: unknown): string[] {
  return clock === undefined || typeof clock === 'function'
    ? []
    : [`clock: ${show(clock)} was given; give a function that returns milliseconds since the epoch, or leave it out.`];
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.slice(0, 200)}'`
    : (JSON.stringify(value)?.slice(0, 200) ?? String(value));
}
