import * as oidc from 'openid-client';
import { CliFault } from '../cli-fault.js';
import { discoveryUrl } from '../http/issuer-documents.js';
import { fetchTrusting, readAuthorities } from '../http/trusting-fetch.js';
import type { Terminal } from '../terminal.js';
import { decodeToken, describeToken } from '../token/decoded-token.js';
import { clientAuthentication } from './client-secret.js';
import type { ClientOptions } from './client-command.js';
import { describeExchange } from './describe-exchange.js';
import { describeRefusal } from './describe-refusal.js';
import { ExchangeLog } from './exchange-log.js';

/** How one grant gets its tokens from a server that has been discovered. */
export type Grant = (server: oidc.Configuration, parameters: URLSearchParams) => Promise<oidc.TokenEndpointResponse>;

/** Discovers the server, gets tokens by the grant and shows them. @throws CliFault where there are none */
export async function performGrant(options: ClientOptions, terminal: Terminal, grant: Grant): Promise<void> {
  discoveryUrl(options.issuer);
  const authentication = await clientAuthentication(options, terminal);
  const send = fetchTrusting(readAuthorities(options.ca));
  const log = new ExchangeLog(send, (exchange) => {
    if (!options.json) terminal.print(describeExchange(exchange, terminal));
  });
  try {
    const server = await discover(options, authentication, log);
    showTokens(await grant(server, parametersOf(options)), log, options, terminal);
  } catch (error) {
    if (error instanceof CliFault) throw error;
    const refusal = describeRefusal(error, log.exchanges);
    if (options.json) terminal.printJson({ exchanges: log.exchanges, ...refusal });
    const sentence = `${options.issuer} gave no tokens: ${refusal.error}: ${refusal.description}`;
    throw new CliFault([sentence, refusal.remedy].filter(Boolean).join(' '), undefined, { cause: error });
  }
}

function discover(
  { issuer, clientId }: ClientOptions,
  authentication: oidc.ClientAuth,
  { fetch }: ExchangeLog,
): Promise<oidc.Configuration> {
  // The id_token's signature is checked, too, although it came over TLS (OpenID Connect Core §3.1.3.7, 6).
  const execute = [oidc.enableNonRepudiationChecks];
  // Plain http is for development, and the server's own affair.
  if (issuer.startsWith('http:')) execute.push(oidc.allowInsecureRequests);
  return oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute,
    [oidc.customFetch]: fetch,
  });
}

function parametersOf({ scope, resource = [] }: ClientOptions): URLSearchParams {
  const parameters = new URLSearchParams(scope === undefined ? {} : { scope });
  resource.forEach((one) => parameters.append('resource', one));
  return parameters;
}

function showTokens(
  tokens: oidc.TokenEndpointResponse,
  { exchanges }: ExchangeLog,
  { json }: ClientOptions,
  terminal: Terminal,
): void {
  const { access_token, id_token } = tokens;
  const decoded = {
    access_token: decodeToken(access_token),
    ...(id_token !== undefined && { id_token: decodeToken(id_token) }),
  };
  if (json) return terminal.printJson({ exchanges, tokens: { ...tokens }, decoded });
  for (const [name, content] of Object.entries(decoded)) {
    const says = content ? describeToken(content, Date.now() / 1000) : 'is a reference: it says nothing by itself.';
    terminal.print(`${terminal.colors.bold(name)}\n${says}\n`);
  }
}
