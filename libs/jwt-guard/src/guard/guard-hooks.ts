import { Logger } from '@nestjs/common';
import type { JwtGuardHooks } from '../options/jwt-guard.options.js';

const logger = new Logger('JwtGuard');

type Hook<Name extends keyof JwtGuardHooks> = NonNullable<JwtGuardHooks[Name]>;

/** Calls what the application hung on the guard. What a hook throws, or rejects with, is logged and changes no answer. */
export class GuardHooks {
  readonly accepted: Hook<'accepted'>;
  readonly refused: Hook<'refused'>;
  readonly keysFetched: Hook<'keysFetched'>;
  readonly keysFailed: Hook<'keysFailed'>;
  readonly introspectionFailed: Hook<'introspectionFailed'>;

  constructor(hooks: JwtGuardHooks) {
    this.accepted = harmless('accepted', hooks.accepted);
    this.refused = harmless('refused', hooks.refused);
    this.keysFetched = harmless('keysFetched', hooks.keysFetched);
    this.keysFailed = warned(
      (issuer) => `The keys of ${issuer} cannot be fetched`,
      harmless('keysFailed', hooks.keysFailed),
    );
    this.introspectionFailed = warned(
      (issuer) => `${issuer} cannot be asked about reference tokens`,
      harmless('introspectionFailed', hooks.introspectionFailed),
    );
  }
}

function warned(what: (issuer: string) => string, hook: Hook<'keysFailed'>): Hook<'keysFailed'> {
  return (issuer, error) => {
    logger.warn(`${what(issuer)}: ${error.message}`);
    hook(issuer, error);
  };
}

function harmless<Arguments extends unknown[]>(
  name: string,
  hook: ((...given: Arguments) => void) | undefined,
): (...given: Arguments) => void {
  if (!hook) return () => undefined;
  const failed = (error: unknown): void =>
    logger.error(`hooks.${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  return (...given) => {
    try {
      // An async function is taken for one that returns nothing. Nobody waits for it; its rejection would end the process.
      const outcome: unknown = hook(...given);
      if (outcome instanceof Promise) outcome.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
