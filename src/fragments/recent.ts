/** What was made last for each of those who asked lately; who has not asked for long is forgotten. */
export class Recent<K, V> {
  private readonly kept = new Map<K, V>()

  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    return this.kept.get(key)
  }

  set(key: K, value: V): void {
    this.kept.delete(key)
    this.kept.set(key, value)
    const oldest = this.kept.keys().next()
    if (this.kept.size > this.most && !oldest.done) this.kept.delete(oldest.value)
  }
}
