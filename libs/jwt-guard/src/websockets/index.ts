export { rememberHandshake } from '../contexts/handshakes.js';
export { HandshakeAuthenticator } from './handshake-authenticator.js';
export type { SocketClient } from './socket-client.js';
