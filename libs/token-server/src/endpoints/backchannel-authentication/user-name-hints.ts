import { Injectable } from '@nestjs/common';
import { type Client, UserStore } from '@tessera/resource-model';
import { SubjectIdentifiers } from '../../tokens/subject-identifiers.js';
import { LoginHints } from './login-hints.js';

/** Takes a hint for the name with which a person signs in, or else for what the client's tokens call the person. */
@Injectable()
export class UserNameHints extends LoginHints {
  constructor(
    private readonly users: UserStore,
    private readonly subjects: SubjectIdentifiers,
  ) {
    super();
  }

  async named(hint: string, client: Client): Promise<string | undefined> {
    const byName = await this.users.findByUsername(hint);
    if (byName) return byName.subject;
    const subject = await this.subjects.subjectOf(hint, client);
    return subject === undefined ? undefined : (await this.users.findBySubject(subject))?.subject;
  }
}
