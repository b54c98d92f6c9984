import { PlainBrowser } from '../../plain-browser.js';
import { basic } from '../../requests.js';
import { authorizeUrl } from '../person.js';
import type { Service } from '../service.js';
import type { Hour } from './hour.js';

/** People who open the sign-in page and go away, and devices that nobody lets in. */
export class Unfinished {
  constructor(
    private readonly service: Service,
    private readonly hour: Hour,
  ) {}

  async proceed(): Promise<void> {
    const page = await new PlainBrowser(this.service).open(authorizeUrl());
    this.hour.add('interactions');
    if (!page.html.includes('name="password"')) this.hour.journal.violation('No page to sign in', page.text);
    const device = await this.service.form('connect/deviceauthorization', { scope: 'api1' }, basic('television'));
    this.hour.add('device_authorizations');
    if (device.status !== 200) return this.hour.journal.violation('A device was refused', device);
    const poll = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.body.device_code as string,
    };
    const { status, body } = await this.service.form('connect/token', poll, basic('television'));
    const isWaiting = status === 400 && ['authorization_pending', 'expired_token'].includes(body.error as string);
    if (!isWaiting) this.hour.journal.violation('A device was answered wrongly', { status, body });
    this.hour.journal.count('Sign-ins and devices begun, and left');
  }
}
