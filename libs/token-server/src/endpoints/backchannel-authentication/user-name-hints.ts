import { Injectable } from '@nestjs/common';
import { type Client, UserStore } from '@tessera/resource-model';
import { SubjectIdentifiers } from '../../tokens/subject-identifiers.js';
import { LoginHints } from './login-hints.js';

/**
 * Takes a hint for what the client's tokens call the person, or else for the name with which the person signs in. In this order: a subject is given, while a
 * name may be chosen, and could be somebody else's subject.
 */
@Injectable()
export class UserNameHints extends LoginHints {
  constructor(
    private readonly users: UserStore,
    private readonly subjects: SubjectIdentifiers,
  ) {
    super();
  }

  async named(hint: string, client: Client): Promise<string | undefined> {
    const subject = await this.subjects.subjectOf(hint, client);
    const known = subject === undefined ? undefined : await this.users.findBySubject(subject);
    return (known ?? (await this.users.findByUsername(hint)))?.subject;
  }
}
