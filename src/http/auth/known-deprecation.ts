/**
 * passport-http 0.3.0 calls `new Buffer` (lib/passport-http/strategies/basic.js). At each of the first 10,000 such calls Node goes
 * through the whole stack to see whether a module makes it, which is not warned of (lib/buffer.js, showFlaggedDeprecation: a sixth
 * of what a small request costs). Once the warning was given it looks no more; it is given here, silently.
 */
export function knowBufferDeprecation(): void {
  const { noDeprecation = false } = process
  process.noDeprecation = true
  Reflect.construct(Buffer, [0])
  process.noDeprecation = noDeprecation
}
