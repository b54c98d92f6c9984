import { DpopReplayStore } from '@tessera/jws';
import type { UsedIdStore } from '@tessera/resource-model';

/** Used DPoP proofs among the other ids that count once: a proof that one node has seen is refused by all (RFC 9449 §11.1). */
export class UsedProofs extends DpopReplayStore {
  constructor(private readonly usedIds: UsedIdStore) {
    super();
  }

  override remember(id: string, expiresAt: number): Promise<boolean> {
    return this.usedIds.use(`dpop ${id}`, expiresAt);
  }
}
