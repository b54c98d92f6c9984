import { type Addresses, shownPath } from './addresses.js';
import { demoClients, demoUsers, registeredWeb } from './demo-data.js';
import { paint } from './terminal/paint.js';

/** What somebody needs who has just started the servers: where they are, who may ask, and lines to paste. */
export function welcome({ sts, api, web, caFile }: Addresses): string[] {
  const { simple, ropg } = demoClients;
  const { alice } = demoUsers;
  const trust = `--cacert ${quoted(shownPath(caFile))}`;
  const asks = (client: { clientId: string; secret: string }) =>
    `curl -sS ${trust} -u ${client.clientId}:${client.secret}`;
  return [
    '',
    heading(`Open ${web} in a browser, and sign in as ${alice.username} / ${alice.password}.`),
    `The browser does not know its certificate: trust the development CA (import ${shownPath(caFile)}), or click through the warnings.`,
    ...unregistered(web),
    '',
    heading('Addresses'),
    ...table([
      ['sample web', web],
      ['token server', sts],
      ['discovery', `${sts}/.well-known/openid-configuration`],
      ['sample API', `${api}/orders`],
    ]),
    '',
    heading('Clients'),
    ...table(Object.values(demoClients).map(({ clientId, secret, shows }) => [`${clientId} / ${secret}`, shows])),
    '',
    heading('People'),
    ...table(Object.values(demoUsers).map(({ username, password, name }) => [`${username} / ${password}`, name])),
    '',
    heading('To paste, in the root of the repository'),
    ...snippet('What the server offers', [`curl -sSw "\\n" ${trust} ${sts}/.well-known/openid-configuration`]),
    ...snippet('A token for a program', [
      `TOKEN=$(${asks(simple)} -d grant_type=client_credentials -d scope=api1 ${sts}/connect/token | node -pe 'JSON.parse(fs.readFileSync(0)).access_token')`,
    ]),
    ...snippet('The API with it', [
      `curl -sSw "\\n" ${trust} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"product":"Tea","quantity":2}' ${api}/orders`,
      `curl -sSw "\\n" ${trust} -H "Authorization: Bearer $TOKEN" ${api}/orders`,
    ]),
    ...snippet('The API without', [`curl -sSiw "\\n" ${trust} ${api}/orders`]),
    ...snippet('Tokens for a person', [
      `${asks(ropg)} -w "\\n" -d grant_type=password -d username=${alice.username} -d password=${alice.password} -d 'scope=openid profile api1 offline_access' ${sts}/connect/token`,
    ]),
    '',
    paint('bold', 'Ctrl-C ends all three.'),
  ];
}

/** The configuration of the demonstration knows the sample web application at one address. */
function unregistered(web: string): string[] {
  if (web === registeredWeb) return [];
  const hint = `sts.yaml has the addresses of web_client at ${registeredWeb}: without those at ${web}, signing in is refused.`;
  return [paint('yellow', hint)];
}

function heading(text: string): string {
  return paint('bold', text);
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}   ${second}`);
}

/** No indent: a line is copied from its beginning to its end. */
function snippet(title: string, lines: readonly string[]): string[] {
  return ['', paint('gray', `# ${title}`), ...lines];
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
