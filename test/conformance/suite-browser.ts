import { expect } from '@jest/globals';
import { parse } from 'node-html-parser';
import type { PlainBrowser, Shown } from '../plain-browser.js';

type Command = readonly [what: string, how: string, selector: string, value?: string | number, text?: string];

/** What a configuration of the suite has its browser do. */
export interface SuiteBrowser {
  readonly browser: readonly [{ readonly tasks: readonly { readonly match: string; readonly commands: Command[] }[] }];
}

/** Does what the suite's browser is told to do on this page; in the configuration the server is id.example.com. */
export async function obey(browser: PlainBrowser, page: Shown, suite: SuiteBrowser, server: string): Promise<Shown> {
  const place = (match: string) => match.replace(/^https:\/\/id\.example\.com/, server).replace(/\*$/, '');
  const task = suite.browser[0].tasks.find(({ match }) => page.url.href.startsWith(place(match)))!;
  const fields: Record<string, string> = {};
  for (const [what, how, selector, value, text] of task.commands) {
    const element = parse(page.html).querySelector(how === 'name' ? `[name=${selector}]` : selector)!;
    if (what === 'wait') expect(element.text).toMatch(new RegExp(text!));
    if (what === 'text') fields[selector] = value as string;
    if (what === 'click') fields[element.getAttribute('name')!] = element.getAttribute('value')!;
  }
  return Object.keys(fields).length === 0 ? page : browser.submit(page, fields);
}
