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

/** What stands for an address in a content security policy: its origin, or its scheme where it has no origin. */
export function sourceOf(url: string): string | undefined {
  const parsed = parse(url);
  if (!parsed || runsScript.has(parsed.protocol)) return undefined;
  return parsed.origin === 'null' ? parsed.protocol : parsed.origin;
}

function parse(url: unknown): URL | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
}
