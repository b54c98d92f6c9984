import { describe, expect, it } from '@jest/globals';
import { LoopbackListener } from './loopback-listener.js';

const open = () => LoopbackListener.open({ port: 0, path: '/callback', state: 'ours' });

describe('The listener for a browser that comes back', () => {
  it('takes the answer with its state, and nothing that another page of the browser sends', async () => {
    const listener = await open();
    const answer = listener.answer(5);
    const { origin } = new URL(listener.redirectUri);
    const stray = ['/callback?code=forged&state=other', '/callback?code=forged', '/favicon.ico?state=ours', '//'];
    for (const path of stray) expect((await fetch(origin + path)).status).toBe(404);
    expect((await fetch(`${listener.redirectUri}?code=1&state=ours`)).status).toBe(200);
    expect((await answer)?.search).toBe('?code=1&state=ours');
    listener.close();
  });

  it('waits no longer than it is told', async () => {
    const listener = await open();
    expect(await listener.answer(0.05)).toBeUndefined();
    listener.close();
  });

  it('says what to do where its port is taken', async () => {
    const listener = await open();
    const port = Number(new URL(listener.redirectUri).port);
    await expect(LoopbackListener.open({ port, path: '/', state: '' })).rejects.toThrow(
      /Choose another with --redirect-port/,
    );
    listener.close();
  });
});
