/** What `npm run live:ec2` can cost at most, whatever the region. Pure. */

/** The smallest types; others are not taken, for nothing here knows what they cost. */
export const TYPES = ['t3.nano', 't3a.nano', 't4g.nano', 't2.nano', 't3.micro', 't4g.micro', 't2.micro'] as const
export type SmallType = (typeof TYPES)[number]

/** An image with a larger root disk is refused. */
export const MOST_DISK_GIB = 30

/** Each of the two starts counts as a whole hour; all of it is over, or given up and ended, in half an hour. */
const HOURS = 2

/** US dollars an hour, rounded up from the dearest region's list price for any of the types. */
export const HOURLY: readonly { readonly what: string; readonly usd: number }[] = [
  { what: 'the machine', usd: 0.02 },
  { what: 'processor credits of two cores that are busy all the time', usd: 0.1 },
  { what: 'a public address', usd: 0.005 },
  { what: `a root disk of ${MOST_DISK_GIB} GiB`, usd: 0.01 },
]

/** US dollars, whole cents. */
export const MOST_USD = Math.ceil(HOURLY.reduce((sum, { usd }) => sum + usd, 0) * HOURS * 100) / 100

/** What is told of it, a line each. */
export const costLines: readonly string[] = [
  ...HOURLY.map(({ what, usd }) => `  ${usd.toFixed(3)} USD an hour: ${what}`),
  `  counted for ${HOURS} hours: ${MOST_USD.toFixed(2)} USD at most`,
]
