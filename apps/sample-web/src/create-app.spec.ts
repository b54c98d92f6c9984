import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { runWeb } from './running-web.spec.fixture.js';

describe('The application', () => {
  it('ends soon although a browser holds a connection on which it has asked nothing yet', async () => {
    const web = await runWeb();
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const begin = Date.now();
    await web.close();
    expect(Date.now() - begin).toBeLessThan(5000);
    socket.destroy();
  });
});
