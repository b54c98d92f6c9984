/**
 * What was looked up by its key, until it changes. What is not there is not kept: unknown keys, of which anybody can send as many as they like, cost
 * one look-up each and put nothing else out.
 */
export class LiveCache<T> {
  private readonly known = new Map<string, T>();
  private readonly loading = new Map<string, Promise<T | undefined>>();

  constructor(
    private readonly capacity: number,
    private readonly load: (key: string) => Promise<T | undefined>,
  ) {}

  async get(key: string): Promise<T | undefined> {
    const known = this.known.get(key);
    if (known === undefined) return this.loading.get(key) ?? this.begin(key);
    // To the end: what was not asked for longest stands first, and goes first.
    this.known.delete(key);
    this.known.set(key, known);
    return known;
  }

  drop(key: string): void {
    this.known.delete(key);
    this.loading.delete(key);
  }

  dropAll(): void {
    this.known.clear();
    this.loading.clear();
  }

  private begin(key: string): Promise<T | undefined> {
    const loading = this.load(key).then(
      (value) => {
        this.end(key, loading, value);
        return value;
      },
      (error: unknown) => {
        this.end(key, loading);
        throw error;
      },
    );
    this.loading.set(key, loading);
    return loading;
  }

  private end(key: string, loading: Promise<unknown>, value?: T): void {
    // Dropped while it was read: it may have been read before the change.
    if (this.loading.get(key) !== loading) return;
    this.loading.delete(key);
    if (value === undefined) return;
    this.known.set(key, value);
    if (this.known.size > this.capacity) this.known.delete(this.known.keys().next().value!);
  }
}
