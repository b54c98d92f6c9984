/** Something that is made of many rows: the very same object until one of them changes. */
export class LiveValue<T> {
  private loading: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  get(): Promise<T> {
    return this.loading ?? this.begin();
  }

  drop(): void {
    this.loading = undefined;
  }

  private begin(): Promise<T> {
    const loading = this.load();
    this.loading = loading;
    // A failure is not kept: the next who asks tries again.
    loading.catch(() => {
      if (this.loading === loading) this.drop();
    });
    return loading;
  }
}
