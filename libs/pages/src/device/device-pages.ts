import type { DeviceView, SignedIn } from '@tessera/token-server';
import { withChoice } from '../consent/consent-choice.js';
import type { Refusal } from '../form/refusal.js';
import type { Page } from '../rendering/page.js';

/** Where the code is entered; one that came with the address is shown as well, for the person to compare (RFC 8628 §3.3.1). */
export function codePage(account: SignedIn, csrf: string, userCode: string | undefined, refusal?: Refusal): Page {
  return {
    template: 'device',
    title: { key: 'device.title' },
    ...refusal,
    data: {
      csrf,
      account,
      userCode,
      prefilled: userCode !== undefined && refusal === undefined,
      fieldsFaulty: refusal?.fieldsFaulty,
    },
  };
}

/** What the device asks for, and whether it is the person's own (RFC 8628 §5.4). */
export function confirmPage(
  { client, consent, userCode }: DeviceView,
  account: SignedIn,
  csrf: string,
  refusal?: Refusal,
  chosen?: readonly string[],
): Page {
  return {
    template: 'device-confirm',
    title: { key: 'device.confirmTitle', values: { client: client.name } },
    ...refusal,
    data: { csrf, account, client, userCode, consent: withChoice(consent, chosen) },
  };
}

export function donePage(allowed: boolean): Page {
  return {
    template: 'device-done',
    title: { key: allowed ? 'device.allowedTitle' : 'device.deniedTitle' },
    data: { allowed },
  };
}
