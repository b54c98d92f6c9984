import { Injectable } from '@nestjs/common';
import type { TrustedIssuer } from '@tessera/resource-model';

/** Tells which person here another server means. An application whose people have other names there provides its own. */
export abstract class AssertedSubjects {
  /** The subject of the person; undefined: nobody here. `claims`: all that the JWT says, with a good signature. */
  abstract subjectOf(issuer: TrustedIssuer, claims: Readonly<Record<string, unknown>>): Promise<string | undefined>;
}

/** Knows people of other servers where these call them as they are called here. */
@Injectable()
export class SameSubjects extends AssertedSubjects {
  async subjectOf({ sameSubjects }: TrustedIssuer, { sub }: Readonly<Record<string, unknown>>) {
    return sameSubjects && typeof sub === 'string' ? sub : undefined;
  }
}
