import { Logger } from '@nestjs/common';
import type { JwtGuardHooks } from '../options/jwt-guard.options.js';

const logger = new Logger('JwtGuard');

type Hook<Name extends keyof JwtGuardHooks> = NonNullable<JwtGuardHooks[Name]>;

/** Calls what the application hung on the guard. What a hook throws is logged and changes no answer. */
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
  return (...given) => {
    try {
      hook(...given);
    } catch (error) {
      logger.error(`hooks.${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
