import { types } from 'node:util';
import {
  ConfigurationConflictError,
  EncryptionError,
  SchemaBehindError,
  SchemaRefusedError,
} from '@tessera/typeorm-store';
import { SettingsError } from './configuration/settings.js';
import { WorkerStartError } from './workers/worker-pool.js';

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly path?: string;
  readonly port?: number;
}

/** Why the server did not start, for whoever can mend it; of anything else the stack, for whoever mends the server. */
export function describeStartFault(error: unknown): string {
  if (error instanceof SettingsError || error instanceof WorkerStartError) return error.message;
  if (error instanceof ConfigurationConflictError) return `The server does not start. ${error.message}`;
  if (error instanceof EncryptionError || error instanceof SchemaBehindError || error instanceof SchemaRefusedError) {
    return `The server does not start: ${error.message}`;
  }
  if (isSystemError(error)) return `The server does not start: ${describeSystemError(error)}`;
  return types.isNativeError(error) ? (error.stack ?? error.message) : String(error);
}

function isSystemError(error: unknown): error is SystemError {
  return types.isNativeError(error) && 'syscall' in error && 'code' in error;
}

function describeSystemError({ code, syscall, address, hostname, path, port, message }: SystemError): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} of ${address} is in use by another program. End it, or choose another port with STS_PORT.`;
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `this user may not open port ${port}. Choose one from 1024 on with STS_PORT.`;
  }
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine. Correct STS_HOST.`;
  if (syscall === 'getaddrinfo') return `${hostname} has no address. Correct STS_HOST.`;
  if (path !== undefined)
    return `${message}. Mend it, or choose another folder for keys and certificates with STS_DATA.`;
  return `${message}.`;
}
