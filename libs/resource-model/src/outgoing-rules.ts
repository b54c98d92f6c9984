import { IsArray, IsBoolean, IsString } from 'class-validator';
import { IsSeconds } from './validation-rules.js';

/** What requests of the server itself may do: logout tokens to clients, and whatever else it fetches. */
export class OutgoingRules {
  /** Whether addresses of private networks and of this machine may be called: for development, or clients in the same network. */
  @IsBoolean()
  allowPrivateAddresses = false;

  /** Whether plain http may be called. */
  @IsBoolean()
  allowHttp = false;

  /** Certificates of authorities that are trusted beside the public ones, in PEM form; in a configuration file also `{ file: /path/ca.pem }`. They count for these requests alone. */
  @IsArray()
  @IsString({ each: true })
  certificateAuthorities: string[] = [];

  /** Seconds that one request may take in all. */
  @IsSeconds(1)
  timeout = 5;

  constructor(init: Partial<OutgoingRules> = {}) {
    Object.assign(this, init);
  }
}
