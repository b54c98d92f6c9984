// As much of a browser as a sign-in needs: cookies with their paths, and redirects.
import { codeOf, pushedPath, startFlow, tokenForm } from './code-flow.js';
import { bodyOf } from './http.js';

/** More redirects than any sign-in takes. */
const mostRedirects = 12;

/**
 * A person signs in at the server for a client, and agrees. Secure cookies are kept although all is plain http.
 * @returns the Cookie header of the authorize requests that follow
 */
export async function signIn({ base }, codeFlow) {
  const browser = new Browser();
  const flow = await beginFlow(base, codeFlow);
  let url = new URL(flow.path, base);
  for (let redirects = 0; redirects < mostRedirects; redirects++) {
    const response = await browser.get(url);
    const location = response.headers.get('location');
    if (codeOf(response.status, location, flow)) return browser.cookieFor(codeFlow.authorize);
    if (location === null) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
    if (url.origin !== base) throw new Error(`The sign-in ended at ${url}.`);
  }
  throw new Error(`The sign-in did not end within ${mostRedirects} redirects.`);
}

/** One whole flow of a person who is signed in. Gives the answer of the token endpoint, and the nonce that was sent. */
export async function walkCodeFlow(base, codeFlow, cookie) {
  const flow = await beginFlow(base, codeFlow);
  const answer = await fetch(base + flow.path, { headers: { cookie }, redirect: 'manual' });
  const code = codeOf(answer.status, answer.headers.get('location'), flow);
  if (!code) throw new Error(`no code: ${answer.status}, ${answer.headers.get('location') ?? (await answer.text())}`);
  const body = tokenForm(code, flow);
  const response = await fetch(base + codeFlow.token, { method: 'POST', headers: codeFlow.clientHeaders, body });
  return { ...(await bodyOf(response)), nonce: flow.nonce };
}

/** A new flow; where requests are pushed, `path` is where that leads. */
async function beginFlow(base, codeFlow) {
  const flow = startFlow(codeFlow);
  if (!codeFlow.pushed) return flow;
  const request = { method: 'POST', headers: codeFlow.clientHeaders, body: flow.parameters };
  const response = await fetch(base + codeFlow.pushed, request);
  const text = await response.text();
  const path = pushedPath(response.status, text, codeFlow);
  if (!path) throw new Error(`not pushed: ${response.status}, ${text}`);
  return { ...flow, path };
}

class Browser {
  /** By name and path: a server may have several of one name. */
  cookies = new Map();

  async get(url) {
    const cookie = this.cookieFor(url.pathname);
    const response = await fetch(url, { headers: cookie ? { cookie } : {}, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  cookieFor(pathname) {
    return [...this.cookies.values()]
      .filter(({ path }) => path === '/' || pathname === path || pathname.startsWith(`${path}/`))
      .map(({ pair }) => pair)
      .join('; ');
  }

  keep(line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const attribute = (name) => attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.split('=')[1];
    const [path, expires] = [attribute('path') ?? '/', attribute('expires')];
    const key = `${pair.split('=')[0]} ${path}`;
    if (expires !== undefined && Date.parse(expires) <= Date.now()) this.cookies.delete(key);
    else this.cookies.set(key, { pair, path });
  }
}
