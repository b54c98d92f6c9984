// The pages of Tessera: the person signs in, and agrees to what is asked for, without being shown anything.
import { Controller, Get, Inject, Module, Req, Res } from '@nestjs/common';
import { InteractionPages, InteractionService } from '@tessera/token-server';
import { person } from '../fixture.js';

const pages = {
  paths: { signIn: 'signin', consent: 'consent' },
  async showProblem({ status, ...problem }, _request, reply) {
    reply.status(status).send(problem);
  },
};

class PersonController {
  constructor(interactions) {
    this.interactions = interactions;
  }

  async signIn(request, reply) {
    const { subject } = person;
    const next = await this.interactions.signIn(request, reply, { subject, methods: ['pwd'] }, { remember: false });
    reply.header('Location', next).status(303).send();
  }

  async consent(request, reply) {
    const pending = await this.interactions.pending(request);
    // Of several sign-ins at once the first may have agreed for all of them: it is the same person.
    const next = pending.step === 'consent' ? await this.allow(request, pending) : pending.resumeUrl;
    reply.header('Location', next).status(303).send();
  }

  allow(request, pending) {
    const { identity, api, offlineAccess } = pending.consent;
    const scopes = [...identity, ...api, ...(offlineAccess ? [offlineAccess] : [])].map(({ name }) => name);
    return this.interactions.allow(request, pending, { scopes, remember: true });
  }
}

export class PersonModule {}

// Decorators are functions; plain JavaScript has no other way to write them.
Inject(InteractionService)(PersonController, undefined, 0);
for (const [method, path] of [
  ['signIn', pages.paths.signIn],
  ['consent', pages.paths.consent],
]) {
  const { prototype } = PersonController;
  Get(path)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
  Req()(prototype, method, 0);
  Res()(prototype, method, 1);
}
Controller()(PersonController);
Module({
  controllers: [PersonController],
  providers: [{ provide: InteractionPages, useValue: pages }],
  exports: [InteractionPages],
})(PersonModule);
