import { HttpException } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import type { HttpRequest } from '../http/message.js';
import { StoreUnavailableError } from '@tessera/resource-model';
import { CsrfError } from './browsers.js';
import type { Problem } from './views.js';

/** What a person's page may say about an error. What is neither an OAuthError, nor a form of another browser, nor the platform's refusal is a bug: 500, and nothing leaks. */
export function problemOf(error: unknown, { id }: HttpRequest): Problem {
  return { ...wordsFor(error), correlationId: typeof id === 'string' ? id : undefined };
}

function wordsFor(error: unknown): Problem {
  if (error instanceof OAuthError) return { status: statusOf(error), code: error.code, description: error.message };
  if (error instanceof CsrfError) return { status: 403, code: 'invalid_request', description: error.message };
  if (error instanceof HttpException && error.getStatus() < 500) {
    return { status: error.getStatus(), code: 'invalid_request', description: 'The request was refused.' };
  }
  if (error instanceof StoreUnavailableError) {
    return { status: 503, code: 'temporarily_unavailable', description: 'The server cannot answer at this moment.' };
  }
  return { status: 500, code: 'server_error', description: 'The server failed; its log says why.' };
}

function statusOf(error: OAuthError): number {
  if (error instanceof TooManyAttemptsError) return 429;
  if (error.code === 'temporarily_unavailable') return 503;
  return error.code === 'server_error' ? 500 : 400;
}
