const runsScript = new Set([
  'javascript:',
  'data:',
  'blob:',
  'file:',
  'vbscript:',
  'about:',
  'view-source:',
  'filesystem:',
]);

/** An http or https URL, as it may stand in a link; anything else comes to nothing. */
export function webUrl(url: unknown): string | undefined {
  const parsed = parse(url);
  return parsed && ['https:', 'http:'].includes(parsed.protocol) ? parsed.href : undefined;
}

/** An https URL, as the policy of the pages lets pictures in. */
export function pictureUrl(url: unknown): string | undefined {
  return parse(url)?.protocol === 'https:' ? webUrl(url) : undefined;
}

/** Where a client is answered, which may be an application on the device: any scheme that runs no script. */
export function returnUrl(url: unknown): string | undefined {
  const parsed = parse(url);
  return parsed && !runsScript.has(parsed.protocol) ? parsed.href : undefined;
}

/** The origin of a web page, as it stands in a content security policy. */
export function originOf(url: string): string | undefined {
  const web = webUrl(url);
  return web === undefined ? undefined : new URL(web).origin;
}

/** The scheme of an address, as it stands in a content security policy; of one that runs script none. */
export function schemeOf(url: string): string | undefined {
  const parsed = parse(url);
  return parsed && !runsScript.has(parsed.protocol) ? parsed.protocol : undefined;
}

function parse(url: unknown): URL | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
}
