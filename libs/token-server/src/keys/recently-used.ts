/** Things by name, made when they are first asked for. Of more than `most` the one that was not asked for longest is forgotten. */
export class RecentlyUsed<T> {
  private readonly things = new Map<string, T>();

  constructor(
    private readonly most: number,
    private readonly make: (name: string) => T,
  ) {}

  get(name: string): T {
    const thing = this.things.get(name) ?? this.make(name);
    // A Map keeps the order in which things were put in.
    this.things.delete(name);
    this.things.set(name, thing);
    if (this.things.size > this.most) this.things.delete(this.things.keys().next().value!);
    return thing;
  }
}
