import { IsIn } from 'class-validator';
import { IsSeconds } from './validation-rules.js';

/** How long people stay signed in, and what their browsers hold. */
export class SessionRules {
  /** Seconds without any request after which a session ends; each request moves the end, never past `lifetime`. */
  @IsSeconds(60)
  idleTimeout = 14_400;

  /** Seconds from the sign-in to the end of a session, however busy it is. */
  @IsSeconds(60)
  lifetime = 43_200;

  /** As `idleTimeout`, where the person ticked "Keep me signed in". */
  @IsSeconds(60)
  rememberedIdleTimeout = 1_209_600;

  /** As `lifetime`, where the person ticked "Keep me signed in". */
  @IsSeconds(60)
  rememberedLifetime = 2_592_000;

  /** Seconds that an authorize request waits for the person. */
  @IsSeconds(60)
  interactionLifetime = 3600;

  /**
   * `lax`: the session is not seen in frames of other sites, so silent renewal there goes by full-page redirects. `none`: it is, where the browser
   * still lets such cookies through.
   */
  @IsIn(['lax', 'none'])
  cookieSameSite: 'lax' | 'none' = 'lax';

  constructor(init: Partial<SessionRules> = {}) {
    Object.assign(this, init);
  }
}
