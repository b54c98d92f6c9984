import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { type Environment, readEnvironment } from '../../configuration/environment.js';
import { fetchTrusting, readAuthorities } from '../http/trusting-fetch.js';
import type { Terminal } from '../terminal.js';
import { checkCertificate } from './checks/certificate.check.js';
import { checkClock } from './checks/clock.check.js';
import { checkConfiguration } from './checks/configuration.check.js';
import { checkDatabase } from './checks/database.check.js';
import { checkDataFolder } from './checks/data-folder.check.js';
import { checkEndpoints } from './checks/endpoints.check.js';
import { checkHealth } from './checks/health.check.js';
import { checkKeySet } from './checks/key-set.check.js';
import { checkForgedHeaders, checkProxySettings } from './checks/proxy.check.js';
import { type Finding, findings } from './finding.js';
import { reachServer, type ReachedServer } from './reached-server.js';

/** The looks at a server that answers. A new one is one file and one line here. */
const serverChecks: readonly ((server: ReachedServer) => Promise<Finding[]>)[] = [
  checkClock,
  checkKeySet,
  checkEndpoints,
  checkForgedHeaders,
  checkHealth,
];

interface Questions {
  /** Of a server that may be elsewhere; without it, the configuration's. */
  readonly issuer?: string;
  readonly ca?: string;
}

/** Everything that can be found out from here, from the inside to the outside. */
export async function diagnose(variables: Terminal['variables'], { issuer, ca }: Questions): Promise<Finding[]> {
  const { environment } = readEnvironment(variables);
  const authorities = readAuthorities(ca);
  // With an issuer alone, a server elsewhere is meant.
  if (issuer !== undefined && !variables.STS_CONFIG) return lookFromOutside(issuer, authorities);
  const { found, settings } = await checkConfiguration(variables);
  const configured = settings?.options.issuer;
  const name = issuer ?? configured;
  const database = await checkDatabase(variables, settings);
  const inside = [...found, ...checkDataFolder(environment), ...database, ...compare(issuer, configured)];
  if (name === undefined) {
    const { unchecked } = findings('discovery');
    return [...inside, unchecked('the issuer is not known', 'Mend the configuration, or name it with --issuer.')];
  }
  const outside = await lookFromOutside(name, authorities ?? developmentAuthority(environment));
  return [...inside, ...checkProxySettings(environment, name), ...outside];
}

function compare(asked: string | undefined, configured: string | undefined): Finding[] {
  if (asked === undefined || configured === undefined || asked === configured) return [];
  const remedy = 'Name another file with --config, or correct issuer there.';
  return [findings('configuration').problem(`it names the issuer ${configured}, not ${asked}`, remedy)];
}

async function lookFromOutside(issuer: string, authorities: string[] | undefined): Promise<Finding[]> {
  const { finding, server } = await reachServer(issuer, fetchTrusting(authorities));
  const certificate = URL.canParse(issuer) ? await checkCertificate(issuer, authorities) : [];
  if (!server) return [finding, ...certificate];
  const further = await Promise.all(serverChecks.map((check) => check(server)));
  return [finding, ...certificate, ...further.flat()];
}

/** The server's own clients trust the development certificate, and so does this look. */
function developmentAuthority({ tls, data }: Environment): string[] | undefined {
  const file = join(data, 'tls', 'ca.pem');
  return tls.mode === 'dev' && existsSync(file) ? [...rootCertificates, readFileSync(file, 'utf8')] : undefined;
}
