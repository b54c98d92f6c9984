import type { HttpRequest, InteractionService } from '@tessera/token-server';

/** The names of the clients that wait for the person's word, each once: what a link to the page of questions says. */
export async function waitingClients(interactions: InteractionService, request: HttpRequest): Promise<string[]> {
  const questions = await interactions.questions(request);
  return [...new Set(questions.map(({ client }) => client.name))];
}
