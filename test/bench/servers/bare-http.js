// The floor for signed tokens: node:http, a form, a secret, a signature. Nothing that a token server needs beyond that.
import { createHash, createPrivateKey, randomUUID, sign, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { accessTokenLifetime, audienceOf, readFixture, scopes } from '../fixture.js';
import { endWithParent } from './end.js';

endWithParent();
const { keys, clientSecret, port, base } = readFixture();
const secretHash = createHash('sha256').update(clientSecret).digest();
const signInThreadPool = promisify(sign);

const signers = new Map(
  keys.map(({ algorithm, kid, privateJwk }) => [
    scopes[algorithm],
    {
      algorithm,
      header: encode({ alg: algorithm, typ: 'at+jwt', kid }),
      key: createPrivateKey({ key: privateJwk, format: 'jwk' }),
    },
  ]),
);

createServer((request, response) => {
  if (request.method === 'GET') return void response.end();
  let form = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (form += chunk));
  request.on('end', async () => {
    const clientId = authenticate(request.headers.authorization);
    const scope = new URLSearchParams(form).get('scope');
    const body = JSON.stringify({
      access_token: await createToken(clientId, scope),
      token_type: 'Bearer',
      expires_in: accessTokenLifetime,
      scope,
    });
    response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  });
}).listen(port, '127.0.0.1');

function authenticate(header) {
  const [clientId, secret] = Buffer.from(header.slice('Basic '.length), 'base64').toString().split(':');
  if (!timingSafeEqual(createHash('sha256').update(secret).digest(), secretHash)) throw new Error('Wrong secret.');
  return clientId;
}

async function createToken(clientId, scope) {
  const { algorithm, header, key } = signers.get(scope);
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: base,
    sub: clientId,
    aud: audienceOf(scope),
    client_id: clientId,
    scope,
    iat: now,
    exp: now + accessTokenLifetime,
    jti: randomUUID(),
  };
  const data = `${header}.${encode(claims)}`;
  return `${data}.${(await signature(algorithm, key, Buffer.from(data))).toString('base64url')}`;
}

/** RSA in a thread, as a server must that wants to answer others meanwhile; curves at once. */
function signature(algorithm, key, data) {
  if (algorithm === 'RS256') return signInThreadPool('sha256', data, key);
  return algorithm === 'ES256' ? sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }) : sign(null, data, key);
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
