// For the HEALTHCHECK of a container: ends with 0 where the server in it is ready. It loads nothing of the server, as it runs every few seconds.
import { get as overHttp } from 'node:http';
import { get as overHttps } from 'node:https';
import { env, exit, stdout } from 'node:process';

const { STS_HOST: host = '', STS_PORT: port = '5001', STS_TLS: tls, STS_TLS_CERT: certificate } = env;
// Where it listens on all addresses, it does on that of the loopback.
const hostname = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? (host || 'localhost');
const get = tls === 'off' && !certificate ? overHttp : overHttps;
// The certificate is for the public name, and this is the loopback of the same container.
const options = { hostname, port, path: '/health/ready', timeout: 4000, rejectUnauthorized: false };

const request = get(options, ({ statusCode }) =>
  end(statusCode === 200 ? 0 : 1, `/health/ready answers ${statusCode}`),
);
request.on('timeout', () => end(1, '/health/ready does not answer'));
request.on('error', (error) => end(1, `/health/ready cannot be reached: ${error.message}`));

function end(exitCode, finding) {
  stdout.write(`${finding}\n`, () => exit(exitCode));
}
