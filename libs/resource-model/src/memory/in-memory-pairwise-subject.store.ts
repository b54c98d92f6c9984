import { PairwiseSubjectStore } from '../stores/pairwise-subject.store.js';

export class InMemoryPairwiseSubjectStore extends PairwiseSubjectStore {
  private readonly subjects = new Map<string, string>();

  async add(identifier: string, subject: string): Promise<void> {
    this.subjects.set(identifier, subject);
  }

  async find(identifier: string): Promise<string | undefined> {
    return this.subjects.get(identifier);
  }
}
