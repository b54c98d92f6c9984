import { setTimeout as delay } from 'node:timers/promises';
import type { Journal } from './journal.js';
import { UnknownOutcome } from './service.js';

/** What one client or person does again and again, and what it knows of the outcome. */
export interface Conversation {
  /** Before the load: signs in, where that takes long. */
  begin(): Promise<void>;
  /** One step. @throws UnknownOutcome */
  proceed(): Promise<void>;
  /** Finds out what became of the step that was cut off, and sees that all that was answered holds. @throws UnknownOutcome */
  settle(): Promise<void>;
}

/** Carries them all on until the signal, each at its own pace; one that is cut off waits for `settleAll`. */
export async function carryOn(conversations: readonly Conversation[], end: AbortSignal): Promise<void> {
  await Promise.all(conversations.map((conversation) => untilCutOff(conversation, end)));
}

/** Carries them on until the signal whatever happens: one that is cut off finds out what became of its step, and goes on. */
export async function carryOnThrough(conversations: readonly Conversation[], end: AbortSignal): Promise<void> {
  await Promise.all(
    conversations.map(async (conversation) => {
      while (!end.aborted) {
        await untilCutOff(conversation, end);
        if (!end.aborted) await patiently(() => conversation.settle());
      }
    }),
  );
}

/** Where the server answers again. */
export async function settleAll(conversations: readonly Conversation[], journal: Journal): Promise<void> {
  await Promise.all(
    conversations.map((conversation) =>
      conversation.settle().catch((error: unknown) => {
        journal.violation('It could not be settled', { error: String(error), cause: String((error as Error).cause) });
      }),
    ),
  );
}

async function untilCutOff(conversation: Conversation, end: AbortSignal): Promise<void> {
  try {
    while (!end.aborted) await conversation.proceed();
  } catch (error) {
    if (!(error instanceof UnknownOutcome)) throw error;
  }
}

async function patiently(action: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof UnknownOutcome)) throw error;
      await delay(50);
    }
  }
}
