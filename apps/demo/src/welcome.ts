import { type Addresses, shownPath } from './addresses.js';
import {
  type DemoClient,
  demoClients,
  demoUsers,
  registeredApi,
  registeredSecond,
  registeredWeb,
} from './demo-data.js';
import { paint } from './terminal/paint.js';

/** What somebody needs who has just started the servers: where they are, who may ask, and lines to paste. */
export function welcome({ sts, api, web, second, caFile }: Addresses): string[] {
  const { simple, reference, ropg, device } = demoClients;
  const { alice } = demoUsers;
  const trust = `--cacert ${quoted(shownPath(caFile))}`;
  const asks = (client: { clientId: string; secret: string }) =>
    `curl -sS ${trust} -u ${client.clientId}:${client.secret}`;
  return [
    '',
    heading(`Open ${web} in a browser, and sign in as ${alice.username} / ${alice.password}.`),
    `The browser does not know its certificate: trust the development CA (import ${shownPath(caFile)}), or click through the warnings.`,
    ...unregistered('web_client', web, registeredWeb),
    ...unregistered('docs_client', api, registeredApi),
    ...(second === undefined ? [] : unregistered('second_client', second, registeredSecond)),
    '',
    heading('Addresses'),
    ...table([
      ['sample web', web],
      ...(second === undefined ? [] : [['a second one', second] as const]),
      ['token server', sts],
      ['discovery', `${sts}/.well-known/openid-configuration`],
      ['sample API', `${api}/orders`],
      ['its page', `${api}/docs`],
    ]),
    '',
    heading('Clients'),
    ...table(Object.values(demoClients).map(clientRow)),
    '',
    heading('People'),
    ...table(Object.values(demoUsers).map(({ username, password, shows }) => [`${username} / ${password}`, shows])),
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
    ...snippet('What it knows of a token; here of an opaque one, about which it asks the token server', [
      `REFERENCE=$(${asks(reference)} -d grant_type=client_credentials -d scope=api1 ${sts}/connect/token | node -pe 'JSON.parse(fs.readFileSync(0)).access_token')`,
      `curl -sSw "\\n" ${trust} -H "Authorization: Bearer $REFERENCE" ${api}/token`,
    ]),
    ...snippet('The API without', [`curl -sSiw "\\n" ${trust} ${api}/orders`]),
    ...snippet('Tokens for a person', [
      `${asks(ropg)} -w "\\n" -d grant_type=password -d username=${alice.username} -d password=${alice.password} -d 'scope=openid profile api1 offline_access' ${sts}/connect/token`,
    ]),
    ...snippet('A TV begins: enter its user_code at verification_uri, in a browser', [
      `DEVICE=$(curl -sS ${trust} -d client_id=${device.clientId} -d 'scope=openid profile api1' ${sts}/connect/deviceauthorization | tee /dev/stderr | node -pe 'JSON.parse(fs.readFileSync(0)).device_code')`,
    ]),
    ...snippet('The TV asks every 5 seconds: authorization_pending, and then its tokens', [
      `curl -sSw "\\n" ${trust} -d client_id=${device.clientId} -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d device_code=$DEVICE ${sts}/connect/token`,
    ]),
    '',
    paint('bold', 'Ctrl-C ends all.'),
  ];
}

function clientRow({ clientId, secret, shows }: DemoClient): readonly [string, string] {
  return [secret === undefined ? clientId : `${clientId} / ${secret}`, shows];
}

/** The configuration of the demonstration knows one address for each client. */
function unregistered(client: string, here: string, registered: string): string[] {
  if (here === registered) return [];
  const hint = `sts.yaml has the addresses of ${client} at ${registered}: without those at ${here}, signing in is refused.`;
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
